"""PDF files: one article a file, its lines joined into paragraphs, by pypdfium2; scanned ones by OCR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.readers.file import File
from crosslingual.readers.ocr import DOTS_PER_INCH, MAX_SCANNED_PAGES, read_scanned_pages
from crosslingual.readers.pdf_heads import describe_doubtful, remove_running_heads
from crosslingual.readers.pdf_layout import PageLine, read_page_lines
from crosslingual.readers.pdf_text import join_paragraphs
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, build_record

MAX_PAGES = 1_000
_MAX_NAMED_PAGES = 5
_MAX_SIDE = 6_000
"""Dots of the longer side of a page that is drawn."""

_GENERATED_TITLE = re.compile(
    r"microsoft word|untitled|\.(docx?|indd|qxd|pdf|odt|tex|pages)$|^\W*$", re.IGNORECASE
)


def read_pdf(file: File) -> Iterator[Record | Problem]:
    """The document as one record.

    Raises:
        InputError: it is no PDF, needs a password, has too many pages, or no text layer
            and Tesseract is not there or reads nothing.
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
            title = about.get("Title", "")
            fields = {
                "title": "" if _GENERATED_TITLE.search(title) else title,
                "author": about.get("Author", ""),
            }
            if not any(map(_has_text, pages)):
                yield from read_scanned_pages(file, _draw_pages(document), fields)
                return
            pictures = [
                number
                for number, page in enumerate(pages)
                if not _has_text(page) and _is_picture(document, number)
            ]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise InputError("needs a password; save it without one") from None
        raise InputError("no PDF, or a damaged one; save or fetch it anew") from None
    found = remove_running_heads(pages)
    fields["text"] = "\n".join(join_paragraphs(found.pages))
    if pictures:
        yield Problem(file.path, 0, _describe_pictures(pictures), is_warning=True)
    if found.doubtful:
        yield Problem(file.path, 0, describe_doubtful(found.doubtful), is_warning=True)
    if unmapped := sum(line.n_unmapped for page in found.pages for line in page):
        chars = f"{unmapped:,} {'character' if unmapped == 1 else 'characters'}"
        message = f"{chars} of a font that does not say which they are; compare with the original"
        yield Problem(file.path, 0, message, is_warning=True)
    yield from build_record(fields, file.path, 0)


def _has_text(page: Sequence[PageLine]) -> bool:
    return any(char.isalnum() for line in page for char in line.text)


def _is_picture(document: Any, number: int) -> bool:
    """Whether a picture covers most of a page, as a scanner leaves it."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    page = document[number]
    try:
        width, height = page.get_size()
        bounds = [one.get_bounds() for one in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=2)]
        return any(
            (right - left) * (top - bottom) > width * height / 2 for left, bottom, right, top in bounds
        )
    finally:
        page.close()


def _describe_pictures(numbers: Sequence[int]) -> str:
    named = ", ".join(str(number + 1) for number in numbers[:_MAX_NAMED_PAGES])
    more = " …" if len(numbers) > _MAX_NAMED_PAGES else ""
    pages = "page" if len(numbers) == 1 else "pages"
    return (
        f"{pages} {named}{more} without a text layer, left out: only pictures; run OCR on it if there is text"
    )


def _draw_pages(document: Any) -> Iterator[bytes]:
    """Each page in greys, as a file of the format PGM."""
    if len(document) > MAX_SCANNED_PAGES:
        raise InputError(f"more than {MAX_SCANNED_PAGES} scanned pages; split it into smaller files")
    for number in range(len(document)):
        page = document[number]
        try:
            scale = min(DOTS_PER_INCH / 72, _MAX_SIDE / max(page.get_size()))
            bitmap = page.render(scale=scale, grayscale=True)
            try:
                rows = bytes(bitmap.buffer)
                lines = (
                    rows[at : at + bitmap.width]
                    for at in range(0, bitmap.stride * bitmap.height, bitmap.stride)
                )
                yield b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
            finally:
                bitmap.close()
        finally:
            page.close()


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
