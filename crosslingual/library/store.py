"""A library as the rest of crosslingual sees it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from crosslingual.address import DatabaseAddress, LibraryAddress
from crosslingual.library import check, removed
from crosslingual.library.articles import ArticleRepository
from crosslingual.library.codings import CodingRepository
from crosslingual.library.corrections import CorrectionRepository
from crosslingual.library.database import Database
from crosslingual.library.documents import Documents, FolderDocuments, SharedDocuments
from crosslingual.library.event_corrections import EventCorrectionRepository
from crosslingual.library.events import EventRepository
from crosslingual.library.folder import remove_leftovers
from crosslingual.library.followed import FollowedRepository
from crosslingual.library.history import OperationHistory
from crosslingual.library.judgements import JudgementRepository
from crosslingual.library.memory import TranslationMemory
from crosslingual.library.originals import OriginalRepository
from crosslingual.library.postgres import PostgresDatabase
from crosslingual.library.removed import RemovedContent
from crosslingual.library.sentence_index import ContentLookup
from crosslingual.library.sources import SourceRepository
from crosslingual.library.stories import StoryRepository


class Library(
    ArticleRepository,
    SourceRepository,
    CorrectionRepository,
    EventRepository,
    EventCorrectionRepository,
    StoryRepository,
    JudgementRepository,
    CodingRepository,
    OriginalRepository,
    FollowedRepository,
    OperationHistory,
):
    """A folder with one SQLite file in it, or a PostgreSQL database: the truth from which every index is derived.

    Every write is one transaction that has reached the disk when the call returns; whatever ends the
    process, the library opens again with all that was written. Readers never wait for a writer.
    One object may be shared by threads, a library by processes. ``memory`` holds the translations,
    ``lookup`` reads what a search needs, ``documents`` are what else users keep in it.
    """

    def __init__(self, address: LibraryAddress, *, create: bool = True) -> None:
        """Open the library at ``address``, by default making it where there is none.

        Raises:
            LibraryError: there is no library, it is damaged, newer than this version, or cannot be written.
        """
        self.documents: Documents
        if isinstance(address, DatabaseAddress):
            super().__init__(PostgresDatabase(address, create=create))
            self.documents = SharedDocuments(self._db)
        else:
            super().__init__(Database(address, create=create))
            self.documents = FolderDocuments(address)
        remove_leftovers(self.path)
        self.memory = TranslationMemory(self._db)
        self.lookup = ContentLookup(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def find_damage(self) -> list[str]:
        """What of it is not as it was stored, in words; all of it is read, and nothing is changed.

        Raises:
            LibraryError: it cannot be read now: the disk is full, or another programme holds it.
        """
        with self._db.read_transaction() as db:
            return check.find_damage(db)

    def count_removed(self) -> RemovedContent:
        """What it still holds of articles that were removed, and of operations that can be undone."""
        return removed.count_removed(self._db)

    def forget_removed(self) -> RemovedContent:
        """Forget that for good, and rewrite the file without it; what is derived is left to others.

        Raises:
            LibraryError: another programme writes or reads all the time, or the disk is full.
        """
        return removed.forget_removed(self._db)

    def connect_again(self) -> PostgresDatabase | None:
        """A further connection to the server of a shared library; None of one in a folder.

        Raises:
            LibraryError: the server does not answer.
        """
        return self._db.connect_again() if isinstance(self._db, PostgresDatabase) else None

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written: another medium, another's folder."""
        return self._db.is_read_only

    @property
    def revision(self) -> str:
        """Changes whenever the content does, and never repeats: the key for caches of what was read."""
        with self._db.read_transaction() as db:
            library_id, revision = db.execute("SELECT library_id, revision FROM state").fetchone()
        return f"{library_id}-{revision}"
