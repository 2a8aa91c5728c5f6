"""What articles were read from is kept beside them, and goes with them."""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

import crosslingual
from crosslingual.address import LibraryAddress
from crosslingual.cli import cli
from crosslingual.errors import InputError
from crosslingual.ingest.inputs import make_item_reader, make_web_reader
from crosslingual.ingest.pipeline import add_files, add_items
from crosslingual.ingest.summary import AddSummary
from crosslingual.library import Library
from crosslingual.library.originals import unpack_original
from crosslingual.library.transfer import back_up_library, restore_library
from crosslingual.readers import File, Record, read_files
from crosslingual.report.originals import original_files
from crosslingual.settings import Settings
from crosslingual.web.headers import kept_headers
from tests.helpers.library_folders import sqlite_connection
from tests.helpers.site_double import Site, html
from tests.test_ingest_pipeline import letters, no_encoder

LINES = tuple(f"On day {number} the harbour was closed all through the night." for number in range(4))
MEGABYTE = 10**6


def write(path: Path, *lines: str) -> Path:
    records = ({"source": "north", "lang": "en", "text": line} for line in lines)
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def add(library: Library, *inputs: Path | File) -> AddSummary:
    return add_files(inputs, library, letters, max_original_bytes=MEGABYTE)


def kept(library: Library) -> dict[str, bytes]:
    return {one.name: content for one, content in library.read_originals(library.list_originals())}


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as opened:
        yield opened


def test_files_are_kept_as_they_were_given_each_content_once(library: Library, tmp_path: Path) -> None:
    one, two = write(tmp_path / "one.jsonl", *LINES[:2]), write(tmp_path / "two.jsonl", LINES[2])
    memory = io.BytesIO()
    with ZipFile(memory, "w") as packed:
        packed.write(write(tmp_path / "in.jsonl", LINES[3]), "in.jsonl")
    archive = File(Path("packed.zip"), memory.getvalue())
    assert add(library, one, two, archive).problems == ()
    assert kept(library) == {
        "one.jsonl": one.read_bytes(),
        "two.jsonl": two.read_bytes(),
        "packed.zip": memory.getvalue(),
    }
    first = library.list_originals()[0]
    assert first.articles == tuple(library.article_ids()[:2])
    assert [one.name for one in library.list_originals([library.article_ids()[3]])] == ["packed.zip"]
    add(library, two, write(tmp_path / "again.jsonl", LINES[2]))
    assert len(kept(library)) == 3
    assert library.find_damage() == []


def test_what_was_added_without_it_gets_its_original_when_it_is_added_again(
    library: Library, tmp_path: Path
) -> None:
    path = write(tmp_path / "one.jsonl", *LINES)
    assert add_files([path], library, letters).n_added == 4
    assert kept(library) == {}
    revision = library.revision
    assert add_files([path], library, no_encoder, max_original_bytes=MEGABYTE) == AddSummary(0, 4, 0, 0, ())
    assert kept(library) == {"one.jsonl": path.read_bytes()}
    assert library.revision == revision


def test_one_that_is_too_large_is_told_and_its_articles_go_in(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "one.jsonl", *LINES)
    summary = add_files([path], library, letters, max_original_bytes=10)
    assert (summary.n_added, kept(library)) == (4, {})
    (problem,) = summary.warnings
    assert str(problem).startswith(f"{path}: original not kept: has more than 1e-05 MB; raise the setting")


def test_a_full_disk_loses_no_article(tmp_path: Path) -> None:
    path = write(tmp_path / "one.jsonl", *LINES)
    with Library(tmp_path / "library") as library:
        add(library, write(tmp_path / "first.jsonl", "It rained all through the night in the hills."))
        with library._db.read_transaction() as db:
            (pages,) = db.execute("PRAGMA page_count").fetchone()
        put = library.put_original

        def put_much(content: bytes, *args: object, **more: object) -> str:
            return put(os.urandom(MEGABYTE), *args, **more)  # type: ignore[arg-type]

        sqlite_connection(library).execute(f"PRAGMA max_page_count = {pages + 60}")
        library.put_original = put_much  # type: ignore[method-assign]
        summary = add(library, path)
        assert (summary.n_added, len(library.article_ids())) == (4, 5)
        assert "original not kept" in str(summary.warnings[0])
        assert "the disk is full" in str(summary.warnings[0])
        assert [*kept(library)] == ["first.jsonl"]


def test_a_file_that_is_gone_meanwhile_is_told(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "one.jsonl", *LINES)
    records = [one for one in read_files([path]) if isinstance(one, Record)]
    path.unlink()
    summary = add_items(lambda *_: iter(records), [path], library, letters, max_original_bytes=MEGABYTE)
    assert summary.n_added == 4
    assert "original not kept: No such file" in str(summary.warnings[0])


def test_removed_text_is_forgotten_with_all_that_its_original_holds(library: Library, tmp_path: Path) -> None:
    add(library, write(tmp_path / "one.jsonl", *LINES[:2]), write(tmp_path / "two.jsonl", LINES[2]))
    library.remove_articles(library.article_ids()[:1])
    assert library.count_removed().originals == 1
    library.undo_operation()
    assert library.count_removed().originals == 0
    assert len(library.list_originals(library.article_ids()[:1])) == 1
    library.undo_operation(library.load_operations()[-1].id)
    library.forget_removed()
    assert library.article_ids() == []
    with library._db.read_transaction() as db:
        assert db.execute("SELECT count(*) FROM originals").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM article_originals").fetchone() == (0,)


