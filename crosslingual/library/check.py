"""Whether a library holds what was put into it: its pages, and its texts against the ids they were stored under."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from crosslingual.errors import one_line
from crosslingual.library.content import content_key
from crosslingual.library.database import content_hash, error_reason, primary_code
from crosslingual.library.originals import is_original_right
from crosslingual.library.session import Session
from crosslingual.types import Article

_CHECKS: tuple[tuple[str, str], ...] = (
    ("articles", "SELECT source_id, lang, text, title, id, content_hash FROM articles"),
    ("former versions", "SELECT text, title, content_hash, spans FROM article_versions"),
    ("sources", "SELECT record FROM sources"),
    ("translations", "SELECT text_hash, src_text, issues FROM translations"),
    ("vectors", "SELECT length(vector), dimensions FROM vectors JOIN models ON number = model_number"),
    ("originals", "SELECT digest, size, packed FROM originals"),
    ("changes in the history", "SELECT row_before, row_after FROM changes"),
)


def find_damage(db: Session) -> list[str]:
    """What is wrong with the library, in words; all of it is read, nothing is changed.

    Raises:
        sqlite3.Error: the disk is full, or another programme holds the file: no damage.
    """
    try:
        if problems := [one_line(found) for found in db.find_damage()]:
            return problems
        for name, query in _CHECKS:
            n_wrong = sum(not _ROW_CHECKS[name](*row) for row in db.stream_rows(query))
            if n_wrong:
                problems.append(f"{name}: {n_wrong:,} not as stored")
        if n_wrong := _count_wrong_sentences(db):
            problems.append(f"sentences: {n_wrong:,} not as stored")
    except sqlite3.OperationalError as error:
        if primary_code(error) not in (0, sqlite3.SQLITE_ERROR):  # as it says of bytes that are no text
            raise
        return [f"a text cannot be read ({one_line(error, 80)})"]
    except sqlite3.DatabaseError as error:
        return [error_reason(error)]
    return problems


def _count_wrong_sentences(db: Session) -> int:
    """How many sentences are no part of their article's text."""
    spans = (
        'SELECT number, start, "end", length(text) FROM sentences JOIN articles ON number = article_number'
    )
    doubtful = [row for row in db.stream_rows(spans) if not _is_span(*row[1:])]
    # SQLite counts the characters of a text to the first NUL only.
    numbers = sorted({number for number, *_ in doubtful})
    texts = dict(
        db.execute("SELECT number, text FROM articles WHERE number IN (?numbers)", (numbers,)).fetchall()
    )
    return sum(not _is_span(start, end, len(texts[number] or "")) for number, start, end, _ in doubtful)


def _is_span(start: object, end: object, length: int | None) -> bool:
    return isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= (length or 0)


def _is_article_right(source: str, lang: str, text: str, title: str, id_: str, key: str) -> bool:
    try:
        return Article(source, lang, text, title).id == id_ and content_key(text, title) == key
    except (AttributeError, TypeError):  # no text at all
        return False


def _is_json(text: str, kind: type) -> bool:
    try:
        return isinstance(json.loads(text), kind)
    except (ValueError, TypeError):
        return False


_ROW_CHECKS: dict[str, Callable[..., bool]] = {
    "articles": _is_article_right,
    "former versions": lambda text, title, key, spans: (
        isinstance(text, str) and content_key(text, title) == key and _is_json(spans, list)
    ),
    "sources": lambda record: _is_json(record, dict),
    "translations": lambda key, text, issues: (
        (not text or content_hash(text) == key) and _is_json(issues, list)
    ),
    "vectors": lambda size, dimensions: size == 2 * dimensions,
    "originals": is_original_right,
    "changes in the history": lambda *rows: all(row is None or _is_json(row, dict) for row in rows),
}
