"""Two translations of one text: which sentences of one are which of the other, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.align.beads import (
    MAX_SIDE_SENTENCES,
    BeadFeatures,
    Overlaps,
    TokenFeatures,
    VectorFeatures,
    shape_features,
)
from crosslingual.align.path import IMPOSSIBLE_SCORE, BeadShape, Corridor, find_best_path, find_corridor
from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import Encoder
from crosslingual.embeddings.token_states import TokenVectors, normalize_rows
from crosslingual.types import Alignment, FloatArray

_MAX_SKETCH_SENTENCES = 4
"""Most sentences of both sides in one bead where tokens will judge again."""
_SKETCH_SLACK_SENTENCES = 5
"""How far, in sentences, their path may stray from that of the sketch."""
SENTENCES_PER_BLOCK = 32
"""Sentences whose tokens are compared at a time; more would compare many that are far from each other."""
_MEAN_SMOOTHING_SENTENCES = 20
"""Sentences from which a text's own mean tells as much of its language and subject as the space does."""


@dataclass(frozen=True, slots=True)
class BeadWeights:
    """Of a conditional random field over beads; see ``align_overlaps``.

    ``gap`` is what a sentence without counterpart is worth. A bead has ``shape`` times 1 and its sentences
    beyond one and one, and each of its features times ``features`` and, for every such sentence,
    ``extra_features``.
    """

    gap: float
    shape: tuple[float, float]
    features: tuple[float, ...]
    extra_features: tuple[float, ...]

    def bead_potentials(self, beads: Sequence[BeadShape]) -> tuple[FloatArray, FloatArray]:
        """What ``beads`` are worth as such (k,), and what each of their features (k, f)."""
        shapes = shape_features(beads)
        each = np.asarray(self.features, np.float32) + shapes[:, 1:2] * np.asarray(
            self.extra_features, np.float32
        )
        return shapes @ np.asarray(self.shape, np.float32), each


