"""What is looked at before SQLite opens a file, and how a new one is made."""

from __future__ import annotations

import os
from pathlib import Path

from crosslingual.errors import LibraryError
from crosslingual.library.folder import DERIVED_FOLDERS, SEARCHES_FILE

_MAX_PATH_BYTES = 500
"""SQLite takes 512 bytes, those of its logs' names included."""


def check_path_length(file: Path) -> None:
    """Refuse a path that SQLite does not take, of which it says no more than that it cannot be opened.

    Raises:
        LibraryError: it is too long.
    """
    if len(os.fsencode(file.absolute())) > _MAX_PATH_BYTES:
        raise LibraryError(
            f"{file.parent}: the path is too long for SQLite; choose a folder with a shorter one"
        )


def check_not_emptied(file: Path, *, create: bool) -> None:
    """Refuse a file without any content, unless a process was killed when it had just begun to make the library.

    Raises:
        LibraryError: its content was lost.
    """
    if not file.is_file() or file.stat().st_size:
        return
    log = file.with_name(f"{file.name}-wal")
    was_used = log.exists() or any(
        (file.parent / name).exists() for name in (*DERIVED_FOLDERS, SEARCHES_FILE)
    )
    if was_used or not create:
        raise LibraryError(
            f"{file}: is empty (0 bytes): nothing was stored in it, or all was lost; put a backup back with:"
            " crosslingual restore FILE, or remove the file to begin anew"
        )


def make_private(file: Path) -> None:
    """Make the file and its folder, where they are not there, for nobody else to read; SQLite's logs follow it."""
    make_private_folder(file.parent)
    if not file.exists():
        file.touch(mode=0o600)


def make_private_folder(folder: Path) -> None:
    """Make the folder, where it is not there, for nobody else to read."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
