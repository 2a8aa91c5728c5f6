"""Files and folders that appear whole or not at all, also after a kill or a power cut."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_STEM_BYTES = 200
"""Of a name in its draft's; names have 255 bytes at most."""
DATABASE_LOGS = ("-wal", "-shm", "-journal")
"""Of the files that SQLite keeps beside a database."""
_DRAFT_NAME = re.compile(rf"\..+\.(?:unfinished|former)-(\d{{1,9}})(?:{'|'.join(DATABASE_LOGS)})?", re.DOTALL)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write to: it takes its place when the block ends well, else it is removed.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    unfinished = draft_path(path)
    _remove_database(unfinished)  # of a process that had the same number
    try:
        yield unfinished
        replace_file(unfinished, path)
    finally:
        _remove_database(unfinished)


def draft_path(path: Path, state: Literal["unfinished", "former"] = "unfinished") -> Path:
    """Beside ``path``, what this process makes of it or has moved out of its way."""
    stem, whole = path.name, os.fsencode(path.name)
    if len(whole) > _MAX_STEM_BYTES:  # the draft's name would be longer than a name may be
        digest = hashlib.sha256(whole).hexdigest()[:12]
        stem = f"{whole[:_MAX_STEM_BYTES].decode(errors='ignore')}-{digest}"
    return path.with_name(f".{stem}.{state}-{os.getpid()}")


def abandoned_drafts(folder: Path) -> list[Path]:
    """What processes that have ended left in ``folder`` under names of ``draft_path``; none where it is not there."""
    try:
        found = [(path, _DRAFT_NAME.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError:
        return []
    return [path for path, match in found if match and not _is_running(int(match[1]))]


def _remove_database(file: Path) -> None:
    for suffix in ("", *DATABASE_LOGS):
        remove_path(file.with_name(file.name + suffix))


def remove_path(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it, as far as it can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":  # where nothing that is open can be removed anyway
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def replace_file(new: Path, target: Path) -> None:
    """Rename the file ``new`` to ``target``, once all of it is on the disk; the name is too when this returns.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    _sync_file(new)
    new.replace(target)
    sync_folder(target.parent)


def place_folder(new: Path, target: Path) -> None:
    """The same for a folder, at a ``target`` that is not there.

    Raises:
        OSError: it is there, the disk is full, or its folder cannot be written to.
    """
    for folder, _, names in os.walk(new):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                _sync_file(path)
        sync_folder(Path(folder))
    new.rename(target)
    sync_folder(target.parent)


def replace_folder(new: Path, target: Path, backup: Path) -> None:
    """Rename the folder ``new`` to ``target``; what was there is at ``backup`` then, or back if that fails.

    A kill in between leaves no ``target``: whoever finds ``backup`` alone renames it back.

    Raises:
        OSError: a folder cannot be renamed.
    """
    if target.exists():
        target.rename(backup)
    try:
        place_folder(new, target)
    except OSError:
        if backup.exists() and not target.exists():
            backup.rename(target)
        raise


def _sync_file(path: Path) -> None:
    handle = os.open(
        path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    )  # Windows lets a writer only
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``arrays`` by their names to ``path`` as NumPy's ``.npz``, whole or not at all; its folder is made.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as new, new.open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)


def sync_folder(folder: Path) -> None:
    """Have what was renamed or removed in ``folder`` reach the disk, where the system can tell it to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_latest(paths: Iterable[Path], count: int) -> None:
    """Remove all but the ``count`` of the files ``paths`` that were written or touched last.

    Raises:
        OSError: one cannot be removed, or another process has removed it.
    """
    for old in sorted(paths, key=lambda one: -one.stat().st_mtime)[count:]:
        old.unlink(missing_ok=True)
