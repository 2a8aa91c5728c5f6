"""What a reader of the Search page asks for, and how its address says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from crosslingual.library import SentenceKey
from crosslingual.search import Filters
from crosslingual.search.query import MAX_QUERY_CHARS
from crosslingual.search.saved import SavedSearch

BY_SOURCE, BY_EVENT, LIST, OVER_TIME = "source", "event", "list", "time"
VIEWS = (BY_SOURCE, BY_EVENT, LIST, OVER_TIME)
MIN_PERCENTS = (0, 1, 70, 85, 95)
"""Least probabilities to choose from, in per cent; 0 is the default."""
PAGE_SIZE = 20
"""Sentences shown before more are asked for."""
MAX_SENTENCES = 1_000
"""Sentences shown at most."""
_MAX_VALUES = 100  # of one filter
_MAX_VALUE_CHARS = 200  # characters
_FILTER_PARAMS = {"langs": "lang", "sources": "source", "countries": "country", "ownerships": "owner"}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """``text`` as typed, or ``similar_to`` a stored sentence (``ARTICLE:SENTENCE``); where, and how it is shown.

    ``min_probability`` is the least probability, 0 for the default. ``saved_name`` names the saved search
    that was opened.
    """

    text: str = ""
    similar_to: str = ""
    filters: Filters = field(default_factory=Filters)
    event: str = ""
    view: str = BY_SOURCE
    min_probability: float = 0.0
    n_shown: int = PAGE_SIZE
    saved_name: str = ""

    @classmethod
    def from_params(cls, get_values: Callable[[str], Sequence[str]]) -> Self:
        """What an address says, by what it gives for a name; what makes no sense in it is left out."""

        def last_value(name: str) -> str:
            found = get_values(name)
            return found[-1][:_MAX_VALUE_CHARS] if found else ""

        sets = {
            own: frozenset(value[:_MAX_VALUE_CHARS] for value in get_values(name)[:_MAX_VALUES])
            for own, name in _FILTER_PARAMS.items()
        }
        text = _parse_text(get_values("q"))
        return cls(
            text,
            "" if text or not _parse_sentence_ref(last_value("like")) else last_value("like"),
            Filters(
                **sets,
                since=_parse_date(last_value("from")),
                until=_parse_date(last_value("to")),
                phrase=_parse_text(get_values("phrase")),
            ),
            last_value("event"),
            last_value("view") if last_value("view") in VIEWS else BY_SOURCE,
            sure / 100 if (sure := _parse_number(last_value("sure"), 99)) in MIN_PERCENTS else 0.0,
            max(PAGE_SIZE, _parse_number(last_value("n"), MAX_SENTENCES)),
            last_value("saved"),
        )

    @classmethod
    def from_saved(cls, search: SavedSearch) -> Self:
        """A saved search."""
        return cls(search.query, filters=search.filters, event=search.event, saved_name=search.name)

    def to_params(self) -> dict[str, list[str]]:
        """What the address says; nothing of what is as always."""
        said = {
            "q": [self.text],
            "like": [self.similar_to],
            **{name: sorted(getattr(self.filters, own)) for own, name in _FILTER_PARAMS.items()},
            "from": [self.filters.since],
            "to": [self.filters.until],
            "phrase": [self.filters.phrase],
            "event": [self.event],
            "view": [self.view] if self.view != BY_SOURCE else [],
            "sure": [str(round(100 * self.min_probability))] if self.min_probability else [],
            "n": [str(self.n_shown)] if self.n_shown != PAGE_SIZE else [],
            "saved": [self.saved_name],
        }
        return {name: kept for name, values in said.items() if (kept := [one for one in values if one])}

    @property
    def cache_key(self) -> tuple[object, ...]:
        """What decides what is found, for caches and to tell two wishes apart; not how it is shown."""
        sets = (tuple(sorted(getattr(self.filters, own))) for own in _FILTER_PARAMS)
        filters = self.filters
        return (self.text, self.similar_to, *sets, filters.since, filters.until, filters.phrase, self.event)

    @property
    def sentence_ref(self) -> SentenceKey | None:
        """The stored sentence that it is like."""
        return _parse_sentence_ref(self.similar_to)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.text or self.similar_to)

    def to_saved_search(self, name: str, query: str) -> SavedSearch:
        """As a search that can be saved; ``query`` is what it says in words."""
        return SavedSearch(name, query, replace(self.filters, articles=None), self.event)


def _parse_text(values: Sequence[str]) -> str:
    return " ".join((values or [""])[-1][:MAX_QUERY_CHARS].replace("\0", " ").split())


def _parse_sentence_ref(text: str) -> SentenceKey | None:
    article, _, index = text.rpartition(":")
    fits = article and index.isascii() and index.isdigit() and len(index) <= 9
    return (article, int(index)) if fits else None


def _parse_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _parse_number(text: str, maximum: int) -> int:
    return min(int(text), maximum) if text.isascii() and text.isdigit() and len(text) < 10 else 0
