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
from crosslingual.language.scripts import WIDE_CHARS
from crosslingual.readers.file import File
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, build_record

MAX_PAGES = 1_000

_HYPHENS = ("-", "\xad", "\u2010", "\ufffe", "\x02")  # the last two are PDFium's for one at a line's end
_SENTENCE_END = re.compile(r"[.!?…。！？:：;；][\"'»”’」』)）]*$")
_WIDE_CHAR = re.compile(f"[{WIDE_CHARS}]")
_DIGITS = re.compile(r"\d+")
_GENERATED_TITLE = re.compile(
    r"microsoft word|untitled|\.(docx?|indd|qxd|pdf|odt|tex|pages)$|^\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page, and where it stands: points from the page's left and lower edge."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    height: float = 0.0


def read_pdf(file: File) -> Iterator[Record | Problem]:
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
            pages = _read_pages(document)
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
        "text": "\n".join(join_paragraphs(_remove_running_heads(pages))),
        "title": "" if _GENERATED_TITLE.search(title) else title,
        "author": about.get("Author", ""),
    }
    yield from build_record(fields, file.path, 0)


def _read_pages(document: Any) -> list[list[PageLine]]:
    if len(document) > MAX_PAGES:
        raise InputError(f"more than {MAX_PAGES:,} pages; split it into smaller files")
    pages: list[list[PageLine]] = []
    size = 0
    for number in range(len(document)):
        pages.append(_read_lines(document, number))
        size += sum(len(line.text) for line in pages[-1])
        if size > 2 * MAX_TEXT_CHARS:
            raise InputError(f"more than {MAX_TEXT_CHARS:,} characters; split it into smaller files")
    return pages


def join_paragraphs(pages: Sequence[Sequence[PageLine]]) -> list[str]:
    """Lines joined into paragraphs, across pages; words that were cut at a line's end are whole again."""
    lines = [line for page in pages for line in page]
    pitch = median([_vertical_gap(one, other) for one, other in pairwise(lines)] or [0])
    width = max((line.right for line in lines), default=0)
    found: list[str] = []
    last: PageLine | None = None
    for line in lines:
        if last is None or _starts_paragraph(last, line, pitch, width):
            found.append(line.text)
        else:
            found[-1] = _join_line(found[-1], line.text)
        last = line
    return [text.rstrip("".join(_HYPHENS[1:])) for text in found]


def _starts_paragraph(previous: PageLine, line: PageLine, pitch: float, width: float) -> bool:
    """Whether a paragraph begins with ``line``: by space, size, indent, or a last line that ends short."""
    if not line.height or not previous.height:
        return bool(_SENTENCE_END.search(previous.text)) and len(previous.text) < 0.8 * len(line.text)
    if previous.text.endswith(_HYPHENS[2:]):
        return False
    if abs(previous.height - line.height) > 0.25 * max(previous.height, line.height):
        return True
    down = _vertical_gap(previous, line)
    if down > 1.4 * max(pitch, line.height):
        return True
    if down > 0 and line.left - previous.left > 0.8 * line.height and _SENTENCE_END.search(previous.text):
        return True
    return bool(_SENTENCE_END.search(previous.text)) and previous.right < width - 4 * line.height


def _vertical_gap(upper: PageLine, lower: PageLine) -> float:
    """How far ``lower`` stands below ``upper``; nothing where it begins a column or a page."""
    return max(upper.bottom - lower.bottom, 0.0)


def _join_line(text: str, line: str) -> str:
    if text.endswith(_HYPHENS) and len(text) > 1 and text[-2].isalpha():
        # A hyphen before a capital is the word's own: Nord-Süd.
        if line[:1].islower() or text[-1] != "-":
            return text[:-1] + line
        return text + line
    if _WIDE_CHAR.match(text[-1:]) and _WIDE_CHAR.match(line[:1]):
        return text + line
    return f"{text} {line}"


def _remove_running_heads(pages: list[list[PageLine]]) -> list[list[PageLine]]:
    """Pages without first and last lines that most of them have, but for the number in them."""
    if len(pages) < 3:
        return [[line for line in page if not line.text.isdigit()] for page in pages]
    ends = Counter(key for page in pages for key in {_line_key(line) for line in (page[:1] + page[-1:])})
    often = {key for key, count in ends.items() if count > len(pages) / 2}
    return [
        [
            line
            for place, line in enumerate(page)
            if place not in (0, len(page) - 1) or _line_key(line) not in often
        ]
        for page in pages
    ]


def _line_key(line: PageLine) -> str:
    return _DIGITS.sub("#", line.text)


def _read_lines(document: Any, number: int) -> list[PageLine]:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return list(_positioned_lines(text))
        finally:
            text.close()
    finally:
        page.close()


def _positioned_lines(page: Any) -> Iterator[PageLine]:
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
            yield PageLine(line)
            continue
        left, bottom, _, top = page.get_charbox(first, loose=True)
        right = page.get_charbox(first + len(line) - 1, loose=True)[2]
        yield PageLine(line, left, right, bottom, top - bottom)
