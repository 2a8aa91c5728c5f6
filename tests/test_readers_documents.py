"""Word documents and books: what was changed, hidden or split over files."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from crosslingual.readers.docx import read_docx
from crosslingual.readers.epub import read_epub
from crosslingual.readers.file import File
from crosslingual.readers.record import Record


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read_word(body: str, styles: str = "") -> str:
    from docx import Document

    plain = io.BytesIO()
    Document().save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
            if entry.filename == "word/styles.xml":
                content = content.replace(b"</w:styles>", styles.encode() + b"</w:styles>")
            new.writestr(entry, content)
    (record,) = read_docx(File(Path("a.docx"), out.getvalue()))
    assert isinstance(record, Record)
    return record.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<w:p>{run('The pier ')}<w:moveFrom>{run('was old ')}</w:moveFrom>{run('is shut.')}</w:p>"
         f"<w:p><w:moveTo>{run('It was old.')}</w:moveTo></w:p>", "The pier is shut.\nIt was old."),
        (f"<w:p><w:moveFrom>{run('All of this went.')}</w:moveFrom></w:p><w:p>{run('This stays.')}</w:p>",
         "This stays."),
        (f"<w:p><w:ins>{run('New ')}<w:del>{run('and gone ')}</w:del></w:ins>{run('text.')}</w:p>", "New text."),
        (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('One para')}</w:p><w:p>{run('graph.')}</w:p>",
         "One paragraph."),
    ],
)  # fmt: skip
def test_changes_of_a_document_are_accepted(body: str, expected: str) -> None:
    assert read_word(body) == expected


STYLES = (
    '<w:style w:type="character" w:styleId="Memo"><w:name w:val="Memo"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Memo2"><w:name w:val="Memo2"/><w:basedOn w:val="Memo"/></w:style>'
    '<w:style w:type="character" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Note"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "hidden"),
    [
        ("<w:vanish/>", True),
        ('<w:vanish w:val="1"/>', True),
        ('<w:vanish w:val="0"/>', False),
        ('<w:rStyle w:val="Memo"/>', True),
        ('<w:rStyle w:val="Memo2"/>', True),
        ('<w:rStyle w:val="Memo"/><w:vanish w:val="false"/>', False),
        ('<w:rStyle w:val="Loop"/>', False),
        ("<w:b/>", False),
    ],
)
def test_hidden_text_of_a_document_is_left_out(properties: str, hidden: bool) -> None:
    text = read_word(f"<w:p>{run('Seen.')}{run(' Ask the boss.', properties)}</w:p>", STYLES)
    assert text == ("Seen." if hidden else "Seen. Ask the boss.")


def test_a_paragraph_in_a_hidden_style_is_left_out() -> None:
    note = f'<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr>{run("Ask the boss.")}</w:p>'
    assert read_word(f"<w:p>{run('Seen.')}</w:p>{note}", STYLES) == "Seen."


def test_of_a_field_only_the_result_is_read() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = f"{mark('begin')}{run('IF x ')}{mark('separate')}{run('noon')}{mark('end')}"
    assert read_word(f"<w:p>{run('It begins at ')}{field}{run('.')}</w:p>") == "It begins at noon."


BODY = "The ferry left the harbour at dawn and came back in the evening with a hundred guests and two bands. "


def book(chapters: Sequence[tuple[str, str]], extra: Sequence[tuple[str, str, str, str]] = ()) -> bytes:
    """Files of heading (may be empty) and text; ``extra`` items are name, type, properties, content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
        made.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>'
            for n in range(len(chapters))
        ) + "".join(
            f'<item id="{name}" href="{name}" media-type="{kind}" properties="{properties}"/>'
            for name, kind, properties, _ in extra
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        made.writestr(
            "b.opf",
            f"<package><metadata><title>Almanac</title><language>en</language></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for n, (heading, text) in enumerate(chapters):
            shown = f"<h1>{heading}</h1>" if heading else ""
            made.writestr(f"c{n}.xhtml", f"<html><body>{shown}<p>{text}</p></body></html>")
        for name, _, _, content in extra:
            made.writestr(name, content)
    return out.getvalue()


def chapters_of(content: bytes) -> list[tuple[str, str]]:
    return [
        (one.title, one.text) for one in read_epub(File(Path("a.epub"), content)) if isinstance(one, Record)
    ]


def test_a_chapter_that_is_split_over_files_is_one_article() -> None:
    found = chapters_of(
        book([("Dawn", BODY), ("Noon", BODY * 2), ("", "It goes on."), ("", BODY), ("Dusk", BODY)])
    )
    assert [title for title, _ in found] == ["Dawn", "Noon", "Dusk"]
    assert found[1][1].splitlines()[1:] == ["It goes on.", BODY.strip()]
    assert found[2][1] == BODY.strip()


NAV = (
    '<html><body><nav epub:type="toc"><a href="c0.xhtml">Dawn</a><a href="c1.xhtml#a">High noon</a></nav>'
    "</body></html>"
)
NCX = (
    "<ncx><navMap><navPoint><navLabel><text>High noon</text></navLabel>"
    '<content src="c1.xhtml"/></navPoint></navMap></ncx>'
)


@pytest.mark.parametrize(
    "contents",
    [
        ("nav.xhtml", "application/xhtml+xml", "nav", NAV),
        ("toc.ncx", "application/x-dtbncx+xml", "", NCX),
    ],
)
def test_a_file_that_the_table_of_contents_names_is_a_chapter(contents: tuple[str, str, str, str]) -> None:
    found = chapters_of(book([("Dawn", BODY), ("", BODY * 2), ("", BODY)], [contents]))
    assert [title for title, _ in found] == ["Dawn", "High noon"]


def test_chapters_without_any_heading_stay_apart() -> None:
    assert [title for title, _ in chapters_of(book([("", BODY), ("", BODY * 2)]))] == ["Almanac", "Almanac"]


def test_a_broken_table_of_contents_costs_nothing() -> None:
    broken = ("toc.ncx", "application/x-dtbncx+xml", "", "<ncx><navMap>")
    assert [title for title, _ in chapters_of(book([("Dawn", BODY)], [broken]))] == ["Dawn"]
