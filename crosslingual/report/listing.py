"""What of a search's results is listed, and how many sources are in that list, by why they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crosslingual.report.words import percent
from crosslingual.search.bands import Band
from crosslingual.search.find import Hit, Results

FEW = 10
"""Sentences listed where none answers."""


@dataclass(frozen=True, slots=True)
class Listing:
    """``hits`` in their order. ``says``, ``words`` and ``near`` are sources, each in the best of the three.

    ``nearest``: none of them answers; they only come nearest.
    """

    hits: tuple[Hit, ...]
    says: frozenset[str]
    words: frozenset[str]
    near: frozenset[str]
    nearest: bool = False


def listing(results: Results, least: float | None = None) -> Listing:
    """What is listed: what says it, has the words or, of a few words, comes near.

    With ``least``, instead, all whose probability is so high, whatever band they are in; it is compared in
    whole per cent, as it is shown.
    """
    if least is None:
        hits = tuple(hit for hit in results.hits if hit.band < Band.OTHER)
        if not hits:
            return Listing(results.hits[:FEW], *_sources(()), nearest=True)
        return Listing(hits, *_sources(hits))
    hits = tuple(hit for hit in results.hits if percent(hit.probability) >= round(100 * least))
    return Listing(hits, *_sources(hits))


def _sources(hits: Iterable[Hit]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    best: dict[str, Band] = {}
    for hit in hits:
        best[hit.entry.source] = min(hit.band, best.get(hit.entry.source, Band.OTHER))
    says, words, near = (
        frozenset(source for source, band in best.items() if band == wanted)
        for wanted in (Band.SAYS, Band.WORDS, Band.NEAR)
    )
    return says, words, near
