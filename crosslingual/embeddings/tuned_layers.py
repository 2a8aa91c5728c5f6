"""Layers of an encoder that were tuned to tell which sentences say the same thing.

They branch off its network: what its lower layers make of a sentence goes on through its own upper layers,
for the sentence's vector, and through these. Shipped is how far they are from the encoder's own, in eight
bits: ``scripts/fit_judge.py``.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

WEIGHTS_PATH = Path(__file__).with_suffix(".npz")
MAX_TOKENS = 96
"""Tokens of a sentence that are looked at, the prompt's included; what is beyond counts for nothing."""


@dataclass(frozen=True)
class TunedLayers:
    """Tuned layers ``first_layer`` … ``end_layer`` of the encoder ``model`` (a name without its digest).

    ``deltas`` are of each parameter, by its name within these layers: whole numbers (r, c) and what each row
    is to be multiplied with (r,).
    """

    model: str
    first_layer: int
    end_layer: int
    digest: str
    deltas: dict[str, tuple[NDArray[np.int8], NDArray[np.float32]]]

    def apply_to(self, layers: Any) -> torch.nn.ModuleList:
        """The tuned layers, from those of the encoder's network."""
        import torch

        tuned = torch.nn.ModuleList(deepcopy(layers[self.first_layer : self.end_layer]))
        with torch.no_grad():
            for name, parameter in tuned.named_parameters():
                levels, scales = self.deltas[name]
                moved = (levels.astype(np.float32) * scales[:, None]).reshape(tuple(parameter.shape))
                parameter.copy_((parameter.float() + torch.from_numpy(moved)).to(parameter.dtype))
        return tuned


@cache
def load_tuned_layers() -> TunedLayers:
    """As ``scripts/fit_judge.py`` fitted them."""
    content = WEIGHTS_PATH.read_bytes()
    with np.load(WEIGHTS_PATH, allow_pickle=False) as saved:
        names = [name.removeprefix("levels.") for name in saved.files if name.startswith("levels.")]
        deltas = {
            name: (saved[f"levels.{name}"], saved[f"scales.{name}"].astype(np.float32)) for name in names
        }
        first, end = (int(one) for one in saved["layers"])
        return TunedLayers(str(saved["model"]), first, end, hashlib.sha256(content).hexdigest()[:12], deltas)


def find_tuned_layers(model: str) -> TunedLayers | None:
    """The tuned layers of the encoder with the key ``model``; None where none are shipped.

    By the encoder's name, not the digest of its files: the same weights in another precision are tuned alike.
    """
    layers = load_tuned_layers()
    return layers if model.partition("@")[0] == layers.model else None
