"""Where the search indexes of a library lie: a folder for each recipe, in it the generation that is read."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from crosslingual.errors import LibraryError
from crosslingual.files import remove_path
from crosslingual.library.folder import INDEX_FOLDER

CURRENT_FILE = "current"
"""Names the generation that is read, a folder beside it."""
DATABASE_FILE = "catalogue.db"
WRITE_LOCK_FILE = ".writing"
"""Locked by whoever brings the index up to date or makes it anew."""
BUILD_LOCK_FILE = ".building"
"""Locked by whoever puts parts together; who waits for both locks waits for this one first."""
LOCK_TIMEOUT_SECONDS = 600  # seconds for another process
_FOLDER_NAME = re.compile(r"search-[0-9a-f]{12}")


def index_folder(library_path: Path, recipe: str) -> Path:
    """The folder of the index that is made by ``recipe``."""
    return library_path / INDEX_FOLDER / f"search-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def current_generation(folder: Path) -> Path | None:
    """The generation that is read; None where there is none."""
    try:
        name = (folder / CURRENT_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return folder / name if name.isalnum() and (folder / name).is_dir() else None


def remove_outdated(folder: Path, recipe: str) -> None:
    """Remove the indexes beside ``folder`` that former recipes for its encoder made, unless they are in use.

    Those of other encoders stay: whoever switches between two would else wait for a new one each time. So
    does what cannot be removed, and what does not tell its recipe.
    """
    with suppress(OSError):
        for other in folder.parent.iterdir():
            if (
                other != folder
                and _FOLDER_NAME.fullmatch(other.name)
                and other.is_dir()
                and not other.is_symlink()
            ):
                _remove_if_outdated(other, encoder_name(recipe))


def remove_indexes(library_path: Path) -> list[Path]:
    """Remove all search indexes of a library, once nobody writes them; each is made anew by who next needs it.

    Returns:
        What could not be removed: somebody has it open.

    Raises:
        LibraryError: another process is writing one all the time.
    """
    from filelock import FileLock, Timeout

    left: list[Path] = []
    for folder in (library_path / INDEX_FOLDER).glob("*"):
        if not folder.is_dir() or folder.is_symlink():
            remove_path(folder)
            left += [folder] * folder.exists()
            continue
        try:
            with (
                FileLock(folder / BUILD_LOCK_FILE, timeout=LOCK_TIMEOUT_SECONDS),
                FileLock(folder / WRITE_LOCK_FILE, timeout=LOCK_TIMEOUT_SECONDS),
            ):
                (folder / CURRENT_FILE).unlink(missing_ok=True)
                # Who waits for a lock has its file open: it stays.
                held = [
                    path for path in folder.iterdir() if path.name not in (BUILD_LOCK_FILE, WRITE_LOCK_FILE)
                ]
                for path in held:
                    remove_path(path)
                left += [path for path in held if path.exists()]
        except Timeout:
            raise LibraryError(
                f"{folder}: another process has been writing to it for {LOCK_TIMEOUT_SECONDS} s; end that, and run"
                " the same again"
            ) from None
        except OSError as error:
            raise LibraryError(
                f"{folder}: cannot be removed ({error.strerror or error}); check the room on the disk and the"
                " permissions, and run the same again"
            ) from None
    return left


def _remove_if_outdated(folder: Path, encoder: str) -> None:
    from filelock import FileLock, Timeout

    generation = current_generation(folder)
    if generation is None:
        return
    with suppress(OSError, Timeout, sqlite3.Error), FileLock(folder / WRITE_LOCK_FILE, timeout=0):
        uri = f"{(generation / DATABASE_FILE).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as db:
            # Refused as long as anyone has it open: every version keeps it so while it reads.
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            recipes = db.execute("SELECT recipe FROM state").fetchall()
        if [encoder_name(str(recipe)) for (recipe,) in recipes] == [encoder]:
            shutil.rmtree(folder, ignore_errors=True)


def encoder_name(recipe: str) -> str:
    """The name of a recipe's encoder, without the digest of its files: another version of it is the same."""
    model = recipe.partition(" ")[2].rpartition(" ")[0]
    return model.rpartition("@")[0] or model
