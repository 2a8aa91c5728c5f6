"""Translation memories in TMX 1.4b, the exchange format of translators.

https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges
from xml.sax.saxutils import escape, quoteattr
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException, sax

from crosslingual import __version__
from crosslingual.errors import InputError

MAX_FILE_BYTES = 256 * 2**20
MAX_TEXT_CHARS = 10_000  # of one segment or note: a memory holds sentences
MAX_DEPTH = 64
MAX_VARIANTS = 100  # of one translation unit

_CHUNK_BYTES = 2**16
_ANY_LANGUAGE = "*all*"
_NATIVE_ELEMENTS = frozenset(
    {"bpt", "ept", "it", "ph", "ut"}
)  # what these hold is mark-up of the original file
ILLEGAL_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


@dataclass(frozen=True, slots=True)
class MemoryEntry:
    """Somebody translated ``src`` as ``tgt``; languages are ISO 639-1, ``note`` says who or how."""

    src_lang: str
    tgt_lang: str
    src: str
    tgt: str
    note: str = ""


def read_tmx(path: Path, target_lang: str | None = None) -> Iterator[MemoryEntry]:
    """The entries of a TMX file, in its order, while it is being read.

    A translation unit gives one entry from its source language to each other language, and one for
    every ordered pair where its ``srclang`` is ``*all*``. Language tags are cut to their primary
    subtag (``zh-CN`` is ``zh``). Native codes inside a segment are dropped, ``hi`` and ``sub`` are
    read as text. A unit without a note of its own has the header's. A document type is accepted and
    never fetched; entities are refused.

    Args:
        path: the file.
        target_lang: only entries into this language.

    Yields:
        Entries; some may come before the error that names a later fault.

    Raises:
        InputError: the file cannot be read, is not TMX, or exceeds ``MAX_FILE_BYTES`` or ``MAX_TEXT_CHARS``.
    """
    parser = TmxParser()
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB; split it into smaller files")
        with path.open("rb") as file:
            parser.feed(b"")  # else an empty file would not even be begun
            while chunk := file.read(_CHUNK_BYTES):
                parser.feed(chunk)
                yield from _select_entries(parser.take_entries(), target_lang)
            parser.close()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except TmxError as fault:
        raise InputError(f"{path}: {fault}") from None
    yield from _select_entries(parser.take_entries(), target_lang)


def _select_entries(entries: Iterable[MemoryEntry], target_lang: str | None) -> Iterator[MemoryEntry]:
    return (entry for entry in entries if target_lang is None or entry.tgt_lang == target_lang)


class TmxError(InputError):
    """What is wrong with TMX, and on which line of what was fed."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class TmxParser:
    """Reads TMX that is fed to it in pieces; after a fault nothing more can be fed."""

    def __init__(self) -> None:
        parser = sax.make_parser()
        # A reference to a DTD is skipped, neither fetched nor an error: most TMX files name one nobody has.
        parser.forbid_external = False
        parser.setFeature(feature_external_ges, state=False)
        self._parser = parser
        self._handler = _TmxHandler(self._raise_fault)
        parser.setContentHandler(self._handler)

    @property
    def is_inside_unit(self) -> bool:
        """Whether a translation unit has begun and not ended."""
        return self._handler.is_inside_unit

    def feed(self, piece: bytes | str) -> None:
        """Read on.

        Raises:
            TmxError: it is no TMX, or has something that is refused.
        """
        with self._convert_faults():
            self._parser.feed(piece)

    def close(self) -> None:
        """Tell that there is no more.

        Raises:
            TmxError: something is missing.
        """
        with self._convert_faults():
            self._parser.close()

    def take_entries(self) -> Iterator[MemoryEntry]:
        """The entries of the units that ended since the last call."""
        return self._handler.take_entries()

    def _raise_fault(self, reason: str) -> NoReturn:
        raise TmxError(self._parser.getLineNumber() or 1, reason)

    @contextmanager
    def _convert_faults(self) -> Iterator[None]:
        try:
            yield
        except TmxError:
            raise
        except DefusedXmlException:
            self._raise_fault("declares an entity, which is refused for safety; write the character itself")
        except SAXParseException as error:
            reason = f"not well-formed XML ({error.getMessage()}); mend it or export it again"
            raise TmxError(error.getLineNumber() or 1, reason) from None
        except (LookupError, ValueError) as error:  # of pyexpat, for an encoding that it cannot read
            self._raise_fault(f"{error}; convert the file to UTF-8")


def write_tmx(entries: Iterable[MemoryEntry], output: Path | BinaryIO, *, note: str = "") -> None:
    """Write entries as TMX 1.4b in UTF-8, one translation unit each.

    ``note`` stands once in the header and speaks for every entry that has none of its own.
    What ``read_tmx`` reads back is equal, save that characters XML cannot hold become U+FFFD.
    """
    if isinstance(output, Path):
        with output.open("wb") as file:
            write_tmx(entries, file, note=note)
        return
    for line in _format_lines(entries, note):
        output.write(f"{line}\n".encode())


