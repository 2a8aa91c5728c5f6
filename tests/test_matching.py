from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.align.margin import margin_scores
from crosslingual.align.matching import EncodedArticle, load_round_weights, score_pairs
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.embeddings.token_states import TokenVectors, normalize_rows

DIMENSIONS = 64
WORDS = normalize_rows(np.random.default_rng(0).standard_normal((60 * 12, DIMENSIONS), np.float32)).reshape(
    60, 12, DIMENSIONS
)
"""Meaning m is told in twelve words, WORDS[m]."""


def telling(lang: str, *meanings: tuple[int, ...], source: str = "") -> EncodedArticle:
    """A sentence for each tuple of meanings, each word told with an accent of the language."""
    chance = np.random.default_rng(sum(map(ord, lang)))
    tokens = []
    for said in meanings:
        words = np.concatenate([WORDS[meaning] for meaning in said])
        accent = 0.1 * chance.standard_normal(words.shape, dtype=np.float32)
        tokens.append(TokenVectors(normalize_rows(words + accent), np.full(len(words), 4, np.float32)))
    vectors = [one.vectors.sum(axis=0) for one in tokens]
    rows = np.array(vectors, dtype=np.float32).reshape(len(meanings), DIMENSIONS)
    texts = [
        " ".join(f"told-{'abcdefghijklmnopqrstuvwxyz'[meaning % 26] * 3}" for meaning in said)
        for said in meanings
    ]
    return EncodedArticle(source or lang, lang, texts, normalize_rows(rows), tokens)


def linked(tellings: Sequence[EncodedArticle]) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    found = score_pairs(tellings)
    return {
        (found.sentence_at(int(one)), found.sentence_at(int(other)))
        for one, other in zip(*np.nonzero(np.triu(found.probabilities >= LIKELY_PROBABILITY)), strict=True)
    }


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 9)) | st.tuples(st.integers(0, 9), st.integers(10, 19)), max_size=6
        ),
        max_size=4,
    )
)
def test_probabilities_are_probabilities_and_have_no_direction(told: list[list[tuple[int, ...]]]) -> None:
    tellings = [telling(lang, *said) for lang, said in zip(("zh", "ru", "en", "zh"), told, strict=False)]
    found = score_pairs(tellings)
    assert found.probabilities.shape == found.margin_scores.shape == (sum(map(len, told)),) * 2
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()
    np.testing.assert_allclose(found.probabilities, found.probabilities.T, atol=1e-6)
    within = found.article_indexes[:, None] == found.article_indexes[None, :]
    assert not found.probabilities[within].any()
    assert not found.margin_scores[within].any()
    assert [found.sentence_at(node) for node in range(len(found.article_indexes))] == [
        (article, sentence) for article, said in enumerate(told) for sentence in range(len(said))
    ]
    assert all(found.row_of(found.sentence_at(node)) == node for node in range(len(found.article_indexes)))


@pytest.mark.parametrize("order", ["as told", "reversed", "shuffled"])
def test_retellings_are_found_in_any_order(order: str) -> None:
    places = list(range(12))
    if order == "reversed":
        places.reverse()
    if order == "shuffled":
        places = np.random.default_rng(4).permutation(12).tolist()
    both = [telling("zh", *((i,) for i in range(12))), telling("ru", *((i,) for i in places))]
    assert linked(both) == {((0, i), (1, places.index(i))) for i in range(12)}


def test_one_sentence_may_be_told_in_two() -> None:
    src = telling("zh", (0,), (1, 2), (3,), (4,))
    tgt = telling("en", (0,), (1,), (2,), (3,), (5,))
    assert linked([src, tgt]) == {((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 1), (1, 2)), ((0, 2), (1, 3))}


def test_articles_that_share_nothing_have_no_links() -> None:
    both = [telling("zh", *((i,) for i in range(8))), telling("ru", *((i,) for i in range(20, 30)))]
    assert linked(both) == set()


def _blurred(src: EncodedArticle, tgt: EncodedArticle, share: float) -> EncodedArticle:
    """``tgt`` whose only sentence says half what the first of ``src`` does and half something else."""
    words = tgt.tokens[0].vectors
    mixed = normalize_rows(share * src.tokens[0].vectors + (1 - share) * words)
    vector = normalize_rows(mixed.sum(axis=0, keepdims=True))
    return EncodedArticle(
        tgt.source, tgt.lang, tgt.texts, vector, [TokenVectors(mixed, tgt.tokens[0].weights)]
    )


def test_scores_are_margins_of_the_plain_cosines() -> None:
    src, tgt = telling("zh", (0,), (1,), (2,)), telling("zh", (2,), (1,), (0,), (4,), source="other")
    found = score_pairs([src, tgt])
    np.testing.assert_allclose(
        found.margin_scores[:3, 3:], margin_scores(src.vectors @ tgt.vectors.T), rtol=1e-5
    )


def test_within_one_language_likeness_counts_for_less() -> None:
    src = telling("zh", (0,), (1,), (2,))
    across = score_pairs([src, telling("ru", (0, 8), (1, 9), (2, 7))]).probabilities
    same = telling("ru", (0, 8), (1, 9), (2, 7))
    within = score_pairs(
        [src, EncodedArticle("other", "zh", same.texts, same.vectors, same.tokens)]
    ).probabilities
    assert (within[:3, 3:] < across[:3, 3:]).diagonal().all()


def test_empty_sides_have_no_links_and_single_sentences_may() -> None:
    nothing, one = telling("zh"), telling("ru", (0,))
    for none in ([], [one], [nothing, one], [nothing, nothing], [nothing]):
        assert linked(none) == set()
    assert linked([one, telling("en", (0,))]) == {((0, 0), (1, 0))}
    assert linked([one, telling("en", (1,))]) == set()
    assert linked([nothing, one, nothing, telling("en", (1,), (0,))]) == {((1, 0), (3, 1))}


def test_the_shipped_weights_fit_the_features() -> None:
    first, *others = load_round_weights()
    for weights, count in ((first, 11), *((one, 17) for one in others)):
        lists: tuple[Sequence[float], ...] = (
            weights.means,
            weights.deviations,
            weights.linear,
            weights.squares,
        )
        assert {len(one) for one in lists} == {count}
        assert min(weights.deviations) > 0


def test_numbers_in_common_speak_for_a_pair() -> None:
    src = telling("zh", (0,))
    tgt = _blurred(src, telling("en", (1,)), 0.5)

    def likely(ours: str, theirs: str) -> float:
        one = EncodedArticle("zh", "zh", [ours], src.vectors, src.tokens)
        other = EncodedArticle("en", "en", [theirs], tgt.vectors, tgt.tokens)
        return float(score_pairs([one, other]).probabilities[0, 1])

    assert likely("47 dead", "47 killed") > likely("47 dead", "48 killed")


def test_translations_of_one_text_are_known_as_such_and_kept_in_order() -> None:
    """A refrain is as like its twin further on as its own counterpart: only the order tells."""
    lines = [(i,) if i % 5 else (40,) for i in range(20)]
    both = [telling("zh", *lines), telling("ru", *lines)]
    found = score_pairs(both)
    assert found.translation_pairs == ((0, 1),)
    assert linked(both) == {((0, i), (1, i)) for i in range(20)}
    backwards = [telling("zh", *lines), telling("ru", *lines[::-1])]
    assert score_pairs(backwards).translation_pairs == ()
    retold = [telling("zh", *lines), telling("ru", *lines[:6], *((i,) for i in range(41, 55)))]
    assert score_pairs(retold).translation_pairs == ()
