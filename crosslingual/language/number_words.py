"""Numbers written in words: one table a language, and one grammar that puts its words together.

There is no library that does: text2num knows neither Russian, Ukrainian nor Chinese, takes "un million et
demi" for a million, and does not say where in the text it read what; cn2an reads a numeral, but finds none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from crosslingual.language.han_numbers import find_han_numbers, find_tenths
from crosslingual.language.number_lookup import (
    HALF,
    HALF_VALUES,
    NumberToken,
    normalize_case,
    possible_meanings,
    roman_values,
    word_tokens,
)
from crosslingual.language.number_tables import (
    AND_HALF_PATTERNS,
    AND_PATTERNS,
    HALF_BEFORE_PATTERNS,
    HAN_DIGITS,
    NUMBER_WORDS,
    SCALE_WORDS,
)
from crosslingual.language.scripts import HAN_LANGUAGES

_ENGLISH_ARTICLE = re.compile(r"(?<!\w)an?\s$")
_WORD_GAP = re.compile(r"\s{0,3}[-‑]?\s{0,3}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_RANGE_JOINER = re.compile(r"\s*(?:[-–—]|to|and|or|bis|und|oder|à|et|ou|или|до|або|чи|至|到)\s*")


@dataclass(frozen=True, slots=True)
class WordNumber:
    """Characters ``start`` to ``end`` of a text that are a number in words.

    ``exact`` ones surely mean ``value``; of others, ``numeric`` ones are a number (an ordinal, an age), and
    the rest may be none: a pair, hundreds of something, a numeral in a Chinese name.
    """

    value: Decimal
    start: int
    end: int
    exact: bool
    numeric: bool


@lru_cache(maxsize=20_000)
def find_word_numbers(text: str, lang: str) -> tuple[WordNumber, ...]:
    """Numbers in words in ``text``, in their order: eighty, quatre-vingts, полтора миллиона, 三百二十万.

    One alone is left out where it is an article too. A number of a range that shares the other's scale (five
    to seven million) is not exact.
    """
    if lang in HAN_LANGUAGES:
        found = [WordNumber(*one, numeric=one[-1]) for one in find_han_numbers(text)]
    else:
        found = list(_find_spelled_numbers(text, lang))
    for place in range(len(found) - 1):
        one, other = found[place : place + 2]
        if one.value < 1000 <= other.value and _RANGE_JOINER.fullmatch(text, one.end, other.start):
            found[place] = replace(one, exact=False)
    return tuple(found)


@lru_cache(maxsize=4096)
def possible_values(text: str, lang: str) -> frozenset[Decimal]:
    """Every value that words of ``text`` might stand for: 20, 5 and 25 for twenty-five, 2 for a pair."""
    found = {one.value for one in find_word_numbers(text, lang)}
    if lang in HAN_LANGUAGES:
        digits = {Decimal(HAN_DIGITS[char]) for char in text if char in HAN_DIGITS}
        tenths = {value for value, _, _ in find_tenths(text)}
        return frozenset(found | digits | tenths | (HALF_VALUES if "半" in text else set()))
    found |= roman_values(text)
    for match in _WORD.finditer(normalize_case(text)):
        found |= possible_meanings(match[0], lang)
        found |= {token.value for token in word_tokens(match[0], lang)}
    return frozenset(found)


def find_scales(text: str, lang: str) -> tuple[Decimal, ...]:
    """What words of size in ``text`` may multiply by, parts of compounds too; any language's if not known."""
    patterns = _scale_patterns(lang if lang in SCALE_WORDS else "")
    return tuple(scale for scale, pattern in patterns if pattern.search(text))


@cache
def _scale_patterns(lang: str) -> tuple[tuple[Decimal, re.Pattern[str]], ...]:
    rows = [row for own in ([SCALE_WORDS[lang]] if lang else SCALE_WORDS.values()) for row in own]
    return tuple(
        (
            Decimal(10) ** power,
            re.compile(f"{words}|(?<![^\\W\\d_])(?:{short or '(?!)'})(?!\\w)", re.IGNORECASE),
        )
        for power, words, short in rows
    )


def find_loose_numbers(text: str, lang: str) -> Iterator[WordNumber]:
    """Words that may stand for a number from three on: a decade, a trio, a quarter."""
    for match in _WORD.finditer(normalize_case(text)) if lang in NUMBER_WORDS else ():
        for value in possible_meanings(match[0], lang):
            if value > 2:
                yield WordNumber(value, *match.span(), exact=False, numeric=False)


