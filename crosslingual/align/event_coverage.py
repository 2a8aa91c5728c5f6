"""How much of what one sentence says another says too, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from crosslingual.align.tokens import Tokens
from crosslingual.types import FloatArray

Indices = NDArray[np.intp]


NEARER = np.float32(0.15)
"""By how much tokens of one language lie nearer than of two (median of linked sentences in the demo gold)."""


class EventCoverage:
    """Of all s sentences of an event, each of their k tokens' cosine with the nearest of each sentence.

    ``nearest`` (k, s) is 0 for sentences of the token's own article. The nearest token of a run of
    sentences is the maximum over them: joined neighbours need no encoding of their own.
    """

    def __init__(self, sentences: Sequence[Tokens], starts: Indices, langs: Sequence[str]) -> None:
        """Compare every token with those of all other articles.

        Args:
            sentences: article after article; each has at least one token.
            starts: (a + 1,) where each article begins among them, and s.
            langs: (a,) the articles' languages.
        """
        sizes = np.array([len(sentence.weights) for sentence in sentences], dtype=np.intp)
        ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
        self._first = ends[:-1]
        self._owner = np.repeat(np.arange(len(sizes)), sizes)
        self._starts = starts
        self._weights = np.concatenate([sentence.weights for sentence in sentences])
        self._sums = np.add.reduceat(self._weights, self._first)
        places = np.arange(len(self._weights))
        self._adding = csr_array((self._weights, places, ends), shape=(len(sizes), len(self._weights)))
        self._covered: dict[int, FloatArray] = {}
        vectors = np.concatenate([sentence.vectors for sentence in sentences])
        self.nearest = np.zeros((len(vectors), len(sizes)), dtype=np.float32)
        for begin, end in pairwise(starts.tolist()):
            if begin == end or end == len(sizes):
                continue
            own, later = slice(ends[begin], ends[end]), slice(ends[end], None)
            cosines = vectors[own] @ vectors[later].T
            self.nearest[own, end:] = np.maximum.reduceat(cosines, self._first[end:] - ends[end], axis=1)
            for sentence in range(begin, end):  # faster than reduceat, which takes rows one by one
                mine = cosines[ends[sentence] - ends[begin] : ends[sentence + 1] - ends[begin]]
                self.nearest[later, sentence] = mine.max(axis=0)
        for a, b in permutations(range(len(langs)), 2):
            if langs[a] == langs[b]:
                self.nearest[ends[starts[a]] : ends[starts[a + 1]], starts[b] : starts[b + 1]] -= NEARER

    def runs(self, size: int, other: int) -> FloatArray:
        """(s, s): how much of the ``size`` sentences from i on the ``other`` sentences from j on cover.

        The mean of the tokens' nearest cosines by weight. Runs that would leave their article are -1.
        """
        single = self._by_run(other)
        together, weight = single.copy(), self._sums.copy()
        for step in range(1, size):
            together[:-step] += single[step:]
            weight[:-step] += self._sums[step:]
        together /= weight[:, None]
        for end in self._starts[1:].tolist():
            together[max(end - size + 1, 0) : end] = -1
            together[:, max(end - other + 1, 0) : end] = -1
        return together

    def _by_run(self, other: int) -> FloatArray:
        """(s, s): cosines of i's tokens with the nearest of ``other`` sentences from j, summed by weight."""
        if other not in self._covered:
            nearest = self.nearest
            if other > 1:
                nearest = nearest.copy()
                for step in range(1, other):
                    here = nearest[:, :-step]
                    np.maximum(here, self.nearest[:, step:], out=here)
            self._covered[other] = self._sum(nearest)
        return self._covered[other]

    def gain(self, partners: NDArray[np.bool_], least: float) -> FloatArray:
        """(s, s): what sentence j adds to the coverage of i beyond i's other ``partners`` in j's article.

        A token counts as covered to the degree ``least`` by nobody. ``partners`` (s, s) is false within
        an article.
        """
        rows, columns = np.nonzero(partners)
        article = np.searchsorted(self._starts, columns, side="right") - 1
        covered = np.full((len(self._owner), len(self._starts) - 1), least, dtype=np.float32)
        for row, column, number in zip(rows.tolist(), columns.tolist(), article.tolist(), strict=True):
            tokens = self._tokens(row)
            np.maximum(covered[tokens, number], self.nearest[tokens, column], out=covered[tokens, number])
        found = np.zeros(partners.shape, dtype=np.float32)
        for number, (begin, end) in enumerate(pairwise(self._starts.tolist())):
            more = self.nearest[:, begin:end] - covered[:, number, None]
            found[:, begin:end] = self._sum(np.maximum(more, 0, out=more)) / self._sums[:, None]
        for row, column, number in zip(rows.tolist(), columns.tolist(), article.tolist(), strict=True):
            tokens = self._tokens(row)
            begin, end = self._starts[number], self._starts[number + 1]
            others = begin + np.flatnonzero(partners[row, begin:end])
            beside = self.nearest[tokens, others[others != column]].max(axis=1, initial=least)
            more = np.maximum(self.nearest[tokens, column] - beside, 0)
            found[row, column] = float(more @ self._weights[tokens]) / self._sums[row]
        return found

    def _tokens(self, sentence: int) -> slice:
        end = self._first[sentence + 1] if sentence + 1 < len(self._first) else len(self._owner)
        return slice(self._first[sentence], end)

    def _sum(self, values: FloatArray) -> FloatArray:
        """(k, m) of the tokens → (s, m): the sum in each sentence, by weight."""
        return np.asarray(self._adding @ values, dtype=np.float32)
