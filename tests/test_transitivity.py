from __future__ import annotations

import numpy as np
import pytest

from crosslingual.align.transitivity import transitivity_features
from crosslingual.types import FloatArray

STARTS = np.array([0, 1, 2, 4], np.intp)
"""Articles A and B of one sentence, C of two."""


def heard(a_c: tuple[float, float], b_c: tuple[float, float]) -> tuple[float, float]:
    """What C says of A and B: for and against."""
    table: FloatArray = np.zeros((4, 4), np.float32)
    table[0, 2:] = table[2:, 0] = a_c
    table[1, 2:] = table[2:, 1] = b_c
    speak_for, against = transitivity_features(table, STARTS, np.array([0]), np.array([1]))
    return float(speak_for[0]), float(against[0])


def test_who_matches_both_speaks_for_them() -> None:
    assert heard((0.9, 0.0), (0.8, 0.0)) == pytest.approx((0.8, 0.0))


def test_who_has_each_of_them_elsewhere_speaks_against() -> None:
    assert heard((0.9, 0.0), (0.0, 0.8)) == pytest.approx((0.0, 0.8))


def test_who_has_neither_or_only_one_says_nothing() -> None:
    assert heard((0.0, 0.0), (0.0, 0.0)) == (0.0, 0.0)
    assert heard((0.9, 0.0), (0.0, 0.0)) == (0.0, 0.0)


def test_where_many_are_asked_what_they_say_is_a_share() -> None:
    count = 6
    table = np.zeros((2 + 2 * count,) * 2, np.float32)
    for third in range(count):
        one, other = 2 + 2 * third, (3 if third < 2 else 2) + 2 * third
        table[0, one] = table[one, 0] = table[1, other] = table[other, 1] = 1
    starts = np.array([0, 1, *range(2, 3 + 2 * count, 2)], np.intp)
    speak_for, against = transitivity_features(table, starts, np.array([0]), np.array([1]))
    assert (float(speak_for[0]), float(against[0])) == pytest.approx((4 / 6, 2 / 6))


def test_two_articles_have_no_third() -> None:
    table = np.ones((2, 2), np.float32)
    found = transitivity_features(table, np.array([0, 1, 2], np.intp), np.array([0]), np.array([1]))
    assert [one.tolist() for one in found] == [[0.0], [0.0]]
