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
from crosslingual.readers.charset import text_log_probability
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem

MAX_LINE_BYTES = 8 * 2**20
"""Bytes of a line of a file that is read line by line."""

CANDIDATE_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "windows-1251", "koi8-r", "koi8-u", "windows-1252")
"""Encodings that are thought of without a declaration, besides UTF-16."""

_SAMPLE_BYTES = 32_768  # bytes that are weighed
_HEAD_BYTES = 4 * 2**20  # bytes of a file read by line that decide on its encoding
_DECLARED_BONUS, _UTF8_BONUS = 6.0, 8.0  # what a declaration, and being valid UTF-8, count in nats
_MIN_CHAR_LOGPROB = -9.5  # nats a character that any text has, and data that is none has not
_MIN_MARGIN = 2.0  # nats by which a reading must be ahead of another
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODEC_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
}
# Codecs that are none of text files, or that read anything.
_EXCLUDED_CODECS = re.compile("utf-7|idna|punycode|.*escape|mbcs|oem|undefined|utf-16.*|utf-32.*")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CONTROL_CHARS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_ENCODING_DECLARATION = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,300}?charset)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)


class UndecodableError(InputError):
    """Bytes that are no text in an encoding that can be told; ``line`` counts from 1, 0 is all."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


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


def detect_encoding(content: bytes, declared: Iterable[str] = ()) -> str:
    """The codec that ``content`` is best read with; its text may still have a fault.

    Args:
        content: the bytes, or the first of them.
        declared: encodings that are declared, the strongest word first.

    Raises:
        UndecodableError: it is no text, or which it is cannot be told.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return codec
    high = len(_HIGH_BYTE.findall(content[: 4 * _SAMPLE_BYTES]))
    if not _HIGH_BYTE.search(content) and b"\0" not in content:
        return "utf-8"
    hints = [codec for name in declared if (codec := _resolve_codec(name))]
    if _try_decode(content, "utf-8") is not None:
        if (high >= 12 or "utf-8" in hints) and b"\0" not in content:
            return "utf-8"
    elif _is_damaged_utf8(content):
        return "utf-8"
    sample = _sample_lines(content)
    return _select_encoding(sample, _score_encodings(content, sample, hints))


def _score_encodings(content: bytes, sample: bytes, hints: Sequence[str]) -> dict[str, float]:
    """How plausible each reading is that is possible."""
    scores: dict[str, float] = {}
    for codec in dict.fromkeys([*hints, *CANDIDATE_ENCODINGS]):
        if _try_decode(content, codec) is not None and (text := _try_decode(sample, codec)):
            bonus = _DECLARED_BONUS * (codec in hints[:1]) + _UTF8_BONUS * (codec == "utf-8")
            scores[codec] = text_log_probability(text) + bonus
    return scores | _score_utf16(content, sample)


def _select_encoding(sample: bytes, scores: Mapping[str, float]) -> str:
    ranked = sorted(scores, key=lambda codec: -scores[codec])
    if not ranked or scores[ranked[0]] < _MIN_CHAR_LOGPROB * len(sample.decode(ranked[0], "ignore")):
        raise UndecodableError("in no encoding that can be told; save the file as UTF-8")
    best = sample.decode(ranked[0], "ignore")
    if len(_CONTROL_CHARS.findall(best)) * 50 > len(best):
        raise UndecodableError("no text but data; save it as text in UTF-8")
    sure = (
        _MIN_MARGIN if len(sample) > 4 else 3 * _MIN_MARGIN
    )  # else a letter or two, without anything around them
    for codec in ranked[1:]:
        if scores[codec] > scores[ranked[0]] - sure and sample.decode(codec, "ignore") != best:
            raise UndecodableError(f"{ranked[0]} or {codec}, too short to tell; save the file as UTF-8")
    return ranked[0]


def decode_text(content: bytes, declared: Iterable[str] = (), *, replace_errors: bool = False) -> str:
    """The text of ``content``.

    Args:
        content: the bytes.
        declared: encodings that are declared, the strongest word first.
        replace_errors: replace bytes that the encoding cannot have with U+FFFD, as browsers do.

    Raises:
        UndecodableError: it cannot be decoded; ``line`` says where.
    """
    codec = detect_encoding(content, declared)
    try:
        return content.decode(codec, "replace" if replace_errors else "strict")
    except UnicodeDecodeError as error:
        raise UndecodableError(
            _undecodable_message(error), content.count(b"\n", 0, error.start) + 1
        ) from None


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
    """The lines of a file; but for UTF-16, no more than one of them is held.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open() as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(0)
        whole_lines = head[: head.rfind(b"\n") + 1] if len(head) == _HEAD_BYTES else head
        try:
            codec = detect_encoding(whole_lines or head[: -len(head) % -4 or None])
        except UndecodableError as error:
            yield DecodedLine(error.line, 0, Problem(file.path, error.line, str(error)))
            return
        if not codec.startswith("utf-16"):
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
        return content.decode(codec)
    except UnicodeDecodeError as error:
        return Problem(file.path, number, _undecodable_message(error))


def _undecodable_message(error: UnicodeDecodeError) -> str:
    name = error.encoding.upper()
    return f"not {name} (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"


def _resolve_codec(name: str) -> str:
    """The codec that ``name`` stands for, as pages mean it; empty where it is none of text."""
    try:
        found = codecs.lookup(name.strip()).name
        "a".encode(found)
    except (LookupError, ValueError, TypeError):
        return ""
    if _EXCLUDED_CODECS.fullmatch(found):
        return ""
    return _CODEC_ALIASES.get(found, found)


def _try_decode(content: bytes, codec: str) -> str | None:
    """The text, or None where ``codec`` cannot read it; of a head, a character cut at its end is let pass."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(content, final=len(content) < _HEAD_BYTES)
    except (UnicodeDecodeError, LookupError):
        return None


def _sample_lines(content: bytes) -> bytes:
    """Lines that tell something about the encoding, so many as are worth weighing."""
    if len(content) <= _SAMPLE_BYTES:
        return content
    lines: list[bytes] = []
    size = 0
    for line in content.split(b"\n"):
        if _HIGH_BYTE.search(line):
            lines.append(line[:_SAMPLE_BYTES])
            size += len(lines[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(lines)


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes."""
    text = content[: 8 * _SAMPLE_BYTES].decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(re.findall("[^\x00-\x7f\ufffd]", text))
    return 0 < broken * 20 < good


def _score_utf16(content: bytes, sample: bytes) -> dict[str, float]:
    """Scores of UTF-16 without its mark."""
    if len(content) % 2 and len(content) < _SAMPLE_BYTES:
        return {}
    scores = {}
    even = content[: _SAMPLE_BYTES // 2 * 2]
    for codec in ("utf-16-le", "utf-16-be"):
        text = _try_decode(even, codec)
        if text and "\0" not in text:
            # Said for as many bytes as the others are.
            scores[codec] = text_log_probability(text) * (len(sample) / max(len(even), 1)) - 5
    return scores
