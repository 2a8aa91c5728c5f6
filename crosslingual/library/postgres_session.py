"""Statements of a library for PostgreSQL, and texts that it cannot hold as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

_TEXT_LIST = re.compile(r"IN \(\?texts\)")
_NUMBER_LIST = re.compile(r"IN \(\?numbers\)")
_CHANGES = ("INSERT", "UPDATE", "DELETE")
_TEXT_TYPE = 25
_ROWS_PER_FETCH = 1_000

# PostgreSQL has no NUL in texts. This is no character either, so that next to no text is written otherwise.
_ESCAPE = "\U0010fffe"
_ESCAPED_NUL, _ESCAPED_ESCAPE = f"{_ESCAPE}0", f"{_ESCAPE}1"
_ESCAPE_BYTES = _ESCAPE.encode()


def escape_text(text: str) -> bytes:
    """``text`` as PostgreSQL takes it; a lone surrogate is a question mark."""
    if "\0" in text or _ESCAPE in text:
        text = text.replace(_ESCAPE, _ESCAPED_ESCAPE).replace("\0", _ESCAPED_NUL)
    return text.encode(errors="replace")


def restore_text(data: bytes) -> str:
    """The text that ``escape_text`` made this of."""
    text = data.decode()
    if _ESCAPE_BYTES in data:
        text = text.replace(_ESCAPED_NUL, "\0").replace(_ESCAPED_ESCAPE, _ESCAPE)
    return text


class PackedValue(bytes):
    """A value in the binary form of the type that the statement tells."""


class PostgresSession:
    """Statements for PostgreSQL on one connection."""

    def __init__(self, connection: Any) -> None:
        """On psycopg's ``connection``, whose transactions are another's to begin and to end."""
        self._connection = connection
        self.n_changes = 0
        """Rows that were changed."""

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Any:
        """Run a statement."""
        cursor = self._connection.cursor(binary=True)  # or bytes come as digits
        cursor.execute(_write_for_postgres(statement), tuple(parameters))
        if (cursor.statusmessage or "").startswith(_CHANGES):
            self.n_changes += cursor.rowcount
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Any:
        """Run a statement once for each row of values.

        Rows that may be there already are inserted in the order of their keys: of two processes with the same rows
        one waits, and none waits for the other in turn.
        """
        values = [tuple(row) for row in rows]
        if "ON CONFLICT DO NOTHING" in statement:
            values.sort(key=_key_columns)
        cursor = self._connection.cursor(binary=True)
        cursor.executemany(_write_for_postgres(statement), values)
        self.n_changes += max(cursor.rowcount, 0)
        return cursor

    def stream_rows(self, statement: str) -> Iterator[Any]:
        """The rows of a statement, a portion at a time."""
        with self._connection.cursor(name="crosslingual", binary=True) as cursor:
            cursor.itersize = _ROWS_PER_FETCH
            cursor.execute(_write_for_postgres(statement), ())
            yield from cursor

    def insert_if_possible(self, statement: str, parameters: Sequence[Any]) -> bool:
        """Run an insert, unless a constraint forbids it; whether it was done."""
        try:
            with self._connection.transaction():
                self.execute(statement, parameters)
        except self._connection.IntegrityError:
            return False
        return True

    def take_article_numbers(self, count: int) -> list[int]:
        """Numbers that no article has had, rising."""
        rows = self.execute("SELECT nextval('article_numbers') FROM generate_series(1, ?)", (count,))
        return [number for (number,) in rows]

    def last_article_number(self) -> int:
        """The last number that was given to an article; 0 where none was."""
        statement = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM article_numbers"
        return int(self.execute(statement).fetchone()[0])

    def find_damage(self) -> list[str]:
        """Nothing: the server looks after its pages, and refuses what names what is not there."""
        return []

    def overwrite_deleted(self) -> None:
        """Nothing: the server cannot do that."""


def _key_columns(row: Sequence[Any]) -> list[str]:
    return [str(value) for value in row if not isinstance(value, bytes)]


@lru_cache(maxsize=500)
def _write_for_postgres(statement: str) -> str:
    written = statement.replace("%", "%%")
    written = _TEXT_LIST.sub("= ANY (%s::text[])", written)
    return _NUMBER_LIST.sub("= ANY (%s::bigint[])", written).replace("?", "%s")


class _TextDumper:
    """Writes texts for psycopg, which asks for no more than these names."""

    format = 0
    oid = _TEXT_TYPE

    def __init__(self, cls: type, _context: object = None) -> None:
        self._cls = cls

    def dump(self, obj: str) -> bytes:
        return escape_text(obj)

    def quote(self, obj: str) -> bytes:
        raise NotImplementedError  # texts are never put into statements

    def get_key(self, _text: str, _format: object) -> type:
        return self._cls

    def upgrade(self, _text: str, _format: object) -> _TextDumper:
        return self


class _BinaryTextDumper(_TextDumper):
    format = 1


class _PackedDumper(_TextDumper):
    format = 1
    oid = 0  # the server takes it from the statement

    def dump(self, obj: bytes) -> bytes:  # type: ignore[override]  # another kind of value
        return bytes(obj)


class _TextLoader:
    format = 0

    def __init__(self, _oid: int, _context: object = None) -> None:
        """It needs to know nothing."""

    def load(self, data: bytes | bytearray | memoryview) -> str:
        return restore_text(bytes(data))


class _BinaryTextLoader(_TextLoader):
    format = 1


def adapt_texts(connection: Any) -> None:
    """Have all texts of a connection written and read so that any text comes back as it was."""
    for dumper in (_BinaryTextDumper, _TextDumper):  # the last is the first choice
        connection.adapters.register_dumper(str, dumper)
    for loader in (_TextLoader, _BinaryTextLoader):
        connection.adapters.register_loader(_TEXT_TYPE, loader)
    connection.adapters.register_dumper(PackedValue, _PackedDumper)
