"""A plain Vecalign, written from the paper, that ours must beat on the same vectors.

Thompson and Koehn 2019, "Vecalign: improved sentence alignment in linear time and space": a bead costs
(1 - cos(x, y)) · |x| · |y| over the mean of 1 - cos(x, y') and 1 - cos(x', y) with random y', x'; a gap costs
what a fifth of random pairs cost less than. Every cell is visited, in plain loops.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosslingual.types import FloatArray

Bead = tuple[tuple[int, ...], tuple[int, ...]]
_SAMPLES = 100
_QUANTILE = 0.2


def reference_align(src: Sequence[FloatArray], tgt: Sequence[FloatArray], most: int = 6) -> list[Bead]:
    """Beads of up to ``most`` sentences of both sides; runs are as in Overlaps."""
    chance = np.random.default_rng(1)
    n, m = len(src[0]), len(tgt[0])
    around_src = [_distance_to_random(runs, tgt[0], chance) for runs in src]
    around_tgt = [_distance_to_random(runs, src[0], chance) for runs in tgt]
    beads = [(a, b) for a in range(1, len(src) + 1) for b in range(1, len(tgt) + 1) if a + b <= most]
    costs = {}
    for a, b in beads:
        around = (around_src[a - 1][:, None] + around_tgt[b - 1][None, :]) / 2
        costs[a, b] = (1 - src[a - 1] @ tgt[b - 1].T) * a * b / np.maximum(around, 1e-6)
    pairs = costs[1, 1][chance.integers(n, size=5000), chance.integers(m, size=5000)]
    gap = float(np.quantile(pairs, _QUANTILE))
    best = np.full((n + 1, m + 1), np.inf)
    best[0, 0] = 0
    came: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(n + 1):
        for j in range(m + 1):
            for a, b in ((1, 0), (0, 1), *beads):
                if a > i or b > j:
                    continue
                cost = best[i - a, j - b] + (costs[a, b][i - a, j - b] if a and b else gap)
                if cost < best[i, j]:
                    best[i, j], came[i, j] = cost, (a, b)
    path = []
    i, j = n, m
    while i or j:
        a, b = came[i, j]
        path.append((tuple(range(i - a, i)), tuple(range(j - b, j))))
        i, j = i - a, j - b
    return path[::-1]


def _distance_to_random(runs: FloatArray, others: FloatArray, chance: np.random.Generator) -> FloatArray:
    drawn = others[chance.integers(len(others), size=_SAMPLES)]
    return np.asarray((1 - runs @ drawn.T).mean(axis=1), dtype=np.float32)
