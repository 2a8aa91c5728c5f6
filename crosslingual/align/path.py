"""The best monotone path between two texts, in time and memory that grow with their length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.types import FloatArray

BeadShape = tuple[int, int]
"""How many sentences of either side it takes."""
BeadScorer = Callable[[slice, slice], FloatArray]
"""Scores (beads, rows, columns) of the beads that end before sentences ``max_rows`` and ``columns``."""

IMPOSSIBLE_SCORE = np.float32(-1e9)
_CELLS_PER_BLOCK = 1_500_000
"""Scores worked out at a time."""
ROWS_PER_BLOCK = 64
"""Most rows of cells worked out at a time."""
_MAX_DENSE_PAIRS = 250_000
"""Pairs of sentences up to which all are compared."""
_SLACK_SENTENCES = 12
"""How far, in sentences, a path may stray from one that is half as fine."""
_MIN_BLOCK_COSINE = 0.15
"""Cosine from which two blocks of sentences tell of the same, background subtracted."""


@dataclass(frozen=True, slots=True)
class Corridor:
    """The cells that a path may use: those of row i, 0 … n, lie in columns ``low[i]`` … ``high[i]``.

    Row i and column j stand for the places before sentences i and j, the last ones for the ends. Both
    bounds never fall, ``low[0]`` is 0 and ``high[n]`` is m.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @classmethod
    def full(cls, n: int, m: int) -> Corridor:
        """Every cell."""
        return cls(np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m, dtype=np.int64))

    @classmethod
    def around_path(
        cls, path: Sequence[BeadShape], scale: int, n: int, m: int, slack: int = _SLACK_SENTENCES
    ) -> Corridor:
        """The cells up to ``slack`` from ``path``, whose sentences each stand for ``scale`` of n and m."""
        corners = np.minimum(np.cumsum([(0, 0), *path], axis=0) * scale, (n, m))
        rows = np.arange(n + 1)
        # The first and the last column of the path in each row; between its corners it runs straight.
        down, across = corners[:, 0], corners[:, 1]
        first = np.interp(rows, *_row_corners(down, across, 0))
        last = np.interp(rows, *_row_corners(down, across, -1))
        low = np.concatenate([np.zeros(slack), first])[: n + 1] - slack
        high = np.concatenate([last, np.full(slack, m)])[slack:] + slack
        return cls(
            np.maximum(np.floor(low), 0).astype(np.int64), np.minimum(np.ceil(high), m).astype(np.int64)
        )


