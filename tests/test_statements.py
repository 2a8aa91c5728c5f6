from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.matching import PairProbabilities
from crosslingual.compare.statements import (
    DEFAULT_THRESHOLD,
    MIN_PERHAPS_PROBABILITY,
    MIN_PROBABILITY,
    build_merge_forest,
    cut_forest,
    find_perhaps,
    row_probability,
)
from crosslingual.types import SentenceIndex

Linked = dict[tuple[SentenceIndex, SentenceIndex], float]
SIZE = 5


def likeness(articles: int, linked: Linked) -> PairProbabilities:
    """Of articles of ``SIZE`` sentences, with these probabilities and no others."""
    table = np.zeros((articles * SIZE,) * 2, np.float32)
    for ((a, i), (b, j)), probability in linked.items():
        table[a * SIZE + i, b * SIZE + j] = table[b * SIZE + j, a * SIZE + i] = probability
    numbers = np.arange(articles * SIZE)
    return PairProbabilities(numbers // SIZE, numbers % SIZE, table, table)


def rows(
    articles: int,
    linked: Linked,
    threshold: float = 0.5,
    *,
    together: Iterable[tuple[SentenceIndex, SentenceIndex]] = (),
    apart: Iterable[tuple[SentenceIndex, SentenceIndex]] = (),
) -> list[list[SentenceIndex]]:
    bonds = build_merge_forest(
        likeness(articles, linked), dict.fromkeys(together, "t"), dict.fromkeys(apart, "a")
    )
    return [list(group) for group, _ in cut_forest(bonds, threshold, [str(a) for a in range(articles)])]


def dense(articles: Iterable[int], sentence: int, probability: float = 0.9) -> Linked:
    return {((a, sentence), (b, sentence)): probability for a, b in combinations(articles, 2)}


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, Linked]:
    """Any links between any articles; equal ones are likely."""
    articles = draw(st.integers(2, 5))
    place = st.tuples(st.integers(0, articles - 1), st.integers(0, SIZE - 1))
    pairs = draw(
        st.dictionaries(
            st.tuples(place, place).filter(lambda pair: pair[0] < pair[1] and pair[0][0] != pair[1][0]),
            st.sampled_from([0.2, 0.35, 0.5, 0.75, 0.9, 1.0]),
            max_size=25,
        )
    )
    return articles, pairs


@given(tables(), st.sampled_from([0.3, 0.5, 0.8]))
def test_a_statement_is_of_two_sources_and_has_each_sentence_once(
    table: tuple[int, Linked], threshold: float
) -> None:
    articles, linked = table
    sources = ["a", "b", "a", "c", "b"][:articles]
    bonds = build_merge_forest(likeness(articles, linked))
    groups = cut_forest(bonds, threshold, sources)
    assert len({group for group, _ in groups}) == len(groups)
    assert {place for group, _ in groups for place in group} <= {
        place for pair, probability in linked.items() if probability >= MIN_PROBABILITY for place in pair
    }
    for group, sure in groups:
        assert list(group) == sorted(set(group))
        assert len({sources[article] for article, _ in group}) >= 2
        assert threshold <= sure <= 1
    assert groups == sorted(groups)


@given(tables())
def test_bonds_are_a_forest_surest_first(table: tuple[int, Linked]) -> None:
    articles, linked = table
    bonds = build_merge_forest(likeness(articles, linked))
    assert [bond.probability for bond in bonds] == sorted((bond.probability for bond in bonds), reverse=True)
    homes: dict[SentenceIndex, set[SentenceIndex]] = {}
    for bond in bonds:
        if bond.is_secondary:
            continue
        assert bond.left < bond.right
        assert MIN_PROBABILITY <= bond.probability <= 1
        one, other = (homes.setdefault(place, {place}) for place in (bond.left, bond.right))
        assert one is not other, "a bond joins what was not joined"
        one |= other
        homes.update(dict.fromkeys(other, one))


