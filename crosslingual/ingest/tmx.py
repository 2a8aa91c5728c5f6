"""TMX: translations made by hand of sentences in the articles beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crosslingual.ingest.record import clean
from crosslingual.translate.memory import MemoryEntry, read_tmx


def read(path: Path) -> Iterator[MemoryEntry]:
    """The entries of the file, cleaned as the articles' texts are, so that the sentences are found.

    Raises:
        InputError: the file is no TMX.
    """
    for entry in read_tmx(path):
        cleaned = replace(entry, src=clean(entry.src), tgt=clean(entry.tgt))
        if cleaned.src and cleaned.tgt:
            yield cleaned
