from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from crosslingual.align.judge import Judge, load_judge
from crosslingual.align.pairs import PairContext, load_trees, predict_pairs
from crosslingual.align.space import Space
from crosslingual.embeddings import tuned_layers
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.types import FloatArray

ARTICLES = (
    (
        "en",
        (
            "The dam was blown up in the early hours of Tuesday.",
            "More than 6,000 people were brought to safety.",
            "Read or share this story.",
        ),
    ),
    (
        "ru",
        (
            "Плотина была взорвана рано утром во вторник.",
            "Эвакуировано более 6000 человек.",
            "Курс рубля вырос.",
        ),
    ),
    ("zh", ("超过6000人被疏散。", "大坝在周二凌晨被炸毁。")),
)
TEXTS = [text for _, own in ARTICLES for text in own]
LANGS = [lang for lang, own in ARTICLES for _ in own]
STARTS = np.cumsum([0, *(len(own) for _, own in ARTICLES)]).astype(np.intp)
SOURCES = ["a", "b", "c"]


@pytest.fixture(scope="module")
def judge(demo_space: Space) -> Judge:
    assert demo_space.judge
    return demo_space.judge


@pytest.fixture(scope="module")
def context(encoder: SentenceEncoder, demo_space: Space, judge: Judge) -> PairContext:
    read = encoder.encode_with_tokens(TEXTS)
    sentences = [
        judge.unpack(judge.pack(states), lang) for states, lang in zip(read.tuned_states, LANGS, strict=True)
    ]
    vectors = demo_space.center_by_language(read.vectors, LANGS)
    seen = judge.judge_pairs(sentences, STARTS, [lang for lang, _ in ARTICLES])
    return PairContext(seen, vectors @ vectors.T, TEXTS, LANGS, STARTS, SOURCES)


def table(context: PairContext) -> FloatArray:
    found = np.zeros((len(TEXTS), len(TEXTS)), np.float32)
    found[context.rows, context.columns] = predict_pairs(context.compute_features())
    return found


def test_the_same_in_three_languages_is_likelier_than_anything_else(context: PairContext) -> None:
    found = table(context)
    said = {(0, 3), (0, 7), (3, 7), (1, 4), (1, 6), (4, 6)}
    others = [found[pair] for pair in combinations(range(len(TEXTS)), 2) if pair not in said]
    assert min(found[pair] for pair in said) > 0.5
    assert max(others) < 0.3


def test_every_feature_is_finite_and_those_weighed_are_there(context: PairContext) -> None:
    features = context.compute_features()
    assert list(features) == list(load_trees().feature_names)
    for name, one in features.items():
        assert one.shape == context.rows.shape, name
        assert np.isfinite(one).all(), name
    assert (context.rows < context.columns).all()
    assert not context.compute_features()["same source"].any()


def test_what_an_article_is_called_and_where_it_stands_does_not_matter(
    encoder: SentenceEncoder, demo_space: Space, judge: Judge, context: PairContext
) -> None:
    turned = list(reversed(ARTICLES))
    texts = [text for _, own in turned for text in own]
    langs = [lang for lang, own in turned for _ in own]
    starts = np.cumsum([0, *(len(own) for _, own in turned)]).astype(np.intp)
    read = encoder.encode_with_tokens(texts)
    sentences = [
        judge.unpack(judge.pack(one), lang) for one, lang in zip(read.tuned_states, langs, strict=True)
    ]
    vectors = demo_space.center_by_language(read.vectors, langs)
    seen = judge.judge_pairs(sentences, starts, [lang for lang, _ in turned])
    other = PairContext(seen, vectors @ vectors.T, texts, langs, starts, SOURCES[::-1])
    moved = {
        frozenset((texts[row], texts[column])): chance
        for row, column, chance in zip(
            other.rows, other.columns, predict_pairs(other.compute_features()), strict=True
        )
    }
    here = predict_pairs(context.compute_features())
    assert len(moved) == len(here)
    for row, column, chance in zip(context.rows, context.columns, here, strict=True):
        assert moved[frozenset((TEXTS[row], TEXTS[column]))] == pytest.approx(chance, abs=0.05)


def test_what_is_packed_comes_back(encoder: SentenceEncoder, judge: Judge) -> None:
    (states,) = encoder.encode_with_tokens(TEXTS[:1]).tuned_states
    one = judge.unpack(judge.pack(states), "en")
    assert one.vectors.shape == (len(states) - 1, judge.mean_basis.shape[1])
    np.testing.assert_allclose(np.linalg.norm(one.vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(one.weights.sum(axis=0), 1, atol=1e-3)
    exact = (states[1:] - judge.center) @ judge.basis[:, : judge.mean_basis.shape[1]]
    exact -= judge.token_offsets["en"][: judge.mean_basis.shape[1]]
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert (exact * one.vectors).sum(axis=1).min() > 0.999


def test_a_sentence_of_no_words_and_one_of_too_many_are_read(encoder: SentenceEncoder, judge: Judge) -> None:
    for states in encoder.encode_with_tokens(["", "word " * 1000]).tuned_states:
        assert 2 <= len(states) <= tuned_layers.MAX_TOKENS
        assert np.isfinite(judge.unpack(judge.pack(states), "xx").vectors).all()


def test_an_encoder_for_which_nothing_was_learned_has_no_judge() -> None:
    assert load_judge("another@1") is None
    assert tuned_layers.find_tuned_layers("another@1") is None


def test_an_event_of_one_article_has_no_pairs(judge: Judge, encoder: SentenceEncoder) -> None:
    read = encoder.encode_with_tokens(TEXTS[:2])
    sentences = [judge.unpack(judge.pack(states), "en") for states in read.tuned_states]
    starts = np.array([0, 2], dtype=np.intp)
    seen = judge.judge_pairs(sentences, starts, ["en"])
    assert not len(
        PairContext(seen, read.vectors @ read.vectors.T, TEXTS[:2], ["en", "en"], starts, ["a"]).rows
    )
