"""Sentence splitting measured: gold sentences are joined, split again, and the boundaries compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.scores import Scores
from crosslingual.language.scripts import HAN_CHARACTER
from crosslingual.language.sentences import sentence_spans

_LANGUAGE_PREFIX = re.compile(r"(zh|ru|en|de|fr|uk)(?=[^a-z])")


@dataclass(frozen=True, slots=True)
class SegmentationResult:
    """What one file gave: its language, its number of sentences, the scores of the boundaries inside."""

    lang: str
    sentences: int
    scores: Scores


def boundary_scores(sentences: Sequence[str], lang: str) -> Scores:
    """Scores of the boundaries between sentences that are joined and split again.

    They are joined with a space, Chinese ones with nothing. A boundary is the offset at which a sentence
    ends; the end of the text counts for neither side.
    """
    space = "" if lang == "zh" else " "
    pieces = [sentence.strip() for sentence in sentences]
    gold = _inner_boundaries(
        accumulate(pieces, lambda end, piece: end + len(space) + len(piece), initial=-len(space))
    )
    predicted = _inner_boundaries(end for _, end in sentence_spans(space.join(pieces), lang))
    return Scores.from_counts(len(gold & predicted), len(predicted), len(gold))


def evaluate_file(path: Path, lang: str | None = None) -> SegmentationResult:
    """Scores on a UTF-8 file of gold sentences, one a line; empty lines are skipped.

    Args:
        path: the file, 50 MB at most.
        lang: ISO 639-1 code. When None it is that of the file's name (``ru_gsd.dev.txt``), else of its
            script: Chinese, Ukrainian where ї, є or ґ occur and ы, э, ё do not, else Russian.

    Raises:
        InputError: the file cannot be read, holds no sentence, or its language cannot be told.
    """
    sentences = [line for line in map(str.strip, read_lines(path)) if line]
    if not sentences:
        raise InputError(f"{path}: no sentences; give a text file with one sentence a line")
    lang = lang or _guess_language(path, sentences)
    return SegmentationResult(lang=lang, sentences=len(sentences), scores=boundary_scores(sentences, lang))


def _inner_boundaries(ends: Iterable[int]) -> set[int]:
    """The ends inside the text: neither its own end nor the offset before its first sentence."""
    inside = {end for end in ends if end > 0}
    return inside - {max(inside, default=0)}


def _guess_language(path: Path, sentences: Sequence[str]) -> str:
    if prefix := _LANGUAGE_PREFIX.match(path.name):
        return prefix[1]
    text = "".join(sentences).lower()
    han = len(HAN_CHARACTER.findall(text))
    cyrillic = len(re.findall("[\u0400-\u04ff]", text))
    if max(han, cyrillic) < len(text) / 4:
        raise InputError(f"{path}: its language cannot be told from its script; name it with --lang")
    if han > cyrillic:
        return "zh"
    return "uk" if len(re.findall("[їєґ]", text)) > len(re.findall("[ыэё]", text)) else "ru"
