"""What a search asks of its library's index, whether that lies in files or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from crosslingual.library import ArticleEntry
from crosslingual.search.expressions import Column, WordExpression
from crosslingual.search.maintenance import Progress
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray, Source

SentenceNumbers = NDArray[np.int64]
SentencePlace = tuple[ArticleEntry, int]
"""An article, and the index of a sentence in it."""
ScopeFilter = Any
"""Some of the sentences, as only the view that made it understands it; None for all."""

BACKGROUND_SENTENCES = 2_000
"""Sentences of a language that tell what is near to anything."""
MIN_BACKGROUND_SENTENCES = 200
"""Sentences of a language below which those of all languages tell it."""


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where a search looks: ``chosen`` sentences, and ``langs``, their languages, those with most sentences first."""

    chosen: ScopeFilter
    langs: tuple[str, ...]
    n_sources: int
    n_articles: int
    n_sentences: int


class SearchView(Protocol):
    """An index as it was at one moment. Sentences go by numbers, which a later view may not know."""

    n_sentences: int
    """How many it holds."""

    def article_entries(self) -> Sequence[ArticleEntry]:
        """All articles that it holds."""

    def select_scope(self, filters: Filters, sources: Mapping[str, Source]) -> SearchScope:
        """What the filters let through; ``sources`` are the library's, by id."""

    def narrow_scope(self, langs: Collection[str], chosen: ScopeFilter) -> ScopeFilter:
        """Those of the ``chosen`` sentences that stand in articles in one of ``langs``."""

    def find_nearest(
        self, query: FloatArray, k: int, chosen: ScopeFilter
    ) -> tuple[SentenceNumbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first."""

    def match_words(self, expression: WordExpression, limit: int, chosen: ScopeFilter) -> list[int]:
        """Numbers of the sentences that fit, best first; for a limit of 0 all, in no order."""

    def document_frequencies(self, column: Column, forms: Collection[str]) -> dict[str, int]:
        """In how many sentences each of ``forms`` stands; those that stand in none may be left out."""

    def terms_with_prefix(self, column: Column, prefix: str) -> list[str]:
        """All terms of a column that begin with ``prefix``, which ends in an ASCII character."""

    def load_vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The mapped vectors (n, d) of sentences by their numbers, all of which are held."""

    def locate_sentences(self, numbers: Sequence[int]) -> dict[int, SentencePlace]:
        """Where sentences stand, by their numbers."""

    def sample_numbers(self, count: int, lang: str = "") -> list[int]:
        """Numbers of ``count`` sentences at even distances, or of all; of those in ``lang`` alone where it is given."""

    def background_vectors(self, lang: str) -> FloatArray:
        """(n, d) of some sentences in ``lang``, or in all languages where there are few."""


class LibraryIndex(Protocol):
    """The search index of a library: derived, brought up to date before every search."""

    warning: str
    """What the last view lacks, and why; empty where it is up to date."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def close(self) -> None:
        """Let go of it."""

    def open_snapshot(self, progress: Progress | None = None) -> AbstractContextManager[SearchView]:
        """The index as it is now, up to date with the library; other threads wait.

        ``progress`` is told how many of how many new sentences are taken in.

        Raises:
            VectorsMissingError: sentences have no vectors of this encoder.
            LibraryError: the index can be neither read nor made anew.
        """

    def open_without_update(self) -> AbstractContextManager[SearchView]:
        """The index as it lies there, whether or not it is up to date.

        Raises:
            LibraryError: there is none, or it is damaged.
        """

    def find_damage(self) -> list[str]:
        """What is wrong with what is stored, in words."""

    def rebuild(self) -> None:
        """Make it anew from the library."""

    def compact(self) -> bool:
        """Prepare what has grown for quick search, and drop what is nobody's; whether there was need."""


def load_background(view: SearchView, lang: str) -> FloatArray:
    """(n, d) the vectors of some sentences in ``lang``; of all languages where there are few in that one."""
    chosen = view.sample_numbers(BACKGROUND_SENTENCES, lang)
    if len(chosen) < MIN_BACKGROUND_SENTENCES:
        chosen = view.sample_numbers(BACKGROUND_SENTENCES)
    return view.load_vectors(chosen)


def hub_scores(view: SearchView, vectors: FloatArray, lang: str, k: int) -> FloatArray:
    """(n,) how near vectors (n, d) of ``view`` are to what it holds in ``lang``, whatever they say.

    The mean cosine with the ``k`` nearest of some of those sentences.
    """
    if not len(vectors):
        return np.zeros(0, np.float32)
    cosines = vectors @ view.background_vectors(lang).T
    nearest = -np.partition(-cosines, min(k, cosines.shape[1]) - 1, axis=1)[:, :k]
    return np.asarray(nearest.mean(axis=1), np.float32)
