"""What can go wrong while a search index is written, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosslingual.errors import LibraryError
from crosslingual.index import DamagedIndexError
from crosslingual.library.database import error_reason, is_no_damage
from crosslingual.search.maintenance import Progress


@contextmanager
def words_for_errors(folder: Path) -> Iterator[None]:
    """Around what writes the index in ``folder``.

    Raises:
        LibraryError: it cannot be written.
        DamagedIndexError: it is damaged.
    """
    try:
        yield
    except OSError as error:
        raise LibraryError(unwritable_message(folder, error.strerror or str(error))) from None
    except sqlite3.Error as error:
        if not is_no_damage(error):
            raise DamagedIndexError(str(error)) from None
        raise LibraryError(f"{folder}: {error_reason(error)}") from None


class ProgressForwarder:
    """Whoever is told of the progress; where that fails, the index is not to blame."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.callback_error: OSError | None = None

    def __call__(self, done: int, total: int) -> None:
        """Tell of it; ``callback_error`` is what whoever is told met."""
        try:
            if self._progress:
                self._progress(done, total)
        except OSError as error:
            self.callback_error = error
            raise


def unwritable_message(folder: Path, reason: str) -> str:
    """That the index in ``folder`` cannot be written, and what to do."""
    return (
        f"{folder}: the search index cannot be written ({reason}); check the folder's permissions and the room"
        " on the disk"
    )
