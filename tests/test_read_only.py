"""A library that cannot be written is read: events, comparison, copies, search; what would be kept is left out."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crosslingual.align.space import Space
from crosslingual.compare.comparison import compare_event
from crosslingual.errors import LibraryError
from crosslingual.events.clustering import find_events
from crosslingual.events.duplicates import find_duplicates
from crosslingual.library import Library
from crosslingual.search import SearchIndex, search_sentences
from tests.helpers.library_folders import sqlite_connection
from tests.helpers.library_samples import article, asked, put, toy_space
from tests.helpers.read_only import read_only

LINE = "The harbour was closed on Monday."


def find_texts(index: SearchIndex, library: Library) -> list[str]:
    results = search_sentences(library, index, toy_space(), asked(LINE), limit=9)
    return sorted(hit.sentence.text for hit in results.hits)


@pytest.mark.parametrize("with_logs", [False, True])
def test_what_cannot_be_written_is_read(
    demo_library: Library,
    demo_space: Space,
    tmp_path: Path,
    with_logs: bool,
) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    with sqlite3.connect(folder / "library.db") as copy:
        sqlite_connection(demo_library).backup(copy)
    copy.close()
    with Library(folder) as writable:
        find_events(writable, demo_space)
    keeps_logs = sqlite3.connect(folder / "library.db")
    if with_logs:
        keeps_logs.execute("SELECT * FROM articles").fetchone()
    else:
        keeps_logs.close()
    before = sorted(path.name for path in folder.rglob("*"))
    with read_only(folder), Library(folder, create=False) as library:
        events = find_events(library, demo_space, target_lang="en")
        compared = compare_event(library, demo_space, events[0], target_lang="en")
        assert compared.statements
        find_duplicates(library, demo_space)
        index = SearchIndex(library, demo_space)
        with index.open_snapshot() as view:
            assert view.n_sentences == sum(map(len, library.load_sentences(library.article_ids()).values()))
        assert index.warning == ""
        index.close()
        with pytest.raises(LibraryError, match="cannot be written"):
            library.remove_articles(library.article_ids())
        assert sorted(path.name for path in folder.rglob("*")) == before
    keeps_logs.close()


def test_what_waits_for_an_event_goes_on_waiting_where_nothing_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library, article([LINE]), article([LINE + " Again."], source="other"))
    with read_only(folder), Library(folder) as library:
        assert find_events(library, toy_space()) == []
        assert len(library.ungrouped_entries()) == 2


def test_an_index_that_cannot_be_written_is_read_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library, article([LINE]))
        index = SearchIndex(library, toy_space())
        assert find_texts(index, library) == [LINE]
        index.close()
    with read_only(folder), Library(folder) as library:
        index = SearchIndex(library, toy_space())
        assert (find_texts(index, library), index.warning) == ([LINE], "")
        index.close()
    with Library(folder) as library:
        put(library, article(["The bridge is open."], source="t"))
    with read_only(folder), Library(folder) as library:
        index = SearchIndex(library, toy_space())
        assert find_texts(index, library) == [LINE]
        assert "cannot be brought up to date" in index.warning
        with pytest.raises(LibraryError, match="cannot be written"):
            index.rebuild()
        index.close()
    with Library(folder) as library:
        index = SearchIndex(library, toy_space())
        assert len(find_texts(index, library)) == 2
        assert index.warning == ""
        index.close()


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("crosslingual.search.index.update_index", refuse)
        yield


def sqlite_error(code: int, name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        sqlite_error(sqlite3.SQLITE_FULL, "SQLITE_FULL"),
        sqlite_error(sqlite3.SQLITE_BUSY, "SQLITE_BUSY"),
    ],
    ids=str,
)
def test_on_a_full_disk_the_index_that_is_there_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with Library(tmp_path / "library") as library:
        put(library, article([LINE]))
        index = SearchIndex(library, toy_space())
        assert find_texts(index, library) == [LINE]
        generation = index._generation
        put(library, article(["The bridge is open."], source="t"))
        with full_disk(monkeypatch, error):
            assert find_texts(index, library) == [LINE]
            assert "what was added since is not searched" in index.warning
            assert "\n" not in index.warning
        assert len(find_texts(index, library)) == 2
        assert (index.warning, index._generation) == ("", generation), "no damage: not made anew"
        shutil.rmtree(index.folder)
        index.close()
        with full_disk(monkeypatch, error), pytest.raises(LibraryError, match="cannot be written"):
            find_texts(index, library)


def test_what_can_be_written_again_is_written_without_being_opened_again(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library, article([LINE]))
    with read_only(folder):
        library = Library(folder)
        with pytest.raises(LibraryError, match="permissions of its folder and the room on the disk"):
            library.remove_articles(library.article_ids())
        assert len(library.article_ids()) == 1
    assert library.remove_articles(library.article_ids()) == 1
    assert library.article_ids() == []
    library.close()
