"""Whether a probability is what it says: of the pairs shown at 80 % eight in ten should belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.evaluate.statements import GoldEvent, Predicted, languages, omissions
from crosslingual.extras import needs_extra
from crosslingual.report.words import WORDS
from crosslingual.statements import joins
from crosslingual.types import Bond, FloatArray, Place

_BINS = 10
NEAR_CERTAIN = WORDS[0][0] / 100
"""Probability from which the app says "near certain"."""


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


@dataclass(frozen=True, slots=True)
class Sureness:
    """How far what is said of pairs and of silences is so, over all events.

    ``error`` is the calibration error of pairs that stand together at some threshold; of those called near
    certain, ``certain``, the share ``right`` does. ``average_precision`` is of all pairs of sentences of two
    articles. Of the ``cells`` (a sentence and another article) that are marked as not found, the share
    ``silent`` is; ``silence_error`` is the calibration error of their probabilities of being so.
    """

    error: float
    certain: int
    right: float | None
    average_precision: float | None
    cells: int
    silent: float | None
    silence_error: float


def calibrate(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[Bond]], threshold: float
) -> dict[str, Calibration]:
    """By pair of languages, such as ``ru-zh``, in the order of the alphabet."""
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    missed: dict[str, int] = defaultdict(int)
    for event, bonds in zip(events, predicted, strict=True):
        gold = set(event.links)
        for one, other, probability in shown(bonds):
            link = (*one, *other)
            if one[0] != other[0] and link not in event.unsure:
                found[languages(event, link)].append((probability, link in gold))
                gold.discard(link)
        for link in gold:
            missed[languages(event, link)] += 1
    return {
        pair: _calibration(np.array(found[pair], dtype=np.float32).reshape(-1, 2), missed[pair], threshold)
        for pair in sorted(found.keys() | missed.keys())
    }


def sureness(
    events: Sequence[GoldEvent], predicted: Sequence[Predicted], perhaps: float, threshold: float
) -> Sureness:
    """Over all events: not found is what has no link of ``perhaps`` and no row at ``threshold``."""
    with needs_extra("evaluate"):
        from sklearn.metrics import average_precision_score

    together: list[tuple[float, bool]] = []
    scores, truth = [np.zeros(0, np.float32)], [np.zeros(0, bool)]
    silences: list[tuple[float, bool]] = []
    for event, own in zip(events, predicted, strict=True):
        best: dict[tuple[int, int, int], float] = defaultdict(float)
        rows: set[tuple[int, int, int]] = set()
        for one, other, probability in shown(own.bonds):
            if one[0] != other[0] and (*one, *other) not in event.unsure:
                together.append((probability, (*one, *other) in event.links))
            if one[0] != other[0] and probability >= threshold:
                rows |= {(*one, other[0]), (*other, one[0])}
        article, sentence = own.likeness.article, own.likeness.sentence
        above = np.triu(article[:, None] != article[None], 1)
        ones, others = np.nonzero(above)
        links = list(
            zip(
                *(
                    side.tolist()
                    for side in (article[ones], sentence[ones], article[others], sentence[others])
                ),
                strict=True,
            )
        )
        said = own.likeness.probabilities[ones, others]
        counted = np.array([link not in event.unsure for link in links], dtype=bool)
        scores.append(said[counted])
        truth.append(np.array([link in event.links for link in links], dtype=bool)[counted])
        for (a, i, b, j), probability in zip(links, said.tolist(), strict=True):
            best[a, i, b] = max(best[a, i, b], probability)
            best[b, j, a] = max(best[b, j, a], probability)
        lacking = omissions(event.links, event.sizes)
        lacking_too = omissions(event.links | event.unsure, event.sizes)
        silences += [
            (1 - best[cell], cell in lacking)
            for cell in omissions((), event.sizes)
            if best[cell] < perhaps and cell not in rows and (cell in lacking_too or cell not in lacking)
        ]
    pairs, cells = (np.array(cases, dtype=np.float32).reshape(-1, 2) for cases in (together, silences))
    certain = pairs[pairs[:, 0] >= NEAR_CERTAIN]
    true = np.concatenate(truth)
    return Sureness(
        error=calibration_error(*pairs.T),
        certain=len(certain),
        right=float(certain[:, 1].mean()) if len(certain) else None,
        average_precision=float(average_precision_score(true, np.concatenate(scores)))
        if true.any()
        else None,
        cells=len(cells),
        silent=float(cells[:, 1].mean()) if len(cells) else None,
        silence_error=calibration_error(*cells.T),
    )


def shown(bonds: Iterable[Bond]) -> Iterator[tuple[Place, Place, float]]:
    """Every two sentences that stand in one row at some threshold, in order, and the highest such."""
    bonds = list(bonds)
    places = sorted({place for bond in bonds for place in (bond.one, bond.other)})
    rows = {place: row for row, place in enumerate(places)}
    level = np.eye(len(places), dtype=np.float64)
    for bond, one, other in joins(bonds):
        here = np.ix_([rows[place] for place in one], [rows[place] for place in other])
        level[here] = bond.probability
        level.T[here] = bond.probability
    beside = [bond for bond in bonds if bond.beside]
    if beside:
        guests, hosts = (
            np.array([rows[place] for place in side])
            for side in zip(*((b.one, b.other) for b in beside), strict=True)
        )
        sure = np.array([bond.probability for bond in beside])
        there = np.minimum(sure[:, None], level[hosts])
        among = np.minimum(np.minimum.outer(sure, sure), level[np.ix_(hosts, hosts)])
        np.maximum.at(level, (guests[:, None], np.arange(len(places))[None]), there)
        np.maximum.at(level, (guests[:, None], guests[None]), among)
        level = np.maximum(level, level.T)
    ones, others = np.nonzero(np.triu(level, 1))
    for row, column in zip(ones.tolist(), others.tolist(), strict=True):
        yield places[row], places[column], float(level[row, column])


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