def _row_corners(
    down: NDArray[np.int64], across: NDArray[np.int64], which: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The corners with only the first (0) or last (-1) of those in one row."""
    changes = np.flatnonzero(np.diff(down)) + 1
    chosen = np.concatenate([[0], changes]) if which == 0 else np.concatenate([changes - 1, [len(down) - 1]])
    return down[chosen], across[chosen]


def find_corridor(src: FloatArray, tgt: FloatArray) -> Corridor:
    """Where the sentences (n, d) and (m, d), as centred vectors, may go together.

    Coarse to fine: neighbours are joined two by two until all can be compared with all, and at each finer
    grain only the neighbourhood of the path before is.
    """
    n, m = len(src), len(tgt)
    if n * m <= _MAX_DENSE_PAIRS:
        return Corridor.full(n, m)
    coarse_src, coarse_tgt = _halve_vectors(src), _halve_vectors(tgt)
    corridor = find_corridor(coarse_src, coarse_tgt)

    def score_block(rows: slice, columns: slice) -> FloatArray:
        return (
            runs_ending_before(coarse_src, 1, rows) @ runs_ending_before(coarse_tgt, 1, columns).T
            - _MIN_BLOCK_COSINE
        )[None]

    path = [bead for bead, _ in find_best_path(corridor, [(1, 1)], score_block, gap=0.0)]
    return Corridor.around_path(path, 2, n, m)


def _halve_vectors(vectors: FloatArray) -> FloatArray:
    odd = np.concatenate([vectors, np.zeros((len(vectors) % 2, vectors.shape[1]), dtype=np.float32)])
    sums = odd[::2] + odd[1::2]
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def runs_ending_before(runs: FloatArray, size: int, positions: slice) -> FloatArray:
    """For each of ``positions`` the row of ``runs`` of ``size`` sentences that end before it, else zeros."""
    first, last = max(positions.start - size, 0), max(min(positions.stop - size, len(runs)), 0)
    vectors = np.zeros((positions.stop - positions.start, runs.shape[1]), dtype=np.float32)
    if first < last:
        vectors[first + size - positions.start : last + size - positions.start] = runs[first:last]
    return vectors


def find_best_path(
    corridor: Corridor,
    beads: Sequence[BeadShape],
    score_beads: BeadScorer,
    gap: float,
    max_rows: int = ROWS_PER_BLOCK,
) -> list[tuple[BeadShape, float]]:
    """The steps from one corner to the other that score most: ``beads``, and gaps of one sentence.

    Args:
        corridor: the cells to use, n + 1 rows.
        beads: what a step may take; both sides at least 1.
        score_beads: what each bead is worth where.
        gap: what a sentence without counterpart is worth.
        max_rows: how many rows ``score_beads`` is asked for at most.

    Returns:
        The steps in order, ``(1, 0)`` and ``(0, 1)`` for gaps, each with its score.
    """
    low, high = corridor.low, corridor.high
    n, m = len(low) - 1, int(high[-1])
    deep, wide = max(a for a, _ in beads), max(b for _, b in beads)
    # In double precision: sums over thousands of sentences are compared to the last digit.
    ramp = np.arange(m + 1) * gap
    # The last rows, at full width so that columns need no shifting; -1 … -wide stand left of column 0.
    recent = np.full((deep + 1, wide + m + 1), float(IMPOSSIBLE_SCORE))
    choices: list[NDArray[np.int8]] = []
    gains: list[FloatArray] = []
    down, right = len(beads), len(beads) + 1
    for start, stop in split_rows(corridor, len(beads), max_rows):
        left = int(low[start])
        block = score_beads(slice(start, stop), slice(left, int(high[stop - 1]) + 1))
        for i in range(start, stop):
            begin, end = int(low[i]), int(high[i]) + 1
            own = recent[i % (deep + 1)]
            if i > deep:
                own[wide + low[i - deep - 1] : wide + high[i - deep - 1] + 1] = IMPOSSIBLE_SCORE
            worth = block[:, i - start, begin - left : end - left]
            totals = np.full((len(beads) + 1, end - begin), float(IMPOSSIBLE_SCORE))
            for place, (a, b) in enumerate(beads):
                if a <= i:
                    before = recent[(i - a) % (deep + 1), wide + begin - b : wide + end - b]
                    np.add(before, worth[place], out=totals[place])
            if i:
                np.add(recent[(i - 1) % (deep + 1), wide + begin : wide + end], gap, out=totals[down])
            else:
                totals[down, 0] = 0
            choice = totals.argmax(axis=0).astype(np.int8)
            best = totals.max(axis=0)
            run = np.maximum.accumulate(best - ramp[begin:end]) + ramp[begin:end]
            # Strictly better by more than rounding: else a path of gaps could lead out of the corridor.
            skipped = run > best + 1e-5
            choice[skipped] = right
            own[wide + begin : wide + end] = np.where(skipped, run, best)
            choices.append(choice)
            gains.append(
                np.take_along_axis(worth, np.minimum(choice, down - 1)[None].astype(np.intp), axis=0)[0]
            )
    steps: list[tuple[BeadShape, float]] = []
    i, j = n, m
    while i or j:
        choice_here = int(choices[i][j - low[i]])
        if choice_here < down:
            step, worth_here = beads[choice_here], float(gains[i][j - low[i]])
        else:
            step, worth_here = ((1, 0) if choice_here == down else (0, 1)), gap
        steps.append((step, worth_here))
        i, j = i - step[0], j - step[1]
    return steps[::-1]


def split_rows(corridor: Corridor, n_beads: int, max_rows: int = ROWS_PER_BLOCK) -> list[tuple[int, int]]:
    """Runs of up to ``max_rows`` rows whose scores fit into ``_CELLS_PER_BLOCK``, or single rows."""
    found, start, rows = [], 0, len(corridor.low)
    while start < rows:
        stop = start + 1
        while (
            stop < rows
            and stop - start < max_rows
            and (stop + 1 - start) * (int(corridor.high[stop]) + 1 - int(corridor.low[start])) * n_beads
            <= _CELLS_PER_BLOCK
        ):
            stop += 1
        found.append((start, stop))
        start = stop
    return found
