"""One search: what is near by meaning and what has the words, judged together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.matching import LIKELY
from crosslingual.align.space import Space
from crosslingual.encode import Encoder
from crosslingual.errors import NotFoundError
from crosslingual.library import Entry, Library, Mark
from crosslingual.search.lookup import look_up, mentions, with_phrases
from crosslingual.search.query import Filters, Query
from crosslingual.search.rank import Found, Told, features, shipped
from crosslingual.search.store import SearchIndex
from crosslingual.search.view import Scope, View
from crosslingual.types import FloatArray, Sentence, Translation

NEAREST = 50
"""Sentences of each language that are judged."""
LANGUAGES_APART = 8
"""Languages, those with most sentences, that are searched each by itself; the others are together."""
WORDED = 50
"""Sentences that have the words and are judged."""
FUSED = 60
"""What is added to a rank before it is turned over (Cormack, Clarke and Büttcher 2009)."""
_HUB = 4  # neighbours


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is compared; ``mark`` is the stored sentence it is, if it is one."""

    query: Query
    told: Told
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found: ``probability`` of saying the same as the query, ``cosine`` of the two.

    ``score`` is what the order goes by. ``worded`` tells that it has words or names of the query. ``before``
    and ``after`` are the sentences beside it, empty at the ends of an article.
    """

    entry: Entry
    sentence: Sentence
    probability: float
    cosine: float
    score: float
    worded: bool
    before: str = ""
    after: str = ""
    translation: Translation | None = None

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return self.entry.article, self.sentence.index


@dataclass(frozen=True, slots=True)
class Results:
    """``hits``, best first, no more than were asked for; ``found`` are all that were judged.

    ``telling`` are the articles that say it, each with the number of its sentences that do: of a short query,
    those in which all its words or names stand, whatever is said of them. They are of ``said`` sources, of
    ``of`` that were looked at, which have ``sentences`` in ``articles``.
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
        """How many sources say it."""
        return len({entry.source for entry, _ in self.telling})


def ask(query: Query, encoder: Encoder, space: Space) -> Asked:
    """The query, read by the space's encoder."""
    lang = query.lang or (query.guesses[0] if query.guesses != ("en",) else "")
    read = encoder.read([query.text])
    packed = space.tokens.pack(read.states[0], read.weights[0])
    vector = space.mapped(read.vectors, lang)[0]
    return Asked(query, Told(query.text, lang, vector, space.mapped_tokens(packed, lang)))