def _format_lines(entries: Iterable[MemoryEntry], note: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<tmx version="1.4">'
    yield (
        f'<header creationtool="crosslingual" creationtoolversion={quoteattr(__version__)} segtype="sentence"'
        f' o-tmf="crosslingual" adminlang="en" srclang="{_ANY_LANGUAGE}" datatype="plaintext">'
        f"{_format_note(note)}</header>"
    )
    yield "<body>"
    for entry in entries:
        yield f"<tu srclang={quoteattr(entry.src_lang)}>{_format_note('' if entry.note == note else entry.note)}"
        yield f"  <tuv xml:lang={quoteattr(entry.src_lang)}><seg>{_escape_text(entry.src)}</seg></tuv>"
        yield f"  <tuv xml:lang={quoteattr(entry.tgt_lang)}><seg>{_escape_text(entry.tgt)}</seg></tuv>"
        yield "</tu>"
    yield "</body>"
    yield "</tmx>"


def _format_note(text: str) -> str:
    return f"<note>{_escape_text(text)}</note>" if text else ""


def _escape_text(text: str) -> str:
    # A bare carriage return would come back as a line feed (XML 1.0, 2.11).
    return escape(ILLEGAL_CHARS.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})


@dataclass(slots=True)
class _TranslationUnit:
    srclang: str
    note: str
    variants: list[tuple[str, str]] = field(default_factory=list)  # language tag, segment

    def make_entries(self) -> Iterator[MemoryEntry]:
        for tag, src in self._source_variants():
            src_lang = _primary_subtag(tag)
            for other, tgt in self.variants:
                if (tgt_lang := _primary_subtag(other)) != src_lang:
                    yield MemoryEntry(src_lang, tgt_lang, src, tgt, self.note)

    def _source_variants(self) -> list[tuple[str, str]]:
        if self.srclang == _ANY_LANGUAGE:
            return self.variants
        same = [
            variant
            for variant in self.variants
            if _primary_subtag(variant[0]) == _primary_subtag(self.srclang)
        ]
        # Of zh-CN and zh-TW, the one that the unit names is what was translated.
        return sorted(same, key=lambda variant: variant[0] != self.srclang)[:1]


class _TmxHandler(ContentHandler):
    """Gathers translation units from parser events; memory is bounded by one unit."""

    def __init__(self, raise_error: Callable[[str], NoReturn]) -> None:
        super().__init__()
        self._raise_error = raise_error
        self._finished_units: list[_TranslationUnit] = []
        self._path: list[str] = []
        self._header = _TranslationUnit(srclang="", note="")
        self._unit = self._header
        self._language_tag = ""
        self._open_text: list[str] | None = None  # of the segment or note that is open
        self._n_chars = 0

    @property
    def is_inside_unit(self) -> bool:
        return "tu" in self._path

    def take_entries(self) -> Iterator[MemoryEntry]:
        """The entries gathered since the last call."""
        done, self._finished_units = self._finished_units, []
        return (entry for unit in done for entry in unit.make_entries())

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX's name
        if not self._path and name != "tmx":
            self._raise_error(
                f"<{name[:40]}> where <tmx> should stand: not a translation memory; export it as TMX"
            )
        if len(self._path) == MAX_DEPTH:
            self._raise_error(f"elements nested more than {MAX_DEPTH} deep; export the file again")
        self._path.append(name)
        match name:
            case "header":
                self._header.srclang = attrs.get("srclang", "").lower()
            case "tu":
                srclang = attrs.get("srclang", self._header.srclang).lower()
                if not srclang:
                    self._raise_error("no source language; set srclang in the header or in <tu>")
                self._unit = _TranslationUnit(srclang, self._header.note)
            case "tuv":
                self._language_tag = (attrs.get("xml:lang") or attrs.get("lang") or "").lower()
                if not _primary_subtag(self._language_tag):
                    self._raise_error("<tuv> names no language; add xml:lang")
            case "seg" | "note":
                self._open_text, self._n_chars = [], 0

    def endElement(self, name: str) -> None:  # noqa: N802  # SAX's name
        self._path.pop()
        match name:
            case "tu":
                self._finished_units.append(self._unit)
            case "seg":
                if len(self._unit.variants) == MAX_VARIANTS:
                    self._raise_error(f"more than {MAX_VARIANTS} segments in one translation unit; split it")
                self._unit.variants.append((self._language_tag, self._take_text()))
            case "note":
                text = self._take_text()
                if self._path[-1:] != ["tuv"]:  # a remark on one segment does not speak for the unit
                    self._unit.note = text

    def characters(self, content: str) -> None:
        if self._open_text is None or self._path[-1] in _NATIVE_ELEMENTS:
            return
        self._n_chars += len(content)
        if self._n_chars > MAX_TEXT_CHARS:
            self._raise_error(f"a text of more than {MAX_TEXT_CHARS:,} characters; split it into sentences")
        self._open_text.append(content)

    def skippedEntity(self, name: str) -> None:  # noqa: N802  # SAX's name
        self._raise_error(f"&{name[:40]}; is not declared; write the character itself")

    def _take_text(self) -> str:
        text, self._open_text = "".join(self._open_text or ()), None
        return text


def _primary_subtag(tag: str) -> str:
    return re.split("[-_]", tag, maxsplit=1)[0]
