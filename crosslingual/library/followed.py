"""What a library holds of the feeds and folders that its user follows, and of how they were polled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.database import Repository, content_hash, replace_surrogates
from crosslingual.library.session import Session

MAX_POLLS = 10_000
"""Polls that the log keeps, the latest."""

_MAX_MESSAGE_CHARS = 500
_FIELDS = (
    "id, kind, address, title, source_id, lang, interval_seconds, is_private, is_paused, created_at,"
    " etag, modified, next_poll_at, n_failures"
)
_NAMES = tuple(_FIELDS.replace("source_id", "source").split(", "))
_POLL_FIELDS = "number, address, started_at, outcome, n_added, n_known, operation_id, message"


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed or a folder that is polled every ``interval_seconds``.

    ``kind`` is "feed" or "folder"; ``address`` a link, or the absolute path. ``source`` and ``lang`` are for what
    names none. ``is_private``: the feed may lie on this machine or its network. ``etag`` and ``modified`` are what its
    server said of what was stored last. ``next_poll_at`` is in seconds since 1970; 0 is at once.
    ``n_failures`` counts polls that failed since one went well.
    """

    kind: str
    address: str
    title: str = ""
    source: str = ""
    lang: str = ""
    interval_seconds: int = 3600
    is_private: bool = False
    is_paused: bool = False
    created_at: str = ""
    etag: str = ""
    modified: str = ""
    next_poll_at: float = 0.0
    n_failures: int = 0
    id: str = field(default_factory=lambda: uuid4().hex[:8])


