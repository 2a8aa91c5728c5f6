from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError, VectorsMissingError
from crosslingual.index import DamagedIndexError, FlatIndex
from crosslingual.library import Library
from crosslingual.search import (
    Filters,
    SearchIndex,
    maintenance,
    search_sentences,
)
from crosslingual.search.check import find_problems, repair_index
from crosslingual.search.index_db import IndexDatabase, IndexPart
from tests.helpers.library_samples import article, asked, put, toy_space, vector

SPACE: Space = toy_space()
LINES = [f"Sentence number {number} says nothing new." for number in range(30)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        for start in range(0, 30, 10):
            put(opened, article(LINES[start : start + 10], source=f"s{start}", date=f"2024-05-{10 + start}"))
        yield opened


@pytest.fixture
def index(library: Library) -> Iterator[SearchIndex]:
    opened = SearchIndex(library, SPACE)
    yield opened
    opened.close()


def texts(library: Library, index: SearchIndex, text: str, filters: Filters | None = None) -> list[str]:
    return [
        hit.sentence.text
        for hit in search_sentences(library, index, SPACE, asked(text), filters=filters).hits
    ]


def finds_all(library: Library, index: SearchIndex) -> bool:
    """Whether each stored sentence finds itself, and nothing else is found."""
    held = {
        sentence.text
        for sentences in library.load_sentences(library.article_ids()).values()
        for sentence in sentences
    }
    found = [texts(library, index, text) for text in held]
    return all(text in own and set(own) <= held for text, own in zip(held, found, strict=True))


def generation(index: SearchIndex) -> Path:
    return index.folder / (index.folder / "current").read_text("ascii")


def part(index: SearchIndex) -> Path:
    return next(generation(index).glob("*.flat"))


def broken_by_deleting(library: Library, index: SearchIndex) -> None:
    part(index).unlink()


def broken_by_cutting(library: Library, index: SearchIndex) -> None:
    path = generation(index) / "catalogue.db"
    path.write_bytes(path.read_bytes()[:5000])
    part(index).write_bytes(part(index).read_bytes()[:100])


def broken_by_another_library(library: Library, index: SearchIndex) -> None:
    with Library(library.path.with_name("other")) as other:
        put(other, article(["Nothing of this is in the first library.", *LINES[:10]]))
        foreign = SearchIndex(other, SPACE)
        with foreign.open_snapshot():
            pass
        foreign.close()
        shutil.rmtree(index.folder)
        shutil.copytree(foreign.folder, index.folder)


def broken_by_losing_rows(library: Library, index: SearchIndex) -> None:
    db = sqlite3.connect(generation(index) / "catalogue.db")
    db.execute("DELETE FROM parts")
    db.execute("DELETE FROM articles WHERE source = 's10'")
    db.commit()
    db.close()


def broken_by_rows_of_another_model(library: Library, index: SearchIndex) -> None:
    catalogue = IndexDatabase(generation(index) / "catalogue.db")
    with catalogue.begin_change() as change:
        rows = np.eye(8, dtype=np.float32)
        change.add_part(
            maintenance.save_flat_part(generation(index), np.arange(100, 108, dtype=np.int64), rows)
        )
    catalogue.close()


BREAKS = (
    broken_by_deleting,
    broken_by_cutting,
    broken_by_another_library,
    broken_by_losing_rows,
    broken_by_rows_of_another_model,
)


@pytest.mark.parametrize("broken", BREAKS)
def test_a_search_in_a_broken_index_finds_what_it_should(
    library: Library, index: SearchIndex, broken: object
) -> None:
    assert finds_all(library, index)
    index.close()
    assert callable(broken)
    broken(library, index)
    assert finds_all(library, index)


@pytest.mark.parametrize("broken", BREAKS)
def test_the_doctor_finds_and_mends(library: Library, index: SearchIndex, broken: object) -> None:
    with index.open_snapshot():
        pass
    assert find_problems(library, index, SPACE) == []
    index.close()
    assert callable(broken)
    broken(library, index)
    problems = find_problems(library, index, SPACE)
    assert problems
    repair_index(index, problems)
    assert find_problems(library, index, SPACE) == []
    assert finds_all(library, index)


def test_the_doctor_sees_vectors_that_are_another_texts(library: Library, index: SearchIndex) -> None:
    with index.open_snapshot():
        pass
    old = part(index)
    catalogue = IndexDatabase(generation(index) / "catalogue.db")
    with catalogue.begin_change() as change:
        rows = np.stack([vector(f"other {number}") for number in range(30)])
        made = maintenance.save_flat_part(generation(index), np.arange(30, dtype=np.int64), rows)
        change.add_part(made, [old.name])
    catalogue.close()
    assert any("not the library's" in problem for problem in find_problems(library, index, SPACE))


def test_an_index_changes_its_kind_by_itself_and_finds_the_same(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "MAX_EXACT_SENTENCES", 20)
    before = {text: texts(library, index, text)[0] for text in LINES}
    assert index.compact()
    assert list(generation(index).glob("*.cells"))
    assert not list(generation(index).glob("*.flat"))
    assert {text: texts(library, index, text)[0] for text in LINES} == before
    assert not index.compact(), "nothing is left to do"
    put(library, article(["Added after it was compressed."]))
    assert "Added after it was compressed." in texts(library, index, "Added after it was compressed.")
    assert find_problems(library, index, SPACE) == []


def test_reading_and_adding_go_on_while_an_index_is_compressed(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "MAX_EXACT_SENTENCES", 20)
    started, go_on = threading.Event(), threading.Event()
    build = maintenance.compress_parts

    def slow(folder: Path, parts: list[maintenance.LoadedPart]) -> object:
        started.set()
        assert go_on.wait(20)
        return build(folder, parts)

    monkeypatch.setattr("crosslingual.search.index.compress_parts", slow)
    with index.open_snapshot():
        pass
    builder = threading.Thread(target=index.compact)
    builder.start()
    assert started.wait(20)
    other = SearchIndex(library, SPACE)
    for reader in (index, other):
        put(library, article([f"Meanwhile {id(reader)}."]))
        assert f"Meanwhile {id(reader)}." in texts(library, reader, f"Meanwhile {id(reader)}.")
    go_on.set()
    builder.join()
    assert finds_all(library, index)
    assert finds_all(library, other)
    other.close()


def test_small_parts_are_put_together_and_what_is_gone_is_dropped(
    library: Library, index: SearchIndex
) -> None:
    for number in range(20):
        put(library, article([f"One more, {number}."]))
        with index.open_snapshot():
            pass
    assert len(list(generation(index).glob("*.flat"))) <= 10
    assert finds_all(library, index)


def test_a_library_with_mostly_removed_articles_gets_a_new_index(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosslingual.search.index._MAX_UNUSED_NUMBERS", 0)
    with index.open_snapshot():
        pass
    library.remove_articles(library.article_ids()[:2])
    assert index.compact()
    with index.open_snapshot() as view:
        assert len(view.live_mask) == 10
    assert finds_all(library, index)


def test_sentences_without_vectors_are_named_as_such(library: Library) -> None:
    elsewhere = SearchIndex(library, toy_space().__class__("other", {}, SPACE.default_mean, SPACE.tokens))
    with pytest.raises(VectorsMissingError), elsewhere.open_snapshot():
        pass


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_an_index_that_cannot_be_written_says_so(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FlatIndex, "save", full)
    with pytest.raises(LibraryError, match="No space left"), index.open_snapshot():
        pass


def test_a_progress_that_cannot_be_told_is_no_fault_of_the_index(
    library: Library, index: SearchIndex
) -> None:
    def closed(done: int, total: int) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError), index.open_snapshot(closed):
        pass
    assert finds_all(library, index)


def made_with(library: Library, space: Space) -> Path:
    """The folder of an index of ``space``, which nobody uses any more."""
    library.put_vectors(space.model, LINES, np.stack([vector(text) for text in LINES]))
    made = SearchIndex(library, space)
    with made.open_snapshot():
        pass
    made.close()
    return made.folder


def former(model: str = SPACE.model) -> Space:
    return replace(SPACE, model=model, default_mean=SPACE.default_mean + 1)


def test_indexes_of_former_recipes_go_once_there_is_a_new_one_and_those_of_other_encoders_stay(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = made_with(library, former("other"))
    old = made_with(library, former(f"{SPACE.model}@of another version"))
    with monkeypatch.context() as patch:
        patch.setattr(FlatIndex, "save", full)
        with pytest.raises(LibraryError), index.open_snapshot():
            pass
    assert old.is_dir(), "there is no new one yet"
    assert finds_all(library, index)
    assert not old.exists()
    assert other.is_dir()
    made_with(library, former())
    assert index.folder.is_dir(), "it is open"
    index.close()
    made_with(library, former())
    assert not index.folder.exists()
    assert other.is_dir()


_READING = """
import sqlite3, sys
from pathlib import Path
(catalogue,) = Path(sys.argv[1]).glob("*/catalogue.db")
reader = sqlite3.connect(catalogue)
print(reader.execute("SELECT version FROM state").fetchone(), flush=True)
sys.stdin.read()
"""
_MAKING = """
import sys
from filelock import FileLock
with FileLock(f"{sys.argv[1]}/.writing"):
    print("making", flush=True)
    sys.stdin.read()
"""


def test_an_index_that_another_process_reads_or_makes_stays_until_it_has_ended(library: Library) -> None:
    old = made_with(library, former())
    for programme in (_READING, _MAKING):
        process = subprocess.Popen(
            [sys.executable, "-c", programme, str(old)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline()
        made_with(library, SPACE)
        assert list(old.glob("*/*.flat"))
        process.communicate("")
    made_with(library, SPACE)
    assert not old.exists()


def test_nothing_but_indexes_is_removed_and_what_cannot_be_is_left(
    library: Library, index: SearchIndex, tmp_path: Path
) -> None:
    old = made_with(library, former())
    beside = old.parent
    elsewhere = shutil.copytree(old, tmp_path / "search-000000000000")
    (beside / elsewhere.name).symlink_to(elsewhere)
    kept = [
        elsewhere,
        beside / elsewhere.name,
        shutil.copytree(old, beside / "search-mine"),
        shutil.copytree(old, beside / "search-111111111111"),
        shutil.copytree(old, beside / "search-222222222222"),
        beside / "search-333333333333",
        beside / "search-444444444444",
    ]
    (kept[3] / ".writing").unlink()
    (kept[3] / ".writing").mkdir()  # cannot be locked
    next(kept[4].glob("*/catalogue.db")).write_bytes(b"damaged")
    kept[5].mkdir()
    kept[6].write_text("a file")
    assert finds_all(library, index)
    assert not old.exists()
    assert all(path.exists() for path in kept)
    assert list(elsewhere.glob("*/*.flat"))


_READER = """
import sys
from pathlib import Path
from crosslingual.library import Library
from crosslingual.search import SearchIndex, search_sentences
from tests.helpers.library_samples import article, asked, toy_space
space = toy_space()
with Library(Path(sys.argv[1])) as library:
    index = SearchIndex(library, space)
    print("ready", flush=True)
    seen = 0
    while not Path(sys.argv[2]).exists() or seen < 60:
        known = set(library.article_ids())
        round = f"Round {seen % 4} of {seen % 15}"
        hits = search_sentences(library, index, space, asked(f"{round}, line 2.")).hits
        for hit in hits:
            assert hit.sentence.text.startswith(("Round", "Sentence")), hit
        stored = article([f"{round}, line {n}." for n in range(5)]).id  # once removed it never comes again
        if stored in known and stored in set(library.article_ids()):
            assert any(hit.entry.article == stored for hit in hits), (stored, hits)
        seen += 1
print(seen)
"""
_WRITER = """
import sys
from pathlib import Path
from crosslingual.library import Library
from tests.helpers.library_samples import article, put
with Library(Path(sys.argv[1])) as library:
    for turn in range(4):
        rounds = [f"Round {turn} of {number}" for number in range(15)]
        articles = [article([f"{one}, line {n}." for n in range(5)]) for one in rounds]
        for one in articles:
            put(library, one)
        if turn < 3:
            library.remove_articles([one.id for one in articles])
Path(sys.argv[2]).touch()
"""


def test_two_processes_read_while_one_writes(library: Library, index: SearchIndex, tmp_path: Path) -> None:
    done = tmp_path / "done"
    environment = {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "OMP_NUM_THREADS": "1",
    }

    def start(programme: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", programme, str(library.path), str(done)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    readers = [start(_READER), start(_READER)]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "ready\n"
    writer = start(_WRITER)
    for process in (writer, *readers):
        _, told = process.communicate(timeout=240)
        assert process.returncode == 0, told
    assert finds_all(library, index)
    assert find_problems(library, index, SPACE) == []


def compressed(library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the one part that all sentences are in."""
    monkeypatch.setattr(maintenance, "MAX_EXACT_SENTENCES", 20)
    assert index.compact()
    (folder,) = generation(index).glob("*.cells")
    index.close()
    return folder


def flip_bit(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("name", ["cells.faiss", "basis.f32", "ids.i64", "vectors.crc32", "about.json"])
def test_a_flipped_bit_of_a_compressed_index_is_noticed_and_mended(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = compressed(library, index, monkeypatch)
    flip_bit(folder / name, (folder / name).stat().st_size // 2)
    assert find_problems(library, index, SPACE)
    assert finds_all(library, index), "it was made anew"
    assert find_problems(library, index, SPACE) == []


def test_a_flipped_bit_of_a_vector_ends_one_search_and_is_mended(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = compressed(library, index, monkeypatch)
    flip_bit(folder / "vectors.f16", 40)
    with pytest.raises(LibraryError, match="made anew; search again"):
        finds_all(library, index)
    assert finds_all(library, index)


def test_compressing_a_damaged_index_makes_it_anew(
    library: Library, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = compressed(library, index, monkeypatch)
    flip_bit(folder / "vectors.f16", 40)
    for number in range(30):
        put(library, article([f"One more, {number}."]))
    assert index.compact()
    assert finds_all(library, index)


@pytest.mark.parametrize(
    "name", ["../../library.db", "/etc/hostname", "..", "", "catalogue.db", "A" * 12 + ".flat"]
)
@pytest.mark.parametrize("kind", ["flat", "compressed"])
def test_a_part_is_nowhere_but_in_its_folder(
    library: Library, index: SearchIndex, name: str, kind: str
) -> None:
    assert finds_all(library, index)
    folder = generation(index)
    index.close()
    db = sqlite3.connect(folder / "catalogue.db")
    db.execute("UPDATE parts SET name = ?, kind = ?", (name, kind))
    db.commit()
    db.close()
    with pytest.raises(DamagedIndexError, match="as none is named"):
        maintenance.delete_parts(folder, [IndexPart(name, kind, "")])
    assert find_problems(library, index, SPACE)
    assert finds_all(library, index)
    assert library.find_damage() == []


def test_what_killed_processes_left_in_an_index_goes_with_the_next_change(
    library: Library, index: SearchIndex
) -> None:
    assert finds_all(library, index)
    here = generation(index)
    left = [
        here / "0123456789ab.flat",
        here / ".0123456789ab.cells.unfinished-99999999" / "cells.faiss",
        index.folder / "0123456789ab" / "catalogue.db",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    put(library, article(["One more."]))
    assert finds_all(library, index)
    assert not [path for path in left if path.exists() or (path.parent != here and path.parent.exists())]
    assert find_problems(library, index, SPACE) == []
