"""Fit the weights of ``crosslingual/align/translation.py`` and print them.

Example: python scripts/fit_translation.py --fit zh en mac/src/001 mac/tgt/001 mac/gold/001.align
--fit de fr dev.de dev.fr dev.defr --held-out zh en mac/src/002 mac/tgt/002 mac/gold/002.align

Files are in the format of ``crosslingual evaluate alignment``. The weights are those of a conditional random
field whose paths are alignments (Lafferty, McCallum and Pereira 2001): the likelihood of gold among all
paths of the corridor is maximised, with a penalty on the squares of the weights. Beads of gold that cross
others, are not of neighbouring sentences or are larger than ours count as gaps.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from crosslingual.align import translation
from crosslingual.align.beads import BeadFeatures, Overlaps, TokenFeatures, VectorFeatures, shape_features
from crosslingual.align.path import BeadShape, Corridor, split_rows
from crosslingual.align.space import load_space
from crosslingual.align.translation import (
    SENTENCES_PER_BLOCK,
    BeadWeights,
    align_overlaps,
    encode_overlaps,
    sketch_corridor,
)
from crosslingual.evaluate.alignment import Bitext, bead_sides, read_bitext, score_alignments
from crosslingual.model_store import load_encoder
from crosslingual.settings import Settings

NEVER = -1e6
PIECE = 40  # sentences a side at which a text is cut, between two beads of gold
PENALTY = 1.0  # on features scaled to a variance of 1
INTERACTING = 4  # features, the first, that may count differently in larger beads
Text = tuple[str, Overlaps, Overlaps, Bitext]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A stretch of two texts of n and m sentences that gold aligns with each other.

    ``cells`` (c, 3) are the bead, row and column of all beads of the corridor, ``features`` (c, p) what the
    parameters weigh, ``inside`` (n + 1, m + 1) the corridor, ``gold`` the steps.
    """

    cells: NDArray[np.int64]
    features: NDArray[np.float32]
    inside: NDArray[np.bool_]
    gold: list[BeadShape]


def steps(gold: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], n: int, m: int) -> list[BeadShape]:
    """Gold from corner to corner."""
    found: list[BeadShape] = []
    i = j = 0
    for src, tgt in sorted(bead for bead in gold if all(bead)):
        whole = all(side == tuple(range(side[0], side[-1] + 1)) for side in (src, tgt))
        if whole and src[0] >= i and tgt[0] >= j:
            found += [(1, 0)] * (src[0] - i) + [(0, 1)] * (tgt[0] - j) + [(len(src), len(tgt))]
            i, j = src[-1] + 1, tgt[-1] + 1
    return found + [(1, 0)] * (n - i) + [(0, 1)] * (m - j)


