"""Maps of an encoder's space after which translations are nearer to one another than anything else is.

Maps between the spaces of languages go back to Mikolov, Le and Sutskever 2013. These are the same for all
languages and were fitted by contrast (van den Oord, Li and Vinyals 2018): ``scripts/fit_mapping.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from crosslingual.threads import one_thread
from crosslingual.types import FloatArray


@dataclass(frozen=True, slots=True)
class FittedProjection:
    """For encoder ``model``: ``vectors`` (d, d) maps its centred vectors, ``states`` (h, t) its tokens'."""

    model: str
    vectors: FloatArray
    states: FloatArray


@dataclass(frozen=True, slots=True)
class Projections:
    """``vectors`` (d, d) and ``tokens`` (t, t) of one space; None where none was fitted for its encoder."""

    vectors: FloatArray | None = None
    tokens: FloatArray | None = None


@cache
def load_fitted_projection() -> FittedProjection:
    """As ``scripts/fit_mapping.py`` fitted it."""
    with np.load(Path(__file__).with_suffix(".npz"), allow_pickle=False) as saved:
        arrays = (np.asarray(saved[name], np.float32) for name in ("vectors", "states"))
        return FittedProjection(str(saved["model"]), *arrays)


def find_projections(model: str, dimensions: int, basis: FloatArray) -> Projections:
    """The maps of a space: ``model`` is its encoder's key, whose vectors have so many ``dimensions``.

    ``basis`` (h, t) projects its tokens' states. By the encoder's name, not the digest of its files: the same
    weights in another precision are mapped alike.

    Spaces of one encoder differ from machine to machine by a rotation of the basis. So what was fitted is
    of states, and what it makes of tokens is found by the pseudo-inverse.
    """
    fitted = load_fitted_projection()
    sizes = dimensions, len(basis)
    if model.partition("@")[0] != fitted.model or sizes != (len(fitted.vectors), len(fitted.states)):
        return Projections()
    with one_thread():
        return Projections(fitted.vectors, np.asarray(np.linalg.pinv(basis) @ fitted.states, np.float32))