# Fitted by scripts/fit_translation.py to every other chapter of mac and to the development text of Text+Berg.
VECTOR_WEIGHTS = BeadWeights(
    gap=-1.47, shape=(1.74, -0.93), features=(13.49, -5.22), extra_features=(3.19, -0.08)
)
TOKEN_WEIGHTS = BeadWeights(
    gap=-1.11,
    shape=(1.88, -1.22),
    features=(7.43, -3.56, 12.56, -5.27, -2.66, 6.45, 0.13, 4.01, -1.14, -4.61, -7.0),
    extra_features=(0.56, 0.08, 2.47, 1.28, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
)


def encode_overlaps(sentences: Sequence[str], lang: str, encoder: Encoder, space: Space) -> Overlaps:
    """``sentences``, encoded and centred in ``space``, and their runs."""
    reading = encoder.encode_with_tokens(sentences)
    return build_overlaps(
        space.center_vectors(reading.vectors, lang),
        [len(text) for text in sentences],
        space.tokens.project_states(reading.states, reading.weights, lang),
    )


def build_overlaps(
    vectors: FloatArray, lengths: Sequence[int], tokens: Sequence[TokenVectors] | None = None
) -> Overlaps:
    """A text's sentences, encoded before, and their runs of up to ``MAX_SIDE_SENTENCES``.

    A run's vector is the mean of its sentences' by length. Joined texts encoded are no nearer to each other
    across languages, and take five times as long as the sentences.

    Args:
        vectors: (n, d) of all sentences of the text, as ``Space.center_vectors`` gives them.
        lengths: of the sentences in characters.
        tokens: of each sentence; of no use where the encoder gives a single one for every sentence.
    """
    sizes = np.asarray(lengths, dtype=np.int64)
    # What all share, the text's subject and the rest of its language, tells none from another.
    own = vectors - vectors.sum(axis=0) / np.float32(len(sizes) + _MEAN_SMOOTHING_SENTENCES)
    sums = np.cumsum(np.vstack([0 * own[:1], own * sizes[:, None]]), axis=0, dtype=np.float64)
    runs = tuple(
        normalize_rows(np.asarray(sums[size:] - sums[: max(len(sums) - size, 0)], np.float32))
        for size in range(1, MAX_SIDE_SENTENCES + 1)
    )
    told = tokens is not None and any(len(one.weights) > 1 for one in tokens)
    return Overlaps(runs, sizes, tokens if told else None)


def align_texts(
    src: Sequence[str], src_lang: str, tgt: Sequence[str], tgt_lang: str, encoder: Encoder, space: Space
) -> list[Alignment]:
    """Alignments, as ``align_overlaps`` gives them, of the sentences of two translations of one text."""
    return align_overlaps(
        encode_overlaps(src, src_lang, encoder, space), encode_overlaps(tgt, tgt_lang, encoder, space)
    )


def align_overlaps(src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    """Beads and gaps, in order, that hold every sentence of either side once.

    The path of highest score through all beads of up to ``MAX_SIDE_SENTENCES`` sentences a side, as in
    Thompson and Koehn 2019 (Vecalign) and Liu and Zhu 2023 (Bertalign). A bead's score is its log-potential
    in a conditional random field: what its shape is worth, the cosine of its sides, how their lengths agree,
    the ratio of the two texts' lengths being granted, and, in a second pass near the path of the first, how
    the tokens of the sides cover each other and what they would without or with one sentence more
    (``TokenFeatures``). Time and memory grow with n + m. ``Alignment.score`` is the cosine of a bead, 0 for
    a gap; ``probability`` is not told and 0.
    """
    if not len(src) or not len(tgt):
        return _path_alignments([(1, 0)] * len(src) + [(0, 1)] * len(tgt), src, tgt)
    if src.tokens is None or tgt.tokens is None:
        path = _find_path(VectorFeatures(src, tgt), VECTOR_WEIGHTS, find_corridor(src.runs[0], tgt.runs[0]))
    else:
        path = _find_path(
            TokenFeatures(src, tgt), TOKEN_WEIGHTS, sketch_corridor(src, tgt), SENTENCES_PER_BLOCK
        )
    return _path_alignments(path, src, tgt)


def sketch_corridor(src: Overlaps, tgt: Overlaps) -> Corridor:
    """Where tokens are compared: near the best path by vectors."""
    sketch = VectorFeatures(src, tgt, _MAX_SKETCH_SENTENCES)
    path = _find_path(sketch, VECTOR_WEIGHTS, find_corridor(src.runs[0], tgt.runs[0]))
    return Corridor.around_path(path, 1, len(src), len(tgt), _SKETCH_SLACK_SENTENCES)


def _find_path(
    features: BeadFeatures, weights: BeadWeights, corridor: Corridor, rows: int = 64
) -> list[BeadShape]:
    worth, each = weights.bead_potentials(features.beads)

    def score_block(rows: slice, columns: slice) -> FloatArray:
        found = features(rows, columns)
        flat = found.reshape(*found.shape[:2], -1)
        total = (each[:, None] @ flat).reshape(len(found), *found.shape[2:]) + worth[:, None, None]
        for own, (a, b) in zip(total, features.beads, strict=True):
            own[: max(a - rows.start, 0)] = IMPOSSIBLE_SCORE
            own[:, : max(b - columns.start, 0)] = IMPOSSIBLE_SCORE
        return np.asarray(total, dtype=np.float32)

    return [bead for bead, _ in find_best_path(corridor, features.beads, score_block, weights.gap, rows)]


def _path_alignments(path: Sequence[BeadShape], src: Overlaps, tgt: Overlaps) -> list[Alignment]:
    alignments = []
    i = j = 0
    for a, b in path:
        score = float(src.runs[a - 1][i] @ tgt.runs[b - 1][j]) if a and b else 0.0
        alignments.append(Alignment(tuple(range(i, i + a)), tuple(range(j, j + b)), score, 0.0))
        i, j = i + a, j + b
    return alignments
