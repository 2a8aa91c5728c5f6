"""What is undone leaves every row as it was: checked on the rows themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, LibraryError, NotFoundError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import MEMORY_ENGINE, Library, OperationDraft, encodable_texts
from crosslingual.library import history as module
from crosslingual.types import Article, Correction, Source, Translation
from tests.helpers.library_folders import sqlite_connection

MODEL = "model 1"
SOURCES = [Source(id_, id_.upper(), domains=(f"{id_}.example",)) for id_ in ("one", "two", "three")]
TEXTS = ("It rained. Nobody came.", "It snowed. Many came.", "The sun shone. Some came.", "Fog. Who knows.")


def put(library: Library, *articles: Article, told: str = "a file") -> str:
    """Store the articles as one add, and those of ``SOURCES`` that they are of."""
    act = OperationDraft("add", told)
    library.put_sources([one for one in SOURCES if one.id in {article.source for article in articles}], act)
    batch = [(article, split_sentences(article)) for article in articles]
    texts = list(dict.fromkeys(text for article, own in batch for text in encodable_texts(article, own)))
    library.add_articles(batch, MODEL, texts, np.ones((len(texts), 4), np.float32), operation=act)
    return act.id


def rows(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    """All that an act may change."""
    tables = ("sources", "articles", "sentences", "translations", "corrections", "corrected_sentences")
    with library._db.read_transaction() as db:
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}  # noqa: S608


def article(source: str, text: int, *, lang: str = "en") -> Article:
    return Article(source, lang, TEXTS[text], f"Title {text}", "2024-05-16", "", "A. Writer")


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


@pytest.fixture
def folder_library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def test_an_add_is_undone_with_all_that_it_added_and_nothing_else(library: Library) -> None:
    put(library, article("one", 0))
    library.memory.put_translations([("Да.", "ru", Translation("Yes.", "en", MEMORY_ENGINE))])
    before, revision = rows(library), library.revision
    act = put(library, article("one", 1), article("two", 0), told="b.jsonl")
    library.memory.put_translations(
        [(text, "ru", Translation("Sure.", "en", MEMORY_ENGINE)) for text in ("Да.", "Нет.")],
        OperationDraft("add", "", act),
    )
    after = rows(library)
    assert before != after
    (latest, *_) = library.load_operations()
    assert (latest.id, latest.kind, latest.description) == (act, "add", "b.jsonl")
    assert (latest.articles, latest.sources, latest.translations) == (2, 1, 2)
    undo = library.undo_operation(act)
    assert rows(library) == before
    assert library.revision != revision
    assert library.load_operations()[1].undone
    library.undo_operation(undo.id)
    assert rows(library) == after
    library.undo_operation()
    assert rows(library) == before


def test_an_earlier_add_is_undone_and_later_ones_stay(library: Library) -> None:
    first = put(library, article("one", 0))
    put(library, article("one", 1))
    library.undo_operation(first)
    assert library.load_articles() == [article("one", 1)]
    assert [source.id for source in library.stored_sources()] == ["one"]  # it is the other's too
    assert library.load_sentences([article("one", 1).id]) == {
        article("one", 1).id: split_sentences(article("one", 1))
    }


def test_what_was_there_before_stays_though_it_was_given_again(library: Library) -> None:
    put(library, article("one", 0))
    again = put(library, article("one", 0), article("one", 1))
    library.undo_operation(again)
    assert library.load_articles() == [article("one", 0)]


def test_an_article_that_came_again_is_not_that_of_the_first_act(library: Library) -> None:
    first = put(library, article("one", 0))
    library.remove_articles([article("one", 0).id])
    put(library, article("one", 0))
    library.undo_operation(first)
    assert library.load_articles() == [article("one", 0)]


def test_an_edited_source_outlives_the_add_that_brought_it(library: Library) -> None:
    act = put(library, article("one", 0))
    library.edit_source(replace(SOURCES[0], country="GB"))
    library.undo_operation(act)
    assert library.load_articles() == []
    assert library.stored_sources() == [replace(SOURCES[0], country="GB")]


def test_an_add_is_undone_though_its_source_was_merged(library: Library) -> None:
    act = put(library, article("one", 0))
    put(library, article("two", 1))
    library.merge_sources("one", "two")
    library.undo_operation(act)
    assert library.load_articles() == [article("two", 1)]


def test_removed_articles_come_back(library: Library) -> None:
    put(library, article("one", 0), article("one", 1))
    before = rows(library)
    assert library.remove_articles([article("one", 0).id, "0" * 16]) == 1
    assert library.existing_ids([article("one", 0).id]) == set()
    library.undo_operation()
    assert rows(library) == before
    assert library.remove_articles(["0" * 16]) == 0
    assert library.load_operations()[0].kind == "undo"  # what changes nothing is no act


def test_what_was_given_again_is_not_put_back(library: Library) -> None:
    put(library, article("one", 0))
    library.remove_articles([article("one", 0).id])
    put(library, article("one", 0))
    removal = library.load_operations()[1]
    with pytest.raises(LibraryError, match=r"changed since \(article .*\)"):
        library.undo_operation(removal.id)


def test_later_acts_on_the_same_are_undone_first(library: Library) -> None:
    put(library, article("one", 0), article("two", 1))
    first = library.merge_sources("one", "two")
    library.edit_source(SOURCES[2])
    second = library.merge_sources("two", "three")
    before = rows(library)
    with pytest.raises(LibraryError, match=f"crosslingual undo {second.id}"):
        library.undo_operation(first.id)
    assert rows(library) == before
    library.undo_operation(second.id)
    library.undo_operation(first.id)
    assert {one.source for one in library.load_articles()} == {"one", "two"}


def test_an_added_source_that_has_articles_is_not_undone(library: Library) -> None:
    act = library.edit_source(SOURCES[0])
    put(library, article("one", 0))
    with pytest.raises(LibraryError, match="changed since"):
        library.undo_operation(act.id)
    assert library.load_articles() == [article("one", 0)]


def test_an_undo_is_undone_until_something_else_is_done(library: Library) -> None:
    act = put(library, article("one", 0))
    undo = library.undo_operation(act)
    put(library, article("two", 0))
    with pytest.raises(LibraryError, match="something else was done since"):
        library.undo_operation(undo.id)
    with pytest.raises(LibraryError, match="undone already"):
        library.undo_operation(act)


@pytest.mark.parametrize("name", ["zz", "%", "'; DROP TABLE operations; --", "\udcff"])
def test_an_unknown_act_is_named(library: Library, name: str) -> None:
    put(library, article("one", 0))
    with pytest.raises(NotFoundError, match="no operation"):
        library.undo_operation(name)
    assert len(library.load_operations()) == 1


def test_a_library_in_which_nothing_was_done(library: Library) -> None:
    assert library.load_operations() == []
    with pytest.raises(NotFoundError, match="nothing to undo"):
        library.undo_operation()


def test_what_a_batch_is_called_is_one_bounded_line_that_steers_no_terminal(library: Library) -> None:
    put(library, article("one", 0), told="a\x1b[31m\nb\udcff\u202e" + "x" * 1_000)
    (act,) = library.load_operations()
    assert act.description.startswith("a?[31m?b??xxx")
    assert len(act.description) == 300


def test_old_acts_are_forgotten(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OPERATIONS", 3)
    first = put(library, article("one", 0))
    for number in range(4):
        library.edit_source(replace(SOURCES[1], owner=f"Owner {number}"))
    assert len(library.load_operations()) == 3
    with pytest.raises(NotFoundError):
        library.undo_operation(first)
    with library._db.read_transaction() as db:
        assert db.execute("SELECT count(*) FROM changes").fetchone() == (3,)
    assert library.load_articles() == [article("one", 0)]


def correction(number: int, one: Article, other: Article) -> Correction:
    return Correction(f"c{number}", "together", ((one.id, 0),), ((other.id, 0),), "2024-05-16T10:00:00+00:00")


STEPS = st.one_of(
    st.tuples(
        st.just("add"),
        st.lists(
            st.tuples(st.sampled_from(["one", "two", "three"]), st.integers(0, 3)), min_size=1, max_size=4
        ),
    ),
    st.tuples(st.just("remove"), st.integers(0, 9)),
    st.tuples(st.just("edit"), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("merge"), st.sampled_from([("one", "two"), ("two", "three"), ("three", "one")])),
    st.tuples(st.just("remove source"), st.sampled_from(["one", "two", "three"])),
    st.tuples(st.just("correct"), st.integers(0, 9)),
)


def take(library: Library, number: int, kind: str, what: Any) -> None:
    """One step; what cannot be done is left out."""
    held = library.load_articles()
    match kind:
        case "add":
            put(library, *(article(source, text) for source, text in what))
        case "remove" if held:
            library.remove_articles([held[what % len(held)].id])
        case "edit":
            with suppress(InputError):  # its name is that of the one that it was merged into
                library.edit_source(replace(SOURCES[what], owner=f"Owner {number}"))
        case "merge" if {*what} <= library.known_sources().keys():
            library.merge_sources(*what)
        case "remove source" if what in {source.id for source in library.stored_sources()}:
            library.remove_source(what)
        case "correct" if len(held) > 1:
            one, other = held[what % len(held)], held[(what + 1) % len(held)]
            library.add_corrections([correction(number, one, other)])


@settings(deadline=None, max_examples=60)  # each example reaches the disk
@given(st.lists(STEPS, min_size=1, max_size=7))
def test_undone_in_turn_every_act_leaves_the_rows_as_they_were(
    new_library: Callable[[], LibraryAddress], steps: list[tuple[str, Any]]
) -> None:
    with Library(new_library()) as library:
        seen = []
        for number, (kind, what) in enumerate(steps):
            if kind != "correct":  # corrections have an undo of their own
                before = rows(library)
                acts = len(library.load_operations())
                take(library, number, kind, what)
                if len(library.load_operations()) > acts:
                    seen.append((library.load_operations()[0].id, before, rows(library)))
            elif not seen:
                take(library, number, kind, what)
        for act, before, after in reversed(seen):
            assert rows(library) == after
            undo = library.undo_operation(act)
            assert rows(library) == before
            library.undo_operation(undo.id)
            assert rows(library) == after
            library.undo_operation()
            assert rows(library) == before


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, min_size=2, max_size=7), st.randoms())
def test_undone_in_any_order_the_library_stays_whole(
    new_library: Callable[[], LibraryAddress], steps: list[tuple[str, Any]], chance: Any
) -> None:
    with Library(new_library()) as library:
        for number, (kind, what) in enumerate(steps):
            take(library, number, kind, what)
        acts = [act.id for act in library.load_operations()]
        chance.shuffle(acts)
        for act in acts:
            before = rows(library)
            try:
                library.undo_operation(act)
            except LibraryError:
                assert rows(library) == before
            with library._db.read_transaction() as db:
                assert db.find_damage() == []
            for one in library.load_articles():
                assert library.load_sentences([one.id]) == {one.id: split_sentences(one)}
                assert library.existing_ids([one.id])


@settings(deadline=None, max_examples=40)
@given(st.sets(st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 3)), min_size=1))
def test_a_merge_keeps_every_article_once(
    new_library: Callable[[], LibraryAddress], given_: set[tuple[str, int]]
) -> None:
    with Library(new_library()) as library:
        library.put_sources(SOURCES)
        held = [article(source, text) for source, text in sorted(given_)]
        put(library, *held)
        library.add_corrections([correction(0, held[0], held[-1])] if len(held) > 1 else [])
        library.merge_sources("one", "two")
        found = library.load_articles()
        assert {one.source for one in found} == {"two"}
        assert sorted(one.text for one in found) == sorted({one.text for one in held})
        for one in found:
            assert library.load_sentences([one.id]) == {one.id: split_sentences(one)}
        ids = {one.id for one in found}
        for made in library.load_corrections():
            assert {id_ for id_, _ in made.left + made.right} <= ids


@pytest.mark.parametrize("what", ["merge", "remove", "undo"])
def test_a_full_disk_leaves_everything_as_it_was(folder_library: Library, what: str) -> None:
    many = [replace(article("one", 0), text=f"{number}. {TEXTS[0] * 100}") for number in range(40)]
    act = put(folder_library, *many)
    folder_library.put_sources(SOURCES)
    before = rows(folder_library)
    pages = sqlite_connection(folder_library).execute("PRAGMA page_count").fetchone()[0]
    sqlite_connection(folder_library).execute(f"PRAGMA max_page_count = {pages}")
    steps = {
        "merge": lambda: folder_library.merge_sources("one", "two"),
        "remove": lambda: folder_library.remove_source("one"),
        "undo": lambda: folder_library.undo_operation(act),
    }
    with pytest.raises(LibraryError, match="the disk is full"):
        steps[what]()
    assert rows(folder_library) == before
    sqlite_connection(folder_library).execute(f"PRAGMA max_page_count = {pages + 10_000}")
    steps[what]()
    assert rows(folder_library) != before


@pytest.mark.parametrize("delay", [0, 5, 10, 20, 40])
def test_a_kill_at_any_moment_leaves_a_merge_done_or_not_done(delay: int, tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.put_sources(SOURCES)
        many = [replace(article("one", 0), text=f"{number}. {TEXTS[0]}") for number in range(400)]
        put(library, *many)
        before = rows(library)
    code = (
        "import sys\nfrom pathlib import Path\nfrom crosslingual.library import Library\n"
        "library = Library(Path(sys.argv[1]))\nprint('open', flush=True)\n"
        "while True:\n    library.merge_sources('one', 'two')\n    library.undo()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        threading.Event().wait(delay / 1000)
        os.kill(process.pid, signal.SIGKILL)
    with Library(tmp_path, create=False) as library:
        merged = len(library.stored_sources()) == 2
        if merged:
            assert {one.source for one in library.load_articles()} == {"two"}
            assert len(library.load_articles()) == 400
            library.undo_operation()
        assert rows(library) == before
