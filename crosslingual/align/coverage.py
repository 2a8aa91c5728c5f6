"""How much of what one sentence says another says too, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.tokens import Tokens
from crosslingual.types import FloatArray


@dataclass(frozen=True, slots=True)
class Text:
    """The tokens of an article, its n sentences' one after another.

    ``vectors`` (k, d), ``weights`` (k,); sentence i begins at token ``starts[i]`` and weighs ``sums[i]``.
    """

    vectors: FloatArray
    weights: FloatArray
    starts: NDArray[np.intp]
    sums: FloatArray

    @classmethod
    def of(cls, sentences: Sequence[Tokens]) -> Text:
        """Sentences one after another; at least one, each with at least one token."""
        weights = np.concatenate([sentence.weights for sentence in sentences])
        sizes = [len(sentence.weights) for sentence in sentences]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
        vectors = np.concatenate([sentence.vectors for sentence in sentences])
        return cls(vectors, weights, starts, np.add.reduceat(weights, starts))

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.starts)

    def per_sentence(self, values: FloatArray) -> FloatArray:
        """``values`` (k, m) of the tokens, their weighted mean in each sentence: (n, m)."""
        sums = np.add.reduceat(values * self.weights[:, None], self.starts, axis=0)
        return np.asarray(sums / self.sums[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of two texts of n and m sentences, each token's cosine with the nearest of each sentence opposite.

    ``there`` (k, m) is of the tokens of ``src``, ``back`` (l, n) of those of ``tgt``. The nearest token of a
    run of sentences is the maximum over them: joined neighbours need no encoding of their own.
    """

    src: Text
    tgt: Text
    there: FloatArray
    back: FloatArray

    @classmethod
    def of(cls, src: Text, tgt: Text) -> Coverage:
        """All tokens compared with all."""
        cosines = src.vectors @ tgt.vectors.T
        return cls(
            src,
            tgt,
            np.maximum.reduceat(cosines, tgt.starts, axis=1),
            np.maximum.reduceat(cosines, src.starts, axis=0).T,
        )

    @property
    def turned(self) -> Coverage:
        """The same from the other side."""
        return Coverage(self.tgt, self.src, self.back, self.there)

    def runs(self, size: int, other: int) -> FloatArray:
        """How much runs of ``size`` sentences of ``src`` are covered by runs of ``other`` of ``tgt``.

        (n - size + 1, m - other + 1): the mean of ``there`` over the run's tokens, by weight.
        """
        n, m = len(self.src) - size + 1, len(self.tgt) - other + 1
        nearest = self.there[:, :m]
        for step in range(1, other):
            nearest = np.maximum(nearest, self.there[:, step : m + step])
        single = self.src.per_sentence(nearest)
        if size == 1:
            return single
        weighted = single * self.src.sums[:, None]
        together = sum(weighted[step : n + step] for step in range(size))
        weight = sum(self.src.sums[step : n + step] for step in range(size))
        return np.asarray(together / np.asarray(weight)[:, None], dtype=np.float32)

    def gain(self, partners: NDArray[np.bool_], least: float) -> FloatArray:
        """(n, m): what sentence j adds to the coverage of i beyond the other ``partners`` (n, m) of i.

        A token counts as covered to the degree ``least`` by nobody.
        """
        sizes = np.diff(np.append(self.src.starts, len(self.src.weights)))
        beside = np.where(np.repeat(partners, sizes, axis=0), self.there, np.float32(least))
        rows, first = np.arange(len(beside)), beside.argmax(axis=1)
        best = beside[rows, first]
        beside[rows, first] = least
        second = np.maximum(beside.max(axis=1), least)
        others = np.repeat(best[:, None], beside.shape[1], axis=1)
        others[rows, first] = second
        return self.src.per_sentence(np.maximum(self.there - others, 0))
