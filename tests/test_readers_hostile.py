"""Files made to do harm are refused in one line, or made harmless."""

from __future__ import annotations

import gzip
import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crosslingual import zips
from crosslingual.readers import File, Problem, Record, SkippedFile, archive, read_files
from crosslingual.readers import docx as word
from crosslingual.readers import html as pages
from crosslingual.readers import pdf as portable
from crosslingual.readers import tables as sheets
from crosslingual.readers.formats import read_items
from crosslingual.readers.record import MAX_TEXT_CHARS
from tests.helpers.file_samples import (
    STORIES,
    docx,
    epub,
    feed,
    page,
    pdf,
    table,
    typeset,
    warc,
    xlsx,
)

EN = STORIES[3]
LEVELS = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{LEVELS}]>'
FETCH = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def lying_archive(method: int, n_bytes: int) -> bytes:
    """A ZIP file of a few bytes whose one text says that it is small and unpacks to ``n_bytes``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made, made.open("pier.txt", "w") as text:
        for _ in range(n_bytes // 2**20):
            text.write(b" " * 2**20)
    raw = bytearray(out.getvalue())
    struct.pack_into("<I", raw, raw.rindex(b"PK\x01\x02") + 24, 900)
    return bytes(raw)


def told(name: str, content: bytes | str) -> list[str]:
    """The problems of a file, each in one line that is safe to print."""
    file = File(Path(name), content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    lines = [str(item) for item in read_files([file]) if isinstance(item, Problem)]
    assert all(line.isprintable() and len(line) < 600 for line in lines)
    return lines


def texts(name: str, content: bytes | str) -> list[str]:
    file = File(Path(name), content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return [item.text for item in read_files([file]) if isinstance(item, Record)]


def test_zip_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(("a.txt", b"a" * 50_000_000), ("b.txt", EN.text))
    assert told("x.zip", bomb) == [
        "x.zip/a.txt: expands more than 200 times (a ZIP bomb?); pack the texts anew"
    ]
    assert texts("x.zip", bomb) == [EN.text]
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000)
    assert told("x.zip", bomb) == ["x.zip: unpacks to more than 0 MB; split it into smaller files"]
    monkeypatch.setattr(zips, "MAX_ENTRIES", 1)
    assert told("x.zip", bomb) == ["x.zip: more than 1 entries; split it into smaller files"]


@pytest.mark.parametrize("behind_signature", [b"\0\0\0\0", b"PK\x05\x06"])
def test_a_list_of_entries_without_end_is_not_even_read(
    behind_signature: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four bytes behind the signature are free: a second signature there hides nothing."""
    many = bytearray(zipped(*((f"{'n' * 60}{n}.txt", EN.text) for n in range(60))))
    record = many.rindex(b"PK\x05\x06")
    many[record + 4 : record + 8] = behind_signature
    assert len(texts("x.zip", bytes(many))) == 60
    monkeypatch.setattr(zips, "MAX_ENTRIES", 10)

    def refuse(*_: object) -> None:
        raise AssertionError("the list was read")

    monkeypatch.setattr(zipfile, "ZipInfo", refuse)
    assert told("x.zip", bytes(many)) == ["x.zip: more than 10 entries; split it into smaller files"]


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    honest = zipped(("a.txt", b"a" * 900_000))
    place = honest.index(b"PK\x01\x02") + 24
    assert struct.unpack_from("<I", honest, place) == (900_000,)
    lie = honest[:place] + struct.pack("<I", 10) + honest[place + 4 :]
    assert texts("x.zip", lie) == []
    (line,) = told("x.zip", lie)
    assert "a damaged ZIP file" in line


def test_archives_inside_one_another_are_unpacked_to_a_depth_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    two = zipped(("b.zip", zipped(("a.txt", EN.text))))
    three = zipped(("c.zip", two))
    assert texts("x.zip", two) == [EN.text]
    assert texts("x.zip", three) == []
    assert "x.zip/c.zip/b.zip: archives inside one another 3 deep; unpack this one and add it" in told(
        "x.zip", three
    )
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 2_000)
    many = zipped(*((f"{n}.zip", zipped(("a.txt", EN.text * 3))) for n in range(9)))
    assert any("unpack" in line for line in told("x.zip", many))


