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

from crosslingual.language.german_numbers import german_parts
from crosslingual.language.han_numbers import han_numbers
from crosslingual.language.number_tables import ALONE, AND, HALF_MORE, HALF_OF, HAN_DIGITS, SCALES, WORDS
from crosslingual.language.scripts import HAN_LANGUAGES

_ARTICLE = re.compile(r"(?<!\w)an?\s$")
_GAP = re.compile(r"\s{0,3}[-‑]?\s{0,3}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SAME = str.maketrans("’ʼё", "''е")
_RANGE = re.compile(r"\s*(?:[-–—]|to|and|or|bis|und|oder|à|et|ou|или|до|або|чи|至|到)\s*")


@dataclass(frozen=True, slots=True)
class WordNumber:
    """Characters ``start`` to ``end`` of a text that are a number in words.

    ``exact`` ones surely mean ``value``; of others, ``firm`` ones are a number (an ordinal, an age), and the
    rest may be none: a pair, hundreds of something, a numeral in a Chinese name.
    """

    value: Decimal
    start: int
    end: int
    exact: bool
    firm: bool


@lru_cache(maxsize=20_000)
def word_numbers(text: str, lang: str) -> tuple[WordNumber, ...]:
    """Numbers in words in ``text``, in their order: eighty, quatre-vingts, полтора миллиона, 三百二十万.

    One alone is left out where it is an article too. A number of a range that shares the other's scale (five
    to seven million) is not exact.
    """
    if lang in HAN_LANGUAGES:
        found = [WordNumber(*one, firm=one[-1]) for one in han_numbers(text)]
    else:
        found = list(_spelled_numbers(text, lang))
    for place in range(len(found) - 1):
        one, other = found[place : place + 2]
        if one.value < 1000 <= other.value and _RANGE.fullmatch(text, one.end, other.start):
            found[place] = replace(one, exact=False)
    return tuple(found)


@lru_cache(maxsize=4096)
def possible_values(text: str, lang: str) -> frozenset[Decimal]:
    """Every value that words of ``text`` might stand for: 20, 5 and 25 for twenty-five, 2 for a pair."""
    found = {one.value for one in word_numbers(text, lang)}
    if lang in HAN_LANGUAGES:
        digits = {Decimal(HAN_DIGITS[char]) for char in text if char in HAN_DIGITS}
        return frozenset(found | digits | (_HALVES if "半" in text else set()))
    found |= {Decimal(_roman(run)) for run in _ROMAN.findall(text)}
    for match in _WORD.finditer(_small(text)):
        found |= _may_mean(match[0], lang)
        found |= {token.value for token in _tokens(match[0], lang)}
    return frozenset(found)


def scales_in(text: str, lang: str) -> tuple[Decimal, ...]:
    """What words of size in ``text`` may multiply by, parts of compounds too; any language's if not known."""
    patterns = _size_patterns(lang if lang in SCALES else "")
    return tuple(scale for scale, pattern in patterns if pattern.search(text))


@cache
def _size_patterns(lang: str) -> tuple[tuple[Decimal, re.Pattern[str]], ...]:
    rows = [row for own in ([SCALES[lang]] if lang else SCALES.values()) for row in own]
    return tuple(
        (
            Decimal(10) ** power,
            re.compile(f"{words}|(?<![^\\W\\d_])(?:{short or '(?!)'})(?!\\w)", re.IGNORECASE),
        )
        for power, words, short in rows
    )


def loose_numbers(text: str, lang: str) -> Iterator[WordNumber]:
    """Words that may stand for a number from three on: a decade, a trio, a quarter."""
    for match in _WORD.finditer(_small(text)) if lang in WORDS else ():
        for value in _may_mean(match[0], lang):
            if value > 2:
                yield WordNumber(value, *match.span(), exact=False, firm=False)


@dataclass(frozen=True, slots=True)
class _Token:
    value: Decimal
    multiplies: bool
    exact: bool
    alone: bool = False
    """Of what multiplies: whether it is a number with nothing before it."""


class _Run:
    """Words that make up one number, as far as they are read."""

    def __init__(self, token: _Token, start: int, end: int, lang: str, *, article: bool = False) -> None:
        self.start, self.end, self.lang = start, end, lang
        self.total = Decimal(0)
        self.section = token.value
        self.firm = not token.multiplies or token.alone or article
        self.exact = self.firm and token.exact
        self.one = token.value == 1
        self.last = token.value
        self.least = Decimal(10) ** 18
        self.room = Decimal(1)
        if token.multiplies and token.value >= 1000:
            self._close(token.value, Decimal(1))
        else:
            self.room = self._room(token)

    def take(self, token: _Token, gap: str, end: int) -> bool:
        """Whether the next word, after ``gap``, belongs to the number, which then has it."""
        joint = AND.get(self.lang)
        if not _GAP.fullmatch(gap) and not (joint and joint.fullmatch(gap) and self._may_join(token.value)):
            return False
        if token.multiplies:
            if not self._times(token.value):
                return False
        elif token.value == _HALF and self.one:  # eine halbe Million
            self.section = token.value
        elif self.lang == "fr" and self.last == 4 and token.value == 20:  # quatre-vingts
            self.section += 76
            self.room = Decimal(20)
        elif self._is_year(token.value):
            self.section = self.section * 100 + token.value
            self.room = self._room(token)
        elif 0 < token.value < self.room and not (self.lang == "fr" and self.last == 10 and token.value < 7):
            self.section += token.value
            self.room = self._room(token)
        else:
            return False
        self.exact, self.one = self.exact and token.exact, False
        self.last, self.end = token.value, end
        return True

    def add_half(self, text: str) -> None:
        """Read on where a half follows in ``text``: one and a half, a million and a half."""
        pattern = HALF_MORE.get(self.lang)
        if pattern and (match := pattern.match(text, self.end)):
            if self.section:
                self.section += _HALF
            else:
                self.total += self.least / 2
            self.room, self.end, self.one = Decimal(1), match.end(), False

    @property
    def number(self) -> WordNumber | None:
        """What was read; nothing where it is no more than an article."""
        if self.one:
            return None
        value = (self.total + self.section).normalize()
        return WordNumber(value, self.start, self.end, self.exact, self.firm)

    def _times(self, value: Decimal) -> bool:
        if value >= 1000:
            mille = self.lang == "fr" and value == 1000  # un million mille
            if not (self.section or mille) or value >= self.least:
                return False
            self._close(value, self.section or Decimal(1))
        elif 0 < self.section < (20 if value == 100 else 10) and self.section == self.last:
            self.section *= value
            self.room = value
        elif not self.section and value == 100:  # mille cent
            self.section, self.room = value, value
        else:
            return False
        return True

    def _close(self, scale: Decimal, times: Decimal) -> None:
        self.total += times * scale
        self.section, self.least, self.room = Decimal(0), scale, min(scale, Decimal(1000))

    def _room(self, token: _Token) -> Decimal:
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
            and self.section == self.last
            and 10 <= value < 100
        )

    def _may_join(self, value: Decimal) -> bool:
        if self.lang == "fr":
            return value in (1, 11) and self.room in (10, 20)
        return self.last >= 100


