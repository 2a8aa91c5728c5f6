"""What a person says of events: that two are one, that one is two, where an article belongs, what it is called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.database import Repository, replace_surrogates
from crosslingual.library.events import (
    NO_STORY,
    STORY_NOT_FOUND,
    STORY_WAITS,
    NewEvent,
    add_merged,
    insert_event,
    load_forwards,
)
from crosslingual.library.history import OperationDraft, change_value, finish_operation, record_change
from crosslingual.library.session import Session
from crosslingual.types import EventCorrection, EventCorrectionKind, Operation

MAX_TITLE_CHARS = 300
"""Characters of a title that a person gives."""


class EventCorrectionRepository(Repository):
    """Each is an operation that can be undone, and is heeded when articles are grouped later."""

    def merge_events(self, event_id: str, other_id: str) -> Operation:
        """Put the articles of event ``other_id`` into ``event_id``; its id leads there from now on.

        Raises:
            NotFoundError: there is no such event.
            InputError: they are one event.
        """
        with self._db.write_transaction() as db:
            number, other = find_event_number(db, event_id), find_event_number(db, other_id)
            if number == other:
                raise InputError(f"events {event_id} and {other_id}: one event already")
            operation = OperationDraft("merge", f"event {other_id} merged into {event_id}")
            change_value(db, operation, "events", ("number", other), "merged_into", number)
            _await_story(db, number)
            record_event_correction(db, operation, "merge", number, other)
            return finish_operation(db, operation)

    def split_event(self, event_id: str, article_ids: Sequence[str]) -> tuple[Operation, str]:
        """Make an event of its own of these articles of ``event_id``; its id comes second.

        Raises:
            NotFoundError: there is no such event, or an article is not on it.
            InputError: no article would be left, or none is named.
        """
        with self._db.write_transaction() as db:
            number = find_event_number(db, event_id)
            chosen, rest = _find_members(db, number, article_ids)
            if not rest or not chosen:
                raise InputError(f"event {event_id}: name some of its articles, and not all")
            count = f"{len(chosen):,} {'article' if len(chosen) == 1 else 'articles'}"
            operation = OperationDraft("edit", f"event {event_id}: {count} split off")
            date, article_id = min((date or "~", id_) for _, id_, date in chosen)
            day = "undated" if date == "~" else date[:10]
            new = insert_event(db, NewEvent(f"{day}-{article_id[:6]}", article_id[6:]))
            # What joins it before this is undone goes back with it, and its id leads back.
            db.execute("UPDATE events SET merged_into = ? WHERE number = ?", (number, new))
            change_value(db, operation, "events", ("number", new), "merged_into", 0)
            _move_articles(db, operation, [article for article, *_ in chosen], new)
            _await_story(db, new)
            record_event_correction(db, operation, "split", number, new, [article for article, *_ in chosen])
            (new_id,) = db.execute("SELECT id FROM events WHERE number = ?", (new,)).fetchone()
            return finish_operation(db, operation), str(new_id)

    def move_article(self, article_id: str, event_id: str) -> Operation:
        """Put an article onto event ``event_id``.

        Raises:
            NotFoundError: there is no such article or event.
            InputError: it is on that event.
        """
        with self._db.write_transaction() as db:
            target = find_event_number(db, event_id)
            row = db.execute(
                """SELECT number, event_number FROM articles JOIN event_articles ON article_number = number
                WHERE id = ?""",
                (replace_surrogates(article_id),),
            ).fetchone()
            if row is None:
                raise NotFoundError(
                    f"{self.name}: no article {article_id[:80]!r}; see: crosslingual events --json"
                )
            article, former = row
            former = former and load_forwards(db).get(former, former)
            if former == target:
                raise InputError(f"article {article_id}: on event {event_id} already")
            operation = OperationDraft("edit", f"article {article_id} moved to event {event_id}")
            _move_articles(db, operation, [article], target)
            _await_story(db, target)
            record_event_correction(db, operation, "move", former or target, target, [article])
            return finish_operation(db, operation)

    def rename_event(self, event_id: str, title: str) -> Operation:
        """Call an event ``title``; an empty one gives it back the title that its articles give.

        Raises:
            NotFoundError: there is no such event.
            InputError: the title is too long.
        """
        plain = " ".join(replace_surrogates(title).split())
        if len(plain) > MAX_TITLE_CHARS:
            raise InputError(f"title of {len(plain):,} characters: give {MAX_TITLE_CHARS} or fewer")
        with self._db.write_transaction() as db:
            number = find_event_number(db, event_id)
            operation = OperationDraft(
                "edit",
                f"event {event_id} called {plain!r}"
                if plain
                else f"event {event_id} without a title of its own",
            )
            change_value(db, operation, "events", ("number", number), "title", plain)
            record_event_correction(db, operation, "rename", number, number, title=plain)
            return finish_operation(db, operation)

    def load_event_corrections(self) -> list[EventCorrection]:
        """What was said of events, oldest first; articles that are gone are left out."""
        with self._db.read_transaction() as db:
            ids = dict(db.execute("SELECT number, id FROM events").fetchall())
            rows = db.execute(
                """SELECT id, kind, event_number, other_number, article_numbers, title, created_at
                FROM event_corrections ORDER BY number"""
            ).fetchall()
            return [
                EventCorrection(
                    id_, kind, ids[event], ids[other], _article_ids(db, numbers), title, created_at
                )
                for id_, kind, event, other, numbers, title, created_at in rows
            ]


def find_event_number(db: Session, event_id: str) -> int:
    """The number of the event with this id, or of the one that it was merged into.

    Raises:
        NotFoundError: there is no such event.
    """
    row = db.execute("SELECT number FROM events WHERE id = ?", (replace_surrogates(event_id),)).fetchone()
    if row is None:
        raise NotFoundError(
            f"event {event_id[:80]!r}: not in this library; list what is with: crosslingual events"
        )
    return load_forwards(db).get(int(row[0]), int(row[0]))


def _find_members(
    db: Session, event: int, article_ids: Sequence[str]
) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Number, id and date of the articles of an event: those that are named, and the others."""
    numbers = sorted(add_merged([event], load_forwards(db)))
    rows = db.execute(
        """SELECT number, id, date FROM articles JOIN event_articles ON article_number = number
        WHERE event_number IN (?numbers) ORDER BY number""",
        (numbers,),
    ).fetchall()
    wanted = set(article_ids)
    if unknown := sorted(wanted - {id_ for _, id_, _ in rows}):
        raise NotFoundError(
            f"article {unknown[0][:80]!r}: not on this event; see: crosslingual events --json"
        )
    return [row for row in rows if row[1] in wanted], [row for row in rows if row[1] not in wanted]


