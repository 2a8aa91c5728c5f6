"""Why a sentence was found: it says what is asked, it has the words, it comes near, or none of these."""

from __future__ import annotations

from enum import IntEnum

from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.search.query import Query

MIN_NEAR_COSINE = 0.33
"""Cosine from which a sentence comes near to a few words: of 10 short queries on real coverage that nothing
answered, one sentence came so near."""
_MIN_WORDED_COSINE = 0.2
"""The same for a sentence that has some of the words."""
_MIN_POSSIBLE_COSINE, _MIN_POSSIBLE_PROBABILITY = 0.25, 0.1
"""The same for one that may say it, and the probability from which it may."""


class Band(IntEnum):
    """Bands, the best first."""

    SAYS = 0
    WORDS = 1
    NEAR = 2
    OTHER = 3


def choose_band(query: Query, probability: float, cosine: float, *, has_all: bool, has_some: bool) -> Band:
    """The band of a sentence that was judged.

    A few words are short of what a sentence says, so that a probability alone tells little of them: the
    vectors have to be near, too.

    Args:
        query: what was asked.
        probability: of saying the same.
        cosine: of the two vectors.
        has_all: whether all words of a short query are in it, or its names; or the phrases that must occur.
        has_some: whether some are, or a name that sounds like one.
    """
    near = cosine >= MIN_NEAR_COSINE
    if probability >= LIKELY_PROBABILITY and (near or not query.is_short):
        return Band.SAYS
    if has_all:
        return Band.WORDS
    near |= (has_some and cosine >= _MIN_WORDED_COSINE) or (
        cosine >= _MIN_POSSIBLE_COSINE and probability >= _MIN_POSSIBLE_PROBABILITY
    )
    return Band.NEAR if query.is_short and near else Band.OTHER
