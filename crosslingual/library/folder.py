"""What lies in a library's folder beside its database, and what of it goes at the next start."""

from __future__ import annotations

from pathlib import Path

from crosslingual.files import DATABASE_LOGS, abandoned_drafts, remove_path

SEARCHES_FILE = "searches.json"
"""Saved searches: all of a library's folder that is neither in its database nor derived from it."""
FORMER_FILE = "library-before-restore.db"
"""What was in the folder before the last restore."""
VISITS_FILE = "web.json"
"""What is remembered of pages that were fetched."""
EVENT_VISITS_FILE = "visits.json"
"""When the events were last looked at."""
NAMES_FILE = "names.db"
"""The names of articles; derived."""
INDEX_FOLDER, COMPARED_FOLDER, FRAMING_FOLDER, DUPLICATES_FOLDER = "index", "compared", "framing", "copies"
COVERAGE_FOLDER = f"{COMPARED_FOLDER}/coverage"
DERIVED_FOLDERS = (INDEX_FOLDER, COVERAGE_FOLDER, COMPARED_FOLDER, FRAMING_FOLDER, DUPLICATES_FOLDER)
"""What is made again from the database when it is missing."""


def remove_leftovers(library: Path) -> None:
    """Remove what killed processes left unfinished in the folder ``library``, as far as it can be."""
    for folder in (library, *(library / name for name in DERIVED_FOLDERS)):
        for path in abandoned_drafts(folder):
            remove_path(path)
    for path in library.glob(".restore-*"):  # as earlier versions named it
        remove_path(path)


def list_strangers(library: Path, database_file: str) -> list[str]:
    """Names in the folder ``library`` that are not the library's, such as backups."""
    databases = {*_with_logs(database_file), *_with_logs(NAMES_FILE)}
    known = databases | {
        SEARCHES_FILE,
        f".{SEARCHES_FILE}.lock",
        VISITS_FILE,
        EVENT_VISITS_FILE,
        *DERIVED_FOLDERS,
    }
    return sorted(path.name for path in library.iterdir() if path.name not in known)


def remove_derived_files(library: Path) -> list[Path]:
    """Remove what is derived from the library in the folder ``library``, its indexes aside, and what it was before.

    Returns:
        What could not be removed: somebody has it open.
    """
    names = (VISITS_FILE, *_with_logs(FORMER_FILE), *_with_logs(NAMES_FILE))
    files = [library / name for name in names]
    for name in DERIVED_FOLDERS:
        if name != INDEX_FOLDER:
            files += [path for path in (library / name).rglob("*") if not path.is_dir()]
    for path in files:
        remove_path(path)
    return [path for path in files if path.exists()]


def _with_logs(database_file: str) -> list[str]:
    """The name of a database, and those of the files that SQLite keeps beside it."""
    return [database_file, *(f"{database_file}{suffix}" for suffix in DATABASE_LOGS)]
