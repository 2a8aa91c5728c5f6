"""How sure a match is, who translated and how many, in words: the one place for terminal and app."""

from __future__ import annotations

from crosslingual.library import HAND, MEMORY
from crosslingual.types import Act, Translation

WORDS = ((97, "near certain"), (85, "very likely"), (70, "likely"), (50, "unsure"), (0, "doubtful"))
"""Per cent from which a word holds, highest first."""
BY_HAND = "by hand"
UNLEARNED = (
    "With this encoder probabilities are those of translated news; on real coverage they are too high."
)
"""What is to be told where nothing was learned from real coverage."""


def percent(probability: float) -> int:
    """From 1 to 99: a calibrated probability is not a promise."""
    return max(1, min(99, int(100 * probability + 0.5)))


def sureness(probability: float) -> str:
    """``near certain · 97 %``."""
    shown = percent(probability)
    return f"{next(word for least, word in WORDS if shown >= least)} · {shown} %"


def made_by(translation: Translation) -> str:
    """Who or what translated: ``argostranslate (zh-en 1.9)``."""
    if translation.engine == HAND:
        return f"a reader, {translation.version[:10]}"
    if translation.engine == MEMORY:
        return "translation memory"
    return f"{translation.engine} ({translation.version})" if translation.version else translation.engine


def count(number: int, noun: str) -> str:
    """``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str) -> str:
    """``text`` without control characters, which would steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def changed(act: Act) -> list[str]:
    """What ``act`` changed: ``33 articles``, ``1 new source``; an add changes no source that was there."""
    source = "new source" if act.kind == "add" else "source"
    told = ((act.articles, "article"), (act.sources, source), (act.translations, "translation"))
    return [count(number, noun) for number, noun in told if number]
