"""Make what ``scripts/fit_judge.py`` reached into the files that are shipped.

Example: python scripts/ship_judge.py MODEL a.pt b.pt

The parameters of several checkpoints, fitted to different folds, are averaged (Wortsman et al. 2022). Layers
are written as how far they are from those of the encoder in folder MODEL, in eight bits:
``crosslingual/embeddings/tuned_layers.npz``. The rest is small: ``crosslingual/align/judge.npz``.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray

from crosslingual.align import judge
from crosslingual.embeddings import tuned_layers

LANGUAGES = ("zh", "ru", "en", "de", "fr", "uk")


def eight_bits(delta: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows of whole numbers, and what each is to be multiplied with."""
    rows = delta.reshape(len(delta), -1) if delta.ndim > 1 else delta[None]
    scales = np.maximum(np.abs(rows).max(axis=1) / 127, 1e-7)
    return np.clip(np.rint(rows / scales[:, None]), -127, 127).astype(np.int8), scales


@click.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True))
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def main(model: Path, checkpoints: tuple[Path, ...]) -> None:
    """Average the checkpoints and write both files."""
    from transformers import AutoModel

    told = [torch.load(path) for path in checkpoints]
    state = {
        name: np.mean([one["state"][name].float().numpy() for one in told], axis=0)
        for name in told[0]["state"]
    }
    cut, top = told[0]["cut"], told[0]["top"]
    layers = AutoModel.from_pretrained(model).encoder.layer[cut:top]
    arrays: dict[str, NDArray[np.generic]] = {
        "model": np.array(model.name),
        "layers": np.array([cut, top]),
    }
    for name, parameter in layers.named_parameters():
        levels, scales = eight_bits(state[f"upper.{name}"] - parameter.detach().float().numpy())
        arrays |= {f"levels.{name}": levels, f"scales.{name}": scales}
    np.savez_compressed(tuned_layers.WEIGHTS_PATH, **arrays)  # type: ignore[arg-type]  # numpy's own gap

    basis = np.concatenate([state["project.weight"], state["weigh.0.weight"]]).T
    pool = state["pool.weight"].T
    centre = state["mean"].mean(axis=0)
    head: dict[str, NDArray[np.float32]] = {"centre": centre, "basis": basis, "pool": pool}
    for number, lang in enumerate(LANGUAGES):
        head[f"mean/{lang}"] = (state["mean"][number] - centre) @ basis
        head[f"pooled/{lang}"] = (state["pooled_mean"][number] - centre) @ pool
    for name in ("weigh.0.bias", "weigh.2.weight", "weigh.2.bias", "linear.weight", "linear.bias"):
        head[f"layer/{name}"] = state[name]
    for name in ("mixed.0.weight", "mixed.0.bias", "mixed.2.weight", "mixed.2.bias"):
        head[f"layer/{name}"] = state[name]
    np.savez_compressed(judge.WEIGHTS_PATH, **{name: one.astype(np.float32) for name, one in head.items()})  # type: ignore[arg-type]
    print({path.name: path.stat().st_size for path in (tuned_layers.WEIGHTS_PATH, judge.WEIGHTS_PATH)})


if __name__ == "__main__":
    main()
