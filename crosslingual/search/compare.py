"""A query held against the sentences of a library that are near to it or have its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from crosslingual.align.space import Space
from crosslingual.encode import Encoder
from crosslingual.errors import NotFoundError
from crosslingual.library import Entry, Library, Mark
from crosslingual.search.lookup import look_up, mentions, with_phrases
from crosslingual.search.query import Filters, Query
from crosslingual.search.rank import Found, Told, features
from crosslingual.search.store import SearchIndex
from crosslingual.search.view import Scope, View
from crosslingual.types import FloatArray, Sentence

NEAREST = 50
"""Sentences of each language that are judged."""
LANGUAGES_APART = 8
"""Languages, those with most sentences, that are searched each by itself; the others are together."""
WORDED = 50
"""Sentences that have the words and are judged."""
OF_A_SOURCE, MOST_HAVING = 3, 300
"""Sentences of a source, and in all, that are judged since they have all words of a short query."""
HUB = 4
"""Neighbours that tell how near a sentence is to anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is compared; ``mark`` is the stored sentence it is, if it is one."""

    query: Query
    told: Told
    mark: Mark | None = None


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
    lang = sentence.lang or article.lang
    vector = space.mapped(library.vectors(space.model, [sentence.text]), lang)[0]
    tokens = space.mapped_tokens(library.tokens(space.tokens.key, [sentence.text])[0], lang)
    return Asked(Query(sentence.text, lang), Told(sentence.text, lang, vector, tokens), mark)


@dataclass(frozen=True, slots=True)
class Compared:
    """n sentences held against a query: ``rows`` (n, f) are their features, from ``found`` and the query.

    ``vectors`` (n, d) are mapped. ``worded`` are the places among them of those that have its words, best
    first, and ``having`` of those that have all of them, or the phrases. ``mentions`` are articles with how
    many of their sentences have all words of a short query; ``scope`` is where it was looked.
    """

    entries: tuple[Entry, ...]
    sentences: tuple[Sentence, ...]
    found: Found
    vectors: FloatArray
    rows: FloatArray
    worded: tuple[int, ...]
    having: frozenset[int]
    mentions: tuple[tuple[Entry, int], ...]
    scope: Scope


def compare(
    library: Library, index: SearchIndex, space: Space, asked: Asked, filters: Filters | None = None
) -> Compared:
    """What a search judges, and by what: arguments and errors as of ``find``."""
    sources = {source.id: source for source in library.sources()}
    with index.reading() as view:
        scope = view.scope(filters or Filters(), sources)
        having = _having(view, asked.query, scope)
        numbers, words = _candidates(view, asked, scope, having)
        counted = _counted(view, having)
        entries = [view.entry(number) for number in numbers]
        marks = [view.mark(number) for number in numbers]
        vectors = view.vectors(numbers)
        hubs = view.hubs(vectors, asked.told.lang, HUB)
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
        return Compared(
            (),
            (),
            Found((), (), (), nothing, nothing),
            vectors,
            nothing[:, None],
            (),
            frozenset(),
            counted,
            scope,
        )
    langs = [told[marks[place]].lang or entries[place].lang for place in kept]
    packed = library.tokens(space.tokens.key, [sentence.text for sentence in sentences])
    vectors = vectors[kept]
    found = Found(
        [sentence.text for sentence in sentences],
        langs,
        [space.mapped_tokens(one, lang) for one, lang in zip(packed, langs, strict=True)],
        vectors @ asked.told.vector,
        hubs[kept],
    )
    return Compared(
        tuple(entries[place] for place in kept),
        sentences,
        found,
        vectors,
        features(asked.told, found),
        tuple(orders[number] for number in words if number in orders),
        frozenset(orders.values())
        if asked.query.phrases
        else frozenset(orders[number] for number in having if number in orders),
        counted,
        scope,
    )


def _candidates(view: View, asked: Asked, scope: Scope, having: Sequence[int]) -> tuple[list[int], list[int]]:
    """Numbers of the sentences to judge, each once; and of those that have the words, best first.

    Of ``having``, which have all words, some of each source are judged, however many there are of others.
    """
    groups = [frozenset((lang,)) for lang in scope.langs[:LANGUAGES_APART]]
    if rest := frozenset(scope.langs[LANGUAGES_APART:]):
        groups.append(rest)
    words = look_up(view, asked.query, scope.among, groups)
    found: dict[int, None] = dict.fromkeys(words[:WORDED])
    if asked.query.phrases:
        found.update(dict.fromkeys(with_phrases(view, asked.query, scope.among)))
    else:
        found.update(dict.fromkeys(islice(_of_each_source(view, having), MOST_HAVING)))
        for group in groups:
            here = view.in_languages(group, scope.among)
            found.update(dict.fromkeys(view.nearest(asked.told.vector, NEAREST, here)[0].tolist()))
    return list(found), list(dict.fromkeys((*words, *(number for number in having if number in found))))


def _of_each_source(view: View, numbers: Iterable[int]) -> Iterator[int]:
    """Some of ``numbers`` of each source."""
    taken: Counter[str] = Counter()
    for number in numbers:
        source = view.entry(number).source
        if taken[source] < OF_A_SOURCE:
            taken[source] += 1
            yield number


def _having(view: View, query: Query, scope: Scope) -> list[int]:
    """Numbers of all sentences that have all words of a short query."""
    return mentions(view, query, scope.among) if query.short and not query.phrases else []


def _counted(view: View, having: Sequence[int]) -> tuple[tuple[Entry, int], ...]:
    counts: Counter[int] = Counter(map(view.owner, having))
    return tuple((view.entries[place], count) for place, count in sorted(counts.items()))
