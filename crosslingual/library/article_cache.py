"""What was read of each article, kept beside a library: derived data, which may be deleted and is made again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from crosslingual.library.folder import NAMES_FILE
from crosslingual.library.opening import make_private
from crosslingual.library.sentence_index import ArticleEntry

KeptKind = Literal["names", "citations"]
"""What is kept; each has a table of its own."""
_BUSY_SECONDS = 10
_ARTICLES_PER_LOOKUP = 1000
Found = TypeVar("Found")
FoundByArticle = Mapping[str, Sequence[Found]]


@dataclass(frozen=True, slots=True)
class ArticleCache(Generic[Found]):
    """What is found in articles and kept: ``write_row`` makes JSON-ready values of one, ``read_row`` one of these.

    ``articles_per_write`` are read before theirs are kept.
    """

    kind: KeptKind
    write_row: Callable[[Found], Sequence[Any]]
    read_row: Callable[[Sequence[Any]], Found]
    articles_per_write: int

    def load(self, library_path: Path, version: str, keys: Iterable[str]) -> dict[str, tuple[Found, ...]]:
        """What was kept under ``version``, by its key; nothing of what cannot be read."""
        found = {}
        for key, rows in load_kept(library_path, self.kind, version, keys).items():
            try:
                found[key] = tuple(map(self.read_row, rows))
            except (ValueError, TypeError):  # whatever a damaged file holds
                continue
        return found

    def store(self, library_path: Path, version: str, found: FoundByArticle[Found]) -> None:
        """Keep what was found, by its key."""
        rows = {key: [self.write_row(one) for one in own] for key, own in found.items()}
        store_kept(library_path, self.kind, version, rows)

    def read_articles(
        self,
        library_path: Path,
        version: str,
        entries: Sequence[ArticleEntry],
        find: Callable[[Sequence[ArticleEntry]], FoundByArticle[Found]],
        progress: Callable[[int, int], None] | None = None,
    ) -> Iterator[tuple[ArticleEntry, Sequence[Found]]]:
        """Each of ``entries`` with what is in it.

        Args:
            library_path: the library's folder.
            version: what was found by anything else is not read.
            entries: the articles.
            find: what is in articles, by their ids; called with those that were not read before.
            progress: told how many of how many articles are done.
        """
        for start in range(0, len(entries), _ARTICLES_PER_LOOKUP):
            chunk = entries[start : start + _ARTICLES_PER_LOOKUP]
            known: dict[str, Sequence[Found]] = {**self.load(library_path, version, map(_cache_key, chunk))}
            missing = [entry for entry in chunk if _cache_key(entry) not in known]
            for first in range(0, len(missing), self.articles_per_write):
                unread = missing[first : first + self.articles_per_write]
                found = find(unread)
                new = {_cache_key(entry): found[entry.article] for entry in unread}
                self.store(library_path, version, new)
                known |= new
                if progress:
                    progress(start + first + len(unread), len(entries))
            if progress:
                progress(start + len(chunk), len(entries))
            for entry in chunk:
                yield entry, known[_cache_key(entry)]


def _cache_key(entry: ArticleEntry) -> str:
    """Another language, as by a correction, cuts and reads the same text anew."""
    return f"{entry.article} {entry.lang}"


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
