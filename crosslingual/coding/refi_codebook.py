"""Codebooks in REFI-QDA 1.5, the exchange format of programs for qualitative analysis (``.qdc``).

https://www.qdasoftware.org, section 5.2 of the standard: namespace ``urn:QDA-XML:codebook:1.0``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from crosslingual import __version__
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.library.codebook import (
    MAX_CODES,
    MAX_DEPTH,
    MAX_NAME_CHARS,
    MAX_NOTE_CHARS,
    Code,
    is_color,
    is_guid,
    sort_codes,
)
from crosslingual.library.coding_values import JOINERS, can_be_seen
from crosslingual.tmx import ILLEGAL_CHARS

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MAX_FILE_BYTES = 16 * 2**20
MAX_ELEMENTS = 50_000
_MAX_XML_DEPTH = 64
_EXAMPLES_HEADING = "Examples:"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class ImportedCodebook:
    """Codes of a file, each behind the one above it; ``flaws`` are what could not be taken over as it stands."""

    codes: tuple[Code, ...]
    flaws: tuple[str, ...]


def codebook_bytes(codes: Iterable[Code]) -> bytes:
    """A ``.qdc`` file.

    Raises:
        InputError: there are no codes, which the format does not allow.
    """
    root = Element("CodeBook", {"xmlns": NAMESPACE, "origin": f"crosslingual {__version__}"})
    add_code_elements(root, codes)
    return xml_bytes(root)


def add_code_elements(parent: Element, codes: Iterable[Code]) -> None:
    """Put the element ``Codes`` into ``parent``, as codebooks and projects have it.

    Raises:
        InputError: there are none.
    """
    own = sort_codes(codes)
    if not own:
        raise InputError("no codes to export; add one with: crosslingual code add NAME")
    elements = {"": SubElement(parent, "Codes")}
    for code in own:
        attributes = {"guid": code.id, "name": code.name, "isCodable": "true", "color": code.color}
        elements[code.id] = element = SubElement(elements[code.parent], "Code", attributes)
        if told := _join_description(code):
            SubElement(element, "Description").text = told


def xml_bytes(root: Element) -> bytes:
    """``root`` as a file; what XML cannot hold is a replacement character."""
    for element in root.iter():
        element.text = element.text and ILLEGAL_CHARS.sub(_REPLACEMENT, element.text)
        for name, value in element.items():
            element.set(name, ILLEGAL_CHARS.sub(_REPLACEMENT, value))
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def read_codebook(path: Path) -> ImportedCodebook:
    """The codes of a ``.qdc`` file, which may be hostile: it is bounded, and a document type is refused.

    Raises:
        InputError: it cannot be read, is too large or no such codebook.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    return parse_codebook(content, path.name)


def parse_codebook(content: bytes, name: str) -> ImportedCodebook:
    """As :func:`read_codebook`, of the ``content`` of the file that messages call ``name``."""
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB; export the codebook alone")
    reader = _CodebookReader(name)
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            (reader.open_element if event == "start" else reader.close_element)(element)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        reason = "a document type" if isinstance(error, DefusedXmlException) else str(error)[:80]
        raise InputError(f"{name}: not a codebook in XML ({reason}); export it anew as .qdc") from None
    if not reader.codes:
        raise InputError(f"{name}: no codes in it; export a codebook as .qdc (REFI-QDA)")
    return reader.finish()


