"""Whether the filters of a search can be met by a library."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library import Library
from crosslingual.search.query import Filters

_MAX_NAMED_VALUES = 8
"""Values of a filter that an error names."""


def check_filters(library: Library, filters: Filters) -> None:
    """Make sure that the days are in order, and that there are articles of each language, source and country.

    Raises:
        InputError: the first day is after the last, or one of them is no day.
        NotFoundError: there are no articles of one of them.
    """
    _check_days(filters.since, filters.until)
    if not filters.langs | filters.sources | filters.countries:
        return
    sources = library.sources_with_articles()
    _check_values("lang", filters.langs, {entry.lang for entry in library.lookup.article_entries()})
    _check_values("source", filters.sources, {source.id for source in sources})
    _check_values("country", filters.countries, {source.country for source in sources} - {""})


def _check_days(since: str, until: str) -> None:
    for day in filter(None, (since, until)):
        if not is_day(day):
            raise InputError(f"{day[:20]!r} is not a day; give it as 2024-05-16")
    if since and until and since > until:
        raise InputError(
            f"the first day {since} is after the last day {until}; give them the other way round"
        )


def is_day(text: str) -> bool:
    """Whether ``text`` is a day in the form that days of articles have, so that the two can be compared."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_values(name: str, wanted: Set[str], available: Set[str]) -> None:
    for value in sorted(wanted - available):
        some = ", ".join(sorted(available)[:_MAX_NAMED_VALUES]) or "none"
        more = (
            f" and {len(available) - _MAX_NAMED_VALUES:,} more" if len(available) > _MAX_NAMED_VALUES else ""
        )
        raise NotFoundError(f"{name} {value!r}: not in this library; there are: {some}{more}")
