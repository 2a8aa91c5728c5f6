"""What a library still holds of articles that were removed: how much it is, and forgetting it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from crosslingual.library.database import content_hash
from crosslingual.library.memory import MEMORY_ENGINE
from crosslingual.library.session import LibraryDatabase, Session


@dataclass(frozen=True, slots=True)
class RemovedContent:
    """What is of no article that is there, and how many ``operations`` could still be undone.

    ``texts`` are sentences and titles with their vectors. ``memory_entries`` are of imported translation memories, of
    texts that no article has; they stay. ``originals`` are files and pages of which an article was removed, and with
    them all that they hold.
    """

    operations: int
    texts: int
    translations: int
    corrections: int
    memory_entries: int
    originals: int


_NOT_KEPT = "text_hash NOT IN (SELECT hash FROM kept_texts)"
_NO_TRANSLATION_OF = f"engine <> '{MEMORY_ENGINE}' AND {_NOT_KEPT}"
_REMOVED_ORIGINALS = """SELECT digest FROM article_originals
    WHERE article_number NOT IN (SELECT number FROM articles)
    AND article_number NOT IN (SELECT number FROM article_versions)"""
_NO_ARTICLE = "article_id NOT IN (SELECT id FROM articles)"
# What was undone stays undone for an add that goes on: its row says so, and no more.
_UNDONE_ADD = "kind = 'add' AND is_undone = 1"
FORGOTTEN = "forgotten"
"""The description of such an operation."""


def count_removed(database: LibraryDatabase) -> RemovedContent:
    """How much of it there is; nothing is changed."""
    with database.read_transaction() as db, _kept_texts(db):
        return _count(db)


def forget_removed(database: LibraryDatabase) -> RemovedContent:
    """Forget it, and all operations, in one transaction; give the file its smallest size, and leave no log.

    What was there is overwritten in the file, so far as the disk does so.

    Raises:
        LibraryError: another programme reads or writes all the time, or the disk is full: what is forgotten by then
            is, and the same again does the rest.
    """
    with database.write_transaction() as db, _kept_texts(db):
        db.overwrite_deleted()
        found = _count(db)
        db.execute("DELETE FROM changes")
        db.execute(f"DELETE FROM operations WHERE NOT ({_UNDONE_ADD})")  # noqa: S608  # own constants, here and below
        db.execute("UPDATE operations SET description = ? WHERE description <> ?", (FORGOTTEN, FORGOTTEN))
        for table in ("vectors", "token_states"):
            db.execute(f"DELETE FROM {table} WHERE {_NOT_KEPT}")  # noqa: S608
        db.execute(f"DELETE FROM translations WHERE {_NO_TRANSLATION_OF}")  # noqa: S608
        digests = [digest for (digest,) in db.execute(_REMOVED_ORIGINALS)]
        for table in ("article_originals", "originals"):
            db.execute(f"DELETE FROM {table} WHERE digest IN (?texts)", (digests,))  # noqa: S608
        db.execute(f"DELETE FROM corrected_sentences WHERE {_NO_ARTICLE}")  # noqa: S608
        db.execute(
            """DELETE FROM corrections WHERE 2 > (SELECT count(DISTINCT side) FROM corrected_sentences
            WHERE correction_number = corrections.number)"""
        )
    database.erase_free_space()
    return found


def _count(db: Session) -> RemovedContent:
    def count(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    return RemovedContent(
        count(f"SELECT count(*) FROM operations WHERE NOT ({_UNDONE_ADD} AND description = '{FORGOTTEN}')"),  # noqa: S608
        count(f"SELECT count(DISTINCT text_hash) FROM vectors WHERE {_NOT_KEPT}"),  # noqa: S608
        count(f"SELECT count(*) FROM translations WHERE {_NO_TRANSLATION_OF}"),  # noqa: S608
        count(f"SELECT count(DISTINCT correction_number) FROM corrected_sentences WHERE {_NO_ARTICLE}"),  # noqa: S608
        count(f"SELECT count(*) FROM translations WHERE engine = '{MEMORY_ENGINE}' AND {_NOT_KEPT}"),  # noqa: S608
        count(f"SELECT count(DISTINCT digest) FROM ({_REMOVED_ORIGINALS}) AS removed"),  # noqa: S608
    )


@contextmanager
def _kept_texts(db: Session) -> Iterator[None]:
    """Within, the table ``kept_texts`` has the keys of all sentences and titles of the library's articles."""
    # Made of a column, it compares as that does; it goes with a transaction that fails.
    db.execute("CREATE TEMP TABLE kept_texts AS SELECT text_hash AS hash FROM vectors WHERE 1 = 0")
    db.execute("CREATE UNIQUE INDEX kept_texts_hash ON kept_texts (hash)")
    for number, text, title in db.stream_rows("SELECT number, text, title FROM articles"):
        spans = db.execute('SELECT start, "end" FROM sentences WHERE article_number = ?', (number,))
        _keep_texts(db, [title, *(text[start:end] for start, end in spans)])
    for packed, text, title in db.stream_rows("SELECT spans, text, title FROM article_versions"):
        _keep_texts(db, [title, *(text[start:end] for _, start, end, _ in json.loads(packed))])
    yield
    db.execute("DROP TABLE kept_texts")


def _keep_texts(db: Session, texts: Sequence[str]) -> None:
    db.executemany(
        "INSERT INTO kept_texts VALUES (?) ON CONFLICT DO NOTHING", [(content_hash(one),) for one in texts]
    )
