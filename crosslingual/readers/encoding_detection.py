"""Which encoding bytes are in: UTF-8 where they are that, else what is declared or reads most plausibly.

A declaration (byte order mark, HTTP, HTML, XML) wins unless another encoding reads far better. What reads well
in none is an error, never a guess.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crosslingual.errors import InputError
from crosslingual.readers.charset import score_reading

CANDIDATE_ENCODINGS: dict[str, tuple[float, str]] = {
    codec: (prior, region)
    for prior, region, names in (
        (0.0, "western", "windows-1252"),
        (
            0.0,
            "",
            "gb18030 big5hkscs cp932 euc_jp cp949 cp874 windows-1251 windows-1253 windows-1255 windows-1256",
        ),
        (0.0, "central", "windows-1250"),
        (0.0, "turkish", "windows-1254"),
        (0.0, "baltic", "windows-1257"),
        (-2.0, "", "koi8-r koi8-u iso8859-5 iso8859-6 iso8859-7"),
        (-2.0, "western", "iso8859-15"),
        (-2.0, "central", "iso8859-2"),
        (-2.0, "baltic", "iso8859-13 iso8859-4"),
        (-2.0, "vietnamese", "windows-1258"),
        (-3.0, "", "cp866 cp1125 mac-cyrillic kz1048"),
        (-3.0, "western", "mac-roman cp850"),
        (-3.0, "southern", "iso8859-3"),
        (-4.0, "", "cp737 cp855 cp862 cp720 mac-greek ptcp154"),
        (-4.0, "central", "cp852 mac-latin2"),
        (-4.0, "turkish", "cp857 mac-turkish"),
        (-4.0, "baltic", "cp775"),
    )
    for codec in names.split()
}
"""Encodings that are thought of without a declaration, besides those of Unicode: how rarer ones count, in nats, and
where they are used."""

_SAMPLE_BYTES, _LINE_BYTES = 4_096, 1_024  # bytes that are weighed, and of a line
_FIRST_SAMPLE_BYTES = 1_200  # bytes that are enough where one reading is far ahead
HEAD_BYTES = 4 * 2**20  # bytes of a file read by line that decide on its encoding
_DECLARED_BONUS, _UTF8_BONUS, _UTF16_BONUS = 10.0, 8.0, -5.0  # nats
_MIN_MARGIN, _WIDE_MARGIN = 2.0, 40.0  # nats by which a reading must be ahead of another, and is far ahead
MAX_DAMAGE, _MAX_DECLARED_DAMAGE = 0.05, 0.3  # damaged characters for each sound one beyond ASCII
_SURE_SEQUENCES = 12  # of UTF-8, that are no chance
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_CODECS = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_ESCAPE_CODECS = (("\x1b$)", "iso2022_kr"), ("\x1b$", "iso2022_jp_2"), ("~{", "hz"))
WHOLE_CODECS = ("utf-16", "utf-32", "iso2022", "hz")  # whose lines are not told apart by bytes
_CODEC_ALIASES = {
    "ascii": "windows-1252",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso2022_jp": "iso2022_jp_2",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
}
_NAME_AFFIXES = re.compile("^x-|-[ie]$")  # of names that pages give, which Python does not know
# Codecs that are none of text files, or that read anything.
_EXCLUDED_CODECS = re.compile("utf-7|idna|punycode|.*escape|mbcs|oem|undefined|utf-16.*|utf-32.*")
_NO_ASCII_TEXT = re.compile(rb"[\x00-\x08\x10-\x1a\x80-\xff]")
_ASCII = bytes(range(128))
_PRIVATE_CHAR = re.compile("[\ue000-\uf8ff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")  # of UTF-8, or four: rarer by chance than two
_EMPTY_BLOCK = re.compile(rb"\0{16,}")  # as a crash leaves it; of UTF-32 five zeros may stand together
_TAG = re.compile(rb"<[!/?a-zA-Z][^<>]{0,2000}>")


class UndecodableError(InputError):
    """Bytes that are no text in an encoding that can be told; ``line`` counts from 1, 0 is all."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


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
    high = len(content[:HEAD_BYTES].translate(None, _ASCII))
    if not _NO_ASCII_TEXT.search(content):
        return _detect_escapes(content)
    hints = [codec for name in declared if (codec := _resolve_codec(name))]
    solid = content.replace(b"\0", b"")  # zeros are damage, or half of a character of two bytes
    is_named = "utf-8" in hints and len(solid) == len(content)
    if _try_decode(solid, "utf-8") is not None:
        if high >= _SURE_SEQUENCES or is_named:
            return "utf-8"
    elif _is_damaged_utf8(solid, 3 if is_named else _SURE_SEQUENCES):
        return "utf-8"
    content = _EMPTY_BLOCK.sub(b"\0", content)
    sample = _sample_lines(content)
    first = sample[:_FIRST_SAMPLE_BYTES]
    if len(first) * 2 < len(sample) and set(first).issuperset(sample.translate(None, _ASCII)):
        readings = _score_encodings(content, first, hints)
        if readings and readings[0].is_plausible and _is_far_ahead(readings[0], readings[1:]):
            return readings[0].codec
    return _select_encoding(_score_encodings(content, sample, hints), hints)


@dataclass(frozen=True, slots=True)
class _Reading:
    codec: str
    text: str
    score: float
    is_plausible: bool


