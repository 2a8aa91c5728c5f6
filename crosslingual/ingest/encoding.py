"""Bytes → text: UTF-8 where it is that, else the encoding that is declared or that reads most plausibly.

A declaration (byte order mark, HTTP, HTML, XML) is a hint: one that cannot be decoded, or that reads far
worse than another encoding does, is overridden. What reads well in none is a problem, never a guess.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosslingual.errors import InputError
from crosslingual.ingest.charset import plausibility
from crosslingual.ingest.file import File
from crosslingual.ingest.record import Problem

MAX_LINE = 8 * 2**20
"""Bytes of a line of a file that is read line by line."""

CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "windows-1251", "koi8-r", "koi8-u", "windows-1252")
"""Encodings that are thought of without a declaration, besides UTF-16."""

_SAMPLE = 32_768  # bytes that are weighed
_HEAD = 4 * 2**20  # bytes of a file read by line that decide on its encoding
_DECLARED, _UTF8 = 6.0, 8.0  # what a declaration, and being valid UTF-8, count in nats
_FLOOR = -9.5  # nats a character that any text has, and data that is none has not
_SURE = 2.0  # nats by which a reading must be ahead of another
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
}
# Codecs that are none of text files, or that read anything.
_NO_CHARSETS = re.compile("utf-7|idna|punycode|.*escape|mbcs|oem|undefined|utf-16.*|utf-32.*")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_DECLARATION = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,300}?charset)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)


class UndecodableError(InputError):
    """Bytes that are no text in an encoding that can be told; ``line`` counts from 1, 0 is all."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Line:
    """Line ``number``, counted from 1; ``end`` is the offset in bytes behind it, 0 where unknown."""

    number: int
    end: int
    text: str | Problem


def declared(content: bytes) -> str:
    """The encoding that an HTML or XML file names in its head, or empty."""
    match = _DECLARATION.search(content[:4096])
    return match[1].decode("ascii") if match else ""


def encoding_of(content: bytes, named: Iterable[str] = ()) -> str:
    """The codec that ``content`` is best read with; its text may still have a fault.

    Args:
        content: the bytes, or the first of them.
        named: encodings that are declared, the strongest word first.

    Raises:
        UndecodableError: it is no text, or which it is cannot be told.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return codec
    high = len(_HIGH.findall(content[: 4 * _SAMPLE]))
    if not _HIGH.search(content) and b"\0" not in content:
        return "utf-8"
    hints = [codec for name in named if (codec := _codec(name))]
    if _decoded(content, "utf-8") is not None:
        if (high >= 12 or "utf-8" in hints) and b"\0" not in content:
            return "utf-8"
    elif _damaged_utf8(content):
        return "utf-8"
    sample = _sample(content)
    return _surest(sample, _scores(content, sample, hints))


def _scores(content: bytes, sample: bytes, hints: Sequence[str]) -> dict[str, float]:
    """How plausible each reading is that is possible."""
    scores: dict[str, float] = {}
    for codec in dict.fromkeys([*hints, *CANDIDATES]):
        if _decoded(content, codec) is not None and (text := _decoded(sample, codec)):
            bonus = _DECLARED * (codec in hints[:1]) + _UTF8 * (codec == "utf-8")
            scores[codec] = plausibility(text) + bonus
    return scores | _utf16(content, sample)


def _surest(sample: bytes, scores: Mapping[str, float]) -> str:
    ranked = sorted(scores, key=lambda codec: -scores[codec])
    if not ranked or scores[ranked[0]] < _FLOOR * len(sample.decode(ranked[0], "ignore")):
        raise UndecodableError("in no encoding that can be told; save the file as UTF-8")
    best = sample.decode(ranked[0], "ignore")
    if len(_CONTROLS.findall(best)) * 50 > len(best):
        raise UndecodableError("no text but data; save it as text in UTF-8")
    sure = _SURE if len(sample) > 4 else 3 * _SURE  # else a letter or two, without anything around them
    for codec in ranked[1:]:
        if scores[codec] > scores[ranked[0]] - sure and sample.decode(codec, "ignore") != best:
            raise UndecodableError(f"{ranked[0]} or {codec}, too short to tell; save the file as UTF-8")
    return ranked[0]


def decode(content: bytes, named: Iterable[str] = (), *, damaged: bool = False) -> str:
    """The text of ``content``.

    Args:
        content: the bytes.
        named: encodings that are declared, the strongest word first.
        damaged: replace bytes that the encoding cannot have with U+FFFD, as browsers do.

    Raises:
        UndecodableError: it cannot be decoded; ``line`` says where.
    """
    codec = encoding_of(content, named)
    try:
        return content.decode(codec, "replace" if damaged else "strict")
    except UnicodeDecodeError as error:
        raise UndecodableError(_undecodable(error), content.count(b"\n", 0, error.start) + 1) from None


def read_text(file: File) -> str | Problem:
    """The text of a whole file.

    Raises:
        InputError: the file is too large.
        OSError: the file cannot be read.
    """
    try:
        return decode(file.read(), [file.charset])
    except UndecodableError as error:
        return Problem(file.path, error.line, str(error))


def read_lines(file: File) -> Iterator[Line]:
    """The lines of a file; but for UTF-16, no more than one of them is held.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open() as stream:
        head = stream.read(_HEAD)
        stream.seek(0)
        whole_lines = head[: head.rfind(b"\n") + 1] if len(head) == _HEAD else head
        try:
            codec = encoding_of(whole_lines or head[: -len(head) % -4 or None])
        except UndecodableError as error:
            yield Line(error.line, 0, Problem(file.path, error.line, str(error)))
            return
        if not codec.startswith("utf-16"):
            number = 0
            while content := stream.readline(MAX_LINE + 1):
                number += 1
                text = _line(content, codec if number == 1 else codec.removesuffix("-sig"), file, number)
                while len(content) > MAX_LINE and not content.endswith(b"\n"):
                    content = stream.readline(MAX_LINE + 1) or b"\n"
                yield Line(number, stream.tell(), text)
            return
    whole = read_text(file)
    if isinstance(whole, Problem):
        yield Line(whole.line, 0, whole)
    else:
        for number, text in enumerate(whole.split("\n"), 1):
            yield Line(number, 0, text)


