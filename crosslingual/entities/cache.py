"""The names of articles, kept with their library: derived data, which may be deleted and is made again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from crosslingual.entities.mentions import NameMention
from crosslingual.library.folder import NAMES_FILE
from crosslingual.library.opening import make_private

_BUSY_SECONDS = 10
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS names (article TEXT PRIMARY KEY, version TEXT NOT NULL, names TEXT NOT NULL)"
)

FoundNames = Sequence[tuple[int, NameMention]]
"""The names of an article, each with the index of its sentence."""


def load_names(
    library_path: Path, version: str, article_ids: Iterable[str]
) -> dict[str, list[tuple[int, NameMention]]]:
    """What ``store_names`` kept of these articles under ``version``; nothing where it cannot be read."""
    wanted = json.dumps(list(article_ids))
    try:
        with closing(_connect(library_path, "ro")) as db:
            rows = db.execute(
                "SELECT article, names FROM names WHERE version = ? AND article IN (SELECT value FROM json_each(?))",
                (version, wanted),
            ).fetchall()
        return {article: [_read_name(one) for one in json.loads(names)] for article, names in rows}
    except (sqlite3.Error, ValueError, TypeError, KeyError):
        return {}


def store_names(library_path: Path, version: str, found: Mapping[str, FoundNames]) -> None:
    """Keep the names of articles; a folder that cannot be written keeps none, a damaged file is made anew."""
    rows = [
        (article, version, json.dumps([_name_row(*one) for one in names], ensure_ascii=False))
        for article, names in found.items()
    ]
    with suppress(sqlite3.Error, OSError):
        try:
            _write_rows(library_path, rows)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            (library_path / NAMES_FILE).unlink()
            _write_rows(library_path, rows)


def _write_rows(library_path: Path, rows: Sequence[tuple[str, str, str]]) -> None:
    make_private(library_path / NAMES_FILE)
    with closing(_connect(library_path, "rwc")) as db, db:
        db.execute(_SCHEMA)
        db.executemany("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", rows)


def _connect(library_path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{(library_path / NAMES_FILE).absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)


def _name_row(sentence: int, name: NameMention) -> list[Any]:
    return [sentence, name.start, name.end, name.kind, name.key, int(name.is_doubtful)]


def _read_name(row: Sequence[Any]) -> tuple[int, NameMention]:
    sentence, start, end, kind, key, doubtful = row
    return int(sentence), NameMention(int(start), int(end), kind, str(key), bool(doubtful))
