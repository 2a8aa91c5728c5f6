"""Whether an axis says the same in every language, and says what its poles say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from crosslingual.align.space import Space
from crosslingual.framing.axes import Axis, fit_axis_model
from crosslingual.types import FloatArray

MAX_DIFFERENCE = 0.2
"""Of the spread between texts: what translations of one text may differ by."""
MIN_ORDER = 0.9
"""Share of pairs of sentences that must stand in their order on an axis made without them."""
LINES_PER_DOCUMENT = 10
"""Lines that make a text where no file tells the documents."""


@dataclass(frozen=True, slots=True)
class AxisScores:
    """How far an axis can be trusted.

    ``difference`` is the mean absolute difference between translations of a text, over texts and pairs of
    languages, divided by the distance between the 5th and 95th percentile of the texts' mean positions;
    ``standardized_difference`` the same divided by their standard deviation. ``correlation`` is the mean
    Pearson correlation of texts' positions over pairs of languages. ``order`` is the share of pole pairs,
    each left out when the axis is made, that stand in their order. ``rival`` is the axis whose left-out pairs
    move this one most, and ``rivalry`` how much, as a share of what its own do. ``passed``: difference at
    most MAX_DIFFERENCE, order at least MIN_ORDER, rivalry below 1.
    """

    difference: float
    standardized_difference: float
    correlation: float
    order: float
    rival: str
    rivalry: float
    passed: bool


def evaluate_axes(
    axes: Sequence[Axis],
    space: Space,
    encode: Callable[[Sequence[str]], FloatArray],
    vectors: Mapping[str, FloatArray],
    documents: Sequence[int],
) -> dict[str, AxisScores]:
    """Scores by axis, from centred ``vectors`` (n, d) of line-parallel texts by language.

    ``documents`` (n,) tells the text that a line belongs to, as numbers from 0. Languages' means and axes are
    the shipped ones: nothing is fitted to the texts.
    """
    told = {text: None for axis in axes for poles in axis.poles.values() for pole in poles for text in pole}
    rows = dict(zip(told, encode(list(told)), strict=True))

    def encode_known(texts: Sequence[str]) -> FloatArray:
        return np.array([rows[text] for text in texts])

    compass = fit_axis_model(axes, space, encode_known)
    numbers = np.asarray(documents)
    counts = np.bincount(numbers)
    places = []
    for lang, own in vectors.items():
        sums = np.zeros((len(counts), len(axes)))
        np.add.at(sums, numbers, compass.project_vectors(own, lang))
        places.append(sums / counts[:, None])
    told_at = np.mean(places, axis=0)
    pairs = list(combinations(places, 2))
    apart = np.mean([np.abs(one - other).mean(axis=0) for one, other in pairs], axis=0)
    alike = np.mean(
        [[np.corrcoef(a, b)[0, 1] for a, b in zip(x.T, y.T, strict=True)] for x, y in pairs], axis=0
    )
    wide = np.subtract(*np.percentile(told_at, [95, 5], axis=0))
    deviation = told_at.std(axis=0, ddof=1)
    order, moved = _score_held_out_pairs(axes, space, encode_known)
    own = np.diag(moved)
    others = np.abs(moved) * (1 - np.eye(len(axes)))
    scores = {}
    for k, axis in enumerate(axes):
        difference, rivalry = float(apart[k] / wide[k]), float(others[:, k].max() / max(own[k], 1e-9))
        scores[axis.id] = AxisScores(
            difference,
            float(apart[k] / deviation[k]),
            float(alike[k]),
            float(order[k]),
            axes[int(others[:, k].argmax())].id,
            rivalry,
            difference <= MAX_DIFFERENCE and float(order[k]) >= MIN_ORDER and rivalry < 1,
        )
    return scores


def _score_held_out_pairs(
    axes: Sequence[Axis], space: Space, encode: Callable[[Sequence[str]], FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Share of left-out pairs in order (k,), and how far axis i's left-out pairs move axis j, (k, k)."""
    size = min(len(axis.poles["en"][0]) for axis in axes)
    hits, moved = [], []
    for left in range(size):
        less = [
            replace(
                axis,
                poles={
                    lang: (_without_item(high, left), _without_item(low, left))
                    for lang, (high, low) in axis.poles.items()
                },
            )
            for axis in axes
        ]
        compass = fit_axis_model(less, space, encode)
        for lang in sorted(set.intersection(*(set(axis.poles) for axis in axes))):
            high, low = (
                compass.project_vectors(
                    space.center_vectors(encode([axis.poles[lang][pole][left] for axis in axes]), lang), lang
                )
                for pole in (0, 1)
            )
            gaps = (high - low) * compass.half_widths  # in cosines, so that axes compare
            hits.append(np.diag(gaps) > 0)
            moved.append(gaps)
    return np.mean(hits, axis=0), np.mean(moved, axis=0)


def _without_item(texts: tuple[str, ...], index: int) -> tuple[str, ...]:
    return texts[:index] + texts[index + 1 :]
