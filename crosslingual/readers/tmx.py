"""TMX: translations made by hand of sentences in the articles beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from crosslingual.readers.file import File
from crosslingual.readers.record import clean_text
from crosslingual.tmx import MemoryEntry, read_tmx


def read_translations(file: File) -> Iterator[MemoryEntry]:
    """The entries of the file, cleaned as the articles' texts are, so that the sentences are found.

    Raises:
        InputError: the file is no TMX.
    """
    if file.content is None:
        yield from _clean_entries(file.disk_path or file.path)
        return
    with NamedTemporaryFile(suffix=".tmx") as copy:
        copy.write(file.content)
        copy.flush()
        yield from _clean_entries(Path(copy.name))


def _clean_entries(path: Path) -> Iterator[MemoryEntry]:
    for entry in read_tmx(path):
        cleaned = replace(entry, src=clean_text(entry.src), tgt=clean_text(entry.tgt))
        if cleaned.src and cleaned.tgt:
            yield cleaned
