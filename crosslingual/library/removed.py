"""What a library still holds of articles that were removed: how much it is, and forgetting it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crosslingual.errors import LibraryError
from crosslingual.library.database import BUSY_SECONDS, Database, content_hash
from crosslingual.library.memory import MEMORY_ENGINE


@dataclass(frozen=True, slots=True)
class RemovedContent:
    """What is of no article that is there, and how many ``operations`` could still be undone.

    ``texts`` are sentences and titles with their vectors. ``memory_entries`` are of imported translation memories, of
    texts that no article has; they stay.
    """

    operations: int
    texts: int
    translations: int
    corrections: int
    memory_entries: int


_NOT_KEPT = "text_hash NOT IN (SELECT hash FROM kept_texts)"
_NO_TRANSLATION_OF = f"engine <> '{MEMORY_ENGINE}' AND {_NOT_KEPT}"
_NO_ARTICLE = "article_id NOT IN (SELECT id FROM articles)"
# What was undone stays undone for an add that goes on: its row says so, and no more.
_UNDONE_ADD = "kind = 'add' AND is_undone = 1"
FORGOTTEN = "forgotten"
"""The description of such an operation."""


def count_removed(database: Database) -> RemovedContent:
    """How much of it there is; nothing is changed."""
    with database.read_transaction() as db, _kept_texts(db):
        return _count(db)


def forget_removed(database: Database) -> RemovedContent:
    """Forget it, and all operations, in one transaction; give the file its smallest size, and leave no log.

    What was there is overwritten in the file, so far as the disk does so.

    Raises:
        LibraryError: another programme reads or writes all the time, or the disk is full: what is forgotten by then
            is, and the same again does the rest.
    """
    with database.write_transaction() as db, _kept_texts(db):
        db.execute("PRAGMA secure_delete = ON")
        found = _count(db)
        db.execute("DELETE FROM changes")
        db.execute(f"DELETE FROM operations WHERE NOT ({_UNDONE_ADD})")  # noqa: S608  # own constants, here and below
        db.execute("UPDATE operations SET description = ? WHERE description <> ?", (FORGOTTEN, FORGOTTEN))
        for table in ("vectors", "token_states"):
            db.execute(f"DELETE FROM {table} WHERE {_NOT_KEPT}")  # noqa: S608
        db.execute(f"DELETE FROM translations WHERE {_NO_TRANSLATION_OF}")  # noqa: S608
        db.execute(f"DELETE FROM corrected_sentences WHERE {_NO_ARTICLE}")  # noqa: S608
        db.execute(
            """DELETE FROM corrections WHERE 2 > (SELECT count(DISTINCT side) FROM corrected_sentences
            WHERE correction_number = corrections.number)"""
        )
    _rewrite_file(database)
    return found


def _count(db: sqlite3.Connection) -> RemovedContent:
    def count(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    return RemovedContent(
        count(f"SELECT count(*) FROM operations WHERE NOT ({_UNDONE_ADD} AND description = '{FORGOTTEN}')"),  # noqa: S608
        count(f"SELECT count(DISTINCT text_hash) FROM vectors WHERE {_NOT_KEPT}"),  # noqa: S608
        count(f"SELECT count(*) FROM translations WHERE {_NO_TRANSLATION_OF}"),  # noqa: S608
        count(f"SELECT count(DISTINCT correction_number) FROM corrected_sentences WHERE {_NO_ARTICLE}"),  # noqa: S608
        count(f"SELECT count(*) FROM translations WHERE engine = '{MEMORY_ENGINE}' AND {_NOT_KEPT}"),  # noqa: S608
    )


@contextmanager
def _kept_texts(db: sqlite3.Connection) -> Iterator[None]:
    """Within, the table ``kept_texts`` has the keys of all sentences and titles of the library's articles."""
    db.execute("CREATE TEMP TABLE kept_texts (hash TEXT PRIMARY KEY) WITHOUT ROWID")
    try:
        for number, text, title in db.execute("SELECT number, text, title FROM articles"):
            spans = db.execute('SELECT start, "end" FROM sentences WHERE article_number = ?', (number,))
            texts = [title, *(text[start:end] for start, end in spans)]
            db.executemany(
                "INSERT OR IGNORE INTO kept_texts VALUES (?)", [(content_hash(one),) for one in texts]
            )
        yield
    finally:
        if db.in_transaction:  # else it went with the transaction
            db.execute("DROP TABLE kept_texts")


def _rewrite_file(database: Database) -> None:
    """Write the log into the file, then the file anew without what is free in it, and empty the log."""
    _empty_log(database)  # what was overwritten reaches its place before that is given back to the disk
    database.run_alone("VACUUM")
    _empty_log(database)


def _empty_log(database: Database) -> None:
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        (is_busy, *_), *_ = database.run_alone("PRAGMA wal_checkpoint(TRUNCATE)")
        if not is_busy:
            return
        if time.monotonic() > give_up:
            raise LibraryError(
                f"{database.folder}: another programme reads the library all the time, and its log with removed text"
                " cannot be emptied; end that, and run the same again"
            )
        time.sleep(0.05)
