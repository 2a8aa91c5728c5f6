"""Search among many: vectors in cells, a byte a number, the best compared again by what is on disk.

Beside the index lie the vectors themselves in half precision. Both are mapped, not read: opening takes
no time, and what is not asked for takes no memory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from crosslingual.index.protocol import Neighbours
from crosslingual.index.selection import Selection
from crosslingual.types import FloatArray

TRAINED = 40
"""Vectors a cell that the cells are fitted to."""
LOOKED_AT = 0.05
"""Share of the cells that are looked at."""
AGAIN = 4
"""How many times as many as are asked for are compared again."""
_LEAST, _LEAST_AGAIN = 16, 40
_ROUNDS = 8  # of k-means
_CHUNK = 50_000
_ABOUT, _CELLS, _IDS, _VECTORS = "about.json", "cells.faiss", "ids.i64", "vectors.f16"


class CompressedIndex:
    """A FAISS ``IndexIVFScalarQuantizer`` in a folder, mapped; it does not grow."""

    def __init__(self, index: faiss.IndexIVF, ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> None:
        self._index = index
        self._ids = ids
        self._vectors = vectors
        self._order = np.argsort(ids) if len(ids) and (np.diff(ids) <= 0).any() else None
        self.looked_at = max(_LEAST, round(index.nlist * LOOKED_AT))

    @classmethod
    def build(
        cls, folder: Path, ids: NDArray[np.int64], parts: Iterable[FloatArray], sample: FloatArray
    ) -> None:
        """Write an index of the vectors in ``parts`` under ``ids`` into the empty ``folder``.

        Args:
            folder: is there already.
            ids: (n,).
            parts: (m, d) each, n rows together, of length 1.
            sample: (s, d) some of them, from all over.
        """
        dimensions = sample.shape[1]
        cells = _cells(len(ids))
        quantizer = faiss.IndexFlatIP(dimensions)
        index = faiss.IndexIVFScalarQuantizer(
            quantizer,
            dimensions,
            cells,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            False,  # noqa: FBT003  # FAISS' own order; residuals cost time and gain nothing here
        )
        index.cp.niter = _ROUNDS
        index.cp.min_points_per_centroid = 1
        index.cp.max_points_per_centroid = TRAINED
        index.train(np.ascontiguousarray(sample, dtype=np.float32))
        start = 0
        with (folder / _VECTORS).open("wb") as out:
            for part in parts:
                for chunk in np.array_split(part, max(1, len(part) // _CHUNK)):
                    own = ids[start : start + len(chunk)]
                    index.add_with_ids(np.ascontiguousarray(chunk, dtype=np.float32), own)
                    out.write(chunk.astype("<f2").tobytes())
                    start += len(chunk)
            _reach_disk(out.fileno())
        (folder / _IDS).write_bytes(ids.astype("<i8").tobytes())
        faiss.write_index(index, str(folder / _CELLS))
        sizes = {name: (folder / name).stat().st_size for name in (_CELLS, _IDS, _VECTORS)}
        (folder / _ABOUT).write_text(json.dumps({"dimensions": dimensions, "bytes": sizes}))
        for name in (_CELLS, _IDS, _ABOUT):
            with (folder / name).open("rb") as file:
                _reach_disk(file.fileno())

    @classmethod
    def load(cls, folder: Path) -> CompressedIndex | None:
        """The index in ``folder``; None where there is none, or a file of it has not its size."""
        try:
            about = json.loads((folder / _ABOUT).read_text())
            # FAISS would read beyond the end of a file that was cut.
            if any((folder / name).stat().st_size != size for name, size in about["bytes"].items()):
                return None
            index = faiss.read_index(str(folder / _CELLS), faiss.IO_FLAG_MMAP)
            ids = np.fromfile(folder / _IDS, "<i8")
            vectors = np.memmap(folder / _VECTORS, "<f2", "r", shape=(len(ids), about["dimensions"]))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError):
            return None
        if not isinstance(index, faiss.IndexIVF) or index.ntotal != len(ids):
            return None
        return cls(index, ids, vectors)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""
        return self._ids

    def rows(self, places: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``places`` in the order of ``ids``."""
        return np.asarray(self._vectors[places], dtype=np.float32)

    def search(self, queries: FloatArray, k: int, among: NDArray[np.bool_] | None = None) -> Neighbours:
        """The ``k`` nearest by cosine for each of ``queries`` (n, d), nearly always.

        With ``among``, only ids i, from 0 on, for which ``among[i]`` holds.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        wider = max(AGAIN * k, _LEAST_AGAIN) if k < _LEAST_AGAIN else k + _LEAST_AGAIN
        _, found = self.coarse(queries, wider, Selection(among))
        cosines = np.full(found.shape, -1, dtype=np.float32)
        held = found >= 0
        for row, query in enumerate(queries):
            places = self._places(found[row, held[row]])
            cosines[row, held[row]] = self.rows(places) @ query
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        return Neighbours(np.take_along_axis(found, best, 1), np.take_along_axis(cosines, best, 1))

    def coarse(self, queries: FloatArray, k: int, chosen: Selection) -> tuple[FloatArray, NDArray[np.int64]]:
        """What FAISS finds by the compressed vectors alone: cosines and ids (n, k)."""
        asked = faiss.SearchParametersIVF(sel=chosen.selector, nprobe=self.looked_at)  # type: ignore[call-arg]  # as above
        cosines, ids = self._index.search(queries, k, params=asked)
        return cosines, ids

    def _places(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        found = np.searchsorted(self._ids, ids, sorter=self._order)
        return found if self._order is None else self._order[found]


def _cells(count: int) -> int:
    """About two to each square root, so that looking at a share of them stays a matter of milliseconds."""
    return int(2 ** round(np.log2(max(2 * np.sqrt(count), 1))))


def _reach_disk(descriptor: int) -> None:
    os.fsync(descriptor)
