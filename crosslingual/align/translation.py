"""Two translations of one text: which sentences of one are which of the other, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.path import IMPOSSIBLE, Bead, Corridor, best_path, ending, find_corridor
from crosslingual.align.space import Space
from crosslingual.encode import Encoder
from crosslingual.types import Alignment, FloatArray

DEPTH = 5
"""Most sentences of a side in one bead."""
_TOTAL = 6
"""Most sentences of both sides in one bead."""
_BEADS = [(a, b) for a in range(1, DEPTH + 1) for b in range(1, DEPTH + 1) if a + b <= _TOTAL]
_UNSPACED = {"zh", "ja", "th"}
_SMOOTHING = 8.0
"""Characters added to both sides before their lengths are compared: short sentences vary more."""
_OWN = 20
"""Sentences from which a text's own mean tells as much of its language and subject as the space does."""
_KEPT = 0.5
"""Share of a text's own covariance in what evens its directions out; the rest is that of a ball."""

SAME_COSINE = 0.2
"""Centred cosine from which a bead is likely a translation."""
SAME_SHARE = 0.6
"""Share of sentences in such beads from which two texts are translations of one another."""


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
    neighbours: tuple[float, float]
    length: tuple[float, float]


# Fitted by scripts/fit_translation.py to the texts that docs/evaluation.md names.
WEIGHTS = Weights(
    gap=-4.0,
    bead={bead: -1.0 - 2.0 * (sum(bead) - 2) for bead in _BEADS if bead[0] <= bead[1]},
    cosine=(12.0, 8.0),
    neighbours=(0.0, 0.0),
    length=(-2.0, 0.0),
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
    conditional random field: what is worth its shape, the cosine of the joined texts less what their
    neighbours have in common with them, and how their lengths agree, the ratio of the two texts' lengths
    being granted. Time and memory grow with n + m. ``Alignment.score`` is the cosine of a bead, 0 for a
    gap.
    """
    if not len(src) or not len(tgt):
        return _alignments([(1, 0)] * len(src) + [(0, 1)] * len(tgt), src, tgt)
    src, tgt = _evened(src, tgt)
    scorer = _Scorer(src, tgt, WEIGHTS)
    path = best_path(find_corridor(src.runs[0], tgt.runs[0]), scorer.beads, scorer, WEIGHTS.gap)
    return _alignments([bead for bead, _ in path], src, tgt)


def are_translations(src: Overlaps, tgt: Overlaps) -> bool:
    """Whether two articles are translations of one another, told in one order.

    They are where ``SAME_SHARE`` of the sentences of either side stand in beads of likely translations.
    """
    if not len(src) or not len(tgt):
        return False
    alike = [bead for bead in align(src, tgt) if bead.score >= SAME_COSINE]
    sides = ((sum(len(bead.src) for bead in alike), len(src)), (sum(len(bead.tgt) for bead in alike), len(tgt)))
    return all(held >= SAME_SHARE * size for held, size in sides)


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
        # Single sentences of the other side from the one before the longest bead to the one after it.
        beside_rows = slice(rows.start - self._deep, rows.stop + 1)
        beside_columns = slice(columns.start - self._wide, columns.stop + 1)
        src_runs = [ending(src[a - 1], a, rows) for a in range(1, self._deep + 1)]
        tgt_runs = [ending(tgt[b - 1], b, columns) for b in range(1, self._wide + 1)]
        across = np.concatenate(src_runs) @ ending(tgt[0], 1, beside_columns).T
        down = ending(src[0], 1, beside_rows) @ np.concatenate(tgt_runs).T
        across = across.reshape(self._deep, height, -1)
        down = down.reshape(len(down), self._wide, width).swapaxes(0, 1)
        scores = np.empty((len(self.beads), height, width), dtype=np.float32)
        for place, (a, b) in enumerate(self.beads):
            more = a + b - 2
            before, after = self._wide - b, self._wide + 1
            beside = across[a - 1, :, before : before + width] + across[a - 1, :, after : after + width]
            above, below = self._deep - a, self._deep + 1
            beside = beside + down[b - 1, above : above + height] + down[b - 1, below : below + height]
            own = scores[place]
            np.matmul(src_runs[a - 1], tgt_runs[b - 1].T, out=own)
            own *= weights.cosine[0] + more * weights.cosine[1]
            own += beside * np.float32((weights.neighbours[0] + more * weights.neighbours[1]) / 4)
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


def _evened(src: Overlaps, tgt: Overlaps) -> tuple[Overlaps, Overlaps]:
    """Both sides less their own mean, in directions evened out.

    What all sentences of a text share, its language and its subject, tells none from another. The square
    root of whitening is used: full whitening makes too much of what few sentences vary in.
    """
    centred = [
        _moved(side, side.runs[0].mean(axis=0) * np.float32(len(side) / (len(side) + _OWN))) for side in (src, tgt)
    ]
    singles = np.concatenate([side.runs[0] for side in centred])
    covariance = singles.T @ singles / np.float32(len(singles))
    size = len(covariance)
    ball = np.eye(size, dtype=np.float32) * (np.trace(covariance) / size)
    values, directions = np.linalg.eigh(_KEPT * covariance + (1 - _KEPT) * ball)
    transform = (directions * np.maximum(values, 1e-9) ** -0.25) @ directions.T
    left, right = (
        Overlaps(tuple(_unit(runs @ transform) for runs in side.runs), side.lengths) for side in centred
    )
    return left, right


def _moved(side: Overlaps, mean: FloatArray) -> Overlaps:
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