class _NumberRun:
    """Words that make up one number, as far as they are read."""

    def __init__(
        self, token: NumberToken, start: int, end: int, lang: str, *, after_article: bool = False
    ) -> None:
        self.start, self.end, self.lang = start, end, lang
        self.total = Decimal(0)
        self.section = token.value
        self.numeric = not token.multiplies or token.standalone or after_article
        self.exact = self.numeric and token.exact
        self.is_one = token.value == 1
        self.last_value = token.value
        self.min_scale = Decimal(10) ** 18
        self.addend_limit = Decimal(1)
        if token.multiplies and token.value >= 1000:
            self._close_section(token.value, Decimal(1))
        else:
            self.addend_limit = self._next_addend_limit(token)

    def extend(self, token: NumberToken, gap: str, end: int) -> bool:
        """Whether the next word, after ``gap``, belongs to the number, which then has it."""
        joint = AND_PATTERNS.get(self.lang)
        if not _WORD_GAP.fullmatch(gap) and not (
            joint and joint.fullmatch(gap) and self._may_join(token.value)
        ):
            return False
        if token.multiplies:
            if not self._multiply(token.value):
                return False
        elif token.value == HALF and self.is_one:  # eine halbe Million
            self.section = token.value
        elif self.lang == "fr" and self.last_value == 4 and token.value == 20:  # quatre-vingts
            self.section += 76
            self.addend_limit = Decimal(20)
        elif self._is_year(token.value):
            self.section = self.section * 100 + token.value
            self.addend_limit = self._next_addend_limit(token)
        elif 0 < token.value < self.addend_limit and not (
            self.lang == "fr" and self.last_value == 10 and token.value < 7
        ):
            self.section += token.value
            self.addend_limit = self._next_addend_limit(token)
        else:
            return False
        self.exact, self.is_one = self.exact and token.exact, False
        self.last_value, self.end = token.value, end
        return True

    def add_half(self, text: str) -> None:
        """Read on where a half follows in ``text``: one and a half, a million and a half."""
        pattern = AND_HALF_PATTERNS.get(self.lang)
        if pattern and (match := pattern.match(text, self.end)):
            if self.section:
                self.section += HALF
            else:
                self.total += self.min_scale / 2
            self.addend_limit, self.end, self.is_one = Decimal(1), match.end(), False

    @property
    def number(self) -> WordNumber | None:
        """What was read; nothing where it is no more than an article."""
        if self.is_one:
            return None
        value = (self.total + self.section).normalize()
        return WordNumber(value, self.start, self.end, self.exact, self.numeric)

    def _multiply(self, value: Decimal) -> bool:
        if value >= 1000:
            mille = self.lang == "fr" and value == 1000  # un million mille
            if not (self.section or mille) or value >= self.min_scale:
                return False
            self._close_section(value, self.section or Decimal(1))
        elif 0 < self.section < (20 if value == 100 else 10) and self.section == self.last_value:
            self.section *= value
            self.addend_limit = value
        elif not self.section and value == 100:  # mille cent
            self.section, self.addend_limit = value, value
        else:
            return False
        return True

    def _close_section(self, scale: Decimal, multiplier: Decimal) -> None:
        self.total += multiplier * scale
        self.section, self.min_scale, self.addend_limit = Decimal(0), scale, min(scale, Decimal(1000))

    def _next_addend_limit(self, token: NumberToken) -> Decimal:
        """What a following number has to be less than to be added."""
        value = token.value
        if not token.exact or value != int(value):
            return Decimal(1)
        if value >= 100:
            return Decimal(100)
        if self.lang == "fr" and value in (60, 80):
            return Decimal(20)
        teens = self.lang == "fr" and value == 10  # dix-sept
        return Decimal(10) if (value >= 20 and value % 10 == 0) or teens else Decimal(1)

    def _is_year(self, value: Decimal) -> bool:
        """Nineteen eighty-four."""
        return (
            self.lang == "en"
            and not self.total
            and 11 <= self.section <= 20
            and self.section == self.last_value
            and 10 <= value < 100
        )

    def _may_join(self, value: Decimal) -> bool:
        if self.lang == "fr":
            return value in (1, 11) and self.addend_limit in (10, 20)
        return self.last_value >= 100


def _find_spelled_numbers(text: str, lang: str) -> Iterator[WordNumber]:
    """Of a language of an alphabet."""
    if lang not in NUMBER_WORDS:
        return
    small = normalize_case(text)
    run: _NumberRun | None = None
    for start, end, token in _find_tokens(small, lang):
        if run and (start < run.end or run.extend(token, small[run.end : start], end)):
            run.add_half(small)
            continue
        if run and run.number:
            yield run.number
        article = lang == "en" and _ENGLISH_ARTICLE.search(small[max(0, start - 4) : start]) is not None
        run = _NumberRun(token, start, end, lang, after_article=article)
        run.add_half(small)
    if run and run.number:
        yield run.number


def _find_tokens(text: str, lang: str) -> Iterator[tuple[int, int, NumberToken]]:
    """The words for numbers, parts of a German compound each by itself, and halves before what they halve."""
    halves = {match.start(): match.end() for match in HALF_BEFORE_PATTERNS[lang].finditer(text)}
    place = 0
    while match := _WORD.search(text, place):
        start, place = match.span()
        if start in halves:
            place = halves[start]
            yield start, place, NumberToken(HALF, multiplies=False, exact=True)
            continue
        tokens = word_tokens(match[0], lang)
        for number, token in enumerate(tokens):
            # Parts of a compound share its end, so that what follows joins the last one.
            yield (start if not number else match.end()), match.end(), token
