"""Opening ZIP files that may be hostile: what they would expand to is bounded before anything is read."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from crosslingual.errors import InputError

MAX_ENTRIES = 50_000
MAX_COMPRESSION_RATIO = 200
"""Times that an entry may be larger than its packed bytes, from ``_RATIO_MIN_BYTES`` bytes on."""

_RATIO_MIN_BYTES = 2**20
_CHUNK_BYTES = 2**20
_ENCRYPTED_FLAG = 0x1
_LISTING_ENTRY_BYTES = 400  # bytes of the list of entries that one may take
_TAIL_BYTES = 2**16 + 200  # bytes in which the list's size is said

_DAMAGE_ERRORS = (
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


@contextmanager
def open_zip(stream: BinaryIO, max_bytes: int, damage_message: str = "") -> Iterator[zipfile.ZipFile]:
    """The ZIP file in ``stream``, which unpacked has ``max_bytes`` bytes at most.

    Raises:
        InputError: it is damaged, or would expand too far.
    """
    if _directory_size(stream) > MAX_ENTRIES * _LISTING_ENTRY_BYTES:
        raise InputError(f"more than {MAX_ENTRIES:,} entries; split it into smaller files")
    with convert_zip_errors(damage_message):
        archive = zipfile.ZipFile(stream)
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise InputError(f"more than {MAX_ENTRIES:,} entries; split it into smaller files")
        if sum(entry.file_size for entry in entries) > max_bytes:
            raise InputError(f"unpacks to more than {max_bytes // 2**20:,} MB; split it into smaller files")
        yield archive


def _directory_size(stream: BinaryIO) -> int:
    """Bytes that the list of entries says it has: it would be held as a whole."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(size - _TAIL_BYTES, 0))
    tail = stream.read(_TAIL_BYTES)
    found = 0
    for sign, place, form in ((b"PK\x05\x06", 12, "<I"), (b"PK\x06\x06", 40, "<Q")):
        start = tail.rfind(sign)
        if start >= 0 and len(tail) >= start + place + 8:
            stated = struct.unpack_from(form, tail, start + place)[0]
            found = max(found, stated if stated <= size else 0)  # more than there is: damaged, or ZIP64
    stream.seek(0)
    return found


@contextmanager
def convert_zip_errors(damage_message: str = "") -> Iterator[None]:
    """What a damaged ZIP file raises becomes an ``InputError``, which says ``damage_message`` if that is given."""
    try:
        yield
    except _DAMAGE_ERRORS as error:
        raise InputError(damage_message or f"a damaged ZIP file ({error}); pack it anew") from None
    except RuntimeError:
        raise InputError("needs a password; save it without one") from None


def is_zip_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry says that it expands as no text does."""
    return entry.file_size > max(_RATIO_MIN_BYTES, MAX_COMPRESSION_RATIO * entry.compress_size)


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """The unpacked bytes of an entry; raises what ``copy_entry`` does."""
    target = io.BytesIO()
    copy_entry(archive, entry, max_bytes, target)
    return target.getvalue()


def copy_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, target: IO[bytes]) -> None:
    """Write the unpacked bytes of an entry to ``target``.

    Raises:
        InputError: it is larger than ``max_bytes``, encrypted, damaged or a link.
    """
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise InputError("needs a password; save it without one")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError("a link, which is not followed; pack its target")
    if is_zip_bomb(entry):
        raise InputError(
            f"expands more than {MAX_COMPRESSION_RATIO} times (a ZIP bomb?); pack the texts anew"
        )
    if entry.file_size > max_bytes:
        raise InputError(f"larger than {max_bytes // 2**20} MB; split it into smaller files")
    with convert_zip_errors(), archive.open(entry) as stream:
        while part := stream.read(_CHUNK_BYTES):
            target.write(part)
            if target.tell() > max_bytes:
                raise InputError(f"larger than {max_bytes // 2**20} MB; split it into smaller files")
