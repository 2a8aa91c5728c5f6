"""What a library's parts ask a database, in SQL that SQLite and PostgreSQL both take.

A ``?`` stands for a value. ``IN (?texts)`` and ``IN (?numbers)`` stand for a list, which is handed over as one
value. What is inserted tells its number by ``RETURNING``.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

_LIST = re.compile(r"\?(?:texts|numbers)\b")


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    @property
    def description(self) -> Any:
        """Its columns, each beginning with its name."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All further rows."""

    def __iter__(self) -> Iterator[Any]: ...


class Session(Protocol):
    """A transaction that is under way."""

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run a statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Rows:
        """Run a statement once for each row of values."""

    def stream_rows(self, statement: str) -> Iterator[Any]:
        """The rows of a statement, never all of them at once."""

    def insert_if_possible(self, statement: str, parameters: Sequence[Any]) -> bool:
        """Run an insert, unless a constraint forbids it; whether it was done."""

    def take_article_numbers(self, count: int) -> list[int]:
        """Numbers that no article has had, rising."""

    def last_article_number(self) -> int:
        """The last number that was given to an article; 0 where none was."""

    def find_damage(self) -> list[str]:
        """What the database itself finds wrong with its files or references, in words."""

    def overwrite_deleted(self) -> None:
        """Have what this transaction deletes overwritten, where the database can do that."""


class LibraryDatabase(Protocol):
    """A library's database; threads take turns on it, processes wait for one another."""

    @property
    def name(self) -> str:
        """What messages call the library."""

    @property
    def folder(self) -> Path:
        """Where what is derived from it lies."""

    @property
    def is_read_only(self) -> bool:
        """Whether it cannot be written."""

    def close(self) -> None:
        """Let go of it."""

    def read_transaction(self) -> AbstractContextManager[Session]:
        """One consistent view, however many queries."""

    def write_transaction(
        self, *, is_derived: bool = False, is_shared: bool = False
    ) -> AbstractContextManager[Session]:
        """All or nothing; a change moves the revision on, unless it ``is_derived`` from the content.

        What only adds is ``is_shared``: others of its kind may go on beside it where the database can do that.
        Its rows are written in an order of their keys, so that two never wait for one another.
        """

    def erase_free_space(self) -> None:
        """Give back what deleted rows took."""


class SqliteSession:
    """Statements for SQLite on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """On ``connection``, whose transactions are another's to begin and to end."""
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run a statement."""
        return self._connection.execute(_write_for_sqlite(statement), [*map(_pack_list, parameters)])

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Run a statement once for each row of values."""
        return self._connection.executemany(statement, rows)

    def stream_rows(self, statement: str) -> Iterator[Any]:
        """The rows of a statement, never all of them at once."""
        return self.execute(statement)

    def insert_if_possible(self, statement: str, parameters: Sequence[Any]) -> bool:
        """Run an insert, unless a constraint forbids it; whether it was done."""
        try:
            self.execute(statement, parameters)
        except sqlite3.IntegrityError:
            return False
        return True

    def take_article_numbers(self, count: int) -> list[int]:
        """Numbers that no article has had, rising."""
        last = self.last_article_number()
        if count:
            self._connection.execute("UPDATE state SET last_article_number = ?", (last + count,))
        return list(range(last + 1, last + count + 1))

    def last_article_number(self) -> int:
        """The last number that was given to an article; 0 where none was."""
        return int(self._connection.execute("SELECT last_article_number FROM state").fetchone()[0])

    def overwrite_deleted(self) -> None:
        """Have what this transaction deletes overwritten in the file."""
        self._connection.execute("PRAGMA secure_delete = ON")

    def find_damage(self) -> list[str]:
        """What SQLite finds wrong with its pages and references."""
        found = [problem for (problem,) in self._connection.execute("PRAGMA quick_check(3)")]
        rows = self._connection.execute('SELECT DISTINCT "table" FROM pragma_foreign_key_check')
        return [problem for problem in found if problem != "ok"] + [
            f"{table} names what is not there" for (table,) in rows
        ]


@lru_cache(maxsize=500)
def _write_for_sqlite(statement: str) -> str:
    return _LIST.sub("SELECT value FROM json_each(?)", statement)


def _pack_list(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value
