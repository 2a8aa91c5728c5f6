"""Reading a date that is written in any way and language: sure, one of several, or none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crosslingual.language.calendar_words import calendar_words, fold_word, month_numbers, puts_year_first
from crosslingual.language.clock_times import split_clock_time
from crosslingual.language.number_tables import HAN_DIGITS

MAX_DATE_CHARS = 100
"""Characters of a text that is read as a date."""

_YEARS = range(1600, 2101)
_BUDDHIST_YEARS = range(2443, 2600)  # Thai papers count 543 more
_ISO_FORM = re.compile(r"\d{4}-?(?:\d{2}-?\d{2}|w\d{2}-?\d)(?:[t ]\d.*)?", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_EPOCH = re.compile(r"(\d{10})(\d{3}|\d{6}|\d{9})?(?:\.\d{1,9})?")
_HAN_NUMERALS = "〇零一二三四五六七八九十"
_HAN_DATE = re.compile(
    rf"((?:\d|[{_HAN_NUMERALS}]){{2,4}}) ?[年년] ?((?:\d|[{_HAN_NUMERALS}]){{1,3}}) ?[月월] ?"
    rf"((?:\d|[{_HAN_NUMERALS}]){{1,3}}) ?[日일号號]"
)
_HAN_WEEKDAY = re.compile(
    r"[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?|[(（][月火水木金土日월화수목금토일][)）]|[월화수목금토일]요일"
)
_MONTH_BY_NUMBER = re.compile(r"\b(?:tháng|thang|thg) (\d{1,2})\b")
_REMARK = re.compile(r" ?[(\[][^()\[\]\d]{6,50}[)\]]$")
_THAI_SMALL_WORDS = re.compile(r"พ\.ศ\.|ค\.ศ\.|ที่")
_WORD = r"[^\d\s.,،/()'’|-]+"
_TOKEN = re.compile(rf"\d+|{_WORD}(?:\.{_WORD})*|[./-]")
_SIGNS = (".", "/", "-")
_MONTH_KEYS = ("jan", "feb", "march", "apr", "may", "june", "july", "aug", "sept", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text may say: dates or dates with times in ISO 8601 by the order of their parts.

    Orders are ``ymd``, ``dmy`` and ``mdy``; a date whose parts are told apart by themselves has but one, ``""``.
    ``default`` is the order that is meant where nothing else is known, if any.
    """

    by_order: tuple[tuple[str, str], ...] = ()
    default: str = ""

    @property
    def candidates(self) -> tuple[str, ...]:
        """The dates that it may be, each once."""
        return tuple(dict.fromkeys(iso for _, iso in self.by_order))

    def resolve(self, order: str = "") -> str:
        """The date, if parts come in ``order``; empty where it is none, or still could be two."""
        found = dict(self.by_order)
        if len(self.candidates) == 1:
            return self.candidates[0]
        return found.get(order) or found.get(self.default, "")


def read_date(text: str, lang: str = "") -> DateReading:
    """What ``text`` says as a date; relative words, years and months without a day are none.

    A time and its offset from UTC are kept; an offset that is named by an ambiguous abbreviation is left out.

    Args:
        text: the date and nothing else.
        lang: the ISO 639-1 code of its language where that is known; it decides which month a word such as
            ``lis`` names, and what comes first in 16.05.24.
    """
    if not text or len(text) > MAX_DATE_CHARS:
        return DateReading()
    text = _normalize_text(text)
    if _ISO_FORM.fullmatch(text) and (found := _read_iso(text)):
        return DateReading((("", found),))
    if found := _read_number(text):
        return DateReading((("", found),))
    text = _MONTH_BY_NUMBER.sub(_name_month, _HAN_DATE.sub(_write_han_date, text))
    rest, clock = split_clock_time(_REMARK.sub("", _HAN_WEEKDAY.sub(" ", _THAI_SMALL_WORDS.sub(" ", text))))
    if clock is None:
        return DateReading()
    days, default = _read_days(rest, lang)
    return DateReading(tuple((order, _join_iso(day, clock)) for order, day in days.items()), default)


def _normalize_text(text: str) -> str:
    """``text`` in small letters, digits of any script as ASCII, one sign for all hyphens, spaces single."""
    kept = []
    for char in unicodedata.normalize("NFKC", text).lower():
        kind = unicodedata.category(char)
        if kind == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif kind == "Pd" or char == "\N{MINUS SIGN}":
            kept.append("-")
        elif kind != "Cf":
            kept.append(char)
    return " ".join("".join(kept).split()).strip(" ,;|")


def _read_iso(text: str) -> str:
    for kind in (date, datetime):
        try:
            found = kind.fromisoformat(text.upper())
        except ValueError:
            continue
        return found.isoformat() if found.year in _YEARS else ""
    return ""


def _read_number(text: str) -> str:
    """Of digits alone: year, month and day, a time behind them if at all, or seconds since 1970."""
    if match := _COMPACT.fullmatch(text):
        parts = [int(part) for part in match.groups() if part]
        try:
            found = datetime(parts[0], *parts[1:])  # type: ignore[arg-type]  # three, five or six numbers
        except ValueError:
            found = None
        if found and found.year in _YEARS:
            return found.isoformat() if len(parts) > 3 else found.date().isoformat()
    if match := _EPOCH.fullmatch(text):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))).isoformat()
    return ""


