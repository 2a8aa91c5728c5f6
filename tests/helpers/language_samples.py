"""Some sentences of news in each language, written for the tests, and the encodings that people keep them in."""

from __future__ import annotations

import unicodedata
from pathlib import Path

_SAMPLE_FILE = Path(__file__).parents[1] / "data/readers/languages.tsv"
SAMPLES = dict(line.split("\t") for line in _SAMPLE_FILE.read_text("utf-8").splitlines())
"""Texts by language; ``zh-hant`` is Chinese in traditional characters."""

_WEST = "windows-1252 iso8859-1 iso8859-15 mac-roman cp850"
_CENTRAL = "windows-1250 iso8859-2 cp852 mac-latin2"
_BALTIC = "windows-1257 iso8859-13 iso8859-4 cp775"
_CYRILLIC = "windows-1251 koi8-r iso8859-5 cp866 mac-cyrillic"
_SLAVIC = "windows-1251 iso8859-5 mac-cyrillic cp855"
_LEGACY = {
    "ar": "windows-1256 iso8859-6 cp720",
    "be": "windows-1251 iso8859-5 cp866",
    "bg": _CYRILLIC,
    "cs": _CENTRAL,
    "el": "windows-1253 iso8859-7 cp737",
    "es": _WEST,
    "et": "windows-1257 iso8859-13 iso8859-4 windows-1252 iso8859-15",
    "fa": "windows-1256",
    "he": "windows-1255 iso8859-8 cp862",
    "hr": "windows-1250 iso8859-2 cp852",
    "hu": _CENTRAL,
    "is": "windows-1252 iso8859-1",
    "ja": "shift_jis euc_jp iso2022_jp",
    "kk": "kz1048 ptcp154",
    "ko": "euc_kr cp949 iso2022_kr",
    "lt": _BALTIC,
    "lv": _BALTIC,
    "mk": _SLAVIC,
    "pl": _CENTRAL,
    "ro": "windows-1250 iso8859-2",
    "ru": _CYRILLIC,
    "sk": _CENTRAL,
    "sl": "windows-1250 iso8859-2 cp852",
    "sr": _SLAVIC,
    "th": "cp874 tis-620",
    "tr": "windows-1254 iso8859-9 cp857",
    "uk": "windows-1251 koi8-u cp1125 mac-cyrillic iso8859-5",
    "ur": "windows-1256",
    "vi": "windows-1258",
    "zh": "gb18030 gbk hz",
    "zh-hant": "big5 big5hkscs",
}
UNICODE_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
)


def legacy_encodings(lang: str) -> tuple[str, ...]:
    """The encodings besides those of Unicode that texts in ``lang`` are kept in."""
    return tuple(_LEGACY.get(lang, _WEST).split())


def encode_sample(text: str, encoding: str) -> tuple[bytes, str]:
    """``text`` in ``encoding`` as people write it there, and the text that this holds."""
    if encoding == "windows-1258":  # tones follow their letters there
        text = "".join(
            char if _is_encodable(char, encoding) else _split_tone(unicodedata.normalize("NFD", char))
            for char in text
        )
    elif not _is_encodable(text, encoding):
        plain = text.translate(str.maketrans("’“”–—«»ی‌ك", '\'""--""ي ك'))
        text = "".join(char for char in plain if _is_encodable(char, encoding))
    return text.encode(encoding), unicodedata.normalize("NFC", text)


def _split_tone(parts: str) -> str:
    """A Vietnamese letter with its tone behind it; what else it bears stays on it."""
    tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tones


def _is_encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
