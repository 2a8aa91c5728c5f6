"""How much the sentences of all articles of an event cover one another, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice, pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.types import FloatArray

Indices = NDArray[np.intp]


SAME_LANGUAGE_OFFSET = 0.15
"""By how much tokens of one language lie nearer than of two (median of linked sentences in the demo gold)."""


_COSINES_PER_BATCH = 20_000_000
"""Cosines of tokens worked out at a time: long articles are taken in portions."""
_PAIRS_PER_BATCH = 100_000
"""Pairs of sentences whose gain is worked out at a time."""
_COLUMNS_PER_STRIP = 200
"""Sentences whose runs are looked at together."""


class EventCoverage:
    """Of all s sentences of an event, each of their k tokens' cosine with the nearest of each sentence.

    ``nearest`` (k, s) is 0 for sentences of the token's own article. The nearest token of a run of
    sentences is the maximum over them: joined neighbours need no encoding of their own.
    """

    def __init__(
        self,
        sentences: Sequence[TokenVectors],
        starts: Indices,
        langs: Sequence[str],
        same_lang_offset: float = SAME_LANGUAGE_OFFSET,
        n_compared: int | None = None,
    ) -> None:
        """Compare every token with those of all other articles.

        Args:
            sentences: article after article; each has at least one token.
            starts: (a + 1,) where each article begins among them, and s.
            langs: (a,) the articles' languages.
            same_lang_offset: by how much tokens of one language lie nearer than of two.
            n_compared: only this many articles, the first, are compared with all others; by default all.
        """
        from scipy.sparse import csr_array  # a search imports this module and needs none of it

        sizes = np.array([len(sentence.weights) for sentence in sentences], dtype=np.intp)
        ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
        self._ends, self._first = ends, ends[:-1]
        self._starts = starts
        self._article = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        self._weights = np.concatenate([sentence.weights for sentence in sentences])
        self._sums = np.add.reduceat(self._weights, self._first)
        places = np.arange(len(self._weights))
        self._summing_matrix = csr_array(
            (self._weights, places, ends), shape=(len(sizes), len(self._weights))
        )
        self._run_cache: dict[int, FloatArray] = {}
        vectors = np.concatenate([sentence.vectors for sentence in sentences])
        self.nearest = np.zeros((len(vectors), len(sizes)), dtype=np.float32)
        turned = np.ascontiguousarray(vectors.T)
        # Two in turns for all products: fresh memory takes longer to get than the products themselves, and
        # while one product is worked out, another thread looks for the nearest in the one before.
        room = max(_COSINES_PER_BATCH, int(sizes.max(initial=0)) * len(vectors))
        rooms = [np.empty(room, dtype=np.float32) for _ in range(2)]
        waiting: list[Future[None]] = []
        with ThreadPoolExecutor(1) as other:
            for number, (begin, end, behind) in enumerate(_split_blocks(starts, ends, n_compared)):
                if number >= len(rooms):
                    waiting[number - len(rooms)].result()
                shape = int(ends[end] - ends[begin]), int(ends[-1] - ends[behind])
                cosines = rooms[number % len(rooms)][: shape[0] * shape[1]].reshape(shape)
                np.matmul(vectors[ends[begin] : ends[end]], turned[:, ends[behind] :], out=cosines)
                waiting.append(other.submit(self._store_nearest, cosines, begin, end, behind))
            for one in waiting:
                one.result()
        for a, b in permutations(range(len(langs)), 2):
            if same_lang_offset and langs[a] == langs[b]:
                self.nearest[ends[starts[a]] : ends[starts[a + 1]], starts[b] : starts[b + 1]] -= (
                    same_lang_offset
                )

    def _store_nearest(self, cosines: FloatArray, begin: int, end: int, later_start: int) -> None:
        """From cosines of the tokens of sentences begin … end with those of all from ``later_start`` on."""
        own, later = slice(self._ends[begin], self._ends[end]), slice(self._ends[later_start], None)
        self.nearest[own, later_start:] = np.maximum.reduceat(
            cosines, self._first[later_start:] - later.start, axis=1
        )
        back = np.empty((end - begin, cosines.shape[1]), dtype=np.float32)
        for row, sentence in zip(back, range(begin, end), strict=True):  # faster than reduceat
            mine = cosines[self._ends[sentence] - own.start : self._ends[sentence + 1] - own.start]
            np.max(mine, axis=0, out=row)
        self.nearest[later, begin:end] = back.T

    def sum_by_sentence(self, weights: FloatArray, values: FloatArray) -> FloatArray:
        """(s, m): the sum of ``values`` (k, m) of i's tokens, each times its ``weights`` (k,).

        Where only the tokens of the first sentences are given, of these.
        """
        from scipy.sparse import csr_array

        ends = self._ends[: int(np.searchsorted(self._ends, len(values))) + 1]
        adding = csr_array(
            (weights[: len(values)], np.arange(len(values)), ends), shape=(len(ends) - 1, len(values))
        )
        return np.asarray(adding @ values, dtype=np.float32)

    def run_coverage(self, src_size: int, tgt_size: int) -> FloatArray:
        """(s, s): how much of the ``src_size`` sentences from i on the ``tgt_size`` sentences from j on cover.

        The mean of the tokens' nearest cosines by weight. Runs that would leave their article are -1.
        """
        single = self._sum_nearest_in_runs(tgt_size)
        together, weight = single.copy(), self._sums.copy()
        for step in range(1, src_size):
            together[:-step] += single[step:]
            weight[:-step] += self._sums[step:]
        together /= weight[:, None]
        for end in self._starts[1:].tolist():
            together[max(end - src_size + 1, 0) : end] = -1
            together[:, max(end - tgt_size + 1, 0) : end] = -1
        return together

    def _sum_nearest_in_runs(self, tgt_size: int) -> FloatArray:
        """(s, s): cosines of i's tokens with the nearest of ``tgt_size`` sentences from j, summed by weight."""
        if tgt_size not in self._run_cache:
            found = np.empty((len(self._sums), self.nearest.shape[1]), dtype=np.float32)
            for start in range(0, found.shape[1], _COLUMNS_PER_STRIP):
                # A strip at a time: copies of the whole would take longer to get than to fill.
                strip = self.nearest[:, start : start + _COLUMNS_PER_STRIP + tgt_size - 1]
                nearest = strip[:, :_COLUMNS_PER_STRIP]
                for step in range(1, tgt_size):
                    beside = strip[:, step : step + _COLUMNS_PER_STRIP]
                    nearest = np.maximum(nearest[:, : beside.shape[1]], beside)
                found[:, start : start + nearest.shape[1]] = self._weighted_sum(nearest)
                found[:, start + nearest.shape[1] : start + _COLUMNS_PER_STRIP] = (
                    0  # runs beyond the end, not read
                )
            self._run_cache[tgt_size] = found
        return self._run_cache[tgt_size]

    def marginal_coverage(
        self, partners: NDArray[np.bool_], min_coverage: float, rows: Indices, columns: Indices
    ) -> FloatArray:
        """(p,): what sentence j adds to the coverage of i beyond i's other ``partners`` in j's article.

        Args:
            partners: (s, s), false within an article.
            min_coverage: the degree to which a token counts as covered by nobody.
            rows: (p,) the sentences i.
            columns: (p,) the sentences j.
        """
        found = np.empty(len(rows), dtype=np.float32)
        covered = self._partner_coverage(partners, min_coverage)
        for start in range(0, len(rows), _PAIRS_PER_BATCH):
            here = slice(start, start + _PAIRS_PER_BATCH)
            found[here] = self._marginal_batch(partners, covered, min_coverage, rows[here], columns[here])
        return found

    def _partner_coverage(self, partners: NDArray[np.bool_], min_coverage: float) -> FloatArray:
        """(k, a): how well each token's sentence's partners in each article cover it."""
        ones, others = np.nonzero(partners)
        covered = np.full((len(self._weights), len(self._starts) - 1), min_coverage, dtype=np.float32)
        tokens, own = self._expand_tokens(ones)
        np.maximum.at(covered, (tokens, self._article[others][own]), self.nearest[tokens, others[own]])
        return covered

    def _marginal_batch(
        self,
        partners: NDArray[np.bool_],
        partner_coverage: FloatArray,
        min_coverage: float,
        rows: Indices,
        columns: Indices,
    ) -> FloatArray:
        beside = np.add.reduceat(
            partners, self._starts[:-1][np.diff(self._starts) > 0], axis=1, dtype=np.int32
        )
        among = beside[rows, np.searchsorted(np.unique(self._article), self._article[columns])]
        alone = partners[rows, columns] & (among == 1)
        tokens, own = self._expand_tokens(rows)
        others_cover = np.where(
            alone[own], np.float32(min_coverage), partner_coverage[tokens, self._article[columns][own]]
        )
        more = self.nearest[tokens, columns[own]] - others_cover
        sums = np.zeros(len(rows), dtype=np.float32)
        np.add.at(sums, own, np.maximum(more, 0) * self._weights[tokens])
        for place in np.flatnonzero(partners[rows, columns] & ~alone).tolist():
            sums[place] = self._partner_marginal(
                partners, min_coverage, int(rows[place]), int(columns[place])
            )
        return np.asarray(sums / self._sums[rows], dtype=np.float32)

    def _partner_marginal(
        self, partners: NDArray[np.bool_], min_coverage: float, row: int, column: int
    ) -> float:
        """The same for one who is a partner himself, whom the others are to do without."""
        begin, end = self._starts[self._article[column]], self._starts[self._article[column] + 1]
        others = begin + np.flatnonzero(partners[row, begin:end])
        tokens = slice(self._ends[row], self._ends[row + 1])
        beside = self.nearest[tokens, others[others != column]].max(axis=1, initial=min_coverage)
        more = np.maximum(self.nearest[tokens, column] - beside, 0)
        return float(more @ self._weights[tokens])

    def _expand_tokens(self, sentences: Indices) -> tuple[Indices, Indices]:
        """(t,) the tokens of each of ``sentences`` (p,), and (t,) of which of these p it is."""
        sizes = self._ends[sentences + 1] - self._ends[sentences]
        own = np.repeat(np.arange(len(sentences)), sizes)
        within = np.arange(len(own)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._ends[sentences][own] + within, own

    def _weighted_sum(self, values: FloatArray) -> FloatArray:
        """(k, m) of the tokens → (s, m): the sum in each sentence, by weight."""
        return np.asarray(self._summing_matrix @ values, dtype=np.float32)


def _split_blocks(
    starts: Indices, ends: Indices, n_articles: int | None = None
) -> Iterator[tuple[int, int, int]]:
    """Sentences begin … end of an article, and where those of later articles begin, few enough at a time.

    ``starts`` (a + 1,) are the articles' among the sentences, ``ends`` (s + 1,) the sentences' among the
    tokens. Of the first ``n_articles``.
    """
    for begin, behind in islice(pairwise(starts.tolist()), n_articles):
        most = max(_COSINES_PER_BATCH // max(int(ends[-1] - ends[behind]), 1), 1)
        if behind == len(ends) - 1:
            return
        while begin < behind:
            end = int(np.searchsorted(ends, ends[begin] + most, side="right")) - 1
            end = min(max(end, begin + 1), behind)
            yield begin, end, behind
            begin = end
