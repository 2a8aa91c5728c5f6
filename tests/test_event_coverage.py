from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.align import event_coverage as module
from crosslingual.align.event_coverage import SAME_LANGUAGE_OFFSET, EventCoverage
from crosslingual.embeddings.token_states import TokenVectors, normalize_rows
from crosslingual.types import FloatArray

LANGS = ("zh", "ru", "en")


def event(sizes: list[list[int]], seed: int = 0) -> tuple[list[TokenVectors], np.ndarray]:
    """Articles of sentences of so many random tokens."""
    chance = np.random.default_rng(seed)
    sentences = [
        TokenVectors(
            normalize_rows(chance.standard_normal((count, 8), np.float32)),
            chance.uniform(1, 9, count).astype(np.float32),
        )
        for article in sizes
        for count in article
    ]
    return sentences, np.concatenate([[0], np.cumsum([len(article) for article in sizes])]).astype(np.intp)


def by_hand(ours: list[TokenVectors], theirs: list[TokenVectors]) -> float:
    """Coverage of a run of sentences by another, token by token."""
    total = weight = 0.0
    for one in ours:
        for vector, own in zip(one.vectors, one.weights, strict=True):
            total += own * max(float(vector @ other) for two in theirs for other in two.vectors)
            weight += own
    return total / weight


SIZES = st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=4), min_size=2, max_size=3)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (1, 3)]), st.integers(0, 9))
def test_runs_are_covered_as_counted_token_by_token(
    sizes: list[list[int]], run: tuple[int, int], seed: int
) -> None:
    sentences, starts = event(sizes, seed)
    found = EventCoverage(sentences, starts, LANGS[: len(sizes)]).run_coverage(*run)
    size, other = run
    for a, one in enumerate(sizes):
        for b, two in enumerate(sizes):
            for i in range(len(one)):
                for j in range(len(two)):
                    value = found[starts[a] + i, starts[b] + j]
                    if i + size > len(one) or j + other > len(two):
                        assert value == -1
                    elif a != b:
                        ours = sentences[starts[a] + i : starts[a] + i + size]
                        theirs = sentences[starts[b] + j : starts[b] + j + other]
                        assert value == pytest.approx(by_hand(ours, theirs), abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(0, 9), st.data())
def test_gain_is_what_a_sentence_adds_beyond_the_other_partners(
    sizes: list[list[int]], seed: int, data: st.DataObject
) -> None:
    sentences, starts = event(sizes, seed)
    count = len(sentences)
    article = np.repeat(np.arange(len(sizes)), [len(one) for one in sizes])
    partners = np.array(data.draw(st.lists(st.booleans(), min_size=count**2, max_size=count**2))).reshape(
        count, count
    )
    partners &= article[:, None] != article[None, :]
    coverage = EventCoverage(sentences, starts, LANGS[: len(sizes)])
    rows, columns = np.nonzero(article[:, None] != article[None, :])
    found = np.zeros(partners.shape)
    found[rows, columns] = coverage.marginal_coverage(partners, 0.1, rows, columns)
    for i in range(count):
        for j in range(count):
            if article[i] == article[j]:
                continue
            expected = weight = 0.0
            for vector, own in zip(sentences[i].vectors, sentences[i].weights, strict=True):
                near = [float((sentences[k].vectors @ vector).max()) for k in range(count)]
                beside = [
                    near[k] for k in range(count) if partners[i, k] and article[k] == article[j] and k != j
                ]
                expected += own * max(0.0, near[j] - max([0.1, *beside]))
                weight += own
            assert found[i, j] == pytest.approx(expected / weight, abs=1e-4)


def test_within_one_language_tokens_lie_nearer_and_that_is_taken_off() -> None:
    sentences, starts = event([[3, 2], [4], [2]])
    across = EventCoverage(sentences, starts, ["zh", "ru", "en"]).run_coverage(1, 1)
    within = EventCoverage(sentences, starts, ["zh", "ru", "zh"]).run_coverage(1, 1)
    np.testing.assert_allclose(within[:2, 3], across[:2, 3] - SAME_LANGUAGE_OFFSET, rtol=1e-5)
    np.testing.assert_allclose(within[3, :2], across[3, :2] - SAME_LANGUAGE_OFFSET, rtol=1e-5)
    np.testing.assert_allclose(within[:2, 2], across[:2, 2], rtol=1e-6, atol=1e-6)


def test_long_articles_are_compared_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences, starts = event([[3, 1, 4], [2, 2], [4, 1, 1]])
    whole = EventCoverage(sentences, starts, LANGS)
    monkeypatch.setattr(module, "_COSINES_PER_BATCH", 20)
    monkeypatch.setattr(module, "_PAIRS_PER_BATCH", 3)
    apart = EventCoverage(sentences, starts, LANGS)
    np.testing.assert_allclose(apart.nearest, whole.nearest, rtol=1e-6, atol=1e-6)
    rows, columns = np.nonzero(np.ones((8, 8), dtype=bool))
    partners = whole.run_coverage(1, 1) > 0.2
    partners[:3, :3] = partners[3:5, 3:5] = partners[5:, 5:] = False
    expected = whole.marginal_coverage(partners, 0.1, rows, columns)
    np.testing.assert_allclose(apart.marginal_coverage(partners, 0.1, rows, columns), expected, rtol=1e-5)


def test_an_article_without_sentences_is_no_obstacle() -> None:
    sentences, starts = event([[2], [], [3]])
    found: FloatArray = EventCoverage(sentences, starts, LANGS).run_coverage(1, 1)
    assert found.shape == (2, 2)
    assert found[0, 1] == pytest.approx(by_hand(sentences[:1], sentences[1:]), abs=1e-5)
