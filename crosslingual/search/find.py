"""One search: what is near by meaning and what has the words, judged together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY
from crosslingual.library import Entry, Library, Mark
from crosslingual.search.bands import Band, band_of
from crosslingual.search.compare import HUB, Asked, Compared, compare
from crosslingual.search.query import Filters, Query, with_phrase
from crosslingual.search.rank import Told, chances, features, shipped
from crosslingual.search.store import SearchIndex
from crosslingual.threads import one_thread
from crosslingual.types import FloatArray, Sentence, Translation

FUSED = 60
"""What is added to a rank before it is turned over (Cormack, Clarke and Büttcher 2009)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found: ``probability`` of saying the same as the query, ``cosine`` of the two.

    ``score`` is what the order goes by. ``worded`` tells that it has words or names of the query, ``has_all``
    that it has all of them, or its phrases. ``before`` and ``after`` are the sentences beside it, empty at
    the ends of an article.
    """

    entry: Entry
    sentence: Sentence
    probability: float
    cosine: float
    score: float
    worded: bool
    band: Band
    has_all: bool
    before: str = ""
    after: str = ""
    translation: Translation | None = None

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return self.entry.article, self.sentence.index

    @property
    def lang(self) -> str:
        """The sentence's own language, which of a quotation may be another than its article's."""
        return self.sentence.lang or self.entry.lang


@dataclass(frozen=True, slots=True)
class Results:
    """``hits``, best first, no more than were asked for; ``found`` are all that were judged.

    ``telling`` are the articles that say it, each with the number of its sentences that do; of a short query
    or a phrase also those that have the words, whatever is said of them. They are of ``said`` sources, of
    which ``says`` say it, of ``of`` that were looked at, which have ``sentences`` in ``articles``.
    """

    query: Query
    hits: tuple[Hit, ...]
    found: tuple[Hit, ...]
    telling: tuple[tuple[Entry, int], ...]
    of: int
    articles: int
    sentences: int

    @property
    def said(self) -> int:
        """How many sources say it or have the words."""
        return len({entry.source for entry, _ in self.telling})

    @property
    def says(self) -> int:
        """How many sources say it, whatever their words."""
        return len({hit.entry.source for hit in self.found if hit.band == Band.SAYS})


def find(
    library: Library,
    index: SearchIndex,
    space: Space,
    asked: Asked,
    *,
    filters: Filters | None = None,
    limit: int = 20,
    reader: str = "en",
    engines: Sequence[str] = (),
) -> Results:
    """Sentences of the library that say what is asked, or have its words, best first.

    A sentence is compared with what says the same; a few words or a name with what has them too, in whatever
    script: there the two orders are fused by reciprocal rank, and those that answer come first. Phrases of
    the query and of the filters must occur; one that is not surely meant so, if it occurs anywhere at all.

    Args:
        library: where to look.
        index: of that library, in that space; brought up to date first.
        space: of the encoder that read the query.
        asked: the query.
        filters: where to look there.
        limit: how many hits at most.
        reader: the language for translations.
        engines: whose translations are preferred.

    Raises:
        InputError: the phrase of the filters has no words.
        VectorsMissingError: sentences of the library have no vectors of this encoder.
        LibraryError: the index can be neither read nor made anew.
    """
    if filters and filters.phrase:
        asked = replace(asked, query=with_phrase(asked.query, filters.phrase))
    with one_thread():
        compared = compare(library, index, space, asked, filters)
        if not compared.entries and not asked.query.meant:  # a headline that quotes, perhaps
            asked = replace(asked, query=replace(asked.query, phrases=()))
            compared = compare(library, index, space, asked, filters)
        judged = _judged(asked, compared, index)
    return Results(
        asked.query,
        _described(library, judged[:limit], reader, engines),
        tuple(judged),
        _telling(judged, compared.mentions),
        compared.scope.sources,
        compared.scope.articles,
        compared.scope.sentences,
    )


def _telling(hits: Iterable[Hit], mentions: Iterable[tuple[Entry, int]]) -> tuple[tuple[Entry, int], ...]:
    """Articles with the number of their sentences that say it or have the words.

    ``mentions`` count the words in full; among the hits is not every sentence that has them.
    """
    counts = Counter(dict(mentions))
    whole = frozenset(counts)
    for hit in hits:
        if hit.band <= Band.WORDS and not (hit.has_all and hit.entry in whole):
            counts[hit.entry] += 1
    return tuple(counts.items())


def _judged(asked: Asked, compared: Compared, index: SearchIndex) -> list[Hit]:
    """The hits in their order."""
    if not compared.entries:
        return []
    odds, scores = _weighed(compared, index)
    sure, cosines = chances(odds), compared.found.cosines
    worded = set(compared.worded)
    bands = [
        band_of(
            asked.query,
            float(sure[place]),
            float(cosines[place]),
            has_all=place in compared.having,
            has_some=place in worded,
        )
        for place in range(len(odds))
    ]
    if asked.query.short:
        scores = _fused(np.argsort(-scores, kind="stable"), compared.worded)
        # What says it and what has the words take turns; what only comes near follows.
        scores -= np.maximum(np.array(bands, np.float32) - Band.WORDS, 0)
    else:
        copies = np.array([text == asked.told.text for text in compared.found.texts])
        scores[copies] = scores.max() + 1
    return [
        Hit(
            compared.entries[place],
            compared.sentences[place],
            float(sure[place]),
            float(cosines[place]),
            float(scores[place]),
            place in worded,
            bands[place],
            place in compared.having,
        )
        for place in np.argsort(-scores, kind="stable").tolist()
    ]


def _weighed(compared: Compared, index: SearchIndex) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the odds, and what the order goes by, of each sentence found: (n,) and (n,).

    What most surely says the same, if it likely does, is a pivot: sentences in other languages than its own
    are held against it too, and both figures are the means of the two comparisons. A Russian
    sentence that is far from the Chinese query may be near to its English counterpart.
    """
    ranking, found = shipped(), compared.found
    odds, scores = ranking.odds(compared.rows), ranking.scores(compared.rows)
    pivot = int(odds.argmax())
    lang = found.langs[pivot]
    others = np.flatnonzero(np.array(found.langs) != lang)
    if chances(odds[pivot]) < LIKELY or not len(others):
        return odds, scores
    told = Told(found.texts[pivot], lang, compared.vectors[pivot], found.tokens[pivot])
    vectors = compared.vectors[others]
    with index.reading() as view:
        hubs = view.hubs(vectors, lang, HUB)
    rows = features(told, found.at(others, vectors @ told.vector, hubs))
    odds[others] = (odds[others] + ranking.odds(rows)) / 2
    scores[others] = (scores[others] + ranking.scores(rows)) / 2
    return odds, scores


