"""What is known of beads: some neighbouring sentences of one text and those that may translate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.path import BeadShape, runs_ending_before
from crosslingual.align.text_coverage import ArticleTokens, TextCoverage
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.types import FloatArray

MAX_SIDE_SENTENCES = 5
"""Most sentences of a side in one bead."""
_MAX_BEAD_SENTENCES = 7
"""Most sentences of both sides in one bead."""
_LENGTH_SMOOTHING_CHARS = 8.0
"""Characters added to both sides before their lengths are compared: short sentences vary more."""
_TYPICAL_LOG_WEIGHT = 4.0
"""Logarithm of the weight of a sentence's tokens, about."""
_OUTSIDE_COVERAGE = np.float32(-1e6)
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
    tokens: Sequence[TokenVectors] | None = None

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.lengths)


class BeadFeatures(Protocol):
    """What is known of beads."""

    beads: list[BeadShape]

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """Features (beads, f, rows, columns) of the beads that end before sentences ``rows`` and ``columns``.

        Those of beads that would begin before the text are of no meaning.
        """


def shape_features(beads: Sequence[BeadShape]) -> FloatArray:
    """What ``BeadWeights.shape`` weighs (k, 2)."""
    return np.asarray([(1, a + b - 2) for a, b in beads], dtype=np.float32)


class VectorFeatures:
    """The cosine of a bead's sides, and how far their lengths, as logarithms, are apart."""

    def __init__(self, src: Overlaps, tgt: Overlaps, max_sentences: int = _MAX_BEAD_SENTENCES) -> None:
        """Beads of up to ``max_sentences`` sentences of both sides together."""
        self._src, self._tgt = src, tgt
        deep, wide = min(MAX_SIDE_SENTENCES, len(src.runs)), min(MAX_SIDE_SENTENCES, len(tgt.runs))
        self.beads = [
            (a, b) for a in range(1, deep + 1) for b in range(1, wide + 1) if a + b <= max_sentences
        ]
        src_ends, tgt_ends = (np.concatenate([[0.0], np.cumsum(side.lengths)]) for side in (src, tgt))
        ratio = np.sqrt((tgt_ends[-1] + 1) / (src_ends[-1] + 1))
        self._src_lengths = [_log_lengths(src_ends * ratio, size) for size in range(1, deep + 1)]
        self._tgt_lengths = [_log_lengths(tgt_ends / ratio, size) for size in range(1, wide + 1)]

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """(beads, 2, rows, columns)."""
        src_runs = [runs_ending_before(runs, size, rows) for size, runs in enumerate(self._src.runs, 1)]
        tgt_runs = [runs_ending_before(runs, size, columns) for size, runs in enumerate(self._tgt.runs, 1)]
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
    """Those of ``VectorFeatures``, and how a bead's sides cover each other, token by token (``TextCoverage``).

    The lesser and the greater of the two sides' coverage by the other, and the logarithm of the lighter
    side's weight, by itself and times these two: a short sentence is covered more easily. Then, by the
    weight of that sentence, what the outermost sentences of a side of several add to the coverage of the
    other side, the least and the sum, and what the sentences next to the bead would add, the most and the
    sum: it is these that tell whether a sentence belongs here, to the neighbours, or to none.
    """

    def __init__(self, src: Overlaps, tgt: Overlaps) -> None:
        self._vectors = VectorFeatures(src, tgt)
        self.beads = self._vectors.beads
        self._src, self._tgt = (ArticleTokens.from_sentences(side.tokens or []) for side in (src, tgt))

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """(beads, 11, rows, columns)."""
        found = np.zeros(
            (len(self.beads), 11, rows.stop - rows.start, columns.stop - columns.start), np.float32
        )
        found[:, :2] = self._vectors(rows, columns)
        here, there = _Window.cut_from(self._src, rows), _Window.cut_from(self._tgt, columns)
        both = TextCoverage.between(here.text, there.text)
        of_src = here.pad_to_positions(there.pad_to_positions(_run_coverage(both), 3), 2)
        of_tgt = here.pad_to_positions(
            there.pad_to_positions(_run_coverage(both.swapped).transpose(1, 0, 3, 2), 3), 2
        )
        for own, (a, b) in zip(found, self.beads, strict=True):
            src, tgt = _at_offset(of_src, a, b), _at_offset(of_tgt, a, b)
            src_weight, tgt_weight = here.run_weights(a)[:, None], there.run_weights(b)[None]
            shares = src / src_weight, tgt / tgt_weight
            np.minimum(*shares, out=own[2])
            np.maximum(*shares, out=own[3])
            own[4] = np.log(np.minimum(src_weight, tgt_weight)) - _TYPICAL_LOG_WEIGHT
            np.multiply(own[2:4], own[4], out=own[5:7])
            outer = [
                (_at_offset(of_src, a, b + 1) - src) / there.weights_at(-b - 1),
                (_at_offset(of_src, a, b + 1, 0, 1) - src) / there.weights_at(0),
                (_at_offset(of_tgt, a + 1, b) - tgt) / here.weights_at(-a - 1)[:, None],
                (_at_offset(of_tgt, a + 1, b, 1, 0) - tgt) / here.weights_at(0)[:, None],
            ]
            inner = []
            if b > 1:
                inner.append((src - _at_offset(of_src, a, b - 1)) / there.weights_at(-b))
                inner.append((src - _at_offset(of_src, a, b - 1, 0, -1)) / there.weights_at(-1))
            if a > 1:
                inner.append((tgt - _at_offset(of_tgt, a - 1, b)) / here.weights_at(-a)[:, None])
                inner.append((tgt - _at_offset(of_tgt, a - 1, b, -1, 0)) / here.weights_at(-1)[:, None])
            if inner:
                own[7], own[8] = np.minimum.reduce(inner), np.sum(inner, axis=0)
            outer = [np.maximum(gain, 0) for gain in outer]  # below 0 where the text begins or ends here
            own[9], own[10] = np.maximum.reduce(outer), np.sum(outer, axis=0)
        return found


