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


def test_tables_taken_strip_by_strip_say_what_asking_each_article_says() -> None:
    chance = np.random.default_rng(4)
    sizes = [40, 0, 25, 1, 90, 34]  # more sentences than a strip has
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    article = np.repeat(np.arange(len(sizes)), sizes)
    table = np.triu(np.where(chance.random((190, 190)) < 0.2, chance.random((190, 190)), 0.02))
    table[article[:, None] == article[None, :]] = 0
    table = (table + table.T).astype(np.float32)
    rows, columns = np.nonzero(article[:, None] != article[None, :])
    some = chance.permutation(len(rows))[:300]
    found = transitivity_features(table, starts, rows[some], columns[some])
    for place, (one, other) in enumerate(zip(rows[some], columns[some], strict=True)):
        said_for, said_against = 0.0, 0.0
        for third in range(len(sizes)):
            own = table[article == third]
            near = own[(own[:, one] >= 0.05) & (own[:, other] >= 0.05)]
            speaks = np.minimum(near[:, one], near[:, other]).max(initial=0)
            best = own.max(axis=0, initial=0)
            said_for += speaks
            said_against += max(min(best[one], best[other]) - speaks, 0)
        whole = max(said_for + said_against, 1)
        assert found[0][place] == pytest.approx(said_for / whole, abs=1e-5)
        assert found[1][place] == pytest.approx(said_against / whole, abs=1e-5)
