"""A library whose file was changed by a failing disk: it is told, in one line, and never a traceback."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crosslingual.errors import CrosslingualError, LibraryError
from crosslingual.library import Library, OperationDraft
from crosslingual.types import Source, Translation
from tests.helpers.library_folders import sqlite_connection
from tests.helpers.library_samples import article, put

LINES = [f"The {place} was closed on Monday." for place in ("harbour", "bridge", "market", "station")]


def make_library(folder: Path) -> None:
    with Library(folder) as library:
        put(library, *(article([line, "Nobody was hurt."], title=line[:9]) for line in LINES))
        translation = Translation("Der Hafen ist zu.", "de", "x", "1", ("numbers",))
        library.memory.put_translations([(LINES[0], "en", translation)], OperationDraft("add", "a file"))
        library.edit_source(Source("s", "Paper", country="FR"))


def change_bytes(folder: Path, old: bytes, new: bytes) -> None:
    file = folder / "library.db"
    whole = file.read_bytes()
    assert old in whole
    file.write_bytes(whole.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"The bridge was closed", b"The fridge was closed", "article"),
        (b"The bridge was closed", b"The br\xffdge was closed", "text cannot be read"),
        (b"Der Hafen", b"Der H\xfffen", "text cannot be read"),
        (b'{"id": "s"', b'{"id"; "s"', "source"),
        (b'["numbers"]', b'["numbers"[', "translation"),
    ],
)
def test_a_changed_byte_is_found(tmp_path: Path, old: bytes, new: bytes, told: str) -> None:
    make_library(tmp_path)
    with Library(tmp_path) as library:
        assert library.find_damage() == []
    change_bytes(tmp_path, old, new)
    with Library(tmp_path) as library:
        assert any(told in problem for problem in library.find_damage()), library.find_damage()


READS: tuple[Callable[[Library], object], ...] = (
    lambda library: library.load_articles(),
    lambda library: library.load_sentences(library.article_ids()),
    lambda library: library.load_vectors("toy", [*LINES, "Nobody was hurt."]),
    lambda library: library.known_sources(),
    lambda library: library.load_operations(),
    lambda library: library.memory.find_best(LINES, "en", "de"),
    lambda library: list(library.memory.iterate_translations(["x"])),
    lambda library: list(library.lookup.article_entries()),
    lambda library: library.lookup.sentences_at((one, 0) for one in library.article_ids()),
    lambda library: library.find_damage(),
    lambda library: library.undo_operation(),
)


def test_whatever_byte_is_changed_ends_in_one_line(tmp_path: Path) -> None:
    make_library(tmp_path / "library")
    whole = (tmp_path / "library" / "library.db").read_bytes()
    used = [at for at, byte in enumerate(whole) if byte]
    chance = random.Random(19)  # noqa: S311  # not for secrets
    told: list[str] = []
    for number in range(150):
        damaged = bytearray(whole)
        for at in chance.choices(used, k=1 + number % 3):
            damaged[at] ^= 1 << chance.randrange(8)
        for log in ("-wal", "-shm"):
            (tmp_path / f"library.db{log}").unlink(missing_ok=True)
        (tmp_path / "library.db").write_bytes(damaged)
        with suppress(CrosslingualError), Library(tmp_path) as library:
            for read in READS:
                try:
                    read(library)
                except CrosslingualError as error:
                    told.append(str(error))
    assert told
    assert not any("\n" in line for line in told)


def test_a_full_disk_and_another_writer_are_no_damage(tmp_path: Path) -> None:
    make_library(tmp_path)
    with Library(tmp_path) as library, closing(sqlite3.connect(tmp_path / "library.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert library.find_damage() == []
        sqlite_connection(library).execute("PRAGMA busy_timeout = 1")
        with pytest.raises(LibraryError, match="another programme is writing"):
            library.remove_articles(library.article_ids())
