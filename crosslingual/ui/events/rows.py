"""Events as values that the browser draws: rows of the list, and all of the one that is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from crosslingual.events.listing import EventSummary
from crosslingual.formatting import format_count
from crosslingual.language.codes import language_name
from crosslingual.library.event_visits import EventVisit
from crosslingual.moments import find_earliest, parse_moment
from crosslingual.ui.event_labels import label_events
from crosslingual.ui.serialize import format_date, format_date_range

MAX_ARTICLES = 300
"""Articles of the opened event that are listed."""
MAX_OTHERS = 40
"""Events that the opened one can be merged with, the nearest in time."""
_MAX_LANGS = 4
_NEVER = 10**6  # days


def serialize_row(
    summary: EventSummary, names: Mapping[str, str], target_lang: str, visit: EventVisit | None, now: datetime
) -> dict[str, Any]:
    """``summary`` for ``assets/events.js``; ``names`` are those of the sources by their ids."""
    event, lang = summary.event, summary.title_lang
    counts = list(summary.lang_counts.items())
    return {
        "id": event.id,
        "title": event.title,
        "renamed": not lang,
        "lang": lang or target_lang,
        "language": language_name(lang, target_lang) if lang not in ("", target_lang) else "",
        "days": format_date_range(event.start, event.end),
        "sources": len(event.sources),
        "articles": len(summary.entries),
        "langs": [[language_name(code, target_lang), count] for code, count in counts[:_MAX_LANGS]],
        "more": max(len(counts) - _MAX_LANGS, 0),
        "growth": format_growth(summary, names, visit, now),
    }


def format_growth(
    summary: EventSummary, names: Mapping[str, str], visit: EventVisit | None, now: datetime
) -> str:
    """``3 new articles since yesterday, first by TASS``; empty where there are none, or no visit before.

    Nobody is named where it is not known who of several sources was first.
    """
    new = summary.new_entries(visit.last_article) if visit else []
    if not visit or not new:
        return ""
    when = format_since(visit.at, now)
    told = f"New {when}"
    if len(new) < len(summary.entries):
        told = f"{format_count(len(new), 'new article')} {when}"
    sources = {entry.source for entry in new}
    first = {new[place].source for place in find_earliest([parse_moment(entry.date) for entry in new])}
    if len(sources) > 1 and len(first) != 1:
        return told
    (by,) = sources if len(sources) == 1 else first
    return f"{told}, {'by' if len(sources) == 1 else 'first by'} {names.get(by, by)}"


def format_since(at: datetime, now: datetime) -> str:
    """``since 14:05``, ``since yesterday``, ``since Friday``, ``since 3 May 2024``, in the time of this machine."""
    then, today = at.astimezone(), now.astimezone().date()
    days = (today - then.date()).days
    if days <= 0:
        return f"since {then:%H:%M}"
    if days == 1:
        return "since yesterday"
    return f"since {then:%A}" if days < 7 else f"since {format_date(then.date().isoformat())}"


def serialize_opened(
    summary: EventSummary,
    summaries: Sequence[EventSummary],
    names: Mapping[str, str],
    target_lang: str,
    visit: EventVisit | None,
) -> dict[str, Any]:
    """The articles of an event, and the events that one of them may belong to."""
    last = visit.last_article if visit else None
    near = sorted(
        (one for one in summaries if one.event.id != summary.event.id),
        key=lambda one: (_days_between(one, summary), -len(one.event.sources)),
    )
    return {
        "articles": [
            {
                "id": entry.article,
                "source": names.get(entry.source, entry.source),
                "day": format_date(entry.date),
                "lang": entry.lang,
                "language": language_name(entry.lang, target_lang),
                "title": entry.title,
                "new": last is not None and entry.number > last,
            }
            for entry in summary.entries[:MAX_ARTICLES]
        ],
        "others": list(label_events(one.event for one in near[:MAX_OTHERS]).items()),
    }


def _days_between(one: EventSummary, other: EventSummary) -> int:
    """Days from the end of the earlier to the start of the later; 0 where they overlap."""
    try:
        starts, ends = (
            [date.fromisoformat(day) for day in days]
            for days in ((one.event.start, other.event.start), (one.event.end, other.event.end))
        )
    except ValueError:
        return _NEVER
    return max((max(starts) - min(ends)).days, 0)


def current_time() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
