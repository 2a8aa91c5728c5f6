"""How much the sentences of two texts cover one another, token by token; of an event see ``event_coverage``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.types import FloatArray


@dataclass(frozen=True, slots=True)
class ArticleTokens:
    """The tokens of an article, its n sentences' one after another.

    ``vectors`` (k, d), ``weights`` (k,); sentence i begins at token ``starts[i]`` and weighs ``sums[i]``.
    """

    vectors: FloatArray
    weights: FloatArray
    starts: NDArray[np.intp]
    sentence_weights: FloatArray

    @classmethod
    def from_sentences(cls, sentences: Sequence[TokenVectors]) -> ArticleTokens:
        """Sentences one after another; at least one, each with at least one token."""
        weights = np.concatenate([sentence.weights for sentence in sentences])
        sizes = [len(sentence.weights) for sentence in sentences]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
        vectors = np.concatenate([sentence.vectors for sentence in sentences])
        return cls(vectors, weights, starts, np.add.reduceat(weights, starts))

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.starts)

    def sentence_means(self, values: FloatArray) -> FloatArray:
        """``values`` (k, m) of the tokens, their weighted mean in each sentence: (n, m)."""
        sums = np.add.reduceat(values * self.weights[:, None], self.starts, axis=0)
        return np.asarray(sums / self.sentence_weights[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class TextCoverage:
    """Of two texts of n and m sentences, each token's cosine with the nearest of each sentence opposite.

    ``src_coverage`` (k, m) is of the tokens of ``src``, ``tgt_coverage`` (l, n) of those of ``tgt``. The
    nearest token of a run of sentences is the maximum over them: joined neighbours need no encoding of their
    own.
    """

    src: ArticleTokens
    tgt: ArticleTokens
    src_coverage: FloatArray
    tgt_coverage: FloatArray

    @classmethod
    def between(cls, src: ArticleTokens, tgt: ArticleTokens) -> TextCoverage:
        """All tokens compared with all."""
        cosines = src.vectors @ tgt.vectors.T
        return cls(
            src,
            tgt,
            np.maximum.reduceat(cosines, tgt.starts, axis=1),
            np.maximum.reduceat(cosines, src.starts, axis=0).T,
        )

    @property
    def swapped(self) -> TextCoverage:
        """The same from the other side."""
        return TextCoverage(self.tgt, self.src, self.tgt_coverage, self.src_coverage)

    def run_coverage(self, src_size: int, tgt_size: int) -> FloatArray:
        """How much runs of ``src_size`` sentences of ``src`` are covered by runs of ``tgt_size`` of ``tgt``.

        (n - size + 1, m - other + 1): the mean of ``src_coverage`` over the run's tokens, by weight.
        """
        n, m = len(self.src) - src_size + 1, len(self.tgt) - tgt_size + 1
        nearest = self.src_coverage[:, :m]
        for step in range(1, tgt_size):
            nearest = np.maximum(nearest, self.src_coverage[:, step : m + step])
        single = self.src.sentence_means(nearest)
        if src_size == 1:
            return single
        weighted = single * self.src.sentence_weights[:, None]
        together = sum(weighted[step : n + step] for step in range(src_size))
        weight = sum(self.src.sentence_weights[step : n + step] for step in range(src_size))
        return np.asarray(together / np.asarray(weight)[:, None], dtype=np.float32)

    def marginal_coverage(self, partners: NDArray[np.bool_], min_coverage: float) -> FloatArray:
        """(n, m): what sentence j adds to the coverage of i beyond the other ``partners`` (n, m) of i.

        A token counts as covered to the degree ``min_coverage`` by nobody.
        """
        sizes = np.diff(np.append(self.src.starts, len(self.src.weights)))
        beside = np.where(np.repeat(partners, sizes, axis=0), self.src_coverage, np.float32(min_coverage))
        rows, first = np.arange(len(beside)), beside.argmax(axis=1)
        best = beside[rows, first]
        beside[rows, first] = min_coverage
        second = np.maximum(beside.max(axis=1), min_coverage)
        others = np.repeat(best[:, None], beside.shape[1], axis=1)
        others[rows, first] = second
        return self.src.sentence_means(np.maximum(self.src_coverage - others, 0))
