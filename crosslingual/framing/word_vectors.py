"""Words of two sentences in any two languages, and which of one have a counterpart in the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.encoder import TokenEncoder, TokenStates
from crosslingual.embeddings.token_states import TokenSpace, normalize_rows
from crosslingual.language.scripts import HAN, is_han
from crosslingual.types import FloatArray

_WORD_PATTERN = re.compile(rf"[{HAN}]+|\d+(?:[.,]\d+)*|(?:(?![{HAN}\d_])\w)+(?:['’](?:(?![{HAN}\d_])\w)+)*")
MAX_WORDS = 400
"""Words of a sentence that are compared; what is beyond has no counterpart and misses none."""


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words of one sentence: ``spans`` (w, 2) in it, ``vectors`` (w, d) centred and of length 1.

    ``weights`` (w,) say how much each tells, 0 of common words. A word is a run of letters or a number; of
    Chinese, a token of the encoder's. Marks are none.
    """

    spans: NDArray[np.int64]
    vectors: FloatArray
    weights: FloatArray

    def indices_in_span(self, start: int, end: int) -> NDArray[np.intp]:
        """The words that overlap characters ``start`` to ``end``."""
        return np.flatnonzero((self.spans[:, 0] < end) & (self.spans[:, 1] > start))


@dataclass(frozen=True, slots=True)
class WordEncoder:
    """An encoder and the space of its tokens, in which words of different languages are near."""

    encoder: TokenEncoder
    space: TokenSpace

    def encode_words(
        self,
        sentences: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[SentenceWords]:
        """The words of ``sentences``, each a text and its language, from the encoder's token states.

        A word of several tokens has their mean. One of which the encoder sees no token is left out.
        """
        spellings = self.encoder.token_states([text for text, _ in sentences], progress=progress)
        return [
            self._pool_tokens(text, lang, spelling)
            for (text, lang), spelling in zip(sentences, spellings, strict=True)
        ]

    def _pool_tokens(self, text: str, lang: str, states: TokenStates) -> SentenceWords:
        space = self.space
        spans, owners = _group_tokens(text, states.spans)
        kept = owners >= 0
        sums = np.zeros((len(spans), space.basis.shape[1]), dtype=np.float32)
        weights = np.zeros(len(spans), dtype=np.float32)
        if kept.any():
            moved = (states.states[kept] - space.center) @ space.basis
            rows = np.asarray(moved - space.language_means.get(lang, space.default_mean), dtype=np.float32)
            np.add.at(sums, owners[kept], normalize_rows(rows))
            np.maximum.at(weights, owners[kept], states.weights[kept])
        return SentenceWords(spans, normalize_rows(sums), weights)


def _group_tokens(text: str, token_spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Spans of the words (w, 2) that tokens make, and the word of each token, -1 for none."""
    found: list[tuple[int, int]] = []
    for match in _WORD_PATTERN.finditer(text):
        start, end = match.span()
        if is_han(text[start]):
            inside = token_spans[(token_spans[:, 0] < end) & (token_spans[:, 1] > start)]
            found += [(max(start, int(one)), min(end, int(other))) for one, other in inside]
        else:
            found.append((start, end))
    unique = sorted(set(found))
    spans = np.array(unique, dtype=np.int64).reshape(-1, 2)
    if not len(spans) or not len(token_spans):
        return spans[:0], np.full(len(token_spans), -1, dtype=np.int64)
    # The last word that begins before the token ends, if it ends after the token begins.
    owners = np.searchsorted(spans[:, 0], token_spans[:, 1], side="left") - 1
    lost = (owners < 0) | (spans[np.maximum(owners, 0), 1] <= token_spans[:, 0])
    owners = np.where(lost, -1, owners)
    seen = np.unique(owners[~lost])[:MAX_WORDS]
    places = np.full(len(spans) + 1, -1, dtype=np.int64)
    places[seen] = np.arange(len(seen))
    return spans[seen], places[owners]
