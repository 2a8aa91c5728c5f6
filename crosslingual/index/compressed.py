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

from crosslingual.index.protocol import Neighbors
from crosslingual.index.selection import IdSelection
from crosslingual.types import FloatArray

TRAINING_VECTORS_PER_CELL = 40
"""Vectors a cell that the cells are fitted to."""
PROBED_CELL_SHARE = 0.5
"""Share of the cells that are looked at, of ``REFERENCE_SIZE`` vectors all of which may be found.

It falls with the square root as there are more, since the nearest are then nearer, and grows to all of them
as fewer may be found.
"""
REFERENCE_SIZE = 200_000
EXTRA_CANDIDATES = 200
"""How many more than are asked for are compared again."""
MAX_DIMENSIONS = 192
"""Dimensions that are kept, those in which vectors differ most."""
_KMEANS_ITERATIONS = 8  # of k-means
_VECTORS_PER_CHUNK = 50_000
_MANIFEST_FILE, _CELLS_FILE, _BASIS_FILE = "about.json", "cells.faiss", "basis.f32"
_IDS_FILE, _VECTORS_FILE = "ids.i64", "vectors.f16"
_READ_FLAGS = (
    0 if sys.platform == "win32" else faiss.IO_FLAG_MMAP
)  # FAISS maps nothing on Windows: it is read there
_seek_lock = Lock()


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
        self._vectors_descriptor = vectors  # a file's descriptor
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
        basis = _fit_basis(sample)
        dimensions = basis.shape[1]
        cells = _count_cells(len(ids))
        quantizer = faiss.IndexFlatIP(dimensions)
        index = faiss.IndexIVFScalarQuantizer(
            quantizer,
            dimensions,
            cells,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            False,  # noqa: FBT003  # FAISS' own order; residuals cost time and gain nothing here
        )
        index.cp.niter = _KMEANS_ITERATIONS
        index.cp.min_points_per_centroid = 1
        index.cp.max_points_per_centroid = TRAINING_VECTORS_PER_CELL
        index.train(np.ascontiguousarray(sample @ basis, dtype=np.float32))
        start = 0
        with (folder / _VECTORS_FILE).open("wb") as out:
            for part in parts:
                for chunk in np.array_split(part, max(1, len(part) // _VECTORS_PER_CHUNK)):
                    own = ids[start : start + len(chunk)]
                    index.add_with_ids(np.ascontiguousarray(chunk @ basis, dtype=np.float32), own)
                    out.write(chunk.astype("<f2").tobytes())
                    start += len(chunk)
            _sync_to_disk(out.fileno())
        (folder / _BASIS_FILE).write_bytes(basis.astype("<f4").tobytes())
        (folder / _IDS_FILE).write_bytes(ids.astype("<i8").tobytes())
        faiss.write_index(index, str(folder / _CELLS_FILE))
        sizes = {
            name: (folder / name).stat().st_size
            for name in (_CELLS_FILE, _BASIS_FILE, _IDS_FILE, _VECTORS_FILE)
        }
        (folder / _MANIFEST_FILE).write_text(
            json.dumps({"dimensions": sample.shape[1], "bytes": sizes}), encoding="ascii"
        )
        for name in (_CELLS_FILE, _BASIS_FILE, _IDS_FILE, _MANIFEST_FILE):
            with (folder / name).open("rb+") as file:  # Windows lets a writer only
                _sync_to_disk(file.fileno())

    @classmethod
    def load(cls, folder: Path) -> CompressedIndex | None:
        """The index in ``folder``; None where there is none, or a file of it has not its size."""
        try:
            about = json.loads((folder / _MANIFEST_FILE).read_text(encoding="ascii"))
            # FAISS would read beyond the end of a file that was cut.
            if any((folder / name).stat().st_size != size for name, size in about["bytes"].items()):
                return None
            index = faiss.read_index(str(folder / _CELLS_FILE), _READ_FLAGS)
            ids = np.fromfile(folder / _IDS_FILE, "<i8")
            basis = np.fromfile(folder / _BASIS_FILE, "<f4").reshape(about["dimensions"], -1)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError):
            return None
        if not isinstance(index, faiss.IndexIVF) or index.ntotal != len(ids):
            return None
        return cls(
            index, basis, ids, os.open(folder / _VECTORS_FILE, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        )

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return len(self._basis)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""
        return self._ids

    def vectors_at(self, positions: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``positions`` in the order of ``ids``."""
        size = 2 * self.dimensions
        if (
            len(positions)
            and positions[-1] - positions[0] == len(positions) - 1
            and (np.diff(positions) == 1).all()
        ):
            found = _read_at(self._vectors_descriptor, size * len(positions), size * int(positions[0]))
        else:
            found = b"".join(
                [_read_at(self._vectors_descriptor, size, size * place) for place in positions.tolist()]
            )
        return np.frombuffer(found, "<f2").reshape(-1, self.dimensions).astype(np.float32)

    def search(self, queries: FloatArray, k: int, id_mask: NDArray[np.bool_] | None = None) -> Neighbors:
        """The ``k`` nearest by cosine for each of ``queries`` (n, d), nearly always.

        With ``id_mask``, only ids i, from 0 on, for which ``id_mask[i]`` holds.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        _, found = self.search_coarse(self.reduce_dimensions(queries), k + EXTRA_CANDIDATES, id_mask)
        cosines = np.full(found.shape, -1, dtype=np.float32)
        held = found >= 0
        for row, query in enumerate(queries):
            places = self._positions_of(found[row, held[row]])
            cosines[row, held[row]] = self.vectors_at(places) @ query
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        return Neighbors(np.take_along_axis(found, best, 1), np.take_along_axis(cosines, best, 1))

    def reduce_dimensions(self, queries: FloatArray) -> FloatArray:
        """``queries`` (n, d) in the dimensions that are kept."""
        return np.ascontiguousarray(queries @ self._basis, dtype=np.float32)

    def search_coarse(
        self, queries: FloatArray, k: int, id_mask: NDArray[np.bool_] | None
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """What FAISS finds by compressed vectors alone, for ``reduce_dimensions`` queries: cosines and ids (n, k)."""
        chosen = IdSelection(id_mask)
        able = len(self._ids) if id_mask is None else int(np.count_nonzero(id_mask))
        cells = min(1.0, PROBED_CELL_SHARE * (REFERENCE_SIZE / max(able, 1)) ** 0.5) * self._index.nlist
        asked = faiss.SearchParametersIVF(  # type: ignore[call-arg]  # FAISS wraps it
            sel=chosen.selector, nprobe=max(1, round(cells))
        )
        cosines, ids = self._index.search(queries, k, params=asked)
        return cosines, ids

    def _positions_of(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        found = np.searchsorted(self._ids, ids, sorter=self._order)
        return found if self._order is None else self._order[found]


def _fit_basis(sample: FloatArray) -> FloatArray:
    """(d, k): the directions in which vectors differ most."""
    _, directions = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
    return np.asarray(directions[:, -MAX_DIMENSIONS:], dtype=np.float32)


def _count_cells(n_vectors: int) -> int:
    """About four to each square root: cells and what lies in those looked at take like time."""
    return int(2 ** round(np.log2(max(4 * np.sqrt(n_vectors), 1))))


def _read_at(descriptor: int, size: int, start: int) -> bytes:
    """``size`` bytes from ``start`` on; several threads may do so at once."""
    if sys.platform != "win32":
        return os.pread(descriptor, size, start)
    with _seek_lock:
        os.lseek(descriptor, start, os.SEEK_SET)
        return os.read(descriptor, size)


def _sync_to_disk(descriptor: int) -> None:
    os.fsync(descriptor)
