"""One search: what is near by meaning and what has the words, judged together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.library import ArticleEntry, Library, SentenceKey
from crosslingual.search.bands import Band, choose_band
from crosslingual.search.candidates import (
    HUB_NEIGHBORS,
    NEIGHBORS_PER_LANGUAGE,
    CandidateSet,
    EncodedQuery,
    LanguageGroup,
    find_candidates,
    language_groups,
)
from crosslingual.search.protocol import LibraryIndex, hub_scores
from crosslingual.search.query import Filters, Query, add_phrase
from crosslingual.search.reranker import (
    EncodedText,
    compute_features,
    load_ranking_model,
    logits_to_probabilities,
)
from crosslingual.threads import one_thread
from crosslingual.types import FloatArray, Sentence, Translation

MAX_NEIGHBORS = NEIGHBORS_PER_LANGUAGE * 2**6
"""Sentences of each language, or of the rest together, that are judged at most."""
RANK_FUSION_CONSTANT = 60
"""What is added to a rank before it is turned over (Cormack, Clarke and Büttcher 2009)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found: ``probability`` of saying the same as the query, ``cosine`` of the two.

    ``score`` is what the order goes by. ``has_words`` tells that it has words or names of the query, ``has_all``
    that it has all of them, or its phrases. ``before`` and ``after`` are the sentences beside it, empty at
    the ends of an article.
    """

    entry: ArticleEntry
    sentence: Sentence
    probability: float
    cosine: float
    score: float
    has_words: bool
    band: Band
    has_all: bool
    before: str = ""
    after: str = ""
    translation: Translation | None = None

    @property
    def sentence_key(self) -> SentenceKey:
        """Where it stands."""
        return self.entry.article, self.sentence.index

    @property
    def lang(self) -> str:
        """The sentence's own language, which of a quotation may be another than its article's."""
        return self.sentence.lang or self.entry.lang


@dataclass(frozen=True, slots=True)
class Results:
    """``hits``, best first, no more than were asked for; ``all_hits`` are all that were judged.

    ``match_counts`` are the articles that say it, each with the number of its sentences that do; of a short
    query or a phrase also those that have the words, whatever is said of them. They are of ``n_sources``
    sources, of which ``n_sources_saying`` say it, of ``n_sources_searched`` that were looked at, which have
    ``n_sentences`` in ``n_articles``.

    ``is_complete``: the sentences that say it were counted to the last, by going on among the nearest of each
    language until as many again as were judged held none.
    """

    query: Query
    hits: tuple[Hit, ...]
    all_hits: tuple[Hit, ...]
    match_counts: tuple[tuple[ArticleEntry, int], ...]
    n_sources_searched: int
    n_articles: int
    n_sentences: int
    is_complete: bool = field(default=True, kw_only=True)

    @property
    def n_sources(self) -> int:
        """How many sources say it or have the words."""
        return len({entry.source for entry, _ in self.match_counts})

    @property
    def n_sources_saying(self) -> int:
        """How many sources say it, whatever their words."""
        return len({hit.entry.source for hit in self.all_hits if hit.band == Band.SAYS})


def search_sentences(
    library: Library,
    index: LibraryIndex,
    space: Space,
    encoded_query: EncodedQuery,
    *,
    filters: Filters | None = None,
    limit: int = 20,
    target_lang: str = "en",
    engine_priority: Sequence[str] = (),
) -> Results:
    """Sentences of the library that say what is asked, or have its words, best first.

    A sentence is compared with what says the same; a few words or a name with what has them too, in whatever
    script: there the two orders are fused by reciprocal rank, and those that answer come first. Phrases of
    the query and of the filters must occur; one that is not surely meant so, if it occurs anywhere at all.

    Args:
        library: where to look.
        index: of that library, in that space; brought up to date first.
        space: of the encoder that read the query.
        encoded_query: the query.
        filters: where to look there.
        limit: how many hits at most.
        target_lang: the language for translations.
        engine_priority: whose translations are preferred.

    Raises:
        InputError: the phrase of the filters has no words.
        VectorsMissingError: sentences of the library have no vectors of this encoder.
        LibraryError: the index can be neither read nor made anew.
    """
    if filters and filters.phrase:
        encoded_query = replace(encoded_query, query=add_phrase(encoded_query.query, filters.phrase))
    with one_thread():
        compared = find_candidates(library, index, space, encoded_query, filters)
        if (
            not compared.entries and not encoded_query.query.requires_phrases
        ):  # a headline that quotes, perhaps
            encoded_query = replace(encoded_query, query=replace(encoded_query.query, phrases=()))
            compared = find_candidates(library, index, space, encoded_query, filters)
        judged = _rank_hits(encoded_query, compared, index)
        neighbors: dict[LanguageGroup, int] = {}
        while growing := _find_growing(encoded_query.query, judged, compared.scope.langs, neighbors):
            neighbors |= growing
            compared = find_candidates(library, index, space, encoded_query, filters, neighbors)
            judged = _rank_hits(encoded_query, compared, index)
    return Results(
        encoded_query.query,
        _add_context(library, judged[:limit], target_lang, engine_priority),
        tuple(judged),
        _count_matches(judged, compared.match_counts),
        compared.scope.n_sources,
        compared.scope.n_articles,
        compared.scope.n_sentences,
        is_complete=compared.has_all_phrases and max(neighbors.values(), default=0) < MAX_NEIGHBORS,
    )


def _find_growing(
    query: Query, hits: Iterable[Hit], langs: Sequence[str], neighbors: Mapping[LanguageGroup, int]
) -> dict[LanguageGroup, int]:
    """Groups of languages in whose further half of the neighbours some say it: how many are to be judged now."""
    cosines: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for hit in hits:
        cosines[hit.entry.lang].append((hit.cosine, hit.band == Band.SAYS))
    growing = {}
    for group in () if query.phrases else language_groups(langs):
        judged = neighbors.get(group, NEIGHBORS_PER_LANGUAGE)
        own = sorted((one for lang in group for one in cosines[lang]), reverse=True)
        further = own[judged // 2 : judged]
        if judged < MAX_NEIGHBORS and any(says for _, says in further):
            growing[group] = 2 * judged
    return growing


def _count_matches(
    hits: Iterable[Hit], match_counts: Iterable[tuple[ArticleEntry, int]]
) -> tuple[tuple[ArticleEntry, int], ...]:
    """Articles with the number of their sentences that say it or have the words.

    ``match_counts`` count the words in full; among the hits is not every sentence that has them.
    """
    counts = Counter(dict(match_counts))
    whole = frozenset(counts)
    for hit in hits:
        if hit.band <= Band.WORDS and not (hit.has_all and hit.entry in whole):
            counts[hit.entry] += 1
    return tuple(counts.items())


def _rank_hits(encoded_query: EncodedQuery, candidate_set: CandidateSet, index: LibraryIndex) -> list[Hit]:
    """The hits in their order."""
    if not candidate_set.entries:
        return []
    odds, scores = _score_candidates(candidate_set, index)
    sure, cosines = logits_to_probabilities(odds), candidate_set.candidates.cosines
    worded = set(candidate_set.word_matches)
    bands = [
        choose_band(
            encoded_query.query,
            float(sure[place]),
            float(cosines[place]),
            has_all=place in candidate_set.full_matches,
            has_some=place in worded,
        )
        for place in range(len(odds))
    ]
    if encoded_query.query.is_short:
        scores = _fuse_ranks(np.argsort(-scores, kind="stable"), candidate_set.word_matches)
        # What says it and what has the words take turns; what only comes near follows.
        scores -= np.maximum(np.array(bands, np.float32) - Band.WORDS, 0)
    else:
        copies = np.array(
            [text == encoded_query.encoded_text.text for text in candidate_set.candidates.texts]
        )
        scores[copies] = scores.max() + 1
    return [
        Hit(
            candidate_set.entries[place],
            candidate_set.sentences[place],
            float(sure[place]),
            float(cosines[place]),
            float(scores[place]),
            place in worded,
            bands[place],
            place in candidate_set.full_matches,
        )
        for place in np.argsort(-scores, kind="stable").tolist()
    ]


def _score_candidates(candidate_set: CandidateSet, index: LibraryIndex) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the odds, and what the order goes by, of each sentence found: (n,) and (n,).

    What most surely says the same, if it likely does, is a pivot: sentences in other languages than its own
    are held against it too, and both figures are the means of the two comparisons. A Russian
    sentence that is far from the Chinese query may be near to its English counterpart.
    """
    ranking, found = load_ranking_model(), candidate_set.candidates
    odds, scores = (
        ranking.predict_logits(candidate_set.features),
        ranking.predict_scores(candidate_set.features),
    )
    pivot = int(odds.argmax())
    lang = found.langs[pivot]
    others = np.flatnonzero(np.array(found.langs) != lang)
    if logits_to_probabilities(odds[pivot]) < LIKELY_PROBABILITY or not len(others):
        return odds, scores
    told = EncodedText(found.texts[pivot], lang, candidate_set.vectors[pivot], found.tokens[pivot])
    vectors = candidate_set.vectors[others]
    with index.open_snapshot() as view:
        hubs = hub_scores(view, vectors, lang, HUB_NEIGHBORS)
    rows = compute_features(told, found.select(others, vectors @ told.vector, hubs))
    odds[others] = (odds[others] + ranking.predict_logits(rows)) / 2
    scores[others] = (scores[others] + ranking.predict_scores(rows)) / 2
    return odds, scores


