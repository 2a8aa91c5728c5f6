"""ZIP archives: their entries one after the other as files in memory; nothing is ever unpacked to a path."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from crosslingual.errors import InputError
from crosslingual.ingest import zips
from crosslingual.ingest.encoding import encoding_of
from crosslingual.ingest.file import MAX_FILE, File, Skipped
from crosslingual.ingest.formats import ARCHIVES, FORMATS, unreadable
from crosslingual.ingest.record import Problem

MAX_UNPACKED = 8 * 2**30
"""Bytes of all that an archive holds, archives inside it unpacked too."""
MAX_DEPTH = 2
"""Archives inside one another."""
MAX_INNER = 2**30
"""Bytes of an archive inside another."""

Member = tuple[int, File | Problem | Skipped]
"""What an archive holds, after how many of its packed bytes."""

_UTF8 = 0x800


def members(file: File) -> Iterator[Member]:
    """The entries of an archive in their order, those of archives inside it among them.

    Hidden entries and folders are passed over. What is wrong with an entry is a problem in its place.
    """
    yield from _members(file, 1, [MAX_UNPACKED])


def _members(file: File, depth: int, left: list[int]) -> Iterator[Member]:
    try:
        with file.open() as stream, zips.opened(stream, left[0]) as archive:
            usable = False
            done = 0
            for entry in archive.infolist():
                done += entry.compress_size
                path = file.path.joinpath(*_parts(entry))
                if entry.filename.endswith("/") or any(
                    part.startswith((".", "__MACOSX")) for part in _parts(entry)
                ):
                    continue
                found = File(path, b"", columns=file.columns)
                usable = usable or found.suffix in FORMATS
                for one in _entry(archive, entry, found, depth, left):
                    yield min(done, file.size), one
            if not usable:
                yield file.size, Problem(file.path, 0, "holds no file of a known format; add those that are")
    except OSError as error:
        yield 0, unreadable(file, error)
    except InputError as error:
        yield 0, Problem(file.path, 0, str(error))


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: File, depth: int, left: list[int]
) -> Iterator[File | Problem | Skipped]:
    if found.suffix not in FORMATS:
        yield Skipped(found.path)
        return
    try:
        left[0] -= entry.file_size
        if left[0] < 0:
            raise InputError(f"more than {MAX_UNPACKED // 2**30} GB unpacked; add the rest by itself")
        if found.suffix not in ARCHIVES:
            content = zips.content(archive, entry, MAX_FILE)
            yield File(found.path, content, columns=found.columns)
            return
        if depth >= MAX_DEPTH:
            raise InputError(f"archives inside one another {MAX_DEPTH + 1} deep; unpack this one and add it")
        with NamedTemporaryFile(suffix=".zip") as copy:
            zips.copy(archive, entry, MAX_INNER, copy)
            copy.flush()
            inner = File(found.path, place=Path(copy.name), columns=found.columns)
            for _, one in _members(inner, depth + 1, left):
                yield one
    except InputError as error:
        yield Problem(found.path, 0, str(error))


def _parts(entry: zipfile.ZipInfo) -> list[str]:
    """The parts of an entry's name: what is shown; none leads anywhere."""
    name = entry.filename
    if not entry.flag_bits & _UTF8 and not name.isascii():
        try:  # what is not marked as UTF-8 was read as the PC's first character set
            raw = name.encode("cp437")
            name = raw.decode(encoding_of(raw))
        except (InputError, ValueError):
            name = entry.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [part for part in parts if part not in ("/", "..", ".")] or ["unnamed"]
