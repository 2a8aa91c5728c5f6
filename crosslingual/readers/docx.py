"""Word documents (DOCX): one article a file, its paragraphs and the cells of its tables, by python-docx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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
    """Texts with the names of their styles, in their order; tracked changes are accepted, hidden text is not read."""
    from docx.text.paragraph import Paragraph

    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    hidden_styles = _find_hidden_styles(document)
    kept = ""  # of a paragraph whose end was deleted
    for element in document.element.body.iter(f"{_W}p"):
        if next(element.iterancestors(fallback), None) is not None:  # says again what stands before it
            continue
        kept += _visible_text(element, hidden_styles)
        if element.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            continue
        text, kept = kept.strip(), ""
        if text:
            style = Paragraph(element, document._body).style  # as its own iterators do
            yield text, (style.name or "") if style else ""
    if kept.strip():
        yield kept.strip(), ""


def _visible_text(paragraph: Any, hidden_styles: frozenset[str]) -> str:
    """The text of a paragraph without what was deleted, moved away or hidden, and without codes of fields."""
    signs = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    gone = {f"{_W}del", f"{_W}moveFrom"}
    pieces: list[str] = []
    in_code: list[bool] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}fldChar", *signs):
        above = list(node.iterancestors(f"{_W}p", f"{_W}r", *gone))
        if next(one for one in above if one.tag == f"{_W}p") is not paragraph:  # of a box inside it
            continue
        if node.tag == f"{_W}fldChar":
            _track_field(in_code, node.get(f"{_W}fldCharType"))
        elif not any(in_code) and not any(
            one.tag in gone or (one.tag == f"{_W}r" and _is_hidden(one, paragraph, hidden_styles))
            for one in above[: above.index(paragraph)]
        ):
            pieces.append(signs.get(node.tag) or node.text or "")
    return "".join(pieces)


def _track_field(in_code: list[bool], kind: str | None) -> None:
    if kind == "begin":
        in_code.append(True)
    elif in_code and kind == "separate":
        in_code[-1] = False
    elif in_code and kind == "end":
        in_code.pop()


def _is_hidden(run: Any, paragraph: Any, hidden_styles: frozenset[str]) -> bool:
    """Whether a run is hidden: by itself, else by its style or that of its paragraph."""
    own = run.find(f"{_W}rPr/{_W}vanish")
    if own is not None:
        return _is_on(own)
    for element, path in ((run, f"{_W}rPr/{_W}rStyle"), (paragraph, f"{_W}pPr/{_W}pStyle")):
        style = element.find(path)
        if style is not None and style.get(f"{_W}val") in hidden_styles:
            return True
    return False


def _find_hidden_styles(document: Document) -> frozenset[str]:
    """Ids of the styles that hide text, those based on them too."""
    bases: dict[str, str] = {}
    hides: dict[str, bool] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        vanish, base = style.find(f"{_W}rPr/{_W}vanish"), style.find(f"{_W}basedOn")
        if vanish is not None:
            hides[name] = _is_on(vanish)
        if base is not None:
            bases[name] = base.get(f"{_W}val", "")
    found = set()
    for name in hides.keys() | bases.keys():
        style_id, seen = name, {name}
        while style_id not in hides and (style_id := bases.get(style_id, "")) not in seen and style_id:
            seen.add(style_id)
        if hides.get(style_id):
            found.add(name)
    return frozenset(found)


def _is_on(setting: Any) -> bool:
    return setting.get(f"{_W}val", "true") not in ("0", "false", "off")
