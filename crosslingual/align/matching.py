"""Free retellings: which sentences of an event's articles say the same thing, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.agreement import agreement
from crosslingual.align.beads import Overlaps
from crosslingual.align.event_coverage import EventCoverage
from crosslingual.align.features import order_features, pair_features
from crosslingual.align.judge import Judge, Judged
from crosslingual.align.margin import margin_scores
from crosslingual.align.pairs import Context, weighed
from crosslingual.align.parallel import are_translations, in_order, partly_translated
from crosslingual.align.thresholds import LIKELY
from crosslingual.align.tokens import Tokens
from crosslingual.align.translation import overlaps_of
from crosslingual.language.numbers import number_keys
from crosslingual.types import FloatArray, Place

WEIGHTS = Path(__file__).with_suffix(".json")
NEARER = np.float32(0.2)
"""By how much sentences of one language lie nearer than of two, saying the same or not: the weights are
fitted across languages (median of linked sentences in the demo gold)."""
SHOWN = np.float32(3 / 7)
"""Odds by which the weights fitted to translations are best at .5, where rows are shown from .7 on."""
_HOPELESS = 0.01
"""Probability below which a pair is not judged again."""
_UNCOVERED = 0.35
"""Cosine that the nearest of a sentence's tokens has with a token whose meaning is not there."""

