"""What tells whether two sentences say the same: features of every pair of two articles' sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.coverage import Coverage
from crosslingual.types import FloatArray

BACKGROUND = 0.2
"""Cosine that the best of a dozen unrelated sentences reaches: a rival is at least as near."""
ANCHOR = 0.6
"""Probability from which mutual best matches are trusted to show the order of telling."""
_RUNS = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
"""Runs of neighbours, of either side, that are compared as one."""


def pair_features(
    cosines: FloatArray,
    coverage: Coverage,
    src_numbers: Sequence[frozenset[str]],
    tgt_numbers: Sequence[frozenset[str]],
) -> FloatArray:
    """(n, m, 11) features of the pairs of two articles' sentences, from their ``cosines`` (n, m).

    The cosine and its lead over the best rivals of both; how much of the less and of the more covered of
    the two the other covers, and the lead of either over what covers it second best; how well the best two
    runs of neighbours that hold the pair cover one another, and its lead; numbers that both have (at most
    two count), whether both have some and share none, and whether only one has any.
    """
    there, back = coverage.runs(1, 1), coverage.turned.runs(1, 1).T
    led, followed = _ahead(there, 0), _ahead(back.T, 0).T
    more = there > back
    together = _best_runs(coverage)
    return np.stack(
        [
            cosines,
            _lead(cosines, BACKGROUND),
            np.minimum(there, back),
            np.maximum(there, back),
            np.where(more, led, followed),
            np.where(more, followed, led),
            together,
            _lead(together, 0),
            *_numbers(src_numbers, tgt_numbers),
        ],
        axis=2,
        dtype=np.float32,
    )


def _best_runs(coverage: Coverage) -> FloatArray:
    """(n, m): mutual coverage, the smaller of both directions, of the best runs that hold each pair."""
    n, m = len(coverage.src), len(coverage.tgt)
    turned = coverage.turned
    best = np.full((n, m), -1, dtype=np.float32)
    for size, other in _RUNS:
        if size > n or other > m:
            continue
        mutual = np.minimum(coverage.runs(size, other), turned.runs(other, size).T)
        for i in range(size):
            for j in range(other):
                here = best[i : n - size + 1 + i, j : m - other + 1 + j]
                np.maximum(here, mutual, out=here)
    return best


def _lead(scores: FloatArray, least: float) -> FloatArray:
    """How far each pair is ahead of the best other of its row plus of its column, at least ``least``."""
    return _ahead(scores, least) + _ahead(scores.T, least).T


def _ahead(scores: FloatArray, least: float) -> FloatArray:
    """How far each pair is ahead of the best other of its row; that is at least ``least``."""
    if scores.shape[1] < 2:
        return np.asarray(scores - least, dtype=np.float32)
    rows, best = np.arange(len(scores)), scores.argmax(axis=1)
    rivals = np.repeat(scores[rows, best][:, None], scores.shape[1], axis=1)
    rivals[rows, best] = np.partition(scores, -2, axis=1)[:, -2]
    return np.asarray(scores - np.maximum(rivals, least), dtype=np.float32)


def _numbers(src: Sequence[frozenset[str]], tgt: Sequence[frozenset[str]]) -> list[FloatArray]:
    known = {number: place for place, number in enumerate(sorted(frozenset().union(*src, *tgt)))}
    ours, theirs = (_indicators(side, known) for side in (src, tgt))
    shared = ours @ theirs.T
    some, others = (np.asarray(side.any(axis=1)) for side in (ours, theirs))
    pairs = some[:, None], others[None, :]
    both = pairs[0] & pairs[1] & (shared == 0)
    return [np.minimum(shared, 2), both, pairs[0] != pairs[1]]


def _indicators(side: Sequence[frozenset[str]], known: dict[str, int]) -> FloatArray:
    rows = np.zeros((len(side), len(known)), dtype=np.float32)
    for row, numbers in zip(rows, side, strict=True):
        row[[known[number] for number in numbers]] = 1
    return rows


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
