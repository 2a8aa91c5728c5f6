"""PDF files with a text layer: one article a file, its lines joined into paragraphs, by pypdfium2."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.ingest.file import File
from crosslingual.ingest.record import MAX_TEXT, Problem, Record, read_record
from crosslingual.language.scripts import WIDE

MAX_PAGES = 1_000

_HYPHENS = ("-", "\xad", "\u2010", "\ufffe", "\x02")  # the last two are PDFium's for one at a line's end
_END = re.compile(r"[.!?…。！？:：;；][\"'»”’」』)）]*$")
_WIDE = re.compile(f"[{WIDE}]")
_DIGITS = re.compile(r"\d+")
_PROGRAMMES = re.compile(
    r"microsoft word|untitled|\.(docx?|indd|qxd|pdf|odt|tex|pages)$|^\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, and where it stands: points from the page's left and lower edge."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    height: float = 0.0


def read(file: File) -> Iterator[Record | Problem]:
    """The document as one record.

    Raises:
        InputError: it is no PDF, needs a password, has too many pages, or no text layer.
        OSError: the file cannot be read.
    """
    with needs_extra("readers"):
        import pypdfium2
        from pypdfium2.raw import FPDF_ERR_PASSWORD

    content = file.read()
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            pages = _pages(document)
            about = document.get_metadata_dict(skip_empty=True)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise InputError("needs a password; save it without one") from None
        raise InputError("no PDF, or a damaged one; save or fetch it anew") from None
    if not any(char.isalnum() for page in pages for line in page for char in line.text):
        raise InputError("no text layer (scanned pages); run OCR on it and add the result")
    title = about.get("Title", "")
    fields = {
        "text": "\n".join(paragraphs(_without_running_heads(pages))),
        "title": "" if _PROGRAMMES.search(title) else title,
        "author": about.get("Author", ""),
    }
    yield from read_record(fields, file.path, 0)


def _pages(document: Any) -> list[list[Line]]:
    if len(document) > MAX_PAGES:
        raise InputError(f"more than {MAX_PAGES:,} pages; split it into smaller files")
    pages: list[list[Line]] = []
    size = 0
    for number in range(len(document)):
        pages.append(_lines(document, number))
        size += sum(len(line.text) for line in pages[-1])
        if size > 2 * MAX_TEXT:
            raise InputError(f"more than {MAX_TEXT:,} characters; split it into smaller files")
    return pages


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """Lines joined into paragraphs, across pages; words that were cut at a line's end are whole again."""
    lines = [line for page in pages for line in page]
    pitch = median([_down(one, other) for one, other in pairwise(lines)] or [0])
    width = max((line.right for line in lines), default=0)
    found: list[str] = []
    last: Line | None = None
    for line in lines:
        if last is None or _begins(last, line, pitch, width):
            found.append(line.text)
        else:
            found[-1] = _joined(found[-1], line.text)
        last = line
    return [text.rstrip("".join(_HYPHENS[1:])) for text in found]


def _begins(last: Line, line: Line, pitch: float, width: float) -> bool:
    """Whether a paragraph begins with ``line``: by space, size, indent, or a last line that ends short."""
    if not line.height or not last.height:
        return bool(_END.search(last.text)) and len(last.text) < 0.8 * len(line.text)
    if last.text.endswith(_HYPHENS[2:]):
        return False
    if abs(last.height - line.height) > 0.25 * max(last.height, line.height):
        return True
    down = _down(last, line)
    if down > 1.4 * max(pitch, line.height):
        return True
    if down > 0 and line.left - last.left > 0.8 * line.height and _END.search(last.text):
        return True
    return bool(_END.search(last.text)) and last.right < width - 4 * line.height


def _down(one: Line, other: Line) -> float:
    """How far ``other`` stands below ``one``; nothing where it begins a column or a page."""
    return max(one.bottom - other.bottom, 0.0)


def _joined(text: str, line: str) -> str:
    if text.endswith(_HYPHENS) and len(text) > 1 and text[-2].isalpha():
        # A hyphen before a capital is the word's own: Nord-Süd.
        if line[:1].islower() or text[-1] != "-":
            return text[:-1] + line
        return text + line
    if _WIDE.match(text[-1:]) and _WIDE.match(line[:1]):
        return text + line
    return f"{text} {line}"


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without first and last lines that most of them have, but for the number in them."""
    if len(pages) < 3:
        return [[line for line in page if not line.text.isdigit()] for page in pages]
    ends = Counter(key for page in pages for key in {_key(line) for line in (page[:1] + page[-1:])})
    often = {key for key, count in ends.items() if count > len(pages) / 2}
    return [
        [
            line
            for place, line in enumerate(page)
            if place not in (0, len(page) - 1) or _key(line) not in often
        ]
        for page in pages
    ]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _lines(document: Any, number: int) -> list[Line]:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return list(_placed(text))
        finally:
            text.close()
    finally:
        page.close()


def _placed(page: Any) -> Iterator[Line]:
    """The lines of a page's text with their places, which are those of their first and last characters."""
    text = page.get_text_range()
    exact = page.count_chars() == len(text)  # else characters beyond 16 bits have shifted the rest
    start = 0
    for piece in text.splitlines(keepends=True):
        line = piece.strip()
        first = start + len(piece) - len(piece.lstrip())
        start += len(piece)
        if not line:
            continue
        if not exact:
            yield Line(line)
            continue
        left, bottom, _, top = page.get_charbox(first, loose=True)
        right = page.get_charbox(first + len(line) - 1, loose=True)[2]
        yield Line(line, left, right, bottom, top - bottom)
