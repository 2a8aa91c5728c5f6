"""The margin score, defined once."""

from __future__ import annotations

import numpy as np

from crosslingual.types import FloatArray

N_NEIGHBORS = 4


def margin_scores(cosines: FloatArray, k: int = N_NEIGHBORS) -> FloatArray:
    """Ratio margin of every pair: its cosine over the mean of both sides' ``k`` nearest neighbours.

    ``cosines`` (n, m) → (n, m). Artetxe and Schwenk 2019, "Margin-based parallel corpus mining with
    multilingual sentence embeddings", eq. 1–2: a sentence that is near to everything (a hub) is told
    from one that is near to its counterpart.
    """
    around = (_mean_nearest(cosines, k)[:, None] + _mean_nearest(cosines.T, k)[None, :]) / 2
    return np.asarray(cosines / np.maximum(around, 1e-6), dtype=np.float32)


def _mean_nearest(cosines: FloatArray, k: int) -> FloatArray:
    k = min(k, cosines.shape[1])
    return np.asarray(np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1), dtype=np.float32)
