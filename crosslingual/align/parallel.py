"""Two articles that are translations of one text: told by their sentences' likeness, then put in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosslingual.align.beads import Overlaps
from crosslingual.align.translation import align_overlaps
from crosslingual.types import FloatArray

MIN_SENTENCES = 5
"""Sentences below which nothing is said of two texts."""
MIN_SHARE = 0.8
"""Share of the sentences of either that the other must have."""
MIN_ORDER = 0.9
"""Kendall's tau of the mutual best matches."""
MIN_PARTIAL_SHARE, MIN_PARTIAL_ORDER = 0.4, 0.5
"""The same of texts that are partly one."""
_MIN_PROBABILITY = 0.5
_BEAD_PROBABILITY, _OUTSIDE_PROBABILITY = 0.9, 0.1
"""Least probability of pairs that the alignment puts into one bead, and greatest of all others."""


@dataclass(frozen=True, slots=True)
class SharedContent:
    """What two texts of n and m sentences have in common.

    ``left_share`` and ``right_share`` are the shares of their sentences that have a counterpart;
    ``n_matches`` counts mutual best matches, ``order`` is Kendall's tau of these, 1 where they are told in
    the same order.
    """

    left_share: float
    right_share: float
    n_matches: int
    order: float


def measure_shared_content(probabilities: FloatArray) -> SharedContent:
    """What two texts have in common, from the likeness (n, m) of their sentences."""
    if not probabilities.size:
        return SharedContent(0.0, 0.0, 0, 0.0)
    likely = probabilities >= _MIN_PROBABILITY
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(probabilities))
    rows = rows[likely[rows, best] & (probabilities.argmax(axis=0)[best] == rows)]
    above = np.triu_indices(len(rows), 1)
    ahead = np.subtract.outer(best[rows], best[rows])[above] < 0
    order = 2 * float(ahead.mean()) - 1 if len(ahead) else 0.0
    return SharedContent(float(likely.any(axis=1).mean()), float(likely.any(axis=0).mean()), len(rows), order)


def are_translations(probabilities: FloatArray) -> bool:
    """Whether two texts say the same in the same order, from the likeness (n, m) of their sentences."""
    if min(probabilities.shape) < MIN_SENTENCES:
        return False
    found = measure_shared_content(probabilities)
    return (
        min(found.left_share, found.right_share) >= MIN_SHARE
        and found.n_matches >= MIN_SENTENCES
        and found.order >= MIN_ORDER
    )


def are_partial_translations(probabilities: FloatArray) -> bool:
    """Whether two texts have much in common in much the same order, from their sentences' likeness (n, m).

    Independent reports of one event hardly do: five in a hundred pairs of articles in two languages.
    """
    found = measure_shared_content(probabilities)
    return (
        min(found.left_share, found.right_share) >= MIN_PARTIAL_SHARE
        and found.n_matches >= MIN_SENTENCES
        and found.order >= MIN_PARTIAL_ORDER
    )


def align_probabilities(probabilities: FloatArray, src: Overlaps, tgt: Overlaps) -> FloatArray:
    """``probabilities`` (n, m) of the sentences of translations, in the light of their alignment in order.

    What stands in one bead is likely to say the same, everything else is not, however alike it looks.
    """
    found = np.minimum(probabilities, np.float32(_OUTSIDE_PROBABILITY))
    for bead in align_overlaps(src, tgt):
        if bead.src and bead.tgt:
            here = np.ix_(bead.src, bead.tgt)
            found[here] = np.maximum(probabilities[here], np.float32(_BEAD_PROBABILITY))
    return found
