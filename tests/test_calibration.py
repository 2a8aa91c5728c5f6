from __future__ import annotations

import numpy as np
import pytest

from crosslingual.align.matching import PairProbabilities
from crosslingual.evaluate.calibration import (
    Calibration,
    calibrate_by_languages,
    calibration_error,
    iterate_shown_pairs,
    measure_confidence,
)
from crosslingual.evaluate.gold_events import GoldEvent
from crosslingual.evaluate.statements import PredictedEvent
from crosslingual.types import MergeEdge

BONDS = [MergeEdge((0, 0), (1, 0), 0.9), MergeEdge((1, 0), (2, 0), 0.6), MergeEdge((0, 1), (1, 1), 0.4)]
EVENT = GoldEvent(
    "e",
    ("zh", "en", "ru"),
    (("A", "B"), ("a", "b"), ("c",)),
    ({0: (0,), 1: (0,)}, {0: (1,), 2: (0,)}),
)


def test_every_two_of_a_row_are_shown_as_sure_as_the_weakest_bond_between_them() -> None:
    assert sorted(iterate_shown_pairs(BONDS)) == [
        ((0, 0), (1, 0), 0.9),
        ((0, 0), (2, 0), 0.6),
        ((0, 1), (1, 1), 0.4),
        ((1, 0), (2, 0), 0.6),
    ]
    assert list(iterate_shown_pairs([])) == []


def test_calibration_by_hand() -> None:
    # en-zh: .9 is so, .4 is not: error (|.9 - 1| + |.4 - 0|) / 2. ru-zh: one at .6 that is not, one missed.
    found = calibrate_by_languages([EVENT], [BONDS], 0.5)
    assert {pair: (one.pairs, one.precision, one.recall) for pair, one in found.items()} == {
        "en-ru": (1, 0.0, 0.0),
        "en-zh": (2, 1.0, 1.0),
        "ru-zh": (1, 0.0, 0.0),
    }
    assert {pair: one.error for pair, one in found.items()} == pytest.approx(
        {"en-ru": 0.6, "en-zh": 0.25, "ru-zh": 0.6}
    )
    assert calibrate_by_languages([EVENT], [[]], 0.5)["en-zh"] == Calibration(0, 0.0, 0.0, 0.0)
    assert calibrate_by_languages([], [], 0.5) == {}


def test_the_error_of_a_perfect_forecast_is_nothing() -> None:
    said = np.array([0.25] * 4 + [0.75] * 4, np.float32)
    so = np.array([1, 0, 0, 0, 1, 1, 1, 0], np.float32)
    assert calibration_error(said, so) == pytest.approx(0)
    assert calibration_error(said, 1 - so) == pytest.approx(0.5)
    assert calibration_error(np.ones(3, np.float32), np.zeros(3, np.float32)) == 1


def test_a_sentence_beside_a_row_is_shown_with_all_of_it() -> None:
    beside = [
        MergeEdge((2, 1), (1, 0), 0.5, is_secondary=True),
        MergeEdge((3, 0), (0, 0), 0.95, is_secondary=True),
    ]
    assert sorted(iterate_shown_pairs([*BONDS[:2], *beside])) == [
        ((0, 0), (1, 0), 0.9),
        ((0, 0), (2, 0), 0.6),
        ((0, 0), (2, 1), 0.5),
        ((0, 0), (3, 0), 0.95),
        ((1, 0), (2, 0), 0.6),
        ((1, 0), (2, 1), 0.5),
        ((1, 0), (3, 0), 0.9),
        ((2, 0), (2, 1), 0.5),
        ((2, 0), (3, 0), 0.6),
        ((2, 1), (3, 0), 0.5),
    ]


def test_sureness_by_hand() -> None:
    # Articles of one sentence each: the first two are linked, of the third only one reader saw a link.
    event = GoldEvent(
        "e", ("en",) * 3, (("a",), ("b",), ("c",)), link_labels={(0, 0, 1, 0): "p", (0, 0, 2, 0): "?"}
    )
    table = np.array([[0, 0.98, 0.05], [0.98, 0, 0.02], [0.05, 0.02, 0]], np.float32)
    likeness = PairProbabilities(np.arange(3), np.zeros(3, int), table, table)
    found = measure_confidence(
        [event], [PredictedEvent(likeness, [MergeEdge((0, 0), (1, 0), 0.98)])], 0.1, 0.7
    )
    assert (found.n_near_certain, found.near_certain_precision, found.average_precision) == (1, 1.0, 1.0)
    assert found.error == pytest.approx(0.02)
    # Not found are the third in the second and the other way round; with the first nobody knows.
    assert (found.cells, found.omission_precision) == (2, 1.0)
    assert found.omission_error == pytest.approx(0.02)
