"""A sentence as the report's page shows it: where it stands, who translated it, what of it is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crosslingual.formatting import engine_label
from crosslingual.framing.cells import SentenceTrace
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.translation.quality import format_issue
from crosslingual.types import Cell

UNNAMED_KINDS = ("words", "clause")
"""Kinds of spans that are words without counterpart, not a named difference."""


@dataclass(frozen=True, slots=True)
class PageSentence:
    """A sentence as the page shows it, ``anchor`` its anchor; ``engine_label`` says who translated it."""

    anchor: str
    article: str
    source: str
    lang: str
    text: str
    translation: str
    engine_label: str
    issues: str
    segments: tuple[tuple[str, str], ...] = ()


def make_page_sentence(cell: Cell, spans: Sequence[DifferenceSpan]) -> PageSentence:
    """``cell`` with ``spans`` of it marked."""
    translation = cell.translation
    return PageSentence(
        sentence_anchor(cell),
        cell.article,
        cell.source,
        cell.lang,
        cell.text,
        translation.text if translation else "",
        engine_label(translation) if translation else "",
        "; ".join(map(format_issue, translation.issues)) if translation else "",
        tuple(split_at_spans(cell.text, spans)),
    )


def sentence_anchor(sentence: Cell | SentenceTrace) -> str:
    """The id of a sentence on the page."""
    return f"s-{sentence.article}-{sentence.sentence}"


def split_at_spans(text: str, spans: Sequence[DifferenceSpan]) -> Iterator[tuple[str, str]]:
    """``text`` cut where a span begins or ends, each piece with its kind; a named difference before words."""
    ends = sorted({0, len(text), *(offset for span in spans for offset in (span.start, span.end))})
    for start, end in pairwise(ends):
        kinds = [span.kind for span in spans if span.start <= start and end <= span.end]
        kinds.sort(key=lambda kind: kind in UNNAMED_KINDS)
        if text[start:end]:
            yield text[start:end], kinds[0] if kinds else ""
