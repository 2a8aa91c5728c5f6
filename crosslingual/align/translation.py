"""Two translations of one text: which sentences of one are which of the other, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.align.beads import (
    DEPTH,
    Features,
    Overlaps,
    TokenFeatures,
    VectorFeatures,
    shape_features,
)
from crosslingual.align.path import IMPOSSIBLE, Bead, Corridor, best_path, find_corridor
from crosslingual.align.space import Space
from crosslingual.align.tokens import Tokens, unit
from crosslingual.encode import Encoder
from crosslingual.types import Alignment, FloatArray

_SKETCH = 4
"""Most sentences of both sides in one bead where tokens will judge again."""
_NEAR = 5
"""How far, in sentences, their path may stray from that of the sketch."""
ROWS = 32
"""Sentences whose tokens are compared at a time; more would compare many that are far from each other."""
_OWN = 20
"""Sentences from which a text's own mean tells as much of its language and subject as the space does."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a conditional random field over beads; see ``align``.

    ``gap`` is what a sentence without counterpart is worth. A bead has ``shape`` times 1 and its sentences
    beyond one and one, and each of its features times ``features`` and, for every such sentence, ``more``.
    """

    gap: float
    shape: tuple[float, float]
    features: tuple[float, ...]
    more: tuple[float, ...]

    def of(self, beads: Sequence[Bead]) -> tuple[FloatArray, FloatArray]:
        """What ``beads`` are worth as such (k,), and what each of their features (k, f)."""
        shapes = shape_features(beads)
        each = np.asarray(self.features, np.float32) + shapes[:, 1:2] * np.asarray(self.more, np.float32)
        return shapes @ np.asarray(self.shape, np.float32), each


# Fitted by scripts/fit_translation.py to every other chapter of mac and to the development text of Text+Berg.
VECTORS = Weights(gap=-1.47, shape=(1.74, -0.93), features=(13.49, -5.22), more=(3.19, -0.08))
TOKENS = Weights(
    gap=-1.11,
    shape=(1.88, -1.22),
    features=(7.43, -3.56, 12.56, -5.27, -2.66, 6.45, 0.13, 4.01, -1.14, -4.61, -7.0),
    more=(0.56, 0.08, 2.47, 1.28, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
)


def overlaps(sentences: Sequence[str], lang: str, encoder: Encoder, space: Space) -> Overlaps:
    """``sentences``, encoded and centred in ``space``, and their runs."""
    reading = encoder.read(sentences)
    return overlaps_of(
        space.centred(reading.vectors, lang),
        [len(text) for text in sentences],
        space.tokens.read(reading.states, reading.weights, lang),
    )


def overlaps_of(
    vectors: FloatArray, lengths: Sequence[int], tokens: Sequence[Tokens] | None = None
) -> Overlaps:
    """A text's sentences, encoded before, and their runs of up to ``DEPTH``.

    A run's vector is the mean of its sentences' by length. Joined texts encoded are no nearer to each other
    across languages, and take five times as long as the sentences.

    Args:
        vectors: (n, d) of all sentences of the text, as ``Space.centred`` gives them.
        lengths: of the sentences in characters.
        tokens: of each sentence; of no use where the encoder gives a single one for every sentence.
    """
    sizes = np.asarray(lengths, dtype=np.int64)
    # What all share, the text's subject and the rest of its language, tells none from another.
    own = vectors - vectors.sum(axis=0) / np.float32(len(sizes) + _OWN)
    sums = np.cumsum(np.vstack([0 * own[:1], own * sizes[:, None]]), axis=0, dtype=np.float64)
    runs = tuple(
        unit(np.asarray(sums[size:] - sums[: max(len(sums) - size, 0)], np.float32))
        for size in range(1, DEPTH + 1)
    )
    told = tokens is not None and any(len(one.weights) > 1 for one in tokens)
    return Overlaps(runs, sizes, tokens if told else None)


def align_texts(
    src: Sequence[str], src_lang: str, tgt: Sequence[str], tgt_lang: str, encoder: Encoder, space: Space
) -> list[Alignment]:
    """Alignments, as ``align`` gives them, of the sentences of two translations of one text."""
    return align(overlaps(src, src_lang, encoder, space), overlaps(tgt, tgt_lang, encoder, space))


def align(src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    """Beads and gaps, in order, that hold every sentence of either side once.

    The path of highest score through all beads of up to ``DEPTH`` sentences a side, as in Thompson and
    Koehn 2019 (Vecalign) and Liu and Zhu 2023 (Bertalign). A bead's score is its log-potential in a
    conditional random field: what its shape is worth, the cosine of its sides, how their lengths agree, the
    ratio of the two texts' lengths being granted, and, in a second pass near the path of the first, how
    the tokens of the sides cover each other and what they would without or with one sentence more
    (``TokenFeatures``). Time and memory grow with n + m. ``Alignment.score`` is the cosine of a bead, 0 for
    a gap; ``probability`` is not told and 0.
    """
    if not len(src) or not len(tgt):
        return _alignments([(1, 0)] * len(src) + [(0, 1)] * len(tgt), src, tgt)
    if src.tokens is None or tgt.tokens is None:
        path = _path(VectorFeatures(src, tgt), VECTORS, find_corridor(src.runs[0], tgt.runs[0]))
    else:
        path = _path(TokenFeatures(src, tgt), TOKENS, near_corridor(src, tgt), ROWS)
    return _alignments(path, src, tgt)


def near_corridor(src: Overlaps, tgt: Overlaps) -> Corridor:
    """Where tokens are compared: near the best path by vectors."""
    sketch = VectorFeatures(src, tgt, _SKETCH)
    path = _path(sketch, VECTORS, find_corridor(src.runs[0], tgt.runs[0]))
    return Corridor.around(path, 1, len(src), len(tgt), _NEAR)


def _path(features: Features, weights: Weights, corridor: Corridor, rows: int = 64) -> list[Bead]:
    worth, each = weights.of(features.beads)

    def scores(rows: slice, columns: slice) -> FloatArray:
        found = features(rows, columns)
        flat = found.reshape(*found.shape[:2], -1)
        total = (each[:, None] @ flat).reshape(len(found), *found.shape[2:]) + worth[:, None, None]
        for own, (a, b) in zip(total, features.beads, strict=True):
            own[: max(a - rows.start, 0)] = IMPOSSIBLE
            own[:, : max(b - columns.start, 0)] = IMPOSSIBLE
        return np.asarray(total, dtype=np.float32)

    return [bead for bead, _ in best_path(corridor, features.beads, scores, weights.gap, rows)]


def _alignments(path: Sequence[Bead], src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    alignments = []
    i = j = 0
    for a, b in path:
        score = float(src.runs[a - 1][i] @ tgt.runs[b - 1][j]) if a and b else 0.0
        alignments.append(Alignment(tuple(range(i, i + a)), tuple(range(j, j + b)), score, 0.0))
        i, j = i + a, j + b
    return alignments