def _fused(*orders: Sequence[int] | NDArray[np.intp]) -> FloatArray:
    """Reciprocal ranks in each order, added up; the first order has all."""
    scores = np.zeros(len(orders[0]), np.float32)
    for order in orders:
        for rank, place in enumerate(order):
            scores[place] += 1 / (FUSED + rank + 1)
    return scores


def _described(library: Library, hits: Sequence[Hit], reader: str, engines: Sequence[str]) -> tuple[Hit, ...]:
    """With their neighbours and translations."""
    beside = library.places.at(
        (article, index + step) for article, index in (hit.mark for hit in hits) for step in (-1, 1)
    )
    texts: dict[str, list[str]] = {}
    for hit in hits:
        texts.setdefault(hit.lang, []).append(hit.sentence.text)
    translated = {
        lang: library.memory.find(own, lang, reader, engines) for lang, own in texts.items() if lang != reader
    }

    def text(article: str, index: int) -> str:
        sentence = beside.get((article, index))
        return sentence.text if sentence else ""

    return tuple(
        replace(
            hit,
            before=text(hit.entry.article, hit.sentence.index - 1),
            after=text(hit.entry.article, hit.sentence.index + 1),
            translation=translated.get(hit.lang, {}).get(hit.sentence.text),
        )
        for hit in hits
    )
