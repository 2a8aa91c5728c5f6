"""What is known of beads: some neighbouring sentences of one text and those that may translate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.coverage import Coverage, Text
from crosslingual.align.path import Bead, ending
from crosslingual.align.tokens import Tokens
from crosslingual.types import FloatArray

DEPTH = 5
"""Most sentences of a side in one bead."""
_TOTAL = 7
"""Most sentences of both sides in one bead."""
_SMOOTHING = 8.0
"""Characters added to both sides before their lengths are compared: short sentences vary more."""
_TYPICAL = 4.0
"""Logarithm of the weight of a sentence's tokens, about."""
_NOWHERE = np.float32(-1e6)
"""The coverage of runs that would begin before the text or end after it."""


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A text's n sentences and their runs, as Vecalign calls them.

    ``runs[k - 1]`` (n - k + 1, d) has in row i the vector of sentences i … i + k - 1 together, of length 1;
    it is without rows where the text has fewer than k. ``lengths`` (n,) are characters. ``tokens`` are the
    sentences' own; None where the encoder has none to give.
    """

    runs: tuple[FloatArray, ...]
    lengths: NDArray[np.int64]
    tokens: Sequence[Tokens] | None = None

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.lengths)


class Features(Protocol):
    """What is known of beads."""

    beads: list[Bead]

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """Features (beads, f, rows, columns) of the beads that end before sentences ``rows`` and ``columns``.

        Those of beads that would begin before the text are of no meaning.
        """


def shape_features(beads: Sequence[Bead]) -> FloatArray:
    """What ``Weights.shape`` weighs (k, 2)."""
    return np.asarray([(1, a + b - 2) for a, b in beads], dtype=np.float32)


class VectorFeatures:
    """The cosine of a bead's sides, and how far their lengths, as logarithms, are apart."""

    def __init__(self, src: Overlaps, tgt: Overlaps, total: int = _TOTAL) -> None:
        """Beads of up to ``total`` sentences of both sides together."""
        self._src, self._tgt = src, tgt
        deep, wide = min(DEPTH, len(src.runs)), min(DEPTH, len(tgt.runs))
        self.beads = [(a, b) for a in range(1, deep + 1) for b in range(1, wide + 1) if a + b <= total]
        src_ends, tgt_ends = (np.concatenate([[0.0], np.cumsum(side.lengths)]) for side in (src, tgt))
        ratio = np.sqrt((tgt_ends[-1] + 1) / (src_ends[-1] + 1))
        self._src_lengths = [_log_lengths(src_ends * ratio, size) for size in range(1, deep + 1)]
        self._tgt_lengths = [_log_lengths(tgt_ends / ratio, size) for size in range(1, wide + 1)]

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """(beads, 2, rows, columns)."""
        src_runs = [ending(runs, size, rows) for size, runs in enumerate(self._src.runs, 1)]
        tgt_runs = [ending(runs, size, columns) for size, runs in enumerate(self._tgt.runs, 1)]
        shape = (len(self.beads), 2, rows.stop - rows.start, columns.stop - columns.start)
        found = np.empty(shape, dtype=np.float32)
        for own, (a, b) in zip(found, self.beads, strict=True):
            np.matmul(src_runs[a - 1], tgt_runs[b - 1].T, out=own[0])
            np.subtract(
                self._src_lengths[a - 1][rows, None], self._tgt_lengths[b - 1][None, columns], out=own[1]
            )
        np.abs(found[:, 1], out=found[:, 1])
        return found


class TokenFeatures:
    """Those of ``VectorFeatures``, and how a bead's sides cover each other, token by token (``Coverage``).

    The lesser and the greater of the two sides' coverage by the other, and the logarithm of the lighter
    side's weight, by itself and times these two: a short sentence is covered more easily. Then, by the
    weight of that sentence, what the outermost sentences of a side of several add to the coverage of the
    other side, the least and the sum, and what the sentences next to the bead would add, the most and the
    sum: it is these that tell whether a sentence belongs here, to the neighbours, or to none.
    """

    def __init__(self, src: Overlaps, tgt: Overlaps) -> None:
        self._vectors = VectorFeatures(src, tgt)
        self.beads = self._vectors.beads
        self._src, self._tgt = (Text.of(side.tokens or []) for side in (src, tgt))

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """(beads, 11, rows, columns)."""
        found = np.zeros(
            (len(self.beads), 11, rows.stop - rows.start, columns.stop - columns.start), np.float32
        )
        found[:, :2] = self._vectors(rows, columns)
        here, there = _Window.of(self._src, rows), _Window.of(self._tgt, columns)
        both = Coverage.of(here.text, there.text)
        of_src = here.placed(there.placed(_covered(both), 3), 2)
        of_tgt = here.placed(there.placed(_covered(both.turned).transpose(1, 0, 3, 2), 3), 2)
        for own, (a, b) in zip(found, self.beads, strict=True):
            src, tgt = _at(of_src, a, b), _at(of_tgt, a, b)
            src_weight, tgt_weight = here.sums(a)[:, None], there.sums(b)[None]
            shares = src / src_weight, tgt / tgt_weight
            np.minimum(*shares, out=own[2])
            np.maximum(*shares, out=own[3])
            own[4] = np.log(np.minimum(src_weight, tgt_weight)) - _TYPICAL
            np.multiply(own[2:4], own[4], out=own[5:7])
            outer = [
                (_at(of_src, a, b + 1) - src) / there.weights(-b - 1),
                (_at(of_src, a, b + 1, 0, 1) - src) / there.weights(0),
                (_at(of_tgt, a + 1, b) - tgt) / here.weights(-a - 1)[:, None],
                (_at(of_tgt, a + 1, b, 1, 0) - tgt) / here.weights(0)[:, None],
            ]
            inner = []
            if b > 1:
                inner.append((src - _at(of_src, a, b - 1)) / there.weights(-b))
                inner.append((src - _at(of_src, a, b - 1, 0, -1)) / there.weights(-1))
            if a > 1:
                inner.append((tgt - _at(of_tgt, a - 1, b)) / here.weights(-a)[:, None])
                inner.append((tgt - _at(of_tgt, a - 1, b, -1, 0)) / here.weights(-1)[:, None])
            if inner:
                own[7], own[8] = np.minimum.reduce(inner), np.sum(inner, axis=0)
            outer = [np.maximum(gain, 0) for gain in outer]  # below 0 where the text begins or ends here
            own[9], own[10] = np.maximum.reduce(outer), np.sum(outer, axis=0)
        return found


