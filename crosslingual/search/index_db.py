"""The file of a search index: which articles it holds, under which numbers, their words, and its parts.

Every sentence has a number, those of an article one after another, and no number is given twice. A removed
article leaves its words and vectors behind, under numbers that are nobody's any more, until the index is
made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crosslingual.library import ArticleEntry
from crosslingual.library.database import connect_file, is_unwritable, open_read_only, transaction
from crosslingual.search.expressions import AnyOf, WordExpression, Words

_SCHEMA = (
    "CREATE TABLE state (version INTEGER NOT NULL, next INTEGER NOT NULL, revision TEXT NOT NULL,"
    " recipe TEXT NOT NULL)",
    """CREATE TABLE articles (
        article TEXT PRIMARY KEY, source TEXT NOT NULL, lang TEXT NOT NULL, date TEXT NOT NULL,
        title TEXT NOT NULL, url TEXT NOT NULL, sentences INTEGER NOT NULL, first INTEGER NOT NULL)
        WITHOUT ROWID""",
    "CREATE TABLE parts (name TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID",
    # Our own words, already cut: only spaces divide. Their texts stay in the library.
    """CREATE VIRTUAL TABLE words USING fts5 (said, heard, content='',
        tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_`{|}~'")""",
    "CREATE VIRTUAL TABLE terms USING fts5vocab (words, col)",
)


@dataclass(frozen=True, slots=True)
class IndexPart:
    """A vector index of some of the sentences: a file or folder, of a kind, and the digest of its bytes."""

    name: str
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class IndexState:
    """``version`` grows with every change; ``next_number`` is the number the next sentence will have.

    ``revision`` is that of the library when the two were last the same, ``recipe`` how it was made.
    """

    version: int
    next_number: int
    revision: str
    recipe: str


@dataclass(frozen=True, slots=True)
class IndexContents:
    """All of a catalogue but the words, as it was at one moment; ``articles`` with their first numbers."""

    state: IndexState
    articles: tuple[tuple[ArticleEntry, int], ...]
    parts: tuple[IndexPart, ...]


class IndexDatabase:
    """One connection to the file at a path; its calls raise ``sqlite3.Error`` when that is damaged."""

    def __init__(self, path: Path, *, recipe: str = "") -> None:
        """Open the file, or with a ``recipe`` make it."""
        self._contents: IndexContents | None = None
        self._db = connect_file(path, "mode=rwc" if recipe else "mode=rw")
        if not recipe:
            try:
                self.load_state()
            except sqlite3.OperationalError as error:
                if not is_unwritable(error):
                    raise
                self._db.close()
                self._db = open_read_only(path)
        # Derived: what a power cut takes is made again.
        self._db.execute("PRAGMA synchronous = OFF" if recipe else "PRAGMA synchronous = NORMAL")
        if recipe:
            self._db.execute("PRAGMA journal_mode = WAL")
            for statement in _SCHEMA:
                self._db.execute(statement)
            self._db.execute("INSERT INTO state VALUES (0, 0, '', ?)", (recipe,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def load_state(self) -> IndexState:
        """Where it stands."""
        return IndexState(*self._db.execute("SELECT version, next, revision, recipe FROM state").fetchone())

    def load_contents(self) -> IndexContents:
        """All of it but the words; read again only when it has changed."""
        with transaction(self._db, "BEGIN"):
            state = self.load_state()
            if self._contents and self._contents.state == state:
                return self._contents
            rows = self._db.execute(
                """SELECT article, source, lang, date, title, url, sentences, first FROM articles
                ORDER BY first"""
            )
            articles = tuple((ArticleEntry(*row[:7]), int(row[7])) for row in rows)
            parts = tuple(IndexPart(*row) for row in self._db.execute("SELECT * FROM parts ORDER BY name"))
            self._contents = IndexContents(state, articles, parts)
            return self._contents

    @contextmanager
    def begin_change(self) -> Iterator[IndexChange]:
        """All of a change or nothing; the version moves on."""
        with transaction(self._db):
            yield IndexChange(self._db)
            self._db.execute("UPDATE state SET version = version + 1")

    def match_words(
        self, expression: WordExpression, limit: int, is_included: Callable[[int], bool]
    ) -> list[int]:
        """Numbers of the sentences that fit and that ``is_included`` lets through, best by BM25 first.

        With a ``limit`` of 0 all of them, in no order.
        """
        query = _write_for_fts5(expression)
        self._db.create_function("held", 1, is_included, deterministic=True)
        chosen = "SELECT rowid FROM words WHERE words MATCH ? AND held(rowid)"
        rows = (
            self._db.execute(f"{chosen} ORDER BY rank LIMIT ?", (query, limit))
            if limit
            else self._db.execute(chosen, (query,))
        )
        return [number for (number,) in rows]

    def document_frequency(self, column: str, term: str) -> int:
        """In how many sentences a term stands."""
        row = self._db.execute("SELECT doc FROM terms WHERE term = ? AND col = ?", (term, column)).fetchone()
        return int(row[0]) if row else 0

    def terms_with_prefix(self, column: str, prefix: str) -> list[str]:
        """All terms that begin with ``prefix``, which ends in an ASCII character."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        rows = self._db.execute(
            "SELECT term FROM terms WHERE term >= ? AND term < ? AND col = ?", (prefix, after, column)
        )
        return [term for (term,) in rows]

    def count_word_rows(self) -> int:
        """How many sentences have words, those of removed articles too."""
        return int(self._db.execute("SELECT count(*) FROM words_docsize").fetchone()[0])

    def find_damage(self) -> str:
        """What is wrong inside the file; empty where nothing is."""
        for (found,) in self._db.execute("PRAGMA quick_check(1)"):
            if found != "ok":
                return str(found)
        return ""


class IndexChange:
    """What can be changed of a catalogue in one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add_article(self, entry: ArticleEntry, word_rows: Sequence[tuple[str, str]]) -> int:
        """Take in an article with the words and sounds of its sentences; the number of the first."""
        (first,) = self._db.execute("SELECT next FROM state").fetchone()
        self.update_article(entry, first)
        self._db.executemany(
            "INSERT INTO words (rowid, said, heard) VALUES (?, ?, ?)",
            ((first + place, *both) for place, both in enumerate(word_rows)),
        )
        self._db.execute("UPDATE state SET next = ?", (first + len(word_rows),))
        return int(first)

    def update_article(self, entry: ArticleEntry, first_number: int) -> None:
        """Say anew what is known of an article besides its sentences."""
        self._db.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.article,
                entry.source,
                entry.lang,
                entry.date,
                entry.title,
                entry.url,
                entry.n_sentences,
                first_number,
            ),
        )

    def remove_articles(self, articles: Iterable[str]) -> None:
        """Forget articles."""
        self._db.executemany("DELETE FROM articles WHERE article = ?", ((one,) for one in articles))

    def add_part(self, part: IndexPart, replaced: Iterable[str] = ()) -> None:
        """Take in a part in the place of others."""
        self._db.executemany("DELETE FROM parts WHERE name = ?", ((name,) for name in replaced))
        self._db.execute("INSERT INTO parts VALUES (?, ?, ?)", (part.name, part.kind, part.digest))

    def set_revision(self, revision: str) -> None:
        """From now on it counts as the same as the library at ``revision``."""
        self._db.execute("UPDATE state SET revision = ?", (revision,))


def _write_for_fts5(expression: WordExpression) -> str:
    if isinstance(expression, Words):
        forms = " ".join(expression.forms).replace('"', '""')
        return f'{expression.column} : "{forms}"'
    operator = " OR " if isinstance(expression, AnyOf) else " AND "
    return f"({operator.join(map(_write_for_fts5, expression.parts))})"
