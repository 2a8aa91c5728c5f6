"""Speed of the encoder against plain float32 ``SentenceTransformer.encode``: the same texts, one run.

    python bench/encode.py [FILE...]

FILES hold a sentence a line; without any, the sentences of the demo corpus. The two take turns, three
times, and the best of each counts. The last line is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from crosslingual.embeddings.model_loading import load_model
from crosslingual.language.sentences import sentence_spans
from crosslingual.model_store import DEFAULT_ENCODER, install_model, load_encoder
from crosslingual.readers import read_files
from crosslingual.readers.record import Record
from crosslingual.settings import data_home
from crosslingual.types import FloatArray

DEMO = Path(__file__).parent.parent / "corpora" / "demo"
ROUNDS = 3


def lines(files: list[Path]) -> list[str]:
    found = [line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line]


def demo() -> list[str]:
    records = [item for item in read_files([DEMO]) if isinstance(item, Record)]
    return [
        record.text[slice(*span)] for record in records for span in sentence_spans(record.text, record.lang)
    ]


def timed(encode: Callable[[list[str]], FloatArray], texts: list[str]) -> tuple[float, FloatArray]:
    start = time.perf_counter()
    vectors = encode(texts)
    return time.perf_counter() - start, vectors


def main(files: list[Path]) -> None:
    texts = lines(files) if files else demo()
    model = load_model(install_model(DEFAULT_ENCODER, data_home()).path, torch.float32)
    ours = load_encoder(DEFAULT_ENCODER, data_home()).encode

    def plain(texts: list[str]) -> FloatArray:
        return np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float32)

    for encode in (plain, ours):  # the first call of each is slower
        encode(texts[:64])
    rounds = [(timed(plain, texts), timed(ours, texts)) for _ in range(ROUNDS)]
    slow, fast = (min(took for took, _ in side) for side in zip(*rounds, strict=True))
    (_, theirs), (_, vectors) = rounds[0]
    cosine = float((theirs * vectors).sum(axis=1).min())
    print(f"{len(texts)} sentences, {torch.get_num_threads()} threads")
    print(f"plain float32  {len(texts) / slow:6.0f} sentences/s")
    print(f"crosslingual   {len(texts) / fast:6.0f} sentences/s, {slow / fast:.2f} times as many")
    print(f"smallest cosine between the two  {cosine:.5f}")
    figures = {"plain": len(texts) / slow, "ours": len(texts) / fast, "ratio": slow / fast, "cosine": cosine}
    print(json.dumps({"sentences": len(texts)} | {name: round(value, 5) for name, value in figures.items()}))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
