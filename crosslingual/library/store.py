"""A library as the rest of crosslingual sees it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from crosslingual.library.articles import Articles
from crosslingual.library.corrections import Corrections
from crosslingual.library.database import Database
from crosslingual.library.history import History
from crosslingual.library.memory import Memory
from crosslingual.library.places import Places
from crosslingual.library.sources import Sources


class Library(Articles, Sources, Corrections, History):
    """A folder with one SQLite file in it: the truth from which every index is derived.

    Every write is one transaction that has reached the disk when the call returns; whatever ends the
    process, the library opens again with all that was written. Readers never wait for a writer.
    One object may be shared by threads, a library by processes. ``memory`` holds the translations,
    ``places`` reads what a search needs.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the library in folder ``path``, by default making it where there is none.

        Raises:
            LibraryError: there is no library, it is damaged, newer than this version, or cannot be written.
        """
        super().__init__(path, Database(path, create=create))
        self.memory = Memory(self._db)
        self.places = Places(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def revision(self) -> str:
        """Changes whenever the content does, and never repeats: the key for caches of what was read."""
        with self._db.reading() as db:
            identity, revision = db.execute("SELECT identity, revision FROM state").fetchone()
        return f"{identity}-{revision}"
