"""What speaks for a difference between two sentences, by kind, and how much."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from crosslingual.align.matching import Weights
from crosslingual.framing.counterparts import Lone, Pair, lone, lone_names, lone_negations, lone_stances
from crosslingual.types import FloatArray

KINDS = ("number", "date", "name", "negation", "attribution", "hedge", "clause")
"""What a pair is judged for."""
_SURE = 0.6
"""Cosine of words that mean the same."""
_SLACK = 0.25
"""Probability of having no counterpart that the words of a cut clause exceed on the whole."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What has no counterpart, on both sides: ``[0]`` of ``pair.one``, ``[1]`` of ``pair.other``.

    ``lone`` are marks by kind, ``persons`` names by sound; ``missing`` (w,) and (v,) are the probabilities
    that each word has none.
    """

    pair: Pair
    lone: Mapping[str, tuple[list[Lone], list[Lone]]]
    persons: tuple[list[Lone], list[Lone]]
    missing: tuple[FloatArray, FloatArray]

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> list[Evidence]:
        """All that can be told of each of ``pairs``."""
        turned = [pair.turned for pair in pairs]
        lacking = _missing([*pairs, *turned])
        return [
            cls(pair, _marks_alone(pair, back), (lone_names(pair), lone_names(back)), both)
            for pair, back, both in zip(
                pairs, turned, zip(lacking[: len(pairs)], lacking[len(pairs) :], strict=True), strict=True
            )
        ]

    def features(self) -> dict[str, list[float]]:
        """By kind, figures that stay the same when the sides are changed."""
        return {
            "number": _keyed(*self.lone["number"]) + _digits(self),
            "date": _keyed(*self.lone["date"]),
            "name": _keyed(*self.lone["name"]) + _persons(*self.persons),
            "negation": _negations(self),
            "attribution": _stances(self),
            "hedge": _hedges(*self.lone["hedge"]),
            "clause": _lack(*self.missing),
        }


@cache
def shipped() -> Mapping[str, Weights]:
    """The weights by kind, and of ``words``, as ``scripts/fit_divergence.py`` fitted them."""
    content = json.loads(Path(__file__).with_name("divergence.json").read_text(encoding="utf-8"))
    return {
        kind: Weights(weights.pop("bias"), **{name: tuple(values) for name, values in weights.items()})
        for kind, weights in content["weights"].items()
    }


def judge(found: Sequence[Evidence]) -> list[dict[str, float]]:
    """For each pair, by kind, how likely there is such a difference."""
    features = [one.features() for one in found]
    weights = shipped()
    columns = {
        kind: weights[kind].probabilities(list(np.array([one[kind] for one in features], dtype=np.float32).T))
        for kind in (KINDS if found else ())
    }
    return [{kind: float(column[place]) for kind, column in columns.items()} for place in range(len(found))]


def _marks_alone(pair: Pair, back: Pair) -> dict[str, tuple[list[Lone], list[Lone]]]:
    alone = {kind: (lone(pair, kind), lone(back, kind)) for kind in ("number", "date", "name", "hedge")}
    alone["negation"] = lone_negations(pair), lone_negations(back)
    alone["attribution"] = lone_stances(pair), lone_stances(back)
    return alone


def _missing(pairs: Sequence[Pair]) -> list[FloatArray]:
    """For each word of ``one`` of each pair (w,), how likely it has no counterpart opposite."""
    features = [word_features(pair) for pair in pairs]
    if not features:
        return []
    told = shipped()["words"].probabilities(list(np.concatenate(features).T))
    return np.split(told, np.cumsum([len(one) for one in features])[:-1])


def word_features(pair: Pair) -> FloatArray:
    """(w, 8) of the words of ``pair.one``: what speaks for or against a counterpart opposite.

    The cosine with the nearest word; how much nearer that word has another; the mean of the neighbours'
    cosines, one and three words away; the weight, whether it is a common word, whether it has a digit or a
    capital.
    """
    words, cosines = pair.one.words, pair.cosines
    if not cosines.size:
        return np.zeros((len(words.spans), 8), dtype=np.float32)
    cover = cosines.max(axis=1)
    rival = cosines.max(axis=0)[cosines.argmax(axis=1)] - cover
    first = [pair.one.text[start] for start, _ in words.spans]
    features = [cover, rival, _around(cover, 1), _around(cover, 3), words.weights / 5, words.weights == 0]
    features += [np.array([char.isdigit() for char in first]), np.array([char.isupper() for char in first])]
    return np.stack(features, axis=1).astype(np.float32)


def _around(values: FloatArray, reach: int) -> FloatArray:
    """Mean of the values up to ``reach`` places away, without the place itself."""
    totals = np.concatenate([[0], np.cumsum(values)])
    places = np.arange(len(values))
    first, last = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    around = (totals[last] - totals[first] - values) / np.maximum(last - first - 1, 1)
    return np.asarray(around if len(values) > 1 else values, dtype=np.float32)


def _keyed(one: Sequence[Lone], other: Sequence[Lone]) -> list[float]:
    """Pairs that are left on both sides, what is left on one, whether something stands instead, how near."""
    both = min(len(one), len(other))
    rivals = [found.near for found in (*one, *other) if found.instead]
    return [
        min(both, 2),
        min(max(len(one), len(other)) - both, 2),
        float(bool(rivals)),
        max(rivals, default=0.0),
    ]


def _digits(evidence: Evidence) -> list[float]:
    """Whether both sides, whether only one has a number in digits left."""
    texts = evidence.pair.one.text, evidence.pair.other.text
    written = [
        any(any(map(str.isdigit, text[found.mark.start : found.mark.end])) for found in side)
        for text, side in zip(texts, evidence.lone["number"], strict=True)
    ]
    return [float(all(written)), float(written[0] != written[1])]


def _persons(one: Sequence[Lone], other: Sequence[Lone]) -> list[float]:
    """Names by sound: how many have another instead, how near, if one is a name for sure, how many alone."""
    against = [found for found in (*one, *other) if found.instead]
    return [
        min(len(against), 2),
        max((found.near for found in against), default=0.0),
        float(any(found.mark.firm for found in against)),
        min(len(one) + len(other) - len(against), 3),
    ]


def _negations(evidence: Evidence) -> list[float]:
    """How many are left, how far the farthest is from any word, how many the less negated side has."""
    one, other = evidence.lone["negation"]
    sides = (evidence.pair.one, evidence.pair.other)
    least = min(sum(mark.kind == "negation" and mark.firm for mark in side.marks) for side in sides)
    return [min(len(one) + len(other), 2), _farthest([found.near for found in (*one, *other)]), min(least, 3)]


def _stances(evidence: Evidence) -> list[float]:
    """Stances left: against another, alone, how near, how far from any word; and about neutral verbs.

    Whether one stands against a stance, whether one is left.
    """
    sides = evidence.lone["attribution"]
    pairs = (evidence.pair, evidence.pair.turned)
    taking = [
        (found, pair)
        for side, pair in zip(sides, pairs, strict=True)
        for found in side
        if found.mark.key != "neutral"
    ]
    rivals = [found for found, _ in taking if found.instead]
    return [
        min(len(rivals), 2),
        min(len(taking) - len(rivals), 2),
        max((found.near for found in rivals), default=0.0),
        _farthest([pair.covered(found.mark.start, found.mark.end) for found, pair in taking]),
        float(any(found.instead and found.instead.key == "neutral" for found in rivals)),
        float(len(taking) < len(sides[0]) + len(sides[1])),
    ]


def _hedges(one: Sequence[Lone], other: Sequence[Lone]) -> list[float]:
    """Whether one is left, and how far it is from any word."""
    return [float(bool(one or other)), _farthest([found.near for found in (*one, *other)])]


def _farthest(near: Sequence[float]) -> float:
    return max((_SURE - one for one in near), default=0.0)


def _lack(one: FloatArray, other: FloatArray) -> list[float]:
    """Of the words' probabilities the two greatest, sum, mean and heaviest run; and how many words there are.

    First the greater of the two sides, then the less.
    """
    sides = np.array([_summary(one), _summary(other)])
    return [*sides.max(axis=0).tolist(), *sides.min(axis=0).tolist(), float(np.log1p(len(one) + len(other)))]


def _summary(probabilities: FloatArray) -> list[float]:
    if not len(probabilities):
        return [-6.0, -6.0, -3.0, 0.0, -3.0]
    kept = np.clip(probabilities, 0.003, 0.997)
    logits = np.sort(np.log(kept / (1 - kept)))
    run = heaviest = 0.0
    for excess in (probabilities - _SLACK).tolist():
        run = max(0.0, run + excess)
        heaviest = max(heaviest, run)
    total, mean = float(probabilities.sum()), float(probabilities.mean())
    return [logits[-1], logits[-2:][0], np.log(0.05 + total), mean, np.log(0.05 + heaviest)]