def test_an_original_of_several_goes_when_one_of_them_does(library: Library, tmp_path: Path) -> None:
    add(library, write(tmp_path / "one.jsonl", *LINES[:2]), write(tmp_path / "two.jsonl", LINES[2]))
    library.remove_articles(library.article_ids()[:1])
    library.forget_removed()
    assert [*kept(library)] == ["two.jsonl"]


def test_a_backup_carries_them(library: Library, library_address: LibraryAddress, tmp_path: Path) -> None:
    add(library, write(tmp_path / "one.jsonl", *LINES))
    before = kept(library)
    back_up_library(library_address, tmp_path / "backup.db")
    restore_library(tmp_path / "backup.db", tmp_path / "copy")
    with Library(tmp_path / "copy", create=False) as copy:
        assert kept(copy) == before


def test_damage_is_told(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        add(library, write(tmp_path / "one.jsonl", *LINES))
        with library._db.write_transaction() as db:
            db.execute("UPDATE originals SET packed = x'00ff'")
        assert library.find_damage() == ["originals: 1 not as stored"]


def test_a_page_is_kept_as_it_came_and_its_versions_with_it(site: Site, tmp_path: Path) -> None:
    url = f"{site.home}/bridge"
    with Library(tmp_path / "library") as library:
        bodies = []
        for added in ("", "<p>The mayor has resigned over the costs of the bridge.</p></article>"):
            page = html(
                html()[2].decode().replace("</article>", added or "</article>"),
                ETag=f'"{len(added)}"',
                **{"Set-Cookie": "who=you"},
            )
            site.answers["/bridge"] = page
            bodies.append(page[2])
            web = make_web_reader(library, allow_private=True)
            web._fetcher._pause = lambda _: None
            reader = make_item_reader([], web, [url])
            add_items(reader, [Path(url)], library, letters, max_original_bytes=MEGABYTE)
        (article,) = library.article_ids()
        found = library.list_originals([article])
        assert [(one.url, one.articles) for one in found] == [(url, (article,))] * 2
        files = original_files(library.read_originals(found))
        assert original_files(library.read_originals(found)) == files
    assert sorted(files) == ["originals.csv", "pages.warc.gz"]
    assert "Set-Cookie" not in dict(found[0].headers)
    from warcio.archiveiterator import ArchiveIterator

    records = []
    dates: set[str] = set()
    for record in ArchiveIterator(io.BytesIO(files["pages.warc.gz"]), check_digests="raise"):
        if record.rec_type == "response":
            records.append((record.rec_headers["WARC-Target-URI"], record.content_stream().read()))
            assert record.http_headers["Content-Type"] == "text/html; charset=utf-8"
            dates.add(record.rec_headers["WARC-Date"])
    assert records == [(url, body) for body in bodies]
    assert dates == {one.fetched_at.replace("+00:00", "Z") for one in found}
    again = [
        one
        for one in read_files([File(Path("pages.warc.gz"), files["pages.warc.gz"])])
        if isinstance(one, Record)
    ]
    assert [one.url for one in again] == [url, url]


def test_the_command_writes_them_and_names_of_files_are_no_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(tmp_path / "library"))
    with Library(tmp_path / "library") as library:
        add(library, write(tmp_path / "one.jsonl", *LINES[:2]))
        article = library.article_ids()[0]
        digest = library.put_original(
            b"x", [article], name="../../evil.sh\0/x", fetched_at="2026-12-01T00:00:00+00:00"
        )
    runner = CliRunner()
    listed = json.loads(runner.invoke(cli, ["originals", "--json"]).stdout)
    assert {one["name"] for one in listed} == {"one.jsonl", "../../evil.sh\0/x"}
    assert "one.jsonl" in runner.invoke(cli, ["originals", article]).stdout
    result = runner.invoke(cli, ["originals", "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert "originals written: 2 in" in result.stdout
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    digests = {one["name"]: one["sha256"] for one in listed}
    assert written == {f"files/{digests['one.jsonl']}.jsonl", "originals.csv", "manifest.json"}
    assert (tmp_path / "out" / "files" / digest).read_bytes() == b"x"


def test_headers_are_bounded_and_on_one_line() -> None:
    given = [("ETag", '"1"\r\nSet-Cookie: a'), ("Set-Cookie", "b"), ("Bad name", "c"), ("X", "é" * 9_999)]
    assert kept_headers([*given, *[("A", "b")] * 99]) == (
        ("ETag", '"1"  Set-Cookie: a'),
        ("X", ""),
        *[("A", "b")] * 58,
    )


@pytest.mark.parametrize(("given", "n_bytes"), [("20", 20 * MEGABYTE), ("0", 0), (" 5 ", 5 * MEGABYTE)])
def test_the_setting_is_in_megabytes(given: str, n_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLINGUAL_ORIGINALS", given)
    assert Settings.load().max_original_bytes == n_bytes


def test_a_setting_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLINGUAL_ORIGINALS", "much")
    with pytest.raises(InputError, match="originals is 'much'; give the megabytes"):
        Settings.load().max_original_bytes  # noqa: B018


def test_a_packed_original_never_grows_beyond_its_size() -> None:
    assert len(unpack_original(10, zlib.compress(b"0" * 10_000_000))) == 11


def test_originals_go_into_a_folder_only(tmp_path: Path) -> None:
    with (
        crosslingual.open(tmp_path / "library") as library,
        pytest.raises(InputError, match="originals go into a report's folder"),
    ):
        library.report("event", tmp_path / "report.docx", originals=True)
