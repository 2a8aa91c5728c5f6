"""Vector indexes behind one protocol; the only code that imports faiss."""

from crosslingual.index.compressed import CompressedIndex
from crosslingual.index.flat import FlatIndex
from crosslingual.index.protocol import Neighbours, VectorIndex

__all__ = ["CompressedIndex", "FlatIndex", "Neighbours", "VectorIndex"]
