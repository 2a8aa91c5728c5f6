"""Which ids of an index may be found."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray


class IdSelection:
    """What FAISS asks for each id; ``selector`` is None where all may be found.

    FAISS keeps a bare address of the bits: this object has to live as long as a search that uses it.
    """

    def __init__(self, id_mask: NDArray[np.bool_] | None) -> None:
        """Those ids i, from 0 on, for which ``id_mask[i]`` holds."""
        self.selector: faiss.IDSelector | None = None
        if id_mask is not None:
            self._bits = np.packbits(id_mask, bitorder="little") if len(id_mask) else np.zeros(1, np.uint8)
            self.selector = faiss.IDSelectorBitmap(len(self._bits), faiss.swig_ptr(self._bits))
