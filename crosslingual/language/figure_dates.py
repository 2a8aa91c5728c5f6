"""Which numbers of a text are parts of a date, and which date that is, as far as it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosslingual.language.calendar_words import fold_word, month_numbers
from crosslingual.language.names import find_calendar_words
from crosslingual.language.numbers import KeyedSpan

_BESIDE_NUMBER = re.compile(
    r"(?<!\w)(?P<before>[^\W\d_]{3,12}\.?)(?=\s\d)|(?<=\d\s)(?P<after>[^\W\d_]{3,12}\.?)(?!\w)"
)
_YEARS = range(1900, 2101)
_BEFORE_MONTH = re.compile(r"(?:st|nd|rd|th)?[\s.]{0,2}(?:of\s|de\s)?")
_AFTER_MONTH = re.compile(r"[\s,.]{0,2}(?:de\s)?")
_YEAR_GAP = re.compile(r"(?:st|nd|rd|th|日|号|號)?[\s,]{0,2}(?:de\s)?")
_YEAR_WORD = re.compile(r"\s?(?:年(?!代)|год(?:а|у|ом|ов)?(?!\w)|г\.|рок(?:у|ом|ів)?(?!\w)|р\.)")
_DAY_WORD = re.compile(r"\s?[日号號](?!元)")
_YEAR_OPENER = re.compile(
    r"(?:\b(?:in|since|until|of|by|year|от|с|до|в|у|від|seit|im jahr|jahr|en|depuis|année)\s)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """Characters ``start`` to ``end`` say a day, a month or a year.

    ``iso`` has what is said: ``2024-03-22``, ``2024-03``, ``2024``, ``--03-22``, ``--03``, ``---22``.
    """

    iso: str
    start: int
    end: int


def find_dates(text: str, lang: str, numbers: Sequence[KeyedSpan]) -> list[FoundDate]:
    """The dates of ``text`` in their order, none of which overlap; ``numbers`` are those that it has."""
    found = list(_find_numeric(numbers))
    plain = [
        (int(key[2:]), start, end)
        for key, start, end in numbers
        if key.startswith("n:") and key[2:].isdigit() and text[end - 1 : end].isdigit()
    ]
    named = (*numbers, *find_calendar_words(text, lang), *_find_short_months(text, lang))
    months = [one for one in named if one[0].startswith("m:")]
    for candidates in (_find_by_month(text, months, plain), _find_lone(text, lang, plain)):
        for one in candidates:
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _find_short_months(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Months cut short beside a number: Jan. 11, 3 сент."""
    known = month_numbers(lang) | ({"sept": 9} if lang == "en" else {})  # CLDR has Sep
    for match in _BESIDE_NUMBER.finditer(text) if known else ():
        word = match["before"] or match["after"]
        if (number := known.get(fold_word(word))) and (word[0].isupper() or lang not in ("en", "de")):
            yield f"m:{number}", *match.span("before" if match["before"] else "after")


def _find_numeric(numbers: Sequence[KeyedSpan]) -> Iterator[FoundDate]:
    """22.03.2024, which is read as three numbers in one place."""
    for place in range(len(numbers) - 2):
        parts = sorted(numbers[place : place + 3], key=lambda one: (one[0][0], -float(one[0][2:])))
        if len({one[1:] for one in parts}) == 1 and [one[0][0] for one in parts] == ["m", "n", "n"]:
            month, year, day = (int(float(key.partition(":")[2])) for key, _, _ in parts)
            yield FoundDate(f"{year:04}-{month:02}-{day:02}", *parts[0][1:])


def _find_by_month(
    text: str, months: Sequence[KeyedSpan], plain: Sequence[tuple[int, int, int]]
) -> Iterator[FoundDate]:
    for key, start, end in months:
        first, last, day, year = start, end, 0, 0
        for value, begin, stop in plain:
            if 1 <= value <= 31 and not day and stop <= start and _BEFORE_MONTH.fullmatch(text, stop, start):
                day, first = value, begin
            elif value in _YEARS and stop < start and text[stop:start] == "年":
                year, first = value, begin
            elif 1 <= value <= 31 and not day and begin >= end and _AFTER_MONTH.fullmatch(text, end, begin):
                day, last = value, stop
            elif value in _YEARS and begin >= last and _YEAR_GAP.fullmatch(text, last, begin):
                year, last = value, stop
        if closing := _DAY_WORD.match(text, last) if day else _YEAR_WORD.match(text, last) if year else None:
            last = closing.end()
        yield FoundDate(_write_iso(year, int(key[2:]), day), first, last)


def _write_iso(year: int, month: int, day: int) -> str:
    return (f"{year:04}" if year else "-") + f"-{month:02}" + (f"-{day:02}" if day else "")


def _find_lone(text: str, lang: str, plain: Sequence[tuple[int, int, int]]) -> Iterator[FoundDate]:
    """Years and days that stand without a month: since 1939, 2023年, 22日."""
    for value, start, end in plain:
        if value in _YEARS and end - start == 4:
            if closing := _YEAR_WORD.match(text, end):
                yield FoundDate(f"{value}", start, closing.end())
            elif _YEAR_OPENER.search(text[max(0, start - 12) : start]) and not text[end : end + 2].strip(
                " ,.;:)"
            ):
                yield FoundDate(f"{value}", start, end)
        elif lang == "zh" and 1 <= value <= 31 and (closing := _DAY_WORD.match(text, end)):
            yield FoundDate(f"---{value:02}", start, closing.end())
