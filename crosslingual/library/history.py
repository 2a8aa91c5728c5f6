"""What was done to a library, operation by operation: each is the rows it changed, and undone by changing them back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from crosslingual.errors import LibraryError, NotFoundError
from crosslingual.library.database import Repository, replace_surrogates, words_for_damage
from crosslingual.library.session import Session
from crosslingual.types import Operation

MAX_OPERATIONS = 200
"""Operations that can be undone; what older ones took out is gone for good."""

_MAX_DESCRIPTION_CHARS = 300
_TABLES_OF = "SELECT DISTINCT table_name FROM changes WHERE operation_number = ?"

OperationKind = Literal["add", "edit", "merge", "remove", "code", "undo"]
Row = Mapping[str, Any]
"""Columns of a row; of an article that was taken out also its ``sentences``."""

_KEY_COLUMNS = {
    "sources": "id",
    "articles": "number",
    "translations": "number",
    "corrected_sentences": "correction_number",
    "events": "number",
    "event_articles": "article_number",
    "event_corrections": "number",
    "codes": "id",
    "codings": "number",
    "coding_passages": "number",
    "article_versions": "number",
}
_CODING_TABLES = frozenset({"codes", "codings", "coding_passages"})
"""Of these no comparison and no index is made."""
_LENIENT_TABLES = frozenset({"corrected_sentences", "codings", "coding_passages"})
"""What a person may take back at any time: what it no longer says is not changed back."""


@dataclass(frozen=True, slots=True)
class OperationDraft:
    """An operation that is under way, perhaps in several transactions; it counts once it has changed something.

    An undo has in ``undoes`` the number of the operation that it takes back.
    """

    kind: OperationKind
    description: str
    id: str = field(default_factory=lambda: uuid4().hex[:8])
    undoes: int = 0


def record_change(
    db: Session, operation: OperationDraft, table: str, before: Row | None, after: Row | None
) -> None:
    """Keep that ``operation`` made of row ``before`` the row ``after``; None where there is none."""
    rows = (None if row is None else json.dumps(row, ensure_ascii=False) for row in (before, after))
    db.execute(
        "INSERT INTO changes (operation_number, table_name, row_before, row_after) VALUES (?, ?, ?, ?)",
        (_operation_number(db, operation), table, *rows),
    )


def change_value(
    db: Session, operation: OperationDraft, table: str, key: tuple[str, int], column: str, value: str | int
) -> None:
    """Set a ``column`` of the row of ``table`` that ``key``, a column with its value, names, and record the change."""
    name, number = key
    (before,) = db.execute(f"SELECT {column} FROM {table} WHERE {name} = ?", (number,)).fetchone()  # noqa: S608
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {name} = ?", (value, number))  # noqa: S608  # own names
    record_change(db, operation, table, {name: number, column: before}, {name: number, column: value})


def _operation_number(db: Session, operation: OperationDraft) -> int:
    """The number of the operation, which is written down with its first change.

    Raises:
        LibraryError: it was undone while it went on.
    """
    row = db.execute("SELECT number, is_undone FROM operations WHERE id = ?", (operation.id,)).fetchone()
    if row and row[1]:
        raise LibraryError(
            f"{operation.description[:_MAX_DESCRIPTION_CHARS]}: undone meanwhile, and ended; run the same again"
        )
    if row:
        return int(row[0])
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    # Names of files may hold anything, and are shown on terminals.
    description = "".join(
        char if char.isprintable() else "?" for char in operation.description[:_MAX_DESCRIPTION_CHARS]
    )
    made = db.execute(
        """INSERT INTO operations (id, kind, created_at, description) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING RETURNING number""",
        (operation.id, operation.kind, created_at, description),
    ).fetchall()
    if not made:  # another process that works on the same operation was first
        return _operation_number(db, operation)
    db.execute(
        """DELETE FROM operations WHERE number <=
        (SELECT number FROM operations ORDER BY number DESC LIMIT 1 OFFSET ?)""",
        (MAX_OPERATIONS,),
    )
    return int(made[0][0])


def delete_recorded(db: Session, operation: OperationDraft, table: str, row: Row) -> None:
    """Delete the row that has these columns; ``operation`` keeps an article's sentences and a code's codings too."""
    whole = _find_row(db, table, row)
    if whole is None:
        return
    if table == "articles":
        whole["sentences"] = db.execute(
            """SELECT sentence_index, start, "end", lang FROM sentences
            WHERE article_number = ? ORDER BY sentence_index""",
            (whole["number"],),
        ).fetchall()
    if table == "codes":  # what was coded with it goes, and comes back, with it
        codings = db.execute("SELECT number FROM codings WHERE code_id = ? ORDER BY number", (whole["id"],))
        for (number,) in codings.fetchall():
            delete_recorded(db, operation, "codings", {"number": number})
    where, values = _where_clause(row)
    db.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608  # own names
    record_change(db, operation, table, whole, None)


def finish_operation(db: Session, operation: OperationDraft) -> Operation:
    """What ``operation`` came to, though it changed nothing."""
    number = _operation_number(db, operation)
    return _read_operations(db, number)[0]


class OperationHistory(Repository):
    """The operations of a library."""

    def load_operations(self, table: str = "") -> list[Operation]:
        """What was done and can be undone, the latest first; with ``table`` only what changed that."""
        with self._db.read_transaction() as db:
            return _read_operations(db, table=table)

    def undo_operation(self, operation_id: str = "") -> Operation:
        """Change back all that an operation changed and nothing else; without an id the latest.

        Of an add, articles go though their source was merged since, and a new source stays while articles
        of other operations are of it. What an edit, a merge or a removal changed must be as it left it. An undo
        can be undone until something else is done.

        Returns:
            The undo, itself an operation.

        Raises:
            NotFoundError: there is no such operation.
            LibraryError: it was undone, or later operations must be undone first.
            InputError: two codes would have one name beside one another.
        """
        with self._db.read_transaction() as db, words_for_damage(self.name):
            number = self._find_undoable(db, operation_id)[0]
            tables = {table for (table,) in db.execute(_TABLES_OF, (number,))}
            (operation_id,) = db.execute("SELECT id FROM operations WHERE number = ?", (number,)).fetchone()
        with (
            self._db.write_transaction(is_derived=tables <= _CODING_TABLES) as db,
            words_for_damage(self.name),
        ):
            number, kind, description, undoes = self._find_undoable(db, operation_id)
            undo = OperationDraft(
                "undo", description if kind == "undo" else f"undo: {description}", undoes=number
            )
            changes = db.execute(
                """SELECT table_name, row_before, row_after FROM changes
                WHERE operation_number = ? ORDER BY number DESC""",
                (number,),
            ).fetchall()
            undo_number = _operation_number(db, undo)
            for table, *rows in changes:
                before, after = (None if row is None else json.loads(row) for row in rows)
                self._revert_change(db, undo, kind, table, before, after)
            if "codes" in tables:
                from crosslingual.library.codebook import check_unique_names

                check_unique_names(db)
            db.execute("UPDATE operations SET is_undone = 1 WHERE number = ?", (number,))
            db.execute("UPDATE operations SET is_undone = 0 WHERE number = ?", (undoes,))
            db.execute("UPDATE operations SET undoes_number = ? WHERE number = ?", (number, undo_number))
            return finish_operation(db, undo)

    def _find_undoable(self, db: Session, operation_id: str) -> tuple[int, OperationKind, str, int]:
        """Number, kind, words and what it undoes itself, of the operation that is to be undone."""
        latest = db.execute("SELECT max(number) FROM operations").fetchone()[0]
        condition = (
            "id = ?"
            if operation_id
            else "is_undone = 0 AND kind <> 'undo' AND id >= ? ORDER BY number DESC LIMIT 1"
        )
        row = db.execute(
            f"SELECT number, kind, description, undoes_number, is_undone FROM operations WHERE {condition}",  # noqa: S608  # own texts
            (replace_surrogates(operation_id),),
        ).fetchone()
        if row is None:
            problem = f"no operation {operation_id[:40]!r}" if operation_id else "nothing to undo"
            raise NotFoundError(f"{self.name}: {problem}; list what can be undone with: crosslingual history")
        number, kind, description, undoes, is_undone = row
        if is_undone:
            raise LibraryError(f"{self.name}: undone already: {description}; see: crosslingual history")
        if kind == "undo" and number != latest:
            raise LibraryError(
                f"{self.name}: something else was done since; an undo can be undone until then only"
            )
        return number, kind, description, undoes

    def _revert_change(
        self,
        db: Session,
        operation: OperationDraft,
        kind: OperationKind,
        table: str,
        before: Row | None,
        after: Row | None,
    ) -> None:
        lenient = kind == "add" or table in _LENIENT_TABLES
        if kind == "add" and table in ("articles", "article_versions"):
            if before is None and after is not None and _find_row(db, table, after) is None:
                self._revert_versioned(db, operation, table, after)
                return
            if after is None and before is not None:
                if not _is_version_deleted(db, operation, before["number"]):
                    return  # it was taken out meanwhile, with the version that replaced it or by itself
                lenient = False  # or the text would be gone
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

    def _revert_versioned(self, db: Session, operation: OperationDraft, table: str, after: Row) -> None:
        """Take out what an add put in and a later one replaced: an article that is a former version by now."""
        number = {"number": after["number"]}
        if table == "articles":
            delete_recorded(db, operation, "article_versions", number)
        elif _find_row(db, table, number):  # another has replaced the newest since
            raise LibraryError(self._conflict_message(db, operation, table, after))

    def _restore_row(
        self, db: Session, operation: OperationDraft, table: str, row: Row, *, lenient: bool
    ) -> None:
        columns = {name: value for name, value in row.items() if name != "sentences"}
        names = ", ".join(f'"{name}"' for name in columns)
        placeholders = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({names}) VALUES ({placeholders})"  # noqa: S608  # own names
        if not db.insert_if_possible(insert, (*columns.values(),)):
            if lenient:
                return
            if table == "articles" and not _find_row(db, "sources", {"id": row["source_id"]}):
                table, row = "sources", {"id": row["source_id"]}
            raise LibraryError(self._conflict_message(db, operation, table, row))
        if table == "articles":  # it goes back to its event, or waits for one
            db.execute(
                "INSERT INTO event_articles (article_number) VALUES (?) ON CONFLICT DO NOTHING",
                (row["number"],),
            )
        db.executemany(
            """INSERT INTO sentences (article_number, sentence_index, start, "end", lang) VALUES (?, ?, ?, ?, ?)""",
            ((row["number"], *sentence) for sentence in row.get("sentences", ())),
        )
        record_change(db, operation, table, None, columns)

    def _conflict_message(self, db: Session, operation: OperationDraft, table: str, row: Row) -> str:
        key = _KEY_COLUMNS[table]
        changes = db.execute(
            """SELECT operations.id, row_before, row_after FROM changes
            JOIN operations ON operations.number = operation_number
            WHERE table_name = ? AND operations.id <> ? AND operations.number > ? ORDER BY changes.number DESC""",
            (table, operation.id, operation.undoes),
        )
        later = next(
            (
                id_
                for id_, *rows in changes
                if any(json.loads(one).get(key) == row[key] for one in rows if one is not None)
            ),
            None,
        )
        next_step = f"undo that first: crosslingual undo {later}" if later else "it cannot be undone any more"
        return f"{self.name}: changed since ({table[:-1].replace('_', ' ')} {row.get('id', row[key])}); {next_step}"


def _read_operations(db: Session, number: int = 0, table: str = "") -> list[Operation]:
    rows = db.execute(
        f"""SELECT id, kind, created_at, description, {_count_changes("articles", "event_articles")},
        {_count_changes("sources")}, {_count_changes("translations")}, is_undone
        FROM operations LEFT JOIN changes ON operation_number = operations.number
        WHERE ? IN (operations.number, 0)
        GROUP BY operations.number HAVING ? = '' OR sum(CASE WHEN table_name = ? THEN 1 ELSE 0 END) > 0
        ORDER BY operations.number DESC""",  # noqa: S608  # own names
        (number, table, table),
    )
    return [
        Operation(
            id_, kind, created_at, description, int(articles), int(sources), int(translations), bool(undone)
        )
        for id_, kind, created_at, description, articles, sources, translations, undone in rows
    ]


def _count_changes(*tables: str) -> str:
    names = ", ".join(f"'{table}'" for table in tables)
    return f"sum(CASE WHEN table_name IN ({names}) THEN 1 ELSE 0 END)"


def _is_version_deleted(db: Session, operation: OperationDraft, number: int) -> bool:
    """Whether ``operation`` has just taken the former version of this number out."""
    rows = db.execute(
        """SELECT row_before FROM changes JOIN operations ON operations.number = operation_number
        WHERE operations.id = ? AND table_name = 'article_versions' AND row_before IS NOT NULL""",
        (operation.id,),
    )
    return any(json.loads(row)["number"] == number for (row,) in rows)


def _has_articles(db: Session, source_id: str) -> bool:
    return db.execute("SELECT 1 FROM articles WHERE source_id = ?", (source_id,)).fetchone() is not None


def _where_clause(row: Row) -> tuple[str, tuple[Any, ...]]:
    columns = {name: value for name, value in row.items() if name != "sentences"}
    conditions = (
        f'"{name}" IS NULL' if value is None else f'"{name}" = ?' for name, value in columns.items()
    )
    return " AND ".join(conditions), tuple(value for value in columns.values() if value is not None)


def _find_row(db: Session, table: str, row: Row) -> dict[str, Any] | None:
    """The row that has these columns, with all others; None if there is none."""
    where, values = _where_clause(row)
    cursor = db.execute(f"SELECT * FROM {table} WHERE {where}", values)  # noqa: S608  # own names
    found = cursor.fetchone()
    return found and dict(zip((name for name, *_ in cursor.description), found, strict=True))
