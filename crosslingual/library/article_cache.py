"""What was read of each article, kept beside a library: derived data, which may be deleted and is made again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Literal

from crosslingual.library.folder import NAMES_FILE
from crosslingual.library.opening import make_private

KeptKind = Literal["names", "citations"]
"""What is kept; each has a table of its own."""
_BUSY_SECONDS = 10


def load_kept(library_path: Path, kind: KeptKind, version: str, keys: Iterable[str]) -> dict[str, Any]:
    """What ``store_kept`` kept of these articles under ``version``; nothing where it cannot be read."""
    wanted = json.dumps(list(keys))
    try:
        with closing(_connect(library_path, "ro")) as db:
            rows = db.execute(
                f"SELECT article, {kind} FROM {kind}"  # noqa: S608  # one of two constants
                " WHERE version = ? AND article IN (SELECT value FROM json_each(?))",
                (version, wanted),
            ).fetchall()
        return {article: json.loads(content) for article, content in rows}
    except (sqlite3.Error, ValueError, TypeError):
        return {}


def store_kept(library_path: Path, kind: KeptKind, version: str, found: Mapping[str, Any]) -> None:
    """Keep JSON-ready values of articles by their keys.

    A folder that cannot be written keeps none, a damaged file is made anew.
    """
    rows = [(key, version, json.dumps(value, ensure_ascii=False)) for key, value in found.items()]
    with suppress(sqlite3.Error, OSError):
        try:
            _write_rows(library_path, kind, rows)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            (library_path / NAMES_FILE).unlink()
            _write_rows(library_path, kind, rows)


def _write_rows(library_path: Path, kind: KeptKind, rows: Sequence[tuple[str, str, str]]) -> None:
    make_private(library_path / NAMES_FILE)
    with closing(_connect(library_path, "rwc")) as db, db:
        db.execute(
            f"CREATE TABLE IF NOT EXISTS {kind}"
            f" (article TEXT PRIMARY KEY, version TEXT NOT NULL, {kind} TEXT NOT NULL)"
        )
        db.executemany(f"INSERT OR REPLACE INTO {kind} VALUES (?, ?, ?)", rows)  # noqa: S608  # as above


def _connect(library_path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{(library_path / NAMES_FILE).absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
