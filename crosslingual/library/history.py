"""What was done to a library, act by act: each is the rows it changed, and undone by changing them back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from crosslingual.errors import LibraryError, NotFoundError
from crosslingual.library.database import Room, storable
from crosslingual.types import Act

KEPT = 200
"""Acts that can be undone; what older ones took out is gone for good."""

_MAX_TOLD = 300

Kind = Literal["add", "edit", "merge", "remove", "undo"]
Row = Mapping[str, Any]
"""Columns of a row; of an article that was taken out also its ``sentences``."""

_KEYS = {"sources": "id", "articles": "number", "translations": "number", "corrected": "correction"}


@dataclass(frozen=True, slots=True)
class Batch:
    """An act that is under way, perhaps in several transactions; it counts once it has changed something."""

    kind: Kind
    told: str
    id: str = field(default_factory=lambda: uuid4().hex[:8])


def note(db: sqlite3.Connection, batch: Batch, relation: str, before: Row | None, after: Row | None) -> None:
    """Keep that ``batch`` made of row ``before`` the row ``after``; None where there is none."""
    rows = (None if row is None else json.dumps(row, ensure_ascii=False) for row in (before, after))
    db.execute(
        "INSERT INTO changes (act, relation, before, after) VALUES (?, ?, ?, ?)",
        (_begun(db, batch), relation, *rows),
    )


def _begun(db: sqlite3.Connection, batch: Batch) -> int:
    """The number of the act, which is written down with its first change."""
    row = db.execute("SELECT number FROM acts WHERE id = ?", (batch.id,)).fetchone()
    if row:
        return int(row[0])
    made = datetime.now(UTC).isoformat(timespec="seconds")
    # Names of files may hold anything, and are shown on terminals.
    told = "".join(char if char.isprintable() else "?" for char in batch.told[:_MAX_TOLD])
    cursor = db.execute(
        "INSERT INTO acts (id, kind, made, told) VALUES (?, ?, ?, ?)", (batch.id, batch.kind, made, told)
    )
    number = cursor.lastrowid or 0
    db.execute("DELETE FROM acts WHERE number <= ?", (number - KEPT,))
    return number


def take_out(db: sqlite3.Connection, batch: Batch, relation: str, row: Row) -> None:
    """Delete the row that has these columns; ``batch`` keeps all of it, an article's sentences too."""
    whole = _row(db, relation, row)
    if whole is None:
        return
    if relation == "articles":
        whole["sentences"] = db.execute(
            """SELECT position, start, "end", lang FROM sentences WHERE article = ? ORDER BY position""",
            (whole["number"],),
        ).fetchall()
    where, values = _where(row)
    db.execute(f"DELETE FROM {relation} WHERE {where}", values)  # noqa: S608  # own names
    note(db, batch, relation, whole, None)


def done(db: sqlite3.Connection, batch: Batch) -> Act:
    """What ``batch`` came to, though it changed nothing."""
    number = _begun(db, batch)
    return _acts(db, number)[0]