def test_names_and_links_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    made = zipped(
        ("../../up.txt", EN.text),
        ("/etc/root.txt", EN.text + "1"),
        ("c:\\windows\\x.txt", EN.text + "2"),
        (link, "/etc/passwd"),
        ("__MACOSX/._a.txt", "x"),
        (".hidden/a.txt", "x"),
        ("photo.jpg", "x"),
        ("folder/", b""),
    )
    (tmp_path / "x.zip").write_bytes(made)
    found = list(read_files([tmp_path / "x.zip"]))
    assert [str(item.path.relative_to(tmp_path)) for item in found if isinstance(item, Record)] == [
        "x.zip/up.txt",
        "x.zip/etc/root.txt",
        "x.zip/c:/windows/x.txt",
    ]
    assert [item.message for item in found if isinstance(item, Problem)] == [
        "a link, which is not followed; pack its target"
    ]
    assert [item.path.name for item in found if isinstance(item, SkippedFile)] == ["photo.jpg"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_names_in_an_archive_are_read_in_their_encoding() -> None:
    made = zipped(("AAAAAAAAAAAA.txt", EN.text)).replace(b"AAAAAAAAAAAA", "两国元首会谈".encode("gbk"))
    (found,) = [item for item in read_files([File(Path("x.zip"), made)]) if isinstance(item, Record)]
    assert found.path.name == "两国元首会谈.txt"


def test_encrypted_entries_are_told_and_the_rest_goes_in() -> None:
    made = zipped(("a.txt", EN.text))
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.index(head) + offset
        made = made[:place] + b"\x01" + made[place + 1 :]
    assert told("x.zip", made) == ["x.zip/a.txt: needs a password; save it without one"]


def test_an_archive_of_nothing_usable_is_told() -> None:
    assert "holds no file of a known format" in told("x.zip", zipped(("a.jpg", b"x")))[0]
    assert "a damaged ZIP file" in told("x.zip", b"PK\x03\x04 nothing")[0]


def test_documents_that_unpack_too_far_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_UNPACKED_BYTES", 10_000)
    monkeypatch.setattr(sheets, "MAX_UNPACKED_BYTES", 100)
    for file in (File(Path("a.docx"), docx(EN)), File(Path("a.xlsx"), xlsx([["text"], [EN.text]]))):
        (problem,) = read_items(file)
        assert "unpacks to more than" in str(problem)


@pytest.mark.parametrize("prolog", [BOMB, FETCH])
def test_entities_are_neither_expanded_nor_fetched(prolog: str) -> None:
    use = "&i;"
    assert "defines entities" in told("a.rss", prolog + feed([EN]).replace("Echo", use))[0]
    for name in ("a.html", "a.xhtml"):
        markup = page(EN).replace("<!DOCTYPE html>", prolog).replace("</h1>", f"</h1><p>{use}</p>", 1)
        text = " ".join(texts(name, markup))
        assert "aaaaaaaaaa" not in text
        assert "root:" not in text
    chapters = epub([EN], lambda story: (prolog + page(story).replace("</h1>", f"{use}</h1>")).encode())
    assert "root:" not in "".join(texts("a.epub", chapters))
    book = io.BytesIO(epub([EN]))
    with zipfile.ZipFile(book) as old:
        container = old.read("META-INF/container.xml").decode()
        rest = [(name, old.read(name)) for name in old.namelist() if name != "META-INF/container.xml"]
    assert (
        "no EPUB that can be read"
        in told("a.epub", zipped(("META-INF/container.xml", prolog + container), *rest))[0]
    )
    document = io.BytesIO(docx(EN))
    with zipfile.ZipFile(document) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    hostile = [
        (
            name,
            part.replace(
                b"?>", b"?>" + prolog.replace("<!DOCTYPE x", "<!DOCTYPE document").encode(), 1
            ).replace(b"<w:t>", b"<w:t>&i;", 1),
        )
        if name == "word/document.xml"
        else (name, part)
        for name, part in parts
    ]
    text = " ".join(texts("a.docx", zipped(*hostile)))
    assert "aaaaaaaaaa" not in text
    assert "root:" not in text


def test_scripts_styles_and_handlers_leave_nothing_in_a_text() -> None:
    markup = page(
        EN,
        extra='<p onclick="alert(1)">Last<script>alert(2)</script> line'
        "<img src=x onerror=alert(3)> of it.</p>"
        "<style>p{}</style><svg onload=alert(4)></svg>"
        "<iframe src='javascript:alert(5)'></iframe>"
        "<noscript>alert(6)</noscript><template>alert(7)</template>",
    )
    (text,) = texts("a.html", markup)
    assert "alert" not in text
    assert "Last" in text
    (text,) = texts(
        "a.rss", feed([EN]).replace("&lt;p&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;")
    )
    assert text == EN.text


SIGNS = "\x00\x1b[31m\u202e\u2066\ud800"


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.json", "a.rss"])
def test_what_cannot_be_seen_is_taken_out(name: str) -> None:
    from dataclasses import replace

    hostile = replace(
        EN, text=EN.text.replace("capital", f"cap{SIGNS[:-1]}ital"), title=f"A{SIGNS[4:7]} title"
    )
    made = {
        "a.txt": hostile.text,
        "a.html": page(hostile),
        "a.csv": table([hostile]),
        "a.rss": feed([hostile]),
    }
    if name == "a.json":
        made["a.json"] = json.dumps([{"title": hostile.title, "text": hostile.text + "\ud800"}])
    (text,) = texts(name, made[name])
    assert "\x00" not in text + "\x1b"[:0]
    assert not set(text) & set(SIGNS.replace("[31m", ""))
    assert text.encode()


def test_endless_lines_and_texts_are_bounded() -> None:
    assert "more than 1,000,000 characters" in told("a.txt", "a" * (MAX_TEXT_CHARS + 1))[0]
    assert told("a.html", f"<article><p>{'word ' * 300_000}</p></article>")
    assert "line of more than 8 MB" in told("a.jsonl", "a" * 9_000_000)[0]
    assert told("a.csv", "text\n" + "word " * 1_000_000)


def test_no_reader_takes_the_square_of_a_files_size() -> None:
    """With one that does, this would not end."""
    for name, content in (
        ("a.html", " " * 3_000_000),
        ("a.html", "<!DOCTYPE html>" + "\n" * 3_000_000 + page(EN)),
        ("a.rss", " " * 3_000_000 + feed([EN])),
        ("a.txt", "\n" * 3_000_000),
        ("a.md", "# " * 400_000),
        ("a.jsonl", json.dumps({"body": "<p " * 300_000})),
        ("a.jsonl", json.dumps({f"k{n}": "x" for n in range(200_000)})),
        ("a.json", json.dumps([{f"k{n}": "x" for n in range(100_000)}])),
        ("a.txt", "<script" * 100_000 + "é</"),
        ("a.txt", b"\xe9\xfc" * 400_000),
    ):
        assert list(read_items(File(Path(name), content.encode() if isinstance(content, str) else content)))


def test_trees_without_end_are_bounded() -> None:
    for markup in (
        "<div>" * 200_000,
        "<p>" + "<b><i>" * 50_000 + EN.text,
        "<table><tr><td>" * 30_000 + EN.text,
    ):
        assert len(list(read_files([File(Path("a.html"), markup.encode())]))) == 1
    assert texts("a.rss", feed([EN]).replace("&lt;p&gt;", "&lt;b&gt;" * 20_000 + "&lt;p&gt;")) is not None


def test_pages_and_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "MAX_PAGES", 2)
    monkeypatch.setattr(pages, "MAX_PAGE_BYTES", 100)
    for file, message in (
        (File(Path("a.pdf"), pdf([typeset(EN.lines)] * 3)), "more than 2 pages"),
        (File(Path("a.html"), page(EN).encode()), "larger than 0 MB"),
    ):
        (problem,) = read_items(file)
        assert message in str(problem)


