"""Where a part of a file is bad, the good parts are read and the bad ones told."""

from __future__ import annotations

import gzip
import html
import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.readers import File, Problem, Record, warc
from crosslingual.readers.formats import read_items
from crosslingual.readers.xml_repair import repair_xml
from crosslingual.tmx import MAX_TEXT_CHARS, MemoryEntry
from tests.helpers.file_samples import STORIES, feed, page
from tests.helpers.file_samples import warc as warc_of

EN = STORIES[3]
GOOD = '<tu><tuv xml:lang="de"><seg>Nebel {n}.</seg></tuv><tuv xml:lang="en"><seg>Fog {n}.</seg></tuv></tu>\n'


def memory(*units: str, encoding: str = "utf-8") -> list[Any]:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<tmx version="1.4"><header srclang="de"/><body>\n'
    made = (text + "".join(units) + "</body></tmx>").encode(encoding)
    return list(read_items(File(Path("a.tmx"), made)))


def unit(src: str, tgt: str = "Fog.") -> str:
    return f'<tu><tuv xml:lang="de"><seg>{src}</seg></tuv><tuv xml:lang="en"><seg>{tgt}</seg></tuv></tu>\n'


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (unit("Nebel " * MAX_TEXT_CHARS), "a text of more than 10,000 characters"),
        (unit("Nebel <b>dicht</i>"), "not well-formed XML"),
        (unit("5 < 6 und mehr"), "not well-formed XML"),
        ('<tu><tuv xml:lang="de"><seg>Nebel</seg></tuv>\n', "does not end"),
        ("<tu><tuv><seg>Nebel</seg></tuv></tu>\n", "names no language"),
        (unit("<hi>" * 70 + "</hi>" * 70), "nested more than 64 deep"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bad_unit_costs_one_line(bad: str, message: str, encoding: str) -> None:
    items = memory(GOOD.format(n=1), bad, GOOD.format(n=2), GOOD.format(n=3), encoding=encoding)
    assert [item.src for item in items if isinstance(item, MemoryEntry)] == [
        "Nebel 1.",
        "Nebel 2.",
        "Nebel 3.",
    ]
    (problem,) = (item for item in items if isinstance(item, Problem))
    assert message in problem.message
    assert problem.line in (4, 5)


def test_the_last_unit_may_be_the_bad_one() -> None:
    items = memory(GOOD.format(n=1), unit("a </seg>"))
    assert [type(item) for item in items] == [MemoryEntry, Problem]


@pytest.mark.parametrize(
    ("src", "text", "lost"),
    [
        ("Wind&#x1;und Nebel", "Windund Nebel", True),
        ("Nebel&#1114112; heute", "Nebel heute", True),
        ("Nebel\x0b heute", "Nebel heute", True),
        ("Nebel&nbsp;heute", "Nebel\xa0heute", False),
        ("Wind & Nebel", "Wind & Nebel", False),
        ("Nebel &#150; dicht", "Nebel – dicht", False),
        ("Nebel &#55357;&#56832;", "Nebel \U0001f600", False),
        ("<![CDATA[Wind & &nbsp; Nebel]]>", "Wind & &nbsp; Nebel", False),
    ],
)
def test_signs_that_xml_cannot_have_cost_no_unit(src: str, text: str, *, lost: bool) -> None:
    items = memory(GOOD.format(n=1), unit(src), GOOD.format(n=2))
    assert [item.src for item in items if isinstance(item, MemoryEntry)] == ["Nebel 1.", text, "Nebel 2."]
    problems = [item for item in items if isinstance(item, Problem)]
    assert [item.is_warning for item in problems] == [True] * lost


@given(st.text(st.characters(codec="utf-8", exclude_characters="&"), max_size=40))
def test_what_is_right_is_not_repaired(text: str) -> None:
    escaped = html.escape("".join(char for char in text if char >= " "))
    assert repair_xml(escaped)[0] == escaped.replace("\ufffe", "").replace("\uffff", "")


@pytest.mark.parametrize(
    "reference", ["&#1114112;", "&#x110000;", "&#xD800;", "&#0;", "&#x1F;", "&#99999999999;"]
)
def test_a_bad_reference_in_a_feed_costs_one_sign(reference: str) -> None:
    made = feed([EN, STORIES[4]]).replace("&lt;/p&gt;", f" {reference} &amp;nbsp;&lt;/p&gt;", 1)
    items = list(read_items(File(Path("a.rss"), made.encode())))
    assert [item.title for item in items if isinstance(item, Record)] == [EN.title, STORIES[4].title]
    (problem,) = (item for item in items if isinstance(item, Problem))
    assert problem.is_warning
    assert "signs that XML cannot have" in problem.message


def test_a_feed_that_is_cut_off_is_told() -> None:
    made = feed([EN, STORIES[4]])
    items = list(read_items(File(Path("a.rss"), made[:-60].encode())))
    assert any(isinstance(item, Record) for item in items)
    assert any(isinstance(item, Problem) and "not well-formed XML" in item.message for item in items)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_markup_that_is_escaped_again_and_again_is_markup(times: int) -> None:
    body = '<p>The pilots wait.</p><p>Tom &amp; Ann read <a href="https://example.org/">the log</a>.</p>'
    for _ in range(times):
        body = html.escape(body)
    made = feed([EN])
    start, end = made.rindex("<description>") + 13, made.rindex("</description>")
    (item,) = read_items(File(Path("a.rss"), (made[:start] + body + made[end:]).encode()))
    assert isinstance(item, Record)
    assert item.text == "The pilots wait.\nTom & Ann read the log."


def test_a_text_about_markup_keeps_it() -> None:
    body = html.escape("<p>Write &lt;p&gt; before and &lt;/p&gt; behind a paragraph.</p>")
    made = feed([EN])
    start, end = made.rindex("<description>") + 13, made.rindex("</description>")
    (item,) = read_items(File(Path("a.rss"), (made[:start] + body + made[end:]).encode()))
    assert isinstance(item, Record)
    assert item.text == "Write <p> before and </p> behind a paragraph."


def archive(*answers: tuple[list[tuple[str, str]], bytes]) -> bytes:
    made = b""
    for number, (headers, body) in enumerate(answers):
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        answer = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
        made += (
            (
                "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000{number}>\r\n"
                f"WARC-Date: 2026-11-30T08:00:00Z\r\nWARC-Target-URI: https://example.org/{number}\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            ).encode()
            + answer
            + b"\r\n\r\n"
        )
    return made


PAGE = page(EN).encode()
HTML = ("Content-Type", "text/html; charset=utf-8")


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([HTML, ("Content-Encoding", "br")], brotli.compress(PAGE)),
        (
            [HTML, ("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")],
            chunked(brotli.compress(PAGE)),
        ),
        ([HTML, ("Content-Encoding", "gzip")], gzip.compress(PAGE)),
        ([HTML, ("Content-Encoding", "br")], PAGE),
        ([], PAGE),
        ([("Content-Type", "application/octet-stream")], b"\n" + PAGE),
    ],
)
def test_pages_of_an_archive_are_read_however_they_were_sent(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    made = archive((headers, body), ([("Content-Type", "")], b'{"no": "page"}'), ([HTML], PAGE))
    for content in (made, gzip.compress(made)):
        items = list(read_items(File(Path("a.warc.gz"), content)))
        assert [getattr(item, "text", item) for item in items] == [EN.text, EN.text]


@pytest.mark.parametrize(
    ("coding", "body", "message"),
    [
        ("br", b"no brotli at all", "damaged"),
        ("gzip", b"no gzip at all", "damaged"),
        ("zstd", b"\x28\xb5\x2f\xfd", "packed as 'zstd'"),
        ("br", brotli.compress(b"<html>" + b"a" * 40_000_000), "larger than"),
        ("br", brotli.compress(PAGE)[:-40], "cut off"),
        ("gzip", gzip.compress(PAGE)[:-40], "cut off"),
    ],
)
def test_a_bad_page_of_an_archive_is_told_and_the_rest_read(coding: str, body: bytes, message: str) -> None:
    made = archive(([HTML, ("Content-Encoding", coding)], body), ([HTML], PAGE))
    items = list(read_items(File(Path("a.warc"), made)))
    assert message in str(next(item for item in items if isinstance(item, Problem)))
    assert isinstance(items[-1], Record)
    assert items[-1].text == EN.text


def test_what_comes_before_the_damage_of_an_archive_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "_CHUNK_BYTES", 64)
    whole = gzip.compress(archive(([HTML], PAGE), ([HTML], PAGE.replace(b"President", b"president"))))
    items = list(read_items(File(Path("a.warc.gz"), whole[:-60])))
    assert isinstance(items[0], Record)
    assert "a damaged web archive (cut off)" in str(items[-1])


