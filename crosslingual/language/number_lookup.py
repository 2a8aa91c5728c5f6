"""What one word may mean as a number, by the table of its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from crosslingual.language.german_numbers import split_german_number
from crosslingual.language.number_tables import NUMBER_WORDS, STANDALONE_MULTIPLIERS

HALF = Decimal("0.5")
HALF_VALUES = {HALF, Decimal(2), Decimal(50)}
_ROMAN_NUMERAL = re.compile(r"(?<![\w.])[IVXLХІ]{1,6}(?![\w.])")
_ROMAN_DIGITS = {"I": 1, "І": 1, "V": 5, "X": 10, "Х": 10, "L": 50}
_NORMALIZED_CHARS = str.maketrans("’ʼё", "''е")


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A word for a number: its ``value``, and whether it ``multiplies`` what stands before it."""

    value: Decimal
    multiplies: bool
    exact: bool
    standalone: bool = False
    """Of what multiplies: whether it is a number with nothing before it."""


def normalize_case(text: str) -> str:
    """``text`` in small letters, with one kind of apostrophe, each character in its place."""
    small = text.lower()
    return (small if len(small) == len(text) else text).translate(_NORMALIZED_CHARS)  # İ is two letters


@lru_cache(maxsize=50_000)
def word_tokens(word: str, lang: str) -> tuple[NumberToken, ...]:
    """What a word means as a number; a German compound has several parts."""
    if token := _lookup_token(word, lang):
        return (token,)
    return tuple(NumberToken(*part) for part in split_german_number(word)) if lang == "de" else ()


@lru_cache(maxsize=50_000)
def _lookup_token(word: str, lang: str) -> NumberToken | None:
    if not _any_word_pattern(lang).fullmatch(word):
        return None
    for value, multiplies, exact, also, _ in _parse_table(lang):
        if exact.fullmatch(word):
            alone = multiplies and re.fullmatch(STANDALONE_MULTIPLIERS[lang], word) is not None
            return NumberToken(value, multiplies, exact=True, standalone=alone)
        if also.fullmatch(word):
            return NumberToken(value, multiplies, exact=False)
    return None


def possible_meanings(word: str, lang: str) -> set[Decimal]:
    """The values that a word, in small letters, may stand for: 2 for a pair."""
    found: set[Decimal] = set()
    for value, _, _, _, stem in _parse_table(lang):
        if stem and stem.match(word):
            found |= HALF_VALUES if value == HALF else {value}
    return found


@cache
def _any_word_pattern(lang: str) -> re.Pattern[str]:
    """Whatever is in the table: most words are not, and one pattern tells that sooner than a hundred."""
    return re.compile(
        "|".join(f"(?:{pattern.pattern})" for row in _parse_table(lang) for pattern in row[2:4])
    )


_TableRow = tuple[Decimal, bool, re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]


@cache
def _parse_table(lang: str) -> tuple[_TableRow, ...]:
    """Value, whether it multiplies, and patterns: the words, others, beginnings."""
    rows = []
    for line in filter(str.strip, NUMBER_WORDS.get(lang, "").splitlines()):
        value, exact, stems, also = (*map(str.strip, line.split(";")), "", "")[:4]
        patterns = [re.compile("|".join(words.split()) or "(?!)") for words in (exact, also)]
        stem = re.compile(f"(?:{stems})") if stems else None
        rows.append((Decimal(value.lstrip("*")), value.startswith("*"), patterns[0], patterns[1], stem))
    return tuple(rows)


def roman_values(text: str) -> set[Decimal]:
    """The values of the Roman numerals in ``text``."""
    return {Decimal(_roman_value(run)) for run in _ROMAN_NUMERAL.findall(text)}


def _roman_value(run: str) -> int:
    values = [_ROMAN_DIGITS[char] for char in run]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
