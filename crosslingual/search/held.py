"""Whether a library has what the filters of a search ask for."""

from __future__ import annotations

from collections.abc import Set

from crosslingual.errors import NotFoundError
from crosslingual.library import Library
from crosslingual.search.query import Filters

_NAMED = 8
"""Values of a filter that an error names."""


def check_filters(library: Library, filters: Filters) -> None:
    """Make sure that there are articles of each language, source and country that is asked for.

    Raises:
        NotFoundError: there are none of one of them.
    """
    if not filters.langs | filters.sources | filters.countries:
        return
    sources = library.sources_of_articles()
    _check("lang", filters.langs, {entry.lang for entry in library.places.entries()})
    _check("source", filters.sources, {source.id for source in sources})
    _check("country", filters.countries, {source.country for source in sources} - {""})


def _check(name: str, wanted: Set[str], held: Set[str]) -> None:
    for value in sorted(wanted - held):
        some = ", ".join(sorted(held)[:_NAMED]) or "none"
        more = f" and {len(held) - _NAMED:,} more" if len(held) > _NAMED else ""
        raise NotFoundError(f"{name} {value!r}: not in this library; there are: {some}{more}")
