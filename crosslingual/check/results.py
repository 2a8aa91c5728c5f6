"""What the answers say of the comparisons: precision, recall, reliability, and the calibration they speak for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from crosslingual.check.estimates import (
    Estimate,
    StratumCount,
    estimate_domain,
    estimate_recall,
    estimate_share,
)
from crosslingual.check.fitting import MIN_JUDGEMENTS, fit_calibration, held_out_loss, sigmoid_losses
from crosslingual.check.sampling import FOUND, PERHAPS, SILENT, STRATA, state_strata
from crosslingual.compare.calibration import log_odds, map_probabilities
from crosslingual.library.judgements import AGREEING_ANSWERS, ANSWERS, CheckItem, CheckSample
from crosslingual.types import ProbabilityCalibration

RELIABILITY_BOUNDS = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)
"""Where the bins of the reliability diagram meet."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pairs with a shipped probability from ``low`` to ``high``: ``mean_probability``, and the share that is so.

    ``mapped_probability`` is the mean of what the answers' calibration makes of them, None where there is none.
    """

    low: float
    high: float
    mean_probability: float
    mapped_probability: float | None
    measured: Estimate


@dataclass(frozen=True, slots=True)
class CheckResults:
    """What the answers in samples of one kind say: of one event or the library, one encoder, one calibration.

    ``precision``: of cells that were found, the share that is so. ``recall``: of what other sources say, the share that
    was found. ``silence_precision``: of what counts as not found, the share that is so. Each is None until there are
    judgements. ``precision_by_langs`` is by pair of languages. ``calibration`` is what the answers to pairs would make,
    whatever sample they are of; ``shipped_loss`` and ``held_out_loss`` are the mean -log P of these answers by the
    shipped map, and by maps fitted to the others of them. ``active`` is what is in use. ``n_ignored`` answers were made
    with another encoder or version. ``unjudged_states`` are those without a judgement that recall waits for. Two cells
    that are the same two sentences are one question.
    """

    event: str
    n_asked: int
    n_events: int
    n_all_events: int
    answers: dict[str, int]
    sampled_calibration: str
    precision: Estimate | None
    recall: Estimate | None
    silence_precision: Estimate | None
    precision_by_langs: dict[str, Estimate]
    reliability: tuple[ReliabilityBin, ...]
    calibration: ProbabilityCalibration | None
    shipped_loss: float | None
    held_out_loss: float | None
    active: ProbabilityCalibration | None
    n_ignored: int
    unjudged_states: tuple[str, ...] = ()

    @property
    def n_judged(self) -> int:
        """Answers other than "cannot tell"."""
        return sum(count for answer, count in self.answers.items() if answer != "unsure")

    @property
    def is_of_rows_in_use(self) -> bool:
        """Whether the rows were made under the calibration that is in use, or none where there is none."""
        return (self.active.id if self.active else "") == self.sampled_calibration


def select_samples(
    samples: Sequence[CheckSample], scoring_key: str, event: str | None = None
) -> list[CheckSample]:
    """Those that can be counted together: of the latest sample's event, scoring, calibration, and the same cells.

    With ``event``, of the latest one of that event; empty is the whole library.
    """
    own = [one for one in samples if one.scoring_key == scoring_key and event in (None, one.event)]
    return [one for one in own if _sample_kind(one) == _sample_kind(own[-1])]


def measure_samples(
    samples: Sequence[CheckSample],
    scoring_key: str,
    active: ProbabilityCalibration | None,
    event: str | None = None,
) -> CheckResults:
    """What the answers in ``samples`` of a library say; of which, see :func:`select_samples`."""
    chosen = select_samples(samples, scoring_key, event)
    items = [item for sample in chosen for item in sample.items]
    judged = [item for item in items if is_judged(item)]
    counts = count_strata(judged, chosen[-1].stratum_sizes if chosen else {})
    by_state = {
        state: [counts[name] for name in state_strata(state) if name in counts]
        for state in (FOUND, PERHAPS, SILENT)
    }
    questions = {question_key(item): item for item in sorted(items, key=lambda item: item.answer_order)}
    n_answers = Counter(item.answer for item in questions.values())
    pairs = list_judged_pairs(samples, scoring_key)
    calibration = _propose_calibration(pairs, scoring_key)
    logits = log_odds(np.array([item.probability for item in pairs], np.float32))
    truths = np.array([agrees(item) for item in pairs], bool)
    return CheckResults(
        event=chosen[-1].event if chosen else event or "",
        n_asked=len(questions),
        n_events=chosen[-1].n_events if chosen else 0,
        n_all_events=chosen[-1].n_all_events if chosen else 0,
        answers={answer: count for answer in ANSWERS if (count := n_answers[answer])},
        sampled_calibration=chosen[-1].calibration_id if chosen else "",
        precision=estimate_share(by_state[FOUND]),
        recall=estimate_recall(*by_state.values()),
        silence_precision=_estimate_silences(by_state[SILENT]),
        precision_by_langs=_estimate_by_langs(judged, counts),
        reliability=_measure_reliability(judged, counts, calibration),
        calibration=calibration,
        shipped_loss=float(sigmoid_losses(logits.astype(np.float64), truths).mean()) if pairs else None,
        held_out_loss=held_out_loss(logits, truths) if len(pairs) > MIN_JUDGEMENTS else None,
        active=active,
        n_ignored=sum(
            bool(item.answer) for one in samples if one.scoring_key != scoring_key for item in one.items
        ),
        unjudged_states=tuple(
            state for state, strata in by_state.items() if strata and not any(one.n for one in strata)
        ),
    )


def list_judged_pairs(samples: Iterable[CheckSample], scoring_key: str) -> list[CheckItem]:
    """Pairs that were judged, in whatever sample, each two sentences once: the last answer counts."""
    judged = [
        item
        for sample in samples
        if sample.scoring_key == scoring_key
        for item in sample.items
        if item.kind == "pair" and is_judged(item)
    ]
    judged.sort(key=lambda item: (item.answer_order, -item.number))
    return list({pair_key(item): item for item in judged}.values())


def pair_key(item: CheckItem) -> frozenset[tuple[str, int]]:
    """The two sentences, whichever was asked about."""
    return frozenset({(item.article, item.start), (item.other_article, item.other_start)})


def question_key(item: CheckItem) -> Hashable:
    """What is asked: of pairs two sentences, of silences a sentence and a source."""
    return pair_key(item) if item.kind == "pair" else (item.article, item.start, item.source)


def is_judged(item: CheckItem) -> bool:
    """Whether it was answered, other than by "cannot tell"."""
    return bool(item.answer) and item.answer != "unsure"


def agrees(item: CheckItem) -> bool:
    """Whether the other source says it, in part or with other values too."""
    return item.answer in AGREEING_ANSWERS


def count_strata(judged: Iterable[CheckItem], sizes: Mapping[str, int]) -> dict[str, StratumCount]:
    """Of each stratum that is not empty how many cells it has, how many were judged, how many are so."""
    judged = list(judged)
    n, n_true = Counter(item.stratum for item in judged), Counter(i.stratum for i in judged if agrees(i))
    n_questions = Counter(stratum for stratum, _ in {(item.stratum, question_key(item)) for item in judged})
    return {
        name: StratumCount(
            max(sizes.get(name, 0), n[name]), n[name], n_true[name], n[name] - n_questions[name]
        )
        for name in STRATA
        if sizes.get(name, 0) or n[name]
    }


def _sample_kind(sample: CheckSample) -> tuple[object, ...]:
    population = (sample.n_events, sample.n_all_events, dict(sample.stratum_sizes))
    return sample.event, sample.calibration_id, *population


def _estimate_silences(strata: Sequence[StratumCount]) -> Estimate | None:
    return estimate_share([replace(one, n_true=one.n - one.n_true) for one in strata])


def _estimate_part(items: Sequence[CheckItem], counts: Mapping[str, StratumCount]) -> Estimate | None:
    weights = [_item_weight(item, counts) for item in items]
    return estimate_domain(weights, [agrees(item) for item in items], [question_key(item) for item in items])


def _item_weight(item: CheckItem, counts: Mapping[str, StratumCount]) -> float:
    return counts[item.stratum].size / counts[item.stratum].n


def _estimate_by_langs(judged: Sequence[CheckItem], counts: dict[str, StratumCount]) -> dict[str, Estimate]:
    found = [item for item in judged if item.stratum.startswith(FOUND)]
    by_langs: dict[str, Estimate] = {}
    for langs in sorted({item.langs for item in found}):
        own = [item for item in found if item.langs == langs]
        if estimate := _estimate_part(own, counts):
            by_langs[langs] = estimate
    return by_langs


def _measure_reliability(
    judged: Sequence[CheckItem], counts: dict[str, StratumCount], calibration: ProbabilityCalibration | None
) -> tuple[ReliabilityBin, ...]:
    pairs = [item for item in judged if item.kind == "pair"]
    bins = []
    for low, high in pairwise(RELIABILITY_BOUNDS):
        own = [i for i in pairs if low <= i.probability < high or i.probability == high == 1]
        if measured := _estimate_part(own, counts):
            weights = [_item_weight(item, counts) for item in own]
            shipped = np.array([item.probability for item in own], np.float32)
            mapped = map_probabilities(shipped, calibration) if calibration else None
            bins.append(
                ReliabilityBin(
                    low,
                    high,
                    float(np.average(shipped, weights=weights)),
                    None if mapped is None else float(np.average(mapped, weights=weights)),
                    measured,
                )
            )
    return tuple(bins)


def _propose_calibration(pairs: Sequence[CheckItem], scoring_key: str) -> ProbabilityCalibration | None:
    if len(pairs) < MIN_JUDGEMENTS:
        return None
    return fit_calibration([one.probability for one in pairs], [agrees(one) for one in pairs], scoring_key)
