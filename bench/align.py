"""Time and memory of the order-keeping alignment of two translations, on vectors made up here.

    python bench/align.py [SENTENCES...]

For each number n of sentences (1,000 to 50,000 when none is given) a text of n is aligned with one of 1.2 n
in which sentences are split, joined, left out and added, with some 16 and 14 tokens a sentence. Each runs in
a process of its own; memory is its peak less what it held with the vectors ready. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

from crosslingual.align.beads import MAX_SIDE_SENTENCES, Overlaps
from crosslingual.align.translation import align_overlaps
from crosslingual.embeddings.token_states import MAX_DIMENSIONS as TOKEN_DIMENSIONS
from crosslingual.embeddings.token_states import TokenVectors, normalize_rows
from crosslingual.types import FloatArray

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
DIMENSIONS = 384
TOKENS = 13  # of a unit of meaning


def texts(n: int) -> tuple[Overlaps, Overlaps]:
    """Units of meaning, and two ways to cut them into sentences; about n and 1.2 n of them."""
    chance = np.random.default_rng(n)
    meaning = chance.standard_normal((int(1.25 * n), DIMENSIONS), dtype=np.float32)
    tokens = chance.standard_normal((len(meaning), TOKENS, TOKEN_DIMENSIONS), dtype=np.float32)
    return tuple(  # type: ignore[return-value]  # of two
        _told(meaning, tokens, chance, size) for size in (n, int(1.2 * n))
    )


def _told(meaning: FloatArray, tokens: FloatArray, chance: np.random.Generator, size: int) -> Overlaps:
    ends = np.append(
        np.sort(chance.choice(np.arange(1, len(meaning)), size - 1, replace=False)), len(meaning)
    )
    sums = np.concatenate([np.zeros((1, DIMENSIONS), np.float32), np.cumsum(meaning, axis=0)])
    starts = np.append(0, ends[:-1])
    runs = []
    for depth in range(1, MAX_SIDE_SENTENCES + 1):
        vectors = sums[ends[depth - 1 :]] - sums[starts[: size - depth + 1]]
        vectors += 0.8 * np.sqrt(depth) * chance.standard_normal(vectors.shape, dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        runs.append(vectors)
    sentences = []
    for start, end in zip(starts, ends, strict=True):
        own = tokens[start:end].reshape(-1, TOKEN_DIMENSIONS)
        noise = chance.standard_normal(own.shape, dtype=np.float32)
        sentences.append(TokenVectors(normalize_rows(own + noise), np.full(len(own), 4, dtype=np.float32)))
    return Overlaps(tuple(runs), 40 * (ends - starts), sentences)


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(n: int) -> dict[str, float]:
    src, tgt = texts(n)
    align_overlaps(*texts(50))  # what is loaded at the first call is not counted
    before, start = peak(), time.perf_counter()
    alignments = align_overlaps(src, tgt)
    seconds = time.perf_counter() - start
    pairs = sum(bool(alignment.src and alignment.tgt) for alignment in alignments)
    return {
        "src": len(src),
        "tgt": len(tgt),
        "seconds": round(seconds, 2),
        "megabytes": round(peak() - before),
        "beads": pairs,
    }


def main(sizes: list[int]) -> None:
    rows = []
    for n in sizes:
        command = [sys.executable, __file__, "--one", str(n)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(row)
        each = 1e6 * row["seconds"] / (row["src"] + row["tgt"])
        print(
            f"{row['src']:>7,} x {row['tgt']:>7,}  {row['seconds']:7.2f} s  "
            f"{each:6.0f} microseconds a sentence  {row['megabytes']:5.0f} MB",
            flush=True,
        )
    print(json.dumps(rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
