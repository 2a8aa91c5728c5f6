"""Words in dates, of all languages that news is looked for in (CLDR): months, days of the week, small words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.language.locale_data import calendar_names

_VARIANT_LOCALES = (
    "ar_DZ ar_MA ar_SY az_Cyrl bs_Cyrl de_AT en_GB pt_PT sr_Latn uz_Cyrl zh_Hant"  # other names of months
)
_MORE_MONTHS = {"фев": 2, "сен": 9, "ноя": 11, "fev": 2}  # as newspapers shorten them
_CONNECTORS = frozenset(
    word
    for group in (
        "a af alle am an as at de del den der di die dne du e el em er et for gada h hours hrs il kello klo kl la",
        "las le les ngay nam nd o om on ore rd st th the ti um uhr v ve y yil",
        "в від во года році году год г гг о об от р рік року роки у թ ساعت",
    )
    for word in group.split()
)
_APOSTROPHE_PREFIX = re.compile(r"^(?:de|d|l)[ '’]+")


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """What words in a date may mean, by :func:`fold_word`: months from 1, days of the week from 0 (Monday).

    ``afternoon`` and ``morning`` are the words for the halves of the day, the longest first; ``connectors`` say
    nothing.
    """

    months: dict[str, frozenset[int]]
    weekdays: dict[str, frozenset[int]]
    morning: tuple[str, ...]
    afternoon: tuple[str, ...]
    connectors: frozenset[str]


def fold_word(word: str) -> str:
    """The same for a word with and without accents, capitals, and a full stop at its end."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i").replace("ё", "е"))
    # Marks are accents in scripts up to Arabic; in those behind it they are vowels.
    kept = (char for char in decomposed if unicodedata.category(char) != "Cf" and not _is_accent(char))
    return "".join(kept).replace("-", " ").strip(" .'’׳॰")


def _is_accent(char: str) -> bool:
    return char < "\u0700" and unicodedata.category(char) == "Mn"


@cache
def calendar_words() -> CalendarWords:
    """The words of all languages; of a word that is two languages' for two months, both."""
    months: dict[str, set[int]] = {word: {number} for word, number in _MORE_MONTHS.items()}
    weekdays: dict[str, set[int]] = {}
    halves: dict[str, set[str]] = {"am": {"am", "上午", "오전", "午前"}, "pm": {"pm", "下午", "오후", "午後"}}
    connectors = set(_CONNECTORS)
    for code in (*sorted(NEWS_LANGUAGES), *_VARIANT_LOCALES.split()):
        locale = Locale.parse(code)
        for number, name in _names_of(code, "months"):
            folded = fold_word(name)
            months.setdefault(folded, set()).add(number)
            months.setdefault(_APOSTROPHE_PREFIX.sub("", folded), set()).add(number)
            if code == "he":
                months.setdefault(f"ב{folded}", set()).add(number)
        for number, name in _names_of(code, "days"):
            weekdays.setdefault(fold_word(name), set()).add(number)
        for half, words in halves.items():
            periods = calendar_names(code)["day_periods"]["format"]
            named = (periods[width].get(half) for width in ("wide", "abbreviated"))
            words |= {fold_word(str(word)) for word in named if word}
        for pattern in locale.date_formats.values():
            connectors |= {fold_word(word) for word in re.findall(r"'([^']+)'", pattern.pattern)}
    named_months = {word: frozenset(found) for word, found in months.items() if word and not _has_digit(word)}
    return CalendarWords(
        named_months,
        {word: frozenset(found) for word, found in weekdays.items() if word},
        _longest_first(halves["am"]),
        _longest_first(halves["pm"]),
        frozenset(connectors),
    )


def _longest_first(words: set[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def month_numbers(lang: str) -> dict[str, int]:
    """The months of one language from 1, by :func:`fold_word`; none of one that news is not looked for in."""
    if lang not in NEWS_LANGUAGES:
        return {}
    return {fold_word(name): number for number, name in _names_of(lang, "months")}


def _names_of(locale: str, kind: str) -> Iterator[tuple[int, str]]:
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from calendar_names(locale)[kind][form][width].items()


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


@cache
def puts_year_first(lang: str) -> bool:
    """Whether short dates of a language begin with the year (CLDR), as 24.05.16 in Korean."""
    if lang not in NEWS_LANGUAGES:
        return False
    return str(Locale.parse(lang).date_formats["short"].pattern).lstrip().startswith("y")
