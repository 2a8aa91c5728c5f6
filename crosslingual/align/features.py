"""What tells whether two sentences say the same: features of every pair of an event's sentences.

A feature is a matrix (s, s) over all sentences of the event, article after article; what it holds for two
sentences of one article is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.event_coverage import EventCoverage, Indices
from crosslingual.types import FloatArray

MIN_RIVAL_COSINE = 0.2
"""Cosine that the best of a dozen unrelated sentences reaches: a rival is at least as near, so that one
is not linked to whatever stands in an article of one sentence."""
MIN_RIVAL_COVERAGE, MIN_RIVAL_RUN_COVERAGE = 0.27, 0.29
"""The same for coverage by the best of a dozen unrelated sentences, and for mutual coverage of runs."""
MIN_ANCHOR_PROBABILITY = 0.6
"""Probability from which mutual best matches are trusted to show the order of telling."""
_RUN_SIZES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
"""Runs of neighbours, of either side, that are compared as one."""


def pair_features(
    cosines: FloatArray,
    coverage: EventCoverage,
    numbers: Sequence[frozenset[str]],
    starts: Indices,
    repeats: Sequence[Indices] = (),
) -> list[FloatArray]:
    """Eleven features, from the ``cosines`` (s, s) of the sentences, their ``coverage`` and ``numbers``.

    The cosine and its lead over the best rivals of both; how much of the less and of the more covered of
    the two the other covers, and the lead of either over what covers it second best; how well the best two
    runs of neighbours that hold the pair cover one another, and its lead; numbers that both have (at most
    two count), whether both have some and share none, and whether only one has any.

    Args:
        cosines: 0 within an article.
        coverage: of the same sentences.
        numbers: of each sentence.
        starts: (a + 1,) where each article begins among the sentences, and s.
        repeats: of ``find_repeats``.
    """
    there = np.maximum(coverage.run_coverage(1, 1), 0)
    back = there.T
    led = row_lead(there, starts, MIN_RIVAL_COVERAGE, repeats)
    more = there > back
    # Where both cover one another to the same degree, either direction would do.
    led = np.where(there == back, (led + led.T) / 2, led)
    together = _best_run_coverage(coverage)
    return [
        cosines,
        _mutual_lead(cosines, starts, MIN_RIVAL_COSINE, repeats),
        np.minimum(there, back),
        np.maximum(there, back),
        np.where(more, led, led.T),
        np.where(more, led.T, led),
        together,
        _mutual_lead(together, starts, MIN_RIVAL_RUN_COVERAGE, repeats),
        *_number_features(numbers),
    ]


def _best_run_coverage(coverage: EventCoverage) -> FloatArray:
    """(s, s): mutual coverage, the smaller of both directions, of the best runs that hold each pair."""
    covered = {run: coverage.run_coverage(*run) for run in _RUN_SIZES}
    best = np.full_like(covered[1, 1], -1)
    for size, other in _RUN_SIZES:
        mutual = np.minimum(covered[size, other], covered[other, size].T)
        n, m = mutual.shape
        for i in range(size):
            for j in range(other):
                here = best[i:, j:]
                np.maximum(here, mutual[: n - i, : m - j], out=here)
    return best


def _mutual_lead(
    scores: FloatArray, starts: Indices, min_rival: float, repeats: Sequence[Indices]
) -> FloatArray:
    """How far each pair is ahead of the best other of its row and of its column together.

    ``scores`` is symmetric; a rival has at least ``min_rival``.
    """
    found = row_lead(scores, starts, min_rival, repeats)
    return found + found.T


def find_repeats(texts: Sequence[str], starts: Indices) -> list[Indices]:
    """Groups of sentences that an article has more than once, word for word, as indices among all ``texts``."""
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for begin, end in pairwise(starts.tolist()):
        for place in range(begin, end):
            places[begin, texts[place].casefold()].append(place)
    return [np.array(own) for own in places.values() if len(own) > 1]


def row_lead(
    scores: FloatArray, starts: Indices, min_rival: float, repeats: Sequence[Indices] = ()
) -> FloatArray:
    """How far each pair is ahead of the best other of its row in the same article; that has ``min_rival``.

    Sentences of one of the ``repeats`` of ``find_repeats`` are no rivals of each other.
    """
    found = np.empty_like(scores)
    rows = np.arange(len(scores))
    for begin, end in pairwise(starts.tolist()):
        here = scores[:, begin:end]
        if end - begin < 2:
            found[:, begin:end] = here - np.float32(min_rival)
            continue
        first = here.argmax(axis=1)
        best = here[rows, first]
        others = here.copy()
        others[rows, first] = -np.inf
        second = np.maximum(others.max(axis=1), np.float32(min_rival))
        found[:, begin:end] = here - np.maximum(best, np.float32(min_rival))[:, None]
        found[rows, begin + first] = best - second
        for own in repeats:
            if begin <= own[0] < end:
                others = np.delete(here, own - begin, axis=1)
                rival = np.max(others, axis=1, initial=np.float32(min_rival))
                found[:, own] = scores[:, own] - rival[:, None]
    return found


def keep_nearest_repeats(
    partners: NDArray[np.bool_], probabilities: FloatArray, repeats: Sequence[Indices], starts: Indices
) -> NDArray[np.bool_]:
    """``partners`` (s, s), but of ``repeats`` only one of each row: likely, and at much the same place."""
    sizes = np.diff(starts)
    place = np.concatenate([np.arange(size) / size for size in sizes])
    found = partners.copy()
    for own in repeats:
        nearness = probabilities[:, own] - 0.2 * np.abs(place[:, None] - place[own])
        found[:, own] &= np.arange(len(own)) == nearness.argmax(axis=1)[:, None]
    return found


def _number_features(numbers: Sequence[frozenset[str]]) -> list[FloatArray]:
    known = {number: place for place, number in enumerate(sorted(frozenset().union(*numbers)))}
    has = np.zeros((len(numbers), len(known)), dtype=np.float32)
    for row, own in zip(has, numbers, strict=True):
        row[[known[number] for number in own]] = 1
    shared = has @ has.T
    some = np.asarray(has.any(axis=1))
    none_shared = some[:, None] & some[None, :] & (shared == 0)
    one_sided = some[:, None] != some[None, :]
    return [np.minimum(shared, 2), none_shared.astype(np.float32), one_sided.astype(np.float32)]


def order_features(probabilities: FloatArray, starts: Indices) -> list[FloatArray]:
    """How far a pair lies from where its neighbours' matches point, and how much that counts.

    It counts as much as the order of both articles agrees: Kendall's tau of the mutual best matches, 0
    where it is negative or fewer than three are sure. The distance is a share of the article's length,
    weighted so. ``probabilities`` (s, s).
    """
    distance, counts = np.zeros((2, *probabilities.shape), dtype=np.float32)
    for a, b in combinations(range(len(starts) - 1), 2):
        here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
        if probabilities[here].size:
            found = _block_order(probabilities[here])
            if found is not None:
                distance[here], counts[here] = found
                distance[here[::-1]], counts[here[::-1]] = found[0].T, found[1]
    return [distance, counts]


def _block_order(probabilities: FloatArray) -> tuple[FloatArray, float] | None:
    n, m = probabilities.shape
    rows, columns = _mutual_best_matches(probabilities)
    if len(rows) < 3:
        return None
    above = np.triu_indices(len(rows), 1)
    concordant = (np.subtract.outer(rows, rows) * np.subtract.outer(columns, columns))[above] > 0
    agreement = 2 * float(concordant.mean()) - 1
    if agreement <= 0:
        return None
    across = np.abs(np.arange(m)[None, :] - _interpolate_matches(rows, columns, n, m)[:, None]) / m
    down = np.abs(np.arange(n)[:, None] - _interpolate_matches(columns, rows, m, n)[None, :]) / n
    return np.asarray(agreement * (across + down) / 2, dtype=np.float32), agreement


def _mutual_best_matches(probabilities: FloatArray) -> tuple[Indices, Indices]:
    rows = np.arange(len(probabilities))
    best = probabilities.argmax(axis=1)
    sure = (probabilities[rows, best] >= MIN_ANCHOR_PROBABILITY) & (
        probabilities.argmax(axis=0)[best] == rows
    )
    return rows[sure], best[sure]


def _interpolate_matches(positions: Indices, matches: Indices, n: int, m: int) -> NDArray[np.float64]:
    """For each of n places where, among m, the matches around it point; its own match has no say."""
    order = np.argsort(positions)
    xs = np.concatenate([[-1], positions[order], [n]])
    ys = np.concatenate([[-1], matches[order], [m]])
    pointed = np.interp(np.arange(n), xs, ys)
    share = (xs[1:-1] - xs[:-2]) / (xs[2:] - xs[:-2])
    pointed[xs[1:-1]] = ys[:-2] + share * (ys[2:] - ys[:-2])
    return np.asarray(pointed, dtype=np.float64)