def _line(content: bytes, codec: str, file: File, number: int) -> str | Problem:
    if len(content) > MAX_LINE:
        return Problem(file.path, number, f"line of more than {MAX_LINE // 2**20} MB; split or shorten it")
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        return Problem(file.path, number, _undecodable(error))


def _undecodable(error: UnicodeDecodeError) -> str:
    name = error.encoding.upper()
    return f"not {name} (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"


def _codec(name: str) -> str:
    """The codec that ``name`` stands for, as pages mean it; empty where it is none of text."""
    try:
        found = codecs.lookup(name.strip()).name
        "a".encode(found)
    except (LookupError, ValueError, TypeError):
        return ""
    if _NO_CHARSETS.fullmatch(found):
        return ""
    return _ALIASES.get(found, found)


def _decoded(content: bytes, codec: str) -> str | None:
    """The text, or None where ``codec`` cannot read it; of a head, a character cut at its end is let pass."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(content, final=len(content) < _HEAD)
    except (UnicodeDecodeError, LookupError):
        return None


def _sample(content: bytes) -> bytes:
    """Lines that tell something about the encoding, so many as are worth weighing."""
    if len(content) <= _SAMPLE:
        return content
    lines: list[bytes] = []
    size = 0
    for line in content.split(b"\n"):
        if _HIGH.search(line):
            lines.append(line[:_SAMPLE])
            size += len(lines[-1])
        if size >= _SAMPLE:
            break
    return b"\n".join(lines)


def _damaged_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes."""
    text = content[: 8 * _SAMPLE].decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(re.findall("[^\x00-\x7f\ufffd]", text))
    return 0 < broken * 20 < good


def _utf16(content: bytes, sample: bytes) -> dict[str, float]:
    """Scores of UTF-16 without its mark."""
    if len(content) % 2 and len(content) < _SAMPLE:
        return {}
    scores = {}
    even = content[: _SAMPLE // 2 * 2]
    for codec in ("utf-16-le", "utf-16-be"):
        text = _decoded(even, codec)
        if text and "\0" not in text:
            # Said for as many bytes as the others are.
            scores[codec] = plausibility(text) * (len(sample) / max(len(even), 1)) - 5
    return scores
