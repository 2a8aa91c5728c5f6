"""What of a search's results is listed, and how many sources are in that list, by why they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crosslingual.formatting import to_percent
from crosslingual.search.bands import Band
from crosslingual.search.searcher import Hit, Results

MAX_NEAREST_HITS = 10
"""Sentences listed where none answers."""


@dataclass(frozen=True, slots=True)
class HitListing:
    """``hits`` in their order; each source stands in the best of three: it says it, has the words, comes near.

    ``is_nearest_only``: none of them answers; they only come nearest.
    """

    hits: tuple[Hit, ...]
    saying_sources: frozenset[str]
    word_sources: frozenset[str]
    near_sources: frozenset[str]
    is_nearest_only: bool = False


def select_hits(results: Results, min_probability: float | None = None) -> HitListing:
    """What is listed: what says it, has the words or, of a few words, comes near.

    With ``min_probability``, instead, all whose probability is so high, whatever band they are in; it is
    compared in whole per cent, as it is shown.
    """
    if min_probability is None:
        hits = tuple(hit for hit in results.hits if hit.band < Band.OTHER)
        if not hits:
            return HitListing(results.hits[:MAX_NEAREST_HITS], *_sources_by_band(()), is_nearest_only=True)
        return HitListing(hits, *_sources_by_band(hits))
    hits = tuple(hit for hit in results.hits if to_percent(hit.probability) >= round(100 * min_probability))
    return HitListing(hits, *_sources_by_band(hits))


def _sources_by_band(hits: Iterable[Hit]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    best: dict[str, Band] = {}
    for hit in hits:
        best[hit.entry.source] = min(hit.band, best.get(hit.entry.source, Band.OTHER))
    says, words, near = (
        frozenset(source for source, band in best.items() if band == wanted)
        for wanted in (Band.SAYS, Band.WORDS, Band.NEAR)
    )
    return says, words, near
