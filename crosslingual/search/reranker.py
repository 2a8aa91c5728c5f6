"""How likely each sentence found says the same as the query: by vectors, by tokens, and against its like.

What is near in one language need not be in another: a Ukrainian query is nearer to any Russian sentence than
to its own translation into English. So each sentence is also held against the best of its own language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.text_coverage import ArticleTokens, TextCoverage
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.language.numbers import number_keys
from crosslingual.types import FloatArray

BASELINE_SENTENCES = 15
"""Sentences of a language, after the best, whose mean is what any sentence of it comes to."""
_MAX_DEVIATIONS = np.float32(5)  # standard deviations that count at most
_DEFAULT_BASELINES: Mapping[str, float] = {"cosine": 0.25, "there": 0.3, "back": 0.3}
"""What sentences of a language come to that the library has too few of (median in news)."""
_MAX_NUMBER_AGREEMENT = 3.0


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text as it is compared: ``vector`` (d,) mapped, of length 1."""

    text: str
    lang: str
    vector: FloatArray
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class Candidates:
    """n sentences that may say the same.

    ``cosines`` (n,) are with the query's vector, ``hub_scores`` (n,) tell how near each is to anything in the
    query's language.
    """

    texts: Sequence[str]
    langs: Sequence[str]
    tokens: Sequence[TokenVectors]
    cosines: FloatArray
    hub_scores: FloatArray

    def select(self, indexes: NDArray[np.intp], cosines: FloatArray, hub_scores: FloatArray) -> Candidates:
        """Those at ``indexes`` (m,), as held against another text: ``cosines`` and ``hub_scores`` are (m,)."""
        texts, langs, tokens = (
            [own[place] for place in indexes] for own in (self.texts, self.langs, self.tokens)
        )
        return Candidates(texts, langs, tokens, cosines, hub_scores)


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Weights of features, each in standard deviations from its mean, and of the products of any two.

    ``weights`` and ``intercept`` are a logistic regression's, of saying the same; ``ranking_weights`` was
    fitted to put what does before all else that one query finds. What is found is ordered by both together.
    How far a sentence is ahead of others tells little where it is itself not near: hence the products.
    """

    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...] = ()
    intercept: float = 0.0
    ranking_weights: tuple[float, ...] = ()

    def predict_logits(self, features: FloatArray) -> FloatArray:
        """Logarithms of the odds, from ``features`` (n, f): (n,)."""
        weights = np.array(self.weights, np.float32)
        return np.asarray(self.expand_features(features) @ weights + np.float32(self.intercept), np.float32)

    def predict_probabilities(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,)."""
        return logits_to_probabilities(self.predict_logits(features))

    def predict_scores(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,), the higher the sooner."""
        both = np.array(self.weights, np.float32) + np.array(self.ranking_weights, np.float32)
        return np.asarray(self.expand_features(features) @ both, np.float32)

    def expand_features(self, features: FloatArray) -> FloatArray:
        """What is weighed: ``features`` (n, f) as they count and their f (f + 1) / 2 products."""
        moved = (features - np.array(self.means, np.float32)) / np.array(self.deviations, np.float32)
        single = np.clip(moved, -_MAX_DEVIATIONS, _MAX_DEVIATIONS)
        one, other = np.triu_indices(single.shape[1])
        return np.asarray(np.concatenate([single, single[:, one] * single[:, other]], axis=1), np.float32)


def logits_to_probabilities(logits: FloatArray) -> FloatArray:
    """Probabilities from logarithms of odds."""
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


@cache
def load_ranking_model() -> RankingModel:
    """As ``scripts/fit_search.py`` fitted it."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    lists = {name: tuple(content[name]) for name in ("means", "deviations", "weights", "ranking_weights")}
    return RankingModel(intercept=content["intercept"], **lists)


def compute_features(query: EncodedText, candidates: Candidates) -> FloatArray:
    """(n, f) of the sentences found, at least one; they are also held against one another."""
    compared = TextCoverage.between(
        ArticleTokens.from_sentences([query.tokens]), ArticleTokens.from_sentences(candidates.tokens)
    )
    there, back = compared.run_coverage(1, 1)[0], compared.swapped.run_coverage(1, 1)[:, 0]
    langs = np.array(candidates.langs)
    sizes = np.array([len(tokens.weights) for tokens in candidates.tokens], np.float32)
    own = np.float32(len(query.tokens.weights))
    columns = [
        candidates.cosines,
        there,
        back,
        np.minimum(there, back),
        _number_agreement(query, candidates),
        np.abs(np.log(sizes) - np.log(own)),
        langs == query.lang,
        _lead_over_language(candidates.cosines, langs, _DEFAULT_BASELINES["cosine"]),
        _lead_over_language(there, langs, _DEFAULT_BASELINES["there"]),
        _lead_over_language(back, langs, _DEFAULT_BASELINES["back"]),
        np.full(len(sizes), np.log(own)),
        np.log(sizes),
        candidates.hub_scores,
        _lead_over_language(
            candidates.cosines - candidates.hub_scores,
            langs,
            _DEFAULT_BASELINES["cosine"] - float(candidates.hub_scores.mean()),
        ),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _number_agreement(query: EncodedText, candidates: Candidates) -> FloatArray:
    """Numbers that both have, less half of those that one has alone."""
    own = number_keys(query.text, query.lang)
    counts = []
    for text, lang in zip(candidates.texts, candidates.langs, strict=True):
        theirs = number_keys(text, lang)
        counts.append(len(own & theirs) - len(own ^ theirs) / 2)
    return np.clip(np.array(counts, np.float32), -_MAX_NUMBER_AGREEMENT, _MAX_NUMBER_AGREEMENT)


def _lead_over_language(values: FloatArray, langs: NDArray[np.str_], default_baseline: float) -> FloatArray:
    """``values`` (n,) less the mean of those of one language that come after its best."""
    ahead = np.empty_like(values)
    for lang in np.unique(langs):
        own = langs == lang
        after = -np.sort(-values[own])[1 : BASELINE_SENTENCES + 1]
        ahead[own] = (
            values[own]
            - (after.sum() + default_baseline * (BASELINE_SENTENCES - len(after))) / BASELINE_SENTENCES
        )
    return ahead
