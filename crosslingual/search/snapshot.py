"""A search index as it was at one moment: what is near, what has which words, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.index import DamagedIndexError, VectorIndex
from crosslingual.library import ArticleEntry, SentenceKey
from crosslingual.search.index_db import IndexContents, IndexDatabase
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray, Source

BACKGROUND_SENTENCES = 2_000
"""Sentences of a language that tell what is near to anything."""
_MIN_LANGUAGE_SENTENCES = 200

SentenceNumbers = NDArray[np.int64]
SentenceMask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where a search looks: ``mask`` (n,) of the numbers of sentences, None if everywhere.

    ``langs`` are their languages, those with most sentences first.
    """

    mask: SentenceMask | None
    langs: tuple[str, ...]
    n_sources: int
    n_articles: int
    n_sentences: int


class IndexSnapshot:
    """A search index as it was at one moment. Sentences go by numbers, which a later view may not know."""

    def __init__(
        self, contents: IndexContents, parts: Sequence[VectorIndex], database: IndexDatabase
    ) -> None:
        self.version = contents.state.version
        self.entries = tuple(entry for entry, _ in contents.articles)
        self.parts = parts
        self._database = database
        self._first_numbers = np.array([first for _, first in contents.articles], dtype=np.int64)
        self._sentence_counts = np.array([entry.n_sentences for entry in self.entries], dtype=np.int64)
        self._index_by_article = {entry.article: place for place, entry in enumerate(self.entries)}
        self._langs = _ArticleCodes(entry.lang for entry in self.entries)
        self._sources = _ArticleCodes(entry.source for entry in self.entries)
        self._days = _ArticleCodes(entry.date[:10] for entry in self.entries)
        self.n_sentences = int(self._sentence_counts.sum())
        within = np.arange(self.n_sentences) - np.repeat(
            np.cumsum(self._sentence_counts) - self._sentence_counts, self._sentence_counts
        )
        self._article_indexes = np.full(contents.state.next_number, -1, dtype=np.int32)
        self._article_indexes[np.repeat(self._first_numbers, self._sentence_counts) + within] = np.repeat(
            np.arange(len(self.entries), dtype=np.int32), self._sentence_counts
        )
        self._lang_codes = np.append(self._langs.codes, -1)[self._article_indexes].astype(np.int16)
        self.live_mask: SentenceMask = self._article_indexes >= 0
        self._orders = [np.argsort(part.ids, kind="stable") for part in parts]  # quick where in order already
        self._backgrounds: dict[str, FloatArray] = {}

    def select_scope(self, filters: Filters, sources: Mapping[str, Source]) -> SearchScope:
        """What the filters let through; ``sources`` are the library's, by id."""
        known = (sources.get(one) or Source(one, one) for one in self._sources.values)
        chosen = (
            self._langs.select_articles(map(filters.admits_lang, self._langs.values))
            & self._sources.select_articles(map(filters.admits_source, known))
            & self._days.select_articles(map(filters.admits_day, self._days.values))
        )
        if filters.articles is not None:
            named = np.zeros(len(chosen), dtype=np.bool_)
            named[
                [self._index_by_article[one] for one in filters.articles if one in self._index_by_article]
            ] = True
            chosen &= named
        whole = bool(chosen.all()) and self.n_sentences == len(self._article_indexes)
        spoken = np.bincount(self._langs.codes, self._sentence_counts * chosen, len(self._langs.values))
        return SearchScope(
            None if whole else np.append(chosen, False)[self._article_indexes],
            tuple(self._langs.values[code] for code in np.argsort(-spoken, kind="stable") if spoken[code]),
            len(np.unique(self._sources.codes[chosen])),
            int(chosen.sum()),
            int(self._sentence_counts[chosen].sum()),
        )

    def language_mask(self, langs: Collection[str], mask: SentenceMask | None) -> SentenceMask:
        """(n,) whether each number is a sentence in one of ``langs``, of those ``mask``."""
        codes = [code for code, lang in enumerate(self._langs.values) if lang in langs]
        spoken = self._lang_codes == codes[0] if len(codes) == 1 else np.isin(self._lang_codes, codes)
        return spoken if mask is None else spoken & mask

    def hub_scores(self, vectors: FloatArray, lang: str, k: int) -> FloatArray:
        """(n,) how near ``load_vectors`` (n, d) are to what the library holds in ``lang``, whatever they say.

        The mean cosine with the ``k`` nearest of some of those sentences; of sentences in all languages
        where there are few in that one.
        """
        if not len(vectors):
            return np.zeros(0, np.float32)
        if lang not in self._backgrounds:
            own = np.flatnonzero(self.language_mask([lang], None))
            if len(own) < _MIN_LANGUAGE_SENTENCES:
                own = np.flatnonzero(self.live_mask)
            chosen = own[np.linspace(0, len(own) - 1, min(len(own), BACKGROUND_SENTENCES)).astype(np.intp)]
            self._backgrounds[lang] = self.load_vectors(chosen.tolist())
        cosines = vectors @ self._backgrounds[lang].T
        nearest = -np.partition(-cosines, min(k, cosines.shape[1]) - 1, axis=1)[:, :k]
        return np.asarray(nearest.mean(axis=1), np.float32)

    def find_nearest(
        self, query: FloatArray, k: int, mask: SentenceMask | None
    ) -> tuple[SentenceNumbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first.

        Without ``mask`` all that are held.
        """
        if mask is None and self.n_sentences < len(self._article_indexes):
            mask = self.live_mask
        found = [part.search(query[None], k, mask) for part in self.parts]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = np.concatenate([one.ids[0] for one in found])
        cosines = np.concatenate([one.cosines[0] for one in found])
        best = np.argsort(-cosines, kind="stable")
        best = best[ids[best] >= 0][:k]
        return ids[best], cosines[best]

    def load_vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The mapped vectors (n, d) of sentences by their numbers, all of which are held."""
        wanted = np.array(numbers, dtype=np.int64)
        rows = np.zeros((len(wanted), self.parts[0].dimensions if self.parts else 0), np.float32)
        for part, order in zip(self.parts, self._orders, strict=True):
            if len(order):
                at = np.searchsorted(part.ids, wanted, sorter=order)
                places = order[np.minimum(at, len(order) - 1)]
                here = part.ids[places] == wanted
                rows[here] = part.vectors_at(places[here])
        return rows

    def match_words(self, query: str, limit: int, mask: SentenceMask | None) -> list[int]:
        """Numbers of the sentences that fit a query of FTS5, best first; for a limit of 0 all."""
        held = self.live_mask if mask is None else mask
        size = len(held)
        return self._database.match_words(query, limit, lambda number: number < size and bool(held[number]))

    def document_frequency(self, column: str, term: str) -> int:
        """In how many sentences a term stands."""
        return self._database.document_frequency(column, term)

    def terms_with_prefix(self, column: str, prefix: str) -> list[str]:
        """All terms of a column that begin so."""
        return self._database.terms_with_prefix(column, prefix)

    def article_index(self, number: int) -> int:
        """The place among ``entries`` of a sentence's article."""
        return int(self._article_indexes[number])

    def article_entry(self, number: int) -> ArticleEntry:
        """The article of a sentence."""
        return self.entries[self.article_index(number)]

    def sentence_key(self, number: int) -> SentenceKey:
        """Where a sentence stands."""
        place = self.article_index(number)
        return self.entries[place].article, int(number - self._first_numbers[place])

    def sentence_number(self, sentence_key: SentenceKey) -> int | None:
        """The number of the sentence at ``sentence_key``; None where there is none."""
        place = self._index_by_article.get(sentence_key[0])
        if place is None or not 0 <= sentence_key[1] < self._sentence_counts[place]:
            return None
        return int(self._first_numbers[place]) + sentence_key[1]


class _ArticleCodes:
    """What many articles share, once each: ``values``, and of each article (n,) which."""

    def __init__(self, article_values: Iterable[str]) -> None:
        known: dict[str, int] = {}
        self.codes = np.array([known.setdefault(one, len(known)) for one in article_values], dtype=np.int64)
        self.values = tuple(known)

    def select_articles(self, admitted: Iterable[bool]) -> SentenceMask:
        """(n,) whether each article's value is ``admitted``, which tells it of each value."""
        return np.fromiter(admitted, dtype=np.bool_, count=len(self.values))[self.codes]


def check_snapshot(snapshot: IndexSnapshot, contents: IndexContents, dimensions: int) -> None:
    """Refuse an index that lacks vectors, or has another's: those of its encoder have ``dimensions``.

    Raises:
        DamagedIndexError: it does.
    """
    covered = np.zeros(len(snapshot.live_mask), dtype=np.bool_)
    for part in snapshot.parts:
        ids = part.ids
        if len(ids) and (ids.min() < 0 or ids.max() >= len(covered)):
            raise DamagedIndexError("it holds vectors of sentences that it does not know")
        if len(ids) and part.dimensions != dimensions:
            raise DamagedIndexError("it holds vectors of another encoder")
        if covered[ids].any():
            raise DamagedIndexError("it holds vectors twice")
        covered[ids] = True
    if (snapshot.live_mask & ~covered).any():
        raise DamagedIndexError("it lacks vectors")
    if len(contents.articles) != len({entry.article for entry, _ in contents.articles}):
        raise DamagedIndexError("it holds articles twice")
