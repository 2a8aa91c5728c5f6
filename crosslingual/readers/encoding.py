"""Bytes → text: UTF-8 where it is that, else the encoding that is declared or that reads most plausibly.

A declaration (byte order mark, HTTP, HTML, XML) is a hint: one that cannot be decoded, or that reads far
worse than another encoding does, is overridden. What reads well in none is a problem, never a guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crosslingual.readers.encoding_detection import (
    HEAD_BYTES,
    MAX_DAMAGE,
    WHOLE_CODECS,
    UndecodableError,
    decode_replacing,
    detect_encoding,
    is_too_damaged,
)
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem

MAX_LINE_BYTES = 8 * 2**20
"""Bytes of a line of a file that is read line by line."""

_ENCODING_DECLARATION = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,300}?charset)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_NULS = re.compile("\0+")


@dataclass(frozen=True, slots=True)
class DecodedLine:
    """Line ``number``, counted from 1; ``end_offset`` is the offset in bytes behind it, 0 where unknown."""

    number: int
    end_offset: int
    text: str | Problem


def declared_encoding(content: bytes) -> str:
    """The encoding that an HTML or XML file names in its head, or empty."""
    match = _ENCODING_DECLARATION.search(content[:4096])
    return match[1].decode("ascii") if match else ""


def decode_text(content: bytes, declared: Iterable[str] = (), *, replace_errors: bool = False) -> str:
    """The text of ``content``; bytes that its encoding cannot have are U+FFFD.

    Args:
        content: the bytes.
        declared: encodings that are declared, the strongest word first.
        replace_errors: however many they are, as browsers do.

    Raises:
        UndecodableError: it cannot be decoded; ``line`` says where.
    """
    codec = detect_encoding(content, declared)
    return _decode_damaged(content, codec, math.inf if replace_errors else MAX_DAMAGE)


def decode_markup(content: bytes, named: str = "") -> str:
    """The text of an HTML or XML file, in the encoding that ``named`` it or that it names, damaged as it may be.

    Raises:
        UndecodableError: no encoding fits.
    """
    return decode_text(content, [named, declared_encoding(content)], replace_errors=True)


def _decode_damaged(content: bytes, codec: str, max_damage: float) -> str:
    """The text, with U+FFFD for what is damaged, zeros too; an error if that is too large a share."""
    text = decode_replacing(content, codec)
    if is_too_damaged(text, max_damage):
        try:
            content.decode(codec)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise UndecodableError(_undecodable_message(error), line) from None
    return _NULS.sub("\N{REPLACEMENT CHARACTER}", text)


def read_text(file: File) -> str | Problem:
    """The text of a whole file.

    Raises:
        InputError: the file is too large.
        OSError: the file cannot be read.
    """
    try:
        return decode_text(file.read(), [file.charset])
    except UndecodableError as error:
        return Problem(file.path, error.line, str(error))


def read_lines(file: File) -> Iterator[DecodedLine]:
    """The lines of a file; but for UTF-16 and its like, no more than one of them is held.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open() as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        whole_lines = head[: head.rfind(b"\n") + 1] if len(head) == HEAD_BYTES else head
        try:
            codec = detect_encoding(whole_lines or head[: -len(head) % -4 or None])
        except UndecodableError as error:
            yield DecodedLine(error.line, 0, Problem(file.path, error.line, str(error)))
            return
        if not codec.startswith(WHOLE_CODECS):
            number = 0
            while content := stream.readline(MAX_LINE_BYTES + 1):
                number += 1
                text = _decode_line(
                    content, codec if number == 1 else codec.removesuffix("-sig"), file, number
                )
                while len(content) > MAX_LINE_BYTES and not content.endswith(b"\n"):
                    content = stream.readline(MAX_LINE_BYTES + 1) or b"\n"
                yield DecodedLine(number, stream.tell(), text)
            return
    whole = read_text(file)
    if isinstance(whole, Problem):
        yield DecodedLine(whole.line, 0, whole)
    else:
        for number, text in enumerate(whole.split("\n"), 1):
            yield DecodedLine(number, 0, text)


def _decode_line(content: bytes, codec: str, file: File, number: int) -> str | Problem:
    if len(content) > MAX_LINE_BYTES:
        return Problem(
            file.path, number, f"line of more than {MAX_LINE_BYTES // 2**20} MB; split or shorten it"
        )
    try:
        return _decode_damaged(content, codec, MAX_DAMAGE)
    except UndecodableError as error:
        return Problem(file.path, number, str(error))


def _undecodable_message(error: UnicodeDecodeError) -> str:
    name = error.encoding.upper()
    return f"not {name} (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
