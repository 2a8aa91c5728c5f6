"""The SQLite file of a library: opening, migrations, transactions, and faults in words."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from crosslingual.errors import LibraryError, MissingLibraryError, UnwritableLibraryError, one_line
from crosslingual.library.content import content_key
from crosslingual.library.opening import check_not_emptied, check_path_length, make_private
from crosslingual.library.schema import MIGRATIONS, rename_row_keys
from crosslingual.library.session import LibraryDatabase, Session, SqliteSession

DATABASE_FILE = "library.db"
APPLICATION_ID = 0x786C696E  # "xlin": tells our files from other programmes' SQLite files
BUSY_SECONDS = 30
"""How long to wait for another process."""


def content_hash(text: str) -> str:
    """The key of what hangs on a text wherever it stands: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def replace_surrogates(text: str) -> str:
    """``text`` as SQLite takes it: a lone surrogate, as in the name of a file, is a question mark."""
    return text.encode(errors="replace").decode()


class Database:
    """One connection to the file in a folder; threads take turns on it, processes wait for one another."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the file in folder ``path``, by default making it where there is none.

        Raises:
            LibraryError: there is no library, it is damaged, newer than this version, or cannot be written.
        """
        self._path = path
        self._lock = RLock()
        self._read_state: tuple[int, int, int] | None = None
        file = path / DATABASE_FILE
        try:
            if not create and not file.is_file():
                raise MissingLibraryError(
                    f"{path}: no library here; make one with: crosslingual add PATH --library {path}"
                )
            check_path_length(file)
            check_not_emptied(file, create=create)
            make_private(file)
            self._open_file(file)
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"{path}: cannot open the library ({error_reason(error)}); choose another folder"
            ) from None

    def _open_file(self, file: Path) -> None:
        self._read_state = None
        self.connection = sqlite3.connect(
            file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            with self._convert_errors():
                try:
                    self._set_up()
                except sqlite3.OperationalError as error:
                    if not is_unwritable(error):
                        raise
                    self._reopen_read_only(error_reason(error))
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self.connection.close()

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self._path

    @property
    def name(self) -> str:
        """The folder, as messages name it."""
        return str(self._path)

    def erase_free_space(self) -> None:
        """Write the log into the file, then the file anew without what is free in it, and empty the log.

        Raises:
            LibraryError: another programme reads or writes all the time, or the disk is full.
        """
        self._empty_log()  # what was overwritten reaches its place before that is given back to the disk
        self._run_alone("VACUUM")
        self._empty_log()

    def _empty_log(self) -> None:
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            (is_busy, *_), *_ = self._run_alone("PRAGMA wal_checkpoint(TRUNCATE)")
            if not is_busy:
                return
            if time.monotonic() > give_up:
                raise LibraryError(
                    f"{self._path}: another programme reads the library all the time, and its log with removed text"
                    " cannot be emptied; end that, and run the same again"
                )
            time.sleep(0.05)

    def _run_alone(self, statement: str) -> list[tuple[Any, ...]]:
        with self._lock, self._convert_errors():
            return self.connection.execute(statement).fetchall()

    @property
    def is_read_only(self) -> bool:
        """Whether the file was opened for reading only, since it cannot be written."""
        return self._read_state is not None

    @contextmanager
    def read_transaction(self) -> Iterator[Session]:
        """One consistent view, however many queries."""
        with words_for_damage(self.name), self._transaction("BEGIN") as db:
            yield SqliteSession(db)

    @contextmanager
    def write_transaction(
        self,
        *,
        is_derived: bool = False,
        is_shared: bool = False,  # noqa: ARG002  # SQLite has one writer at a time
    ) -> Iterator[Session]:
        """All or nothing; a change moves the revision on, unless it ``is_derived`` from the content.

        Raises:
            UnwritableLibraryError: the library cannot be written.
        """
        with self._lock:
            if self._read_state:  # there may be room again
                self.connection.close()
                self._open_file(self._path / DATABASE_FILE)
        with self._transaction("BEGIN IMMEDIATE") as db:
            before = db.total_changes
            yield SqliteSession(db)
            if db.total_changes != before and not is_derived:
                db.execute("UPDATE state SET revision = revision + 1")

    def _reopen_read_only(self, reason: str) -> None:
        """Read what cannot be written for some ``reason``: another medium, another's folder, a full disk."""
        self.connection.close()
        state = _file_state(self._path / DATABASE_FILE)
        self.connection = open_read_only(self._path / DATABASE_FILE)
        self._define_functions()
        self._check_application()
        if not self._schema_version():
            raise LibraryError(f"{self._path}: {reason}")
        if self._schema_version() < len(MIGRATIONS):
            raise LibraryError(
                f"{self._path}: made by an earlier crosslingual, and cannot be written to bring it up to date;"
                " make room on the disk, or copy the folder to where you may write, and open that"
            )
        self._read_state = state

    def _define_functions(self) -> None:
        self.connection.create_function("content_hash", 1, content_hash, deterministic=True)
        self.connection.create_function("content_key", 2, content_key, deterministic=True)
        self.connection.create_function("rename_row_keys", 2, rename_row_keys, deterministic=True)

    def _check_application(self) -> None:
        (application,) = self.connection.execute("PRAGMA application_id").fetchone()
        if (
            application != APPLICATION_ID
            and self.connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        ):
            raise LibraryError(
                f"{self._path / DATABASE_FILE}: not a library of crosslingual; choose another folder"
            )

    def _set_up(self) -> None:
        db = self.connection
        db.execute("PRAGMA foreign_keys = ON")
        self._define_functions()
        # FULL, since with NORMAL a power cut may take back what add() had reported as stored.
        db.execute("PRAGMA synchronous = FULL")
        self._check_application()
        self._enable_wal()
        if self._schema_version() < len(MIGRATIONS):
            with transaction(db):
                # Read again: another process may have been first.
                for statements in MIGRATIONS[self._schema_version() :]:
                    for statement in statements:
                        db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _enable_wal(self) -> None:
        # SQLite does not wait for another process that makes the same change at the same moment.
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                if self.connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                    self.connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
            else:
                return

    def _schema_version(self) -> int:
        version = int(self.connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"{self._path}: made by a newer crosslingual (library version {version}, this one knows"
                f" {len(MIGRATIONS)}); install the newer version"
            )
        return version

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._convert_errors():
            if self._read_state and self._read_state != _file_state(self._path / DATABASE_FILE):
                self._reopen_read_only("")  # someone else may write it, and nothing tells SQLite of that
            with transaction(self.connection, begin):
                yield self.connection

    @contextmanager
    def _convert_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite cites what it cannot read
            is_refused = isinstance(error, sqlite3.Error) and is_unwritable(error)
            kind = UnwritableLibraryError if is_refused else LibraryError
            raise kind(f"{self._path}: {error_reason(error)}") from None


@contextmanager
def words_for_damage(library: str) -> Iterator[None]:
    """Around what makes sense of stored rows, and nothing else, in the library that messages call ``library``.

    Raises:
        LibraryError: they make none.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise LibraryError(
            f"{library}: holds what cannot be read ({one_line(error, 80)}); see what is damaged with:"
            " crosslingual index check"
        ) from None


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All of a change or nothing, on a connection that begins none by itself."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
            connection.execute("ROLLBACK")
        raise


def connect_file(file: Path, mode: str) -> sqlite3.Connection:
    """A connection to ``file`` in a ``mode`` of SQLite's addresses such as ``mode=rw``, for any thread.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def open_read_only(file: Path) -> sqlite3.Connection:
    """A connection to ``file`` that writes nothing, not even where the folder cannot be written.

    Raises:
        LibraryError: what was written last is in a log that cannot be read without writing.
        sqlite3.Error: the file is missing or damaged.
    """
    log = file.with_name(f"{file.name}-wal")
    try:
        return _connect_read_only(file, "mode=ro")
    except sqlite3.OperationalError as error:
        if not is_unwritable(error):
            raise
        if log.exists() and log.stat().st_size:
            raise LibraryError(
                f"{file}: a programme that was ended left {log.name} beside it; copy the folder to where you may"
                " write, and open that"
            ) from None
        return _connect_read_only(file, "immutable=1")


def _connect_read_only(file: Path, mode: str) -> sqlite3.Connection:
    connection = connect_file(file, mode)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _file_state(file: Path) -> tuple[int, int, int]:
    """Another one as soon as anyone has written the file."""
    try:
        now = file.stat()
    except OSError:
        return (0, 0, 0)
    return now.st_ino, now.st_size, now.st_mtime_ns


def primary_code(error: sqlite3.Error) -> int:
    """The kind of fault that SQLite met, such as ``sqlite3.SQLITE_FULL``; 0 where it was not SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def is_unwritable(error: sqlite3.Error) -> bool:
    """Whether the medium, its owner or a full disk let nothing be written, which is no damage."""
    kinds = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL)
    # What SQLite shares between processes lies in a file, too.
    shared = ("SQLITE_IOERR_SHMOPEN", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP")
    return primary_code(error) in kinds or getattr(error, "sqlite_errorname", "") in shared


def is_no_damage(error: sqlite3.Error) -> bool:
    """Whether nothing is wrong with the file: it cannot be written now, or another programme holds it."""
    return is_unwritable(error) or primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Repository:
    """A part of a library: what it holds of one subject."""

    def __init__(self, database: LibraryDatabase) -> None:
        """Of the library that is kept in ``database``."""
        self._db = database

    @property
    def path(self) -> Path:
        """The folder where what is derived from the library lies, and all of it unless it is shared."""
        return self._db.folder

    @property
    def name(self) -> str:
        """The library as messages name it: its folder, or its address without a password."""
        return self._db.name


_ERROR_REASONS: dict[str, str] = {
    "SQLITE_FULL": "the disk is full; all that was stored is safe: free some space and run the same again",
    "SQLITE_BUSY": "another programme is writing; wait for it and run the same again",
    "SQLITE_IOERR": "the disk failed to read or write, or is full; check it, and run the same again",
    "SQLITE_READONLY": "the library cannot be written; check the permissions of its folder and the room on the disk",
    "SQLITE_CANTOPEN": "the library cannot be opened; check the permissions of its folder and the room on the disk",
    "SQLITE_NOTADB": f"{DATABASE_FILE} is damaged or no library; put a backup back with: crosslingual restore FILE,"
    " or choose another folder",
    "SQLITE_CORRUPT": f"{DATABASE_FILE} is damaged; put a backup back with: crosslingual restore FILE, or add the"
    " articles to a new library",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "an article's source is not in the library; store the source first",
}


def error_reason(error: Any) -> str:
    """Why SQLite or the system could not do it, and what to do, as the end of a message."""
    name = getattr(error, "sqlite_errorname", "")
    primary = "_".join(name.split("_")[:2])
    known = _ERROR_REASONS.get(name) or _ERROR_REASONS.get(primary)
    return known or one_line(getattr(error, "strerror", None) or error)
