"""A learned judge of pairs: late interaction over the states of tuned layers.

How much of either sentence the other covers, token by token (ColBERT: Khattab and Zaharia 2020), how near
their means are, and how far ahead a pair is of what else the event holds, in a small network.
``scripts/fit_judge.py`` fitted it to real coverage whose sentence pairs were labelled by reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from crosslingual.align.event_coverage import EventCoverage, Indices
from crosslingual.align.features import ahead
from crosslingual.align.tokens import Tokens, pack_rows, unit, unpack_rows
from crosslingual.tuned import layers_for
from crosslingual.types import FloatArray

WEIGHTS = Path(__file__).with_suffix(".npz")
RIVAL = 0.3
"""What the best other sentence of an article covers at least."""
LIGHT = 0.5
"""Weight of a token, in means of its sentence, below which nobody asks whether it is covered."""
STEPS = (0.35, 0.5, 0.65, 0.8)
"""Cosines of a token with its nearest by which it is more or less covered."""
_COLUMNS = 200
"""Sentences looked at together."""
_RANK = 3
"""How many of an event's sentences may be nearer before that tells against a pair."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence as the judge sees it.

    ``vectors`` (k, d) of length 1 of its tokens, ``weights`` (k, heads) that sum to 1 over the tokens, and
    ``mean`` (d,) of length 1.
    """

    vectors: FloatArray
    weights: FloatArray
    mean: FloatArray


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge makes of all s sentences of an event, each (s, s); within an article it is not read.

    ``logits`` are symmetric: how likely two sentences say the same. Of sentence i, ``weakest`` is how well
    sentence j covers the token that it covers worst, and each of ``covered`` the share, by weight, of tokens
    of which a cosine of ``STEPS`` falls short (kernel pooling: Xiong et al. 2017).
    """

    logits: FloatArray
    weakest: FloatArray
    covered: tuple[FloatArray, ...]


@dataclass(frozen=True)
class Judge:
    """The fitted arrays, of d dimensions of a token, w of what its weights hang on, and f features.

    ``centre`` (h,) is subtracted from states and ``basis`` (h, d + w) applied before they are stored, and
    ``pool`` (h, d) for a sentence's mean. ``means`` and ``pooled`` give what only tells a language.
    """

    key: str
    centre: FloatArray
    basis: FloatArray
    pool: FloatArray
    means: Mapping[str, FloatArray]
    pooled: Mapping[str, FloatArray]
    layers: Mapping[str, FloatArray]

    def pack(self, states: FloatArray) -> bytes:
        """``states`` (1 + k, h), those of the tuned layers: of a sentence's mean, then of its tokens."""
        moved = states - self.centre
        rows = np.asarray(moved @ self.basis, dtype=np.float32)
        rows[0] = 0
        rows[0, : self.pool.shape[1]] = moved[0] @ self.pool
        return pack_rows(rows)

    def unpack(self, packed: bytes, lang: str) -> Judged:
        """The sentence in ``lang`` that ``pack`` packed."""
        rows = unpack_rows(packed, self.basis.shape[1])
        size = self.pool.shape[1]
        mean = rows[:1, :size] - _of(self.pooled, lang)
        told = rows[1:] - _of(self.means, lang)
        if not len(told):
            told = np.zeros((1, rows.shape[1]), np.float32)
        layers = self.layers
        hidden = np.tanh(told[:, size:] + layers["weigh.0.bias"])
        weights = np.logaddexp(0, hidden @ layers["weigh.2.weight"].T + layers["weigh.2.bias"] + 0.54)
        return Judged(
            unit(told[:, :size]),
            np.asarray(weights / (weights.sum(axis=0) + 1e-6), dtype=np.float32),
            unit(mean)[0],
        )

    def judge(self, sentences: Sequence[Judged], starts: Indices, langs: Sequence[str]) -> Judgement:
        """How likely each two sentences of different articles say the same, and what speaks for it.

        Args:
            sentences: of all articles, one after another.
            starts: (a + 1,) where each article begins among them, and s.
            langs: (a,) the articles' languages.
        """
        layers, found = self.layers, np.zeros((len(sentences), len(sentences)), dtype=np.float32)
        features = _Features(sentences, starts, langs)
        for begin in range(0, len(sentences), 64):  # the hidden layer of all pairs would take gigabytes
            own = features.of(slice(begin, begin + 64))
            hidden = np.tanh(own @ layers["mixed.0.weight"].T + layers["mixed.0.bias"])
            found[begin : begin + 64] = (
                own @ layers["linear.weight"][0]
                + hidden @ layers["mixed.2.weight"][0]
                + layers["linear.bias"]
                + layers["mixed.2.bias"]
            )
        logits = np.asarray((found + found.T) / 2, dtype=np.float32)
        return Judgement(logits, features.weakest, tuple(features.short))


