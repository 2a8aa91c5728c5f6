"""Searches kept in a library's folder, and what is new since they were last looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crosslingual.disk import draft
from crosslingual.errors import InputError, NotFoundError
from crosslingual.search.bands import Band
from crosslingual.search.find import Hit, Results
from crosslingual.search.query import Filters

_FILE = "searches.json"
_LONGEST_NAME = 100
_MOST = 1_000
_WAIT = 30  # seconds for another process
_SETS = ("langs", "sources", "countries", "ownerships")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What was asked, where, and what it had found when it was last looked at, ``seen`` (article:sentence).

    ``event`` is an event's id, whose articles are those it has when the search is run. ``looked`` is UTC.
    """

    name: str
    query: str
    filters: Filters = field(default_factory=Filters)
    event: str = ""
    looked: str = ""
    seen: tuple[str, ...] = ()


def saved_searches(library: Path) -> list[SavedSearch]:
    """Those of the library in a folder, by name.

    Raises:
        InputError: the file is damaged.
    """
    path = library / _FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return sorted((_read(one) for one in content["searches"]), key=lambda one: one.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a list of searches ({error}); mend it or delete it") from None


def saved_search(library: Path, name: str) -> SavedSearch:
    """The one with this name.

    Raises:
        NotFoundError: there is none.
    """
    for search in saved_searches(library):
        if search.name == name:
            return search
    raise NotFoundError(f"no saved search {name!r}; list them with: crosslingual searches")


def save_search(library: Path, search: SavedSearch) -> None:
    """Keep a search, in place of one of the same name.

    Raises:
        InputError: the name is empty or too long, or there are too many.
    """
    if not search.name.strip() or len(search.name) > _LONGEST_NAME or not search.name.isprintable():
        raise InputError(f"search name {search.name[:40]!r}: give 1 to {_LONGEST_NAME} printable characters")
    with _changing(library):
        kept = [one for one in saved_searches(library) if one.name != search.name]
        if len(kept) >= _MOST:
            raise InputError(f"{library}: {_MOST} searches are saved already; remove one first")
        _write(library, [*kept, search])


def remove_search(library: Path, name: str) -> None:
    """Forget the search with this name.

    Raises:
        NotFoundError: there is none.
    """
    with _changing(library):
        gone = saved_search(library, name)
        _write(library, (one for one in saved_searches(library) if one != gone))


def looked_at(search: SavedSearch, results: Results) -> SavedSearch:
    """The search as it is after somebody has seen these results."""
    seen = dict.fromkeys([*search.seen, *map(_key, _telling(results))])
    return replace(search, seen=tuple(seen), looked=datetime.now(UTC).isoformat(timespec="seconds"))


def new_since(search: SavedSearch, results: Results) -> tuple[Hit, ...]:
    """What the search finds now that it had not when it was last looked at, best first."""
    seen = set(search.seen)
    return tuple(hit for hit in _telling(results) if _key(hit) not in seen)


def _telling(results: Results) -> Iterator[Hit]:
    return (hit for hit in results.found if hit.band <= Band.WORDS)


def _key(hit: Hit) -> str:
    return f"{hit.entry.article}:{hit.sentence.index}"


def _read(one: dict[str, Any]) -> SavedSearch:
    given = one["filters"]
    sets = {name: frozenset(map(str, given[name])) for name in _SETS}
    filters = Filters(
        **sets,
        since=str(given["since"]),
        until=str(given["until"]),
        phrase=str(given.get("phrase", "")),  # not in those of former versions
    )
    texts = {name: str(one[name]) for name in ("name", "query", "event", "looked")}
    return SavedSearch(**texts, filters=filters, seen=tuple(map(str, one["seen"])))


def _write(library: Path, searches: Iterable[SavedSearch]) -> None:
    content = []
    for search in searches:
        filters = asdict(search.filters)
        filters.pop("articles")
        content.append(
            asdict(search)
            | {
                "filters": {
                    name: sorted(value) if name in _SETS else value for name, value in filters.items()
                }
            }
        )
    path = library / _FILE
    try:
        with draft(path) as new:
            new.write_text(json.dumps({"searches": content}, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); check its permissions") from None


@contextmanager
def _changing(library: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(library / f".{_FILE}.lock", timeout=_WAIT):
            yield
    except Timeout:
        raise InputError(f"{library / _FILE}: another process is changing it; try again") from None
