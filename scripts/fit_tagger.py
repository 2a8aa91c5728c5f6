"""Fit the tagger of names: python scripts/fit_tagger.py FILE… (crosslingual/entities/tagger.npz is written).

Each file is JSON Lines: {"lang", "text", "mentions": [[start, end, kind], …]}, offsets in code points, kinds person,
place and organisation; a mention with a fifth value is left out of the fit. Which files the shipped weights were
fitted to stands in docs/decisions/0024-entities.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from crosslingual.embeddings.encoder import TokenStates
from crosslingual.entities.tagger import KINDS, TAGS, WEIGHTS_PATH, token_features
from crosslingual.model_store import DEFAULT_ENCODER, load_encoder
from crosslingual.settings import data_home

HIDDEN, EPOCHS, BATCH, DROPOUT = 128, 8, 512, 0.35
_SEED = 7
_IGNORED = -100


def token_labels(row: dict[str, Any], tokens: TokenStates) -> NDArray[Any]:
    """The tag (k,) of each token of a labelled sentence."""
    labels = np.zeros(len(tokens.spans), dtype=np.int64)
    for start, end, *rest in row["mentions"]:
        inside = np.flatnonzero((tokens.spans[:, 0] < end) & (tokens.spans[:, 1] > start))
        if len(rest) > 2:
            labels[inside] = _IGNORED
        elif len(inside):
            labels[inside] = TAGS.index(f"I-{rest[0]}")
            labels[inside[0]] = TAGS.index(f"B-{rest[0]}")
    return labels


def count_transitions(labels: list[NDArray[Any]]) -> NDArray[Any]:
    """Logarithms (tags, tags) of how often what follows what, against chance; what cannot be is far below."""
    pairs = np.full((len(TAGS), len(TAGS)), 0.5)
    for own in labels:
        both = (own[:-1] >= 0) & (own[1:] >= 0)
        np.add.at(pairs, (own[:-1][both], own[1:][both]), 1)
    expected = pairs.sum(axis=1, keepdims=True) * pairs.sum(axis=0, keepdims=True) / pairs.sum()
    scores = np.clip(0.3 * np.log(pairs / expected), -3, 3)
    for kind in KINDS:
        allowed = {TAGS.index(f"B-{kind}"), TAGS.index(f"I-{kind}")}
        for before in set(range(len(TAGS))) - allowed:
            scores[before, TAGS.index(f"I-{kind}")] = -1e4
    return np.asarray(scores)


def fit_network(features: NDArray[Any], labels: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Weights of the two layers, by their names in :class:`EntityTagger`."""
    torch.manual_seed(_SEED)
    hidden, output = torch.nn.Linear(features.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, len(TAGS))
    network = torch.nn.Sequential(
        torch.nn.Dropout(DROPOUT / 2), hidden, torch.nn.ReLU(), torch.nn.Dropout(DROPOUT), output
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=2e-3, total_steps=EPOCHS * (len(labels) // BATCH + 1)
    )
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=_IGNORED, label_smoothing=0.02)
    inputs, targets = torch.from_numpy(features), torch.from_numpy(labels)
    for _ in range(EPOCHS):
        for chosen in torch.split(torch.randperm(len(targets)), BATCH):
            optimizer.zero_grad()
            loss_of(network(inputs[chosen].float()), targets[chosen]).backward()
            optimizer.step()
            schedule.step()
    return {
        "hidden": hidden.weight.detach().numpy().T,
        "hidden_bias": hidden.bias.detach().numpy(),
        "output": output.weight.detach().numpy().T,
        "output_bias": output.bias.detach().numpy(),
    }


def fit_tagger(rows: list[dict[str, Any]], tokens: list[TokenStates], model: str) -> dict[str, NDArray[Any]]:
    """All arrays of the tagger, from labelled sentences and their tokens' states."""
    kept = [place for place, own in enumerate(tokens) if len(own.spans)]
    rows, tokens = [rows[place] for place in kept], [tokens[place] for place in kept]
    states = np.concatenate([own.states for own in tokens]).astype(np.float32)
    mean, scale = states.mean(axis=0), states.std(axis=0) + 1e-3
    labels = [token_labels(row, own) for row, own in zip(rows, tokens, strict=True)]
    features = [
        token_features(row["text"], own, mean, scale).astype(np.float16)
        for row, own in zip(rows, tokens, strict=True)
    ]
    fitted = fit_network(np.concatenate(features), np.concatenate(labels))
    fitted |= {"mean": mean, "scale": scale, "transitions": count_transitions(labels)}
    halves = {name: array.astype(np.float16) for name, array in fitted.items() if name != "transitions"}
    return halves | {"transitions": fitted["transitions"].astype(np.float32), "model": np.array(model)}


def main() -> None:
    """Fit to the files that the command line names."""
    rows = [json.loads(line) for path in sys.argv[1:] for line in Path(path).read_text("utf-8").splitlines()]
    encoder = load_encoder(DEFAULT_ENCODER, data_home())
    tokens = encoder.token_states([row["text"] for row in rows])
    np.savez_compressed(WEIGHTS_PATH, **fit_tagger(rows, tokens, encoder.name.partition("@")[0]))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
