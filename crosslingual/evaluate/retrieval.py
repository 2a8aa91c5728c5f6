"""Retrieval: for each sentence of a line-parallel pair of files, is its translation the nearest?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosslingual.align.margin import margin_scores
from crosslingual.errors import InputError
from crosslingual.types import FloatArray


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of sentences whose translation comes first: from ``src`` to ``tgt``, and back."""

    forward: float
    backward: float


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """Accuracies over ``sentences`` pairs, when the nearest is told by ``cosine`` and by ratio ``margin``."""

    sentences: int
    cosine: Accuracy
    margin: Accuracy


def retrieval_scores(src: FloatArray, tgt: FloatArray) -> RetrievalScores:
    """Accuracies from vectors (n, d) of length 1; row i of ``src`` and row i of ``tgt`` are translations.

    As Artetxe and Schwenk 2019 measure Tatoeba. Memory grows with n².

    Raises:
        InputError: the sides differ in length, or are empty.
    """
    if len(src) != len(tgt) or not len(src):
        raise InputError(
            f"{len(src)} and {len(tgt)} sentences: not line-parallel; give two files in which the same "
            "line says the same"
        )
    cosines = np.asarray(src @ tgt.T, dtype=np.float32)
    return RetrievalScores(len(src), _measure_accuracy(cosines), _measure_accuracy(margin_scores(cosines)))


def _measure_accuracy(scores: FloatArray) -> Accuracy:
    itself = np.arange(len(scores))
    return Accuracy(
        forward=float((scores.argmax(axis=1) == itself).mean()),
        backward=float((scores.argmax(axis=0) == itself).mean()),
    )
