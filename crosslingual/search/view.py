"""A search index as it was at one moment: what is near, what has which words, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.index import VectorIndex
from crosslingual.library import Entry, Mark
from crosslingual.search.catalogue import Catalogue, Contents
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray, Source

BACKGROUND = 2_000
"""Sentences of a language that tell what is near to anything."""
_FEW = 200

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a search looks: ``among`` (n,) of the numbers of sentences, None if everywhere.

    ``langs`` are their languages, those with most sentences first.
    """

    among: Mask | None
    langs: tuple[str, ...]
    sources: int
    articles: int
    sentences: int


class View:
    """A search index as it was at one moment. Sentences go by numbers, which a later view may not know."""

    def __init__(self, contents: Contents, parts: Sequence[VectorIndex], catalogue: Catalogue) -> None:
        self.version = contents.state.version
        self.entries = tuple(entry for entry, _ in contents.articles)
        self.parts = parts
        self._catalogue = catalogue
        self._firsts = np.array([first for _, first in contents.articles], dtype=np.int64)
        self._sizes = np.array([entry.sentences for entry in self.entries], dtype=np.int64)
        self._places = {entry.article: place for place, entry in enumerate(self.entries)}
        self._langs = _Codes(entry.lang for entry in self.entries)
        self._sources = _Codes(entry.source for entry in self.entries)
        self._days = _Codes(entry.date[:10] for entry in self.entries)
        self.sentences = int(self._sizes.sum())
        within = np.arange(self.sentences) - np.repeat(np.cumsum(self._sizes) - self._sizes, self._sizes)
        self._owner = np.full(contents.state.next, -1, dtype=np.int32)
        self._owner[np.repeat(self._firsts, self._sizes) + within] = np.repeat(
            np.arange(len(self.entries), dtype=np.int32), self._sizes
        )
        self._spoken = np.append(self._langs.codes, -1)[self._owner].astype(np.int16)
        self.live: Mask = self._owner >= 0
        self._orders = [np.argsort(part.ids, kind="stable") for part in parts]  # quick where in order already
        self._backgrounds: dict[str, FloatArray] = {}

    def scope(self, filters: Filters, sources: Mapping[str, Source]) -> Scope:
        """What the filters let through; ``sources`` are the library's, by id."""
        known = (sources.get(one) or Source(one, one) for one in self._sources.values)
        chosen = (
            self._langs.where(map(filters.admits_lang, self._langs.values))
            & self._sources.where(map(filters.admits_source, known))
            & self._days.where(map(filters.admits_day, self._days.values))
        )
        if filters.articles is not None:
            named = np.zeros(len(chosen), dtype=np.bool_)
            named[[self._places[one] for one in filters.articles if one in self._places]] = True
            chosen &= named
        whole = bool(chosen.all()) and self.sentences == len(self._owner)
        spoken = np.bincount(self._langs.codes, self._sizes * chosen, len(self._langs.values))
        return Scope(
            None if whole else np.append(chosen, False)[self._owner],
            tuple(self._langs.values[code] for code in np.argsort(-spoken, kind="stable") if spoken[code]),
            len(np.unique(self._sources.codes[chosen])),
            int(chosen.sum()),
            int(self._sizes[chosen].sum()),
        )

    def in_languages(self, langs: Collection[str], among: Mask | None) -> Mask:
        """(n,) whether each number is a sentence in one of ``langs``, of those ``among``."""
        codes = [code for code, lang in enumerate(self._langs.values) if lang in langs]
        spoken = self._spoken == codes[0] if len(codes) == 1 else np.isin(self._spoken, codes)
        return spoken if among is None else spoken & among

    def hubs(self, vectors: FloatArray, lang: str, k: int) -> FloatArray:
        """(n,) how near ``vectors`` (n, d) are to what the library holds in ``lang``, whatever they say.

        The mean cosine with the ``k`` nearest of some of those sentences; of sentences in all languages
        where there are few in that one.
        """
        if not len(vectors):
            return np.zeros(0, np.float32)
        if lang not in self._backgrounds:
            own = np.flatnonzero(self.in_languages([lang], None))
            if len(own) < _FEW:
                own = np.flatnonzero(self.live)
            chosen = own[np.linspace(0, len(own) - 1, min(len(own), BACKGROUND)).astype(np.intp)]
            self._backgrounds[lang] = self.vectors(chosen.tolist())
        cosines = vectors @ self._backgrounds[lang].T
        nearest = -np.partition(-cosines, min(k, cosines.shape[1]) - 1, axis=1)[:, :k]
        return np.asarray(nearest.mean(axis=1), np.float32)

    def nearest(self, query: FloatArray, k: int, among: Mask | None) -> tuple[Numbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first.

        Without ``among`` all that are held.
        """
        if among is None and self.sentences < len(self._owner):
            among = self.live
        found = [part.search(query[None], k, among) for part in self.parts]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = np.concatenate([one.ids[0] for one in found])
        cosines = np.concatenate([one.cosines[0] for one in found])
        best = np.argsort(-cosines, kind="stable")
        best = best[ids[best] >= 0][:k]
        return ids[best], cosines[best]

    def vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The mapped vectors (n, d) of sentences by their numbers, all of which are held."""
        wanted = np.array(numbers, dtype=np.int64)
        rows = np.zeros((len(wanted), self.parts[0].dimensions if self.parts else 0), np.float32)
        for part, order in zip(self.parts, self._orders, strict=True):
            if len(order):
                at = np.searchsorted(part.ids, wanted, sorter=order)
                places = order[np.minimum(at, len(order) - 1)]
                here = part.ids[places] == wanted
                rows[here] = part.rows(places[here])
        return rows

    def matching(self, query: str, limit: int, among: Mask | None) -> list[int]:
        """Numbers of the sentences that fit a query of FTS5, best first; for a limit of 0 all."""
        held = self.live if among is None else among
        size = len(held)
        return self._catalogue.matching(query, limit, lambda number: number < size and bool(held[number]))

    def documents(self, column: str, term: str) -> int:
        """In how many sentences a term stands."""
        return self._catalogue.documents(column, term)

    def terms(self, column: str, prefix: str) -> list[str]:
        """All terms of a column that begin so."""
        return self._catalogue.terms(column, prefix)

    def owner(self, number: int) -> int:
        """The place among ``entries`` of a sentence's article."""
        return int(self._owner[number])

    def entry(self, number: int) -> Entry:
        """The article of a sentence."""
        return self.entries[self.owner(number)]

    def mark(self, number: int) -> Mark:
        """Where a sentence stands."""
        place = self.owner(number)
        return self.entries[place].article, int(number - self._firsts[place])

    def number(self, mark: Mark) -> int | None:
        """The number of the sentence at ``mark``; None where there is none."""
        place = self._places.get(mark[0])
        if place is None or not 0 <= mark[1] < self._sizes[place]:
            return None
        return int(self._firsts[place]) + mark[1]


class _Codes:
    """What many articles share, once each: ``values``, and of each article (n,) which."""

    def __init__(self, told: Iterable[str]) -> None:
        known: dict[str, int] = {}
        self.codes = np.array([known.setdefault(one, len(known)) for one in told], dtype=np.int64)
        self.values = tuple(known)

    def where(self, admitted: Iterable[bool]) -> Mask:
        """(n,) whether each article's value is ``admitted``, which tells it of each value."""
        return np.fromiter(admitted, dtype=np.bool_, count=len(self.values))[self.codes]
