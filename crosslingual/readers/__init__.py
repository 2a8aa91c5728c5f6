"""Files, folders and archives → records. One module a format; ``formats`` is the table that names them.

What an Add page needs::

    files = [File(Path(upload.name), upload.getvalue()) for upload in uploads]
    preview = list(islice(read_files(files), 200))               # records and problems; nothing is stored
    table = next(preview_tables(files))[1]                 # a table's head, and the guess at its columns
    one = replace(files[0], columns=table.mapping.column_pairs())  # as the user has confirmed it
    add_items(lambda at, stop: iter(mended), names, library, encoder)  # of crosslingual.ingest.pipeline

``read_files`` takes paths, too. A generator that is closed early stops its worker processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crosslingual.readers import archive
from crosslingual.readers.columns import ColumnMapping
from crosslingual.readers.file import File, SkippedFile
from crosslingual.readers.formats import ARCHIVE_SUFFIXES, FOLDER_SUFFIXES, KNOWN_SUFFIXES, unreadable_problem
from crosslingual.readers.pool import parse_files, run_task
from crosslingual.readers.record import Problem, Record
from crosslingual.readers.tables import TablePreview
from crosslingual.tmx import MemoryEntry

__all__ = [
    "KNOWN_SUFFIXES",
    "ColumnMapping",
    "File",
    "Item",
    "Problem",
    "Record",
    "SkippedFile",
    "TablePreview",
    "preview_tables",
    "read_files",
    "walk_folder",
]

Item = Record | MemoryEntry | Problem | SkippedFile


@dataclass(frozen=True, slots=True)
class _ProgressSpan:
    """Where a file stands, bytes before and behind it; ``item`` is what stands there instead of one.

    ``origin`` is the file that was named: itself, or the archive that holds it.
    """

    start: int
    end: int
    item: Problem | SkippedFile | None = None
    origin: File | None = None


def read_files(
    paths: Iterable[Path | File],
    progress: Callable[[int, int, Path], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Item]:
    """What the files hold, one file after the other; folders with all below them, in the order of names.

    A named file of no known format is a problem, one in a folder or archive is skipped. Hidden files and
    folders inside a folder are passed over. Links inside a folder are not followed out of it. Formats whose
    parsing could go wrong are read by worker processes, on all cores.

    Args:
        paths: files, folders, archives, and files in memory.
        progress: told before each item how many bytes of how many are read, and of which file.
        cancelled: asked between items; once it is true nothing more comes.
    """
    found = [item for path in paths for item in _list_inputs(path)]
    total = sum(item.size for item in found if isinstance(item, File))
    for place, file, found_item in parse_files(_expand_archives(found), cancelled):
        item: Item | None = found_item if file else place.item
        if item is None:
            continue
        if progress:
            end = item.end if isinstance(item, Record) and file and file.content is None else 0
            path = file.path if file else getattr(item, "path", Path())
            progress(min(place.start + end, place.end), total, path)
        yield replace(item, origin=place.origin) if isinstance(item, Record) else item


def preview_tables(
    files: Iterable[File], cancelled: Callable[[], bool] = lambda: False
) -> Iterator[tuple[int, TablePreview]]:
    """The heads of tables, read by worker processes, each with its number among ``files``.

    A file that is no table, or cannot be read, is left out: ``read_files`` tells why.
    """
    for number, _, item in run_task("preview", iter(enumerate(files)), cancelled):
        if isinstance(item, TablePreview):
            yield number, item


def _expand_archives(
    found: Iterable[File | Problem | SkippedFile],
) -> Iterator[tuple[_ProgressSpan, File | None]]:
    """Each file with its place; archives are replaced by what they hold."""
    done = 0
    for one in found:
        if not isinstance(one, File):
            yield _ProgressSpan(done, done, one), None
            continue
        size = one.size
        if one.suffix in ARCHIVE_SUFFIXES:
            last = done
            for packed, member in archive.read_members(one):
                found_item = None if isinstance(member, File) else member
                place = _ProgressSpan(last, done + packed, found_item, one)
                yield place, member if isinstance(member, File) else None
                last = done + packed
        else:
            yield _ProgressSpan(done, done + size, None, one), one
        done += size


def _list_inputs(path: Path | File) -> Iterator[File | Problem | SkippedFile]:
    file = path if isinstance(path, File) else File(path)
    path, lies = file.path, file.disk_path or file.path
    try:
        if file.content is None and lies.is_dir():
            yield from walk_folder(file)
        elif file.suffix not in KNOWN_SUFFIXES and (file.content is not None or lies.exists()):
            yield Problem(path, 0, f"of no known format; known are {', '.join(KNOWN_SUFFIXES)}")
        elif file.content is not None or lies.is_file():
            yield file
        elif lies.exists():
            yield Problem(path, 0, "neither a file nor a folder; name one")
        else:
            yield Problem(path, 0, "not there; check the name")
    except (OSError, ValueError) as error:
        yield unreadable_problem(file, error)


def walk_folder(top: File) -> Iterator[File | Problem | SkippedFile]:
    """The files in the folder ``top`` and below, in the order of names, as :func:`read_files` takes them.

    Raises:
        OSError: the folder cannot be looked at.
    """
    faults: list[OSError] = []
    root = top.path.resolve()
    usable = False
    for folder, folders, names in os.walk(top.path, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
            file = File(path, columns=top.columns)
            if file.suffix not in FOLDER_SUFFIXES or not path.is_file():
                yield SkippedFile(path)
                continue
            usable = True
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield Problem(path, 0, "a link that leads out of the folder; name its target itself")
            else:
                yield file
    yield from (unreadable_problem(File(Path(error.filename)), error) for error in faults)
    if not usable and not faults:
        yield Problem(top.path, 0, f"holds no file of a known format; known are {', '.join(FOLDER_SUFFIXES)}")