def weighed(features: BeadFeatures, corridor: Corridor) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The cells of a text and what the parameters weigh there; see ``Piece``."""
    shapes = shape_features(features.beads)
    sizes = np.asarray(features.beads)
    cells, rows_of = [], []
    for start, stop in split_rows(corridor, len(features.beads), SENTENCES_PER_BLOCK):
        left = int(corridor.low[start])
        found = features(slice(start, stop), slice(left, int(corridor.high[stop - 1]) + 1))
        bead, row, column = np.indices((found.shape[0], *found.shape[2:]))
        i, j = row + start, column + left
        in_use = (j >= corridor.low[i]) & (j <= corridor.high[i])
        in_use &= (i >= sizes[bead, 0]) & (j >= sizes[bead, 1])
        own = found.transpose(0, 2, 3, 1)[in_use]
        shape = shapes[bead[in_use]]
        cells.append(np.stack([bead[in_use], i[in_use], j[in_use]], axis=1))
        rows_of.append(np.hstack([shape, own, own[:, :INTERACTING] * shape[:, 1:2]]))
    return np.concatenate(cells), np.concatenate(rows_of)


def pieces(features: BeadFeatures, corridor: Corridor, bitext: Bitext) -> list[Piece]:
    """A text, cut between beads of gold."""
    cells, rows = weighed(features, corridor)
    n, m = len(bitext.src), len(bitext.tgt)
    sizes = np.asarray(features.beads)
    path = steps(bitext.gold, n, m)
    found, own = [], []
    top = left = i = j = 0
    for a, b in path:
        own.append((a, b))
        i, j = i + a, j + b
        if (min(i - top, j - left) >= PIECE or (i, j) == (n, m)) and i > top and j > left:
            begin = cells[:, 1:] - sizes[cells[:, 0]]
            chosen = (begin >= (top, left)).all(axis=1) & (cells[:, 1:] <= (i, j)).all(axis=1)
            places, columns = np.arange(top, i + 1), np.arange(left, j + 1)
            inside = (corridor.low[places, None] <= columns) & (columns <= corridor.high[places, None])
            inside[0, 0] = inside[-1, -1] = True
            found.append(Piece(cells[chosen] - (0, top, left), rows[chosen], inside, own))
            own, top, left = [], i, j
    return found


class Field:
    """All pieces at once, padded to one size."""

    def __init__(self, parts: Sequence[Piece], beads: Sequence[BeadShape]) -> None:
        self.beads = list(beads)
        self.goals = np.array([[size - 1 for size in part.inside.shape] for part in parts])
        height, width = self.goals.max(axis=0) + 1
        self.shape = (len(parts), height, len(beads), width)
        self.inside = np.zeros((len(parts), height, width), dtype=bool)
        cells = []
        self.gaps = 0
        gold = []
        for place, part in enumerate(parts):
            self.inside[place, : part.inside.shape[0], : part.inside.shape[1]] = part.inside
            bead, row, column = part.cells.T
            cells.append(np.ravel_multi_index((np.full(len(bead), place), row, bead, column), self.shape))
            known = {tuple(cell): number for number, cell in enumerate(part.cells.tolist())}
            i = j = 0
            for a, b in part.gold:
                i, j = i + a, j + b
                number = known.get((self.beads.index((a, b)), i, j)) if (a, b) in self.beads else None
                if number is None:
                    self.gaps += a + b
                else:
                    gold.append(part.features[number])
        self.cells = np.concatenate(cells)
        self.features = np.concatenate([part.features for part in parts])
        self.gold = np.sum(gold, axis=0, dtype=np.float64)
        self.steps = sum(len(part.gold) for part in parts)

    def expected(self, weights: Doubles, gap: float) -> tuple[float, Doubles, float]:
        """The sum of log Z, and the features and gaps that are to be expected."""
        scores = np.full(int(np.prod(self.shape)), NEVER)
        scores[self.cells] = self.features @ weights
        scores = scores.reshape(self.shape)
        count, height, _, width = self.shape
        before = np.full((count, height, width), NEVER)
        ramp = np.arange(width) * gap
        for i in range(height):
            ways = [np.full((count, width), NEVER)]
            ways[0][:, 0] = 0 if i == 0 else NEVER
            if i:
                ways.append(before[:, i - 1] + gap)
            for k, (a, b) in enumerate(self.beads):
                if a <= i and b < width:
                    way = np.full((count, width), NEVER)
                    way[:, b:] = before[:, i - a, : width - b] + scores[:, i, k, b:]
                    ways.append(way)
            best = np.logaddexp.reduce(ways) - ramp
            before[:, i] = np.where(self.inside[:, i], np.logaddexp.accumulate(best, axis=1) + ramp, NEVER)
        after = np.full((count, height, width), NEVER)
        for i in reversed(range(height)):
            ways = [np.full((count, width), NEVER)]
            ends = np.flatnonzero(self.goals[:, 0] == i)
            ways[0][ends, self.goals[ends, 1]] = 0
            if i + 1 < height:
                ways.append(after[:, i + 1] + gap)
            for k, (a, b) in enumerate(self.beads):
                if a + i < height and b < width:
                    way = np.full((count, width), NEVER)
                    way[:, : width - b] = after[:, i + a, b:] + scores[:, i + a, k, b:]
                    ways.append(way)
            best = (np.logaddexp.reduce(ways) + ramp)[:, ::-1]
            after[:, i] = np.logaddexp.accumulate(best, axis=1)[:, ::-1] - ramp
            after[:, i][~self.inside[:, i]] = NEVER
        whole = before[np.arange(count), self.goals[:, 0], self.goals[:, 1]]
        piece, row, bead, column = np.unravel_index(self.cells, self.shape)
        sizes = np.asarray(self.beads)
        begun = before[piece, row - sizes[bead, 0], column - sizes[bead, 1]]
        chance = np.exp(begun + scores.ravel()[self.cells] + after[piece, row, column] - whole[piece])
        gaps = self.goals.sum() - chance @ sizes[bead].sum(axis=1)
        return float(whole.sum()), chance @ self.features, float(gaps)


def fit(field: Field) -> BeadWeights:
    """The weights under which gold is likeliest."""
    scale = np.maximum(field.features.std(axis=0, dtype=np.float64), 1e-9)
    scale[0] = 1  # the constant

    def loss(parameters: Doubles) -> tuple[float, Doubles]:
        weights, gap = parameters[:-1] / scale, float(parameters[-1])
        whole, features, gaps = field.expected(weights, gap)
        value = whole - weights @ field.gold - gap * field.gaps + PENALTY / 2 * parameters @ parameters
        slope = np.append((features - field.gold) / scale, gaps - field.gaps) + PENALTY * parameters
        return value / field.steps, slope / field.steps

    start = np.zeros(len(scale) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100, "ftol": 1e-6})
    values = [round(float(value), 2) for value in np.append(found.x[:-1] / scale, found.x[-1])]
    rest = values[2:-1]
    interacting = min(INTERACTING, len(rest) // 2)
    features, more = rest[:-interacting], rest[-interacting:]
    more += [0.0] * (len(features) - interacting)
    print(f"# loss {found.fun:.4f} after {found.nfev} evaluations")
    return BeadWeights(values[-1], (values[0], values[1]), tuple(features), tuple(more))


def measure(texts: Sequence[Text]) -> dict[str, float]:
    """Strict F1 by pair of languages, all texts of it counted together."""
    found = {}
    for pair in dict.fromkeys(pair for pair, *_ in texts):
        own = [text for text in texts if text[0] == pair]
        predicted = [bead_sides(align_overlaps(src, tgt)) for _, src, tgt, _ in own]
        found[pair] = round(score_alignments([bitext.gold for *_, bitext in own], predicted).strict.f1, 4)
    return found


def fit_all(texts: Sequence[Text]) -> None:
    """Fit both sets of weights, print them, and use them from here on."""
    for name, kind in (("VECTORS", VectorFeatures), ("TOKENS", TokenFeatures)):
        parts = []
        for _, src, tgt, bitext in texts:
            features = kind(src, tgt)
            parts += pieces(features, sketch_corridor(src, tgt), bitext)
        weights = fit(Field(parts, features.beads))
        print(f"{name} = {weights}", flush=True)
        setattr(translation, name, weights)


@click.command()
@click.option("--fit", "fitted", type=(str, str, Path, Path, Path), multiple=True, required=True)
@click.option("--held-out", type=(str, str, Path, Path, Path), multiple=True)
def main(
    fitted: tuple[tuple[str, str, Path, Path, Path], ...],
    held_out: tuple[tuple[str, str, Path, Path, Path], ...],
) -> None:
    """Fit to some texts, report on them and on others."""
    settings = Settings.load()
    encoder = load_encoder(settings.encoder, settings.home)
    space = load_space(settings.encoder, settings.home)
    known = []
    for src_lang, tgt_lang, *paths in (*fitted, *held_out):
        bitext = read_bitext(*paths)
        sides = (
            encode_overlaps(bitext.src, src_lang, encoder, space),
            encode_overlaps(bitext.tgt, tgt_lang, encoder, space),
        )
        known.append((f"{src_lang}-{tgt_lang}", *sides, bitext))
    fit_all(known[: len(fitted)])
    print(json.dumps({"held out": measure(known[len(fitted) :])}))
    print(json.dumps({"fitted": measure(known[: len(fitted)])}))


if __name__ == "__main__":
    main()
