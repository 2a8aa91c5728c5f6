"""ZIP archives: their entries one after the other as files in memory; nothing is ever unpacked to a path."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from crosslingual import zips
from crosslingual.errors import InputError
from crosslingual.readers.encoding_detection import detect_encoding
from crosslingual.readers.file import MAX_FILE_BYTES, File, SkippedFile
from crosslingual.readers.formats import ARCHIVE_SUFFIXES, FOLDER_SUFFIXES, unreadable_problem
from crosslingual.readers.record import Problem

MAX_UNPACKED_BYTES = 8 * 2**30
"""Bytes of all that an archive holds, archives inside it unpacked too."""
MAX_DEPTH = 2
"""Archives inside one another."""
MAX_INNER_BYTES = 2**30
"""Bytes of an archive inside another."""

ArchiveMember = tuple[int, File | Problem | SkippedFile]
"""What an archive holds, after how many of its packed bytes."""

_UTF8_FLAG = 0x800
_SAMPLE_NAMES = 1_000  # names that tell their encoding


def read_members(file: File) -> Iterator[ArchiveMember]:
    """The entries of an archive in their order, those of archives inside it among them.

    Hidden entries and folders are passed over. What is wrong with an entry is a problem in its place.
    """
    yield from _read_members(file, 1, [MAX_UNPACKED_BYTES])


def _read_members(file: File, depth: int, bytes_left: list[int]) -> Iterator[ArchiveMember]:
    try:
        with file.open() as stream, zips.open_zip(stream, bytes_left[0]) as archive:
            usable = False
            done = 0
            codec = _detect_name_encoding(archive)
            for entry in archive.infolist():
                done += entry.compress_size
                parts = _path_parts(entry, codec)
                path = file.path.joinpath(*parts)
                if entry.filename.endswith("/") or any(part.startswith((".", "__MACOSX")) for part in parts):
                    continue
                found = File(path, b"", columns=file.columns)
                usable = usable or found.suffix in FOLDER_SUFFIXES
                for one in _read_entry(archive, entry, found, depth, bytes_left):
                    yield min(done, file.size), one
            if not usable:
                yield file.size, Problem(file.path, 0, "holds no file of a known format; add those that are")
    except OSError as error:
        yield 0, unreadable_problem(file, error)
    except InputError as error:
        yield 0, Problem(file.path, 0, str(error))


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, member: File, depth: int, bytes_left: list[int]
) -> Iterator[File | Problem | SkippedFile]:
    if member.suffix not in FOLDER_SUFFIXES:
        yield SkippedFile(member.path)
        return
    try:
        bytes_left[0] -= entry.file_size
        if bytes_left[0] < 0:
            raise InputError(f"more than {MAX_UNPACKED_BYTES // 2**30} GB unpacked; add the rest by itself")
        if member.suffix not in ARCHIVE_SUFFIXES:
            content = zips.read_entry(archive, entry, MAX_FILE_BYTES)
            yield File(member.path, content, columns=member.columns)
            return
        if depth >= MAX_DEPTH:
            raise InputError(f"archives inside one another {MAX_DEPTH + 1} deep; unpack this one and add it")
        with NamedTemporaryFile(suffix=".zip") as copy:
            zips.copy_entry(archive, entry, MAX_INNER_BYTES, copy)
            copy.flush()
            inner = File(member.path, disk_path=Path(copy.name), columns=member.columns)
            for _, one in _read_members(inner, depth + 1, bytes_left):
                yield one
    except InputError as error:
        yield Problem(member.path, 0, str(error))


def _detect_name_encoding(archive: zipfile.ZipFile) -> str:
    """The codec of the names that are not marked as UTF-8, told by all of them; empty where it cannot be."""
    names = [_stored_name(entry) for entry in archive.infolist()[:_SAMPLE_NAMES]]
    stems = [re.sub(rb"\.[A-Za-z0-9]{1,8}$", b"", name) for name in names if not name.isascii()]
    try:
        return detect_encoding(b"\n".join(dict.fromkeys(stems)))
    except InputError:
        return ""


def _stored_name(entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a name that was read as the PC's first character set; none of one that is marked."""
    try:
        return b"" if entry.flag_bits & _UTF8_FLAG else entry.filename.encode("cp437")
    except ValueError:
        return b""


def _path_parts(entry: zipfile.ZipInfo, codec: str) -> list[str]:
    """The parts of an entry's name: what is shown; none leads anywhere."""
    name = entry.filename
    if not (raw := _stored_name(entry)).isascii():
        if codec:
            name = raw.decode(codec, "replace")
        elif not all(char.isascii() or char.isalpha() for char in name):
            name = raw.decode("ascii", "replace")
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [part for part in parts if part not in ("/", "..", ".")] or ["unnamed"]
