"""How sure a match is, who translated and how many, in words: the one place for terminal and app."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import accumulate

from crosslingual.library import MANUAL_ENGINE, MEMORY_ENGINE
from crosslingual.types import Comparison, Operation, Translation

SURENESS_LEVELS = ((97, "near certain"), (85, "very likely"), (70, "likely"), (50, "unsure"), (0, "doubtful"))
"""Per cent from which a word holds, highest first."""
MANUAL_LABEL = "by hand"
UNCALIBRATED_WARNING = (
    "With this encoder probabilities are those of translated news; on real coverage they are too high."
)
"""What is to be told where nothing was learned from real coverage."""


def describe_probabilities(comparison: Comparison) -> str:
    """What is to be told where probabilities of ``comparison`` stand; empty where they are as shipped."""
    if comparison.calibration:
        told = format_count(comparison.calibration.n_judgements, "judgement")
        return f"Probabilities are calibrated on {told} of your own."
    from crosslingual.embeddings.tuned_layers import find_tuned_layers

    return "" if find_tuned_layers(comparison.encoder) else UNCALIBRATED_WARNING


def to_percent(probability: float) -> int:
    """From 1 to 99: a calibrated probability is not a promise."""
    return max(1, min(99, int(100 * probability + 0.5)))


def format_sureness(probability: float) -> str:
    """``near certain · 97 %``."""
    shown = to_percent(probability)
    return f"{next(word for least, word in SURENESS_LEVELS if shown >= least)} · {shown} %"


def engine_label(translation: Translation) -> str:
    """Who or what translated: ``argostranslate (zh-en 1.9)``."""
    if translation.engine == MANUAL_ENGINE:
        return f"a reader, {translation.version[:10]}"
    if translation.engine == MEMORY_ENGINE:
        return "translation memory"
    return f"{translation.engine} ({translation.version})" if translation.version else translation.engine


def format_count(number: int, noun: str) -> str:
    """``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shorten_title(text: str, max_cells: int) -> str:
    """``text`` on one line of at most ``max_cells``, cut at a word with an ellipsis; a Chinese sign takes two.

    What is written without spaces is cut between signs.
    """
    line = " ".join(text.split())
    widths = [*accumulate(map(_count_cells, line))]
    if not widths or widths[-1] <= max_cells:
        return line
    end = bisect_right(widths, max_cells - 1)
    while end > 1 and unicodedata.combining(line[end]):  # a mark stays with its letter
        end -= 1
    space = line.rfind(" ", 0, end)
    if line[end] != " " and _count_cells(line[end]) < 2 and space > end // 2:
        end = space
    return f"{line[:end].rstrip(' ,;:–—-')}…"


def _count_cells(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def strip_control_chars(text: str) -> str:
    """``text`` without control characters, which would steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def format_changes(operation: Operation) -> list[str]:
    """What ``operation`` changed: ``33 articles``, ``1 new source``; an add changes no source that was there."""
    source = "new source" if operation.kind == "add" else "source"
    told = (
        (operation.articles, "article"),
        (operation.sources, source),
        (operation.translations, "translation"),
    )
    return [format_count(number, noun) for number, noun in told if number]
