"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write to: it takes its place when the block ends well, else it is removed.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


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


def replace_folder(new: Path, target: Path, backup: Path) -> None:
    """Rename the folder ``new`` to ``target``; what was there is at ``backup`` then, or back if that fails.

    Raises:
        OSError: a folder cannot be renamed.
    """
    if target.exists():
        target.rename(backup)
    try:
        new.rename(target)
    except OSError:
        if backup.exists():
            backup.rename(target)
        raise
