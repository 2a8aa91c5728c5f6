"""Free retellings: which sentences of an event's articles say the same thing, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.agreement import agreement
from crosslingual.align.coverage import Coverage, Text
from crosslingual.align.features import order_features, pair_features
from crosslingual.align.margin import margin_scores
from crosslingual.align.tokens import Tokens
from crosslingual.types import FloatArray, Place

LIKELY = 0.5
"""Probability from which two sentences count as saying the same."""
_UNCOVERED = 0.35
"""Cosine that the nearest of a sentence's tokens has with a token whose meaning is not there."""

Nodes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a logistic regression over features of a pair of sentences and their squares.

    A feature counts in standard deviations from its mean, three at the most.
    """

    bias: float
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    linear: tuple[float, ...]
    squares: tuple[float, ...]

    def scaled(self, features: FloatArray) -> FloatArray:
        """``features`` (…, f) as they count."""
        means, deviations = (np.asarray(side, dtype=np.float32) for side in (self.means, self.deviations))
        return np.asarray(np.clip((features - means) / deviations, -3, 3), dtype=np.float32)

    def probabilities(self, features: FloatArray) -> FloatArray:
        """``features`` (…, f) → (…)."""
        linear, squares = (np.asarray(side, dtype=np.float32) for side in (self.linear, self.squares))
        scaled = self.scaled(features)
        logits = self.bias + scaled @ linear + (scaled * scaled) @ squares
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


@cache
def shipped() -> tuple[Weights, ...]:
    """The weights of each round, as ``scripts/fit_matching.py`` fitted them."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return tuple(
        Weights(weights.pop("bias"), **{name: tuple(values) for name, values in weights.items()})
        for weights in content["rounds"]
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as alignment sees it.

    ``vectors`` (n, d) has one centred row of length 1 per sentence; ``tokens`` and ``numbers`` are of its n
    sentences, the latter as written in digits.
    """

    source: str
    vectors: FloatArray
    tokens: Sequence[Tokens]
    numbers: Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely each two sentences of an event say the same.

    The articles' sentences stand one after another: ``article`` (s,) and ``sentence`` (s,) name them.
    ``probabilities`` and ``scores`` (margin scores), both (s, s), are symmetric and 0 within an article.
    """

    article: Nodes
    sentence: Nodes
    probabilities: FloatArray
    scores: FloatArray

    def node(self, place: Place) -> int:
        """Row of a sentence."""
        first = int(np.searchsorted(self.article, place[0]))
        return first + place[1]

    def place(self, node: int) -> Place:
        """The sentence of a row."""
        return int(self.article[node]), int(self.sentence[node])


def liken(tellings: Sequence[Telling], rounds: Sequence[Weights] = ()) -> Likeness:
    """How likely every two sentences of different articles say the same.

    The first of ``rounds``, by default those shipped, judges each pair by itself; each later one by what
    the one before thought of the
    pairs around it: the order of telling, what other partners of either leave uncovered, third articles.
    """
    sizes = [len(telling.vectors) for telling in tellings]
    comparing = Comparing(tellings)
    first, *others = rounds or shipped()
    probabilities = comparing.judge(first)
    for weights in others:
        probabilities = comparing.judge(weights, probabilities)
    return Likeness(
        np.repeat(np.arange(len(sizes)), sizes),
        np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, np.intp)]),
        probabilities,
        comparing.margins(),
    )


class Comparing:
    """All pairs of articles with what is known of them before anything is judged."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        """Compare each article's vectors and tokens with each other's."""
        sizes = [len(telling.vectors) for telling in tellings]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp)
        self._tellings = tellings
        texts = {a: Text.of(telling.tokens) for a, telling in enumerate(tellings) if sizes[a]}
        self._pairs = [(a, b) for a, b in combinations(range(len(tellings)), 2) if sizes[a] and sizes[b]]
        self._coverages = [Coverage.of(texts[a], texts[b]) for a, b in self._pairs]
        self._features = [
            pair_features(self._cosines(a, b), coverage, tellings[a].numbers, tellings[b].numbers)
            for (a, b), coverage in zip(self._pairs, self._coverages, strict=True)
        ]

    def nothing(self) -> FloatArray:
        """(s, s) of zeros."""
        return np.zeros((self._starts[-1], self._starts[-1]), dtype=np.float32)

    def judge(self, weights: Weights, before: FloatArray | None = None) -> FloatArray:
        """Probabilities (s, s) of all pairs, in the light of those ``before``."""
        found = self.nothing()
        for pair, features in zip(self._pairs, self.features(before), strict=True):
            here = self._block(*pair)
            found[here] = weights.probabilities(features)
            found[here[::-1]] = found[here].T
        return found

    def features(self, before: FloatArray | None = None) -> Iterator[FloatArray]:
        """Features (n, m, f) of each pair of articles, more of them in the light of probabilities (s, s)."""
        if before is None:
            yield from self._features
            return
        agreed = agreement(before, self._starts)
        for pair, coverage, own in zip(self._pairs, self._coverages, self._features, strict=True):
            here = self._block(*pair)
            partners = before[here] >= LIKELY
            there = coverage.gain(partners, _UNCOVERED)
            back = coverage.turned.gain(partners.T, _UNCOVERED).T
            gains = np.stack([np.minimum(there, back), np.maximum(there, back)], axis=2)
            around = [gains, agreed[here]] if agreed is not None else [gains, np.zeros_like(gains)]
            yield np.concatenate([own, order_features(before[here]), *around], axis=2)

    def margins(self) -> FloatArray:
        """Margin scores (s, s)."""
        scores = self.nothing()
        for pair in self._pairs:
            here = self._block(*pair)
            scores[here] = margin_scores(self._cosines(*pair))
            scores[here[::-1]] = scores[here].T
        return scores

    def _cosines(self, a: int, b: int) -> FloatArray:
        return np.asarray(self._tellings[a].vectors @ self._tellings[b].vectors.T, dtype=np.float32)

    def _block(self, a: int, b: int) -> tuple[slice, slice]:
        return np.s_[
            self._starts[a] : self._starts[a + 1],
            self._starts[b] : self._starts[b + 1],
        ]