def _fuse_ranks(*orders: Sequence[int] | NDArray[np.intp]) -> FloatArray:
    """Reciprocal ranks in each order, added up; the first order has all."""
    scores = np.zeros(len(orders[0]), np.float32)
    for order in orders:
        for rank, place in enumerate(order):
            scores[place] += 1 / (RANK_FUSION_CONSTANT + rank + 1)
    return scores


def _add_context(
    library: Library, hits: Sequence[Hit], target_lang: str, engine_priority: Sequence[str]
) -> tuple[Hit, ...]:
    """With their neighbours and translations."""
    beside = library.lookup.sentences_at(
        (article, index + step) for article, index in (hit.sentence_key for hit in hits) for step in (-1, 1)
    )
    translated = library.memory.find_best_of_all(
        ((hit.sentence.text, hit.lang) for hit in hits), target_lang, engine_priority
    )

    def neighbor_text(article: str, index: int) -> str:
        sentence = beside.get((article, index))
        return sentence.text if sentence else ""

    return tuple(
        replace(
            hit,
            before=neighbor_text(hit.entry.article, hit.sentence.index - 1),
            after=neighbor_text(hit.entry.article, hit.sentence.index + 1),
            translation=translated.get((hit.sentence.text, hit.lang)),
        )
        for hit in hits
    )
