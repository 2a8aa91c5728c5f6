"""Backups of any library, which are SQLite files: so a library moves from a folder to a server, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from crosslingual.address import DatabaseAddress, LibraryAddress
from crosslingual.library import backup
from crosslingual.library.database import Database
from crosslingual.library.documents import FolderDocuments
from crosslingual.library.folder import FORMER_FILE, SEARCHES_FILE, remove_leftovers
from crosslingual.library.postgres import PostgresDatabase, make_cache_folder
from crosslingual.library.session import Session

_TABLES = (
    "sources",
    "articles",
    "sentences",
    "models",
    "vectors",
    "token_states",
    "translations",
    "corrections",
    "corrected_sentences",
    "operations",
    "changes",
    "article_profiles",
    "events",
    "event_articles",
    "event_corrections",
    "check_samples",
    "check_items",
    "probability_calibrations",
    "codes",
    "coding_offers",
    "coding_units",
    "coding_passages",
    "coding_tasks",
    "codings",
    "coding_decisions",
    "article_versions",
    "originals",
    "article_originals",
    "followed",
    "followed_items",
    "polls",
)
"""Each after those that it refers to."""
_NUMBERED_TABLES = (
    "models",
    "translations",
    "corrections",
    "operations",
    "changes",
    "events",
    "event_corrections",
    "check_samples",
    "check_items",
    "probability_calibrations",
    "codes",
    "coding_offers",
    "coding_units",
    "coding_passages",
    "coding_tasks",
    "codings",
    "coding_decisions",
    "followed",
    "polls",
)
"""Those whose rows the server numbers."""
_ROWS_PER_INSERT = 1_000


def back_up_library(library: LibraryAddress, target: Path) -> Path:
    """Write all of a library to one file, which is there whole or not at all; see ``backup.back_up_library``.

    Raises:
        InputError: at ``target`` is something else than a backup, or it cannot be written.
        LibraryError: there is no library, it is damaged, or the disk is full.
    """
    if not isinstance(library, DatabaseAddress):
        return backup.back_up_library(library, target)
    with closing(PostgresDatabase(library, create=False)) as shared, shared.read_transaction() as source:
        return _back_up_shared(source, shared.folder, target)


def _back_up_shared(source: Session, folder: Path, target: Path) -> Path:
    """Write what a transaction sees to one file, by way of a draft in ``folder``."""
    with backup.draft_folder(folder, "backup") as draft:
        with closing(Database(draft)) as database, database.write_transaction() as copy:
            for table in _TABLES:
                _copy_table(source, copy, table, _column_names(copy, table))
            copy.execute("UPDATE state SET last_article_number = ?", (source.last_article_number(),))
            row = source.execute("SELECT content FROM documents WHERE name = ?", (SEARCHES_FILE,)).fetchone()
        if row:
            with FolderDocuments(draft).change(SEARCHES_FILE) as searches:
                searches.write(row[0])
        return backup.back_up_library(draft, target)


def restore_library(source: Path, library: LibraryAddress) -> Path | None:
    """Make ``library`` what the backup ``source`` holds; see ``backup.restore_library``.

    What is there in a shared one is written to a file on this computer and replaced in one transaction, which has
    the library to itself: nothing that others store is in neither.

    Returns:
        The file with what was there; None where nothing was.

    Raises:
        InputError: ``source`` is not there, or is no library.
        LibraryError: it is damaged, or made by a newer crosslingual; the library cannot be written.
    """
    if not isinstance(library, DatabaseAddress):
        return backup.restore_library(source, library)
    folder = make_cache_folder(str(library))
    remove_leftovers(folder)
    with backup.draft_folder(folder, "restore") as draft:
        backup.restore_library(source, draft)  # before tables are made: it may be no library
        with closing(Database(draft, create=False)) as database, closing(PostgresDatabase(library)) as shared:
            return _replace_shared(database, shared, FolderDocuments(draft).read(SEARCHES_FILE))


def _replace_shared(database: Database, shared: PostgresDatabase, searches: str | None) -> Path | None:
    with database.read_transaction() as source, shared.write_transaction() as copy:
        former = None
        if _holds_anything(copy):
            former = _back_up_shared(copy, shared.folder, shared.folder / FORMER_FILE)
        for table in reversed(_TABLES):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608  # own names, here and below
        for table in _TABLES:
            _copy_table(source, copy, table, _column_names(source, table))
        for table in _NUMBERED_TABLES:
            sequence = f"pg_get_serial_sequence('{table}', 'number')"
            # Never lower: the server does not take this back where the transaction fails.
            copy.execute(
                f"""SELECT setval({sequence}, greatest(max(number), pg_sequence_last_value({sequence}), 1))
                FROM {table}"""  # noqa: S608
            )
        copy.execute(
            "SELECT setval('article_numbers', greatest(?, pg_sequence_last_value('article_numbers'), 1))",
            (source.last_article_number(),),
        )
        copy.execute("DELETE FROM documents WHERE name = ?", (SEARCHES_FILE,))
        if searches is not None:
            copy.execute("INSERT INTO documents (name, content) VALUES (?, ?)", (SEARCHES_FILE, searches))
    return former


def _holds_anything(db: Session) -> bool:
    return any(
        db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608  # own names
        for table in (*_TABLES, "documents")
    )


def _column_names(db: Session, table: str) -> list[str]:
    """Those of a table in SQLite."""
    return [f'"{name}"' for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _copy_table(source: Session, target: Session, table: str, columns: list[str]) -> None:
    names = ", ".join(columns)
    places = ", ".join("?" * len(columns))
    rows = source.stream_rows(f"SELECT {names} FROM {table}")  # noqa: S608
    for portion in _split_rows(rows):
        target.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", portion)  # noqa: S608


def _split_rows(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while portion := list(islice(left, _ROWS_PER_INSERT)):
        yield portion
