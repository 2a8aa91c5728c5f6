"""Articles on the same happening, grouped across languages without translation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from crosslingual.align.space import Space
from crosslingual.errors import NotFoundError, UnwritableLibraryError
from crosslingual.events.grouping import group_new_articles
from crosslingual.events.listing import EventSummary
from crosslingual.events.titles import choose_titles
from crosslingual.library import Library
from crosslingual.library.events import EventEntry
from crosslingual.types import Event


def find_events(
    library: Library, space: Space, *, target_lang: str = "en", engines: Sequence[str] = ()
) -> list[Event]:
    """The events of ``summarize_events``."""
    return [
        summary.event
        for summary in summarize_events(library, space, target_lang=target_lang, engines=engines)
    ]


def summarize_events(
    library: Library, space: Space, *, target_lang: str = "en", engines: Sequence[str] = ()
) -> list[EventSummary]:
    """The library's events of two or more articles, newest first, titled for a reader of ``target_lang``.

    A title is a person's, or the one that names it best in the reader's language, or one translated by
    a person, or else by the first of ``engines`` that did. Articles that wait for an event get one first; those
    of a library that cannot be written go on waiting. No text of an article is read, but the first words of those
    without a title.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    with suppress(UnwritableLibraryError):
        group_new_articles(library, space)
    entries = library.event_entries()
    names = library.event_names(entries)
    titles = choose_titles(
        library,
        {number: own for number, own in entries.items() if not names[number][1]},
        target_lang,
        engines,
    )
    found = []
    for number, own in entries.items():
        id_, given = names[number]
        title, lang = titles.get(number, (given, ""))
        ordered = sorted(own, key=lambda entry: (entry.date, entry.article))
        found.append(EventSummary(_make_event(id_, ordered, title), lang, tuple(ordered)))
    return sorted(found, key=lambda one: (one.event.end, one.event.id), reverse=True)


def find_event(name: str, events: Sequence[Event], forwards: dict[str, str] | None = None) -> Event:
    """The event whose id is ``name`` or begins so, or in which there is an article ``name``.

    ``forwards`` are ids of events that were merged into others, with the ids that lead on.

    Raises:
        NotFoundError: there is none, or there are several.
    """
    wanted = (forwards or {}).get(name, name)
    exact = [event for event in events if wanted == event.id or name in event.articles]
    found = exact or [event for event in events if name and event.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"event {name!r}: the ids of {len(found)} events begin so; give more of it")
    raise NotFoundError(f"event {name!r}: not in this library; list what is with: crosslingual events")


def _make_event(id_: str, ordered: Sequence[EventEntry], title: str) -> Event:
    dates = [entry.date[:10] for entry in ordered if entry.date]
    return Event(
        id=id_,
        title=title,
        start=min(dates, default=""),
        end=max(dates, default=""),
        articles=tuple(entry.article for entry in ordered),
        sources=tuple(dict.fromkeys(entry.source for entry in ordered)),
        languages=tuple(dict.fromkeys(entry.lang for entry in ordered)),
    )
