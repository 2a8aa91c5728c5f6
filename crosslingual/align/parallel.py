"""Two articles that are translations of one text: told by their sentences' likeness, then put in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosslingual.align.beads import Overlaps
from crosslingual.align.translation import align
from crosslingual.types import FloatArray

LEAST = 5
"""Sentences below which nothing is said of two texts."""
SHARE = 0.8
"""Share of the sentences of either that the other must have."""
ORDER = 0.9
"""Kendall's tau of the mutual best matches."""
PART, ROUGH = 0.4, 0.5
"""The same of texts that are partly one."""
_LIKELY = 0.5
_TOGETHER, _ELSEWHERE = 0.9, 0.1
"""Least probability of pairs that the alignment puts into one bead, and greatest of all others."""


@dataclass(frozen=True, slots=True)
class Common:
    """What two texts of n and m sentences have in common.

    ``one`` and ``other`` are the shares of their sentences that have a counterpart; ``pairs`` counts mutual
    best matches, ``order`` is Kendall's tau of these, 1 where they are told in the same order.
    """

    one: float
    other: float
    pairs: int
    order: float


def common(probabilities: FloatArray) -> Common:
    """What two texts have in common, from the likeness (n, m) of their sentences."""
    if not probabilities.size:
        return Common(0.0, 0.0, 0, 0.0)
    likely = probabilities >= _LIKELY
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(probabilities))
    rows = rows[likely[rows, best] & (probabilities.argmax(axis=0)[best] == rows)]
    above = np.triu_indices(len(rows), 1)
    ahead = np.subtract.outer(best[rows], best[rows])[above] < 0
    order = 2 * float(ahead.mean()) - 1 if len(ahead) else 0.0
    return Common(float(likely.any(axis=1).mean()), float(likely.any(axis=0).mean()), len(rows), order)


def are_translations(probabilities: FloatArray) -> bool:
    """Whether two texts say the same in the same order, from the likeness (n, m) of their sentences."""
    if min(probabilities.shape) < LEAST:
        return False
    found = common(probabilities)
    return min(found.one, found.other) >= SHARE and found.pairs >= LEAST and found.order >= ORDER


def partly_translated(probabilities: FloatArray) -> bool:
    """Whether two texts have much in common in much the same order, from their sentences' likeness (n, m).

    Independent reports of one event hardly do: five in a hundred pairs of articles in two languages.
    """
    found = common(probabilities)
    return min(found.one, found.other) >= PART and found.pairs >= LEAST and found.order >= ROUGH


def in_order(probabilities: FloatArray, src: Overlaps, tgt: Overlaps) -> FloatArray:
    """``probabilities`` (n, m) of the sentences of translations, in the light of their alignment in order.

    What stands in one bead is likely to say the same, everything else is not, however alike it looks.
    """
    found = np.minimum(probabilities, np.float32(_ELSEWHERE))
    for bead in align(src, tgt):
        if bead.src and bead.tgt:
            here = np.ix_(bead.src, bead.tgt)
            found[here] = np.maximum(probabilities[here], np.float32(_TOGETHER))
    return found