class _CodebookReader:
    """Gathers codes while a file is read; namespaces are not looked at, since programs write several."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.codes: dict[str, Code] = {}
        self._open: list[str] = []
        self._tags: list[str] = []
        self._n_elements = 0
        self._flaws: dict[str, int] = {}
        self._names: set[tuple[str, str]] = set()

    def open_element(self, element: Element) -> None:
        tag = _local_name(element)
        if not self._tags and tag not in ("CodeBook", "Project"):
            raise InputError(f"{self._name}: its root is {tag[:40]!r}, not CodeBook; export it anew as .qdc")
        self._tags.append(tag)
        self._n_elements += 1
        if self._n_elements > MAX_ELEMENTS:
            raise InputError(f"{self._name}: more than {MAX_ELEMENTS:,} elements; export the codebook alone")
        if len(self._tags) > _MAX_XML_DEPTH:
            raise InputError(f"{self._name}: nested more than {_MAX_XML_DEPTH} deep; export it anew")
        if tag == "Code" and len(self._tags) > 1 and self._tags[-2] in ("Codes", "Code"):
            self._open.append(self._add_code(element))
        elif tag == "Set":
            self._count_flaw("sets are left out")

    def close_element(self, element: Element) -> None:
        tag, above = self._tags.pop(), self._tags[-1] if self._tags else ""
        if tag == "Code" and above in ("Codes", "Code") and self._open:
            self._open.pop()
        elif tag == "Description" and above == "Code" and self._open:
            self._describe(self._open[-1], "".join(element.itertext()))
        if "Description" not in self._tags:  # whose text may have marks in it
            element.clear()

    def finish(self) -> ImportedCodebook:
        told = (f"{text} ({count:,})" if count > 1 else text for text, count in self._flaws.items())
        return ImportedCodebook(tuple(self.codes.values()), tuple(told))

    def _add_code(self, element: Element) -> str:
        if len(self.codes) >= MAX_CODES:
            raise InputError(f"{self._name}: more than {MAX_CODES:,} codes; split the codebook")
        given = element.get("guid", "").strip().strip("{}").lower()
        if not is_guid(given) or given in self.codes:
            self._count_flaw("a code without an id of its own has a new one")
            given = str(uuid4())
        parent = self._open[-1] if self._open else ""
        if len(self._open) >= MAX_DEPTH:
            self._count_flaw(f"codes more than {MAX_DEPTH} deep stand higher")
            parent = self._open[MAX_DEPTH - 2]
        color = element.get("color", "").strip().lower()
        if color and not is_color(color):
            self._count_flaw("a colour that is none is left out")
            color = ""
        if element.get("isCodable", "true").strip() in ("false", "0"):
            self._count_flaw("codes that only hold others can be given here too")
        self.codes[given] = Code(
            self._free_name(element.get("name", ""), parent), "", "", color, parent, given
        )
        return given

    def _free_name(self, text: str, parent: str) -> str:
        shown = " ".join(
            "".join(char if char.isprintable() or char in JOINERS else " " for char in text).split()
        )
        name = shown[:MAX_NAME_CHARS].strip()
        name = name if can_be_seen(name) else "Unnamed"
        if name != " ".join(text.split()):
            self._count_flaw(
                "a name is missing, too long or has characters that cannot be seen, and was changed"
            )
        free = _take_name(name, parent, self._names)
        if free != name:
            self._count_flaw("of codes with one name beside one another all but the first have a number")
        return free

    def _describe(self, code_id: str, text: str) -> None:
        definition, examples = _split_description(text)
        if max(len(definition), len(examples)) > MAX_NOTE_CHARS:
            self._count_flaw(f"a description of more than {MAX_NOTE_CHARS:,} characters is cut")
        self.codes[code_id] = replace(
            self.codes[code_id], definition=definition[:MAX_NOTE_CHARS], examples=examples[:MAX_NOTE_CHARS]
        )

    def _count_flaw(self, text: str) -> None:
        self._flaws[text] = self._flaws.get(text, 0) + 1


def add_imported(library: Library, imported: ImportedCodebook, name: str) -> ImportedCodebook:
    """Put into the library's codebook what of ``imported`` is new, as one operation; ``name`` is the file's.

    Raises:
        InputError: the codebook would be too full or too deep.
        LibraryError: the library cannot be written.
    """
    new = merge_codebooks(library.load_codes(), imported)
    if new.codes:
        library.add_codes(new.codes, f"codebook imported: {name}")
    return new


def merge_codebooks(known: Sequence[Code], imported: ImportedCodebook) -> ImportedCodebook:
    """What of ``imported`` is new beside ``known`` codes, which stay as they are."""
    by_id = {one.id: one for one in known}
    taken = {(one.parent, one.name.lower()) for one in known}
    new, flaws = [], list(imported.flaws)
    for code in imported.codes:
        if code.id in by_id:
            mine = by_id[code.id]
            if (mine.name, mine.definition, mine.examples) != (code.name, code.definition, code.examples):
                flaws.append(f"{mine.name}: is in the codebook with other words, which stay")
            continue
        name = _take_name(code.name, code.parent, taken)
        if name != code.name:
            flaws.append(f"{code.name}: another code has that name; this one is {name}")
        new.append(replace(code, name=name))
    return ImportedCodebook(tuple(new), tuple(flaws))


def _take_name(name: str, parent: str, taken: set[tuple[str, str]]) -> str:
    """``name``, with a number where it is ``taken`` below ``parent``; from then on it is."""
    number, free = 1, name
    while (parent, free.lower()) in taken:
        number += 1
        free = f"{name[: MAX_NAME_CHARS - 8]} ({number})"
    taken.add((parent, free.lower()))
    return free


def _join_description(code: Code) -> str:
    examples = f"{_EXAMPLES_HEADING}\n{code.examples}" if code.examples else ""
    return "\n\n".join(part for part in (code.definition, examples) if part)


def _split_description(text: str) -> tuple[str, str]:
    parts = re.split(rf"^{_EXAMPLES_HEADING}\n", text.replace("\r\n", "\n"), maxsplit=1, flags=re.MULTILINE)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
