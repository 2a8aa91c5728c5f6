"""Folders that the workers of a test run share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock, FileLock


@dataclass(frozen=True)
class SharedFiles:
    """Folders in ``base``, each made by the worker that asks first; the others wait for it."""

    base: Path

    def lock(self, name: str) -> BaseFileLock:
        """Held by one worker at a time."""
        return FileLock(self.base / f"{name}.lock")

    def make_folder(self, name: str, fill: Callable[[Path], None]) -> Path:
        """The folder ``name``, which ``fill`` has filled; one that it could not fill is made anew."""
        folder, draft = self.base / f"shared-{name}", self.base / f"draft-{name}" / name
        with self.lock(name):
            if not folder.exists():
                shutil.rmtree(draft.parent, ignore_errors=True)
                draft.mkdir(parents=True)
                fill(draft)
                draft.rename(folder)
        return folder
