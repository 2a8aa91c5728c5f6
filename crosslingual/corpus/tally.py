"""Counts of very many things in little memory: what does not fit is kept in a temporary file, and nothing is lost."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import NamedTuple, Self

DEFAULT_MIN_COUNT = 3
"""How often something has to occur to be listed."""
MAX_IN_MEMORY = 300_000
"""Different things that are counted in memory before they are written out."""


class TallyRow(NamedTuple):
    """``key`` in ``group`` occurred ``target`` times in ``target_articles`` articles, and so in the reference."""

    group: str
    key: str
    target: int
    target_articles: int
    reference: int
    reference_articles: int


class DiskTally:
    """Occurrences of keys in a target and a reference, by group, and in how many articles each; exact."""

    def __init__(self, max_in_memory: int = MAX_IN_MEMORY) -> None:
        """Nothing counted; ``max_in_memory`` keys are held before they are written out."""
        self._max_in_memory = max_in_memory
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._db = sqlite3.connect("", check_same_thread=False)  # a file that SQLite deletes by itself
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            """CREATE TABLE tally (grp TEXT NOT NULL, key TEXT NOT NULL, target INTEGER NOT NULL,
            target_articles INTEGER NOT NULL, reference INTEGER NOT NULL, reference_articles INTEGER NOT NULL,
            PRIMARY KEY (grp, key)) WITHOUT ROWID"""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add_article(self, group: str, counts: Mapping[str, int], *, is_reference: bool = False) -> None:
        """Count what one article has of each key."""
        first = 2 if is_reference else 0
        for key, count in counts.items():
            row = self._counts.setdefault((group, key), [0, 0, 0, 0])
            row[first] += count
            row[first + 1] += 1
        if len(self._counts) > self._max_in_memory:
            self._write_out()

    def frequent_rows(self, min_target: int, min_reference: int | None = None) -> Iterator[TallyRow]:
        """What occurs ``min_target`` times in the target, or ``min_reference`` times in the reference, if given."""
        self._write_out()
        rows = self._db.execute(
            "SELECT * FROM tally WHERE target >= ? OR reference >= ?",
            (min_target, sys.maxsize if min_reference is None else min_reference),
        )
        return (TallyRow(*row) for row in rows)

    def _write_out(self) -> None:
        self._db.executemany(
            """INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (grp, key) DO UPDATE SET
            target = target + excluded.target, target_articles = target_articles + excluded.target_articles,
            reference = reference + excluded.reference,
            reference_articles = reference_articles + excluded.reference_articles""",
            ((*key, *row) for key, row in self._counts.items()),
        )
        self._db.commit()
        self._counts.clear()
