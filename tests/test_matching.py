from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from crosslingual.align.margin import margin_scores
from crosslingual.align.matching import LIKELY, link_probabilities, match, order_features
from crosslingual.types import FloatArray

COSINES = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-1, 1, width=32)
)
DIMENSIONS = 64


def told(*meanings: tuple[int, ...]) -> FloatArray:
    """A sentence for each tuple of meanings, in a language that adds a little of its own."""
    rows = np.zeros((len(meanings), DIMENSIONS))
    for row, said in zip(rows, meanings, strict=True):
        row[list(said)] = 1
    rows += np.random.default_rng(len(meanings)).normal(scale=0.03, size=rows.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def pairs(src: FloatArray, tgt: FloatArray) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(found.src, found.tgt) for found in match(src, tgt)]


@given(COSINES)
def test_probabilities_are_probabilities_and_have_no_direction(cosines: FloatArray) -> None:
    found = link_probabilities(cosines)
    assert found.shape == cosines.shape
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(link_probabilities(cosines.T), found.T, atol=1e-5)


@pytest.mark.parametrize("order", ["as told", "reversed", "shuffled"])
def test_retellings_are_found_in_any_order(order: str) -> None:
    count = 12
    places = list(range(count))
    if order == "reversed":
        places.reverse()
    if order == "shuffled":
        places = np.random.default_rng(4).permutation(count).tolist()
    found = pairs(told(*((i,) for i in range(count))), told(*((i,) for i in places)))
    assert found == [((i,), (places.index(i),)) for i in range(count)]


def test_one_sentence_may_be_told_in_two() -> None:
    src = told((0,), (1, 2), (3,), (4,))
    tgt = told((0,), (1,), (2,), (3,), (5,))
    assert pairs(src, tgt) == [((0,), (0,)), ((1,), (1,)), ((1,), (2,)), ((2,), (3,))]


def test_articles_that_share_nothing_have_no_links() -> None:
    assert pairs(told(*((i,) for i in range(8))), told(*((i,) for i in range(20, 30)))) == []


def test_where_articles_agree_in_order_a_twin_out_of_order_is_less_likely() -> None:
    cosines = np.full((9, 9), 0.1, np.float32)
    np.fill_diagonal(cosines, 0.9)
    cosines[8, 8] = cosines[8, 0] = cosines[0, 8] = 0.6
    found = link_probabilities(cosines)
    assert found[8, 8] > found[8, 0]
    assert (order_features(found)[..., 1] == 1).all()
    assert not order_features(found[:, ::-1]).any(), "told backwards, order says nothing"


def test_scores_are_those_of_the_whole_table() -> None:
    src, tgt = told((0,), (1,), (2,)), told((2,), (1,), (0,), (4,))
    cosines = src @ tgt.T
    for found in match(src, tgt):
        place = found.src[0], found.tgt[0]
        assert found.score == pytest.approx(margin_scores(cosines)[place])
        assert found.probability == pytest.approx(link_probabilities(cosines)[place])
        assert found.probability >= LIKELY


def test_empty_sides_have_no_links_and_single_sentences_may() -> None:
    nothing, one = np.zeros((0, DIMENSIONS), np.float32), told((0,))
    assert match(nothing, one) == match(one, nothing) == match(nothing, nothing) == []
    assert pairs(one, told((0,))) == [((0,), (0,))]
    assert pairs(one, told((1,))) == []
    assert pairs(one, told((1,), (0,))) == [((0,), (1,))]


def test_within_one_language_likeness_counts_for_less() -> None:
    src, tgt = told((0, 9), (1,), (2,)), told((0, 8), (1,), (2,))
    across, within = match(src, tgt), match(src, tgt, same_language=True)
    assert {one.src for one in within} <= {one.src for one in across}
    for one, other in zip(
        [one for one in across if one.src in {two.src for two in within}], within, strict=True
    ):
        assert other.probability < one.probability
        assert other.score == one.score, "the margin is a ratio of what was measured"
