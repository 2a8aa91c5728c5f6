"""Opening the library that a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crosslingual.cli.progress import ProgressBar

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.settings import Settings


@contextmanager
def open_library(settings: Settings, *, create: bool = False) -> Iterator[Library]:
    """The library that ``settings`` name, closed when this ends; a bar shows what takes long.

    Raises:
        LibraryError: there is none, or it cannot be opened.
    """
    from crosslingual.api import Library

    with ProgressBar() as bar, Library(settings, create=create, progress=bar.update) as library:
        yield library