def _write_han_date(match: re.Match[str]) -> str:
    year, month, day = map(_han_to_digits, match.groups())
    return (
        f" {year}-{month}-{day} "
        if len(year) == 4
        else f" {_full_year(int(year) if year else 0)}-{month}-{day} "
    )


def _han_to_digits(numerals: str) -> str:
    """Digits of Chinese numerals as dates have them: 二〇二四, 十六, 二十."""
    if numerals.isdigit():
        return numerals
    digits = {char: str(value) for char, value in HAN_DIGITS.items()}
    tens, ten, ones = numerals.partition("十")
    if ten:
        return f"{digits.get(tens, '1' if not tens else '')}{digits.get(ones, '0' if not ones else '')}"
    return "".join(digits.get(char, char) for char in numerals)


def _name_month(match: re.Match[str]) -> str:
    number = int(match[1])
    return _MONTH_KEYS[number - 1] if 1 <= number <= 12 else match[0]


def _read_days(text: str, lang: str) -> tuple[dict[str, date], str]:
    """Days by the order of their parts, and the order that is meant where nothing is known."""
    parts = _TOKEN.findall(text)
    numbers = [part for part in parts if part.isdigit()]
    signs = {part for part in parts if part in _SIGNS}
    words = [fold_word(part) for part in parts if not part.isdigit() and part not in _SIGNS]
    months, weekdays = _read_words(words)
    if months is None:
        return {}, ""
    if months:
        own = month_numbers(lang)
        months = frozenset(own[word] for word in words if word in own) & months or months
        found = {str(month): day for month in sorted(months) if (day := _read_named(numbers, month, text))}
        return (found if len(found) != 1 else {"": found.popitem()[1]}), ""
    if len(numbers) != 3:
        return {}, ""
    orders = _possible_orders(numbers)
    default = ""
    if signs == {"."} and (len(numbers[2]) == 4 or lang):  # no language of CLDR writes a month first there
        default = "ymd" if len(numbers[2]) == 2 and puts_year_first(lang) else "dmy"
    if lang and len(orders) > 1 and not puts_year_first(lang):
        orders.pop("ymd", None)
    if len(set(orders.values())) > 1 and len(weekdays) == 1:
        on_that_day = {order: day for order, day in orders.items() if day.weekday() in weekdays}
        orders = on_that_day or orders
    return orders, default


def _read_words(folded: Sequence[str]) -> tuple[frozenset[int] | None, frozenset[int]]:
    """The month and the day of the week that words name, empty where none does; None if one says something else."""
    known = calendar_words()
    months: list[frozenset[int]] = []
    shared: list[tuple[frozenset[int], frozenset[int]]] = []  # Martes and March
    weekdays: frozenset[int] = frozenset()
    place = 0
    while place < len(folded):
        pair, word = " ".join(folded[place : place + 2]), folded[place]
        key = pair if pair in known.months or pair in known.weekdays else word
        place += 2 if key == pair and pair != word else 1
        if key in known.months and key in known.weekdays:
            shared.append((known.months[key], known.weekdays[key]))
        elif key in known.months:
            months.append(known.months[key])
        elif key in known.weekdays:
            weekdays = known.weekdays[key]
        elif key and key not in known.connectors:
            return None, frozenset()
    if not months and len(shared) == 1:
        return shared[0][0], weekdays
    if len(months) > 1 or len(shared) > 1:
        return None, frozenset()
    return (months[0] if months else frozenset()), weekdays


def _read_named(numbers: Sequence[str], month: int, text: str) -> date | None:
    """The day of a month that is named: the year is the number with four digits, or the last."""
    if len(numbers) != 2:
        return None
    year_text, day_text = numbers if len(numbers[0]) == 4 else (numbers[1], numbers[0])
    year = int(year_text)
    if len(year_text) == 2:
        year = _full_year(year)
    elif year in _BUDDHIST_YEARS and any("\u0e00" <= char <= "\u0e7f" for char in text):
        year -= 543
    return _make_day(year, month, int(day_text)) if len(day_text) <= 2 else None


def _possible_orders(numbers: Sequence[str]) -> dict[str, date]:
    """The days that three numbers may be, by the order of their parts."""
    sizes = [len(number) for number in numbers]
    first, second, third = map(int, numbers)
    if sizes[0] == 4 and max(sizes[1:]) <= 2:
        found = {"": _make_day(first, second, third)}
    elif sizes[2] == 4 and max(sizes[:2]) <= 2:
        found = {"dmy": _make_day(third, second, first), "mdy": _make_day(third, first, second)}
    elif max(sizes) <= 2:
        found = {}
        if sizes[2] == 2:
            found["dmy"] = _make_day(_full_year(third), second, first)
            found["mdy"] = _make_day(_full_year(third), first, second)
        if sizes[0] == 2:
            found["ymd"] = _make_day(_full_year(first), second, third)
    else:
        found = {}
    return {order: day for order, day in found.items() if day}


def _full_year(year: int) -> int:
    """A year of two digits in full, 0 where its century is in doubt: it may be neither long gone nor to come."""
    if 70 <= year <= 99:
        return 1900 + year
    return 2000 + year if 2000 + year <= datetime.now(UTC).year + 1 else 0


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _join_iso(day: date, clock: time | str) -> str:
    return datetime.combine(day, clock).isoformat() if isinstance(clock, time) else day.isoformat()
