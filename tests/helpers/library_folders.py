"""What only a library in a folder has."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crosslingual.library import Library
from crosslingual.library.database import Database
from crosslingual.settings import Settings


def library_folder(settings: Settings) -> Path:
    """The library's folder."""
    assert isinstance(settings.library, Path)
    return settings.library


def sqlite_connection(library: Library) -> sqlite3.Connection:
    """The connection to its file."""
    assert isinstance(library._db, Database)
    return library._db.connection
