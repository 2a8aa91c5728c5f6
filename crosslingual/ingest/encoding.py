"""Bytes → text: UTF-8, or UTF-16 with a byte order mark; anything else is a problem, never a guess."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crosslingual.ingest.record import Problem

MAX_FILE = 64 * 2**20
"""Bytes of a file that is read as a whole."""
MAX_LINE = 8 * 2**20
"""Bytes of a line of a file that is read line by line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Line ``number``, counted from 1; ``end`` is the offset in bytes behind it, 0 where unknown."""

    number: int
    end: int
    text: str | Problem


_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str | Problem:
    """The text of a whole file.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        return Problem(path, 0, f"larger than {MAX_FILE // 2**20} MB; split it into smaller files")
    try:
        return content.decode("utf-16" if content.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(path, content.count(b"\n", 0, error.start) + 1, _undecodable(error))


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file; of UTF-8 no more than one of them is held.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if file.read(2) not in _UTF16:
            file.seek(0)
            number = 0
            while content := file.readline(MAX_LINE + 1):
                number += 1
                text = _line(content, path, number)
                while len(content) > MAX_LINE and not content.endswith(b"\n"):
                    content = file.readline(MAX_LINE + 1) or b"\n"
                yield Line(number, file.tell(), text)
            return
    whole = read_text(path)
    if isinstance(whole, Problem):
        yield Line(whole.line, 0, whole)
    else:
        for number, text in enumerate(whole.split("\n"), 1):
            yield Line(number, 0, text)


def _line(content: bytes, path: Path, number: int) -> str | Problem:
    if len(content) > MAX_LINE:
        return Problem(path, number, f"line of more than {MAX_LINE // 2**20} MB; split or shorten it")
    try:
        return content.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        return Problem(path, number, _undecodable(error))


def _undecodable(error: UnicodeDecodeError) -> str:
    return f"not {error.encoding.upper()} (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