class _Features:
    """What the judge's network is told of each pair of an event's sentences."""

    def __init__(self, sentences: Sequence[Judged], starts: Indices, langs: Sequence[str]) -> None:
        sizes = np.diff(starts)
        article = np.repeat(np.arange(len(sizes)), sizes)
        across = article[:, None] != article[None, :]
        others = np.maximum(across.sum(axis=1), 1).astype(np.float32)
        coverage = EventCoverage(
            [Tokens(one.vectors, one.weights[:, 0]) for one in sentences], starts, langs, nearer=0.0
        )
        weights = np.concatenate([one.weights for one in sentences])
        covered = [coverage.weighted(np.ascontiguousarray(head)) for head in weights.T]
        ends = np.cumsum([0] + [len(one.vectors) for one in sentences])
        # A word without a meaning of its own may be missing: what weighs less than half the mean is not
        # asked.
        asked = np.concatenate([one.weights[:, 0] * len(one.vectors) > LIGHT for one in sentences])
        count = len(sentences)
        self.weakest = np.empty((count, count), dtype=np.float32)
        self.short = [np.empty((count, count), dtype=np.float32) for _ in STEPS]
        main = np.ascontiguousarray(weights[:, 0])
        for begin in range(0, count, _COLUMNS):  # many more tokens than sentences
            strip = np.s_[:, begin : begin + _COLUMNS]
            nearest = coverage.nearest[strip]
            np.minimum.reduceat(
                np.where(asked[:, None], nearest, np.float32(1)), ends[:-1], out=self.weakest[strip]
            )
            for short, step in zip(self.short, STEPS, strict=True):
                short[strip] = coverage.summed(main, (nearest < step).astype(np.float32))
        del coverage
        self._covered = covered
        self._away = [(one * across).sum(axis=1) / others for one in covered]
        self._middle = np.asarray(np.mean([(one + one.T) / 2 for one in covered], axis=0), dtype=np.float32)
        self._ahead = ahead(self._middle, starts, RIVAL)
        self._near = (self._middle * across).sum(axis=1) / others
        ranked = np.where(across, self._middle, np.float32(-1))
        place = min(_RANK, len(sentences))
        self._third = np.partition(ranked, len(ranked) - place, axis=1)[:, len(ranked) - place]
        self._mean = np.stack([one.mean for one in sentences])
        self._length = np.log(np.array([len(one.vectors) for one in sentences], dtype=np.float32))
        self._lang = np.repeat(np.unique(langs, return_inverse=True)[1], sizes)

    def of(self, rows: slice) -> FloatArray:
        """(r, s, f) of the sentences ``rows`` with all."""
        least, most, centred_least, centred_most = [], [], [], []
        for covered, away in zip(self._covered, self._away, strict=True):
            there, back = covered[rows], covered.T[rows]
            least.append(np.minimum(there, back))
            most.append(np.maximum(there, back))
            there, back = there - away[rows, None], back - away[None]
            centred_least.append(np.minimum(there, back))
            centred_most.append(np.maximum(there, back))
        lead, lead_back = self._ahead[rows], self._ahead.T[rows]
        above = self._middle[rows] - self._third[rows, None]
        above_back = self._middle[rows] - self._third[None]
        length, other = self._length[rows, None], self._length[None]
        return np.stack(
            [
                *least,
                *most,
                *centred_least,
                *centred_most,
                self._mean[rows] @ self._mean.T,
                np.minimum(lead, lead_back),
                np.maximum(lead, lead_back),
                np.minimum(above, above_back),
                np.maximum(above, above_back),
                self._near[rows, None] + self._near[None],
                np.abs(length - other),
                np.minimum(length, other),
                (self._lang[rows, None] == self._lang[None]).astype(np.float32),
            ],
            axis=-1,
            dtype=np.float32,
        )


def _of(means: Mapping[str, FloatArray], lang: str) -> FloatArray:
    return means.get(lang, means[""])


@cache
def judge_for(model: str) -> Judge | None:
    """The shipped judge for sentences of the encoder with the key ``model``; None where none was fitted."""
    tuned = layers_for(model)
    if tuned is None:
        return None
    content = WEIGHTS.read_bytes()
    with np.load(WEIGHTS, allow_pickle=False) as saved:
        arrays = {name: saved[name].astype(np.float32) for name in saved.files}
    kinds: dict[str, dict[str, FloatArray]] = {"mean": {}, "pooled": {}, "layer": {}}
    for name in [name for name in arrays if "/" in name]:
        kind, _, rest = name.partition("/")
        kinds[kind][rest] = arrays.pop(name)
    for means in (kinds["mean"], kinds["pooled"]):
        means[""] = np.asarray(np.mean(list(means.values()), axis=0), dtype=np.float32)
    digest = hashlib.sha256(tuned.digest.encode() + content).hexdigest()[:12]
    return Judge(
        f"{model}/judge-{digest}",
        arrays["centre"],
        arrays["basis"],
        arrays["pool"],
        kinds["mean"],
        kinds["pooled"],
        kinds["layer"],
    )
