from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.compare.corrections import (
    MAX_PAIRS,
    group_corrections,
    manual_statements,
    store_correction,
    undo_correction,
)
from crosslingual.errors import InputError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library
from crosslingual.types import Article, Cell, Comparison, Correction, Event, MergeEdge, Source, Statement

ARTICLES = [Article(source, "en", "One here. Two there.") for source in ("a", "b", "c")]
A, B, C = ((article.id, 0) for article in ARTICLES)
EVENT = Event("e", "E", "", "", tuple(article.id for article in ARTICLES), ("a", "b", "c"), ("en",))


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    texts = ["One here.", "Two there."]
    with Library(library_address) as library:
        library.put_sources(Source(id_, id_.upper()) for id_ in "abc")
        library.add_articles(
            [(article, split_sentences(article)) for article in ARTICLES],
            "m",
            texts,
            np.eye(2, dtype=np.float32),
        )
        yield library


def test_a_rejected_sentence_is_apart_from_those_it_stood_with(library: Library) -> None:
    stroke = store_correction(library, EVENT, "reject", [list(A)], [list(B), list(C)])
    assert (stroke.kind, stroke.left, set(stroke.right)) == ("rejected", (A,), {B, C})
    (stored,) = library.load_corrections(EVENT.articles)
    assert (stored.kind, stored.left) == ("apart", (A,))
    assert stored.created_at.endswith("+00:00")


def test_what_is_split_off_stays_together_and_is_one_stroke(library: Library) -> None:
    stroke = store_correction(library, EVENT, "split", [A, B], [C])
    assert [one.kind for one in library.load_corrections()] == ["apart", "together"]
    assert [found.id for found in group_corrections(library.load_corrections())] == [stroke.id]
    assert undo_correction(library, EVENT, stroke.id).kind == "split"
    assert library.load_corrections() == []


def test_two_rows_are_joined(library: Library) -> None:
    stroke = store_correction(library, EVENT, "join", [A], [B, C])
    assert stroke.kind == "joined"
    assert [one.kind for one in library.load_corrections()] == ["together"]


def test_strokes_of_two_tabs_may_interleave() -> None:
    made = [
        Correction("x", "apart", (A,), (B,), "2024-05-16T10:00:00+00:00"),
        Correction("y", "together", (A,), (B,), "2024-05-16T10:00:00+00:00"),
        Correction("x+", "together", (A,), (B,), "2024-05-16T10:00:00+00:00"),
    ]
    assert [(stroke.id, len(stroke.corrections)) for stroke in group_corrections(made)] == [
        ("x", 2),
        ("y", 1),
    ]


@pytest.mark.parametrize(
    ("action", "one", "other"),
    [
        ("drop", [A], [B]),
        (None, [A], [B]),
        (["reject"], [A], [B]),
        ("reject", [], [B]),
        ("reject", [A], []),
        ("reject", [A], [A]),
        ("reject", "ab", [B]),
        ("reject", {"a": 1}, [B]),
        ("reject", None, [B]),
        ("reject", [A], [(B[0], 1)]),
        ("reject", [A], [(B[0], -1)]),
        ("reject", [A], [(B[0], 0.0)]),
        ("reject", [A], [(B[0], False)]),
        ("reject", [A], [("0" * 16, 0)]),
        ("reject", [A], [(B[0], "0")]),
        ("reject", [A], [(["x"], 0)]),
        ("reject", [A], [(B[0],)]),
        ("reject", [A], [7]),
        ("reject", [A], [("'; DROP TABLE corrections; --", 0)]),
        ("join", [A] * (MAX_PAIRS + 1), [B]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_nothing_from_outside_is_taken_on_trust(
    library: Library, action: object, one: object, other: object
) -> None:
    with pytest.raises(InputError):
        store_correction(library, EVENT, action, one, other)
    assert library.load_corrections() == []


def test_a_sentence_of_another_event_is_refused(library: Library) -> None:
    with pytest.raises(InputError, match="no longer in it"):
        store_correction(library, replace(EVENT, articles=EVENT.articles[:2]), "join", [A], [C])


@pytest.mark.parametrize("id_", ["", "x", None, 7, ["x"], "0" * 32])
def test_what_is_not_there_cannot_be_taken_back(library: Library, id_: object) -> None:
    stroke = store_correction(library, EVENT, "join", [A], [B])
    with pytest.raises(InputError, match="gone already"):
        undo_correction(library, EVENT, id_)
    undo_correction(library, EVENT, stroke.id)
    with pytest.raises(InputError, match="gone already"):
        undo_correction(library, EVENT, stroke.id)


def test_a_correction_of_another_event_cannot_be_taken_back_here(library: Library) -> None:
    stroke = store_correction(library, EVENT, "join", [A], [B])
    with pytest.raises(InputError):
        undo_correction(library, replace(EVENT, articles=EVENT.articles[2:]), stroke.id)
    assert library.load_corrections()


@pytest.mark.parametrize(("correction", "found"), [("x", {"s"}), ("", set())])
def test_a_statement_is_by_hand_where_nothing_else_ties_it(correction: str, found: set[str]) -> None:
    cells = tuple(
        Cell(source, id_, 0, 0, 9, "en", "One here.")
        for source, (id_, _) in zip("abc", (A, B, C), strict=True)
    )
    bonds = (MergeEdge((0, 0), (1, 0), 1.0, "x"), MergeEdge((1, 0), (2, 0), 0.9, correction))
    comparison = Comparison(
        EVENT, (), tuple(ARTICLES), (Statement("s", cells, 3, 3, 0, 0.9),), (), "m", 0.5, bonds, (), (), ()
    )
    assert manual_statements(comparison) == found
