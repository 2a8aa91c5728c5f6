"""A calibration fitted to judgements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from crosslingual.compare.calibration import log_odds
from crosslingual.errors import InputError
from crosslingual.types import ProbabilityCalibration

MIN_JUDGEMENTS = 10
"""Judgements below which no calibration is made."""
INTERCEPT_DEVIATION, SLOPE_DEVIATION = 0.5, 0.25
"""How far, in standard deviations of a normal prior, a library is taken to lie from the shipped map (0, 1)."""
MIN_SLOPE = 0.1
"""A likelier pair stays likelier, whatever the answers."""
_MAX_STEPS = 50

Values = NDArray[np.float64]


def fit_calibration(
    probabilities: Sequence[float], truths: Sequence[bool], scoring_key: str
) -> ProbabilityCalibration:
    """The map that ``truths`` of pairs with these shipped ``probabilities`` speak for.

    Platt's (1999) sigmoid on log-odds l, p′ = 1/(1+exp(-(a+b·l))), shrunk to the shipped map a = 0, b = 1: a and b
    minimise -Σ log P(y | a, b) + a²/2σₐ² + (b-1)²/2σ_b², σₐ = 0.5 and σ_b = 0.25, the mode under a normal prior.
    Without answers it is the shipped map; ten answers move it little, hundreds outweigh it. b is 0.1 at least.

    Raises:
        InputError: there are too few.
    """
    if len(truths) < MIN_JUDGEMENTS:
        raise InputError(
            f"{len(truths)} of {MIN_JUDGEMENTS} judgements of pairs that a calibration needs at least; answer"
            " more with: crosslingual check"
        )
    intercept, slope = fit_sigmoid(log_odds(np.array(probabilities, np.float32)), np.array(truths, bool))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return ProbabilityCalibration(uuid4().hex[:12], made, scoring_key, intercept, slope, len(truths))


def fit_sigmoid(logits: NDArray[np.float32], truths: NDArray[np.bool_]) -> tuple[float, float]:
    """Intercept and slope for pairs (n,) with these ``logits``, by Newton's method: what is minimised is convex."""
    design = np.stack([np.ones(len(logits)), logits.astype(np.float64)], axis=1)
    found = _minimise(design, truths, np.array([0.0, 1.0]))
    if found[1] < MIN_SLOPE:
        offset = MIN_SLOPE * design[:, 1]
        return float(_minimise(design[:, :1], truths, np.zeros(1), offset)[0]), MIN_SLOPE
    return float(found[0]), float(found[1])


def held_out_loss(logits: NDArray[np.float32], truths: NDArray[np.bool_], n_folds: int = 10) -> float:
    """Mean -log P of each judgement by a map fitted to the other folds: what the map is worth for what comes."""
    fold = np.arange(len(truths)) % n_folds
    losses = np.zeros(len(truths))
    for number in range(min(n_folds, len(truths))):
        own = fold == number
        intercept, slope = fit_sigmoid(logits[~own], truths[~own])
        losses[own] = sigmoid_losses(intercept + slope * logits[own].astype(np.float64), truths[own])
    return float(losses.mean())


def sigmoid_losses(logits: Values, truths: NDArray[np.bool_]) -> Values:
    """-log P (n,) of each judgement by these log-odds."""
    return np.asarray(np.logaddexp(0, np.where(truths, -logits, logits)))


def penalised_loss(
    design: Values, truths: NDArray[np.bool_], weights: Values, offset: Values | None = None
) -> float:
    """What is minimised, at ``weights``: intercept and slope, or the intercept alone."""
    prior, precision = _prior(len(weights))
    logits = design @ weights + (0 if offset is None else offset)
    return float(sigmoid_losses(logits, truths).sum() + 0.5 * float(precision @ (weights - prior) ** 2))


def _prior(count: int) -> tuple[Values, Values]:
    return np.array([0.0, 1.0])[:count], np.array([INTERCEPT_DEVIATION, SLOPE_DEVIATION])[:count] ** -2.0


def _minimise(
    design: Values, truths: NDArray[np.bool_], weights: Values, offset: Values | None = None
) -> Values:
    prior, precision = _prior(design.shape[1])
    for _ in range(_MAX_STEPS):
        logits = np.clip(design @ weights + (0 if offset is None else offset), -500, 500)
        told = 1 / (1 + np.exp(-logits))
        gradient = design.T @ (told - truths) + precision * (weights - prior)
        curvature = (design.T * (told * (1 - told))) @ design + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        size, here = 1.0, penalised_loss(design, truths, weights, offset)
        while size > 1e-6 and penalised_loss(design, truths, weights - size * step, offset) > here:
            size /= 2
        weights = weights - size * step
        if np.abs(size * step).max() < 1e-9:
            break
    return weights