def test_a_packed_web_archive_that_swells_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    from crosslingual.readers import warc as web

    monkeypatch.setattr(web, "MAX_PAGE_BYTES", 5_000)
    made = warc([EN, *STORIES], packed=True)
    assert len(list(read_items(File(Path("a.warc.gz"), made)))) == 7
    whole = gzip.compress(warc([EN, EN]))
    assert "a damaged web archive" in str(list(read_items(File(Path("a.warc.gz"), whole[:-40])))[-1])
    monkeypatch.setattr(web, "MAX_PAGE_BYTES", 500)
    assert all("a page larger than" in str(item) for item in read_items(File(Path("a.warc.gz"), made)))
    monkeypatch.setattr(web, "MAX_UNPACKED_BYTES", 1_000)
    assert "unpacks to more than" in str(list(read_items(File(Path("a.warc.gz"), made)))[-1])


def test_what_stands_before_the_units_of_a_memory_is_bounded() -> None:
    """It is read again after each bad unit, by the app itself."""
    unit = (
        '<tu><tuv xml:lang="en"><seg>The pier.</seg></tuv><tuv xml:lang="de"><seg>Der Steg.</seg></tuv></tu>'
    )
    head = '<tmx version="1.4"><!--{}--><header srclang="en"/><body>'
    end = "</body></tmx>"
    (refused,) = told("a.tmx", head.format("tide " * 20_000) + "<tu></b>" * 900 + end)
    assert "64 KB before the first translation unit" in refused
    problems = told("a.tmx", head.format("tide " * 2_000) + "<tu></b>" * 9 + unit + end)
    assert len(problems) == 9


UNPACKED = """
import resource, sys
from pathlib import Path
from crosslingual.readers import File, read_files
list(read_files([File(Path("small.zip"), b"")]))  # what is imported is not counted
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
items = [str(item) for item in read_files([Path(sys.argv[1])])]
print(items, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_lies_of_its_size_takes_no_memory(method: int, tmp_path: Path) -> None:
    """Archives are opened by the app itself, which must not unpack more than it asks for."""
    (path := tmp_path / "pier.zip").write_bytes(lying_archive(method, 120 * 2**20))
    ran = subprocess.run(
        [sys.executable, "-c", UNPACKED, str(path)], capture_output=True, text=True, check=True
    )
    items, _, megabytes = ran.stdout.strip().rpartition(" ")
    assert "pack it anew" in items
    assert int(megabytes) < 60
