from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from crosslingual.align.margin import margin_scores
from crosslingual.types import FloatArray

COSINES = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(0.125, 1, width=32)
)


@given(COSINES, st.integers(1, 6))
def test_it_is_what_the_paper_writes(cosines: FloatArray, k: int) -> None:
    n, m = cosines.shape
    for i in range(n):
        for j in range(m):
            row = sorted((float(cosines[i, b]) for b in range(m)), reverse=True)[:k]
            column = sorted((float(cosines[a, j]) for a in range(n)), reverse=True)[:k]
            around = sum(row) / (2 * len(row)) + sum(column) / (2 * len(column))
            np.testing.assert_allclose(margin_scores(cosines, k)[i, j], cosines[i, j] / around, rtol=1e-4)


@given(COSINES)
def test_it_has_no_direction(cosines: FloatArray) -> None:
    np.testing.assert_allclose(margin_scores(cosines).T, margin_scores(cosines.T), rtol=1e-6)


def test_a_hub_scores_less_than_a_counterpart_of_the_same_cosine() -> None:
    cosines = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.7], [0.1, 0.7, 0.8]], dtype=np.float32)
    margins = margin_scores(cosines, k=2)
    assert margins[0, 0] > margins[1, 1]


def test_cosines_without_any_likeness_give_finite_numbers() -> None:
    assert np.isfinite(margin_scores(np.array([[0.0, -0.5], [-0.2, 0.0]], dtype=np.float32))).all()
