"""Whether a text falls to the same policy frames in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from crosslingual.framing.policy import FrameModel
from crosslingual.types import FloatArray


@dataclass(frozen=True, slots=True)
class FrameScores:
    """Over all pairs of languages.

    ``first_agreement`` is the share of sentences whose first frame is the same in both, ``chance_agreement``
    that of sentences that are not each other's translations; ``distance`` is the mean of half the sum of
    absolute differences of their shares (0 equal, 1 disjoint); ``no_frame_share`` the share of sentences that
    fall to no frame.
    """

    first_agreement: float
    distance: float
    chance_agreement: float
    no_frame_share: float


def evaluate_frames(frames: FrameModel, vectors: Mapping[str, FloatArray]) -> FrameScores:
    """Scores from centred ``vectors`` (n, d) of line-parallel sentences by language."""
    shares = [frames.predict_shares(own) for own in vectors.values()]
    best = [table.argmax(axis=1) for table in shares]
    pairs = list(combinations(range(len(shares)), 2))
    counts = [np.bincount(one, minlength=shares[0].shape[1]) / len(one) for one in best]
    return FrameScores(
        float(np.mean([np.mean(best[i] == best[j]) for i, j in pairs])),
        float(np.mean([np.abs(shares[i] - shares[j]).sum(axis=1).mean() / 2 for i, j in pairs])),
        float(np.mean([counts[i] @ counts[j] for i, j in pairs])),
        float(np.mean([one[-1] for one in counts])),
    )
