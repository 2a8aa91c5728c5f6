from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, NotFoundError
from crosslingual.library import Library
from crosslingual.library.documents import Documents, FolderDocuments
from crosslingual.search import Filters, Results, SearchIndex, search_sentences
from crosslingual.search.saved import (
    SavedSearch,
    find_new_hits,
    find_saved_search,
    load_saved_searches,
    mark_as_viewed,
    remove_search,
    save_search,
)
from tests.helpers.library_samples import article, asked, put, toy_space


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        put(opened, article(["Rain fell.", "Nobody came."]))
        yield opened


def results(library: Library) -> Results:
    index = SearchIndex(library, toy_space())
    found = search_sentences(library, index, toy_space(), asked("Rain"))
    index.close()
    return found


def test_a_search_is_kept_with_its_filters(library_address: LibraryAddress) -> None:
    with Library(library_address) as library:
        _keep_searches(library.documents)


def _keep_searches(documents: Documents) -> None:
    filters = Filters(frozenset(["ru", "zh"]), since="2024-01-01")
    first, second = SavedSearch("б", "дождь", filters, "2024-x"), SavedSearch("a", "rain")
    save_search(documents, first)
    save_search(documents, second)
    assert load_saved_searches(documents) == [second, first]
    assert find_saved_search(documents, "б") == first
    changed = SavedSearch("a", "snow")
    save_search(documents, changed)
    assert load_saved_searches(documents) == [changed, first]
    remove_search(documents, "a")
    assert load_saved_searches(documents) == [first]
    with pytest.raises(NotFoundError, match="crosslingual search saved"):
        remove_search(documents, "a")


def test_new_is_what_was_not_there_when_it_was_last_looked_at(library: Library) -> None:
    search = mark_as_viewed(SavedSearch("rain", "Rain"), results(library))
    assert search.viewed_at
    assert find_new_hits(search, results(library)) == ()
    put(library, article(["Rain fell again."], source="other"))
    fresh = find_new_hits(search, results(library))
    assert [hit.sentence.text for hit in fresh] == ["Rain fell again."]
    assert find_new_hits(mark_as_viewed(search, results(library)), results(library)) == ()


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="printable"):
        save_search(FolderDocuments(tmp_path), SavedSearch(name, "rain"))


@pytest.mark.parametrize("content", ["", "[]", '{"searches": [1]}', '{"searches": [{"name": "a"}]}', "\x00"])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "searches.json").write_text(content)
    with pytest.raises(InputError, match="mend it or delete it"):
        load_saved_searches(FolderDocuments(tmp_path))


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_search(FolderDocuments(tmp_path), SavedSearch("a", "rain"))

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(InputError, match="No space"):
            save_search(FolderDocuments(tmp_path), SavedSearch("b", "snow"))
    assert [one.name for one in load_saved_searches(FolderDocuments(tmp_path))] == ["a"]


def test_searches_of_former_versions_are_read(tmp_path: Path) -> None:
    save_search(FolderDocuments(tmp_path), SavedSearch("a", "rain", viewed_at="2024-05-16T10:00:00+00:00"))
    path = tmp_path / "searches.json"
    path.write_text(path.read_text("utf-8").replace('"viewed_at"', '"looked"'), "utf-8")
    (search,) = load_saved_searches(FolderDocuments(tmp_path))
    assert search.viewed_at == "2024-05-16T10:00:00+00:00"
