"""Vector indexes behind one protocol; the only code that imports faiss."""

from crosslingual.index.flat import FlatIndex
from crosslingual.index.protocol import Neighbours, VectorIndex

__all__ = ["FlatIndex", "Neighbours", "VectorIndex"]
