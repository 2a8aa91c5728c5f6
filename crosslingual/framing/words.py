"""Words of two sentences in any two languages, and which of one have a counterpart in the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.tokens import TokenSpace, unit
from crosslingual.encode import Speller, Spelling
from crosslingual.language.scripts import HAN, is_han
from crosslingual.types import FloatArray

_WORD = re.compile(rf"[{HAN}]+|\d+(?:[.,]\d+)*|(?:(?![{HAN}\d_])\w)+(?:['’](?:(?![{HAN}\d_])\w)+)*")
MOST = 400
"""Words of a sentence that are compared; what is beyond has no counterpart and misses none."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sentence: ``spans`` (w, 2) in it, ``vectors`` (w, d) centred and of length 1.

    ``weights`` (w,) say how much each tells, 0 of common words. A word is a run of letters or a number; of
    Chinese, a token of the encoder's. Marks are none.
    """

    spans: NDArray[np.int64]
    vectors: FloatArray
    weights: FloatArray

    def within(self, start: int, end: int) -> NDArray[np.intp]:
        """The words that overlap characters ``start`` to ``end``."""
        return np.flatnonzero((self.spans[:, 0] < end) & (self.spans[:, 1] > start))


@dataclass(frozen=True, slots=True)
class Aligner:
    """An encoder and the space of its tokens, in which words of different languages are near."""

    encoder: Speller
    space: TokenSpace

    def words(
        self,
        sentences: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Words]:
        """The words of ``sentences``, each a text and its language, from the encoder's token states.

        A word of several tokens has their mean. One of which the encoder sees no token is left out.
        """
        spellings = self.encoder.spell([text for text, _ in sentences], progress=progress)
        return [
            self._words(text, lang, spelling)
            for (text, lang), spelling in zip(sentences, spellings, strict=True)
        ]

    def _words(self, text: str, lang: str, spelling: Spelling) -> Words:
        space = self.space
        spans, owners = _group(text, spelling.spans)
        kept = owners >= 0
        sums = np.zeros((len(spans), space.basis.shape[1]), dtype=np.float32)
        weights = np.zeros(len(spans), dtype=np.float32)
        if kept.any():
            moved = (spelling.states[kept] - space.centre) @ space.basis
            rows = np.asarray(moved - space.means.get(lang, space.elsewhere), dtype=np.float32)
            np.add.at(sums, owners[kept], unit(rows))
            np.maximum.at(weights, owners[kept], spelling.weights[kept])
        return Words(spans, unit(sums), weights)


def _group(text: str, tokens: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Spans of the words (w, 2) that tokens make, and the word of each token, -1 for none."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if is_han(text[start]):
            inside = tokens[(tokens[:, 0] < end) & (tokens[:, 1] > start)]
            found += [(max(start, int(one)), min(end, int(other))) for one, other in inside]
        else:
            found.append((start, end))
    unique = sorted(set(found))
    spans = np.array(unique, dtype=np.int64).reshape(-1, 2)
    if not len(spans) or not len(tokens):
        return spans[:0], np.full(len(tokens), -1, dtype=np.int64)
    # The last word that begins before the token ends, if it ends after the token begins.
    owners = np.searchsorted(spans[:, 0], tokens[:, 1], side="left") - 1
    lost = (owners < 0) | (spans[np.maximum(owners, 0), 1] <= tokens[:, 0])
    owners = np.where(lost, -1, owners)
    seen = np.unique(owners[~lost])[:MOST]
    places = np.full(len(spans) + 1, -1, dtype=np.int64)
    places[seen] = np.arange(len(seen))
    return spans[seen], places[owners]
