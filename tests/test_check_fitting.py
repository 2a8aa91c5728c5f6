"""The calibration that judgements speak for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.matching import PairProbabilities
from crosslingual.check.fitting import (
    MIN_JUDGEMENTS,
    MIN_SLOPE,
    fit_calibration,
    fit_sigmoid,
    held_out_loss,
    penalised_loss,
    sigmoid_losses,
)
from crosslingual.compare.calibration import calibrate_pairs, log_odds, map_probabilities
from crosslingual.errors import InputError
from crosslingual.types import ProbabilityCalibration

JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def calibration(intercept: float, slope: float) -> ProbabilityCalibration:
    return ProbabilityCalibration("c", "2026-01-01T00:00:00+00:00", "k", intercept, slope, 40)


@given(JUDGED)
def test_no_other_map_is_likelier(judged: list[tuple[float, bool]]) -> None:
    logits = log_odds(np.array([probability for probability, _ in judged], np.float32))
    truths = np.array([true for _, true in judged])
    intercept, slope = fit_sigmoid(logits, truths)
    design = np.stack([np.ones(len(logits)), logits.astype(float)], axis=1)
    best = penalised_loss(design, truths, np.array([intercept, slope]))
    assert slope >= MIN_SLOPE
    for step in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        other = np.array([intercept, slope]) + step
        if other[1] >= MIN_SLOPE:
            assert penalised_loss(design, truths, other) >= best - 1e-9


def test_few_answers_move_little_and_many_find_the_truth() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(1, 2, 4_000).astype(np.float32)
    truths = rng.random(4_000) < 1 / (1 + np.exp(-(-1 + 0.6 * logits)))
    moved = [fit_sigmoid(logits[:n], truths[:n]) for n in (0, 10, 200, 4_000)]
    assert moved[0] == (0, 1)
    far = [abs(intercept) + abs(slope - 1) for intercept, slope in moved]
    assert far[0] < far[1] < far[2]
    assert far[1] < 0.5 * far[3]
    assert moved[3] == pytest.approx((-1, 0.6), abs=0.12)
    assert (
        held_out_loss(logits[:400], truths[:400])
        < sigmoid_losses(logits[:400].astype(float), truths[:400]).mean()
    )


def test_what_is_likelier_stays_so_though_all_answers_say_the_contrary() -> None:
    logits = np.linspace(-6, 6, 3_000).astype(np.float32)
    intercept, slope = fit_sigmoid(logits, logits < 0)
    assert (slope, abs(intercept) < 0.1) == (MIN_SLOPE, True)


def test_too_few_answers_make_no_calibration() -> None:
    with pytest.raises(InputError, match=f"9 of {MIN_JUDGEMENTS} judgements"):
        fit_calibration([0.5] * 9, [True] * 9, "k")
    made = fit_calibration([0.6] * 30, [True, False] * 15, "k")
    assert made.n_judgements == 30
    assert 0.5 < float(map_probabilities(np.array([0.6], np.float32), made)[0]) < 0.6


@given(
    st.floats(-2, 2), st.floats(MIN_SLOPE, 3), st.lists(st.floats(0, 1, width=32), min_size=2, max_size=20)
)
def test_the_map_keeps_order_and_is_none_at_its_shipped_values(
    intercept: float, slope: float, values: list[float]
) -> None:
    told = np.sort(np.array(values, np.float32))
    mapped = map_probabilities(told, calibration(intercept, slope))
    assert (np.diff(mapped) >= 0).all()
    assert (mapped >= 0).all()
    assert (mapped <= 1).all()
    assert map_probabilities(told, calibration(0, 1)) == pytest.approx(told, abs=2e-6)


def test_pairs_within_an_article_stay_at_zero() -> None:
    table = np.array([[0, 0, 0.8], [0, 0, 0.2], [0.8, 0.2, 0]], np.float32)
    pairs = PairProbabilities(np.array([0, 0, 1]), np.array([0, 1, 0]), table, table)
    assert calibrate_pairs(pairs, None) is pairs
    mapped = calibrate_pairs(pairs, calibration(1, 1)).probabilities
    assert mapped[0, 1] == 0
    assert mapped[0, 2] > 0.8
    assert mapped[1, 2] > 0.2
    assert (mapped == mapped.T).all()