def _spelled_numbers(text: str, lang: str) -> Iterator[WordNumber]:
    """Of a language of an alphabet."""
    if lang not in WORDS:
        return
    small = _small(text)
    run: _Run | None = None
    for start, end, token in _words(small, lang):
        if run and (start < run.end or run.take(token, small[run.end : start], end)):
            run.add_half(small)
            continue
        if run and run.number:
            yield run.number
        article = lang == "en" and _ARTICLE.search(small[max(0, start - 4) : start]) is not None
        run = _Run(token, start, end, lang, article=article)
        run.add_half(small)
    if run and run.number:
        yield run.number


def _small(text: str) -> str:
    """``text`` in small letters, with one kind of apostrophe, each character in its place."""
    small = text.lower()
    return (small if len(small) == len(text) else text).translate(_SAME)  # İ is two letters


def _words(text: str, lang: str) -> Iterator[tuple[int, int, _Token]]:
    """The words for numbers, parts of a German compound each by itself, and halves before what they halve."""
    halves = {match.start(): match.end() for match in HALF_OF[lang].finditer(text)}
    place = 0
    while match := _WORD.search(text, place):
        start, place = match.span()
        if start in halves:
            place = halves[start]
            yield start, place, _Token(_HALF, multiplies=False, exact=True)
            continue
        tokens = _tokens(match[0], lang)
        for number, token in enumerate(tokens):
            # Parts of a compound share its end, so that what follows joins the last one.
            yield (start if not number else match.end()), match.end(), token


@lru_cache(maxsize=50_000)
def _tokens(word: str, lang: str) -> tuple[_Token, ...]:
    """What a word means as a number; a German compound has several parts."""
    if token := _token(word, lang):
        return (token,)
    return tuple(_Token(*part) for part in german_parts(word)) if lang == "de" else ()


@lru_cache(maxsize=50_000)
def _token(word: str, lang: str) -> _Token | None:
    if not _any_word(lang).fullmatch(word):
        return None
    for value, multiplies, exact, also, _ in _table(lang):
        if exact.fullmatch(word):
            alone = multiplies and re.fullmatch(ALONE[lang], word) is not None
            return _Token(value, multiplies, exact=True, alone=alone)
        if also.fullmatch(word):
            return _Token(value, multiplies, exact=False)
    return None


def _may_mean(word: str, lang: str) -> set[Decimal]:
    found: set[Decimal] = set()
    for value, _, _, _, stem in _table(lang):
        if stem and stem.match(word):
            found |= _HALVES if value == _HALF else {value}
    return found


@cache
def _any_word(lang: str) -> re.Pattern[str]:
    """Whatever is in the table: most words are not, and one pattern tells that sooner than a hundred."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for row in _table(lang) for pattern in row[2:4]))


_Row = tuple[Decimal, bool, re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]


@cache
def _table(lang: str) -> tuple[_Row, ...]:
    """Value, whether it multiplies, and patterns: the words, others, beginnings."""
    rows = []
    for line in filter(str.strip, WORDS.get(lang, "").splitlines()):
        value, exact, stems, also = (*map(str.strip, line.split(";")), "", "")[:4]
        patterns = [re.compile("|".join(words.split()) or "(?!)") for words in (exact, also)]
        stem = re.compile(f"(?:{stems})") if stems else None
        rows.append((Decimal(value.lstrip("*")), value.startswith("*"), patterns[0], patterns[1], stem))
    return tuple(rows)


_HALF = Decimal("0.5")
_HALVES = {_HALF, Decimal(2), Decimal(50)}
_ROMAN = re.compile(r"(?<![\w.])[IVXLХІ]{1,6}(?![\w.])")
_ROMANS = {"I": 1, "І": 1, "V": 5, "X": 10, "Х": 10, "L": 50}


def _roman(run: str) -> int:
    values = [_ROMANS[char] for char in run]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
