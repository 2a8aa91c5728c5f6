"""What readers are given: a file on disk or in memory, under the name that the user knows it by."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crosslingual.errors import InputError

MAX_FILE_BYTES = 64 * 2**20
"""Bytes of a file that is read as a whole."""


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file in a folder or archive that is of no known format."""

    path: Path


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read. Records and problems name it by ``path``.

    ``content`` are its bytes; None where they lie on disk, in ``disk_path``, or else in ``path``. ``columns``
    are pairs of a record's field and the column or key that holds it, where the user has said so. Of a
    page from the web, ``url`` is its address, ``charset`` the encoding that the server named, ``fetched_at`` when it
    came (UTC) and ``headers`` what the server said of it. Of a feed that is
    ``links_only``, the addresses that it names are wanted and not its entries.
    """

    path: Path
    content: bytes | None = None
    disk_path: Path | None = None
    columns: tuple[tuple[str, str], ...] = ()
    url: str = ""
    charset: str = ""
    links_only: bool = False
    fetched_at: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def suffix(self) -> str:
        """What tells the format, in small letters; of a packed web archive both parts."""
        suffixes = [part.lower() for part in self.path.suffixes[-2:]]
        return "".join(suffixes) if suffixes == [".warc", ".gz"] else "".join(suffixes[-1:])

    @property
    def size(self) -> int:
        """Bytes; 0 where the file cannot be found, which is reported when it is read."""
        if self.content is not None:
            return len(self.content)
        try:
            return (self.disk_path or self.path).stat().st_size
        except OSError:
            return 0

    def open(self) -> BinaryIO:
        """The bytes as a stream that can be sought in.

        Raises:
            OSError: the file cannot be read.
        """
        if self.content is not None:
            return io.BytesIO(self.content)
        return (self.disk_path or self.path).open("rb")

    def read(self) -> bytes:
        """All bytes.

        Raises:
            InputError: there are more than ``MAX_FILE_BYTES``.
            OSError: the file cannot be read.
        """
        with self.open() as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise InputError(f"larger than {MAX_FILE_BYTES // 2**20} MB; split it into smaller files")
        return content
