"""Zip archives that may be hostile: paths, sizes and counts are checked before anything is unpacked."""

from __future__ import annotations

import errno
import stat
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from crosslingual.errors import ModelError, one_line
from crosslingual.zips import DAMAGE_ERRORS, BoundedStream, is_encrypted, iterate_chunks

MAX_UNPACKED_BYTES = 4 * 10**9
"""Of all that is packed, unpacked."""
MAX_RATIO = 100
"""Unpacked to packed, for what is larger than ``_RATIO_EXEMPT_BYTES``; weights hardly shrink at all."""
MAX_ENTRIES = 10_000
MAX_DIRECTORY_BYTES = 2 * 2**20

_RATIO_EXEMPT_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive whose files lie in one folder; names are relative to it."""

    subject: str
    names: Collection[str]
    _zip: zipfile.ZipFile
    _entries: dict[str, zipfile.ZipInfo]

    def unpacked_size(self, names: Collection[str]) -> int:
        """Bytes of these files, unpacked."""
        return sum(self._entries[name].file_size for name in names)

    def read_file(self, name: str, max_bytes: int) -> bytes:
        """The content of a small file.

        Raises:
            ModelError: it is larger than ``max_bytes`` bytes, or damaged.
        """
        if self._entries[name].file_size > max_bytes:
            raise ModelError(f"{self.subject}: {name} is too large; use another package")
        with _explain_damage(self.subject):
            return self._zip.read(self._entries[name])

    def unpack_files(self, names: Collection[str], folder: Path, progress: Callable[[float], None]) -> None:
        """Write these files to ``folder``; ``progress`` is told the share done.

        Raises:
            ModelError: the archive is damaged.
            OSError: the disk is full or cannot be written.
        """
        done, total = 0, max(1, self.unpacked_size(names))
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with _explain_damage(self.subject), path.open("xb") as to:
                for chunk in iterate_chunks(self._zip, self._entries[name]):
                    to.write(chunk)
                    done += len(chunk)
                    progress(done / total)


@contextmanager
def open_archive(path: Path, subject: str) -> Iterator[Archive]:
    """The archive at ``path``, with all its entries checked; error messages begin with ``subject``.

    Raises:
        ModelError: it is no zip archive, is damaged, or is not of one folder with plain files.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(512).lstrip()
        if not start.startswith(b"PK"):
            what = "a web page, no" if start[:1] == b"<" else "no"
            raise ModelError(f"{subject}: is {what} package; get the file again, or from elsewhere")
        with _explain_damage(subject):
            archive = zipfile.ZipFile(cast("BinaryIO", BoundedStream(file, MAX_DIRECTORY_BYTES)))
        with archive:
            entries = _check_entries(archive.infolist(), subject)
            yield Archive(subject, tuple(entries), archive, entries)


def _check_entries(infos: list[zipfile.ZipInfo], subject: str) -> dict[str, zipfile.ZipInfo]:
    """The files by name inside the one folder.

    Raises:
        ModelError: an entry is not what a package has.
    """

    def make_error(reason: str) -> ModelError:
        return ModelError(f"{subject}: refused, {reason}; use another package")

    if len(infos) > MAX_ENTRIES:
        raise make_error(f"it has {len(infos):,} entries")
    unpacked, packed = (
        (sum(sizes) for sizes in zip(*((i.file_size, i.compress_size) for i in infos), strict=True))
        if infos
        else (0, 0)
    )
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(_RATIO_EXEMPT_BYTES, MAX_RATIO * packed):
        raise make_error(f"it would unpack to {unpacked / 1e6:,.0f} MB")
    entries: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in infos:
        if reason := _entry_fault(info):
            raise make_error(f"{info.orig_filename[:80]!r} {reason}")
        top, _, name = info.filename.removesuffix("/").partition("/")
        if (folded := f"{top}/{name}".casefold()) in seen:
            raise make_error(f"{info.filename[:80]!r} is there twice")
        seen.add(folded)
        if not info.is_dir():
            entries[name] = info
    tops = {name.partition("/")[0] for name in seen}
    if len(tops) != 1 or "" in entries:
        raise make_error("it is not one folder, as a package is")
    return entries


def _entry_fault(info: zipfile.ZipInfo) -> str:
    """What is wrong with an entry of an archive; empty if nothing is."""
    if not all(map(_is_safe_name, info.filename.removesuffix("/").split("/"))) or "\0" in info.orig_filename:
        return "is not a plain name in a folder"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        return "is a link or a device"
    if is_encrypted(info):
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"
    return ""


def _is_safe_name(part: str) -> bool:
    # A colon is a drive or a stream on Windows, a backslash a folder.
    return (
        part not in ("", ".", "..") and part.isprintable() and len(part) <= 200 and not set(part) & set("\\:")
    )


@contextmanager
def _explain_damage(subject: str) -> Iterator[None]:
    try:
        yield
    except (*DAMAGE_ERRORS, RuntimeError, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # of a place before the file's start
            raise
        reason = one_line(error, 100)
        raise ModelError(
            f"{subject}: damaged or cut short ({reason}); get the file again, or from elsewhere"
        ) from None
