"""Arrays made of a list and an encoder's vectors: made once, kept beside the encoder's space."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.disk import draft
from crosslingual.types import FloatArray


def space_digest(space: Space) -> str:
    """Of what a centred vector depends on beside its text."""
    digest = hashlib.sha256(space.model.encode())
    for means in (space.means, space.tokens.means):
        for lang in sorted(means):
            digest.update(lang.encode() + means[lang].tobytes())
    for array in (space.elsewhere, space.tokens.centre, space.tokens.basis):
        digest.update(array.tobytes())
    return digest.hexdigest()


def kept_arrays(
    name: str, of: object, space: Space, home: Path, make: Callable[[], Mapping[str, FloatArray]]
) -> Mapping[str, FloatArray]:
    """What ``make`` gives for ``space``; from ``home`` where it was made before ``of`` the same.

    ``of`` is all else that it depends on; its ``repr`` counts.
    """
    key = hashlib.sha256(f"{space_digest(space)}\0{of!r}".encode(errors="replace")).hexdigest()
    path = home / "spaces" / f"{name}-{key[:16]}.npz"
    with (
        suppress(Exception),
        np.load(path, allow_pickle=False) as saved,
    ):  # missing, or whatever a damaged file provokes
        return {array: saved[array] for array in saved.files}
    made = make()
    with suppress(OSError):  # derived: what cannot be kept is made again
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft(path) as new, new.open("wb") as out:
            np.savez(out, allow_pickle=False, **made)
    return made
