"""Arrays made of a list and an encoder's vectors: made once, kept beside the encoder's space."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.files import save_arrays
from crosslingual.types import FloatArray


def space_digest(space: Space) -> str:
    """Of what a centred vector depends on beside its text."""
    digest = hashlib.sha256(space.model.encode())
    for means in (space.language_means, space.tokens.language_means):
        for lang in sorted(means):
            digest.update(lang.encode() + means[lang].tobytes())
    for array in (space.default_mean, space.tokens.center, space.tokens.basis):
        digest.update(array.tobytes())
    return digest.hexdigest()


def cached_arrays(
    name: str,
    depends_on: object,
    space: Space,
    home: Path,
    build_arrays: Callable[[], Mapping[str, FloatArray]],
) -> Mapping[str, FloatArray]:
    """What ``build_arrays`` gives for ``space``; from ``home`` where it was made before ``depends_on`` the same.

    ``depends_on`` is all else that it depends on; its ``repr`` counts.
    """
    key = hashlib.sha256(f"{space_digest(space)}\0{depends_on!r}".encode(errors="replace")).hexdigest()
    path = home / "spaces" / f"{name}-{key[:16]}.npz"
    with (
        suppress(Exception),
        np.load(path, allow_pickle=False) as saved,
    ):  # missing, or whatever a damaged file provokes
        return {array: saved[array] for array in saved.files}
    made = build_arrays()
    with suppress(OSError):  # derived: what cannot be kept is made again
        save_arrays(path, made)
    return made
