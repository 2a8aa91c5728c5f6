"""Estimates from stratified samples against all samples that could have been drawn."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.check.estimates import (
    Z95,
    StratumCount,
    estimate_domain,
    estimate_recall,
    estimate_share,
    merge_empty_strata,
    wilson_interval,
)

COUNTS = st.integers(1, 60).flatmap(
    lambda size: st.integers(0, size).flatmap(
        lambda n: st.integers(0, n).map(lambda true: StratumCount(size, n, true))
    )
)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_of_a_wilson_interval_are_shares_that_the_sample_just_does_not_refuse(
    counts: tuple[int, int],
) -> None:
    n_true, n = counts
    share = n_true / n
    low, high = wilson_interval(share, n)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:  # |p̂ - p| = z √(p(1-p)/n), which is what the interval inverts
            assert abs(share - end) == pytest.approx(Z95 * math.sqrt(end * (1 - end) / n), abs=1e-6)


def test_a_wilson_interval_is_as_in_the_literature() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857, table I: 81 of 263, and 0 of 20.
    assert wilson_interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)


@pytest.mark.parametrize("populations", [([1, 1, 0, 1, 0], [0, 0, 1, 0]), ([1, 0, 0], [1, 1, 1, 0], [0, 1])])
def test_over_all_samples_that_can_be_drawn_the_mean_is_the_truth(populations: tuple[list[int], ...]) -> None:
    draws = [list(combinations(own, 2)) for own in populations]
    shares = []
    for drawn in product(*draws):
        found = estimate_share(
            [
                StratumCount(len(all_), len(own), sum(own))
                for all_, own in zip(populations, drawn, strict=True)
            ]
        )
        assert found
        shares.append(found.share)
    truth = sum(map(sum, populations)) / sum(map(len, populations))
    assert np.mean(shares) == pytest.approx(truth)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    sizes, truths, n = (400, 150, 2_000), (0.93, 0.6, 0.02), (20, 15, 25)
    populations = [rng.random(size) < truth for size, truth in zip(sizes, truths, strict=True)]
    precision = sum(own.sum() for own in populations[:2]) / sum(sizes[:2])
    recall = sum(own.sum() for own in populations[:2]) / sum(own.sum() for own in populations)
    held = np.zeros(2)
    for _ in range(1_500):
        drawn = [rng.choice(own, count, replace=False) for own, count in zip(populations, n, strict=True)]
        counts = [
            StratumCount(size, len(own), int(own.sum())) for size, own in zip(sizes, drawn, strict=True)
        ]
        found = estimate_share(counts[:2]), estimate_recall(counts[:2], counts[2:])
        for place, (estimate, truth) in enumerate(zip(found, (precision, recall), strict=True)):
            assert estimate
            held[place] += estimate.low <= truth <= estimate.high
    assert (held / 1_500 > 0.92).all(), held / 1_500


@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_a_share_lies_in_its_interval_and_none_is_given_without_a_judgement(
    strata: list[StratumCount],
) -> None:
    found = estimate_share(strata)
    assert (found is None) == (not any(one.n for one in strata))
    if found:
        assert 0 <= found.low <= found.share <= found.high <= 1
        assert 0 <= found.n_more <= sum(one.size - one.n for one in strata)
        assert sum(one.size for one in merge_empty_strata(strata)) == sum(one.size for one in strata)


@given(st.lists(COUNTS, max_size=4), st.lists(COUNTS, max_size=4))
def test_recall_is_of_what_is_so_on_either_side(
    found: list[StratumCount], missing: list[StratumCount]
) -> None:
    recall = estimate_recall(found, missing)
    if recall:
        assert 0 <= recall.low <= recall.share <= recall.high <= 1
        if not missing:
            assert recall.share == 1
    if all(one.n == one.size for one in (*found, *missing)) and any(one.n_true for one in found):
        assert recall
        hits, misses = (sum(one.n_true for one in side) for side in (found, missing))
        assert recall.share == pytest.approx(hits / (hits + misses))
        assert recall.high - recall.low == pytest.approx(0, abs=1e-9)


def test_one_large_stratum_is_a_simple_sample_and_a_census_is_known() -> None:
    found = estimate_share([StratumCount(10**9, 40, 30)])
    assert found
    assert (found.low, found.high) == pytest.approx(wilson_interval(0.75, 40), abs=1e-6)
    census = estimate_share([StratumCount(40, 40, 30), StratumCount(10, 10, 0)])
    assert census
    assert (census.share, census.low, census.high, census.n_more) == (0.6, 0.6, 0.6, 0)


def test_as_many_more_judgements_as_it_says_make_the_interval_as_narrow_as_wanted() -> None:
    found = estimate_share([StratumCount(10**6, 50, 35)])
    assert found
    more = found.n + found.n_more
    low, high = wilson_interval(0.7, more)
    assert (high - low) / 2 == pytest.approx(0.05, abs=0.002)
    enough = estimate_share([StratumCount(10**6, 2_000, 1_400)])
    assert enough
    assert enough.n_more == 0


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_equal_weights_change_nothing(truths: list[bool]) -> None:
    found = estimate_domain([3.5] * len(truths), truths)
    assert found
    assert found.share == pytest.approx(sum(truths) / len(truths))
    n_effective = len(truths) / (1 - 1 / 3.5)
    assert (found.low, found.high) == pytest.approx(wilson_interval(found.share, n_effective))
    assert estimate_domain([], []) is None


@given(st.lists(COUNTS, min_size=1, max_size=3), st.lists(COUNTS, max_size=3), st.integers(1, 9_000))
def test_recall_waits_for_a_judgement_of_each_state(
    found: list[StratumCount], perhaps: list[StratumCount], size: int
) -> None:
    assert estimate_recall(found, perhaps, [StratumCount(size, 0, 0)]) is None
    assert estimate_recall(found, [StratumCount(size, 0, 0)], perhaps) is None
    assert estimate_recall([StratumCount(size, 0, 0)], perhaps) is None


def test_strata_without_a_judgement_are_joined_within_their_state() -> None:
    found, perhaps = [StratumCount(100, 10, 10)], [StratumCount(40, 3, 3)]
    silent = [StratumCount(4_000, 0, 0), StratumCount(1_000, 20, 0)]
    recall = estimate_recall(found, perhaps, silent)
    assert recall
    assert recall.share == pytest.approx(100 / 140)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 20))
def test_a_judgement_of_two_cells_is_one(truths: list[bool], rest: int) -> None:
    count = len(truths)
    once = estimate_share([StratumCount(count + rest, count, sum(truths))])
    size = 2 * (count + rest)
    twice = estimate_share([StratumCount(size, 2 * count, 2 * sum(truths), n_twice=count)])
    assert once
    assert twice
    assert (twice.share, twice.low, twice.high, twice.n) == pytest.approx(
        (once.share, once.low, once.high, once.n)
    )
    weight = 1 + rest / count
    alone = estimate_domain([weight] * count, truths)
    both = estimate_domain([weight] * 2 * count, truths * 2, [*range(count)] * 2)
    assert both
    assert alone
    assert both.n == alone.n
    assert both.n_effective == pytest.approx(alone.n_effective)


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=30))
def test_of_a_part_that_was_judged_whole_all_is_known(judged: list[tuple[int, bool]]) -> None:
    whole = estimate_domain([1.0] * len(judged), [true for _, true in judged])
    assert whole
    assert whole.low == whole.share == whole.high
    assert (whole.n_more, whole.n_left) == (0, 0)
    part = estimate_domain([float(weight) for weight, _ in judged], [true for _, true in judged])
    assert part
    assert part.n_more <= sum(weight - 1 for weight, _ in judged)
