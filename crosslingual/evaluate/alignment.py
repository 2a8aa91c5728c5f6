"""Order-keeping alignments against gold ones: strict and lax scores as Vecalign's scorer defines them.

A side is a UTF-8 file with one sentence a line; gold is one alignment a line, ``[0]:[0, 1]``, whatever
follows a second colon is ignored, and ``[]`` is an empty side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosslingual.align.space import Space
from crosslingual.align.translation import align_texts
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.scores import Scores
from crosslingual.types import Alignment

BeadSides = tuple[tuple[int, ...], tuple[int, ...]]

_SIDE_PATTERN = r"\s*\[((?:\s*\d+\s*,)*\s*\d+)?\s*\]\s*"
_BEAD_PATTERN = re.compile(rf"{_SIDE_PATTERN}:{_SIDE_PATTERN}(?::.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AlignmentScores:
    """``strict`` counts beads that are in gold as they are, ``lax`` those that share a pair with gold."""

    strict: Scores
    lax: Scores


@dataclass(frozen=True, slots=True)
class Bitext:
    """Two translations of one text and how they go together; ``gold`` is in the order of its file."""

    src: tuple[str, ...]
    tgt: tuple[str, ...]
    gold: tuple[BeadSides, ...]


def read_bitext(src: Path, tgt: Path, gold: Path) -> Bitext:
    """The sentences of files ``src`` and ``tgt`` and the alignments of file ``gold``.

    Raises:
        InputError: a file cannot be read, is too large, or gold is not of the format or does not fit.
    """
    sentences = read_lines(src), read_lines(tgt)
    beads = []
    for number, line in enumerate(read_lines(gold), 1):
        if not line.strip():
            continue
        match = _BEAD_PATTERN.fullmatch(line)
        if match is None:
            raise InputError(f"{gold}:{number}: not an alignment like [0]:[0, 1]; mend the line")
        sides = [tuple(int(index) for index in re.findall(r"\d{1,9}", side or "")) for side in match.groups()]
        for side, texts, path in zip(sides, sentences, (src, tgt), strict=True):
            if side and max(side) >= len(texts):
                raise InputError(
                    f"{gold}:{number}: names sentence {max(side)}, but {path} has {len(texts)}, "
                    "counted from 0; give the files that belong together"
                )
        beads.append((sides[0], sides[1]))
    return Bitext(tuple(sentences[0]), tuple(sentences[1]), tuple(beads))


def predict_beads(
    bitext: Bitext, src_lang: str, tgt_lang: str, encoder: Encoder, space: Space
) -> list[BeadSides]:
    """The project's own alignments of ``bitext``."""
    return bead_sides(align_texts(bitext.src, src_lang, bitext.tgt, tgt_lang, encoder, space))


def bead_sides(alignments: Iterable[Alignment]) -> list[BeadSides]:
    """The sides of ``alignments``."""
    return [(alignment.src, alignment.tgt) for alignment in alignments]


def score_alignments(
    gold: Sequence[Sequence[BeadSides]], predicted: Sequence[Sequence[BeadSides]]
) -> AlignmentScores:
    """Scores of ``predicted`` beads, text by text, against ``gold``, all counted together.

    As Thompson and Koehn 2019, "Vecalign: improved sentence alignment in linear time and space", have it:
    precision is over all predicted beads, gaps included; recall over the gold beads that are no gaps. A
    bead is a strict hit where the other side has it too, and a lax hit where it shares at least one
    (sentence, sentence) pair with the other side. F1 is the harmonic mean of the two.
    """
    found = [0, 0, 0]
    wanted = [0, 0, 0]
    for theirs, ours in zip(gold, predicted, strict=True):
        for counts, these, those in (
            (found, set(ours), set(theirs)),
            (wanted, _without_gaps(theirs), _without_gaps(ours)),
        ):
            pairs = {pair for bead in those for pair in _sentence_pairs(bead)}
            these.discard(((), ()))
            counts[0] += len(these & those)
            counts[1] += sum(bead in those or not pairs.isdisjoint(_sentence_pairs(bead)) for bead in these)
            counts[2] += len(these)
    return AlignmentScores(
        strict=_make_scores(found[0], found[2], wanted[0], wanted[2]),
        lax=_make_scores(found[1], found[2], wanted[1], wanted[2]),
    )


def _without_gaps(beads: Iterable[BeadSides]) -> set[BeadSides]:
    return {bead for bead in beads if bead[0] and bead[1]}


def _sentence_pairs(bead: BeadSides) -> set[tuple[int, int]]:
    return {(i, j) for i in bead[0] for j in bead[1]}


def _make_scores(n_correct: int, n_predicted: int, n_gold_found: int, n_gold: int) -> Scores:
    precision = n_correct / n_predicted if n_predicted else 0.0
    recall = n_gold_found / n_gold if n_gold else 0.0
    return Scores(
        precision,
        recall,
        2 * precision * recall / (precision + recall) if n_correct and n_gold_found else 0.0,
    )