Nodes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a logistic regression over features of a pair of sentences and their squares.

    A feature counts in standard deviations from its mean, three at the most.
    """

    bias: float
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    linear: tuple[float, ...]
    squares: tuple[float, ...]

    def scaled(self, number: int, feature: FloatArray) -> FloatArray:
        """Feature ``number`` as it counts."""
        moved = (feature - np.float32(self.means[number])) / np.float32(self.deviations[number])
        return np.asarray(np.clip(moved, -3, 3, out=moved), dtype=np.float32)

    def probabilities(self, features: Sequence[FloatArray]) -> FloatArray:
        """From ``features`` of one shape, that shape."""
        logits = np.full(features[0].shape, self.bias, dtype=np.float32)
        for number, feature in enumerate(features):
            scaled = self.scaled(number, feature)
            logits += scaled * (np.float32(self.linear[number]) + np.float32(self.squares[number]) * scaled)
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


@cache
def shipped() -> tuple[Weights, ...]:
    """The weights of each round, as ``scripts/fit_matching.py`` fitted them."""
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return tuple(
        Weights(weights.pop("bias"), **{name: tuple(values) for name, values in weights.items()})
        for weights in content["rounds"]
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as alignment sees it: its n sentences' ``texts`` and their ``tokens``.

    ``vectors`` (n, d) has one centred row of length 1 per sentence. ``judged`` are the sentences as the
    learned judge sees them, none where it has not seen them.
    """

    source: str
    lang: str
    texts: Sequence[str]
    vectors: FloatArray
    tokens: Sequence[Tokens]
    judged: Sequence[Judged] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely each two sentences of an event say the same.

    The articles' sentences stand one after another: ``article`` (s,) and ``sentence`` (s,) name them.
    ``probabilities`` and ``scores`` (margin scores), both (s, s), are symmetric and 0 within an article.
    ``translations`` are the pairs of articles that turned out to be one text in two languages.
    """

    article: Nodes
    sentence: Nodes
    probabilities: FloatArray
    scores: FloatArray
    translations: tuple[tuple[int, int], ...] = ()

    def node(self, place: Place) -> int:
        """Row of a sentence."""
        first = int(np.searchsorted(self.article, place[0]))
        return first + place[1]

    def place(self, node: int) -> Place:
        """The sentence of a row."""
        return int(self.article[node]), int(self.sentence[node])


def liken(
    tellings: Sequence[Telling], judge: Judge | None = None, rounds: Sequence[Weights] = ()
) -> Likeness:
    """How likely every two sentences of different articles say the same.

    Where ``judge`` has seen all sentences, that is learned: see ``align.pairs``. Else the first of
    ``rounds``, by default those shipped, judges each pair by itself; each later one by what the one before
    thought of the pairs around it: the order of telling, what other partners of either leave uncovered,
    third articles. Articles that then turn out to be translations of one text are aligned in their order.
    """
    sizes = [len(telling.vectors) for telling in tellings]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp)
    if judge and all(len(telling.judged) == size for telling, size in zip(tellings, sizes, strict=True)):
        probabilities = translated(tellings, learned(tellings, judge, starts), starts)
    else:
        probabilities = by_rounds(tellings, rounds or shipped())
    translations = []
    for a, b in combinations(range(len(tellings)), 2):
        here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
        if are_translations(probabilities[here]):
            translations.append((a, b))
            sides = (overlaps(tellings[one]) for one in (a, b))
            probabilities[here] = in_order(probabilities[here], *sides)
            probabilities[here[::-1]] = probabilities[here].T
    return Likeness(
        np.repeat(np.arange(len(sizes)), sizes),
        np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, np.intp)]),
        probabilities,
        margins(tellings, starts),
        tuple(translations),
    )


def learned(tellings: Sequence[Telling], judge: Judge, starts: Nodes) -> FloatArray:
    """Probabilities (s, s) of all pairs by ``judge`` and what stands around them; 0 within an article."""
    found = np.zeros((starts[-1], starts[-1]), dtype=np.float32)
    if sum(len(telling.judged) > 0 for telling in tellings) < 2:
        return found
    sentences = [one for telling in tellings for one in telling.judged]
    vectors = np.concatenate([telling.vectors for telling in tellings if len(telling.vectors)])
    texts = [text for telling in tellings for text in telling.texts]
    langs = [telling.lang for telling in tellings]
    each = np.repeat(langs, np.diff(starts)).tolist()
    context = Context(judge.judge(sentences, starts, langs), vectors @ vectors.T, texts, each, starts)
    if len(context.rows):
        judged = weighed(context.features())
        found[context.rows, context.columns] = found[context.columns, context.rows] = judged
    return found


def by_rounds(tellings: Sequence[Telling], rounds: Sequence[Weights]) -> FloatArray:
    """Probabilities (s, s) of all pairs by weights that were fitted to translations; 0 within an article."""
    comparing = Comparing(tellings)
    first, *others = rounds
    probabilities = comparing.judge(first)
    for weights in others:
        probabilities = comparing.judge(weights, probabilities)
    return probabilities


def translated(tellings: Sequence[Telling], found: FloatArray, starts: Nodes) -> FloatArray:
    """``found`` (s, s), but of articles that are partly one text in two languages what is known of these.

    There the weights that were fitted to translations are surer. What two sentences of two such articles both
    have in common with a sentence of a third, they have in common: it was cut otherwise by its translator.
    """
    partly = [
        (a, b)
        for a, b in combinations(range(len(tellings)), 2)
        if tellings[a].lang != tellings[b].lang
        and partly_translated(found[starts[a] : starts[a + 1], starts[b] : starts[b + 1]])
    ]
    if not partly:
        return found
    chosen = sorted({article for pair in partly for article in pair})
    surer = by_rounds([tellings[article] for article in chosen], shipped())
    own = np.concatenate([np.arange(starts[article], starts[article + 1]) for article in chosen])
    whole = np.zeros_like(found)
    whole[np.ix_(own, own)] = surer / (surer + (1 - surer) * SHOWN)
    linked = np.zeros((len(tellings), len(tellings)), dtype=bool)
    for a, b in partly:
        linked[a, b] = linked[b, a] = True
    for a, b in partly:
        rows, columns = np.s_[starts[a] : starts[a + 1]], np.s_[starts[b] : starts[b + 1]]
        block = whole[rows, columns].copy()
        for third in np.flatnonzero(linked[a] & linked[b]).tolist():
            for node in range(int(starts[third]), int(starts[third + 1])):
                block = np.maximum(block, np.minimum.outer(whole[rows, node], whole[node, columns]))
        found[rows, columns] = block
        found[columns, rows] = block.T
    return found


def margins(tellings: Sequence[Telling], starts: Nodes) -> FloatArray:
    """Margin scores (s, s); 0 within an article."""
    scores = np.zeros((starts[-1], starts[-1]), dtype=np.float32)
    for a, b in combinations(range(len(tellings)), 2):
        here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
        if scores[here].size:
            scores[here] = margin_scores(tellings[a].vectors @ tellings[b].vectors.T)
            scores[here[::-1]] = scores[here].T
    return scores


def overlaps(telling: Telling) -> Overlaps:
    """The article as order-keeping alignment sees it."""
    return overlaps_of(telling.vectors, [len(text) for text in telling.texts], telling.tokens)


class Comparing:
    """All sentences of an event with what is known of each pair before anything is judged."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        """Compare each article's vectors and tokens with each other's."""
        sizes = [len(telling.vectors) for telling in tellings]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp)
        article = np.repeat(np.arange(len(sizes)), sizes)
        self.across: NDArray[np.bool_] = article[:, None] != article[None, :]
        self._features: list[FloatArray] = []
        if not self.across.any():
            return
        vectors = np.concatenate([telling.vectors for telling in tellings if len(telling.vectors)])
        langs = np.repeat([telling.lang for telling in tellings], sizes)
        nearer = NEARER * (langs[:, None] == langs[None, :])
        cosines = np.where(self.across, vectors @ vectors.T - nearer, np.float32(0)).astype(np.float32)
        tokens = [one for telling in tellings for one in telling.tokens]
        self._coverage = EventCoverage(tokens, self._starts, [telling.lang for telling in tellings])
        written = [number_keys(text, telling.lang) for telling in tellings for text in telling.texts]
        self._features = pair_features(cosines, self._coverage, written, self._starts)

    def judge(self, weights: Weights, before: FloatArray | None = None) -> FloatArray:
        """Probabilities (s, s) of all pairs, in the light of those ``before``; 0 within an article.

        What was next to impossible before stays so.
        """
        found = np.zeros(self.across.shape, dtype=np.float32) if before is None else before.copy()
        rows, columns = self.pairs(before)
        if len(rows):
            judged = weights.probabilities(self.features(rows, columns, before))
            found[rows, columns] = found[columns, rows] = judged
        return found

    def pairs(self, before: FloatArray | None = None) -> tuple[Nodes, Nodes]:
        """Rows and columns (p,) of the pairs to be judged, each once."""
        asked = self.across if before is None else before >= _HOPELESS
        rows, columns = np.nonzero(np.triu(asked))
        return rows, columns

    def features(self, rows: Nodes, columns: Nodes, before: FloatArray | None = None) -> list[FloatArray]:
        """Features, each (p,), of the pairs; more of them in the light of probabilities (s, s) ``before``."""
        own = [feature[rows, columns] for feature in self._features]
        if before is None:
            return own
        partners = before >= LIKELY
        there = self._coverage.gain(partners, _UNCOVERED, rows, columns)
        back = self._coverage.gain(partners, _UNCOVERED, columns, rows)
        return [
            *own,
            *(feature[rows, columns] for feature in order_features(before, self._starts)),
            np.minimum(there, back),
            np.maximum(there, back),
            *agreement(before, self._starts, rows, columns),
        ]