def _await_story(db: Session, event: int) -> None:
    """Have a story looked for if the event has several articles and none was found; no change to be undone."""
    (count,) = db.execute(
        "SELECT count(*) FROM event_articles WHERE event_number IN (?numbers)",
        (sorted(add_merged([event], load_forwards(db))),),
    ).fetchone()
    if count > 1:
        db.execute(
            "UPDATE events SET story_number = ? WHERE number = ? AND story_number IN (?, ?)",
            (STORY_WAITS, event, NO_STORY, STORY_NOT_FOUND),
        )


def _move_articles(db: Session, operation: OperationDraft, articles: Iterable[int], event: int) -> None:
    for article in articles:
        change_value(db, operation, "event_articles", ("article_number", article), "event_number", event)


def record_event_correction(
    db: Session,
    operation: OperationDraft,
    kind: EventCorrectionKind,
    event: int,
    other: int,
    articles: Sequence[int] = (),
    title: str = "",
) -> None:
    """Keep what a person said of ``event`` and ``other``, as a change of ``operation``."""
    row = {
        "id": uuid4().hex[:12],
        "kind": kind,
        "event_number": event,
        "other_number": other,
        "article_numbers": json.dumps(articles),
        "title": title,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    made = db.execute(
        """INSERT INTO event_corrections
        (id, kind, event_number, other_number, article_numbers, title, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number""",
        (*row.values(),),
    ).fetchall()
    record_change(db, operation, "event_corrections", None, {"number": made[0][0]})


def _article_ids(db: Session, numbers: str) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT id FROM articles WHERE number IN (?numbers) ORDER BY number", (json.loads(numbers),)
    )
    return tuple(id_ for (id_,) in rows)
