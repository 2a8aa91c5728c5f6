"""What a reader of the Search page asks for, and how its address says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from crosslingual.library import Mark
from crosslingual.search import Filters
from crosslingual.search.query import LONGEST
from crosslingual.search.saved import SavedSearch

BY_SOURCE, BY_EVENT, LIST, OVER_TIME = "source", "event", "list", "time"
VIEWS = (BY_SOURCE, BY_EVENT, LIST, OVER_TIME)
SURES = (0, 1, 70, 85, 95)
"""Least probabilities to choose from, in per cent; 0 is the default."""
FIRST = 20
"""Sentences shown before more are asked for."""
MOST = 1_000
"""Sentences shown at most."""
_MOST_VALUES = 100  # of one filter
_LONGEST_VALUE = 200  # characters
_FILTERS = {"langs": "lang", "sources": "source", "countries": "country", "ownerships": "owner"}


@dataclass(frozen=True, slots=True)
class Wish:
    """``text`` as typed, or ``like`` a stored sentence (``ARTICLE:SENTENCE``); where, and how it is shown.

    ``sure`` is the least probability, 0 for the default. ``saved`` names the saved search that was opened.
    """

    text: str = ""
    like: str = ""
    filters: Filters = field(default_factory=Filters)
    event: str = ""
    view: str = BY_SOURCE
    sure: float = 0.0
    shown: int = FIRST
    saved: str = ""

    @classmethod
    def read(cls, values: Callable[[str], Sequence[str]]) -> Self:
        """What an address says, by what it gives for a name; what makes no sense in it is left out."""

        def one(name: str) -> str:
            found = values(name)
            return found[-1][:_LONGEST_VALUE] if found else ""

        sets = {
            own: frozenset(value[:_LONGEST_VALUE] for value in values(name)[:_MOST_VALUES])
            for own, name in _FILTERS.items()
        }
        text = _line(values("q"))
        return cls(
            text,
            "" if text or not _mark(one("like")) else one("like"),
            Filters(
                **sets,
                since=_day(one("from")),
                until=_day(one("to")),
                phrase=_line(values("phrase")),
            ),
            one("event"),
            one("view") if one("view") in VIEWS else BY_SOURCE,
            sure / 100 if (sure := _number(one("sure"), 99)) in SURES else 0.0,
            max(FIRST, _number(one("n"), MOST)),
            one("saved"),
        )

    @classmethod
    def opened(cls, search: SavedSearch) -> Self:
        """A saved search."""
        return cls(search.query, filters=search.filters, event=search.event, saved=search.name)

    def params(self) -> dict[str, list[str]]:
        """What the address says; nothing of what is as always."""
        said = {
            "q": [self.text],
            "like": [self.like],
            **{name: sorted(getattr(self.filters, own)) for own, name in _FILTERS.items()},
            "from": [self.filters.since],
            "to": [self.filters.until],
            "phrase": [self.filters.phrase],
            "event": [self.event],
            "view": [self.view] if self.view != BY_SOURCE else [],
            "sure": [str(round(100 * self.sure))] if self.sure else [],
            "n": [str(self.shown)] if self.shown != FIRST else [],
            "saved": [self.saved],
        }
        return {name: kept for name, values in said.items() if (kept := [one for one in values if one])}

    @property
    def asked(self) -> tuple[object, ...]:
        """What decides what is found, for caches and to tell two wishes apart; not how it is shown."""
        sets = (tuple(sorted(getattr(self.filters, own))) for own in _FILTERS)
        filters = self.filters
        return (self.text, self.like, *sets, filters.since, filters.until, filters.phrase, self.event)

    @property
    def mark(self) -> Mark | None:
        """The stored sentence that it is like."""
        return _mark(self.like)

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.text or self.like)

    def to_save(self, name: str, query: str) -> SavedSearch:
        """As a search that can be saved; ``query`` is what it says in words."""
        return SavedSearch(name, query, replace(self.filters, articles=None), self.event)


def _line(values: Sequence[str]) -> str:
    return " ".join((values or [""])[-1][:LONGEST].replace("\0", " ").split())


def _mark(text: str) -> Mark | None:
    article, _, index = text.rpartition(":")
    fits = article and index.isascii() and index.isdigit() and len(index) <= 9
    return (article, int(index)) if fits else None


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 0
