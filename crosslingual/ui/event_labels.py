"""Events where one is chosen: what they are called, and which is shown first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice

from crosslingual.formatting import format_count, shorten_title
from crosslingual.types import Event

_TITLE_CELLS = (24, 60, 200)
"""How much of a title stands in a label; more where events would look alike."""
MAX_OFFERED = 300
"""Events, the newest, that a picker offers."""
_RECENT_DAYS = 7
"""How far back from the newest event the one that is shown first may lie."""


def choose_first_event(events: Sequence[Event]) -> Event:
    """Of the last seven days of ``events``, newest first, the one of most sources, then of most articles.

    The days are counted back from the newest event of several sources; where there is none, from the newest.
    """
    shared = [event for event in events if len(event.sources) > 1] or list(events)
    newest = shared[0]
    recent = [event for event in shared if _is_within_days(event.end, newest.end)]
    return max(recent or shared, key=lambda event: (len(event.sources), len(event.articles)))


def offer_events(events: Mapping[str, Event], chosen: str | None) -> dict[str, Event]:
    """Those of ``events``, newest first, that a picker offers: ``MAX_OFFERED``, and the one that is ``chosen``.

    The Events page has all.
    """
    offered = dict(islice(events.items(), MAX_OFFERED))
    if chosen and chosen in events:
        offered[chosen] = events[chosen]
    return offered


def label_events(events: Iterable[Event]) -> dict[str, str]:
    """By their ids, events in a few words each, to be chosen by: no two are alike."""
    told = {event.id: event for event in events}
    labels: dict[str, str] = {}
    for max_cells in _TITLE_CELLS:
        counts = Counter(labels.values())
        labels |= {
            id_: _label_event(event, max_cells)
            for id_, event in told.items()
            if counts[labels.get(id_, "")] != 1
        }
    seen: Counter[str] = Counter()
    for id_, label in labels.items():
        seen[label] += 1
        if seen[label] > 1:
            labels[id_] = f"{label} ({seen[label]})"
    return labels


def _label_event(event: Event, max_cells: int) -> str:
    title = shorten_title(event.title, max_cells) or "untitled"
    sources = format_count(len(event.sources), "source")
    return " · ".join(part for part in (title, _format_short_range(event.start, event.end), sources) if part)


def _is_within_days(day: str, newest: str) -> bool:
    try:
        return date.fromisoformat(newest[:10]) - date.fromisoformat(day[:10]) <= timedelta(_RECENT_DAYS)
    except ValueError:
        return False


def _format_short_range(start: str, end: str) -> str:
    """``8–14 Aug 2024``, ``30 Apr – 2 May 2024``."""
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return start or end
    day = f"{last.day} {last:%b %Y}"
    if first == last:
        return day
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day}"
    return f"{first.day} {first:%b}{f' {first.year}' if first.year != last.year else ''} – {day}"