@dataclass(frozen=True, slots=True)
class ItemState:
    """What is known of a page or a file: the ``state`` in which it was taken, and how often it failed since."""

    state: str = ""
    n_failures: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    """One line of the log. ``started_at`` is in UTC, ISO 8601; ``operation_id`` is what undoes it, or empty.

    ``outcome``: "started" (still under way, or its process was ended), "new", "unchanged", "failed" or "stopped".
    """

    number: int
    address: str
    started_at: str
    outcome: str
    n_added: int = 0
    n_known: int = 0
    operation_id: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll came to, which is stored at once.

    ``items`` are all states that are known from now on, by :func:`item_key`; None where they stay as they were.
    """

    outcome: str
    etag: str
    modified: str
    next_poll_at: float
    n_failures: int
    items: Mapping[str, ItemState] | None = None
    n_added: int = 0
    n_known: int = 0
    operation_id: str = ""
    message: str = ""


def item_key(name: str) -> str:
    """The key of a page's address or a file's path among items: a digest, however long the name is."""
    return content_hash(name)


class FollowedRepository(Repository):
    """Feeds, folders, their states and the log. They change no article, so the library's revision stays."""

    def add_followed(self, one: Followed) -> None:
        """Follow it from now on.

        Raises:
            InputError: it is followed already.
        """
        with self._db.write_transaction(is_derived=True) as db:
            made = db.execute(
                f"INSERT INTO followed ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # own names
                " ON CONFLICT DO NOTHING RETURNING number",
                (
                    *(one.id, one.kind, replace_surrogates(one.address), replace_surrogates(one.title)),
                    *(one.source, one.lang, one.interval_seconds, int(one.is_private), int(one.is_paused)),
                    *(one.created_at, one.etag, one.modified, one.next_poll_at, one.n_failures),
                ),
            ).fetchall()
        if not made:
            raise InputError(f"{one.address}: followed already; see: crosslingual watch")

    def load_followed(self) -> list[Followed]:
        """All that is followed, in the order in which it was added."""
        with self._db.read_transaction() as db:
            return [
                _make_followed(row)
                for row in db.execute(f"SELECT {_FIELDS} FROM followed ORDER BY number")  # noqa: S608  # own names
            ]

    def find_followed(self, name: str) -> Followed:
        """What is followed under an address or id.

        Raises:
            NotFoundError: nothing is.
        """
        for one in self.load_followed():
            if name in (one.address, one.id):
                return one
        raise NotFoundError(f"{name[:200]}: not followed; see what is with: crosslingual watch")

    def remove_followed(self, id_: str) -> None:
        """Follow it no longer; its articles and its lines in the log stay."""
        with self._db.write_transaction(is_derived=True) as db:
            db.execute("DELETE FROM followed WHERE id = ?", (id_,))

    def pause_followed(self, id_: str, *, is_paused: bool) -> None:
        """Poll it no longer, or again, and then at once."""
        with self._db.write_transaction(is_derived=True) as db:
            db.execute(
                "UPDATE followed SET is_paused = ?, next_poll_at = 0, n_failures = 0 WHERE id = ?",
                (int(is_paused), id_),
            )

    def claim_followed(
        self, id_: str, now: float, until: float, started_at: str
    ) -> tuple[Followed, int] | None:
        """Take it for a poll of this process until the time ``until``: what it is now, and the number of its poll.

        None where another process polls it, or it is no longer followed or is paused.
        """
        with self._db.write_transaction(is_derived=True) as db:
            row = db.execute(
                f"""UPDATE followed SET claimed_until = ? WHERE id = ? AND claimed_until <= ? AND is_paused = 0
                RETURNING {_FIELDS}""",  # noqa: S608  # own names
                (until, id_, now),
            ).fetchall()
            if not row:
                return None
            one = _make_followed(row[0])
            made = db.execute(
                "INSERT INTO polls (address, started_at, outcome) VALUES (?, ?, 'started') RETURNING number",
                (one.address, started_at),
            ).fetchall()
            db.execute(
                """DELETE FROM polls WHERE number <=
                (SELECT number FROM polls ORDER BY number DESC LIMIT 1 OFFSET ?)""",
                (MAX_POLLS,),
            )
            return one, int(made[0][0])

    def extend_claim(self, id_: str, until: float) -> None:
        """Keep what was claimed for longer."""
        with self._db.write_transaction(is_derived=True) as db:
            db.execute("UPDATE followed SET claimed_until = ? WHERE id = ?", (until, id_))

    def load_items(self, id_: str) -> dict[str, ItemState]:
        """What is known of its pages or files, by :func:`item_key`."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT name_hash, state, followed_items.n_failures FROM followed_items
                JOIN followed ON number = followed_number WHERE id = ?""",
                (id_,),
            )
            return {key: ItemState(state, n_failures) for key, state, n_failures in rows}

    def finish_poll(self, id_: str, poll: int, result: PollResult) -> None:
        """Store what a poll came to, all of it in one transaction, and let go of what was claimed."""
        with self._db.write_transaction(is_derived=True) as db:
            db.execute(
                """UPDATE followed SET etag = ?, modified = ?, next_poll_at = ?, n_failures = ?, claimed_until = 0
                WHERE id = ?""",
                (result.etag, result.modified, result.next_poll_at, result.n_failures, id_),
            )
            if result.items is not None:
                _replace_items(db, id_, result.items)
            message = replace_surrogates(result.message[:_MAX_MESSAGE_CHARS]).replace("\0", "")
            db.execute(
                """UPDATE polls SET outcome = ?, n_added = ?, n_known = ?, operation_id = ?, message = ?
                WHERE number = ?""",
                (result.outcome, result.n_added, result.n_known, result.operation_id, message, poll),
            )

    def load_polls(self, address: str = "", limit: int = 100) -> list[Poll]:
        """The latest ``limit`` lines of the log, the latest first; with ``address`` only those about it."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"SELECT {_POLL_FIELDS} FROM polls WHERE ? IN (address, '') ORDER BY number DESC LIMIT ?",  # noqa: S608  # own names
                (replace_surrogates(address), limit),
            )
            return [Poll(*row) for row in rows]


def _make_followed(row: tuple[Any, ...]) -> Followed:
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    return Followed(**values | {name: bool(values[name]) for name in ("is_private", "is_paused")})


def _replace_items(db: Session, id_: str, items: Mapping[str, ItemState]) -> None:
    row = db.execute("SELECT number FROM followed WHERE id = ?", (id_,)).fetchone()
    if row is None:  # no longer followed, meanwhile
        return
    db.execute("DELETE FROM followed_items WHERE followed_number = ?", (row[0],))
    db.executemany(
        "INSERT INTO followed_items (followed_number, name_hash, state, n_failures) VALUES (?, ?, ?, ?)",
        ((row[0], key, one.state, one.n_failures) for key, one in items.items()),
    )
