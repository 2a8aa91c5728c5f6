"""What the rest of crosslingual knows of a vector index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crosslingual.types import FloatArray


class DamagedIndexError(Exception):
    """An index that does not hold what it says; it is made anew."""


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The nearest of an index for n queries, best first.

    ``ids`` (n, k) int64, -1 where the index holds fewer than k; ``cosines`` (n, k) float32, -1 there.
    """

    ids: NDArray[np.int64]
    cosines: FloatArray


class VectorIndex(Protocol):
    """Vectors of length 1 under integer ids."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""

    def vectors_at(self, positions: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``positions`` in the order of ``ids``."""

    def search(self, queries: FloatArray, k: int, id_mask: NDArray[np.bool_] | None = None) -> Neighbors:
        """The ``k`` nearest by cosine for each of ``queries`` (n, d).

        With ``id_mask``, only ids i, from 0 on, for which ``id_mask[i]`` holds.
        """
