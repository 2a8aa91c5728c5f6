"""Searches kept in a library's folder, and what is new since they were last looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.documents import Documents
from crosslingual.library.folder import SEARCHES_FILE
from crosslingual.search.bands import Band
from crosslingual.search.query import Filters
from crosslingual.search.searcher import Hit, Results

_MAX_NAME_CHARS = 100
_MAX_SEARCHES = 1_000
_SET_FIELDS = ("langs", "sources", "countries", "ownerships")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What was asked, where, and what it had found when it was last looked at, ``seen`` (article:sentence).

    ``event`` is an event's id, whose articles are those it has when the search is run. ``viewed_at`` is UTC.
    """

    name: str
    query: str
    filters: Filters = field(default_factory=Filters)
    event: str = ""
    viewed_at: str = ""
    seen: tuple[str, ...] = ()


def load_saved_searches(documents: Documents) -> list[SavedSearch]:
    """Those of a library, by name.

    Raises:
        InputError: they are damaged, or cannot be read.
    """
    return _parse_searches(documents, documents.read(SEARCHES_FILE))


def find_saved_search(documents: Documents, name: str) -> SavedSearch:
    """The one with this name.

    Raises:
        NotFoundError: there is none.
    """
    return _require_search(load_saved_searches(documents), name)


def save_search(documents: Documents, search: SavedSearch) -> None:
    """Keep a search, in place of one of the same name.

    Raises:
        InputError: the name is empty or too long, or there are too many.
    """
    if not search.name.strip() or len(search.name) > _MAX_NAME_CHARS or not search.name.isprintable():
        raise InputError(
            f"search name {search.name[:40]!r}: give 1 to {_MAX_NAME_CHARS} printable characters"
        )
    with documents.change(SEARCHES_FILE) as document:
        kept = [one for one in _parse_searches(documents, document.read()) if one.name != search.name]
        if len(kept) >= _MAX_SEARCHES:
            raise InputError(
                f"{documents.locate(SEARCHES_FILE)}: {_MAX_SEARCHES} searches are saved already; remove one first"
            )
        document.write(_format_searches([*kept, search]))


def remove_search(documents: Documents, name: str) -> None:
    """Forget the search with this name.

    Raises:
        NotFoundError: there is none.
    """
    with documents.change(SEARCHES_FILE) as document:
        searches = _parse_searches(documents, document.read())
        gone = _require_search(searches, name)
        document.write(_format_searches(one for one in searches if one != gone))


def mark_as_viewed(search: SavedSearch, results: Results) -> SavedSearch:
    """The search as it is after somebody has seen these results."""
    seen = dict.fromkeys([*search.seen, *map(_hit_key, _matching_hits(results))])
    return replace(search, seen=tuple(seen), viewed_at=datetime.now(UTC).isoformat(timespec="seconds"))


def find_new_hits(search: SavedSearch, results: Results) -> tuple[Hit, ...]:
    """What the search finds now that it had not when it was last looked at, best first."""
    seen = set(search.seen)
    return tuple(hit for hit in _matching_hits(results) if _hit_key(hit) not in seen)


def _matching_hits(results: Results) -> Iterator[Hit]:
    return (hit for hit in results.all_hits if hit.band <= Band.WORDS)


def _hit_key(hit: Hit) -> str:
    return f"{hit.entry.article}:{hit.sentence.index}"


def _require_search(searches: Iterable[SavedSearch], name: str) -> SavedSearch:
    for search in searches:
        if search.name == name:
            return search
    raise NotFoundError(f"no saved search {name!r}; list them with: crosslingual search saved")


def _parse_searches(documents: Documents, content: str | None) -> list[SavedSearch]:
    """What ``content`` holds, by name."""
    if content is None:
        return []
    try:
        records = json.loads(content)["searches"]
        return sorted((_parse_search(one) for one in records), key=lambda one: one.name)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{documents.locate(SEARCHES_FILE)}: not a list of searches ({error}); mend it or delete it"
        ) from None


def _parse_search(record: dict[str, Any]) -> SavedSearch:
    given = record["filters"]
    sets = {name: frozenset(map(str, given[name])) for name in _SET_FIELDS}
    filters = Filters(
        **sets,
        since=str(given["since"]),
        until=str(given["until"]),
        phrase=str(given.get("phrase", "")),  # not in those of former versions
    )
    texts = {name: str(record[name]) for name in ("name", "query", "event")}
    viewed_at = str(record.get("viewed_at", record.get("looked", "")))  # its name in former versions
    return SavedSearch(**texts, viewed_at=viewed_at, filters=filters, seen=tuple(map(str, record["seen"])))


def _format_searches(searches: Iterable[SavedSearch]) -> str:
    content = []
    for search in searches:
        filters = asdict(search.filters)
        filters.pop("articles")
        content.append(
            asdict(search)
            | {
                "filters": {
                    name: sorted(value) if name in _SET_FIELDS else value for name, value in filters.items()
                }
            }
        )
    return json.dumps({"searches": content}, ensure_ascii=False, indent=1)
