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

from crosslingual.align.coverage import Coverage, Text
from crosslingual.align.tokens import Tokens
from crosslingual.language.numbers import number_keys
from crosslingual.types import FloatArray

AROUND = 15
"""Sentences of a language, after the best, whose mean is what any sentence of it comes to."""
_AWAY = np.float32(5)  # standard deviations that count at most
_ALONE: Mapping[str, float] = {"cosine": 0.25, "there": 0.3, "back": 0.3}
"""What sentences of a language come to that the library has too few of (median in news)."""
_NUMBERS = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is compared: ``vector`` (d,) mapped, of length 1."""

    text: str
    lang: str
    vector: FloatArray
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Found:
    """n sentences that may say the same.

    ``cosines`` (n,) are with the query's vector, ``hubs`` (n,) tell how near each is to anything in the
    query's language.
    """

    texts: Sequence[str]
    langs: Sequence[str]
    tokens: Sequence[Tokens]
    cosines: FloatArray
    hubs: FloatArray

    def at(self, places: NDArray[np.intp], cosines: FloatArray, hubs: FloatArray) -> Found:
        """Those at ``places`` (m,), as held against another text: ``cosines`` and ``hubs`` are (m,)."""
        texts, langs, tokens = (
            [own[place] for place in places] for own in (self.texts, self.langs, self.tokens)
        )
        return Found(texts, langs, tokens, cosines, hubs)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of features, each in standard deviations from its mean, and of the products of any two.

    ``weights`` and ``start`` are a logistic regression's, of saying the same; ``order`` was fitted to put
    what does before all else that one query finds. What is found is ordered by both together. How far a
    sentence is ahead of others tells little where it is itself not near: hence the products.
    """

    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...] = ()
    start: float = 0.0
    order: tuple[float, ...] = ()

    def odds(self, features: FloatArray) -> FloatArray:
        """Logarithms of the odds, from ``features`` (n, f): (n,)."""
        weights = np.array(self.weights, np.float32)
        return np.asarray(self.terms(features) @ weights + np.float32(self.start), np.float32)

    def probabilities(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,)."""
        return chances(self.odds(features))

    def scores(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,), the higher the sooner."""
        both = np.array(self.weights, np.float32) + np.array(self.order, np.float32)
        return np.asarray(self.terms(features) @ both, np.float32)

    def terms(self, features: FloatArray) -> FloatArray:
        """What is weighed: ``features`` (n, f) as they count and their f (f + 1) / 2 products."""
        moved = (features - np.array(self.means, np.float32)) / np.array(self.deviations, np.float32)
        single = np.clip(moved, -_AWAY, _AWAY)
        one, other = np.triu_indices(single.shape[1])
        return np.asarray(np.concatenate([single, single[:, one] * single[:, other]], axis=1), np.float32)


def chances(odds: FloatArray) -> FloatArray:
    """Probabilities from logarithms of odds."""
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


@cache
def shipped() -> Ranking:
    """As ``scripts/fit_search.py`` fitted it."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    lists = {name: tuple(content[name]) for name in ("means", "deviations", "weights", "order")}
    return Ranking(start=content["start"], **lists)


def features(query: Told, found: Found) -> FloatArray:
    """(n, f) of the sentences found, at least one; they are also held against one another."""
    compared = Coverage.of(Text.of([query.tokens]), Text.of(found.tokens))
    there, back = compared.runs(1, 1)[0], compared.turned.runs(1, 1)[:, 0]
    langs = np.array(found.langs)
    sizes = np.array([len(tokens.weights) for tokens in found.tokens], np.float32)
    own = np.float32(len(query.tokens.weights))
    columns = [
        found.cosines,
        there,
        back,
        np.minimum(there, back),
        _agreeing(query, found),
        np.abs(np.log(sizes) - np.log(own)),
        langs == query.lang,
        _ahead(found.cosines, langs, _ALONE["cosine"]),
        _ahead(there, langs, _ALONE["there"]),
        _ahead(back, langs, _ALONE["back"]),
        np.full(len(sizes), np.log(own)),
        np.log(sizes),
        found.hubs,
        _ahead(found.cosines - found.hubs, langs, _ALONE["cosine"] - float(found.hubs.mean())),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _agreeing(query: Told, found: Found) -> FloatArray:
    """Numbers that both have, less half of those that one has alone."""
    own = number_keys(query.text, query.lang)
    counts = []
    for text, lang in zip(found.texts, found.langs, strict=True):
        theirs = number_keys(text, lang)
        counts.append(len(own & theirs) - len(own ^ theirs) / 2)
    return np.clip(np.array(counts, np.float32), -_NUMBERS, _NUMBERS)


def _ahead(values: FloatArray, langs: NDArray[np.str_], alone: float) -> FloatArray:
    """``values`` (n,) less the mean of those of one language that come after its best."""
    ahead = np.empty_like(values)
    for lang in np.unique(langs):
        own = langs == lang
        after = -np.sort(-values[own])[1 : AROUND + 1]
        ahead[own] = values[own] - (after.sum() + alone * (AROUND - len(after))) / AROUND
    return ahead
