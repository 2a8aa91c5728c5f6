"""What was removed is in no file of the library once it is compacted, and nothing else is lost."""

from __future__ import annotations

import gzip
import io
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosslingual.cli import cli
from crosslingual.entities.cache import NAME_CACHE
from crosslingual.errors import LibraryError
from crosslingual.events.duplicates import find_duplicates
from crosslingual.library import Library, OperationDraft
from crosslingual.library.backup import back_up_library, restore_library
from crosslingual.library.database import content_hash
from crosslingual.library.folder import DERIVED_FOLDERS, FORMER_FILE, NAMES_FILE, VISITS_FILE
from crosslingual.search import SearchIndex, search_sentences
from crosslingual.types import Correction, Source, Translation
from tests.helpers.library_samples import article, asked, put, toy_space

MADE_UP = "Quvaltimor"
STAYS = article(["The harbour was closed on Monday.", "Nobody was hurt."], title="Harbour")
GOES = article(
    ["The harbour was closed on Monday.", f"{MADE_UP} paid for it."], title=f"{MADE_UP} pays", source="t"
)


def compact(folder: Path, *options: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        cli, ["compact", "--library", str(folder), *options], input=answer, catch_exceptions=False
    )


def readable(content: bytes) -> Iterator[bytes]:
    """A file's bytes, and what they are once they are unpacked."""
    yield content
    with suppress(OSError, EOFError):
        yield gzip.decompress(content)
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name.encode()
            yield archive.read(name)


def files_with(folder: Path, *words: str) -> list[str]:
    """Files that hold one of the words, however it is written."""
    wanted = [
        form.encode(coding)
        for word in words
        for form in (word, word.lower(), word.casefold(), word.upper())
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word in part for part in readable(path.read_bytes()) for word in wanted)
    )