@dataclass(frozen=True, slots=True)
class _Window:
    """The sentences of a text in beads that end at ``places``, and those next to such beads.

    ``around`` (s,) are the weights of all from sentence ``places.start`` - DEPTH - 1 on, 1 for those that
    are not there: ``before`` at the beginning, then come those of ``text``.
    """

    text: Text
    places: slice
    before: int
    around: FloatArray

    @classmethod
    def of(cls, text: Text, places: slice) -> _Window:
        begin, n = places.start - DEPTH - 1, len(text)
        first, last = max(begin, 0), min(places.stop, n)
        ends = np.append(text.starts, len(text.weights))
        tokens = slice(int(ends[first]), int(ends[last]))
        sums = text.sums[first:last]
        own = Text(text.vectors[tokens], text.weights[tokens], text.starts[first:last] - tokens.start, sums)
        around = np.ones(places.stop - begin, dtype=np.float32)
        around[first - begin : last - begin] = sums
        return cls(own, places, first - begin, around)

    def placed(self, values: FloatArray, axis: int) -> FloatArray:
        """``values`` of runs, by their last sentence on ``axis``, for the places, one before and one after.

        ``_NOWHERE`` stands where there is no such sentence.
        """
        wide = [(0, 0)] * values.ndim
        wide[axis] = (self.before, len(self.around) - self.before - len(self.text))
        keep = [slice(None)] * values.ndim
        keep[axis] = slice(DEPTH - 1, None)
        return np.pad(values, wide, constant_values=_NOWHERE)[tuple(keep)]

    def weights(self, offset: int) -> FloatArray:
        """Of the sentence ``offset`` from each place; 0 is the one after it."""
        start = DEPTH + 1 + offset
        return self.around[start : start + self.places.stop - self.places.start]

    def sums(self, size: int) -> FloatArray:
        """Of the ``size`` sentences before each place."""
        return np.asarray(sum(self.weights(-step) for step in range(1, size + 1)), dtype=np.float32)


def _covered(coverage: Coverage) -> FloatArray:
    """By [a - 1, b - 1, i, j], how much weight b sentences opposite, up to j, cover of the a up to i.

    (DEPTH + 1, DEPTH + 1, n, m); ``_NOWHERE`` where a text has too few sentences before.
    """
    text, nearest = coverage.src, coverage.there
    found = np.full((DEPTH + 1, DEPTH + 1, len(text), len(coverage.tgt)), _NOWHERE)
    best = nearest
    for b in range(min(DEPTH + 1, nearest.shape[1])):
        if b:
            best = np.maximum(best[:, :-1], nearest[:, b:])
        found[0, b, :, b:] = np.add.reduceat(best * text.weights[:, None], text.starts, axis=0)
    for a in range(1, min(DEPTH + 1, len(text))):
        found[a, :, a:] = found[a - 1, :, a - 1 : -1] + found[0, :, a:]
    return found


def _at(covered: FloatArray, a: int, b: int, down: int = 0, across: int = 0) -> FloatArray:
    """(rows, columns) for beads (a, b) that end so many places after those asked for."""
    height, width = covered.shape[2] - 2, covered.shape[3] - 2
    return covered[a - 1, b - 1, 1 + down : 1 + down + height, 1 + across : 1 + across + width]


def _log_lengths(ends: NDArray[np.float64], size: int) -> FloatArray:
    """For each place the logarithm of the length of the ``size`` sentences before it."""
    lengths = np.zeros(len(ends))
    lengths[size:] = ends[size:] - ends[:-size]
    return np.log(lengths + _SMOOTHING).astype(np.float32)