@dataclass(frozen=True, slots=True)
class _Window:
    """The sentences of a text in beads that end at ``positions``, and those next to such beads.

    ``sentence_weights`` (s,) are the weights of all from sentence ``positions.start`` - MAX_SIDE_SENTENCES - 1
    on, 1 for those that are not there: ``n_before`` at the beginning, then come those of ``text``.
    """

    text: ArticleTokens
    positions: slice
    n_before: int
    sentence_weights: FloatArray

    @classmethod
    def cut_from(cls, text: ArticleTokens, positions: slice) -> _Window:
        begin, n = positions.start - MAX_SIDE_SENTENCES - 1, len(text)
        first, last = max(begin, 0), min(positions.stop, n)
        ends = np.append(text.starts, len(text.weights))
        tokens = slice(int(ends[first]), int(ends[last]))
        sums = text.sentence_weights[first:last]
        own = ArticleTokens(
            text.vectors[tokens], text.weights[tokens], text.starts[first:last] - tokens.start, sums
        )
        around = np.ones(positions.stop - begin, dtype=np.float32)
        around[first - begin : last - begin] = sums
        return cls(own, positions, first - begin, around)

    def pad_to_positions(self, values: FloatArray, axis: int) -> FloatArray:
        """``values`` of runs, by their last sentence on ``axis``, for the places, one before and one after.

        ``_OUTSIDE_COVERAGE`` stands where there is no such sentence.
        """
        wide = [(0, 0)] * values.ndim
        wide[axis] = (self.n_before, len(self.sentence_weights) - self.n_before - len(self.text))
        keep = [slice(None)] * values.ndim
        keep[axis] = slice(MAX_SIDE_SENTENCES - 1, None)
        return np.pad(values, wide, constant_values=_OUTSIDE_COVERAGE)[tuple(keep)]

    def weights_at(self, offset: int) -> FloatArray:
        """Of the sentence ``offset`` from each place; 0 is the one after it."""
        start = MAX_SIDE_SENTENCES + 1 + offset
        return self.sentence_weights[start : start + self.positions.stop - self.positions.start]

    def run_weights(self, size: int) -> FloatArray:
        """Of the ``size`` sentences before each place."""
        return np.asarray(sum(self.weights_at(-step) for step in range(1, size + 1)), dtype=np.float32)


def _run_coverage(coverage: TextCoverage) -> FloatArray:
    """By [a - 1, b - 1, i, j], how much weight b sentences opposite, up to j, cover of the a up to i.

    (d, d, n, m), d = MAX_SIDE_SENTENCES + 1; ``_OUTSIDE_COVERAGE`` where a text has too few sentences before.
    """
    text, nearest = coverage.src, coverage.src_coverage
    found = np.full(
        (MAX_SIDE_SENTENCES + 1, MAX_SIDE_SENTENCES + 1, len(text), len(coverage.tgt)), _OUTSIDE_COVERAGE
    )
    best = nearest
    for b in range(min(MAX_SIDE_SENTENCES + 1, nearest.shape[1])):
        if b:
            best = np.maximum(best[:, :-1], nearest[:, b:])
        found[0, b, :, b:] = np.add.reduceat(best * text.weights[:, None], text.starts, axis=0)
    for a in range(1, min(MAX_SIDE_SENTENCES + 1, len(text))):
        found[a, :, a:] = found[a - 1, :, a - 1 : -1] + found[0, :, a:]
    return found


def _at_offset(run_coverage: FloatArray, a: int, b: int, down: int = 0, across: int = 0) -> FloatArray:
    """(rows, columns) for beads (a, b) that end so many places after those asked for."""
    height, width = run_coverage.shape[2] - 2, run_coverage.shape[3] - 2
    return run_coverage[a - 1, b - 1, 1 + down : 1 + down + height, 1 + across : 1 + across + width]


def _log_lengths(ends: NDArray[np.float64], size: int) -> FloatArray:
    """For each place the logarithm of the length of the ``size`` sentences before it."""
    lengths = np.zeros(len(ends))
    lengths[size:] = ends[size:] - ends[:-size]
    return np.log(lengths + _LENGTH_SMOOTHING_CHARS).astype(np.float32)
