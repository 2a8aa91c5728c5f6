"""Whether a probability is what it says: of the pairs shown at 80 % eight in ten should belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.evaluate.statements import GoldEvent, links
from crosslingual.statements import joins
from crosslingual.types import Bond, FloatArray, Place

_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of ``pairs`` of sentences that stand together at some threshold, in two languages.

    ``error`` is the expected calibration error (Naeini, Cooper and Hauskrecht 2015) in ten bins;
    ``precision`` and ``recall`` are those of the links at the threshold that was asked for.
    """

    pairs: int
    error: float
    precision: float
    recall: float


def calibrate(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[Bond]], threshold: float
) -> dict[str, Calibration]:
    """By pair of languages, such as ``ru-zh``, in the order of the alphabet."""
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    missed: dict[str, int] = defaultdict(int)
    for event, bonds in zip(events, predicted, strict=True):
        gold = links(event.statements)
        for one, other, probability in shown(bonds):
            (a, i), (b, j) = sorted((one, other))
            if a != b:
                found[_languages(event, a, b)].append((probability, (a, i, b, j) in gold))
                gold.discard((a, i, b, j))
        for a, _, b, _ in gold:
            missed[_languages(event, a, b)] += 1
    return {
        pair: _calibration(np.array(found[pair], dtype=np.float32).reshape(-1, 2), missed[pair], threshold)
        for pair in sorted(found.keys() | missed.keys())
    }


def shown(bonds: Iterable[Bond]) -> Iterator[tuple[Place, Place, float]]:
    """Every two sentences that stand in one row at some threshold, and the highest at which they do."""
    for bond, one, other in joins(bonds):
        yield from ((mine, theirs, bond.probability) for mine in one for theirs in other)


def calibration_error(probabilities: FloatArray, truth: FloatArray) -> float:
    """Mean distance of what is said from what is so, each bin by its share of the (n,) cases."""
    places = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    return float(
        sum(
            abs(probabilities[here].mean() - truth[here].mean()) * here.mean()
            for here in (places == place for place in range(_BINS))
            if here.any()
        )
    )


def _languages(event: GoldEvent, a: int, b: int) -> str:
    return "-".join(sorted((event.languages[a], event.languages[b])))


def _calibration(cases: FloatArray, missed: int, threshold: float) -> Calibration:
    probabilities, truth = cases[:, 0], cases[:, 1]
    together = truth[probabilities >= threshold]
    gold = float(truth.sum()) + missed
    return Calibration(
        len(cases),
        calibration_error(probabilities, truth),
        float(together.mean()) if len(together) else 0.0,
        float(together.sum()) / gold if gold else 0.0,
    )
