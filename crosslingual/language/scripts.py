"""Scripts by the characters they are written in, to be put between the brackets of a pattern."""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters: all ideographs of Unicode, those for compatibility too."""
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7af"
CYRILLIC = "\u0400-\u052f"
LATIN = "A-Za-z\u00c0-\u024f"
CYRILLIC_LETTERS = "А-Яа-яЁёІіЇїЄєҐґ"
"""Those of Russian and Ukrainian."""
WIDE_CHARS = "\u2e80-\u9fff\uff00-\uffef"
"""What is set as wide as an ideograph: these, kana, their punctuation and full-width letters."""

HAN_LANGUAGES = frozenset(("zh", "ja"))
"""Languages that are written without spaces, in Chinese characters."""

HAN_CHARACTER = re.compile(f"[{HAN}]")
HAN_RUN = re.compile(f"[{HAN}]+")
HAN_OR_KANA = re.compile(f"[\u3005-\u3007{KANA}{HAN}]")
EAST_ASIAN_CHAR = re.compile(f"[{KANA}{HAN}{HANGUL}]")


def is_han(char: str) -> bool:
    """Whether ``char`` is a Chinese character; what is empty is none."""
    return HAN_CHARACTER.match(char) is not None


def is_spaced(char: str) -> bool:
    """Whether ``char`` is a letter of a script that parts words by spaces."""
    return char.isalpha() and not _UNSPACED.match(char)


def is_unspaced(char: str) -> bool:
    """Whether ``char`` is of a script in which a word is found without spaces around it."""
    return _UNSPACED.match(char) is not None


_UNSPACED = re.compile(f"[\u2e80-\u2fff{KANA}{HAN}{HANGUL}]")
