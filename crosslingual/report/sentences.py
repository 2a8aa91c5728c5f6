"""A sentence as the report's page tells it: where it stands, who translated it, what of it is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crosslingual.doubts import words
from crosslingual.framing.cells import Trace
from crosslingual.framing.differences import Span
from crosslingual.report.words import made_by
from crosslingual.types import Cell

PLAIN = ("words", "clause")
"""Spans that are told by words without counterpart, not by a named difference."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as the page tells it, ``at`` its anchor; ``made`` says who translated it."""

    at: str
    article: str
    source: str
    lang: str
    text: str
    translation: str
    made: str
    doubts: str
    pieces: tuple[tuple[str, str], ...] = ()


def told_of(cell: Cell, spans: Sequence[Span]) -> Told:
    """``cell`` with ``spans`` of it marked."""
    made = cell.translation
    return Told(
        anchor(cell),
        cell.article,
        cell.source,
        cell.lang,
        cell.text,
        made.text if made else "",
        made_by(made) if made else "",
        "; ".join(map(words, made.doubts)) if made else "",
        tuple(pieces(cell.text, spans)),
    )


def anchor(place: Cell | Trace) -> str:
    """The id of a sentence on the page."""
    return f"s-{place.article}-{place.sentence}"


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """``text`` cut where a span begins or ends, each piece with its kind; a named difference before words."""
    ends = sorted({0, len(text), *(place for span in spans for place in (span.start, span.end))})
    for start, end in pairwise(ends):
        kinds = [span.kind for span in spans if span.start <= start and end <= span.end]
        kinds.sort(key=lambda kind: kind in PLAIN)
        if text[start:end]:
            yield text[start:end], kinds[0] if kinds else ""
