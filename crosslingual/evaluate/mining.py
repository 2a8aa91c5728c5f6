"""Bitext mining: translations found among unordered sentences, most of which have none.

Gold is one pair a line, two numbers of lines counted from 1, with a tab between, as BUCC has it with ids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.margin import N_NEIGHBORS
from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.scores import Scores
from crosslingual.index import FlatIndex
from crosslingual.types import FloatArray

MIN_MARGIN = 1.15
"""Ratio margin from which a pair counts as a translation: midway between what is best on FLORES zh-en and
ru-en, 600 sentences a side of which 300 have a translation on the other."""

IndexPair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MinedPairs:
    """Pairs of sentences, best first: ``src`` and ``tgt`` (p,) are indices, ``margins`` (p,) ratio margins.

    No sentence stands in two pairs.
    """

    src: NDArray[np.int64]
    tgt: NDArray[np.int64]
    margins: FloatArray

    def pairs_above(self, threshold: float) -> set[IndexPair]:
        """The pairs whose margin is ``threshold`` or more."""
        chosen = self.margins >= threshold
        return set(zip(self.src[chosen].tolist(), self.tgt[chosen].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class MiningScores:
    """``best`` at ``best_threshold``, which gold itself chose; ``shipped`` at ``threshold``."""

    best: Scores
    best_threshold: float
    shipped: Scores
    threshold: float


def mine_pairs(src: FloatArray, tgt: FloatArray, k: int = N_NEIGHBORS) -> MinedPairs:
    """Candidate translations among sentences with vectors ``src`` (n, d) and ``tgt`` (m, d) of length 1.

    Ratio margin over ``k`` nearest neighbours, those of either side as candidates, best first and each
    sentence once ("max" retrieval of Artetxe and Schwenk 2019). Memory grows with (n + m) k.
    """
    if not len(src) or not len(tgt):
        empty = np.zeros(0, dtype=np.int64)
        return MinedPairs(empty, empty, np.zeros(0, dtype=np.float32))
    there = FlatIndex.from_vectors(tgt).search(src, min(k, len(tgt)))
    back = FlatIndex.from_vectors(src).search(tgt, min(k, len(src)))
    # From here on as `margin_scores` has it, with only the neighbours' cosines at hand.
    around_src, around_tgt = there.cosines.mean(axis=1), back.cosines.mean(axis=1)
    rows = np.concatenate([np.repeat(np.arange(len(src)), there.ids.shape[1]), back.ids.ravel()])
    columns = np.concatenate([there.ids.ravel(), np.repeat(np.arange(len(tgt)), back.ids.shape[1])])
    cosines = np.concatenate([there.cosines.ravel(), back.cosines.ravel()])
    margins = cosines / np.maximum((around_src[rows] + around_tgt[columns]) / 2, 1e-6)
    chosen = []
    free_src, free_tgt = np.ones(len(src), dtype=bool), np.ones(len(tgt), dtype=bool)
    for place in np.argsort(-margins, kind="stable"):
        if free_src[rows[place]] and free_tgt[columns[place]]:
            free_src[rows[place]] = free_tgt[columns[place]] = False
            chosen.append(place)
    return MinedPairs(rows[chosen], columns[chosen], np.asarray(margins[chosen], dtype=np.float32))


def score_mining(mined: MinedPairs, gold: set[IndexPair], threshold: float = MIN_MARGIN) -> MiningScores:
    """F1 of the pairs at ``threshold``, and at the threshold that is best for ``gold``."""
    hits = np.cumsum([pair in gold for pair in zip(mined.src.tolist(), mined.tgt.tolist(), strict=True)])
    # Pairs of equal margin stand or fall together.
    last = np.flatnonzero(np.append(mined.margins[1:] != mined.margins[:-1], True)[: len(hits)])
    best, best_threshold = Scores.from_counts(0, 0, len(gold)), float("inf")
    if len(last):
        place = last[np.argmax(2 * hits[last] / (last + 1 + len(gold)))]
        best = Scores.from_counts(int(hits[place]), int(place) + 1, len(gold))
        best_threshold = float(mined.margins[place])
    found = mined.pairs_above(threshold)
    shipped = Scores.from_counts(len(found & gold), len(found), len(gold))
    return MiningScores(best, best_threshold, shipped, threshold)


def read_pairs(path: Path, n_src: int, n_tgt: int) -> set[IndexPair]:
    """Gold pairs, as indices from 0, of files with ``n_src`` and ``n_tgt`` lines.

    Raises:
        InputError: the file cannot be read, or a line is no pair of lines that exist.
    """
    pairs = set()
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"\s*(\d{1,9})\t(\d{1,9})\s*", line, re.ASCII)
        pair = match and (int(match[1]) - 1, int(match[2]) - 1)
        if not pair or not (0 <= pair[0] < n_src and 0 <= pair[1] < n_tgt):
            raise InputError(
                f"{path}:{number}: not two line numbers from 1 to {n_src} and {n_tgt} with a tab between; "
                "mend the line"
            )
        pairs.add(pair)
    return pairs