class History(Room):
    """The acts of a library."""

    def acts(self) -> list[Act]:
        """What was done and can be undone, the latest first."""
        with self._db.reading() as db:
            return _acts(db)

    def undo(self, id_: str = "") -> Act:
        """Change back all that an act changed and nothing else; without an id the latest.

        Of an add, articles go though their source was merged since, and a new source stays while articles
        of other acts are of it. What an edit, a merge or a removal changed must be as it left it. An undo
        can be undone until something else is done.

        Returns:
            The undo, itself an act.

        Raises:
            NotFoundError: there is no such act.
            LibraryError: it was undone, or later acts must be undone first.
        """
        with self._db.writing() as db:
            number, kind, told, undoes = self._chosen(db, id_)
            batch = Batch("undo", told if kind == "undo" else f"undo: {told}")
            changes = db.execute(
                "SELECT relation, before, after FROM changes WHERE act = ? ORDER BY number DESC", (number,)
            ).fetchall()
            undone = _begun(db, batch)
            for relation, *rows in changes:
                before, after = (None if row is None else json.loads(row) for row in rows)
                self._revert(db, batch, kind, relation, before, after)
            db.execute("UPDATE acts SET undone = 1 WHERE number = ?", (number,))
            db.execute("UPDATE acts SET undone = 0 WHERE number = ?", (undoes,))
            db.execute("UPDATE acts SET undoes = ? WHERE number = ?", (number, undone))
            return done(db, batch)

    def _chosen(self, db: sqlite3.Connection, id_: str) -> tuple[int, Kind, str, int]:
        """Number, kind, words and what it undoes itself, of the act that is to be undone."""
        latest = db.execute("SELECT max(number) FROM acts").fetchone()[0]
        chosen = "id = ?" if id_ else "undone = 0 AND kind <> 'undo' AND id >= ? ORDER BY number DESC LIMIT 1"
        row = db.execute(
            f"SELECT number, kind, told, undoes, undone FROM acts WHERE {chosen}",  # noqa: S608  # own texts
            (storable(id_),),
        ).fetchone()
        if row is None:
            what = f"no act {id_[:40]!r}" if id_ else "nothing to undo"
            raise NotFoundError(f"{self.path}: {what}; list what can be undone with: crosslingual history")
        number, kind, told, undoes, undone = row
        if undone:
            raise LibraryError(f"{self.path}: undone already: {told}; see: crosslingual history")
        if kind == "undo" and number != latest:
            raise LibraryError(
                f"{self.path}: something else was done since; an undo can be undone until then only"
            )
        return number, kind, told, undoes

    def _revert(
        self,
        db: sqlite3.Connection,
        batch: Batch,
        kind: Kind,
        relation: str,
        before: Row | None,
        after: Row | None,
    ) -> None:
        # Corrections may be taken back at any time: what they no longer say is not changed back.
        lenient = kind == "add" or relation == "corrected"
        if after is not None:
            used = before is None and relation == "sources" and _used(db, str(after["id"]))
            if used or _row(db, relation, after) is None:
                if lenient:
                    return
                raise LibraryError(self._touched(db, batch, relation, after))
        if before is None:
            assert after is not None  # noqa: S101  # tells mypy: a change has either
            take_out(db, batch, relation, after)
        elif after is None:
            self._put_back(db, batch, relation, before, lenient=lenient)
        else:
            where, values = _where(after)
            columns = ", ".join(f'"{name}" = ?' for name in before)
            db.execute(
                f"UPDATE {relation} SET {columns} WHERE {where}",  # noqa: S608  # own names
                (*before.values(), *values),
            )
            note(db, batch, relation, after, before)

    def _put_back(
        self, db: sqlite3.Connection, batch: Batch, relation: str, row: Row, *, lenient: bool
    ) -> None:
        columns = {name: value for name, value in row.items() if name != "sentences"}
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        try:
            db.execute(f"INSERT INTO {relation} ({names}) VALUES ({marks})", (*columns.values(),))  # noqa: S608
        except sqlite3.IntegrityError:
            if lenient:
                return
            if relation == "articles" and not _row(db, "sources", {"id": row["source"]}):
                relation, row = "sources", {"id": row["source"]}
            raise LibraryError(self._touched(db, batch, relation, row)) from None
        db.executemany(
            """INSERT INTO sentences (article, position, start, "end", lang) VALUES (?, ?, ?, ?, ?)""",
            ((row["number"], *sentence) for sentence in row.get("sentences", ())),
        )
        note(db, batch, relation, None, columns)

    def _touched(self, db: sqlite3.Connection, batch: Batch, relation: str, row: Row) -> str:
        key = _KEYS[relation]
        later = db.execute(
            """SELECT acts.id FROM changes JOIN acts ON acts.number = act
            WHERE relation = ? AND acts.id <> ?
            AND ? IN (json_extract(before, ?), json_extract(after, ?))
            ORDER BY changes.number DESC LIMIT 1""",
            (relation, batch.id, row[key], f"$.{key}", f"$.{key}"),
        ).fetchone()
        told = f"undo that first: crosslingual undo {later[0]}" if later else "it cannot be undone any more"
        return f"{self.path}: changed since ({relation[:-1]} {row.get('id', row[key])}); {told}"


def _acts(db: sqlite3.Connection, number: int = 0) -> list[Act]:
    rows = db.execute(
        """SELECT id, kind, made, told, total(relation = 'articles'), total(relation = 'sources'),
        total(relation = 'translations'), undone
        FROM acts LEFT JOIN changes ON act = acts.number WHERE ? IN (acts.number, 0)
        GROUP BY acts.number ORDER BY acts.number DESC""",
        (number,),
    )
    return [
        Act(id_, kind, made, told, int(articles), int(sources), int(translations), bool(undone))
        for id_, kind, made, told, articles, sources, translations, undone in rows
    ]


def _used(db: sqlite3.Connection, source: str) -> bool:
    return db.execute("SELECT 1 FROM articles WHERE source = ?", (source,)).fetchone() is not None


def _where(row: Row) -> tuple[str, tuple[Any, ...]]:
    columns = {name: value for name, value in row.items() if name != "sentences"}
    return " AND ".join(f'"{name}" IS ?' for name in columns), tuple(columns.values())


def _row(db: sqlite3.Connection, relation: str, row: Row) -> dict[str, Any] | None:
    """The row that has these columns, with all others; None if there is none."""
    where, values = _where(row)
    cursor = db.execute(f"SELECT * FROM {relation} WHERE {where}", values)  # noqa: S608  # own names
    found = cursor.fetchone()
    return found and dict(zip((name for name, *_ in cursor.description), found, strict=True))
