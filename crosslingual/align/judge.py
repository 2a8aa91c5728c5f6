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
from numpy.typing import NDArray

from crosslingual.align.event_coverage import Indices
from crosslingual.align.features import row_lead
from crosslingual.align.pair_coverage import JudgeInput, PairCoverage, measure_pair_coverage
from crosslingual.embeddings.token_states import normalize_rows, pack_rows, unpack_rows
from crosslingual.embeddings.tuned_layers import find_tuned_layers
from crosslingual.types import FloatArray

WEIGHTS_PATH = Path(__file__).with_suffix(".npz")
MIN_RIVAL_COVERAGE = 0.3
"""What the best other sentence of an article covers at least."""
_RIVAL_RANK = 3
"""How many of an event's sentences may be nearer before that tells against a pair."""


@dataclass(frozen=True, slots=True)
class JudgeOutput:
    """What the judge makes of all s sentences of an event, each (s, s); within an article it is not read.

    ``logits`` are symmetric: how likely two sentences say the same. Of sentence i, ``weakest_coverage`` is
    how well sentence j covers the token that it covers worst, and each of ``uncovered_shares`` the share, by
    weight, of tokens of which a cosine of ``COSINE_STEPS`` falls short (kernel pooling: Xiong et al. 2017).
    """

    logits: FloatArray
    weakest_coverage: NDArray[np.float16]
    uncovered_shares: tuple[NDArray[np.float16], ...]


@dataclass(frozen=True)
class Judge:
    """The fitted arrays, of d dimensions of a token, w of what its weights hang on, and f features.

    ``center`` (h,) is subtracted from states and ``basis`` (h, d + w) applied before they are stored, and
    ``mean_basis`` (h, d) for a sentence's mean. ``token_offsets`` and ``mean_offsets`` give what only tells a
    language.
    """

    key: str
    center: FloatArray
    basis: FloatArray
    mean_basis: FloatArray
    token_offsets: Mapping[str, FloatArray]
    mean_offsets: Mapping[str, FloatArray]
    network_weights: Mapping[str, FloatArray]

    def pack(self, states: FloatArray) -> bytes:
        """``states`` (1 + k, h), those of the tuned layers: of a sentence's mean, then of its tokens."""
        moved = states - self.center
        rows = np.asarray(moved @ self.basis, dtype=np.float32)
        rows[0] = 0
        rows[0, : self.mean_basis.shape[1]] = moved[0] @ self.mean_basis
        return pack_rows(rows)

    def unpack(self, packed: bytes, lang: str) -> JudgeInput:
        """The sentence in ``lang`` that ``pack`` packed."""
        rows = unpack_rows(packed, self.basis.shape[1])
        size = self.mean_basis.shape[1]
        mean = rows[:1, :size] - _language_mean(self.mean_offsets, lang)
        told = rows[1:] - _language_mean(self.token_offsets, lang)
        if not len(told):
            told = np.zeros((1, rows.shape[1]), np.float32)
        layers = self.network_weights
        hidden = np.tanh(told[:, size:] + layers["weigh.0.bias"])
        weights = np.logaddexp(0, hidden @ layers["weigh.2.weight"].T + layers["weigh.2.bias"] + 0.54)
        return JudgeInput(
            normalize_rows(told[:, :size]),
            np.asarray(weights / (weights.sum(axis=0) + 1e-6), dtype=np.float32),
            normalize_rows(mean)[0],
        )

    def judge_pairs(
        self,
        sentences: Sequence[JudgeInput],
        starts: Indices,
        langs: Sequence[str],
        coverage: PairCoverage | None = None,
    ) -> JudgeOutput:
        """How likely each two sentences of different articles say the same, and what speaks for it.

        Args:
            sentences: of all articles, one after another.
            starts: (a + 1,) where each article begins among them, and s.
            langs: (a,) the articles' languages.
            coverage: of the sentences, where it is known.
        """
        layers, found = self.network_weights, np.zeros((len(sentences), len(sentences)), dtype=np.float32)
        coverage = coverage or measure_pair_coverage(sentences, starts)
        features = _PairFeatures(sentences, starts, langs, coverage.covered)
        for begin in range(0, len(sentences), 64):  # the hidden layer of all pairs would take gigabytes
            own = features.compute(slice(begin, begin + 64))
            hidden = np.tanh(own @ layers["mixed.0.weight"].T + layers["mixed.0.bias"])
            found[begin : begin + 64] = (
                own @ layers["linear.weight"][0]
                + hidden @ layers["mixed.2.weight"][0]
                + layers["linear.bias"]
                + layers["mixed.2.bias"]
            )
        logits = np.asarray((found + found.T) / 2, dtype=np.float32)
        return JudgeOutput(logits, coverage.weakest, coverage.uncovered_shares)


