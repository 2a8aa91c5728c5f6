"""The articles of a library that wait for an event, put onto one; what stands stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.events.evidence import WINDOW_DAYS, ArticleProfiles
from crosslingual.events.linkage import group_articles
from crosslingual.events.profiles import day_number, load_profiles, parse_day
from crosslingual.library import Library
from crosslingual.library.events import EventEntry, NewEvent

ARTICLES_PER_STEP = 200
"""Articles grouped and stored at once, by their days."""
MAX_NEIGHBORS = 20_000
"""Stored articles of a stretch of days that new ones are held against, the latest added; also those without a date."""


def group_new_articles(
    library: Library, space: Space, progress: Callable[[int, int], None] | None = None
) -> int:
    """Find an event for every article that has none, and store it; how many there were.

    An article is held against those of the days around its own. One without a date is held against the latest
    added. A step is stored whole or not at all: what ends the process, the same call goes on.

    Raises:
        LibraryError: an article lacks vectors of the space's model; the library cannot be written.
    """
    waiting = library.ungrouped_entries()
    for start in range(0, len(waiting), ARTICLES_PER_STEP):
        _group_step(library, space, waiting[start : start + ARTICLES_PER_STEP])
        if progress:
            progress(min(start + ARTICLES_PER_STEP, len(waiting)), len(waiting))
    return len(waiting)


def update_centralities(library: Library, space: Space, events: Sequence[int]) -> None:
    """Store anew how central each article of these events is."""
    for own in library.event_entries(events).values():
        vectors = load_entry_profiles(library, space, own).vectors
        central = vectors @ vectors.sum(axis=0)
        library.put_centralities(
            {entry.number: float(value) for entry, value in zip(own, central, strict=True)}
        )


def load_entry_profiles(library: Library, space: Space, entries: Sequence[EventEntry]) -> ArticleProfiles:
    """The profiles of ``entries``, in their order.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    return load_profiles(library, space, {entry.number: (entry.lang, entry.date) for entry in entries})


def _group_step(library: Library, space: Space, new: Sequence[EventEntry]) -> None:
    standing = _find_neighbors(library, new)
    found = group_articles(
        load_entry_profiles(library, space, new),
        load_entry_profiles(library, space, standing),
        np.array([entry.event for entry in standing], dtype=np.int64),
        _find_spans(library, standing),
        library.separated_events(),
    )
    homes = {entry.number: int(event) for entry, event in zip(new, found.homes, strict=True)}
    founders: dict[int, EventEntry] = {}
    for entry in sorted(new, key=lambda one: (not one.date, one.date, one.article)):
        founders.setdefault(homes[entry.number], entry)
    made = library.store_grouping(
        homes,
        {event: _name_event(founder) for event, founder in founders.items() if event < 0},
        found.merges,
    )
    sizes: dict[int, int] = defaultdict(int)
    for event in homes.values():
        sizes[event] += 1
    # Of one article there is nothing to be central to.
    touched = [made.get(event, event) for event, size in sizes.items() if event > 0 or size > 1]
    update_centralities(library, space, [event for event in touched if event > 0])


def _find_spans(library: Library, standing: Sequence[EventEntry]) -> NDArray[np.float64]:
    """(m, 2): first and last day of the event of each article, NaN where there is none."""
    days = library.event_days({entry.event for entry in standing})
    spans = [[day_number(day) for day in days.get(entry.event, ("", ""))] for entry in standing]
    return np.array(spans, dtype=np.float64).reshape(-1, 2)


def _name_event(founder: EventEntry) -> NewEvent:
    return NewEvent(f"{founder.date[:10] or 'undated'}-{founder.article[:6]}", founder.article[6:])


def _find_neighbors(library: Library, new: Sequence[EventEntry]) -> list[EventEntry]:
    """Grouped articles that may be on the event of one that is new."""
    days = sorted({day for entry in new if (day := parse_day(entry.date))})
    found = library.entries_between("", "", MAX_NEIGHBORS)
    if any(parse_day(entry.date) is None for entry in new):
        found += library.entries_between("0", "~", MAX_NEIGHBORS)
    reach = timedelta(days=WINDOW_DAYS)
    start = 0
    for place, day in enumerate(days):
        if place + 1 == len(days) or days[place + 1] - day > 2 * reach:
            first, last = days[start] - reach, day + reach + timedelta(days=1)
            found += library.entries_between(first.isoformat(), last.isoformat(), MAX_NEIGHBORS)
            start = place + 1
    return list({entry.number: entry for entry in found}.values())
