"""TMX: translations made by hand of sentences in the articles beside it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from crosslingual.errors import InputError
from crosslingual.readers.encoding import declared_encoding
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, clean_text
from crosslingual.readers.xml_repair import lost_signs_message, repair_xml
from crosslingual.tmx import MAX_FILE_BYTES, MemoryEntry, TmxError, TmxParser

_CHUNK_BYTES = 2**16
_MAX_UNIT_CHARS = 2**22
_MAX_HEAD_CHARS = 2**16  # of all before the first unit, which is read anew after each unit that is not right
_UNIT_START = re.compile(r"<tu(?=[\s/>])")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NO_BOMS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def read_translations(file: File) -> Iterator[MemoryEntry | Problem]:
    """The entries of the file, cleaned as the articles' texts are, so that the sentences are found.

    A translation unit that is not right is a problem; those after it are read.

    Raises:
        InputError: the file is no TMX, or ends too early.
    """
    if file.size > MAX_FILE_BYTES:
        raise InputError(f"larger than {MAX_FILE_BYTES // 2**20} MB; split it into smaller files")
    with file.open() as stream:
        for item in _read_units(stream, file):
            if isinstance(item, Problem):
                yield item
                continue
            cleaned = replace(item, src=clean_text(item.src), tgt=clean_text(item.tgt))
            if cleaned.src and cleaned.tgt:
                yield cleaned


def _read_units(stream: BinaryIO, file: File) -> Iterator[MemoryEntry | Problem]:
    units = _split_units(_decode_chunks(stream))
    head, lost = repair_xml(next(units, ""))
    if len(head) > _MAX_HEAD_CHARS:
        raise InputError(
            f"more than {_MAX_HEAD_CHARS // 2**10} KB before the first translation unit; export it without them"
        )
    line, before = 1 + head.count("\n"), head.count("\n")  # of the file, and of what the parser was fed
    parser = _start_parser(head)
    is_sound = True
    for unit in units:
        text, bad = repair_xml(unit)
        lost += bad
        fault = _feed_unit(parser, text, before + 1)
        yield from parser.take_entries()
        is_sound = not fault
        if fault:
            yield Problem(file.path, line + fault.line - before - 1, fault.reason)
            parser, before = _start_parser(head), head.count("\n")
        else:
            before += unit.count("\n")
        line += unit.count("\n")
    if is_sound:
        parser.close()
    if lost:
        yield Problem(file.path, 0, lost_signs_message(lost), is_warning=True)


def _start_parser(head: str) -> TmxParser:
    """A parser that has read all before the first unit."""
    parser = TmxParser()
    parser.feed(head)
    return parser


def _feed_unit(parser: TmxParser, text: str, line: int) -> TmxError | None:
    """What is wrong with a unit, if anything; ``line`` is where the parser is."""
    try:
        parser.feed(text)
    except TmxError as fault:
        return fault
    if parser.is_inside_unit:
        return TmxError(line, "a translation unit that does not end; mend it or export it again")
    return None


def _split_units(chunks: Iterator[str]) -> Iterator[str]:
    """All before the first translation unit, then each unit with what follows it."""
    waiting = ""
    scanned = 1  # what begins the text is no next unit
    for chunk in chunks:
        waiting += chunk
        while match := _UNIT_START.search(waiting, scanned):
            yield waiting[: min(match.start(), _MAX_UNIT_CHARS)]
            waiting, scanned = waiting[match.start() :], 1
        scanned = max(1, len(waiting) - len("<tu"))
        if len(waiting) > 2 * _MAX_UNIT_CHARS:  # only its beginning counts: it is too long
            waiting = waiting[:_MAX_UNIT_CHARS] + waiting[-len("<tu") :]
            scanned = len(waiting) - len("<tu")
    if waiting:
        yield waiting[:_MAX_UNIT_CHARS]


def _decode_chunks(stream: BinaryIO) -> Iterator[str]:
    """The text of the file, whose encoding a mark or the declaration tells."""
    start = stream.read(_CHUNK_BYTES)
    marks = (*_BOMS, *_NO_BOMS)
    codec = next(
        (name for mark, name in marks if start.startswith(mark)), declared_encoding(start) or "utf-8"
    )
    try:
        decoder = codecs.getincrementaldecoder(codec)("replace")
        yield decoder.decode(start)
        while chunk := stream.read(_CHUNK_BYTES):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except (LookupError, ValueError, TypeError) as error:
        raise InputError(f"{error}; convert the file to UTF-8") from None
