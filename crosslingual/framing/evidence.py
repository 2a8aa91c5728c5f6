"""What speaks for a difference between two sentences, by kind, and how much."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from crosslingual.align.matching import PairWeights
from crosslingual.framing.counterparts import (
    SentencePair,
    UnmatchedMention,
    find_unmatched,
    find_unmatched_negations,
    find_unmatched_stances,
)
from crosslingual.framing.unmatched_names import find_unmatched_names
from crosslingual.types import FloatArray

DIFFERENCE_KINDS = ("number", "date", "name", "negation", "attribution", "hedge", "clause")
"""What a pair is judged for."""
_SYNONYM_COSINE = 0.6
"""Cosine of words that mean the same."""
_PASSAGE_REACHES = (3, 15)
"""Words on each side that a passage has at most."""
_EXPECTED_MISSING = 0.25
"""Probability of having no counterpart that the words of a cut clause exceed on the whole."""


@dataclass(frozen=True, slots=True)
class DifferenceEvidence:
    """What has no counterpart, on both sides: ``[0]`` of ``pair.left``, ``[1]`` of ``pair.right``.

    ``unmatched`` are marks by kind, ``unmatched_names`` names by sound; ``missing_probabilities`` (w,) and (v,)
    are the probabilities that each word has none.
    """

    pair: SentencePair
    unmatched: Mapping[str, tuple[list[UnmatchedMention], list[UnmatchedMention]]]
    unmatched_names: tuple[list[UnmatchedMention], list[UnmatchedMention]]
    missing_probabilities: tuple[FloatArray, FloatArray]

    @classmethod
    def from_pairs(cls, pairs: Sequence[SentencePair]) -> list[DifferenceEvidence]:
        """All that can be told of each of ``pairs``."""
        turned = [pair.swapped for pair in pairs]
        lacking = missing_probabilities([*pairs, *turned])
        return [
            cls(
                pair,
                _find_unmatched_by_kind(pair, back),
                (find_unmatched_names(pair), find_unmatched_names(back)),
                both,
            )
            for pair, back, both in zip(
                pairs, turned, zip(lacking[: len(pairs)], lacking[len(pairs) :], strict=True), strict=True
            )
        ]

    def features_by_kind(self) -> dict[str, list[float]]:
        """By kind, figures that stay the same when the sides are changed."""
        return {
            "number": _mention_features(*self.unmatched["number"]) + _digit_features(self),
            "date": _mention_features(*self.unmatched["date"]),
            "name": _mention_features(*self.unmatched["name"]) + _name_features(*self.unmatched_names),
            "negation": _negation_features(self),
            "attribution": _stance_features(self),
            "hedge": _hedge_features(*self.unmatched["hedge"]),
            "clause": _missing_word_features(*self.missing_probabilities),
        }


@cache
def load_weights() -> Mapping[str, PairWeights]:
    """The weights by kind, and of ``words``, as ``scripts/fit_divergence.py`` fitted them."""
    content = json.loads(Path(__file__).with_name("divergence.json").read_text(encoding="utf-8"))
    return {
        kind: PairWeights(weights.pop("bias"), **{name: tuple(values) for name, values in weights.items()})
        for kind, weights in content["weights"].items()
    }


def score_differences(evidence: Sequence[DifferenceEvidence]) -> list[dict[str, float]]:
    """For each pair, by kind, how likely there is such a difference."""
    features = [one.features_by_kind() for one in evidence]
    weights = load_weights()
    columns = {
        kind: weights[kind].predict(list(np.array([one[kind] for one in features], dtype=np.float32).T))
        for kind in (DIFFERENCE_KINDS if evidence else ())
    }
    return [
        {kind: float(column[place]) for kind, column in columns.items()} for place in range(len(evidence))
    ]


def _find_unmatched_by_kind(
    pair: SentencePair, swapped: SentencePair
) -> dict[str, tuple[list[UnmatchedMention], list[UnmatchedMention]]]:
    alone = {
        kind: (find_unmatched(pair, kind), find_unmatched(swapped, kind))
        for kind in ("number", "date", "name", "hedge")
    }
    alone["negation"] = find_unmatched_negations(pair), find_unmatched_negations(swapped)
    alone["attribution"] = find_unmatched_stances(pair), find_unmatched_stances(swapped)
    return alone


def missing_probabilities(pairs: Sequence[SentencePair]) -> list[FloatArray]:
    """For each word of ``left`` of each pair (w,), how likely it has no counterpart opposite."""
    features = [word_features(pair) for pair in pairs]
    if not features:
        return []
    told = load_weights()["words"].predict(list(np.concatenate(features).T))
    return np.split(told, np.cumsum([len(one) for one in features])[:-1])


def word_features(pair: SentencePair) -> FloatArray:
    """(w, 8) of the words of ``pair.left``: what speaks for or against a counterpart opposite.

    The cosine with the nearest word; how much nearer that word has another; the mean of the neighbours'
    cosines, one and three words away; the weight, whether it is a common word, whether it has a digit or a
    capital.
    """
    words, cosines = pair.left.words, pair.cosines
    if not cosines.size:
        return np.zeros((len(words.spans), 8), dtype=np.float32)
    cover = cosines.max(axis=1)
    rival = cosines.max(axis=0)[cosines.argmax(axis=1)] - cover
    first = [pair.left.text[start] for start, _ in words.spans]
    features = [
        cover,
        rival,
        _neighbor_mean(cover, 1),
        _neighbor_mean(cover, 3),
        words.weights / 5,
        words.weights == 0,
    ]
    features += [np.array([char.isdigit() for char in first]), np.array([char.isupper() for char in first])]
    return np.stack(features, axis=1).astype(np.float32)


def passage_distances(pair: SentencePair) -> FloatArray:
    """For each word of ``pair.left`` (w,), how far the words around it are from all that stands opposite, 0 to 2.

    The mean distance (1 - best cosine) of the words up to three places away, and of those up to fifteen: what people
    mark is passages, and of a text that differs more of it (``crosslingual evaluate divergence`` on REFreSD).
    """
    cosines = pair.cosines
    distances = 1 - cosines.max(axis=1) if cosines.size else np.ones(len(cosines), dtype=np.float32)
    means = [_window_mean(distances, reach) for reach in _PASSAGE_REACHES]
    return np.asarray(np.mean(means, axis=0), dtype=np.float32)


def _window_mean(values: FloatArray, reach: int) -> FloatArray:
    """Mean of the values up to ``reach`` places away, with the place itself."""
    totals = np.concatenate([[0], np.cumsum(values)])
    places = np.arange(len(values))
    first, last = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    return np.asarray((totals[last] - totals[first]) / (last - first), dtype=np.float32)


def _neighbor_mean(values: FloatArray, reach: int) -> FloatArray:
    """Mean of the values up to ``reach`` places away, without the place itself."""
    totals = np.concatenate([[0], np.cumsum(values)])
    places = np.arange(len(values))
    first, last = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    around = (totals[last] - totals[first] - values) / np.maximum(last - first - 1, 1)
    return np.asarray(around if len(values) > 1 else values, dtype=np.float32)


def _mention_features(left: Sequence[UnmatchedMention], right: Sequence[UnmatchedMention]) -> list[float]:
    """Pairs that are left on both sides, what is left on one, whether something stands instead, how near."""
    both = min(len(left), len(right))
    rivals = [found.cosine for found in (*left, *right) if found.rival]
    return [
        min(both, 2),
        min(max(len(left), len(right)) - both, 2),
        float(bool(rivals)),
        max(rivals, default=0.0),
    ]


def _digit_features(evidence: DifferenceEvidence) -> list[float]:
    """Whether both sides, whether only one has a number in digits left."""
    texts = evidence.pair.left.text, evidence.pair.right.text
    written = [
        any(any(map(str.isdigit, text[found.mention.start : found.mention.end])) for found in side)
        for text, side in zip(texts, evidence.unmatched["number"], strict=True)
    ]
    return [float(all(written)), float(written[0] != written[1])]


def _name_features(left: Sequence[UnmatchedMention], right: Sequence[UnmatchedMention]) -> list[float]:
    """Names by sound: how many have another instead, how near, if one is a name for sure, how many alone."""
    against = [found for found in (*left, *right) if found.rival]
    return [
        min(len(against), 2),
        max((found.cosine for found in against), default=0.0),
        float(any(found.mention.is_firm for found in against)),
        min(len(left) + len(right) - len(against), 3),
    ]


def _negation_features(evidence: DifferenceEvidence) -> list[float]:
    """How many are left, how far the farthest is from any word, how many the less negated side has."""
    one, other = evidence.unmatched["negation"]
    sides = (evidence.pair.left, evidence.pair.right)
    least = min(sum(mark.kind == "negation" and mark.is_firm for mark in side.mentions) for side in sides)
    return [
        min(len(one) + len(other), 2),
        _max_cosine_gap([found.cosine for found in (*one, *other)]),
        min(least, 3),
    ]


def _stance_features(evidence: DifferenceEvidence) -> list[float]:
    """Stances left: against another, alone, how near, how far from any word; and about neutral verbs.

    Whether one stands against a stance, whether one is left.
    """
    sides = evidence.unmatched["attribution"]
    pairs = (evidence.pair, evidence.pair.swapped)
    taking = [
        (found, pair)
        for side, pair in zip(sides, pairs, strict=True)
        for found in side
        if found.mention.key != "neutral"
    ]
    rivals = [found for found, _ in taking if found.rival]
    return [
        min(len(rivals), 2),
        min(len(taking) - len(rivals), 2),
        max((found.cosine for found in rivals), default=0.0),
        _max_cosine_gap([pair.best_cosine(found.mention.start, found.mention.end) for found, pair in taking]),
        float(any(found.rival and found.rival.key == "neutral" for found in rivals)),
        float(len(taking) < len(sides[0]) + len(sides[1])),
    ]


def _hedge_features(left: Sequence[UnmatchedMention], right: Sequence[UnmatchedMention]) -> list[float]:
    """Whether one is left, and how far it is from any word."""
    return [float(bool(left or right)), _max_cosine_gap([found.cosine for found in (*left, *right)])]


def _max_cosine_gap(cosines: Sequence[float]) -> float:
    return max((_SYNONYM_COSINE - one for one in cosines), default=0.0)


def _missing_word_features(left: FloatArray, right: FloatArray) -> list[float]:
    """Of the words' probabilities the two greatest, sum, mean and heaviest run; and how many words there are.

    First the greater of the two sides, then the less.
    """
    sides = np.array([_summarize_probabilities(left), _summarize_probabilities(right)])
    return [*sides.max(axis=0).tolist(), *sides.min(axis=0).tolist(), float(np.log1p(len(left) + len(right)))]


def _summarize_probabilities(probabilities: FloatArray) -> list[float]:
    if not len(probabilities):
        return [-6.0, -6.0, -3.0, 0.0, -3.0]
    kept = np.clip(probabilities, 0.003, 0.997)
    logits = np.sort(np.log(kept / (1 - kept)))
    run = heaviest = 0.0
    for excess in (probabilities - _EXPECTED_MISSING).tolist():
        run = max(0.0, run + excess)
        heaviest = max(heaviest, run)
    total, mean = float(probabilities.sum()), float(probabilities.mean())
    return [logits[-1], logits[-2:][0], np.log(0.05 + total), mean, np.log(0.05 + heaviest)]
