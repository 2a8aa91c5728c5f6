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
from crosslingual.library.database import Repository, replace_surrogates
from crosslingual.types import Operation

MAX_OPERATIONS = 200
"""Acts that can be undone; what older ones took out is gone for good."""

_MAX_DESCRIPTION_CHARS = 300

OperationKind = Literal["add", "edit", "merge", "remove", "undo"]
Row = Mapping[str, Any]
"""Columns of a row; of an article that was taken out also its ``sentences``."""

_KEY_COLUMNS = {"sources": "id", "articles": "number", "translations": "number", "corrected": "correction"}


@dataclass(frozen=True, slots=True)
class OperationDraft:
    """An act that is under way, perhaps in several transactions; it counts once it has changed something."""

    kind: OperationKind
    description: str
    id: str = field(default_factory=lambda: uuid4().hex[:8])


def record_change(
    db: sqlite3.Connection, operation: OperationDraft, table: str, before: Row | None, after: Row | None
) -> None:
    """Keep that ``operation`` made of row ``before`` the row ``after``; None where there is none."""
    rows = (None if row is None else json.dumps(row, ensure_ascii=False) for row in (before, after))
    db.execute(
        "INSERT INTO changes (act, relation, before, after) VALUES (?, ?, ?, ?)",
        (_operation_number(db, operation), table, *rows),
    )


def _operation_number(db: sqlite3.Connection, operation: OperationDraft) -> int:
    """The number of the act, which is written down with its first change."""
    row = db.execute("SELECT number FROM acts WHERE id = ?", (operation.id,)).fetchone()
    if row:
        return int(row[0])
    made = datetime.now(UTC).isoformat(timespec="seconds")
    # Names of files may hold anything, and are shown on terminals.
    told = "".join(
        char if char.isprintable() else "?" for char in operation.description[:_MAX_DESCRIPTION_CHARS]
    )
    cursor = db.execute(
        "INSERT INTO acts (id, kind, made, told) VALUES (?, ?, ?, ?)",
        (operation.id, operation.kind, made, told),
    )
    number = cursor.lastrowid or 0
    db.execute("DELETE FROM acts WHERE number <= ?", (number - MAX_OPERATIONS,))
    return number


def delete_recorded(db: sqlite3.Connection, operation: OperationDraft, table: str, row: Row) -> None:
    """Delete the row that has these columns; ``operation`` keeps all of it, an article's sentences too."""
    whole = _find_row(db, table, row)
    if whole is None:
        return
    if table == "articles":
        whole["sentences"] = db.execute(
            """SELECT position, start, "end", lang FROM sentences WHERE article = ? ORDER BY position""",
            (whole["number"],),
        ).fetchall()
    where, values = _where_clause(row)
    db.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608  # own names
    record_change(db, operation, table, whole, None)


def finish_operation(db: sqlite3.Connection, operation: OperationDraft) -> Operation:
    """What ``operation`` came to, though it changed nothing."""
    number = _operation_number(db, operation)
    return _read_operations(db, number)[0]


