"""Sentences of one language that are the same, some of them edited."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crosslingual.library import normalize_text

MIN_SHINGLE_OVERLAP = 0.6
"""Share of the four-letter pieces of two sentences of one language that are the same sentence, edited."""
_SHINGLE_CHARS = 4  # letters
_MIN_SENTENCE_CHARS = 12
"""Letters and digits of a sentence below which it stands in any article."""
_MAX_CACHED_SENTENCES = 4_000  # sentences whose pieces are kept, some 10 kB each


def distinctive_key(text: str) -> str:
    """The letters and digits of a sentence; empty where it is so short that it stands in any article."""
    key = normalize_text(text)
    return key if len(key) >= _MIN_SENTENCE_CHARS else ""


def match_edited_sentences(
    left: Sequence[str], right: Sequence[str], near: NDArray[np.bool_] | None = None
) -> dict[int, int]:
    """Which sentences of two texts of one language are the same, some of them edited: places in both.

    The texts are given by the letters and digits of their n and m sentences; ``near`` (n, m) says which may
    be edited, any where it is not given.
    """
    places = {key: place for place, key in enumerate(right)}
    same = {place: places.pop(key) for place, key in enumerate(left) if key in places}
    free = set(range(len(right))) - set(same.values())
    left_pieces, right_pieces = ([_split_shingles(key) for key in keys] for keys in (left, right))
    for place in set(range(len(left))) - set(same):
        candidates = (
            sorted(free) if near is None else [k for k in np.flatnonzero(near[place]).tolist() if k in free]
        )
        edited = next((k for k in candidates if _are_similar(left_pieces[place], right_pieces[k])), None)
        if edited is not None:
            same[place] = edited
            free.discard(edited)
    return same


@lru_cache(_MAX_CACHED_SENTENCES)
def _split_shingles(key: str) -> frozenset[str]:
    return frozenset(key[start : start + _SHINGLE_CHARS] for start in range(len(key)))


def _are_similar(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two sentences consist of the same pieces for the most part."""
    shared = len(left & right)
    return shared >= MIN_SHINGLE_OVERLAP * (len(left) + len(right) - shared)
