"""Formulas of counting, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.corpus.measures import (
    association_log_likelihood,
    keyness_log_likelihood,
    log_dice,
    log_ratio,
    percent_difference,
    share_interval,
)

COUNT = st.integers(0, 500)


def test_keyness_is_as_worked_out_by_hand() -> None:
    # 20 of 1,000 against 5 of 1,000: 12.5 are expected on each side; 2 (20 ln 1.6 + 5 ln 0.4).
    assert keyness_log_likelihood(20, 5, 1_000, 1_000) == pytest.approx(9.6372, abs=1e-4)
    # 10 of 2,000 against 10 of 1,000: 13.33 and 6.67; 2 (10 ln 0.75 + 10 ln 1.5), and rarer here.
    assert keyness_log_likelihood(10, 10, 2_000, 1_000) == pytest.approx(-2.3557, abs=1e-4)
    # 8 of 100 against none of 300: 2 · 8 ln 4.
    assert keyness_log_likelihood(8, 0, 100, 300) == pytest.approx(22.1807, abs=1e-4)


def test_sizes_of_effect_are_as_worked_out_by_hand() -> None:
    assert log_ratio(20, 5, 1_000, 1_000) == pytest.approx(2)
    assert log_ratio(8, 0, 1_000, 1_000) == pytest.approx(4)
    assert log_ratio(0, 8, 1_000, 1_000) == pytest.approx(-4)
    assert percent_difference(20, 5, 1_000, 1_000) == pytest.approx(300)
    assert percent_difference(5, 20, 1_000, 2_000) == pytest.approx(-50)
    assert percent_difference(5, 0, 1_000, 2_000) is None


def test_association_is_as_worked_out_by_hand() -> None:
    # 10 10 / 20 60: expected 6 14 / 24 56.
    assert association_log_likelihood(10, 20, 30, 100) == pytest.approx(4.4734, abs=1e-4)
    assert association_log_likelihood(6, 20, 30, 100) == pytest.approx(0, abs=1e-9)
    assert association_log_likelihood(2, 20, 30, 100) < 0
    assert log_dice(8, 16, 16) == 13
    assert log_dice(5, 5, 5) == 14
    assert log_dice(1, 1, 4_095) == 3


def test_an_interval_is_as_in_the_tables() -> None:
    assert share_interval(1, 10) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert share_interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert share_interval(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert share_interval(0, 0) == (0, 1)


@given(COUNT, COUNT, st.integers(500, 9_000), st.integers(500, 9_000))
def test_sides_of_keyness_can_be_exchanged(a: int, b: int, c: int, d: int) -> None:
    there, back = keyness_log_likelihood(a, b, c, d), keyness_log_likelihood(b, a, d, c)
    assert there == pytest.approx(-back)
    assert log_ratio(a, b, c, d) == pytest.approx(-log_ratio(b, a, d, c))


@given(COUNT, COUNT, COUNT, COUNT)
def test_association_is_the_same_from_either_side(both: int, left: int, right: int, rest: int) -> None:
    one, other, total = both + left, both + right, both + left + right + rest
    if total:
        assert association_log_likelihood(both, one, other, total) == pytest.approx(
            association_log_likelihood(both, other, one, total), abs=1e-6
        )
    if both:
        assert log_dice(both, one, other) <= 14


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    low, high = share_interval(*counts)
    assert 0 <= low <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] <= high + 1e-12 <= 1 + 1e-12
