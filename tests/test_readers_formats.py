"""What is read of each format, and what each says when it cannot be."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crosslingual.errors import InputError
from crosslingual.readers import File, Problem, Record
from crosslingual.readers.formats import ParsedItem, read_items
from crosslingual.readers.page_tree import html_to_text
from crosslingual.readers.pdf_layout import PageLine
from crosslingual.readers.pdf_text import join_paragraphs
from crosslingual.readers.tables import preview_table
from tests.helpers.file_samples import (
    STORIES,
    atom,
    docx,
    epub,
    feed,
    mht,
    objects,
    page,
    parquet,
    pdf,
    rows,
    table,
    typeset,
    warc,
    xlsx,
)

HEADER = ("date", "headline", "body", "source", "link")
EN = STORIES[3]


def found(name: str, content: bytes | str, **more: object) -> list[ParsedItem]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_items(File(Path(name), data, **more)))  # type: ignore[arg-type]


def only(name: str, content: bytes | str, **more: object) -> Record:
    (item,) = found(name, content, **more)
    assert isinstance(item, Record), item
    return item


def told(name: str, content: bytes | str, **more: object) -> str:
    (item,) = found(name, content, **more)
    assert isinstance(item, Problem), item
    return str(item)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", table(STORIES)),
        ("a.csv", table(STORIES, ";")),
        ("a.tsv", table(STORIES, "\t")),
        ("a.xlsx", xlsx(rows(STORIES, HEADER))),
        ("a.parquet", parquet(rows(STORIES, HEADER))),
        ("a.json", objects(STORIES)),
        ("a.json", objects(STORIES, inside=True)),
        ("a.rss", feed(STORIES)),
        ("a.xml", feed(STORIES)),
        ("a.atom", atom(STORIES)),
        ("a.warc", warc(STORIES)),
        ("a.warc.gz", warc(STORIES, packed=True)),
        ("a.epub", epub(STORIES)),
    ],
)
def test_files_of_many_articles_give_each_of_them(name: str, content: bytes | str) -> None:
    read = found(name, content)
    assert [(item.title, item.text) for item in read if isinstance(item, Record)] == [
        (story.title, story.text) for story in STORIES
    ]
    assert len(read) == len(STORIES)
    assert {item.date[:10] for item in read if isinstance(item, Record)} == {"2024-05-16"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.lang)
def test_files_of_one_article_give_it(story: object) -> None:
    assert isinstance(story, type(EN))
    html = only("a.html", page(story))
    assert (html.text, html.title, html.date, html.author, html.lang) == (
        story.text,
        story.title,
        "2024-05-16",
        "Ann Example",
        story.lang,
    )
    assert only("a.mht", mht(story)).text == story.text
    word = only("a.docx", docx(story))
    assert (word.text, word.title, word.author) == (story.text, story.title, "Ann Example")
    portable = only("a.pdf", pdf([typeset(story.lines)]))
    assert (portable.text, portable.title, portable.author) == (story.text, "A summit", "Ann Example")


def test_the_link_of_a_page_is_the_one_it_names_or_the_one_it_came_from() -> None:
    from dataclasses import replace

    named = page(replace(EN, url="https://example.org/named"))
    assert only("a.html", named, url="https://example.org/other").url == "https://example.org/named"
    assert only("a.html", page(EN), url="https://example.org/other").url == "https://example.org/other"
    assert only("a.html", page(replace(EN, url="javascript:alert(1)"))).url == ""


def test_the_text_of_a_page_decides_on_its_language() -> None:
    assert only("a.html", page(STORIES[0], lang="en-US")).lang == "zh"


def test_a_page_without_a_text_is_told() -> None:
    assert told("a.html", "<html><body><script>draw()</script></body></html>").startswith(
        "a.html: no main text in the page"
    )


def test_plain_text_of_a_piece_of_html() -> None:
    assert html_to_text("") == html_to_text("<!-- -->") == ""
    assert html_to_text("a &lt;b&gt; c") == "a <b> c"
    assert html_to_text(
        "<p>One <b>bold</b>, two<br>three</p><script>no()</script><style>x</style>four<ul><li>5<li>6</ul>"
    ) == ("One bold, two\nthree\nfour\n5\n6")
    assert html_to_text("<p>in<i>side</i></p>\n<p>Юг</p>") == "inside\nЮг"


def test_lines_of_a_pdf_are_joined_and_words_are_whole_again() -> None:
    def lines(*texts: str) -> list[PageLine]:
        return [PageLine(text, 50, 50 + 5 * len(text), 800 - 14 * n, 10) for n, text in enumerate(texts)]

    joined = join_paragraphs(
        [lines("Die Regie-", "rung sprach mit Nord-", "Süd-Vertretern und ging dann wieder.")]
    )
    assert joined == ["Die Regierung sprach mit Nord-Süd-Vertretern und ging dann wieder."]
    assert join_paragraphs([lines("国家主席十六日上午在人民", "大会堂同来访的总统会谈。")]) == [
        "国家主席十六日上午在人民大会堂同来访的总统会谈。"
    ]
    assert join_paragraphs(
        [lines("A long line that fills the page to its end, and", "ends.", "Another paragraph.")]
    ) == [
        "A long line that fills the page to its end, and ends.",
        "Another paragraph.",
    ]
    assert join_paragraphs([lines("It goes on over the"), lines("page and ends there.")]) == [
        "It goes on over the page and ends there."
    ]
    assert join_paragraphs([]) == []


def test_running_heads_and_page_numbers_of_a_pdf_are_left_out() -> None:
    pages = [
        [(50.0, 800.0, "The Village Echo"), *typeset(story.lines), (290.0, 30.0, f"Page {number}")]
        for number, story in enumerate(STORIES[3:], 1)
    ]
    text = only("a.pdf", pdf(pages)).text
    assert text == "\n".join(story.text for story in STORIES[3:])


def test_a_pdf_with_a_password_is_told() -> None:
    assert told("a.pdf", pdf([typeset(EN.lines)], encrypted=True)) == (
        "a.pdf: needs a password; save it without one"
    )


def _word_with(markup: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(EN))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:sectPr", markup.encode() + b"<w:sectPr", 1)
            new.writestr(entry, content)
    return out.getvalue()


def test_a_documents_tables_are_read_and_its_changes_accepted() -> None:
    changed = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>In a cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>It </w:t></w:r><w:ins><w:r><w:t>is</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>was</w:delText></w:r></w:del><w:r><w:br/><w:t>so.</w:t></w:r></w:p>"
    )
    assert only("a.docx", _word_with(changed)).text == f"{EN.text}\nIn a cell\nIt is\nso."


def test_what_is_not_what_its_suffix_says_is_told_in_one_line() -> None:
    cases: list[tuple[str, bytes | str, str]] = [
        ("a.pdf", b"%PDF-1.7 nothing", "no PDF, or a damaged one"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "an old or encrypted Word document"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "an old or encrypted workbook"),
        ("a.docx", b"PK nothing", "a damaged Word document; save it anew"),
        ("a.epub", b"", "a damaged book; fetch it anew"),
        ("a.xlsx", b"PK", "a damaged workbook; save it anew"),
        ("a.parquet", b"PAR1", "no Parquet file that can be read"),
        ("a.xml", "<html><p>x</p></html>", "XML, but no RSS or Atom feed"),
        ("a.xml", "", "XML, but no RSS or Atom feed"),
        ("a.rss", feed([]), "a feed without entries"),
        ("a.warc", b"nothing of the kind", "a damaged web archive"),
        ("a.warc", b"", "no HTML page in it"),
        ("a.mht", b"Subject: x\n\nno page", "no page in it"),
        ("a.json", "{", "not valid JSON (Expecting property name"),
        ("a.json", "[" * 100_000, "JSON that is too deep"),
        ("a.json", "[1, 2]", "no objects in it"),
        ("a.json", '[{"a": 1}]', "no key of texts among a; name it with --column text=KEY"),
        ("a.csv", "", "an empty table"),
        ("a.csv", "a,b\n1,2\n", "no column of texts among a, b; name it with --column text=NAME"),
    ]
    for name, content, message in cases:
        line = told(name, content)
        assert line.startswith(f"{name}: {message}"), line
        assert line.isprintable()


def test_a_book_that_is_protected_is_refused_and_a_missing_chapter_is_told() -> None:
    out = io.BytesIO(epub(STORIES))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("META-INF/rights.xml", "<rights/>")
    assert "protected against copying" in told("a.epub", out.getvalue())
    broken = epub(
        STORIES, lambda story: bytes(range(256)) * 20 if story.lang == "ru" else story.text.encode()
    )
    problems = [item for item in found("a.epub", broken) if isinstance(item, Problem)]
    assert [problem.line for problem in problems] == [2]
    contents = '<nav epub:type="toc" xmlns:epub="e"><p>' + "Chapter. " * 40 + "</p></nav>"
    assert len(found("a.epub", epub(STORIES[:2], lambda story: contents.encode()))) == 1


def test_only_pages_that_were_answered_are_read_from_a_web_archive() -> None:
    good = warc(STORIES[3:4])
    for other in (
        good.replace(b"200 OK", b"404 No"),
        good.replace(b"text/html", b"text/css "),
        good.replace(b"response\r\nWARC-T", b"metadata\r\nWARC-T"),
    ):
        assert [item.text for item in found("a.warc", other + good) if isinstance(item, Record)] == [EN.text]
        assert len(found("a.warc", other + good)) == 1


def test_objects_with_other_keys_are_mapped_line_by_line() -> None:
    lines = [
        json.dumps({"headline": EN.title, "body": EN.text, "id": 7}),
        json.dumps({"title": EN.title, "content": {"rendered": f"<p>{EN.text}</p>"}}),
        json.dumps({"title": EN.title, "text": EN.text}),
    ]
    read = found("a.jsonl", "\n".join(lines))
    assert [(item.title, " ".join(item.text.split())) for item in read if isinstance(item, Record)] == [
        (EN.title, " ".join(EN.text.split()))
    ] * 3


def test_a_column_that_the_user_names_is_taken() -> None:
    cells = [["one", "two"], [EN.text, STORIES[4].text]]
    assert only("a.xlsx", xlsx(cells), columns=(("text", "two"),)).text == STORIES[4].text
    assert only("a.jsonl", json.dumps({"a": EN.text, "b": "x"}), columns=(("text", "a"),)).text == EN.text
    assert (
        told("a.xlsx", xlsx(cells), columns=(("text", "three"),))
        == "a.xlsx: no column 'three'; there are one, two"
    )


def test_the_head_of_a_table_is_shown_with_the_guess() -> None:
    shown = preview_table(File(Path("a.csv"), table(STORIES).encode()))
    assert shown.header == HEADER
    assert len(shown.rows) == len(STORIES)
    assert shown.mapping.column_pairs() == (
        ("source", "source"),
        ("date", "date"),
        ("title", "headline"),
        ("url", "link"),
        ("text", "body"),
    )


def test_the_keys_of_objects_are_shown_as_columns() -> None:
    lines = "\n".join(json.dumps({"headline": story.title, "body": story.text}) for story in STORIES)
    for name, content in (("a.json", objects(STORIES, inside=True)), ("a.jsonl", lines)):
        shown = preview_table(File(Path(name), content.encode()))
        assert (shown.mapping.text, shown.mapping.title) == ("body", "headline")
        assert len(shown.rows) == len(STORIES)
    with pytest.raises(InputError, match="no table; tables are"):
        preview_table(File(Path("a.txt"), b"x"))


def test_a_title_without_end_does_not_cost_the_article() -> None:
    from dataclasses import replace

    read = only("a.html", page(replace(EN, title="Word " * 2_000, url="https://example.org/" + "x" * 3_000)))
    assert (read.text, len(read.title), read.url) == (EN.text, 1_999, "")


def test_a_table_without_a_header_gets_numbers() -> None:
    made = table(STORIES).partition("\n")[2]
    shown = preview_table(File(Path("a.csv"), made.encode()))
    assert shown.header == tuple(f"column {place}" for place in range(1, 6))
    assert (shown.mapping.text, shown.mapping.title, shown.mapping.date) == (
        "column 3",
        "column 2",
        "column 1",
    )
    assert len(found("a.csv", made)) == len(STORIES)


@pytest.mark.parametrize(
    "make", [lambda: "a,b\n" + "x" * 5_000_000 + ",1\n", lambda: '"' + "x\n" * 3_000_000]
)
def test_cells_without_end_are_told(make: Callable[[], str]) -> None:
    assert "field larger than field limit" in str(found("a.csv", "text,b\n" + make())[-1])
