"""A query held against the sentences of a library that are near to it or have its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import NotFoundError
from crosslingual.library import ArticleEntry, Library, SentenceKey
from crosslingual.search.keyword import (
    MAX_PHRASE_MATCHES,
    find_full_matches,
    find_phrase_matches,
    find_word_matches,
)
from crosslingual.search.protocol import LibraryIndex, SearchScope, SearchView, SentencePlace, hub_scores
from crosslingual.search.query import Filters, Query
from crosslingual.search.reranker import Candidates, EncodedText, compute_features
from crosslingual.types import FloatArray, Sentence

NEIGHBORS_PER_LANGUAGE = 50
"""Sentences of each language that are judged at first; more as long as they say it."""
MAX_SEPARATE_LANGUAGES = 8
"""Languages, those with most sentences, that are searched each by itself; the others are together."""
MAX_WORD_MATCHES = 50
"""Sentences that have the words and are judged."""
MAX_PER_SOURCE, MAX_FULL_MATCHES = 3, 300
"""Sentences of a source, and in all beyond one of each, that are judged for having all words of a short query."""
HUB_NEIGHBORS = 4
"""Neighbours that tell how near a sentence is to anything."""


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as it is compared; ``sentence_key`` is the stored sentence it is, if it is one."""

    query: Query
    encoded_text: EncodedText
    sentence_key: SentenceKey | None = None


def encode_query(query: Query, encoder: Encoder, space: Space) -> EncodedQuery:
    """The query, read by the space's encoder."""
    lang = query.lang or (query.possible_langs[0] if query.possible_langs != ("en",) else "")
    read = encoder.encode_with_tokens([query.text])
    packed = space.tokens.pack(read.states[0], read.weights[0])
    vector = space.project_vectors(read.vectors, lang)[0]
    return EncodedQuery(
        query, EncodedText(query.text, lang, vector, space.unpack_projected_tokens(packed, lang))
    )


def load_query(library: Library, space: Space, sentence_key: SentenceKey) -> EncodedQuery:
    """A stored sentence as a query; nothing is encoded.

    Raises:
        NotFoundError: the library has no such sentence.
        VectorsMissingError: it has no vectors of the space's encoder.
    """
    (article,) = library.load_articles([sentence_key[0]])
    sentence = library.lookup.sentences_at([sentence_key]).get(sentence_key)
    if sentence is None:
        count = len(library.load_sentences([sentence_key[0]])[sentence_key[0]])
        raise NotFoundError(
            f"{sentence_key[0]}:{sentence_key[1]}: the article has {count} sentences; they count from 0"
        )
    lang = sentence.lang or article.lang
    vector = space.project_vectors(library.load_vectors(space.model, [sentence.text]), lang)[0]
    tokens = space.unpack_projected_tokens(library.load_tokens(space.tokens.key, [sentence.text])[0], lang)
    return EncodedQuery(
        Query(sentence.text, lang), EncodedText(sentence.text, lang, vector, tokens), sentence_key
    )


@dataclass(frozen=True, slots=True)
class CandidateSet:
    """n sentences held against a query: ``features`` (n, f) are their features, from ``candidates`` and the query.

    ``vectors`` (n, d) are mapped. ``word_matches`` are the places among them of those that have its
    words, best first, and ``full_matches`` of those that have all of them, or the phrases. ``match_counts`` are
    articles with how many of their sentences have all words of a short query; ``scope`` is where it
    was looked. ``has_all_phrases`` is whether all sentences with the phrases are among them.
    """

    entries: tuple[ArticleEntry, ...]
    sentences: tuple[Sentence, ...]
    candidates: Candidates
    vectors: FloatArray
    features: FloatArray
    word_matches: tuple[int, ...]
    full_matches: frozenset[int]
    match_counts: tuple[tuple[ArticleEntry, int], ...]
    scope: SearchScope
    has_all_phrases: bool = True


LanguageGroup = frozenset[str]
"""Languages that are searched together."""


def language_groups(langs: Sequence[str]) -> list[LanguageGroup]:
    """``langs`` as they are searched, those with most sentences first: the rest is together."""
    groups = [frozenset((lang,)) for lang in langs[:MAX_SEPARATE_LANGUAGES]]
    if rest := frozenset(langs[MAX_SEPARATE_LANGUAGES:]):
        groups.append(rest)
    return groups


