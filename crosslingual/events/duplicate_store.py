"""What is known of copies, kept beside a library in a file that grows with it and is never read as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.library.opening import make_private
from crosslingual.types import Duplicate

MAX_REPEATS_PER_SOURCE = 5
"""Articles of one source beyond which a sentence in them is a set phrase of that source."""
MAX_ARTICLES_PER_SENTENCE = 200
"""Articles beyond which a sentence that stands in all of them is not looked up."""
_BUSY_SECONDS = 60
_SCHEMA = (
    "CREATE TABLE state (revision TEXT NOT NULL)",
    "INSERT INTO state VALUES ('')",
    # Articles that were looked at, with how many telling sentences each has.
    "CREATE TABLE articles (article INTEGER PRIMARY KEY, n_keys INTEGER NOT NULL)",
    # Where each telling sentence stands; of an article that is gone, until it comes back.
    """CREATE TABLE sentence_keys (key INTEGER NOT NULL, article INTEGER NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (key, article)) WITHOUT ROWID""",
    # What is looked up no more: set phrases of a source; of no source, what stands in too many.
    "CREATE TABLE set_phrases (key INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (key, source)) WITHOUT ROWID",
    """CREATE TABLE copies (one INTEGER NOT NULL, other INTEGER NOT NULL, shared INTEGER NOT NULL,
        share REAL NOT NULL, translated INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID""",
    "CREATE INDEX copies_other ON copies (other)",
)

ArticlePair = tuple[str, str]
SentenceKeys = Mapping[str, frozenset[int]]
"""The keys of the telling sentences of articles, by their ids."""


class DuplicateStore:
    """One connection to the file at a path; where it cannot be written, to a copy of it in memory."""

    def __init__(self, path: Path | None) -> None:
        """Open it, or make it; without a path, in memory.

        Raises:
            sqlite3.DatabaseError: it is damaged.
        """
        try:
            self._db = _open(path) if path else _open_copy(None)
        except (OSError, sqlite3.OperationalError):
            self._db = _open_copy(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of a change or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @property
    def revision(self) -> str:
        """That of the library when all of its articles had been looked at."""
        return str(self._db.execute("SELECT revision FROM state").fetchone()[0])

    def set_revision(self, revision: str) -> None:
        """All articles of the library at ``revision`` have been looked at."""
        self._db.execute("UPDATE state SET revision = ?", (revision,))

    def known_articles(self) -> NDArray[np.int64]:
        """The numbers of all articles that were looked at."""
        rows = self._db.execute("SELECT article FROM articles")
        return np.fromiter((number for (number,) in rows), np.int64)

    def forget_articles(self, numbers: Iterable[int]) -> None:
        """Articles that are in the library no longer."""
        with self.change():
            for number in numbers:
                self._db.execute("DELETE FROM articles WHERE article = ?", (number,))
                self._db.execute("DELETE FROM copies WHERE one = ? OR other = ?", (number, number))

    def add_keys(self, keys: SentenceKeys, sources: Mapping[str, str]) -> None:
        """Say where the telling sentences of new articles stand; find what has become a set phrase by them."""
        rows = [(key, to_number(id_), sources[id_]) for id_, own in keys.items() for key in own]
        with self.change():
            self._db.executemany(
                """INSERT OR IGNORE INTO sentence_keys SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
                SELECT 1 FROM set_phrases WHERE key = ?1 AND source IN (?3, ''))""",
                rows,
            )
            self._db.execute("CREATE TEMP TABLE touched (key INTEGER PRIMARY KEY)")
            self._db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", ((key,) for key, *_ in rows))
            self._db.execute(
                """INSERT OR IGNORE INTO set_phrases SELECT key, source FROM sentence_keys
                WHERE key IN (SELECT key FROM touched) GROUP BY key, source HAVING count(*) > ?""",
                (MAX_REPEATS_PER_SOURCE,),
            )
            self._db.execute(
                """DELETE FROM sentence_keys WHERE key IN (SELECT key FROM touched)
                AND (key, source) IN (SELECT key, source FROM set_phrases)"""
            )
            self._db.execute(
                """INSERT OR IGNORE INTO set_phrases SELECT key, '' FROM sentence_keys
                WHERE key IN (SELECT key FROM touched) GROUP BY key HAVING count(*) > ?""",
                (MAX_ARTICLES_PER_SENTENCE,),
            )
            self._db.execute(
                """DELETE FROM sentence_keys WHERE key IN (
                SELECT touched.key FROM touched JOIN set_phrases USING (key) WHERE source = '')"""
            )
            self._db.execute("DROP TABLE touched")

    def find_holders(self, key: int) -> list[tuple[str, int]]:
        """The articles that have a telling sentence, with how many they have; -1 of those not looked at yet."""
        rows = self._db.execute(
            """SELECT sentence_keys.article, coalesce(n_keys, -1) FROM sentence_keys
            LEFT JOIN articles USING (article) WHERE key = ?""",
            (key,),
        )
        return [(to_id(article), n_keys) for article, n_keys in rows]

    def find_set_phrases(self, source: str, keys: Iterable[int]) -> set[int]:
        """Those of ``keys`` that are set phrases of ``source``."""
        statement = "SELECT 1 FROM set_phrases WHERE key = ? AND source = ?"
        return {key for key in keys if self._db.execute(statement, (key, source)).fetchone()}

    def add_looked_at(self, sizes: Mapping[str, int], copies: Iterable[Duplicate]) -> None:
        """Articles, with the number of their telling sentences, were looked at, and these copies found."""
        with self.change():
            self._db.executemany(
                "INSERT OR REPLACE INTO articles VALUES (?, ?)",
                ((to_number(id_), size) for id_, size in sizes.items()),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?)",
                (
                    (
                        to_number(one.left),
                        to_number(one.right),
                        one.shared_sentences,
                        one.share,
                        one.translated,
                    )
                    for one in copies
                ),
            )

    def load_copies(self) -> list[Duplicate]:
        """All copies that were found, in the order of their articles' ids."""
        rows = self._db.execute(
            "SELECT one, other, shared, share, translated FROM copies ORDER BY one, other"
        )
        return [
            Duplicate(to_id(one), to_id(other), shared, share, bool(translated))
            for one, other, shared, share, translated in rows
        ]


def to_number(article_id: str) -> int:
    """An article's id, 16 hexadecimal digits, as a number of 64 bits in the same order."""
    return int(article_id, 16) - 2**63


def to_id(number: int) -> str:
    """The id of which ``to_number`` made this."""
    return f"{int(number) + 2**63:016x}"


def to_numbers(article_ids: Sequence[str]) -> NDArray[np.int64]:
    """Those of many ids (n,)."""
    return np.fromiter(map(to_number, article_ids), np.int64, len(article_ids))


def _open(path: Path) -> sqlite3.Connection:
    make_private(path)
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = OFF")  # derived: what a power cut takes is made again
        db.execute("BEGIN IMMEDIATE")
        if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in _SCHEMA:
                db.execute(statement)
        db.execute("SELECT revision FROM state").fetchone()[0]
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # other tables
            raise sqlite3.DatabaseError(str(error)) from None
        raise
    except BaseException:
        db.close()
        raise
    return db


def _open_copy(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error, OSError):
        if path and path.is_file():
            kept = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                kept.backup(db)
                db.execute("SELECT revision FROM state").fetchone()[0]
            finally:
                kept.close()
            return db
    db.close()
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in _SCHEMA:
        db.execute(statement)
    return db
