"""Two translations of one text: which sentences of one are which of the other, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.path import IMPOSSIBLE, Bead, best_path, ending, find_corridor
from crosslingual.align.space import Space
from crosslingual.encode import Encoder
from crosslingual.types import Alignment, FloatArray

DEPTH = 5
"""Most sentences of a side in one bead."""
_TOTAL = 7
"""Most sentences of both sides in one bead."""
_BEADS = [(a, b) for a in range(1, DEPTH + 1) for b in range(1, DEPTH + 1) if a + b <= _TOTAL]
_UNSPACED = {"zh", "ja", "th"}
_SMOOTHING = 8.0
"""Characters added to both sides before their lengths are compared: short sentences vary more."""
_OWN = 20
"""Sentences from which a text's own mean tells as much of its language and subject as the space does."""


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The vectors of a text's runs of sentences, as Vecalign calls them.

    ``runs[k - 1]`` (n - k + 1, d) has in row i the vector of sentences i … i + k - 1 joined, of length 1;
    it is without rows where the text has fewer than k. ``lengths`` (n,) are characters.
    """

    runs: tuple[FloatArray, ...]
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.lengths)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a conditional random field over beads; see ``align``.

    ``bead`` is by (fewer, more) sentences of a side; of the other pairs the first counts as it is, the
    second times the sentences beyond one and one.
    """

    gap: float
    bead: dict[Bead, float]
    cosine: tuple[float, float]
    length: tuple[float, float]


# Fitted to every other chapter of mac and to the development text of Text+Berg; see docs/evaluation.md.
WEIGHTS = Weights(
    gap=-3.5,
    bead={
        (1, 1): -0.33,
        (1, 2): -2.7,
        (2, 2): -5.2,
        (1, 3): -4.8,
        (1, 4): -7.5,
        (2, 3): -8.0,
        (1, 5): -9.7,
        (2, 4): -10.0,
        (3, 3): -10.0,
        (2, 5): -12.0,
        (3, 4): -12.0,
    },
    cosine=(13.3, 5.2),
    length=(-2.9, -0.9),
)


def overlaps(
    sentences: Sequence[str], lang: str, encoder: Encoder, space: Space, *, depth: int = DEPTH
) -> Overlaps:
    """The runs of up to ``depth`` of ``sentences``, joined, encoded and centred in ``space``."""
    joint = "" if lang in _UNSPACED else " "
    texts = [
        [joint.join(sentences[i : i + size]) for i in range(len(sentences) - size + 1)]
        for size in range(1, depth + 1)
    ]
    vectors = space.centred(encoder.encode([text for level in texts for text in level]), lang)
    ends = np.cumsum([len(level) for level in texts])
    runs = np.split(vectors, ends[:-1])
    return Overlaps(tuple(runs), np.asarray([len(text) for text in sentences], dtype=np.int64))


def align_texts(
    src: Sequence[str], src_lang: str, tgt: Sequence[str], tgt_lang: str, encoder: Encoder, space: Space
) -> list[Alignment]:
    """Alignments, as ``align`` gives them, of the sentences of two translations of one text."""
    return align(overlaps(src, src_lang, encoder, space), overlaps(tgt, tgt_lang, encoder, space))


def align(src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    """Beads and gaps, in order, that hold every sentence of either side once.

    The path of highest score through all beads of up to ``DEPTH`` sentences a side, as in Thompson and
    Koehn 2019 (Vecalign) and Liu and Zhu 2023 (Bertalign). A bead's score is its log-potential in a
    conditional random field: what its shape is worth, the cosine of the joined texts, and how their
    lengths agree, the ratio of the two texts' lengths being granted. Time and memory grow with n + m.
    ``Alignment.score`` is the cosine of a bead, 0 for a gap; ``probability`` is not told and 0.
    """
    if not len(src) or not len(tgt):
        return _alignments([(1, 0)] * len(src) + [(0, 1)] * len(tgt), src, tgt)
    src, tgt = _recentred(src), _recentred(tgt)
    scorer = _Scorer(src, tgt, WEIGHTS)
    path = best_path(find_corridor(src.runs[0], tgt.runs[0]), scorer.beads, scorer, WEIGHTS.gap)
    return _alignments([bead for bead, _ in path], src, tgt)


class _Scorer:
    """Log-potentials of beads, block by block."""

    def __init__(self, src: Overlaps, tgt: Overlaps, weights: Weights) -> None:
        self._src, self._tgt, self._weights = src, tgt, weights
        self.beads = [(a, b) for a, b in _BEADS if a <= len(src.runs) and b <= len(tgt.runs)]
        self._deep, self._wide = (max(side) for side in zip(*self.beads, strict=True))
        src_ends, tgt_ends = (np.concatenate([[0.0], np.cumsum(side.lengths)]) for side in (src, tgt))
        ratio = np.sqrt((tgt_ends[-1] + 1) / (src_ends[-1] + 1))
        self._src_lengths = [_log_lengths(src_ends * ratio, size) for size in range(1, self._deep + 1)]
        self._tgt_lengths = [_log_lengths(tgt_ends / ratio, size) for size in range(1, self._wide + 1)]

    def __call__(self, rows: slice, columns: slice) -> FloatArray:
        """Scores (beads, rows, columns); what would begin before the text is ``IMPOSSIBLE``."""
        src, tgt, weights = self._src.runs, self._tgt.runs, self._weights
        height, width = rows.stop - rows.start, columns.stop - columns.start
        src_runs = [ending(src[a - 1], a, rows) for a in range(1, self._deep + 1)]
        tgt_runs = [ending(tgt[b - 1], b, columns) for b in range(1, self._wide + 1)]
        scores = np.empty((len(self.beads), height, width), dtype=np.float32)
        for place, (a, b) in enumerate(self.beads):
            more = a + b - 2
            own = scores[place]
            np.matmul(src_runs[a - 1], tgt_runs[b - 1].T, out=own)
            own *= weights.cosine[0] + more * weights.cosine[1]
            apart = np.abs(
                self._src_lengths[a - 1][rows.start : rows.stop, None]
                - self._tgt_lengths[b - 1][None, columns.start : columns.stop]
            )
            own += apart * np.float32(weights.length[0] + more * weights.length[1])
            own += np.float32(weights.bead[min(a, b), max(a, b)])
            own[: max(a - rows.start, 0)] = IMPOSSIBLE
            own[:, : max(b - columns.start, 0)] = IMPOSSIBLE
        return scores


def _log_lengths(ends: NDArray[np.float64], size: int) -> FloatArray:
    """For each place the logarithm of the length of the ``size`` sentences before it."""
    lengths = np.zeros(len(ends))
    lengths[size:] = ends[size:] - ends[:-size]
    return np.log(lengths + _SMOOTHING).astype(np.float32)


def _recentred(side: Overlaps) -> Overlaps:
    """Without what all its sentences share, its language and its subject, which tells none from another."""
    mean = side.runs[0].mean(axis=0) * np.float32(len(side) / (len(side) + _OWN))
    return Overlaps(tuple(_unit(runs - mean) for runs in side.runs), side.lengths)


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _alignments(path: Sequence[Bead], src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    alignments = []
    i = j = 0
    for a, b in path:
        score = float(src.runs[a - 1][i] @ tgt.runs[b - 1][j]) if a and b else 0.0
        alignments.append(Alignment(tuple(range(i, i + a)), tuple(range(j, j + b)), score, 0.0))
        i, j = i + a, j + b
    return alignments
