"""Search among many: vectors cut to what tells most, in cells, a byte a number; the best compared again.

The index is mapped. Beside it lie the vectors themselves in half precision, by which the best are compared; only
those are read. Every byte has a checksum: of all files but the vectors it is looked at when the index is opened, of a
vector when that is read.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import weakref
import zlib
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

from crosslingual.index.protocol import DamagedIndexError, Neighbors
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
_BYTES_PER_READ = 2**20
_MANIFEST_FILE, _CELLS_FILE, _BASIS_FILE = "about.json", "cells.faiss", "basis.f32"
_IDS_FILE, _VECTORS_FILE, _VECTOR_SUMS_FILE = "ids.i64", "vectors.f16", "vectors.crc32"
_SUMMED_FILES = (_CELLS_FILE, _BASIS_FILE, _IDS_FILE, _VECTOR_SUMS_FILE)
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
        vector_sums: NDArray[np.uint32],
    ) -> None:
        self._index = index
        self._basis = basis
        self._ids = ids
        self._vector_sums = vector_sums
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

        Raises:
            OSError: the disk is full or cannot be written.
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
        vector_sums = np.zeros(len(ids), dtype="<u4")
        with (folder / _VECTORS_FILE).open("wb") as out:
            for part in parts:
                for chunk in np.array_split(part, max(1, len(part) // _VECTORS_PER_CHUNK)):
                    here = slice(start, start + len(chunk))
                    index.add_with_ids(np.ascontiguousarray(chunk @ basis, dtype=np.float32), ids[here])
                    halves = chunk.astype("<f2")
                    out.write(halves.tobytes())
                    vector_sums[here] = _sum_rows(halves)
                    start += len(chunk)
        (folder / _VECTOR_SUMS_FILE).write_bytes(vector_sums.tobytes())
        (folder / _BASIS_FILE).write_bytes(basis.astype("<f4").tobytes())
        (folder / _IDS_FILE).write_bytes(ids.astype("<i8").tobytes())
        try:
            faiss.write_index(index, str(folder / _CELLS_FILE))
        except RuntimeError as error:
            raise OSError(errno.EIO, f"{_CELLS_FILE} could not be written") from error
        content = {
            "dimensions": sample.shape[1],
            "vector_bytes": (folder / _VECTORS_FILE).stat().st_size,
            "crc32": {name: _sum_file(folder / name) for name in _SUMMED_FILES},
        }
        (folder / _MANIFEST_FILE).write_text(json.dumps(content), encoding="ascii")

    @classmethod
    def load(cls, folder: Path) -> CompressedIndex | None:
        """The index in ``folder``; None where there is none, or a file of it is not as it was written."""
        try:
            about = json.loads((folder / _MANIFEST_FILE).read_text(encoding="ascii"))
            # FAISS believes what a damaged file says: it would read beyond its end, or take all memory.
            if (folder / _VECTORS_FILE).stat().st_size != about["vector_bytes"] or any(
                _sum_file(folder / name) != about["crc32"][name] for name in _SUMMED_FILES
            ):
                return None
            index = faiss.read_index(str(folder / _CELLS_FILE), _READ_FLAGS)
            ids = np.fromfile(folder / _IDS_FILE, "<i8")
            basis = np.fromfile(folder / _BASIS_FILE, "<f4").reshape(about["dimensions"], -1)
            vector_sums = np.fromfile(folder / _VECTOR_SUMS_FILE, "<u4")
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError):
            return None
        if not isinstance(index, faiss.IndexIVF) or index.ntotal != len(ids):
            return None
        vectors = os.open(folder / _VECTORS_FILE, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        return cls(index, basis, ids, vectors, vector_sums)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return len(self._basis)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""
        return self._ids

    def vectors_at(self, positions: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``positions`` in the order of ``ids``.

        Raises:
            DamagedIndexError: one of them is not as it was written.
        """
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
        if len(found) != size * len(positions):
            raise DamagedIndexError("a file of vectors was cut")
        halves = np.frombuffer(found, "<f2").reshape(-1, self.dimensions)
        if (_sum_rows(halves) != self._vector_sums[positions]).any():
            raise DamagedIndexError("vectors are not as they were written")
        return halves.astype(np.float32)

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


def _sum_rows(halves: NDArray[np.float16]) -> NDArray[np.uint32]:
    """(n,) the CRC-32 of each of n vectors."""
    return np.array([zlib.crc32(row) for row in halves], dtype=np.uint32)


def _sum_file(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(_BYTES_PER_READ):
            total = zlib.crc32(chunk, total)
    return total
