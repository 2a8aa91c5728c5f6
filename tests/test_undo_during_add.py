"""What is undone or merged while an add goes on: both end whole, whichever was first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import CrosslingualError
from crosslingual.library import Library, OperationDraft
from crosslingual.types import Article, Sentence, Source

LINES = tuple(f"On day {number} the harbour was closed." for number in range(60))


def store(library: Library, operation: OperationDraft, source: str, line: str) -> None:
    """One chunk of an add, as the pipeline stores it."""
    article = Article(source, "en", line)
    library.put_sources([Source(source, source.upper())], operation)
    library.add_articles(
        [(article, [Sentence(article.id, 0, 0, len(line), line)])],
        "toy",
        [line],
        np.ones((1, 4), np.float32),
        operation=operation,
    )


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as opened:
        yield opened


def held(library: Library) -> list[str]:
    return [article.text for article in library.load_articles()]


def test_an_add_that_is_undone_while_it_goes_on_ends_there(library: Library) -> None:
    adding = OperationDraft("add", "a folder")
    store(library, adding, "s", LINES[0])
    library.undo_operation(adding.id)
    with pytest.raises(CrosslingualError, match="undone meanwhile"):
        store(library, adding, "s", LINES[1])
    assert held(library) == []
    assert library.stored_sources() == []
    assert library.find_damage() == []


def test_an_undo_that_is_undone_lets_the_add_go_on(library: Library) -> None:
    adding = OperationDraft("add", "a folder")
    store(library, adding, "s", LINES[0])
    library.undo_operation(library.undo_operation(adding.id).id)
    store(library, adding, "s", LINES[1])
    assert held(library) == list(LINES[:2])
    library.undo_operation(adding.id)
    assert held(library) == []


def test_what_is_added_of_an_outlet_that_was_merged_goes_to_the_other(library: Library) -> None:
    library.edit_source(Source("paper", "Paper"))
    adding = OperationDraft("add", "a folder")
    store(library, adding, "daily", LINES[0])
    library.merge_sources("daily", "paper")
    store(library, adding, "daily", LINES[1])
    assert {article.source for article in library.load_articles()} == {"paper"}
    assert [source.id for source in library.stored_sources()] == ["paper"]
    library.undo_operation(adding.id)
    assert held(library) == []


def undo_add(library: Library, adding: OperationDraft) -> None:
    library.undo_operation(adding.id)


def merge_into_paper(library: Library, _: OperationDraft) -> None:
    library.merge_sources("daily", "paper")


@pytest.mark.parametrize("act", [undo_add, merge_into_paper])
def test_two_that_act_at_once_leave_a_whole_library(
    library_address: LibraryAddress, act: Callable[[Library, OperationDraft], None]
) -> None:
    adding = OperationDraft("add", "a folder")
    some_are_in, acted, ended = threading.Event(), threading.Event(), []
    with Library(library_address) as library:
        library.edit_source(Source("paper", "Paper"))

    def add_all() -> None:
        with Library(library_address) as own:
            try:
                for number, line in enumerate(LINES):
                    store(own, adding, "daily", line)
                    if number == 5:
                        some_are_in.set()
                    if number == 40:
                        acted.wait(60)
            except CrosslingualError as error:
                ended.append(str(error))

    writer = threading.Thread(target=add_all)
    writer.start()
    assert some_are_in.wait(60)
    with Library(library_address) as library:
        act(library, adding)
        acted.set()
        writer.join()
        assert library.find_damage() == []
        if act is undo_add:
            assert held(library) == []
            assert len(ended) == 1
        else:
            assert sorted(held(library)) == sorted(LINES)
            assert {article.source for article in library.load_articles()} == {"paper"}
            assert ended == []
