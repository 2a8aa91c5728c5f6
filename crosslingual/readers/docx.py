"""Word documents (DOCX): one article a file, its paragraphs and the cells of its tables, by python-docx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, Record, build_record
from crosslingual.zips import convert_zip_errors, open_zip

if TYPE_CHECKING:
    from docx.document import Document

MAX_UNPACKED_BYTES = 256 * 2**20
"""Bytes of a document when it is unpacked."""

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_DAMAGED_MESSAGE = "a damaged Word document; save it anew"
_TITLE_STYLES = ("Title", "Heading 1")


def read_docx(file: File) -> Iterator[Record | Problem]:
    """The document as one record.

    Raises:
        InputError: it is no DOCX, too large when unpacked, or needs a password.
        OSError: the file cannot be read.
    """
    with file.open() as stream:
        if stream.read(4) == _OLE_SIGNATURE:
            raise InputError("an old or encrypted Word document; save it as DOCX without a password")
        stream.seek(0)
        with open_zip(stream, MAX_UNPACKED_BYTES, _DAMAGED_MESSAGE):
            pass
        stream.seek(0)
        with needs_extra("readers"):
            from docx import Document
        with convert_zip_errors(_DAMAGED_MESSAGE):
            document = Document(stream)
    paragraphs = list(_styled_paragraphs(document))
    title = document.core_properties.title.strip()
    if paragraphs and paragraphs[0][1] in _TITLE_STYLES:
        title = paragraphs.pop(0)[0]
    text = "\n".join(text for text, _ in paragraphs)
    fields = {"text": text, "title": title, "author": _document_author(document)}
    yield from build_record(fields, file.path, 0)


def _document_author(document: Document) -> str:
    author = document.core_properties.author
    return "" if author == "python-docx" else author


def _styled_paragraphs(document: Document) -> Iterator[tuple[str, str]]:
    """Texts with the names of their styles, in their order; tracked changes are accepted."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    signs = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    for element in document.element.body.iter(qn("w:p")):
        if next(element.iterancestors(fallback), None) is not None:  # says again what stands before it
            continue
        text = "".join(
            signs.get(node.tag) or node.text or ""
            for node in element.iter(qn("w:t"), *signs)
            if next(node.iterancestors(qn("w:p"))) is element  # not of a box inside the paragraph
        ).strip()
        if text:
            style = Paragraph(element, document._body).style  # as its own iterators do
            yield text, (style.name or "") if style else ""