def find_candidates(
    library: Library,
    index: LibraryIndex,
    space: Space,
    encoded_query: EncodedQuery,
    filters: Filters | None = None,
    neighbors: Mapping[LanguageGroup, int] | None = None,
) -> CandidateSet:
    """What a search judges, and by what: arguments and errors as of ``search_sentences``.

    ``neighbors`` are how many of the nearest sentences of a group of languages are judged, where that is not
    ``NEIGHBORS_PER_LANGUAGE``.
    """
    sources = {source.id: source for source in library.stored_sources()}
    with index.open_snapshot() as view:
        scope = view.select_scope(filters or Filters(), sources)
        having = _find_full_places(view, encoded_query.query, scope)
        numbers, words, has_all_phrases = _choose_numbers(view, encoded_query, scope, having, neighbors or {})
        places = view.locate_sentences(numbers)
        numbers = [number for number in numbers if number in places]
        vectors = view.load_vectors(numbers)
        hubs = hub_scores(view, vectors, encoded_query.encoded_text.lang, HUB_NEIGHBORS)
    counted = _count_by_article(having)
    entries = [places[number][0] for number in numbers]
    marks = [(entry.article, places[number][1]) for number, entry in zip(numbers, entries, strict=True)]
    told = library.lookup.sentences_at(marks)
    kept = [
        place
        for place, mark in enumerate(marks)
        if mark in told
        and mark != encoded_query.sentence_key
        and encoded_query.query.matches_phrases(told[mark].text)
    ]
    sentences = tuple(told[marks[place]] for place in kept)
    orders = {numbers[place]: order for order, place in enumerate(kept)}
    if not kept:
        nothing = np.zeros(0, np.float32)
        return CandidateSet(
            (),
            (),
            Candidates((), (), (), nothing, nothing),
            vectors,
            nothing[:, None],
            (),
            frozenset(),
            counted,
            scope,
            has_all_phrases,
        )
    langs = [told[marks[place]].lang or entries[place].lang for place in kept]
    packed = library.load_tokens(space.tokens.key, [sentence.text for sentence in sentences])
    vectors = vectors[kept]
    found = Candidates(
        [sentence.text for sentence in sentences],
        langs,
        [space.unpack_projected_tokens(one, lang) for one, lang in zip(packed, langs, strict=True)],
        vectors @ encoded_query.encoded_text.vector,
        hubs[kept],
    )
    return CandidateSet(
        tuple(entries[place] for place in kept),
        sentences,
        found,
        vectors,
        compute_features(encoded_query.encoded_text, found),
        tuple(orders[number] for number in words if number in orders),
        frozenset(orders.values())
        if encoded_query.query.phrases
        else frozenset(orders[number] for number in having if number in orders),
        counted,
        scope,
        has_all_phrases,
    )


def _choose_numbers(
    view: SearchView,
    encoded_query: EncodedQuery,
    scope: SearchScope,
    full_matches: Mapping[int, SentencePlace],
    neighbors: Mapping[LanguageGroup, int],
) -> tuple[list[int], list[int], bool]:
    """Numbers of the sentences to judge, each once; those that have the words, best first; if all with the phrases are.

    Of ``full_matches``, which have all words, some of each source are judged, however many there are of
    others.
    """
    groups = language_groups(scope.langs)
    has_all_phrases = True
    words = find_word_matches(view, encoded_query.query, scope.chosen, groups)
    found: dict[int, None] = dict.fromkeys(words[:MAX_WORD_MATCHES])
    if encoded_query.query.phrases:
        having = find_phrase_matches(view, encoded_query.query, scope.chosen)
        found.update(dict.fromkeys(having))
        has_all_phrases = len(having) < MAX_PHRASE_MATCHES
    else:
        found.update(dict.fromkeys(_limit_per_source(full_matches)))
        for group in groups:
            nearest, _ = view.find_nearest(
                encoded_query.encoded_text.vector,
                neighbors.get(group, NEIGHBORS_PER_LANGUAGE),
                view.narrow_scope(group, scope.chosen),
            )
            found.update(dict.fromkeys(nearest.tolist()))
    having_words = dict.fromkeys((*words, *(number for number in full_matches if number in found)))
    return list(found), list(having_words), has_all_phrases


def _limit_per_source(full_matches: Mapping[int, SentencePlace]) -> Iterator[int]:
    """Some of ``full_matches`` of each source, and one of every source however many there are."""
    taken: Counter[str] = Counter()
    n_more = 0
    for number, (entry, _) in full_matches.items():
        source = entry.source
        if taken[source] >= MAX_PER_SOURCE or (taken[source] and n_more >= MAX_FULL_MATCHES):
            continue
        n_more += taken[source] > 0
        taken[source] += 1
        yield number


def _find_full_places(view: SearchView, query: Query, scope: SearchScope) -> dict[int, SentencePlace]:
    """All sentences that have all words of a short query, by their numbers in their order."""
    if not query.is_short or query.phrases:
        return {}
    return view.locate_sentences(sorted(find_full_matches(view, query, scope.chosen)))


def _count_by_article(full_matches: Mapping[int, SentencePlace]) -> tuple[tuple[ArticleEntry, int], ...]:
    """Articles, in the order in which they were taken in, with how many of their sentences are among them."""
    return tuple(Counter(entry for entry, _ in full_matches.values()).items())
