"""An article that changes at its address: the newest counts, former ones are kept, and an undo gives them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import LibraryError, NotFoundError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, OperationDraft, encodable_texts
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingUnit, make_passage
from crosslingual.library.events import NewEvent
from crosslingual.library.transfer import back_up_library, restore_library
from crosslingual.types import Article, Correction, Source

MODEL = "model 1"
FIRST = Article(
    "north",
    "en",
    "The bridge opened on Monday. It cost 3 million. Nobody paid for the old ferry.",
    "The bridge",
    "2024-05-16",
    "https://north.example/bridge",
)
SECOND = replace(FIRST, text="The bridge opened on Monday. It cost 5 million. The mayor has resigned.")
THIRD = replace(
    FIRST, text="The mayor has resigned. The bridge opened on Monday. It cost 5 million.", title="He goes"
)


def put(library: Library, *articles: Article) -> str:
    """Store the articles as one add; the id of the operation."""
    operation = OperationDraft("add", "a file")
    library.put_sources([Source(id_, id_.upper()) for id_ in {one.source for one in articles}], operation)
    batch = [(article, split_sentences(article)) for article in articles]
    texts = list(dict.fromkeys(text for article, own in batch for text in encodable_texts(article, own)))
    library.add_articles(batch, MODEL, texts, np.ones((len(texts), 4), np.float32), operation=operation)
    return operation.id


def texts(library: Library, article: Article) -> list[str]:
    return [version.article.text for version in library.load_versions(article.id)]


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


def test_the_newest_counts_and_former_ones_are_read_by_any_id(library: Library) -> None:
    for article in (FIRST, SECOND, THIRD):
        put(library, article)
    assert library.load_articles() == [THIRD]
    for article in (FIRST, SECOND, THIRD):
        versions = library.load_versions(article.id)
        assert [one.article for one in versions] == [FIRST, SECOND, THIRD]
        assert [bool(one.replaced_at) for one in versions] == [True, True, False]
        assert versions[0].sentences == split_sentences(FIRST)
    assert [*library.changed_articles()] == [THIRD.id]
    assert library.changed_articles([FIRST.id]) == library.changed_articles([THIRD.id]) != {}
    assert library.changed_articles(["none"]) == {}
    assert library.articles_at(FIRST.url) == [THIRD.id]
    with pytest.raises(NotFoundError, match="no article 'none'"):
        library.load_versions("none")


def test_a_text_that_stood_there_before_is_known(library: Library) -> None:
    put(library, FIRST)
    put(library, SECOND)
    laid_out = replace(FIRST, text=FIRST.text.replace(". ", ".\n\n"))
    elsewhere = replace(FIRST, source="south")
    assert library.find_existing([FIRST, laid_out, SECOND, elsewhere]) == {
        FIRST.id: SECOND.id,
        laid_out.id: SECOND.id,
        SECOND.id: SECOND.id,
    }


@pytest.mark.parametrize(
    "other",
    [
        replace(SECOND, url=""),
        replace(SECOND, source="south"),
        replace(SECOND, url="https://north.example/other"),
        replace(FIRST, text="Snow fell in the hills. A road was closed.", title="Snow"),
        replace(FIRST, text="Snow fell in the hills. A road was closed.", date="2024-05-20"),
    ],
    ids=["no address", "another source", "another address", "nothing in common", "same title, another day"],
)
def test_another_article_is_no_version(other: Article, library: Library) -> None:
    put(library, FIRST)
    put(library, other)
    assert {one.id for one in library.load_articles()} == {FIRST.id, other.id}
    assert library.changed_articles() == {}


def test_articles_that_are_given_the_address_of_a_site_stay_apart(library: Library) -> None:
    home = "https://north.example/"
    put(library, replace(FIRST, url=home), replace(SECOND, url=home))
    assert len(library.article_ids()) == 2


def test_versions_in_one_file_and_one_dated_earlier(library: Library) -> None:
    put(library, SECOND, replace(THIRD, date="2024-05-18"))
    put(library, FIRST)  # found in an archive later: dated as the second, earlier than the newest
    put(library, replace(FIRST, text=f"{FIRST.text} Sunny.", date="2024-05-15"))
    assert library.load_articles() == [replace(THIRD, date="2024-05-18")]
    dates = [one.article.date for one in library.load_versions(THIRD.id)]
    assert dates == ["2024-05-15", "2024-05-16", "2024-05-16", "2024-05-18"]


def test_undo_gives_the_former_state_back_and_its_undo_the_newer(library: Library) -> None:
    put(library, FIRST)
    second = put(library, SECOND)
    undo = library.undo_operation(second)
    assert library.load_articles() == [FIRST]
    assert library.load_sentences([FIRST.id])[FIRST.id] == split_sentences(FIRST)
    assert texts(library, FIRST) == [FIRST.text]
    library.undo_operation(undo.id)
    assert library.load_articles() == [SECOND]
    assert texts(library, SECOND) == [FIRST.text, SECOND.text]


def test_undo_of_an_add_takes_out_what_is_a_former_version_by_now(library: Library) -> None:
    first = put(library, FIRST)
    second = put(library, SECOND)
    library.undo_operation(first)
    assert texts(library, SECOND) == [SECOND.text]
    library.undo_operation(second)
    assert library.article_ids() == []


def test_undo_of_an_add_in_the_middle_names_what_is_to_be_undone_first(library: Library) -> None:
    put(library, FIRST)
    second = put(library, SECOND)
    third = put(library, THIRD)
    with pytest.raises(LibraryError, match=f"undo that first: crosslingual undo {third}"):
        library.undo_operation(second)
    assert texts(library, THIRD) == [FIRST.text, SECOND.text, THIRD.text]
    library.undo_operation(third)
    library.undo_operation(second)
    assert library.load_articles() == [FIRST]


def test_removal_takes_all_versions_and_gives_them_back(library: Library) -> None:
    put(library, FIRST)
    second = put(library, SECOND)
    library.remove_articles([SECOND.id])
    removal = library.load_operations()[0]
    with pytest.raises(NotFoundError):
        library.load_versions(FIRST.id)
    library.undo_operation(removal.id)
    assert texts(library, FIRST) == [FIRST.text, SECOND.text]
    library.remove_source("north")
    library.undo_operation(second)  # of what is gone nothing comes back
    assert library.article_ids() == []
    assert library.changed_articles() == {}


def test_what_was_merged_keeps_its_versions(library: Library) -> None:
    put(library, FIRST)
    second = put(library, SECOND)
    put(library, replace(SECOND, source="south"))
    library.merge_sources("north", "south")
    (newest,) = library.load_articles()
    assert [one.article.source for one in library.load_versions(newest.id)] == ["south", "south"]
    assert texts(library, FIRST) == [FIRST.text, SECOND.text]
    with pytest.raises(LibraryError, match="undo that first"):
        library.undo_operation(second)
    library.undo_operation()
    assert texts(library, SECOND) == [FIRST.text, SECOND.text]


def test_what_a_person_said_of_a_sentence_goes_with_it(library: Library) -> None:
    other = Article("south", "en", "A bridge was opened.", "", "2024-05-16")
    put(library, FIRST, other)
    stays, goes = (FIRST.text.index(words) for words in ("The bridge", "Nobody"))
    library.add_corrections(
        [
            Correction(id_, "together", ((FIRST.id, start),), ((other.id, 0),), "2024-05-20T10:00:00+00:00")
            for id_, start in (("stays", stays), ("goes", goes))
        ]
    )
    code = Code("Cost")
    library.add_codes([code])
    passage = make_passage(FIRST.id, FIRST.text, stays + 4, stays + 10)
    library.add_coding(CodingUnit("span", (passage,)), Coding(code.id, "Ann"))
    third = put(library, THIRD)
    moved = THIRD.text.index("The bridge")
    assert {one.id: one.left for one in library.load_corrections()} == {
        "stays": ((THIRD.id, moved),),
        "goes": ((FIRST.id, goes),),
    }
    (unit,) = library.load_coding_units()
    assert [(one.article, one.start, one.end) for one in unit.passages] == [(THIRD.id, moved + 4, moved + 10)]
    library.undo_operation(third)
    assert {one.id: one.left for one in library.load_corrections()}["stays"] == ((FIRST.id, stays),)
    (unit,) = library.load_coding_units()
    assert [(one.article, one.start) for one in unit.passages] == [(FIRST.id, stays + 4)]


def test_the_newest_stands_in_the_event_of_the_former(library: Library) -> None:
    put(library, FIRST)
    (entry,) = library.ungrouped_entries()
    library.store_grouping({entry.number: -1}, {-1: NewEvent("2024-05-16-north", "")}, {})
    before = {number: [one.article for one in own] for number, own in library.event_entries().items()}
    put(library, SECOND)
    after = {number: [one.article for one in own] for number, own in library.event_entries().items()}
    assert {number: [SECOND.id] for number in before} == after
    assert library.ungrouped_entries() == []


def test_compact_leaves_versions_and_a_backup_has_them(
    library: Library, library_address: LibraryAddress, tmp_path: Path
) -> None:
    put(library, FIRST)
    put(library, SECOND)
    library.forget_removed()
    assert library.find_damage() == []
    back_up_library(library_address, tmp_path / "backup.db")
    restore_library(tmp_path / "backup.db", tmp_path / "copy")
    with Library(tmp_path / "copy", create=False) as copy:
        assert texts(copy, SECOND) == [FIRST.text, SECOND.text]
        assert copy.load_vectors(MODEL, ["Nobody paid for the old ferry."]).shape == (1, 4)


def test_damage_of_a_former_version_is_told(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        put(library, FIRST)
        put(library, SECOND)
        with library._db.write_transaction() as db:
            db.execute("UPDATE article_versions SET text = 'Another.'")
        assert library.find_damage() == ["former versions: 1 not as stored"]
