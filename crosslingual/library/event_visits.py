"""When the events of a library were last looked at, so that what has come in since can be told.

Kept in the library's folder, and nowhere else. Articles have growing numbers: the last one tells them all.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crosslingual.files import atomic_write
from crosslingual.library.articles import ArticleRepository
from crosslingual.library.folder import EVENT_VISITS_FILE

VISIT_GAP = timedelta(hours=1)
"""Who comes back within it has not been away: what was new still is."""
_WRITE_GAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class EventVisit:
    """A look at the events: when it ended, in UTC, and the last article that the library had then."""

    at: datetime
    last_article: int


def find_last_visit(library: ArticleRepository, *, now: datetime | None = None) -> EventVisit | None:
    """The visit before the present one, None if this is the first; a damaged file is as none."""
    before, present = _load_visits(library.path)
    if present and (now or datetime.now(UTC)) - present.at > VISIT_GAP:
        before = present
    # A backup that was restored has fewer articles: their numbers are given again.
    return before and replace(before, last_article=min(before.last_article, library.last_article_number))


def record_visit(
    library: ArticleRepository, *, last_article: int | None = None, now: datetime | None = None
) -> EventVisit | None:
    """Note that the events are looked at; the visit before this one, None if this is the first.

    In a folder that cannot be written nothing is noted.

    Args:
        library: the library whose events are looked at.
        last_article: number of the newest article that can be among what is seen, by default the last of all.
        now: the time of the visit, in UTC.
    """
    now = now or datetime.now(UTC)
    last = library.last_article_number if last_article is None else last_article
    before = find_last_visit(library, now=now)
    present = _load_visits(library.path)[1]
    stays = present and present.last_article == last and timedelta(0) <= now - present.at < _WRITE_GAP
    if not stays:
        _store_visits(library.path, before, EventVisit(now, last))
    return before


def mark_as_seen(library: ArticleRepository, *, now: datetime | None = None) -> None:
    """From now on only what comes in later is new."""
    visit = EventVisit(now or datetime.now(UTC), library.last_article_number)
    _store_visits(library.path, visit, visit)


def _load_visits(library_path: Path) -> tuple[EventVisit | None, EventVisit | None]:
    """The visit before the present one, and the present one as far as it has been noted."""
    try:
        content = json.loads((library_path / EVENT_VISITS_FILE).read_text(encoding="utf-8"))
        return _parse_visit(content["before"]), _parse_visit(content["present"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None, None


def _parse_visit(record: dict[str, Any] | None) -> EventVisit | None:
    if record is None:
        return None
    at = datetime.fromisoformat(record["at"])
    return EventVisit(at.astimezone(UTC), int(record["last_article"]))


def _store_visits(library_path: Path, before: EventVisit | None, present: EventVisit) -> None:
    content = {
        name: visit and asdict(visit) | {"at": visit.at.isoformat(timespec="seconds")}
        for name, visit in (("before", before), ("present", present))
    }
    with suppress(OSError), atomic_write(library_path / EVENT_VISITS_FILE) as new:
        new.write_text(json.dumps(content), encoding="utf-8")
