"""Locks between processes that use one search index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.errors import LibraryError
from crosslingual.search.folder import BUILD_LOCK_FILE, LOCK_TIMEOUT_SECONDS, WRITE_LOCK_FILE

if TYPE_CHECKING:
    from filelock import FileLock


def _make_lock(folder: Path, name: str, timeout: float) -> FileLock:
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / name, timeout=timeout)


@contextmanager
def hold_write_lock(folder: Path) -> Iterator[None]:
    """One process at a time brings the index in ``folder`` up to date.

    Raises:
        LibraryError: another process has held it for ``LOCK_TIMEOUT_SECONDS``.
    """
    from filelock import Timeout

    try:
        with _make_lock(folder, WRITE_LOCK_FILE, LOCK_TIMEOUT_SECONDS):
            yield
    except Timeout:
        raise LibraryError(
            f"{folder}: another process has been writing to it for {LOCK_TIMEOUT_SECONDS} s; end that, and"
            " search again"
        ) from None


@contextmanager
def try_build_lock(folder: Path) -> Iterator[bool]:
    """Whether this process alone may put parts together as long as this lasts."""
    from filelock import Timeout

    lock = _make_lock(folder, BUILD_LOCK_FILE, 0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):
            lock.release()
