"""Searches kept in a library's folder, and what is new since they were last looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crosslingual.errors import InputError, NotFoundError
from crosslingual.files import atomic_write
from crosslingual.library.folder import SEARCHES_FILE
from crosslingual.search.bands import Band
from crosslingual.search.query import Filters
from crosslingual.search.searcher import Hit, Results

_MAX_NAME_CHARS = 100
_MAX_SEARCHES = 1_000
_LOCK_TIMEOUT_SECONDS = 30  # seconds for another process
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


def load_saved_searches(library_path: Path) -> list[SavedSearch]:
    """Those of the library in a folder, by name.

    Raises:
        InputError: the file is damaged.
    """
    path = library_path / SEARCHES_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return sorted((_parse_search(one) for one in content["searches"]), key=lambda one: one.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a list of searches ({error}); mend it or delete it") from None


def find_saved_search(library_path: Path, name: str) -> SavedSearch:
    """The one with this name.

    Raises:
        NotFoundError: there is none.
    """
    for search in load_saved_searches(library_path):
        if search.name == name:
            return search
    raise NotFoundError(f"no saved search {name!r}; list them with: crosslingual search saved")


def save_search(library_path: Path, search: SavedSearch) -> None:
    """Keep a search, in place of one of the same name.

    Raises:
        InputError: the name is empty or too long, or there are too many.
    """
    if not search.name.strip() or len(search.name) > _MAX_NAME_CHARS or not search.name.isprintable():
        raise InputError(
            f"search name {search.name[:40]!r}: give 1 to {_MAX_NAME_CHARS} printable characters"
        )
    with _lock_searches(library_path):
        kept = [one for one in load_saved_searches(library_path) if one.name != search.name]
        if len(kept) >= _MAX_SEARCHES:
            raise InputError(f"{library_path}: {_MAX_SEARCHES} searches are saved already; remove one first")
        _write_searches(library_path, [*kept, search])


def remove_search(library_path: Path, name: str) -> None:
    """Forget the search with this name.

    Raises:
        NotFoundError: there is none.
    """
    with _lock_searches(library_path):
        gone = find_saved_search(library_path, name)
        _write_searches(library_path, (one for one in load_saved_searches(library_path) if one != gone))


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


def _write_searches(library_path: Path, searches: Iterable[SavedSearch]) -> None:
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
    path = library_path / SEARCHES_FILE
    try:
        with atomic_write(path) as new:
            new.write_text(json.dumps({"searches": content}, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); check its permissions") from None


@contextmanager
def _lock_searches(library_path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(library_path / f".{SEARCHES_FILE}.lock", timeout=_LOCK_TIMEOUT_SECONDS):
            yield
    except Timeout:
        raise InputError(
            f"{library_path / SEARCHES_FILE}: another process is changing it; try again"
        ) from None