def ask_like(library: Library, space: Space, mark: Mark) -> Asked:
    """A stored sentence as a query; nothing is encoded.

    Raises:
        NotFoundError: the library has no such sentence.
        VectorsMissingError: it has no vectors of the space's encoder.
    """
    (article,) = library.articles([mark[0]])
    sentence = library.places.at([mark]).get(mark)
    if sentence is None:
        count = len(library.sentences([mark[0]])[mark[0]])
        raise NotFoundError(f"{mark[0]}:{mark[1]}: the article has {count} sentences; they count from 0")
    vector = space.mapped(library.vectors(space.model, [sentence.text]), article.lang)[0]
    tokens = space.mapped_tokens(library.tokens(space.tokens.key, [sentence.text])[0], article.lang)
    query = Query(sentence.text, article.lang)
    return Asked(query, Told(sentence.text, article.lang, vector, tokens), mark)


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
    script: there the two orders are fused by reciprocal rank. Phrases of the query must occur; those
    that are not surely meant so, if they occur anywhere at all.

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
        VectorsMissingError: sentences of the library have no vectors of this encoder.
        LibraryError: the index can be neither read nor made anew.
    """
    compared = compare(library, index, space, asked, filters)
    if not compared.entries and not asked.query.meant:  # a headline that quotes, perhaps
        asked = replace(asked, query=replace(asked.query, phrases=()))
        compared = compare(library, index, space, asked, filters)
    judged = _judged(asked, compared)
    return Results(
        asked.query,
        _described(library, judged[:limit], reader, engines),
        tuple(judged),
        compared.mentions if asked.query.short else _telling(judged),
        compared.scope.sources,
        compared.scope.articles,
        compared.scope.sentences,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """n sentences held against a query: ``rows`` (n, f) are their features, ``cosines`` (n,) with the query.

    ``worded`` are the places among them of those that have its words, best first. ``mentions`` are articles
    with how many of their sentences have all words of a short query; ``scope`` is where it was looked.
    """

    entries: tuple[Entry, ...]
    sentences: tuple[Sentence, ...]
    rows: FloatArray
    cosines: FloatArray
    worded: tuple[int, ...]
    mentions: tuple[tuple[Entry, int], ...]
    scope: Scope


def compare(
    library: Library, index: SearchIndex, space: Space, asked: Asked, filters: Filters | None = None
) -> Compared:
    """What a search judges, and by what: arguments and errors as of ``find``."""
    sources = {source.id: source for source in library.sources()}
    with index.reading() as view:
        scope = view.scope(filters or Filters(), sources)
        numbers, words = _candidates(view, asked, scope)
        counted = _mentions(view, asked.query, scope.among) if asked.query.short else ()
        entries = [view.entry(number) for number in numbers]
        marks = [view.mark(number) for number in numbers]
        vectors = view.vectors(numbers)
        hubs = view.hubs(vectors, asked.told.lang, _HUB)
    told = library.places.at(marks)
    kept = [
        place
        for place, mark in enumerate(marks)
        if mark in told and mark != asked.mark and asked.query.holds(told[mark].text)
    ]
    sentences = tuple(told[marks[place]] for place in kept)
    orders = {numbers[place]: order for order, place in enumerate(kept)}
    if not kept:
        nothing = np.zeros(0, np.float32)
        return Compared((), (), nothing[:, None], nothing, (), counted, scope)
    langs = [entries[place].lang for place in kept]
    packed = library.tokens(space.tokens.key, [sentence.text for sentence in sentences])
    cosines = vectors[kept] @ asked.told.vector
    found = Found(
        [sentence.text for sentence in sentences],
        langs,
        [space.mapped_tokens(one, lang) for one, lang in zip(packed, langs, strict=True)],
        cosines,
        hubs[kept],
    )
    return Compared(
        tuple(entries[place] for place in kept),
        sentences,
        features(asked.told, found),
        cosines,
        tuple(orders[number] for number in words if number in orders),
        counted,
        scope,
    )


def _candidates(view: View, asked: Asked, scope: Scope) -> tuple[list[int], list[int]]:
    """Numbers of the sentences to judge, each once; and of those that have the words, best first."""
    groups = [frozenset((lang,)) for lang in scope.langs[:LANGUAGES_APART]]
    if rest := frozenset(scope.langs[LANGUAGES_APART:]):
        groups.append(rest)
    words = look_up(view, asked.query, scope.among, groups)
    found: dict[int, None] = dict.fromkeys(words[:WORDED])
    if asked.query.phrases:
        found.update(dict.fromkeys(with_phrases(view, asked.query, scope.among)))
    else:
        for group in groups:
            here = view.in_languages(group, scope.among)
            found.update(dict.fromkeys(view.nearest(asked.told.vector, NEAREST, here)[0].tolist()))
    return list(found), words


def _mentions(view: View, query: Query, among: NDArray[np.bool_] | None) -> tuple[tuple[Entry, int], ...]:
    counts: Counter[int] = Counter(map(view.owner, mentions(view, query, among)))
    return tuple((view.entries[place], count) for place, count in sorted(counts.items()))


def _telling(hits: Iterable[Hit]) -> tuple[tuple[Entry, int], ...]:
    counts: Counter[Entry] = Counter(hit.entry for hit in hits if hit.probability >= LIKELY)
    return tuple(counts.items())


def _judged(asked: Asked, compared: Compared) -> list[Hit]:
    """The hits in their order."""
    if not compared.entries:
        return []
    sure, scores = shipped().probabilities(compared.rows), shipped().scores(compared.rows)
    if asked.query.short:
        scores = _fused(np.argsort(-scores, kind="stable"), compared.worded)
    worded = set(compared.worded)
    return [
        Hit(
            compared.entries[place],
            compared.sentences[place],
            float(sure[place]),
            float(compared.cosines[place]),
            float(scores[place]),
            place in worded,
        )
        for place in np.argsort(-scores, kind="stable").tolist()
    ]


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
        texts.setdefault(hit.entry.lang, []).append(hit.sentence.text)
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
            translation=translated.get(hit.entry.lang, {}).get(hit.sentence.text),
        )
        for hit in hits
    )