def vector_bytes(folder: Path, text: str) -> bytes:
    with closing(sqlite3.connect(folder / "library.db")) as db:
        row = db.execute("SELECT vector FROM vectors WHERE text_hash = ?", (content_hash(text),)).fetchone()
    return bytes(row[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library from which an article was removed, with all that is kept beside it."""
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library, STAYS, GOES)
        library.put_sources([], OperationDraft("add", "nothing"))
        library.memory.put_translations(
            [
                (GOES.text.split("\n")[1], "en", Translation(f"{MADE_UP} zahlte.", "de", "hand", "1")),
                (GOES.text.split("\n")[0], "en", Translation("Der Hafen war zu.", "de", "argos", "1")),
                ("Not of an article.", "en", Translation("Von keinem Artikel.", "de", "memory", "")),
            ]
        )
        library.add_corrections(
            [
                Correction("c", "apart", ((STAYS.id, 0),), ((GOES.id, 0),), "2024-05-16"),
                Correction("d", "together", ((STAYS.id, 0),), ((STAYS.id, 34),), "2024-05-16"),
            ]
        )
        index = SearchIndex(library, toy_space())
        search_sentences(library, index, toy_space(), asked(MADE_UP))
        index.close()
        find_duplicates(library, toy_space())
        backup = back_up_library(folder, tmp_path / "one.db")
        library.remove_articles([GOES.id])
    restore_library(backup, folder)
    with Library(folder) as library:
        library.remove_articles([GOES.id])
    for name in DERIVED_FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "of-it.json").write_text(MADE_UP, encoding="utf-8")
    NAME_CACHE.store(folder, "1", {GOES.id: []})
    (folder / VISITS_FILE).write_text(f'{{"https://{MADE_UP.lower()}.example": {{}}}}', encoding="utf-8")
    (folder / "compared" / ".a.npz.unfinished-99999999").write_bytes(gzip.compress(MADE_UP.encode()))
    return folder


def test_removed_text_is_in_no_file_afterwards(folder: Path) -> None:
    gone = vector_bytes(folder, GOES.text.split("\n")[1])
    assert {"library.db", FORMER_FILE, VISITS_FILE, "of-it.json"} <= {*files_with(folder, MADE_UP)}
    assert GOES.id.encode() in (folder / NAMES_FILE).read_bytes()
    done = compact(folder, "--yes")
    assert done.exit_code == 0, done.output
    assert "not touched" not in done.output
    assert files_with(folder, MADE_UP) == []
    assert not any(gone in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(GOES.id.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_not_removed_stays(folder: Path) -> None:
    compact(folder, "--yes")
    with Library(folder, create=False) as library:
        assert library.load_articles() == [STAYS]
        assert library.load_vectors("toy", [*STAYS.text.split("\n"), STAYS.title]).shape == (3, 16)
        found = library.memory.find_best(["The harbour was closed on Monday."], "en", "de")
        assert [one.text for one in found.values()] == ["Der Hafen war zu."], "it is another's sentence too"
        assert [entry[0] for entry in library.memory.iterate_translations(["memory"])] == [
            "Not of an article."
        ]
        assert [one.id for one in library.load_corrections()] == ["d"]
        assert library.load_operations() == []
        assert library.find_damage() == []
        assert library.find_existing([STAYS]) == {STAYS.id: STAYS.id}
        index = SearchIndex(library, toy_space())
        found_texts = {
            hit.sentence.text for hit in search_sentences(library, index, toy_space(), asked("harbour")).hits
        }
        assert found_texts == {*STAYS.text.split("\n")}
        index.close()


def test_it_asks_and_says_what_will_be_forgotten(folder: Path) -> None:
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    refused = compact(folder, answer="n\n")
    assert refused.exit_code == 1
    for part in (
        "1 step of the history",
        "2 texts of removed",
        "1 translation;",
        "1 correction",
        "last restore",
        "kept: 1 of imported",
    ):
        assert part in refused.stdout
    now = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "-" not in path.name}
    assert {*now.items()} <= {*before.items()}
    done = compact(folder, answer="y\n")
    assert done.exit_code == 0
    assert "not touched, since not the library's: mine.txt" in done.stdout
    assert "0 steps of the history" in compact(folder, "--yes").stdout


def test_the_file_becomes_smaller(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(
            library,
            STAYS,
            *(article([f"{number} {n} {'x' * 300}" for n in range(20)]) for number in range(80)),
        )
        library.remove_articles([one for one in library.article_ids() if one != STAYS.id])
    before = (folder / "library.db").stat().st_size
    compact(folder, "--yes")
    assert (folder / "library.db").stat().st_size < before / 4


def test_who_has_the_library_open_goes_on(folder: Path) -> None:
    with Library(folder, create=False) as library:
        index = SearchIndex(library, toy_space())
        assert len(search_sentences(library, index, toy_space(), asked("harbour")).hits) == 2
        revision = library.revision
        assert compact(folder, "--yes").exit_code == 0
        assert library.revision != revision
        assert len(search_sentences(library, index, toy_space(), asked("harbour")).hits) == 2
        put(library, GOES)
        assert len(search_sentences(library, index, toy_space(), asked("harbour")).hits) == 4
        index.close()
        library.remove_articles([GOES.id])
    assert compact(folder, "--yes").exit_code == 0
    assert files_with(folder, MADE_UP) == []


def test_a_reader_that_does_not_end_is_waited_for(folder: Path) -> None:
    with closing(
        sqlite3.connect(folder / "library.db", isolation_level=None, check_same_thread=False)
    ) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM articles").fetchone()
        release = threading.Timer(1, reader.execute, ["COMMIT"])
        release.start()
        assert compact(folder, "--yes").exit_code == 0
        release.join()
        assert files_with(folder, MADE_UP) == []


def test_an_add_that_was_undone_before_stays_undone(tmp_path: Path) -> None:
    adding = OperationDraft("add", f"{MADE_UP}.txt")
    with Library(tmp_path / "library") as library:
        library.put_sources([Source("s", "S")], adding)
        library.undo_operation(adding.id)
        compact(tmp_path / "library", "--yes")
        with pytest.raises(LibraryError, match="undone meanwhile"):
            library.put_sources([Source("s", "S")], adding)
        assert [(one.description, one.undone) for one in library.load_operations()] == [("forgotten", True)]
    assert files_with(tmp_path / "library", MADE_UP) == []
    assert "0 steps of the history" in compact(tmp_path / "library", "--yes").stdout
