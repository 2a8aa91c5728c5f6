"""ZIP files that may be hostile: what they claim and what they expand to is bounded before it is read."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from crosslingual.errors import InputError

MAX_ENTRIES = 50_000
MAX_COMPRESSION_RATIO = 200
"""Times that an entry may be larger than its packed bytes, from ``_RATIO_MIN_BYTES`` bytes on."""

_RATIO_MIN_BYTES = 2**20
_CHUNK_BYTES = 2**20
_ENCRYPTED_FLAG = 0x1
_LISTING_ENTRY_BYTES = 400  # bytes of the list of entries that one may take

DAMAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,  # a kind of RuntimeError, which is that of a password
    OverflowError,
    ValueError,
)
"""What the standard library makes of a damaged archive."""


class LargeDirectoryError(zipfile.BadZipFile):
    """The list of entries is larger than it may be."""


class BoundedStream:
    """``stream`` for ``zipfile``, which reads the list of entries at once, however large the file says it is.

    ``max_bytes`` is what one reading may ask for; None is any number.
    """

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream = stream
        self.max_bytes: int | None = max_bytes
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes."""
        if self.max_bytes is not None and size > self.max_bytes:
            raise LargeDirectoryError("too large a directory")
        return self._stream.read(size)


@contextmanager
def open_zip(stream: BinaryIO, max_bytes: int, damage_message: str = "") -> Iterator[zipfile.ZipFile]:
    """The ZIP file in ``stream``, which unpacked has ``max_bytes`` bytes at most.

    Raises:
        InputError: it is damaged, or would expand too far.
    """
    bounded = BoundedStream(stream, MAX_ENTRIES * _LISTING_ENTRY_BYTES)
    with convert_zip_errors(damage_message):
        try:
            archive = zipfile.ZipFile(cast("BinaryIO", bounded))
        except LargeDirectoryError:
            raise InputError(f"more than {MAX_ENTRIES:,} entries; split it into smaller files") from None
    bounded.max_bytes = None
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise InputError(f"more than {MAX_ENTRIES:,} entries; split it into smaller files")
        if sum(entry.file_size for entry in entries) > max_bytes:
            raise InputError(f"unpacks to more than {max_bytes // 2**20:,} MB; split it into smaller files")
        yield archive


@contextmanager
def convert_zip_errors(damage_message: str = "") -> Iterator[None]:
    """What a damaged ZIP file raises becomes an ``InputError``, which says ``damage_message`` if that is given."""
    try:
        yield
    except DAMAGE_ERRORS as error:
        raise InputError(damage_message or f"a damaged ZIP file ({error}); pack it anew") from None
    except RuntimeError:
        raise InputError("needs a password; save it without one") from None


def is_zip_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry says that it expands as no text does."""
    return entry.file_size > max(_RATIO_MIN_BYTES, MAX_COMPRESSION_RATIO * entry.compress_size)


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry needs a password."""
    return bool(entry.flag_bits & _ENCRYPTED_FLAG)


def iterate_chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of an entry, a piece at a time; raises ``DAMAGE_ERRORS``."""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """The unpacked bytes of an entry; raises what ``copy_entry`` does."""
    target = io.BytesIO()
    copy_entry(archive, entry, max_bytes, target)
    return target.getvalue()


def copy_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, target: IO[bytes]) -> None:
    """Write the unpacked bytes of an entry to ``target``.

    Raises:
        InputError: it is larger than ``max_bytes``, encrypted, damaged, a link, or packed in another way than
            by deflate, for which alone ``zipfile`` unpacks no more than it is asked for.
    """
    if is_encrypted(entry):
        raise InputError("needs a password; save it without one")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError("a link, which is not followed; pack its target")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("packed in an uncommon way; pack it anew as common ZIP files are (deflate)")
    if is_zip_bomb(entry):
        raise InputError(
            f"expands more than {MAX_COMPRESSION_RATIO} times (a ZIP bomb?); pack the texts anew"
        )
    if entry.file_size > max_bytes:
        raise InputError(f"larger than {max_bytes // 2**20} MB; split it into smaller files")
    with convert_zip_errors():
        for chunk in iterate_chunks(archive, entry):
            target.write(chunk)
            if target.tell() > max_bytes:
                raise InputError(f"larger than {max_bytes // 2**20} MB; split it into smaller files")
