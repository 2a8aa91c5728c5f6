"""Small stand-ins for what takes seconds to load; the real ones are in ``conftest.py``."""

from __future__ import annotations

import numpy as np

from crosslingual.align.space import Space
from crosslingual.align.tokens import TokenSpace


def flat_space(model: str, dimensions: int) -> Space:
    """A space that moves nothing, for vectors and tokens that a test makes."""
    nowhere = np.zeros(dimensions, np.float32)
    tokens = TokenSpace(model, nowhere, np.eye(dimensions, dtype=np.float32), {}, nowhere)
    return Space(model, {}, nowhere, tokens)
