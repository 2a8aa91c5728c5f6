"""A library in one file, and back: SQLite copies it page by page, whole whatever is being written meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from crosslingual.errors import DamagedLibraryError, InputError, LibraryError, one_line
from crosslingual.files import DATABASE_LOGS, atomic_write, draft_path, remove_path, replace_file, sync_folder
from crosslingual.library.database import (
    APPLICATION_ID,
    BUSY_SECONDS,
    DATABASE_FILE,
    Database,
    error_reason,
    open_read_only,
    primary_code,
)
from crosslingual.library.folder import FORMER_FILE, SEARCHES_FILE
from crosslingual.library.opening import (
    check_not_emptied,
    check_path_length,
    make_private,
    make_private_folder,
)

_MAX_SEARCHES_BYTES = 100_000_000
_SEARCHES_TABLE = "backup_searches"


def back_up_library(library: Path, target: Path) -> Path:
    """Write all of the library in folder ``library`` to one file, which is there whole or not at all.

    ``target`` is the file, or a folder, in which it is named by the time; what is not there and has no suffix is
    a folder to be. Others may read and write meanwhile: the backup is the library as it was at one moment.

    Returns:
        The file.

    Raises:
        InputError: at ``target`` is something else than a backup, or it cannot be written.
        LibraryError: there is no library, it is damaged, or the disk is full.
    """
    if not (library / DATABASE_FILE).is_file():
        raise LibraryError(f"{library}: no library here to back up; name its folder with --library")
    check_not_emptied(library / DATABASE_FILE, create=False)
    if target.is_dir() or not (target.suffix or target.exists()):
        target /= f"library-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    if target.exists() and (_is_same_file(target, library / DATABASE_FILE) or not _is_library_file(target)):
        raise InputError(f"{target}: is there and is no backup; give another file")
    with _words_for_errors(library):
        source = open_read_only(library / DATABASE_FILE)
    with closing(source), _words_for_errors(target):
        check_path_length(draft_path(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as unfinished, closing(_connect_private(unfinished)) as copy:
            _copy_database(source, copy, library)
            _drop_log(copy)
            _check_copy(copy, library)
            _pack_searches(copy, library)
    return target


def restore_library(backup: Path, library: Path) -> Path | None:
    """Make the library in folder ``library`` what ``backup`` holds: a backup, or a folder with one or a library.

    Of several backups in a folder, the latest. What is there stays until the backup has been read and checked, is
    replaced in one step, and lies in ``FORMER_FILE`` afterwards.

    Returns:
        The file with what was there; None where nothing was.

    Raises:
        InputError: ``backup`` is not there, or is no library.
        LibraryError: it is damaged, or made by a newer crosslingual; the folder cannot be written.
    """
    chosen = _find_backup(backup)
    with _words_for_errors(library):
        check_path_length(draft_path(library / "restore") / DATABASE_FILE)
        make_private_folder(library)
        with draft_folder(library, "restore") as draft:
            with closing(_connect_private(draft / DATABASE_FILE)) as copy:
                with _words_for_errors(chosen), closing(open_read_only(chosen)) as source:
                    _copy_database(source, copy, chosen)
                _drop_log(copy)
                _check_copy(copy, chosen)
                searches = _unpack_searches(copy, chosen)
            _prepare_draft(draft)
            former = _replace_database(draft / DATABASE_FILE, library)
    if searches is not None:
        with _words_for_errors(library), atomic_write(library / SEARCHES_FILE) as new:
            new.write_text(searches, encoding="utf-8")
    return former


@contextmanager
def draft_folder(library: Path, name: str) -> Iterator[Path]:
    """A folder for as long as this lasts; if that is killed, it goes when the library is next opened."""
    draft = draft_path(library / name)
    remove_path(draft)  # of a process that had the same number
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        remove_path(draft)


def _find_backup(backup: Path) -> Path:
    chosen = backup
    if backup.is_dir():
        own = backup / DATABASE_FILE
        chosen = own if own.is_file() else max(backup.glob("library-*Z.db"), default=backup)
    if not chosen.is_file():
        raise InputError(f"{backup}: no backup here; make one with: crosslingual backup FILE")
    if not _is_library_file(chosen):
        raise InputError(f"{chosen}: no backup of a library, or a damaged one; give another file")
    return chosen


def _is_same_file(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def _is_library_file(path: Path) -> bool:
    """Whether it begins as a library's file does."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _copy_database(source: sqlite3.Connection, target: sqlite3.Connection, named: Path) -> None:
    """Make of ``target`` what ``source`` is now, in one transaction.

    Raises:
        LibraryError: ``target`` was locked for too long.
    """
    give_up = time.monotonic() + BUSY_SECONDS

    def watch_lock(status: int, *_: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > give_up:
            raise LibraryError(f"{named}: another programme is writing; wait for it and run the same again")

    source.backup(target, progress=watch_lock, sleep=0.05)


def _drop_log(connection: sqlite3.Connection) -> None:
    """Have the whole of a database in its one file, without a log beside it."""
    connection.execute("PRAGMA journal_mode = DELETE")


def _connect_private(file: Path) -> sqlite3.Connection:
    """A new file that is for nobody else to read."""
    make_private(file)
    return sqlite3.connect(file)


def _check_copy(copy: sqlite3.Connection, named: Path) -> None:
    (application_id,) = copy.execute("PRAGMA application_id").fetchone()
    # Ours has neither; someone else's would act on what is stored later.
    foreign = copy.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
    if application_id != APPLICATION_ID or foreign:
        raise InputError(f"{named}: not a library of crosslingual; give another file")
    (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedLibraryError(f"{named}: damaged ({one_line(found, 120)}); use another backup")


def _pack_searches(copy: sqlite3.Connection, library: Path) -> None:
    with suppress(FileNotFoundError):
        content = (library / SEARCHES_FILE).read_text(encoding="utf-8", errors="replace")
        copy.execute(f"DROP TABLE IF EXISTS {_SEARCHES_TABLE}")
        copy.execute(f"CREATE TABLE {_SEARCHES_TABLE} (content TEXT NOT NULL)")
        copy.execute(f"INSERT INTO {_SEARCHES_TABLE} VALUES (?)", (content,))  # noqa: S608  # own constant
        copy.commit()


def _unpack_searches(copy: sqlite3.Connection, named: Path) -> str | None:
    """The saved searches of a backup, or of the folder that a library was copied with; taken out of ``copy``."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_SEARCHES_TABLE,)).fetchone():
        row = copy.execute(
            f"SELECT content FROM {_SEARCHES_TABLE} WHERE length(content) < ?",  # noqa: S608  # own constant
            (_MAX_SEARCHES_BYTES,),
        ).fetchone()
        copy.execute(f"DROP TABLE {_SEARCHES_TABLE}")
        copy.commit()
        return str(row[0]) if row else None
    beside = named.with_name(SEARCHES_FILE)
    if named.name == DATABASE_FILE and beside.is_file() and beside.stat().st_size < _MAX_SEARCHES_BYTES:
        return beside.read_text(encoding="utf-8", errors="replace")
    return None


def _prepare_draft(draft: Path) -> None:
    """Bring the copy up to date, and give it an id of its own: revisions name states, and none may repeat."""
    database = Database(draft, create=False)
    try:
        with database.write_transaction() as db:
            db.execute("UPDATE state SET library_id = lower(hex(randomblob(8)))")
        _drop_log(database.connection)
    finally:
        database.close()


def _replace_database(draft: Path, library: Path) -> Path | None:
    """Put ``draft`` in the place of the database, through SQLite where that is whole, else as a file."""
    file, former = library / DATABASE_FILE, library / FORMER_FILE
    if not file.exists():
        _remove_logs(file)
        replace_file(draft, file)
        return None
    if _is_damaged(file):
        _replace_damaged(draft, file, former)
        return former
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as present:
        with atomic_write(former) as unfinished, closing(_connect_private(unfinished)) as kept:
            _copy_database(present, kept, library)
            _drop_log(kept)
        with closing(sqlite3.connect(draft)) as source:
            _copy_database(source, present, library)
    return former


def _is_damaged(file: Path) -> bool:
    """Whether nothing may be written through SQLite to the library's ``file``."""
    if not file.stat().st_size:
        return True
    try:
        # Not to be written: what closes last would put a log into pages that it may not belong to.
        with closing(open_read_only(file)) as present:
            _check_copy(present, file)
    except DamagedLibraryError:
        return True
    except sqlite3.DatabaseError as error:
        if primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return True
        raise
    return False


def _replace_damaged(draft: Path, file: Path, former: Path) -> None:
    """Nothing is written through a damaged file: its log, read into another's pages, would damage that."""
    _remove_logs(former)
    former.unlink(missing_ok=True)
    for suffix in ("", "-wal"):
        damaged = file.with_name(file.name + suffix)
        if damaged.exists():
            shutil.copy2(damaged, former.with_name(former.name + suffix))
    sync_folder(file.parent)
    _remove_logs(file)
    sync_folder(file.parent)  # the log is gone before its name can mean another's
    replace_file(draft, file)


def _remove_logs(file: Path) -> None:
    for suffix in DATABASE_LOGS:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


@contextmanager
def _words_for_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LibraryError(f"{path}: {error_reason(error)}") from None
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror or error}); check the folder and the room on the disk"
        ) from None