@given(tables(), st.floats(0.3, 1), st.floats(0.3, 1))
def test_the_statements_of_a_higher_threshold_are_parts_of_those_of_a_lower(
    table: tuple[int, Linked], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    wide = rows(*table, low)
    for group in rows(*table, high):
        assert any(set(group) <= set(larger) for larger in wide)


@given(tables(), st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_the_articles_come(
    table: tuple[int, Linked], chance: random.Random
) -> None:
    articles, linked = table
    distinct = {pair: 0.3 + 0.6 * place / len(linked) for place, pair in enumerate(linked)}
    order = chance.sample(range(articles), articles)

    def moved(place: SentenceIndex) -> SentenceIndex:
        return order[place[0]], place[1]

    shuffled: Linked = {}
    for pair, probability in distinct.items():
        one, other = sorted(map(moved, pair))
        shuffled[one, other] = probability
    expected = sorted(sorted(map(moved, group)) for group in rows(articles, distinct))
    assert sorted(rows(articles, shuffled)) == expected


@given(tables(), st.data())
def test_what_a_person_parts_is_never_together_and_what_he_joins_always(
    table: tuple[int, Linked], data: st.DataObject
) -> None:
    articles, linked = table
    place = st.tuples(st.integers(0, articles - 1), st.integers(0, SIZE - 1))
    pair = data.draw(st.tuples(place, place).filter(lambda both: both[0][0] < both[1][0]))
    assert not any(set(pair) <= set(group) for group in rows(articles, linked, MIN_PROBABILITY, apart=[pair]))
    assert any(set(pair) <= set(group) for group in rows(articles, linked, 1.0, together=[pair]))


@pytest.mark.parametrize("count", [3, 4, 7])
def test_one_false_link_melts_no_statements(count: int) -> None:
    linked = dense(range(count), 0) | dense(range(count), 1)
    apart = [[(article, sentence) for article in range(count)] for sentence in range(2)]
    assert rows(count, linked) == apart
    assert rows(count, linked | {((0, 0), (1, 1)): 0.89}) == apart


def test_one_false_link_between_three_sources_each_ties_nothing() -> None:
    linked = dense(range(3), 0) | dense(range(3, 6), 0) | {((2, 0), (3, 0)): 0.8}
    assert rows(6, linked) == [[(0, 0), (1, 0), (2, 0)], [(3, 0), (4, 0), (5, 0)]]


def test_a_sentence_told_in_two_stands_beside_both() -> None:
    split = {((0, 0), (1, 0)): 0.9, ((0, 0), (1, 1)): 0.8}
    assert rows(2, split) == [[(0, 0), (1, 0), (1, 1)]]


def test_a_sentence_that_joins_what_two_others_tell_apart_stands_with_both() -> None:
    linked = dense((0, 2), 0) | dense((0, 2), 1)
    linked |= {((article, sentence), (4, 0)): 0.9 for article in (0, 2) for sentence in (0, 1)}
    assert rows(5, linked) == [[(0, 0), (2, 0), (4, 0)], [(0, 1), (2, 1), (4, 0)]]


def test_a_row_is_as_sure_as_its_weakest_bond() -> None:
    bonds = build_merge_forest(
        likeness(3, {((0, 0), (1, 0)): 0.9, ((1, 0), (2, 0)): 0.8, ((0, 0), (2, 0)): 0.8})
    )
    ((group, sure),) = cut_forest(bonds, 0.5, ["a", "b", "c"])
    assert len(group) == 3
    weakest, strongest = row_probability(np.array([0.8, 0.9], np.float32))
    assert sure == pytest.approx(weakest)
    assert cut_forest(bonds, 0.85, ["a", "b", "c"])[0][1] == pytest.approx(strongest)


def test_what_is_sure_is_surer_than_its_links_and_the_threshold_stays_where_it_is() -> None:
    found = row_probability(np.array([0, 0.3, DEFAULT_THRESHOLD, 0.9, 1], np.float32))
    assert (np.diff(found) > 0).all()
    assert found[1] < 0.3
    assert found[2] == pytest.approx(DEFAULT_THRESHOLD)
    assert 0.9 < found[3] < found[4] <= 1


def test_what_only_one_source_says_is_no_statement_however_often() -> None:
    assert cut_forest(build_merge_forest(likeness(3, dense(range(3), 0))), 0.5, ["a", "a", "a"]) == []


def test_a_contradiction_is_settled_for_what_was_parted() -> None:
    join = [((0, 0), (1, 0)), ((1, 0), (2, 0))]
    found = rows(3, {}, together=join, apart=[((0, 0), (2, 0))])
    assert found == [[(0, 0), (1, 0)]]


def test_nothing_gives_no_bonds() -> None:
    nothing = np.zeros(0, np.intp)
    empty = np.zeros((0, 0), np.float32)
    assert build_merge_forest(PairProbabilities(nothing, nothing, empty, empty)) == []
    assert build_merge_forest(likeness(2, {})) == []


def test_a_sentence_that_says_what_two_rows_say_stands_in_both() -> None:
    told = (
        dense(range(3), 0) | dense(range(3), 1) | {((3, 0), (a, i)): 0.8 for a in range(3) for i in range(2)}
    )
    told = {(min(pair), max(pair)): probability for pair, probability in told.items()}
    found = rows(4, told)
    assert [[place for place in row if place[0] < 3] for row in found] == [
        [(0, 0), (1, 0), (2, 0)],
        [(0, 1), (1, 1), (2, 1)],
    ]
    assert all((3, 0) in row for row in found)
    assert sum((3, 0) in row for row in rows(4, told, apart=[((0, 1), (3, 0))])) == 1


@given(tables(), st.sampled_from([0.3, 0.5, 0.8]))
def test_less_sure_shows_more(table: tuple[int, Linked], threshold: float) -> None:
    articles, told = table
    more, less = (rows(articles, told, level) for level in (threshold, threshold + 0.1))
    assert all(any(set(row) <= set(other) for other in more) for row in less)


def test_what_may_say_a_row_is_the_likeliest_sentence_of_each_source() -> None:
    told = {
        ((0, 0), (1, 0)): 0.9,
        ((0, 0), (2, 1)): 0.4,
        ((1, 0), (2, 2)): 0.3,
        ((0, 0), (3, 0)): MIN_PERHAPS_PROBABILITY / 2,
    }
    event = likeness(4, told)
    members = np.array([event.row_of((0, 0)), event.row_of((1, 0))])
    ((place, probability, _),) = find_perhaps(event, members, ["a", "b", "c", "d"])
    assert place == (2, 1)
    assert probability == pytest.approx(0.4)
    ((place, _, _),) = find_perhaps(event, members, ["a", "b", "c", "d"], {((0, 0), (2, 1)): "apart"})
    assert place == (2, 2)
    ((_, probability, _),) = find_perhaps(event, members, ["a", "b", "c", "d"], group_probability=0.9)
    assert probability == pytest.approx(0.36)
    assert find_perhaps(event, members, ["a", "b", "c", "d"], group_probability=0.1) == []
    assert find_perhaps(event, members, ["a", "b", "a", "b"]) == []
