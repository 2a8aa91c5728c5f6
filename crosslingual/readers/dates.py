"""The dates of a file: what a text says as one, and what the file's other dates say of the order of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crosslingual.language.dates import DateReading, read_date

OutletDate = tuple[str, str]
"""An outlet, empty where none is named, and a date as it is written."""

_NAME_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}([-_. ]?)[01]\d\1[0-3]\d|[0-3]?\d[-_.][01]?\d[-_.](?:19|20)\d{2})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """``iso`` is the date in ISO 8601, empty where there is none that is sure; ``doubt`` says why."""

    iso: str = ""
    doubt: str = ""


class DateReader:
    """Reads the dates of one file.

    Where one could be two (05/06/2024), the file's other dates decide: those of the same outlet, or else all,
    if they show one order only. They are looked at once, when the first such date comes.
    """

    def __init__(self, list_dates: Callable[[], Iterable[OutletDate]] = tuple) -> None:
        """Read dates of a file that gives all of them by ``list_dates``."""
        self._list_dates = list_dates

    def find_date(self, text: str, lang: str = "", outlet: str = "") -> FoundDate:
        """The date that ``text`` says, or why it says none; nothing where ``text`` is empty.

        Args:
            text: a date as it is written.
            lang: the ISO 639-1 code of its language, where that is known.
            outlet: whose it is, in the words that ``list_dates`` has for it.
        """
        if not text.strip():
            return FoundDate()
        reading = read_date(text, lang)
        candidates = reading.candidates
        order = self._find_order(outlet) if len(candidates) > 1 else ""
        if iso := reading.resolve(order):
            return FoundDate(iso)
        if candidates:
            return FoundDate(doubt=f"is {text[:40]!r}, which may be {' or '.join(candidates)}")
        return FoundDate(doubt=f"is {text[:40]!r}")

    def _find_order(self, outlet: str) -> str:
        if outlet in self._orders:
            return only_order(self._orders[outlet])
        return only_order({order for orders in self._orders.values() for order in orders})

    @cached_property
    def _orders(self) -> dict[str, set[str]]:
        """The orders that dates show which can be read in one only, by outlet."""
        found: dict[str, set[str]] = {}
        for outlet, text in self._list_dates():
            if order := shown_order(read_date(text)):
                found.setdefault(outlet, set()).add(order)
        return found


def shown_order(reading: DateReading) -> str:
    """The order of a date of numbers that has but one, empty where it has several or needs none."""
    orders = [order for order, _ in reading.by_order]
    return orders[0] if len(orders) == 1 else ""


def only_order(orders: set[str]) -> str:
    """The one of ``orders``, empty where there are several or none."""
    return next(iter(orders)) if len(orders) == 1 else ""


def is_date(text: str) -> bool:
    """Whether ``text`` is written as a date, be it one that could be two; a number alone is none."""
    return not text.strip().isdigit() and bool(read_date(text).candidates)


def date_by_name(path: Path) -> tuple[str, str]:
    """The date in a file's name and the flaw that tells of it, both empty where there is none."""
    found = date_in_name(path)
    return (
        found,
        f"\"date\" {found} is from the file's name; look whether it is the article's" if found else "",
    )


def date_in_name(path: Path) -> str:
    """The date in the name of a file, in ISO 8601; empty where it has none, or several."""
    found = {
        read_date(match[0].replace("_", "-").replace(" ", "-")).resolve()
        for match in _NAME_DATE.finditer(path.stem[:200])
    }
    return found.pop() if len(found) == 1 else ""