class _PairFeatures:
    """What the judge's network is told of each pair of an event's sentences."""

    def __init__(
        self, sentences: Sequence[JudgeInput], starts: Indices, langs: Sequence[str], covered: FloatArray
    ) -> None:
        sizes = np.diff(starts)
        article = np.repeat(np.arange(len(sizes)), sizes)
        across = article[:, None] != article[None, :]
        others = np.maximum(across.sum(axis=1), 1).astype(np.float32)
        self._covered = covered
        self._mean_coverage = [(one * across).sum(axis=1) / others for one in covered]
        self._mutual_coverage = np.asarray(
            np.mean([(one + one.T) / 2 for one in covered], axis=0), dtype=np.float32
        )
        self._row_lead = row_lead(self._mutual_coverage, starts, MIN_RIVAL_COVERAGE)
        self._mean_mutual_coverage = (self._mutual_coverage * across).sum(axis=1) / others
        ranked = np.where(across, self._mutual_coverage, np.float32(-1))
        place = min(_RIVAL_RANK, len(sentences))
        self._ranked_rival = np.partition(ranked, len(ranked) - place, axis=1)[:, len(ranked) - place]
        self._mean = np.stack([one.mean for one in sentences])
        self._length = np.log(np.array([len(one.vectors) for one in sentences], dtype=np.float32))
        self._lang = np.repeat(np.unique(langs, return_inverse=True)[1], sizes)

    def compute(self, rows: slice) -> FloatArray:
        """(r, s, f) of the sentences ``rows`` with all."""
        least, most, centred_least, centred_most = [], [], [], []
        for covered, away in zip(self._covered, self._mean_coverage, strict=True):
            there, back = covered[rows], covered.T[rows]
            least.append(np.minimum(there, back))
            most.append(np.maximum(there, back))
            there, back = there - away[rows, None], back - away[None]
            centred_least.append(np.minimum(there, back))
            centred_most.append(np.maximum(there, back))
        lead, lead_back = self._row_lead[rows], self._row_lead.T[rows]
        above = self._mutual_coverage[rows] - self._ranked_rival[rows, None]
        above_back = self._mutual_coverage[rows] - self._ranked_rival[None]
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
                self._mean_mutual_coverage[rows, None] + self._mean_mutual_coverage[None],
                np.abs(length - other),
                np.minimum(length, other),
                (self._lang[rows, None] == self._lang[None]).astype(np.float32),
            ],
            axis=-1,
            dtype=np.float32,
        )


def _language_mean(mean_by_language: Mapping[str, FloatArray], lang: str) -> FloatArray:
    return mean_by_language.get(lang, mean_by_language[""])


@cache
def load_judge(encoder_key: str) -> Judge | None:
    """The shipped judge for sentences of the encoder with the key ``encoder_key``; None where none was fitted."""
    tuned = find_tuned_layers(encoder_key)
    if tuned is None:
        return None
    content = WEIGHTS_PATH.read_bytes()
    with np.load(WEIGHTS_PATH, allow_pickle=False) as saved:
        arrays = {name: saved[name].astype(np.float32) for name in saved.files}
    kinds: dict[str, dict[str, FloatArray]] = {"mean": {}, "pooled": {}, "layer": {}}
    for name in [name for name in arrays if "/" in name]:
        kind, _, rest = name.partition("/")
        kinds[kind][rest] = arrays.pop(name)
    for means in (kinds["mean"], kinds["pooled"]):
        means[""] = np.asarray(np.mean(list(means.values()), axis=0), dtype=np.float32)
    digest = hashlib.sha256(tuned.digest.encode() + content).hexdigest()[:12]
    return Judge(
        f"{encoder_key}/judge-{digest}",
        arrays["centre"],
        arrays["basis"],
        arrays["pool"],
        kinds["mean"],
        kinds["pooled"],
        kinds["layer"],
    )
