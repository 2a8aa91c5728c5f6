"""Probabilities mapped by what a library's readers have judged: the one place where that is done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosslingual.align.matching import PairProbabilities
from crosslingual.types import FloatArray, ProbabilityCalibration

_MIN_PROBABILITY = 1e-6


def log_odds(probabilities: FloatArray) -> FloatArray:
    """The log-odds of probabilities, of those next to 0 and 1 as of 10⁻⁶ from them."""
    bounded = np.clip(np.asarray(probabilities, dtype=np.float64), _MIN_PROBABILITY, 1 - _MIN_PROBABILITY)
    return np.asarray(np.log(bounded / (1 - bounded)), dtype=np.float32)


def map_probabilities(probabilities: FloatArray, calibration: ProbabilityCalibration) -> FloatArray:
    """1 / (1 + exp(-(intercept + slope · log-odds))), in float32: what ``calibration`` makes of each."""
    logits = calibration.intercept + calibration.slope * log_odds(probabilities)
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def calibrate_pairs(
    pair_probabilities: PairProbabilities, calibration: ProbabilityCalibration | None
) -> PairProbabilities:
    """The same pairs with their probabilities mapped; as they are without a calibration.

    Rows, cells, links and what is perhaps said are all worked out from these, and so agree. What is 0, as within an
    article, stays so.
    """
    if calibration is None:
        return pair_probabilities
    shipped = pair_probabilities.probabilities
    mapped = np.where(shipped > 0, map_probabilities(shipped, calibration), np.float32(0))
    return replace(pair_probabilities, probabilities=mapped)
