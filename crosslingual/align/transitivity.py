"""What third articles say of a pair: if A matches B and B matches C, A should match C."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from crosslingual.align.event_coverage import Indices
from crosslingual.types import FloatArray

_MIN_PROBABILITY = 0.05
"""Probability below which a third article's sentence is not asked."""


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
    if len(starts) < 4:
        return [speak_for, against]
    bridge = np.zeros_like(probabilities)
    for begin, end in pairwise(starts.tolist()):
        bridge.fill(0)
        for row in probabilities[begin:end]:
            near = np.flatnonzero(row >= _MIN_PROBABILITY)
            if len(near) > 1:
                here = np.ix_(near, near)
                bridge[here] = np.maximum(bridge[here], np.minimum.outer(row[near], row[near]))
        best = probabilities[begin:end].max(axis=0, initial=0)
        found = bridge[rows, columns]
        speak_for += found
        against += np.maximum(np.minimum(best[rows], best[columns]) - found, 0)
    heard = np.maximum(speak_for + against, 1)
    return [speak_for / heard, against / heard]
