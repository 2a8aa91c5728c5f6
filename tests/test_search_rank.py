from __future__ import annotations

import numpy as np
import pytest

from crosslingual.align.tokens import unit
from crosslingual.search.rank import AROUND, Near, bridges
from crosslingual.types import FloatArray

SURE = np.array([0.8, *[0.2] * AROUND], np.float32)
UNSURE = np.full(1 + AROUND, 0.3, np.float32)


def rows(*chosen: int) -> FloatArray:
    return np.eye(8, dtype=np.float32)[list(chosen)]


def test_what_is_near_to_a_sure_answer_in_another_language_is_ahead_of_its_like() -> None:
    told = {"en": Near(SURE, rows(0))}
    found = bridges(rows(1, 0, 2), ["ru", "ru", "ru"], told)
    assert found.shape == (3, 3)
    assert found[:, 0].argmax() == found[:, 1].argmax() == 1
    np.testing.assert_allclose(found[:, 2], 1)


def test_an_answer_tells_nothing_of_its_own_language() -> None:
    found = bridges(rows(0, 0), ["en", "ru"], {"en": Near(SURE, rows(0))})
    np.testing.assert_allclose(found[0], 0)
    assert found[1, 1] == pytest.approx(1)


@pytest.mark.parametrize("told", [{}, {"en": Near(UNSURE, rows(0))}, {"en": Near(SURE[:1], rows(0))}])
def test_where_nothing_is_sure_no_bridge_leads(told: dict[str, Near]) -> None:
    np.testing.assert_allclose(bridges(rows(0, 1), ["ru", "zh"], told), 0)


def test_a_language_counts_as_much_as_it_is_sure_and_its_best_most() -> None:
    half = np.array([0.4, *[0.25] * AROUND], np.float32)
    (found,) = bridges(rows(0), ["ru"], {"en": Near(half, rows(0)), "de": Near(SURE, rows(1))})
    assert found[2] == pytest.approx(1.5, abs=1e-3)
    assert found[1] == pytest.approx(1 / 3, abs=1e-3)
    close = Near(np.array([0.8, 0.79, *[0.2] * AROUND], np.float32), unit(rows(0, 1)))
    best, next_best = bridges(rows(0, 1), ["ru", "ru"], {"en": close})[:, 1]
    assert best > next_best > 0
