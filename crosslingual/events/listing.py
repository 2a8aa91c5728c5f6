"""Events as a list says them: narrowed by words, time, language and source, sorted, and what of them is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crosslingual.library.events import EventEntry
from crosslingual.moments import parse_moment
from crosslingual.types import Event


@dataclass(frozen=True)
class EventSummary:
    """An ``event`` with its articles, without their texts, by date.

    ``title_lang`` is the language of the event's title, ISO 639-1; empty where a person gave it.
    """

    event: Event
    title_lang: str
    entries: tuple[EventEntry, ...]

    @cached_property
    def lang_counts(self) -> Mapping[str, int]:
        """Articles in each language, the most frequent first."""
        return dict(Counter(entry.lang for entry in self.entries).most_common())

    @cached_property
    def last_number(self) -> int:
        """Number of the article that came in last; numbers grow."""
        return max(entry.number for entry in self.entries)

    @cached_property
    def titles(self) -> str:
        """Its title and those of its articles, a line each, in small letters."""
        return "\n".join((self.event.title, *(entry.title for entry in self.entries))).casefold()

    def new_entries(self, after: int) -> list[EventEntry]:
        """The articles that came in after article number ``after``, the first published first."""
        if self.last_number <= after:
            return []
        found = [entry for entry in self.entries if entry.number > after]
        return sorted(found, key=lambda entry: (parse_moment(entry.date).sort_key, entry.date, entry.number))


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Which events to list: all must hold; of one with several values, any; what is empty does not limit.

    ``title`` are words that all stand in one title of the event or its articles. ``since`` and ``until`` are days,
    ISO 8601, inclusive, that the event reaches into. It must have one of ``articles``, by their ids, and one that came
    in after the number ``newer_than``.
    """

    title: str = ""
    langs: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    articles: frozenset[str] | None = None
    newer_than: int | None = None

    def admits_event(self, summary: EventSummary) -> bool:
        """Whether the event is listed."""
        event = summary.event
        return (
            (not self.langs or not self.langs.isdisjoint(event.languages))
            and (not self.sources or not self.sources.isdisjoint(event.sources))
            and (not self.since or event.end >= self.since)
            and (not self.until or "" < event.start <= self.until)
            and (self.newer_than is None or summary.last_number > self.newer_than)
            and (self.articles is None or not self.articles.isdisjoint(event.articles))
            and self._has_words(summary)
        )

    def _has_words(self, summary: EventSummary) -> bool:
        words = self.title.casefold().split()
        return not words or any(
            all(word in line for word in words) for line in summary.titles.split("\n") if words[0] in line
        )


EVENT_ORDERS: Mapping[str, Callable[[EventSummary], Any]] = {
    "date": lambda one: (one.event.end, one.event.id),
    "added": lambda one: one.last_number,
    "sources": lambda one: (len(one.event.sources), len(one.entries)),
    "articles": lambda one: (len(one.entries), len(one.event.sources)),
    "languages": lambda one: (len(one.event.languages), len(one.event.sources)),
}
"""What events are sorted by, the greatest first; those that are equal stay as they come, newest first."""


def select_events(
    summaries: Sequence[EventSummary], filters: EventFilters, order: str = "date"
) -> list[EventSummary]:
    """Those of ``summaries`` that ``filters`` admit, by an ``EVENT_ORDERS``."""
    return sorted(filter(filters.admits_event, summaries), key=EVENT_ORDERS[order], reverse=True)
