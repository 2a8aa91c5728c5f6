"""Search among many: vectors cut to what tells most, in cells, a byte a number; the best compared again.

The index is mapped, not read, so that opening it takes no time. Beside it lie the vectors themselves in half
precision, by which the best are compared; only those are read.
"""

from __future__ import annotations

import json
import os
import sys
import weakref
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

from crosslingual.index.protocol import Neighbours
from crosslingual.index.selection import Selection
from crosslingual.types import FloatArray

TRAINED = 40
"""Vectors a cell that the cells are fitted to."""
LOOKED_AT = 0.5
"""Share of the cells that are looked at, of ``USUAL`` vectors all of which may be found.

It falls with the square root as there are more, since the nearest are then nearer, and grows to all of them
as fewer may be found.
"""
USUAL = 200_000
AGAIN = 200
"""How many more than are asked for are compared again."""
KEPT = 192
"""Dimensions that are kept, those in which vectors differ most."""
_ROUNDS = 8  # of k-means
_CHUNK = 50_000
_ABOUT, _CELLS, _BASIS = "about.json", "cells.faiss", "basis.f32"
_IDS, _VECTORS = "ids.i64", "vectors.f16"
_MAPPED = (
    0 if sys.platform == "win32" else faiss.IO_FLAG_MMAP
)  # FAISS maps nothing on Windows: it is read there
_seeking = Lock()


class CompressedIndex:
    """A FAISS ``IndexIVFScalarQuantizer`` in a folder, mapped; it does not grow."""

    def __init__(
        self,
        index: faiss.IndexIVF,
        basis: FloatArray,
        ids: NDArray[np.int64],
        vectors: int,
    ) -> None:
        self._index = index
        self._basis = basis
        self._ids = ids
        self._vectors = vectors  # a file's descriptor
        weakref.finalize(self, os.close, vectors)
        self._order = np.argsort(ids) if len(ids) and (np.diff(ids) <= 0).any() else None

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
        basis = _basis(sample)
        dimensions = basis.shape[1]
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
        index.train(np.ascontiguousarray(sample @ basis, dtype=np.float32))
        start = 0
        with (folder / _VECTORS).open("wb") as out:
            for part in parts:
                for chunk in np.array_split(part, max(1, len(part) // _CHUNK)):
                    own = ids[start : start + len(chunk)]
                    index.add_with_ids(np.ascontiguousarray(chunk @ basis, dtype=np.float32), own)
                    out.write(chunk.astype("<f2").tobytes())
                    start += len(chunk)
            _reach_disk(out.fileno())
        (folder / _BASIS).write_bytes(basis.astype("<f4").tobytes())
        (folder / _IDS).write_bytes(ids.astype("<i8").tobytes())
        faiss.write_index(index, str(folder / _CELLS))
        sizes = {name: (folder / name).stat().st_size for name in (_CELLS, _BASIS, _IDS, _VECTORS)}
        (folder / _ABOUT).write_text(
            json.dumps({"dimensions": sample.shape[1], "bytes": sizes}), encoding="ascii"
        )
        for name in (_CELLS, _BASIS, _IDS, _ABOUT):
            with (folder / name).open("rb+") as file:  # Windows lets a writer only
                _reach_disk(file.fileno())

    @classmethod
    def load(cls, folder: Path) -> CompressedIndex | None:
        """The index in ``folder``; None where there is none, or a file of it has not its size."""
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="ascii"))
            # FAISS would read beyond the end of a file that was cut.
            if any((folder / name).stat().st_size != size for name, size in about["bytes"].items()):
                return None
            index = faiss.read_index(str(folder / _CELLS), _MAPPED)
            ids = np.fromfile(folder / _IDS, "<i8")
            basis = np.fromfile(folder / _BASIS, "<f4").reshape(about["dimensions"], -1)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError):
            return None
        if not isinstance(index, faiss.IndexIVF) or index.ntotal != len(ids):
            return None
        return cls(index, basis, ids, os.open(folder / _VECTORS, os.O_RDONLY | getattr(os, "O_BINARY", 0)))

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return len(self._basis)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""
        return self._ids

    def rows(self, places: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``places`` in the order of ``ids``."""
        size = 2 * self.dimensions
        if len(places) and places[-1] - places[0] == len(places) - 1 and (np.diff(places) == 1).all():
            found = _read_at(self._vectors, size * len(places), size * int(places[0]))
        else:
            found = b"".join([_read_at(self._vectors, size, size * place) for place in places.tolist()])
        return np.frombuffer(found, "<f2").reshape(-1, self.dimensions).astype(np.float32)

    def search(self, queries: FloatArray, k: int, among: NDArray[np.bool_] | None = None) -> Neighbours:
        """The ``k`` nearest by cosine for each of ``queries`` (n, d), nearly always.

        With ``among``, only ids i, from 0 on, for which ``among[i]`` holds.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        _, found = self.coarse(self.cut(queries), k + AGAIN, among)
        cosines = np.full(found.shape, -1, dtype=np.float32)
        held = found >= 0
        for row, query in enumerate(queries):
            places = self._places(found[row, held[row]])
            cosines[row, held[row]] = self.rows(places) @ query
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        return Neighbours(np.take_along_axis(found, best, 1), np.take_along_axis(cosines, best, 1))

    def cut(self, queries: FloatArray) -> FloatArray:
        """``queries`` (n, d) in the dimensions that are kept."""
        return np.ascontiguousarray(queries @ self._basis, dtype=np.float32)

    def coarse(
        self, queries: FloatArray, k: int, among: NDArray[np.bool_] | None
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """What FAISS finds by the compressed vectors alone, for ``cut`` queries: cosines and ids (n, k)."""
        chosen = Selection(among)
        able = len(self._ids) if among is None else int(np.count_nonzero(among))
        cells = min(1.0, LOOKED_AT * (USUAL / max(able, 1)) ** 0.5) * self._index.nlist
        asked = faiss.SearchParametersIVF(  # type: ignore[call-arg]  # FAISS wraps it
            sel=chosen.selector, nprobe=max(1, round(cells))
        )
        cosines, ids = self._index.search(queries, k, params=asked)
        return cosines, ids

    def _places(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        found = np.searchsorted(self._ids, ids, sorter=self._order)
        return found if self._order is None else self._order[found]


def _basis(sample: FloatArray) -> FloatArray:
    """(d, k): the directions in which vectors differ most."""
    _, directions = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
    return np.asarray(directions[:, -KEPT:], dtype=np.float32)


def _cells(count: int) -> int:
    """About four to each square root: cells and what lies in those looked at take like time."""
    return int(2 ** round(np.log2(max(4 * np.sqrt(count), 1))))


def _read_at(descriptor: int, size: int, start: int) -> bytes:
    """``size`` bytes from ``start`` on; several threads may do so at once."""
    if sys.platform != "win32":
        return os.pread(descriptor, size, start)
    with _seeking:
        os.lseek(descriptor, start, os.SEEK_SET)
        return os.read(descriptor, size)


def _reach_disk(descriptor: int) -> None:
    os.fsync(descriptor)
