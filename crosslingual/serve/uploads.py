"""Files that were uploaded, in folders which go with what they were made for, or at the next start after a kill."""

from __future__ import annotations

import os
import re
import shutil
import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from filelock import FileLock, Timeout

from crosslingual.readers import File
from crosslingual.readers.record import clean_text

MAX_LINKS = 200
"""Links that are taken at a time."""
MAX_NAME_CHARS = 120
"""Characters of a file's name, as it is shown."""

_SEPARATORS = re.compile(r"[/\\]+")
_PREFIX = "crosslingual-uploads-"
_LOCK_NAME = "lock"  # held for as long as its folder is needed; the system lets go of it when a process ends


class TemporaryFolder:
    """A folder that is there for as long as this is."""

    def __init__(self) -> None:
        """Make it.

        Raises:
            OSError: the disk is full.
        """
        self.path = Path(mkdtemp(prefix=_PREFIX))
        lock = FileLock(self.path / _LOCK_NAME, thread_local=False)
        lock.acquire()
        self.remove = weakref.finalize(self, _remove_folder, self.path, lock)
        """Removes it before; once more does nothing."""


def store_upload(name: str, chunks: Iterable[bytes | memoryview], path: Path) -> File:
    """The bytes of an upload put at ``path``; its sender's ``name`` is shown, tells the format, and is no path.

    Raises:
        OSError: the disk is full.
    """
    with path.open("wb") as stored:
        stored.writelines(chunks)
    return File(Path(clean_file_name(name)), disk_path=path)


def clean_file_name(name: str) -> str:
    """A file's name on one line, without folders and what turns its direction; its end tells the format."""
    return " ".join(clean_text(_SEPARATORS.sub("_", name)).split())[-MAX_NAME_CHARS:] or "unnamed"


def remove_stale_folders() -> None:
    """Remove what processes of this user that were killed have left."""
    for path in _own_folders():
        lock = FileLock(path / _LOCK_NAME, thread_local=False)
        with suppress(OSError, Timeout):  # it is in use, or gone meanwhile
            lock.acquire(timeout=0)
            _remove_folder(path, lock)


def _own_folders() -> Iterator[Path]:
    for path in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            own = sys.platform == "win32" or path.lstat().st_uid == os.getuid()
            if own and path.is_dir() and not path.is_symlink() and (path / _LOCK_NAME).is_file():
                yield path


def _remove_folder(path: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(path, ignore_errors=True)
