"""What is known of copies, kept beside a library in a file that grows with it and is never read as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.library.database import transaction
from crosslingual.library.opening import make_private
from crosslingual.types import Duplicate

MAX_REPEATS_PER_SOURCE = 5
"""Articles of one source beyond which a sentence in them is a set phrase of that source."""
MAX_ARTICLES_PER_SENTENCE = 200
"""Articles beyond which a sentence that stands in all of them, as no set phrase, is not looked up."""
_BUSY_SECONDS = 60
_SCHEMA = (
    "CREATE TABLE state (revision TEXT NOT NULL)",
    "INSERT INTO state VALUES ('')",
    # Articles that were looked at, with how many telling sentences each has.
    "CREATE TABLE articles (article INTEGER PRIMARY KEY, n_keys INTEGER NOT NULL)",
    # Where each telling sentence stands.
    """CREATE TABLE sentence_keys (key INTEGER NOT NULL, source TEXT NOT NULL, article INTEGER NOT NULL,
        PRIMARY KEY (key, source, article)) WITHOUT ROWID""",
    "CREATE INDEX sentence_keys_article ON sentence_keys (article)",
    """CREATE TABLE copies (one INTEGER NOT NULL, other INTEGER NOT NULL, shared INTEGER NOT NULL,
        share REAL NOT NULL, translated INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID""",
    "CREATE INDEX copies_other ON copies (other)",
)

ArticlePair = tuple[str, str]
SentenceKeys = Mapping[str, frozenset[int]]
"""The keys of the telling sentences of articles, by their ids."""


class DuplicateStore:
    """One connection to the file at a path; where it cannot be written, to a copy of it in memory."""

    def __init__(self, path: Path | None, *, in_memory: bool = False) -> None:
        """Open it, or make it; without a path in memory, and ``in_memory`` what is known as a copy there.

        Raises:
            sqlite3.DatabaseError: it is damaged.
        """
        try:
            self._db = _open(path) if path and not in_memory else _open_copy(path)
        except (OSError, sqlite3.OperationalError):
            self._db = _open_copy(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def change(self) -> AbstractContextManager[None]:
        """All of a change or nothing."""
        return transaction(self._db)

    @property
    def revision(self) -> str:
        """That of the library when all of its articles had been looked at."""
        return _read_revision(self._db)

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
                self._db.execute("DELETE FROM sentence_keys WHERE article = ?", (number,))
                self._db.execute("DELETE FROM copies WHERE one = ? OR other = ?", (number, number))

    def add_keys(self, keys: SentenceKeys, sources: Mapping[str, str]) -> set[ArticlePair]:
        """Say where the telling sentences of new articles stand.

        Returns the copies known so far of articles in which one has become a set phrase by that.
        """
        rows = [(key, sources[id_], to_number(id_)) for id_, own in keys.items() for key in own]
        with self.change():
            self._db.executemany("INSERT OR IGNORE INTO sentence_keys VALUES (?, ?, ?)", rows)
        doubtful: set[int] = set()
        for key, source in {row[:2] for row in rows}:
            if self._is_set_phrase(key, source):
                before = self._db.execute(
                    """SELECT article FROM sentence_keys JOIN articles USING (article)
                    WHERE key = ? AND source = ? LIMIT ?""",
                    (key, source, MAX_REPEATS_PER_SOURCE + 1),
                ).fetchall()
                if len(before) <= MAX_REPEATS_PER_SOURCE:
                    doubtful.update(article for (article,) in before)
        return {
            (to_id(one), to_id(other))
            for article in doubtful
            for one, other in self._db.execute(
                "SELECT one, other FROM copies WHERE one = ?1 OR other = ?1", (article,)
            )
        }

    def _is_set_phrase(self, key: int, source: str) -> bool:
        rows = self._db.execute(
            "SELECT 1 FROM sentence_keys WHERE key = ? AND source = ? LIMIT ?",
            (key, source, MAX_REPEATS_PER_SOURCE + 1),
        )
        return len(rows.fetchall()) > MAX_REPEATS_PER_SOURCE

    def find_holders(self, key: int) -> list[tuple[str, int]]:
        """The articles that have a telling sentence, with how many they have; -1 of those not looked at yet.

        None of a source whose set phrase it is, and none at all where it stands in too many.
        """
        statement = """SELECT sentence_keys.article, coalesce(n_keys, -1) FROM sentence_keys
            LEFT JOIN articles USING (article) WHERE key = ?"""
        limit = MAX_REPEATS_PER_SOURCE + 1
        found = self._db.execute(f"{statement} LIMIT ?", (key, limit)).fetchall()
        if len(found) == limit:  # some may be of one source, of which no more is read
            found = []
            source = self._next_source(key, "")
            while source:
                own = self._db.execute(f"{statement} AND source = ? LIMIT ?", (key, source, limit)).fetchall()
                found += own if len(own) < limit else []
                if len(found) > MAX_ARTICLES_PER_SENTENCE:
                    return []
                source = self._next_source(key, source)
        return [(to_id(article), n_keys) for article, n_keys in found]

    def _next_source(self, key: int, source: str) -> str:
        statement = "SELECT min(source) FROM sentence_keys WHERE key = ? AND source > ?"
        return self._db.execute(statement, (key, source)).fetchone()[0] or ""

    def find_set_phrases(self, source: str, keys: Iterable[int]) -> set[int]:
        """Those of ``keys`` that are set phrases of ``source``."""
        return {key for key in keys if self._is_set_phrase(key, source)}

    def add_looked_at(
        self, sizes: Mapping[str, int], copies: Iterable[Duplicate], former: Iterable[ArticlePair] = ()
    ) -> None:
        """Articles, with the number of their telling sentences, were looked at, and these copies found.

        ``former`` copies were looked at again, and are copies only if they are found.
        """
        with self.change():
            self._db.executemany(
                "DELETE FROM copies WHERE one = ? AND other = ?",
                ((to_number(one), to_number(other)) for one, other in former),
            )
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
        with transaction(db):
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in _SCHEMA:
                    db.execute(statement)
            _read_revision(db)
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # other tables
            raise sqlite3.DatabaseError(str(error)) from None
        raise
    except BaseException:
        db.close()
        raise
    return db


def _read_revision(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT revision FROM state").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("it does not say what it stands for")
    return str(row[0])


def _open_copy(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error, OSError):
        if path and path.is_file():
            kept = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                kept.backup(db)
                _read_revision(db)
            finally:
                kept.close()
            return db
    db.close()
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in _SCHEMA:
        db.execute(statement)
    return db
