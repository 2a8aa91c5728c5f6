"""A search index as it was at one moment: what is near, what has which words, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from crosslingual.index import VectorIndex
from crosslingual.library import Entry, Mark
from crosslingual.search.catalogue import Catalogue, Contents
from crosslingual.types import FloatArray

BACKGROUND = 2_000
"""Sentences of a language that tell what is near to anything."""
_FEW = 200

Numbers = NDArray[np.int64]


class View:
    """A search index as it was at one moment. Sentences go by numbers, which a later view may not know."""

    def __init__(self, contents: Contents, parts: Sequence[VectorIndex], catalogue: Catalogue) -> None:
        self.version = contents.state.version
        self.entries = tuple(entry for entry, _ in contents.articles)
        self._firsts = np.array([first for _, first in contents.articles], dtype=np.int64)
        self._sizes = np.array([entry.sentences for entry in self.entries], dtype=np.int64)
        self._places = {entry.article: place for place, entry in enumerate(self.entries)}
        self.parts = parts
        self._catalogue = catalogue
        owner = np.full(contents.state.next, -1, dtype=np.int32)
        total = int(self._sizes.sum())
        within = np.arange(total) - np.repeat(np.cumsum(self._sizes) - self._sizes, self._sizes)
        owner[np.repeat(self._firsts, self._sizes) + within] = np.repeat(
            np.arange(len(self.entries), dtype=np.int32), self._sizes
        )
        self._owner = owner
        self._langs = np.array([entry.lang for entry in self.entries] + [""])
        self._backgrounds: dict[str, FloatArray] = {}
        self.live: NDArray[np.bool_] = owner >= 0
        self.whole = total == len(owner)

    @property
    def sentences(self) -> int:
        """How many there are."""
        return int(self._sizes.sum())

    def among(self, wanted: Callable[[Entry], bool] | None) -> NDArray[np.bool_] | None:
        """(n,) whether each number is a sentence of an article that is ``wanted``; None if all are."""
        if wanted is None:
            return None if self.whole else self.live
        chosen = np.fromiter(map(wanted, self.entries), dtype=np.bool_, count=len(self.entries))
        return np.append(chosen, False)[self._owner]

    def in_languages(self, langs: Collection[str], among: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """(n,) whether each number is a sentence in one of ``langs``, of those ``among``."""
        spoken = np.isin(self._langs, list(langs))[self._owner]
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

    def nearest(
        self, query: FloatArray, k: int, among: NDArray[np.bool_] | None
    ) -> tuple[Numbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first."""
        found = [part.search(query[None], k, among) for part in self.parts]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = np.concatenate([one.ids[0] for one in found])
        cosines = np.concatenate([one.cosines[0] for one in found])
        best = np.argsort(-cosines, kind="stable")
        best = best[ids[best] >= 0][:k]
        return ids[best], cosines[best]

    def vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The centred vectors (n, d) of sentences by their numbers, all of which are held."""
        wanted = np.array(numbers, dtype=np.int64)
        rows: FloatArray | None = None
        for part in self.parts:
            order = np.argsort(part.ids)
            at = np.minimum(np.searchsorted(part.ids, wanted, sorter=order), len(order) - 1)
            places = order[at]
            here = part.ids[places] == wanted
            if here.any():
                own = part.rows(places[here])
                rows = np.zeros((len(wanted), own.shape[1]), np.float32) if rows is None else rows
                rows[here] = own
        return np.zeros((0, 0), np.float32) if rows is None else rows

    def matching(self, query: str, limit: int, among: NDArray[np.bool_] | None) -> list[int]:
        """Numbers of the sentences that fit a query of FTS5, best first."""
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
        place = self._owner[number]
        return self.entries[place].article, int(number - self._firsts[place])

    def number(self, mark: Mark) -> int | None:
        """The number of the sentence at ``mark``; None where there is none."""
        place = self._places.get(mark[0])
        if place is None or not 0 <= mark[1] < self._sizes[place]:
            return None
        return int(self._firsts[place]) + mark[1]
