"""Free retellings: which sentences of two articles say the same thing, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.margin import margin_scores
from crosslingual.types import FloatArray, Place

LIKELY = 0.5
"""Probability from which two sentences count as saying the same."""
ANCHOR = 0.6
"""Probability from which mutual best matches are trusted to show the order of telling."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a logistic regression over features of a pair of sentences; ``bias`` is its intercept."""

    bias: float
    features: tuple[float, ...]

    def probabilities(self, features: FloatArray) -> FloatArray:
        """``features`` (n, m, f) → (n, m)."""
        logits = self.bias + features @ np.asarray(self.features, dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


# Fitted by scripts/fit_matching.py to half of the documents that docs/evaluation.md names.
ALONE = Weights(-3.28, (5.47, 8.07))
IN_ORDER = Weights(-2.61, (4.5, 7.44, -10.01, 1.21))
BACKGROUND = 0.2
"""Cosine that the best of a dozen unrelated sentences reaches: a rival is at least as near."""
NEARER = 0.15
"""By how much sentences of one language lie nearer than of two, saying the same or not: the weights are
fitted across languages (median cosine of linked sentences in the demo gold: .60 within one, .43 across)."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as alignment sees it: ``vectors`` (n, d), one centred row of length 1 per sentence."""

    source: str
    lang: str
    vectors: FloatArray


Nodes = NDArray[np.intp]


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


def liken(tellings: Sequence[Telling]) -> Likeness:
    """How likely every two sentences of different articles say the same."""
    sizes = [len(telling.vectors) for telling in tellings]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)])
    shape = (int(starts[-1]), int(starts[-1]))
    probabilities, scores = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for a, b in combinations(range(len(tellings)), 2):
        cosines = np.asarray(tellings[a].vectors @ tellings[b].vectors.T, dtype=np.float32)
        if cosines.size:
            across = cosines - NEARER if tellings[a].lang == tellings[b].lang else cosines
            here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
            probabilities[here], scores[here] = link_probabilities(across), margin_scores(cosines)
    return Likeness(
        np.repeat(np.arange(len(sizes)), sizes),
        np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, np.intp)]),
        probabilities + probabilities.T,
        scores + scores.T,
    )


def link_probabilities(cosines: FloatArray) -> FloatArray:
    """Probability of every pair (n, m) of sentences to say the same, from their cosines (n, m).

    A pair is likely where its cosine is high and leads what either sentence reaches with any other, and,
    as far as the articles tell things in one order, where it stands between its neighbours' matches.
    """
    leads = lead_features(cosines)
    return IN_ORDER.probabilities(np.concatenate([leads, order_features(ALONE.probabilities(leads))], axis=2))


def lead_features(cosines: FloatArray) -> FloatArray:
    """(n, m, 2): the cosine, and its lead over the best other of its row plus that of its column."""
    leads = 2 * cosines - _rivals(cosines) - _rivals(cosines.T).T
    return np.stack([cosines, leads], axis=2, dtype=np.float32)


def order_features(probabilities: FloatArray) -> FloatArray:
    """(n, m, 2): how far a pair lies from where its neighbours' matches point, and how much that counts.

    It counts as much as the order of both articles agrees: Kendall's tau of the mutual best matches, 0
    where it is negative or fewer than three are sure. The distance is a share of the article's length,
    weighted so.
    """
    n, m = probabilities.shape
    features = np.zeros((n, m, 2), dtype=np.float32)
    rows, columns = _anchors(probabilities)
    if len(rows) < 3:
        return features
    above = np.triu_indices(len(rows), 1)
    concordant = (np.subtract.outer(rows, rows) * np.subtract.outer(columns, columns))[above] > 0
    agreement = max(0.0, 2 * float(concordant.mean()) - 1)
    across = np.abs(np.arange(m)[None, :] - _pointed(rows, columns, n, m)[:, None]) / m
    down = np.abs(np.arange(n)[:, None] - _pointed(columns, rows, m, n)[None, :]) / n
    features[..., 0] = agreement * (across + down) / 2
    features[..., 1] = agreement
    return features


def _anchors(probabilities: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows = np.arange(len(probabilities))
    best = probabilities.argmax(axis=1)
    sure = (probabilities[rows, best] >= ANCHOR) & (probabilities.argmax(axis=0)[best] == rows)
    return rows[sure], best[sure]


def _pointed(places: NDArray[np.intp], matches: NDArray[np.intp], n: int, m: int) -> NDArray[np.float64]:
    """For each of n places where, among m, the matches around it point; its own match has no say."""
    order = np.argsort(places)
    xs = np.concatenate([[-1], places[order], [n]])
    ys = np.concatenate([[-1], matches[order], [m]])
    pointed = np.interp(np.arange(n), xs, ys)
    share = (xs[1:-1] - xs[:-2]) / (xs[2:] - xs[:-2])
    pointed[xs[1:-1]] = ys[:-2] + share * (ys[2:] - ys[:-2])
    return np.asarray(pointed, dtype=np.float64)


def _rivals(cosines: FloatArray) -> FloatArray:
    """For every pair the highest cosine of its row without it, at least ``BACKGROUND``."""
    if cosines.shape[1] < 2:
        return np.full_like(cosines, BACKGROUND)
    rows, best = np.arange(len(cosines)), cosines.argmax(axis=1)
    rivals = np.repeat(cosines[rows, best][:, None], cosines.shape[1], axis=1)
    rivals[rows, best] = np.partition(cosines, -2, axis=1)[:, -2]
    return np.asarray(np.maximum(rivals, BACKGROUND), dtype=np.float32)