def _score_encodings(content: bytes, sample: bytes, hints: Sequence[str]) -> list[_Reading]:
    """How plausible each reading is that is possible, the best first."""
    readings: list[_Reading] = []
    is_whole = len(content) <= _FIRST_SAMPLE_BYTES  # else a character may be cut at the end of the sample
    for codec in dict.fromkeys([*hints, "utf-8", *CANDIDATE_ENCODINGS]):
        text = decode_replacing(sample, codec, is_whole=is_whole)
        max_damage = 0.0 if codec == "utf-8" else _MAX_DECLARED_DAMAGE if codec in hints else MAX_DAMAGE
        if is_too_damaged(text, max_damage):
            continue
        prior, region = CANDIDATE_ENCODINGS.get(codec, (_UTF8_BONUS * (codec == "utf-8"), ""))
        if codec in hints:
            prior = max(prior, 0) + _DECLARED_BONUS / (1 + hints.index(codec))
        found = score_reading(text, region)
        readings.append(_Reading(codec, text, found.log_probability + prior, found.is_plausible))
    readings += _score_wide(content, sample)
    return sorted(readings, key=lambda reading: -reading.score)


def _score_wide(content: bytes, sample: bytes) -> Iterator[_Reading]:
    """Readings as UTF-16 and UTF-32 without their mark."""
    for codec in _WIDE_CODECS:
        size = int(codec[4:6]) // 8
        even = content[: min(len(content), _SAMPLE_BYTES) // size * size]
        text = _try_decode(even, codec)
        if text and "\0" not in text:
            found = score_reading(text)
            # Said for as many bytes as the others are.
            score = found.log_probability * (len(sample) / len(even)) + _UTF16_BONUS
            yield _Reading(codec, text, score, found.is_plausible)


def _is_far_ahead(best: _Reading, others: Iterable[_Reading]) -> bool:
    return all(other.text == best.text or other.score < best.score - _WIDE_MARGIN for other in others)


def _select_encoding(readings: Sequence[_Reading], hints: Sequence[str]) -> str:
    best = readings[0] if readings else None
    declared = next((one for one in readings if one.codec in hints[:1]), None)
    if best and declared and declared.score > best.score - _MIN_MARGIN:
        return declared.codec
    if best is None or not best.is_plausible:
        raise UndecodableError("in no encoding that can be told; save the file as UTF-8")
    for other in readings[1:]:
        if other.score > best.score - _MIN_MARGIN and other.text != best.text:
            raise UndecodableError(
                f"{best.codec} or {other.codec}, too short to tell; save the file as UTF-8"
            )
    return best.codec


def _detect_escapes(content: bytes) -> str:
    """UTF-8 for ASCII, unless it has signs of an encoding of seven bits for East Asia."""
    for sign, codec in _ESCAPE_CODECS:
        if sign.encode() in content:
            text = _try_decode(content, codec)
            if text and not text.isascii() and score_reading(text[:_SAMPLE_BYTES]).is_plausible:
                return codec
    return "utf-8"


def decode_replacing(content: bytes, codec: str, *, is_whole: bool = True) -> str:
    """The text, with U+FFFD for what the encoding does not have, or has for characters of one's own."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(content, final=is_whole)
    return text if codec.startswith("utf") else _PRIVATE_CHAR.sub("\N{REPLACEMENT CHARACTER}", text)


def is_too_damaged(text: str, max_damage: float) -> bool:
    """Whether a larger share of what is beyond ASCII is U+FFFD; one character may be, but of a few."""
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    if not damaged or max_damage == math.inf:
        return False
    others = len(_NOT_ASCII.findall(text)) - damaged
    return damaged > max(max_damage * others, float(max_damage > 0 and others >= 8))


def _resolve_codec(name: str) -> str:
    """The codec that ``name`` stands for, as pages mean it; empty where it is none of text."""
    for spelled in (name.strip(), _NAME_AFFIXES.sub("", name.strip().lower())):
        try:
            found = codecs.lookup(spelled).name
            "a".encode(found)
        except (LookupError, ValueError, TypeError):
            continue
        return "" if _EXCLUDED_CODECS.fullmatch(found) else _CODEC_ALIASES.get(found, found)
    return ""


def _try_decode(content: bytes, codec: str) -> str | None:
    """The text, or None where ``codec`` cannot read it; of a head, a character cut at its end is let pass."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(content, final=len(content) < HEAD_BYTES)
    except (UnicodeDecodeError, LookupError):
        return None


def _sample_lines(content: bytes) -> bytes:
    """Lines that are not ASCII, without markup: first those with bytes that none before has, then others."""
    head = content[:HEAD_BYTES]
    seen: set[int] = set()
    first: list[bytes] = []
    others: list[bytes] = []
    for line in (_TAG.sub(b"\n", head) if b"<" in head else head).split(b"\n"):
        if high := line.translate(None, _ASCII):
            (first if not seen.issuperset(high) else others).append(line[:_LINE_BYTES].strip())
            seen.update(high)
    return b"\n".join([*first, *others])[:_SAMPLE_BYTES] or content[:_SAMPLE_BYTES]


def _is_damaged_utf8(content: bytes, sure: int) -> bool:
    """Whether it is UTF-8 but for what is damaged: other encodings make fewer than ``sure`` sequences by chance."""
    text = content[: 32 * _SAMPLE_BYTES].decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(_NOT_ASCII.findall(text)) - 2 * broken + len(_THREE_BYTES.findall(text))
    return 0 < broken * (1 if good >= sure else 20) <= good
