"""A sentence as tokens with their places, its quotations masked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

TokenRange = tuple[int, int]
"""Tokens from the first up to another, which is left out."""

QUOTE_MASK = "□"
"""Stands for each character of a quotation."""
_TOKEN = re.compile(
    rf"{QUOTE_MASK}+|\b(?:(?:jus|lors|puis)?qu|[cdjlmnst])[’'](?=\w)|\w+(?:[.’'-]\w+)*|[^\w\s]", re.IGNORECASE
)
"""French elisions are words of their own."""
STOPS = frozenset(".!?…")
CLAUSE_MARKS = frozenset(',;:—–―-()[]"«»“”„')


@dataclass(frozen=True, slots=True)
class SentenceTokens:
    """The tokens of one sentence: ``words`` in small letters, and where each begins and ends in the text.

    ``n_capitals`` are how many of the tokens before each are written large.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    n_capitals: tuple[int, ...]

    @classmethod
    def from_text(cls, bare: str, start: int, end: int) -> SentenceTokens:
        """The tokens of ``bare[start:end]``, whose quotations are masked."""
        found = list(_TOKEN.finditer(bare, start, end))
        return cls(
            tuple(QUOTE_MASK if match[0][0] == QUOTE_MASK else match[0].lower() for match in found),
            tuple(match.start() for match in found),
            tuple(match.end() for match in found),
            (0, *accumulate(int(match[0][0].isupper()) for match in found)),
        )

    def __len__(self) -> int:
        return len(self.words)

    def token_at(self, position: int) -> int:
        """The first token that begins at ``position`` or later."""
        return bisect_left(self.starts, position)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of tokens ``first`` up to ``last``, which is left out."""
        return self.starts[first], self.ends[last - 1]

    def is_boundary(self, place: int) -> bool:
        """Whether a clause ends at the token: at a mark, or a stop that ends no abbreviation."""
        word = self.words[place]
        if word == ".":
            return place + 1 == len(self.words) or self.words[place - 1] == QUOTE_MASK
        return word in CLAUSE_MARKS or word in STOPS

    def find_word(self, words: Sequence[str] | frozenset[str], first: int, last: int) -> int | None:
        """The first token of ``words`` from ``first`` up to ``last``."""
        return next(
            (
                place
                for place in range(max(first, 0), min(last, len(self.words)))
                if self.words[place] in words
            ),
            None,
        )
