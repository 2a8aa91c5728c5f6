"""Files and folders → records. One module a format; ``FORMATS`` is the table that names them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.ingest import jsonl, text, tmx
from crosslingual.ingest.record import Problem, Record
from crosslingual.translate.memory import MemoryEntry

MAX_PROBLEMS = 1_000
"""Problems of one file after which the rest of it is not read."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is of no known format."""

    path: Path


Item = Record | MemoryEntry | Problem | Skipped
Reader = Callable[[Path], Iterable[Record | MemoryEntry | Problem]]
"""Reads one file. A fault of a part is a ``Problem`` among the items; a fault that ends the reading is
an ``OSError`` or an ``InputError``, and what came before it counts."""

FORMATS: dict[str, Reader] = {
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".md": text.read_markdown,
    ".markdown": text.read_markdown,
    ".txt": text.read_plain,
    ".tmx": tmx.read,
}
"""Readers by suffix, in small letters."""


def read(paths: Iterable[Path], progress: Callable[[int, int], None] | None = None) -> Iterator[Item]:
    """What the files hold, one file after the other; folders with all below them, in the order of names.

    A named file of no known format is a problem, one in a folder is skipped. Hidden files and folders
    inside a folder are passed over. Links inside a folder are not followed out of it.

    Args:
        paths: files and folders.
        progress: told before each item how many bytes of how many are read.
    """
    found = [item for path in paths for item in _files(path)]
    sizes = [_size(item) for item in found]
    done, total = 0, sum(sizes)
    for path, size in zip(found, sizes, strict=True):
        if isinstance(path, Path):
            for item in _items(path):
                if progress:
                    progress(done + (item.end if isinstance(item, Record) else 0), total)
                yield item
        else:
            yield path
        done += size


def _files(path: Path) -> Iterator[Path | Problem | Skipped]:
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.suffix.lower() not in FORMATS and path.exists():
            yield Problem(path, 0, f"of no known format; known are {', '.join(FORMATS)}")
        elif path.is_file():
            yield path
        elif path.exists():
            yield Problem(path, 0, "neither a file nor a folder; name one")
        else:
            yield Problem(path, 0, "not there; check the name")
    except (OSError, ValueError) as error:
        yield _unreadable(path, error)


def _folder(top: Path) -> Iterator[Path | Problem | Skipped]:
    faults: list[OSError] = []
    root = top.resolve()
    usable = False
    for folder, folders, names in os.walk(top, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
            if path.suffix.lower() not in FORMATS or not path.is_file():
                yield Skipped(path)
                continue
            usable = True
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield Problem(path, 0, "a link that leads out of the folder; name its target itself")
            else:
                yield path
    yield from (_unreadable(Path(error.filename), error) for error in faults)
    if not usable and not faults:
        yield Problem(top, 0, f"holds no file of a known format; known are {', '.join(FORMATS)}")


def _items(path: Path) -> Iterator[Record | MemoryEntry | Problem]:
    problems = 0
    try:
        for item in FORMATS[path.suffix.lower()](path):
            yield item
            problems += isinstance(item, Problem)
            if problems == MAX_PROBLEMS:
                yield Problem(path, 0, f"given up after {problems:,} problems; mend them and add it again")
                return
    except OSError as error:
        yield _unreadable(path, error)
    except InputError as error:
        yield Problem(path, 0, str(error).removeprefix(f"{path}: "))


def _size(item: Path | Problem | Skipped) -> int:
    try:
        return item.stat().st_size if isinstance(item, Path) else 0
    except OSError:  # gone since it was listed: reported when it is read
        return 0


def _unreadable(path: Path, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or error
    return Problem(path, 0, f"cannot be read ({reason}); check its permissions")
