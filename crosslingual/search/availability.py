"""Whether a library has what the filters of a search ask for."""

from __future__ import annotations

from collections.abc import Set

from crosslingual.errors import NotFoundError
from crosslingual.library import Library
from crosslingual.search.query import Filters

_MAX_NAMED_VALUES = 8
"""Values of a filter that an error names."""


def check_filters(library: Library, filters: Filters) -> None:
    """Make sure that there are articles of each language, source and country that is asked for.

    Raises:
        NotFoundError: there are none of one of them.
    """
    if not filters.langs | filters.sources | filters.countries:
        return
    sources = library.sources_with_articles()
    _check_values("lang", filters.langs, {entry.lang for entry in library.lookup.article_entries()})
    _check_values("source", filters.sources, {source.id for source in sources})
    _check_values("country", filters.countries, {source.country for source in sources} - {""})


def _check_values(name: str, wanted: Set[str], available: Set[str]) -> None:
    for value in sorted(wanted - available):
        some = ", ".join(sorted(available)[:_MAX_NAMED_VALUES]) or "none"
        more = (
            f" and {len(available) - _MAX_NAMED_VALUES:,} more" if len(available) > _MAX_NAMED_VALUES else ""
        )
        raise NotFoundError(f"{name} {value!r}: not in this library; there are: {some}{more}")
