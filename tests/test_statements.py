from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.statements import Telling, find_statements, fold
from crosslingual.types import Alignment

Aligned = dict[tuple[int, int], list[Alignment]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Aligned, list[str]]:
    """Any links between any articles, several of one source among them; equal scores are likely."""
    sources = draw(st.lists(st.sampled_from("abcd"), min_size=2, max_size=6))
    sentence, rate = st.integers(0, 4), st.sampled_from([0.5, 0.75, 0.9, 1.0])
    aligned = {
        pair: [
            Alignment((i,), (j,), score, probability)
            for (i, j), score, probability in draw(
                st.lists(
                    st.tuples(st.tuples(sentence, sentence), rate, rate),
                    max_size=8,
                    unique_by=lambda one: one[0],
                )
            )
        ]
        for pair in combinations(range(len(sources)), 2)
    }
    return aligned, sources


def dense(articles: range, sentence: int, probability: float = 0.9) -> Aligned:
    link = Alignment((sentence,), (sentence,), 1.2, probability)
    return {pair: [link] for pair in combinations(articles, 2)}


def places(aligned: Aligned, sources: list[str]) -> list[list[tuple[int, int]]]:
    return [[(member.article, member.sentence) for member in group] for group in fold(aligned, sources)]


@given(tables())
def test_a_sentence_stands_in_one_statement_of_two_sources_or_in_none(
    table: tuple[Aligned, list[str]],
) -> None:
    aligned, sources = table
    groups = places(aligned, sources)
    members = [place for group in groups for place in group]
    assert len(members) == len(set(members))
    linked = {(pair[0], one.src[0]) for pair, found in aligned.items() for one in found}
    linked |= {(pair[1], one.tgt[0]) for pair, found in aligned.items() for one in found}
    assert set(members) <= linked
    for group in groups:
        assert group == sorted(group)
        assert len({sources[article] for article, _ in group}) >= 2
    assert groups == sorted(groups)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_links_does_not_matter(
    table: tuple[Aligned, list[str]], chance: random.Random
) -> None:
    aligned, sources = table
    pairs = list(aligned)
    chance.shuffle(pairs)
    shuffled = {pair: chance.sample(aligned[pair], len(aligned[pair])) for pair in pairs}
    assert fold(shuffled, sources) == fold(aligned, sources)


@given(tables())
def test_members_carry_their_best_link_to_another_source(table: tuple[Aligned, list[str]]) -> None:
    aligned, sources = table
    for group in fold(aligned, sources):
        inside = {(member.article, member.sentence) for member in group}
        for member in group:
            me = member.article, member.sentence
            rates: dict[bool, list[float]] = {True: [], False: []}
            for (a, b), found in aligned.items():
                for one in found:
                    ends = [(a, one.src[0]), (b, one.tgt[0])]
                    if me in ends and set(ends) <= inside:
                        rates[sources[a] != sources[b]].append(one.probability)
            assert member.probability == max(rates[True] or rates[False])


@pytest.mark.parametrize("count", [3, 4, 7])
def test_one_false_link_melts_no_statements(count: int) -> None:
    sources = list("abcdefg"[:count])
    aligned = {
        pair: [*found, *dense(range(count), 1)[pair]] for pair, found in dense(range(count), 0).items()
    }
    apart = [[(article, sentence) for article in range(count)] for sentence in range(2)]
    assert places(aligned, sources) == apart
    aligned[0, 1] = [*aligned[0, 1], Alignment((0,), (1,), 1.5, 0.89)]
    assert places(aligned, sources) == apart


def test_one_false_link_surer_than_all_others_moves_a_sentence_and_melts_no_statements() -> None:
    aligned = {pair: [*found, *dense(range(5), 1)[pair]] for pair, found in dense(range(5), 0).items()}
    aligned[0, 1] = [*aligned[0, 1], Alignment((0,), (1,), 1.5, 0.99)]
    assert sorted(map(len, places(aligned, list("abcde")))) == [4, 6]


def test_one_false_link_between_statements_of_three_different_sources_each_ties_nothing() -> None:
    aligned = dense(range(3), 0) | dense(range(3, 6), 0)
    aligned[2, 3] = [Alignment((0,), (0,), 1.5, 0.6)]
    assert places(aligned, list("abcdef")) == [[(0, 0), (1, 0), (2, 0)], [(3, 0), (4, 0), (5, 0)]]


def test_a_sentence_told_in_two_stands_beside_both() -> None:
    split: Aligned = {(0, 1): [Alignment((0,), (0,), 1.2, 0.9), Alignment((0,), (1,), 1.1, 0.8)]}
    assert places(split, ["a", "b"]) == [[(0, 0), (1, 0), (1, 1)]]
    together: Aligned = {(0, 1): [Alignment((0,), (0, 1), 1.2, 0.9)]}
    assert places(together, ["a", "b"]) == [[(0, 0), (1, 0), (1, 1)]]


def test_what_only_one_source_says_is_no_statement_however_often() -> None:
    assert places(dense(range(3), 0), ["a", "a", "a"]) == []
    assert fold({}, ["a", "b"]) == []


def test_tellings_without_sentences_and_alone() -> None:
    one = np.eye(3, 8, dtype=np.float32)
    nothing = np.zeros((0, 8), np.float32)
    assert find_statements([]) == []
    assert find_statements([Telling("a", "a", one)]) == []
    assert find_statements([Telling("a", "a", one), Telling("b", "b", nothing)]) == []
    both = find_statements([Telling("a", "a", one), Telling("b", "b", nothing), Telling("c", "c", one)])
    assert [[(member.article, member.sentence) for member in group] for group in both] == [
        [(0, i), (2, i)] for i in range(3)
    ]
