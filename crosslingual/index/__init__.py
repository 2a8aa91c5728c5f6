"""Vector indexes behind one protocol; the only code that imports faiss."""

from crosslingual.index.compressed import CompressedIndex
from crosslingual.index.flat import FlatIndex
from crosslingual.index.protocol import DamagedIndexError, Neighbors, VectorIndex

__all__ = ["CompressedIndex", "DamagedIndexError", "FlatIndex", "Neighbors", "VectorIndex"]
