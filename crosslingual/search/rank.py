"""How likely each sentence found says the same as the query: by vectors, by tokens, and against its like.

What is near in one language need not be in another: a Ukrainian query is nearer to any Russian sentence than
to its own translation into English. So each sentence is also held against the best of its own language, and
against what is nearest in other languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.anchors import numbers
from crosslingual.align.coverage import Coverage, Text
from crosslingual.align.tokens import Tokens
from crosslingual.types import FloatArray

AROUND = 15
"""Sentences of a language, after the best, whose mean is what any sentence of it comes to."""
BRIDGED = 3
"""Sentences of a language, the nearest to a query, that stand for what it says of it."""
_SURE = np.float32(0.3)  # how far ahead of the next is what surely says the same
_SOFT = np.float32(0.05)  # cosines by which one counts e times less than the best
_AWAY = np.float32(5)  # standard deviations that count at most
_ALONE: Mapping[str, float] = {"cosine": 0.25, "there": 0.3, "back": 0.3}
"""What sentences of a language come to that the library has too few of (median in news)."""
_NUMBERS = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is compared: ``vector`` (d,) mapped, of length 1."""

    text: str
    lang: str
    vector: FloatArray
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Found:
    """n sentences that may say the same.

    ``cosines`` (n,) are with the query's vector, ``hubs`` (n,) tell how near each is to anything in the
    query's language, ``bridges`` (n, 3) how near to what others say of it (see ``bridges``).
    """

    texts: Sequence[str]
    langs: Sequence[str]
    tokens: Sequence[Tokens]
    cosines: FloatArray
    hubs: FloatArray
    bridges: FloatArray


@dataclass(frozen=True, slots=True)
class Near:
    """What is nearest to a query in one language: ``cosines`` (k,), best first, and ``vectors`` (j, d).

    At most ``1 + AROUND`` cosines count, and ``BRIDGED`` vectors.
    """

    cosines: FloatArray
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of features and their squares, each in standard deviations from its mean.

    ``weights`` are for the order of what is found, ``sure`` and ``start`` for the logit of saying the same:
    the best of an answer need not say it.
    """

    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    sure: tuple[float, ...]
    start: float

    def scores(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,), the higher the likelier."""
        return np.asarray(self.scaled(features) @ np.array(self.weights, np.float32))

    def probabilities(self, features: FloatArray) -> FloatArray:
        """From ``features`` (n, f): (n,)."""
        logits = self.scaled(features) @ np.array(self.sure, np.float32) + np.float32(self.start)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def scaled(self, features: FloatArray) -> FloatArray:
        """``features`` (n, f) as they count."""
        moved = (features - np.array(self.means, np.float32)) / np.array(self.deviations, np.float32)
        return np.asarray(np.clip(moved, -_AWAY, _AWAY), np.float32)


@cache
def shipped() -> Ranking:
    """As ``scripts/fit_search.py`` fitted it."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    lists = {name: tuple(content[name]) for name in ("means", "deviations", "weights", "sure")}
    return Ranking(start=content["start"], **lists)


def features(query: Told, found: Found) -> FloatArray:
    """(n, f) of the sentences found, at least one; they are also held against one another."""
    compared = Coverage.of(Text.of([query.tokens]), Text.of(found.tokens))
    there, back = compared.runs(1, 1)[0], compared.turned.runs(1, 1)[:, 0]
    langs = np.array(found.langs)
    sizes = np.array([len(tokens.weights) for tokens in found.tokens], np.float32)
    own = np.float32(len(query.tokens.weights))
    columns = [
        found.cosines,
        there,
        back,
        np.minimum(there, back),
        _agreeing(query.text, found.texts),
        np.abs(np.log(sizes) - np.log(own)),
        langs == query.lang,
        _ahead(found.cosines, langs, _ALONE["cosine"]),
        _ahead(there, langs, _ALONE["there"]),
        _ahead(back, langs, _ALONE["back"]),
        np.full(len(sizes), np.log(own)),
        np.log(sizes),
        found.hubs,
        _ahead(found.cosines - found.hubs, langs, _ALONE["cosine"] - float(found.hubs.mean())),
    ]
    straight = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    straight = np.concatenate([straight, found.bridges], axis=1)
    return np.concatenate([straight, straight**2], axis=1)


def bridges(vectors: FloatArray, langs: Sequence[str], near: Mapping[str, Near]) -> FloatArray:
    """How near sentences, ``vectors`` (n, d), are to what other languages say of the query: (n, 3).

    Where an English sentence surely says the same as a Chinese query, a Russian one that is near to the
    English does, too. Each other language counts as much as its nearest is ahead of the next. The columns:
    the sum of the cosines, less what any sentence of that language comes to; their mean; how much they count.
    """
    own = np.array(langs)
    sums, counts = np.zeros((2, len(own)), np.float32)
    for lang, told in near.items():
        if len(told.cosines) < 2:
            continue
        best, after = told.cosines[0], told.cosines[1 : AROUND + 1]
        sure = np.clip((best - after.mean()) / _SURE, 0, 1)
        shares = np.exp((told.cosines[: len(told.vectors)] - best) / _SOFT)
        others = own != lang
        sums[others] += sure * (vectors[others] @ (shares / shares.sum() @ told.vectors))
        counts[others] += sure
    means = np.where(counts > 0, sums / np.maximum(counts, np.float32(1e-3)), np.float32(0))
    return np.stack([_ahead(sums, own, 0.0), means, counts], axis=1)


def _agreeing(text: str, others: Sequence[str]) -> FloatArray:
    """Numbers in digits that both have, less half of those that one has alone."""
    own = numbers(text)
    counts = []
    for other in others:
        theirs = numbers(other)
        counts.append(len(own & theirs) - len(own ^ theirs) / 2)
    return np.clip(np.array(counts, np.float32), -_NUMBERS, _NUMBERS)


def _ahead(values: FloatArray, langs: NDArray[np.str_], alone: float) -> FloatArray:
    """``values`` (n,) less the mean of those of one language that come after its best."""
    ahead = np.empty_like(values)
    for lang in np.unique(langs):
        own = langs == lang
        after = -np.sort(-values[own])[1 : AROUND + 1]
        ahead[own] = values[own] - (after.sum() + alone * (AROUND - len(after))) / AROUND
    return ahead
