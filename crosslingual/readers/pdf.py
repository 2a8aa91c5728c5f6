"""PDF files with a text layer: one article a file, its lines joined into paragraphs, by pypdfium2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.readers.file import File
from crosslingual.readers.pdf_heads import remove_running_heads
from crosslingual.readers.pdf_layout import PageLine, read_page_lines
from crosslingual.readers.pdf_text import join_paragraphs
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, build_record

MAX_PAGES = 1_000

_MAX_NAMED_LINES, _MAX_NAMED_CHARS = 3, 80
_GENERATED_TITLE = re.compile(
    r"microsoft word|untitled|\.(docx?|indd|qxd|pdf|odt|tex|pages)$|^\W*$", re.IGNORECASE
)


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
    found = remove_running_heads(pages)
    title = about.get("Title", "")
    fields = {
        "text": "\n".join(join_paragraphs(found.pages)),
        "title": "" if _GENERATED_TITLE.search(title) else title,
        "author": about.get("Author", ""),
    }
    if found.doubtful:
        yield Problem(file.path, 0, _describe_doubtful(found.doubtful), is_warning=True)
    if unmapped := sum(line.n_unmapped for page in found.pages for line in page):
        chars = f"{unmapped:,} {'character' if unmapped == 1 else 'characters'}"
        message = f"{chars} of a font that does not say which they are; compare with the original"
        yield Problem(file.path, 0, message, is_warning=True)
    yield from build_record(fields, file.path, 0)


def _describe_doubtful(lines: Sequence[str]) -> str:
    """What was left out though it may be text, in one line."""
    named = ", ".join(f'"{line[:_MAX_NAMED_CHARS]}"' for line in lines[:_MAX_NAMED_LINES])
    more = f" and {len(lines) - _MAX_NAMED_LINES} more" if len(lines) > _MAX_NAMED_LINES else ""
    return f"alike on two pages and left out as head or foot: {named}{more}; look whether it is text"


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


def _read_lines(document: Any, number: int) -> list[PageLine]:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return read_page_lines(text)
        finally:
            text.close()
    finally:
        page.close()
