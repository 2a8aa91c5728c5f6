"""What a user keeps in a library beside its articles, such as saved searches: a text under each name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from crosslingual.errors import InputError
from crosslingual.files import atomic_write
from crosslingual.library.session import LibraryDatabase, Session

_LOCK_TIMEOUT_SECONDS = 30  # seconds for another process


class Document(Protocol):
    """A text that nobody else changes as long as it is held."""

    def read(self) -> str | None:
        """What it is now; None where there is none."""

    def write(self, content: str) -> None:
        """Put ``content`` in its place."""


class Documents(Protocol):
    """The texts of a library."""

    def locate(self, name: str) -> str:
        """Where the text ``name`` is, for messages."""

    def read(self, name: str) -> str | None:
        """The text ``name``; None where there is none."""

    def change(self, name: str) -> AbstractContextManager[Document]:
        """The text ``name``, which nobody else changes meanwhile."""


class FolderDocuments:
    """Each in a file of the library's folder."""

    def __init__(self, folder: Path) -> None:
        """In ``folder``."""
        self._folder = folder

    def locate(self, name: str) -> str:
        """The file."""
        return str(self._folder / name)

    def read(self, name: str) -> str | None:
        """The text ``name``; None where there is none.

        Raises:
            InputError: the file cannot be read.
        """
        return _FileDocument(self._folder / name).read()

    @contextmanager
    def change(self, name: str) -> Iterator[Document]:
        """The text ``name``, which nobody else changes meanwhile.

        Raises:
            InputError: another process is changing it all the time.
        """
        from filelock import FileLock, Timeout

        try:
            with FileLock(self._folder / f".{name}.lock", timeout=_LOCK_TIMEOUT_SECONDS):
                yield _FileDocument(self._folder / name)
        except Timeout:
            raise InputError(f"{self.locate(name)}: another process is changing it; try again") from None


class _FileDocument:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise InputError(f"{self._path}: no UTF-8; mend it or delete it") from None
        except OSError as error:
            raise InputError(
                f"{self._path}: cannot be read ({error.strerror}); check its permissions"
            ) from None

    def write(self, content: str) -> None:
        try:
            with atomic_write(self._path) as new:
                new.write_text(content, encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{self._path}: cannot be written ({error.strerror}); check its permissions"
            ) from None


class SharedDocuments:
    """Each in a row of a shared library's database."""

    def __init__(self, database: LibraryDatabase) -> None:
        """In ``database``."""
        self._db = database

    def locate(self, name: str) -> str:
        """The library and the name."""
        return f"{self._db.name}: {name}"

    def read(self, name: str) -> str | None:
        """The text ``name``; None where there is none."""
        with self._db.read_transaction() as db:
            return _RowDocument(db, name).read()

    @contextmanager
    def change(self, name: str) -> Iterator[Document]:
        """The text ``name``, which nobody else changes meanwhile."""
        with self._db.write_transaction(is_derived=True) as db:  # no content that an index is made of
            yield _RowDocument(db, name)


class _RowDocument:
    def __init__(self, db: Session, name: str) -> None:
        self._db = db
        self._name = name

    def read(self) -> str | None:
        row = self._db.execute("SELECT content FROM documents WHERE name = ?", (self._name,)).fetchone()
        return str(row[0]) if row else None

    def write(self, content: str) -> None:
        self._db.execute(
            """INSERT INTO documents (name, content) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET content = excluded.content""",
            (self._name, content),
        )
