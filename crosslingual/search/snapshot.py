"""A search index as it was at one moment: what is near, what has which words, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from crosslingual.index import DamagedIndexError, VectorIndex
from crosslingual.library import ArticleEntry
from crosslingual.search.expressions import Column, WordExpression
from crosslingual.search.index_db import IndexContents, IndexDatabase
from crosslingual.search.protocol import SearchScope, SentenceNumbers, SentencePlace, load_background
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray, Source

SentenceMask = NDArray[np.bool_]


class IndexSnapshot:
    """A search index in files as it was at one moment: a ``SearchView`` whose filters are masks (n,) of numbers."""

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

    def article_entries(self) -> tuple[ArticleEntry, ...]:
        """All articles that it holds."""
        return self.entries

    def narrow_scope(self, langs: Collection[str], chosen: SentenceMask | None) -> SentenceMask:
        """(n,) whether each number is a sentence in one of ``langs``, of those ``chosen``."""
        codes = [code for code, lang in enumerate(self._langs.values) if lang in langs]
        spoken = self._lang_codes == codes[0] if len(codes) == 1 else np.isin(self._lang_codes, codes)
        return spoken if chosen is None else spoken & chosen

    def sample_numbers(self, count: int, lang: str = "") -> list[int]:
        """Numbers of ``count`` sentences at even distances, or of all; of those in ``lang`` alone where it is given."""
        own = np.flatnonzero(self.narrow_scope([lang], None) if lang else self.live_mask)
        places = np.linspace(0, len(own) - 1, min(len(own), count)).astype(np.intp)
        return [int(number) for number in own[places]]

    def background_vectors(self, lang: str) -> FloatArray:
        """(n, d) of some sentences in ``lang``, or of all languages where there are few in that one."""
        if lang not in self._backgrounds:
            self._backgrounds[lang] = load_background(self, lang)
        return self._backgrounds[lang]

    def find_nearest(
        self, query: FloatArray, k: int, chosen: SentenceMask | None
    ) -> tuple[SentenceNumbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first."""
        if chosen is None and self.n_sentences < len(self._article_indexes):
            chosen = self.live_mask
        found = [part.search(query[None], k, chosen) for part in self.parts]
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

    def match_words(self, expression: WordExpression, limit: int, chosen: SentenceMask | None) -> list[int]:
        """Numbers of the sentences that fit, by BM25 the best first; for a limit of 0 all, in no order."""
        held = self.live_mask if chosen is None else chosen
        size = len(held)
        return self._database.match_words(
            expression, limit, lambda number: number < size and bool(held[number])
        )

    def document_frequencies(self, column: Column, forms: Collection[str]) -> dict[str, int]:
        """In how many sentences each of ``forms`` stands."""
        return {form: self._database.document_frequency(column, form) for form in forms}

    def terms_with_prefix(self, column: Column, prefix: str) -> list[str]:
        """All terms of a column that begin so."""
        return self._database.terms_with_prefix(column, prefix)

    def locate_sentences(self, numbers: Sequence[int]) -> dict[int, SentencePlace]:
        """Where sentences stand, by their numbers."""
        places = ((number, int(self._article_indexes[number])) for number in numbers)
        return {
            number: (self.entries[place], int(number - self._first_numbers[place]))
            for number, place in places
        }


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