class OperationHistory(Repository):
    """The acts of a library."""

    def load_operations(self) -> list[Operation]:
        """What was done and can be undone, the latest first."""
        with self._db.read_transaction() as db:
            return _read_operations(db)

    def undo_operation(self, operation_id: str = "") -> Operation:
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
        with self._db.write_transaction() as db:
            number, kind, told, undoes = self._find_undoable(db, operation_id)
            batch = OperationDraft("undo", told if kind == "undo" else f"undo: {told}")
            changes = db.execute(
                "SELECT relation, before, after FROM changes WHERE act = ? ORDER BY number DESC", (number,)
            ).fetchall()
            undone = _operation_number(db, batch)
            for relation, *rows in changes:
                before, after = (None if row is None else json.loads(row) for row in rows)
                self._revert_change(db, batch, kind, relation, before, after)
            db.execute("UPDATE acts SET undone = 1 WHERE number = ?", (number,))
            db.execute("UPDATE acts SET undone = 0 WHERE number = ?", (undoes,))
            db.execute("UPDATE acts SET undoes = ? WHERE number = ?", (number, undone))
            return finish_operation(db, batch)

    def _find_undoable(
        self, db: sqlite3.Connection, operation_id: str
    ) -> tuple[int, OperationKind, str, int]:
        """Number, kind, words and what it undoes itself, of the act that is to be undone."""
        latest = db.execute("SELECT max(number) FROM acts").fetchone()[0]
        chosen = (
            "id = ?"
            if operation_id
            else "undone = 0 AND kind <> 'undo' AND id >= ? ORDER BY number DESC LIMIT 1"
        )
        row = db.execute(
            f"SELECT number, kind, told, undoes, undone FROM acts WHERE {chosen}",  # noqa: S608  # own texts
            (replace_surrogates(operation_id),),
        ).fetchone()
        if row is None:
            what = f"no act {operation_id[:40]!r}" if operation_id else "nothing to undo"
            raise NotFoundError(f"{self.path}: {what}; list what can be undone with: crosslingual history")
        number, kind, told, undoes, undone = row
        if undone:
            raise LibraryError(f"{self.path}: undone already: {told}; see: crosslingual history")
        if kind == "undo" and number != latest:
            raise LibraryError(
                f"{self.path}: something else was done since; an undo can be undone until then only"
            )
        return number, kind, told, undoes

    def _revert_change(
        self,
        db: sqlite3.Connection,
        operation: OperationDraft,
        kind: OperationKind,
        table: str,
        before: Row | None,
        after: Row | None,
    ) -> None:
        # Corrections may be taken back at any time: what they no longer say is not changed back.
        lenient = kind == "add" or table == "corrected"
        if after is not None:
            used = before is None and table == "sources" and _has_articles(db, str(after["id"]))
            if used or _find_row(db, table, after) is None:
                if lenient:
                    return
                raise LibraryError(self._conflict_message(db, operation, table, after))
        if before is None:
            assert after is not None  # noqa: S101  # tells mypy: a change has either
            delete_recorded(db, operation, table, after)
        elif after is None:
            self._restore_row(db, operation, table, before, lenient=lenient)
        else:
            where, values = _where_clause(after)
            columns = ", ".join(f'"{name}" = ?' for name in before)
            db.execute(
                f"UPDATE {table} SET {columns} WHERE {where}",  # noqa: S608  # own names
                (*before.values(), *values),
            )
            record_change(db, operation, table, after, before)

    def _restore_row(
        self, db: sqlite3.Connection, operation: OperationDraft, table: str, row: Row, *, lenient: bool
    ) -> None:
        columns = {name: value for name, value in row.items() if name != "sentences"}
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        try:
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*columns.values(),))  # noqa: S608
        except sqlite3.IntegrityError:
            if lenient:
                return
            if table == "articles" and not _find_row(db, "sources", {"id": row["source"]}):
                table, row = "sources", {"id": row["source"]}
            raise LibraryError(self._conflict_message(db, operation, table, row)) from None
        db.executemany(
            """INSERT INTO sentences (article, position, start, "end", lang) VALUES (?, ?, ?, ?, ?)""",
            ((row["number"], *sentence) for sentence in row.get("sentences", ())),
        )
        record_change(db, operation, table, None, columns)

    def _conflict_message(
        self, db: sqlite3.Connection, operation: OperationDraft, table: str, row: Row
    ) -> str:
        key = _KEY_COLUMNS[table]
        later = db.execute(
            """SELECT acts.id FROM changes JOIN acts ON acts.number = act
            WHERE relation = ? AND acts.id <> ?
            AND ? IN (json_extract(before, ?), json_extract(after, ?))
            ORDER BY changes.number DESC LIMIT 1""",
            (table, operation.id, row[key], f"$.{key}", f"$.{key}"),
        ).fetchone()
        told = f"undo that first: crosslingual undo {later[0]}" if later else "it cannot be undone any more"
        return f"{self.path}: changed since ({table[:-1]} {row.get('id', row[key])}); {told}"


def _read_operations(db: sqlite3.Connection, number: int = 0) -> list[Operation]:
    rows = db.execute(
        """SELECT id, kind, made, told, total(relation = 'articles'), total(relation = 'sources'),
        total(relation = 'translations'), undone
        FROM acts LEFT JOIN changes ON act = acts.number WHERE ? IN (acts.number, 0)
        GROUP BY acts.number ORDER BY acts.number DESC""",
        (number,),
    )
    return [
        Operation(id_, kind, made, told, int(articles), int(sources), int(translations), bool(undone))
        for id_, kind, made, told, articles, sources, translations, undone in rows
    ]


def _has_articles(db: sqlite3.Connection, source_id: str) -> bool:
    return db.execute("SELECT 1 FROM articles WHERE source = ?", (source_id,)).fetchone() is not None


def _where_clause(row: Row) -> tuple[str, tuple[Any, ...]]:
    columns = {name: value for name, value in row.items() if name != "sentences"}
    return " AND ".join(f'"{name}" IS ?' for name in columns), tuple(columns.values())


def _find_row(db: sqlite3.Connection, table: str, row: Row) -> dict[str, Any] | None:
    """The row that has these columns, with all others; None if there is none."""
    where, values = _where_clause(row)
    cursor = db.execute(f"SELECT * FROM {table} WHERE {where}", values)  # noqa: S608  # own names
    found = cursor.fetchone()
    return found and dict(zip((name for name, *_ in cursor.description), found, strict=True))
