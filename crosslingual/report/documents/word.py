"""The report's page as a Word document: its headings, paragraphs, lists and tables, without pictures of charts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crosslingual.extras import needs_extra
from crosslingual.report.build import PAGE_NAME

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.html import HtmlElement

_LEVELS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3}
_LEFT_OUT = frozenset({"nav", "style", "script", "svg"})
_BLOCKS = frozenset({"p", "ul", "ol", "table", "dl", "div", "section", "header", "li", *_LEVELS})
_BOLD, _SMALL = frozenset({"strong", "b", "th", "mark", "dt"}), frozenset({"small", "code"})
_SMALL_CLASSES = frozenset({"by", "tr", "lang", "how"})
_SIGNS = {"dot": "●"}
"""What the page draws, as characters."""
_CREATED = datetime(1980, 1, 1)  # as of the tables
_MARGIN_CM = 1.5
_MIN_COLUMN_CHARS, _MAX_COLUMN_CHARS = 6, 60


def make_word_document(files: Mapping[str, bytes]) -> bytes:
    """The page in landscape, so that a matrix of many sources fits.

    Raises:
        MissingExtraError: the extra ``documents`` is not installed.
    """
    with needs_extra("documents"):
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm, Pt
    from lxml import html

    page = html.document_fromstring(files[PAGE_NAME].decode(), parser=html.HTMLParser(encoding="utf-8"))
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    document.styles["Normal"].font.size = Pt(9)
    about = document.core_properties
    about.title = (page.findtext(".//title") or "")[:255]
    about.author, about.created, about.modified = "crosslingual", _CREATED, _CREATED
    _add_blocks(document, page.find("body"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_blocks(document: Document, parent: HtmlElement) -> None:
    for element in parent.iterchildren():
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT:
            continue
        if tag in _LEVELS:
            _fill(document.add_heading(level=_LEVELS[tag]), element)
        elif tag == "table":
            _add_table(document, element)
        elif tag in ("ul", "ol"):
            for number, item in enumerate(element.iterchildren("li"), int(element.get("start") or 1)):
                paragraph = document.add_paragraph(style="List Bullet" if tag == "ul" else "List Paragraph")
                if tag == "ol":  # Word would count on from list to list
                    paragraph.add_run(f"{number}. ")
                _fill(paragraph, item)
        elif tag == "dl" or not any(child.tag in _BLOCKS for child in element.iterchildren()):
            for words in element.iterchildren() if tag == "dl" else (element,):
                _fill(document.add_paragraph(), words)
        else:
            _add_blocks(document, element)


def _add_table(document: Document, table: HtmlElement) -> None:
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return
    made = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    made.autofit = False
    widths = _column_widths(rows, width)
    for column, own_width in zip(made.columns, widths, strict=True):  # LibreOffice goes by these
        column.width = own_width
    for row, written in zip(rows, made.rows, strict=True):
        places = written.cells
        for place, own_width in zip(places, widths, strict=True):
            place.width = own_width
        # A cell over several rows stands in the first of them.
        for place, cell in zip(places[width - len(row) :], row, strict=True):
            _fill(place.paragraphs[0], cell)
    document.add_paragraph()


def _column_widths(rows: Sequence[Sequence[HtmlElement]], count: int) -> list[int]:
    """Of each column: by its longest text, within bounds, so that the table is as wide as the page."""
    from docx.shared import Cm

    longest = [_MIN_COLUMN_CHARS] * count
    for row in rows:
        for place, cell in enumerate(row, count - len(row)):
            chars = min(len(" ".join(cell.text_content().split())), _MAX_COLUMN_CHARS)
            longest[place] = max(longest[place], chars)
    return [int(Cm(29.7 - 2 * _MARGIN_CM) * chars / sum(longest)) for chars in longest]


def _fill(paragraph: Paragraph, element: HtmlElement) -> None:
    """Put the text of ``element`` into ``paragraph``, bold and small where it is."""
    from docx.shared import Pt

    for text, is_bold, is_small in _pieces(element, element.tag in _BOLD, is_small=False):
        run: Any = paragraph.add_run(text)
        run.bold = is_bold or None
        if is_small:
            run.font.size = Pt(7.5)


def _pieces(element: HtmlElement, is_bold: bool, *, is_small: bool) -> Iterator[tuple[str, bool, bool]]:  # noqa: FBT001
    classes = set((element.get("class") or "").split())
    is_bold = is_bold or element.tag in _BOLD
    is_small = is_small or element.tag in _SMALL or bool(classes & _SMALL_CLASSES)
    if element.tag in _LEFT_OUT:
        return
    if element.tag == "br":
        yield "\n", is_bold, is_small
    if sign := next((_SIGNS[name] for name in classes if name in _SIGNS), ""):
        yield sign, is_bold, is_small
    if element.text:
        yield " ".join(("\0" + element.text + "\0").split()).replace("\0", ""), is_bold, is_small
    for child in element.iterchildren():
        if isinstance(child.tag, str):
            if "tr" in (child.get("class") or "").split():
                yield "\n", is_bold, is_small
            elif child.tag in ("li", "p", "div") or "lang" in (child.get("class") or "").split():
                yield " ", is_bold, is_small
            yield from _pieces(child, is_bold, is_small=is_small)
        if child.tail:
            yield " ".join(("\0" + child.tail + "\0").split()).replace("\0", ""), is_bold, is_small
