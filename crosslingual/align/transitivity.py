"""What third articles say of a pair: if A matches B and B matches C, A should match C."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from crosslingual.align.event_coverage import Indices
from crosslingual.types import FloatArray

_MIN_PROBABILITY = 0.05
"""Probability below which a third article's sentence is not asked."""
_ROWS_PER_STRIP = 128
"""Sentences whose pairs are looked at together."""


def transitivity_features(
    probabilities: FloatArray, starts: Indices, rows: Indices, columns: Indices
) -> list[FloatArray]:
    """Two features (p,): how far third articles speak for a pair of sentences and how far against it.

    A third article speaks for i and j as much as one of its sentences matches both, min(p, p) of the best;
    it speaks against them as much as each of them has a match there that is not the other's. Where many
    are asked, what they say is a share. Both are 0 where there are no third articles.

    Args:
        probabilities: (s, s) of all sentences of the event, 0 within an article.
        starts: (a + 1,) where each article's sentences begin, and their number.
        rows: (p,) the sentences i.
        columns: (p,) the sentences j.
    """
    speak_for, against = np.zeros((2, len(rows)), dtype=np.float32)
    if len(starts) < 4 or not len(rows):
        return [speak_for, against]
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    order = np.argsort(low, kind="stable")
    asked = np.where(probabilities >= _MIN_PROBABILITY, probabilities, np.float32(0))
    best = np.maximum.reduceat(probabilities, starts[:-1][np.diff(starts) > 0], axis=0)
    bounds = np.unique(starts)
    strips = range(0, len(probabilities), _ROWS_PER_STRIP)
    ends = np.searchsorted(low[order], [*strips, len(probabilities)])
    for first, (begin, end) in zip(strips, pairwise(ends.tolist()), strict=True):
        # A strip of the table at a time, right of its diagonal: the processor's cache holds it.
        here = order[begin:end]
        for_strip, against_strip = _hear_articles(asked, best, bounds, first)
        place = low[here] - first, high[here] - first
        speak_for[here], against[here] = for_strip[place], against_strip[place]
    heard = np.maximum(speak_for + against, 1)
    return [speak_for / heard, against / heard]


def _hear_articles(
    asked: FloatArray, best: FloatArray, bounds: Indices, first: int
) -> tuple[FloatArray, FloatArray]:
    """Two tables (n, s - first): how far all articles speak for n sentences with those from ``first`` on; against.

    Args:
        asked: (s, s), the probabilities that count.
        best: (a, s), the best of each article for each sentence.
        bounds: (a + 1,), where each article begins.
        first: the first of the n sentences.
    """
    rows = slice(first, min(first + _ROWS_PER_STRIP, len(asked)))
    speak_for, against, bridge = np.zeros((3, rows.stop - first, len(asked) - first), dtype=np.float32)
    for (begin, end), nearest in zip(pairwise(bounds.tolist()), best, strict=True):
        both = np.minimum(nearest[rows, None], nearest[None, first:])
        bridge.fill(0)
        for third in asked[begin:end]:
            own = np.flatnonzero(third[rows])
            if len(own):
                each = np.minimum(third[first + own, None], third[None, first:])
                bridge[own] = np.maximum(each, bridge[own], out=each)
        speak_for += bridge
        both -= bridge
        against += np.maximum(both, 0, out=both)
    return speak_for, against