def test_a_record_of_another_length_than_it_says_is_told() -> None:
    whole = warc_of(STORIES[1:4])
    assert all(isinstance(item, Record) for item in read_items(File(Path("a.warc"), whole)))
    wrong = re.sub(
        rb"(msgtype=response\r\nContent-Length: )(\d+)",
        lambda match: match[1] + str(int(match[2]) - 300).encode(),
        whole,
        count=1,
    )
    *records, told = read_items(File(Path("a.warc"), wrong))
    assert isinstance(told, Problem)
    assert "not as long as it says" in str(told)
    assert [record.title for record in records if isinstance(record, Record)][:1] == [STORIES[1].title]


@pytest.mark.parametrize("coding", [b"base64", b"quoted-printable"])
def test_a_page_whose_packing_is_not_named_any_more_is_no_text(coding: bytes) -> None:
    message = EmailMessage(policy=SMTP)
    message.set_content(page(EN), subtype="html", charset="utf-8", cte=coding.decode())
    content = message.as_bytes()
    (record,) = read_items(File(Path("a.mht"), content))
    assert isinstance(record, Record)
    (told,) = read_items(File(Path("a.mht"), content.replace(b"Encoding: " + coding, b"Encoding: 8bit")))
    assert "not in the encoding that it names" in str(told)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_front_matter_that_does_not_end_is_told(name: str) -> None:
    told, record = read_items(File(Path(name), f"---\nlang: en\ntitle: Fog\n\n{EN.text}".encode()))
    assert isinstance(record, Record)
    assert "front matter without an end" in str(told)
    (record,) = read_items(File(Path(name), f"---\n{EN.text}".encode()))
    assert isinstance(record, Record), "a rule above a text is none"


def test_damage_beside_the_text_of_a_page_is_told() -> None:
    """A block of the file was overwritten: a paragraph, or the tag that begins one, went with it."""
    lines = [f"<p>{line}</p>" for line in STORIES[0].lines]
    markup = page(STORIES[0]).encode().replace(lines[0].encode(), b"<!" + bytes(range(0x80, 0xE0)) + b">")
    told, record = read_items(File(Path("a.html"), markup))
    assert isinstance(record, Record)
    assert record.text == "\n".join(STORIES[0].lines[1:])
    assert "unreadable characters" in str(told)
    (record,) = read_items(File(Path("a.html"), page(EN, extra="<script>var a = '\ufffd'</script>").encode()))
    assert isinstance(record, Record)
