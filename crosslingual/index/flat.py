"""Exact search: every vector is compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from crosslingual.files import atomic_write
from crosslingual.index.protocol import Neighbors
from crosslingual.index.selection import IdSelection
from crosslingual.types import FloatArray

_DIGEST_BYTES = hashlib.sha256().digest_size


class FlatIndex:
    """An exact inner-product index of ``dimensions`` (FAISS ``IndexIDMap`` over ``IndexFlatIP``)."""

    def __init__(self, dimensions: int) -> None:
        self._index = faiss.IndexIDMap(faiss.IndexFlatIP(dimensions))

    @classmethod
    def from_vectors(cls, vectors: FloatArray) -> FlatIndex:
        """An index of ``all_vectors`` (n, d) under the ids 0 … n - 1."""
        index = cls(vectors.shape[1])
        index.add(np.arange(len(vectors), dtype=np.int64), vectors)
        return index

    @classmethod
    def load(cls, path: Path) -> FlatIndex | None:
        """The index saved at ``path``; None where there is none that can be read."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        # FAISS believes whatever sizes a damaged file states, and may take all memory for them.
        body = content[:-_DIGEST_BYTES]
        if hashlib.sha256(body).digest() != content[-_DIGEST_BYTES:]:
            return None
        loaded = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
        if not isinstance(loaded, faiss.IndexIDMap):
            return None
        index = cls(loaded.d)
        index._index = loaded
        return index

    def save(self, path: Path) -> None:
        """Write to ``path``, whole or not at all: a FAISS file, followed by the digest of its bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        body = faiss.serialize_index(self._index).tobytes()
        with atomic_write(path) as new:
            new.write_bytes(body + hashlib.sha256(body).digest())

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids held, in the order they were added."""
        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, ids: NDArray[np.int64], vectors: FloatArray) -> None:
        """Add n ``all_vectors`` (n, d) under ``ids`` (n,)."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)

    def all_vectors(self) -> FloatArray:
        """All vectors (n, d), in the order of ``ids``."""
        flat = faiss.downcast_index(self._index.index)
        return np.asarray(flat.reconstruct_n(0, flat.ntotal), dtype=np.float32).reshape(-1, flat.d)

    def vectors_at(self, positions: NDArray[np.intp]) -> FloatArray:
        """The vectors (n, d) at n ``positions`` in the order of ``ids``."""
        flat = faiss.downcast_index(self._index.index)
        return np.asarray(flat.reconstruct_batch(positions), dtype=np.float32)

    def search(self, queries: FloatArray, k: int, id_mask: NDArray[np.bool_] | None = None) -> Neighbors:
        """The ``k`` nearest by cosine for each of ``queries`` (n, d).

        With ``id_mask``, only ids i, from 0 on, for which ``id_mask[i]`` holds.
        """
        chosen = IdSelection(id_mask)
        asked = None
        if chosen.selector:
            asked = faiss.SearchParameters(sel=chosen.selector)  # type: ignore[call-arg]  # FAISS wraps it
        cosines, ids = self._index.search(np.ascontiguousarray(queries, dtype=np.float32), k, params=asked)
        return Neighbors(ids, np.where(ids < 0, np.float32(-1), cosines))
