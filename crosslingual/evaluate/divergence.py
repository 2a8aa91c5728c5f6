"""Differences inside a statement measured on translations into which one was planted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.extras import needs_extra
from crosslingual.framing.differences import Divergence, TextWithLang, analyze_sentences, compare_pairs
from crosslingual.framing.word_vectors import SentenceWords, WordEncoder
from crosslingual.types import FloatArray

UNTOUCHED_KIND = "none"
_MAX_TEXT_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class PlantedDifference:
    """Two cells; ``kind`` of the difference planted into ``tgt``, or "none"; its ``span`` if it has one."""

    src: TextWithLang
    tgt: TextWithLang
    kind: str
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class DivergenceScores:
    """Areas under the ROC curve of each kind against untouched pairs, and their mean.

    ``span_hit`` is the share of planted spans that a highlight of the same side overlaps;
    ``marked_untouched`` that of words highlighted in untouched pairs, both sides counted together.
    """

    auc: dict[str, float]
    macro: float
    span_hit: float
    marked_untouched: float


def read_planted(path: Path) -> list[PlantedDifference]:
    """Pairs of a JSON Lines file with ``src_lang``, ``src``, ``tgt_lang``, ``tgt``, ``kind`` and ``span``.

    ``span`` is two character offsets in ``tgt``, or null. Empty lines are skipped.

    Raises:
        InputError: the file cannot be read, a line is no such pair, or pairs of either sort are missing.
    """
    found = []
    for number, line in enumerate(read_lines(path), 1):
        if line.strip():
            try:
                found.append(_parse_pair(json.loads(line)))
            except (ValueError, TypeError, KeyError, RecursionError):
                raise InputError(
                    f"{path}:{number}: lacks src_lang, src, tgt_lang, tgt, kind or span; mend the line"
                ) from None
    kinds = {pair.kind for pair in found}
    if len(kinds) < 2 or UNTOUCHED_KIND not in kinds:
        raise InputError(
            f'{path}: needs pairs of kind "{UNTOUCHED_KIND}" and of others to tell from them; add some'
        )
    return found


def _parse_pair(row: dict[str, object]) -> PlantedDifference:
    texts = [row[name] for name in ("src", "src_lang", "tgt", "tgt_lang", "kind")]
    src, src_lang, tgt, tgt_lang, kind = (
        text for text in texts if isinstance(text, str) and len(text) <= _MAX_TEXT_CHARS
    )
    span = row.get("span")
    if span is None:
        return PlantedDifference((src, src_lang), (tgt, tgt_lang), kind, None)
    if not isinstance(span, list) or not all(type(offset) is int for offset in span):
        raise ValueError("span")
    start, end = span
    if not 0 <= start <= end <= len(tgt):
        raise ValueError("span")
    return PlantedDifference((src, src_lang), (tgt, tgt_lang), kind, (start, end))


def evaluate_divergence(
    pairs: Sequence[PlantedDifference],
    aligner: WordEncoder,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> DivergenceScores:
    """Scores of what ``aligner`` tells of ``pairs``."""
    known = analyze_sentences(
        [cell for pair in pairs for cell in (pair.src, pair.tgt)], aligner, progress=progress
    )
    both = [(known[pair.src], known[pair.tgt]) for pair in pairs]
    found = compare_pairs(both)
    return score_divergence(pairs, found, [(one.words, other.words) for one, other in both])


def score_divergence(
    pairs: Sequence[PlantedDifference],
    divergences: Sequence[Divergence],
    words: Sequence[tuple[SentenceWords, SentenceWords]],
) -> DivergenceScores:
    """Scores of what was ``divergences`` in ``pairs``, whose ``words`` are counted as highlighted or not."""
    kinds = np.array([pair.kind for pair in pairs])
    scores = np.array([one.score for one in divergences])
    untouched = scores[kinds == UNTOUCHED_KIND]
    auc = {
        kind: roc_auc(scores[kinds == kind], untouched)
        for kind in sorted(set(kinds.tolist()) - {UNTOUCHED_KIND})
    }
    hits = [
        any(one.side == 1 and one.start < pair.span[1] and pair.span[0] < one.end for one in divergence.spans)
        for pair, divergence in zip(pairs, divergences, strict=True)
        if pair.span and pair.span[0] < pair.span[1]
    ]
    marked = total = 0
    for pair, divergence, both in zip(pairs, divergences, words, strict=True):
        if pair.kind == UNTOUCHED_KIND:
            for side, own in enumerate(both):
                spans = [span for span in divergence.spans if span.side == side]
                marked += len(
                    {int(place) for span in spans for place in own.indices_in_span(span.start, span.end)}
                )
                total += len(own.spans)
    return DivergenceScores(
        auc,
        sum(auc.values()) / len(auc),
        sum(hits) / len(hits) if hits else 0.0,
        marked / total if total else 0.0,
    )


def roc_auc(planted: FloatArray, untouched: FloatArray) -> float:
    """Area under the ROC curve: how often a planted pair scores above an untouched one, ties half."""
    with needs_extra("evaluate"):
        from sklearn.metrics import roc_auc_score

    is_planted = np.repeat([True, False], [len(planted), len(untouched)])
    return float(roc_auc_score(is_planted, np.concatenate([planted, untouched])))
