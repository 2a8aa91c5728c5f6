"""Whether a probability is what it says: of the pairs shown at 80 % eight in ten should belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.compare.statements import iterate_merges
from crosslingual.evaluate.gold_events import GoldEvent
from crosslingual.evaluate.statements import PredictedEvent, find_omissions, language_pair
from crosslingual.extras import needs_extra
from crosslingual.formatting import SURENESS_LEVELS
from crosslingual.types import FloatArray, MergeEdge, SentenceIndex

_N_BINS = 10
NEAR_CERTAIN_PROBABILITY = SURENESS_LEVELS[0][0] / 100
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
class ConfidenceScores:
    """How far what is said of pairs and of silences is so, over all events.

    ``error`` is the calibration error of pairs that stand together at some threshold; of those called near
    certain, ``n_near_certain``, the share ``near_certain_precision`` does. ``average_precision`` is of all
    pairs of sentences of two articles. Of the ``cells`` (a sentence and another article) that are marked as
    not found, the share ``omission_precision`` is; ``omission_error`` is the calibration error of their
    probabilities of being so.
    """

    error: float
    n_near_certain: int
    near_certain_precision: float | None
    average_precision: float | None
    cells: int
    omission_precision: float | None
    omission_error: float


def calibrate_by_languages(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[MergeEdge]], threshold: float
) -> dict[str, Calibration]:
    """By pair of languages, such as ``ru-zh``, in the order of the alphabet."""
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    missed: dict[str, int] = defaultdict(int)
    for event, bonds in zip(events, predicted, strict=True):
        gold = set(event.links)
        for one, other, probability in iterate_shown_pairs(bonds):
            link = (*one, *other)
            if one[0] != other[0] and link not in event.unsure_links:
                found[language_pair(event, link)].append((probability, link in gold))
                gold.discard(link)
        for link in gold:
            missed[language_pair(event, link)] += 1
    return {
        pair: _make_calibration(
            np.array(found[pair], dtype=np.float32).reshape(-1, 2), missed[pair], threshold
        )
        for pair in sorted(found.keys() | missed.keys())
    }


def measure_confidence(
    events: Sequence[GoldEvent],
    predicted: Sequence[PredictedEvent],
    perhaps_threshold: float,
    threshold: float,
) -> ConfidenceScores:
    """Over all events: not found is what has no link of ``perhaps_threshold`` and no row at ``threshold``."""
    with needs_extra("evaluate"):
        from sklearn.metrics import average_precision_score

    together: list[tuple[float, bool]] = []
    scores, truth = [np.zeros(0, np.float32)], [np.zeros(0, bool)]
    silences: list[tuple[float, bool]] = []
    for event, own in zip(events, predicted, strict=True):
        best: dict[tuple[int, int, int], float] = defaultdict(float)
        rows: set[tuple[int, int, int]] = set()
        for one, other, probability in iterate_shown_pairs(own.merge_edges):
            if one[0] != other[0] and (*one, *other) not in event.unsure_links:
                together.append((probability, (*one, *other) in event.links))
            if one[0] != other[0] and probability >= threshold:
                rows |= {(*one, other[0]), (*other, one[0])}
        article, sentence = own.pair_probabilities.article_indexes, own.pair_probabilities.sentence_indexes
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
        said = own.pair_probabilities.probabilities[ones, others]
        counted = np.array([link not in event.unsure_links for link in links], dtype=bool)
        scores.append(said[counted])
        truth.append(np.array([link in event.links for link in links], dtype=bool)[counted])
        for (a, i, b, j), probability in zip(links, said.tolist(), strict=True):
            best[a, i, b] = max(best[a, i, b], probability)
            best[b, j, a] = max(best[b, j, a], probability)
        lacking = find_omissions(event.links, event.sentence_counts)
        lacking_too = find_omissions(event.links | event.unsure_links, event.sentence_counts)
        silences += [
            (1 - best[cell], cell in lacking)
            for cell in find_omissions((), event.sentence_counts)
            if best[cell] < perhaps_threshold
            and cell not in rows
            and (cell in lacking_too or cell not in lacking)
        ]
    pairs, cells = (np.array(cases, dtype=np.float32).reshape(-1, 2) for cases in (together, silences))
    certain = pairs[pairs[:, 0] >= NEAR_CERTAIN_PROBABILITY]
    true = np.concatenate(truth)
    return ConfidenceScores(
        error=calibration_error(*pairs.T),
        n_near_certain=len(certain),
        near_certain_precision=float(certain[:, 1].mean()) if len(certain) else None,
        average_precision=float(average_precision_score(true, np.concatenate(scores)))
        if true.any()
        else None,
        cells=len(cells),
        omission_precision=float(cells[:, 1].mean()) if len(cells) else None,
        omission_error=calibration_error(*cells.T),
    )


def iterate_shown_pairs(
    merge_edges: Iterable[MergeEdge],
) -> Iterator[tuple[SentenceIndex, SentenceIndex, float]]:
    """Every two sentences that stand in one row at some threshold, in order, and the highest such."""
    merge_edges = list(merge_edges)
    places = sorted({place for bond in merge_edges for place in (bond.left, bond.right)})
    rows = {place: row for row, place in enumerate(places)}
    level = np.eye(len(places), dtype=np.float64)
    for bond, one, other in iterate_merges(merge_edges):
        here = np.ix_([rows[place] for place in one], [rows[place] for place in other])
        level[here] = bond.probability
        level.T[here] = bond.probability
    beside = [bond for bond in merge_edges if bond.is_secondary]
    if beside:
        guests, hosts = (
            np.array([rows[place] for place in side])
            for side in zip(*((b.left, b.right) for b in beside), strict=True)
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
    places = np.minimum((probabilities * _N_BINS).astype(int), _N_BINS - 1)
    return float(
        sum(
            abs(probabilities[here].mean() - truth[here].mean()) * here.mean()
            for here in (places == place for place in range(_N_BINS))
            if here.any()
        )
    )


def _make_calibration(cases: FloatArray, n_missed: int, threshold: float) -> Calibration:
    probabilities, truth = cases[:, 0], cases[:, 1]
    together = truth[probabilities >= threshold]
    gold = float(truth.sum()) + n_missed
    return Calibration(
        len(cases),
        calibration_error(probabilities, truth),
        float(together.mean()) if len(together) else 0.0,
        float(together.sum()) / gold if gold else 0.0,
    )
