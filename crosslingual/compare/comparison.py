"""One event compared: the one orchestrator that app, command line and report call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from crosslingual.align.encoded_article import load_encoded_article
from crosslingual.align.matching import PairProbabilities, article_overlaps
from crosslingual.align.space import Space
from crosslingual.align.translation import align_overlaps
from crosslingual.compare.calibration import calibrate_pairs
from crosslingual.compare.corrections import link_constraints
from crosslingual.compare.evidence import select_evidence_links, with_best_link
from crosslingual.compare.pair_cache import (
    cached_pair_probabilities,
    read_pair_probabilities,
    scoring_key,
)
from crosslingual.compare.statements import (
    DEFAULT_THRESHOLD,
    build_merge_forest,
    cut_forest,
    find_perhaps,
)
from crosslingual.events.duplicates import independent_voices
from crosslingual.library import Library
from crosslingual.library.versions import ArticleVersion
from crosslingual.types import (
    Article,
    Bead,
    Cell,
    Comparison,
    Duplicate,
    Event,
    Sentence,
    Source,
    SourceSummary,
    Statement,
    Translation,
)

LANGUAGE_ORDER = ("zh", "ru", "uk", "en", "de", "fr")
"""Order of the columns; other languages follow in the order of their codes."""


def compare_event(
    library: Library,
    space: Space,
    event: Event,
    *,
    target_lang: str = "en",
    engines: Sequence[str] = (),
    threshold: float = DEFAULT_THRESHOLD,
    pair_probabilities: PairProbabilities | None = None,
    duplicates: Iterable[Duplicate] = (),
    former: Mapping[str, ArticleVersion] | None = None,
) -> Comparison:
    """How the sources of ``event`` tell it, by the vectors in ``space``, for a reader of ``target_lang``.

    Of a sentence that several translated, a person's translation is shown, then that of the first of
    ``engines``. Statements are those of ``threshold`` and more. ``pair_probabilities`` is what
    ``score_event_pairs`` gave for the event, where at hand: corrections, translations and the reader's
    language do not change it, nor does the library's calibration, which is applied here. Articles that are one
    text by ``duplicates`` count as one voice in the coverage: that of the first of them. ``former`` are versions to
    be compared in the place of articles, by the ids of these.

    Raises:
        NotFoundError: the library lacks an article.
        LibraryError: it lacks vectors of the space's model.
    """
    known = {source.id: source for source in library.stored_sources()}
    former = former or {}
    replaced = {version.article.id: version.sentences for version in former.values()}
    articles = _order_articles(
        [
            former[article.id].article if article.id in former else article
            for article in library.load_articles(event.articles)
        ]
    )
    sentences = library.load_sentences([article.id for article in articles]) | replaced
    told = [sentences[article.id] for article in articles]
    if pair_probabilities is None or len(pair_probabilities.article_indexes) != sum(map(len, told)):
        pair_probabilities = cached_pair_probabilities(library, space, articles, told)
    calibration = library.load_calibration(scoring_key(space))
    pair_probabilities = calibrate_pairs(pair_probabilities, calibration)
    translations = library.memory.find_best_of_all(
        (
            (sentence.text, sentence.lang or article.lang)
            for article, own in zip(articles, told, strict=True)
            for sentence in own
        ),
        target_lang,
        engines,
    )
    rows = {
        (a, i): _make_cell(article, sentence, translations)
        for a, article in enumerate(articles)
        for i, sentence in enumerate(told[a])
    }
    corrections = library.load_corrections([article.id for article in articles])
    together, apart = link_constraints(corrections, articles, told)
    bonds = build_merge_forest(pair_probabilities, together, apart)
    told_again = [
        copy for copy in duplicates if {copy.left, copy.right} <= {article.id for article in articles}
    ]
    voices = independent_voices(articles, told_again)
    sources = [article.source for article in articles]
    statements = []
    exclusives = dict(rows)
    for places, probability in cut_forest(bonds, threshold, sources):
        nodes = np.array([pair_probabilities.row_of(place) for place in places])
        cells = tuple(
            with_best_link(rows[place], node, nodes, pair_probabilities, sources)
            for place, node in zip(places, nodes, strict=True)
        )
        perhaps = tuple(
            replace(rows[place], probability=probability, score=score)
            for place, probability, score in find_perhaps(
                pair_probabilities, nodes, sources, apart, probability
            )
        )
        statements.append(_make_statement(cells, perhaps, voices, probability))
        for place in places:
            exclusives.pop(place, None)
    sizes = {article.id: len(own) for article, own in zip(articles, told, strict=True)}
    statements.sort(
        key=lambda statement: (
            statement.probability < DEFAULT_THRESHOLD,
            -statement.coverage,
            _mean_position(statement, sizes),
            statement.id,
        )
    )
    columns = _summarize_sources(articles, sizes, list(exclusives.values()), known)
    return Comparison(
        event,
        columns,
        tuple(articles),
        tuple(statements),
        tuple(exclusives.values()),
        space.model,
        threshold,
        tuple(bonds),
        tuple(select_evidence_links(pair_probabilities, bonds, sources)),
        tuple(corrections),
        tuple((articles[a].id, articles[b].id) for a, b in pair_probabilities.translation_pairs),
        tuple(told_again),
        calibration,
    )


def find_kept_comparison(
    library: Library, space: Space, event: Event, *, target_lang: str = "en", engines: Sequence[str] = ()
) -> Comparison | None:
    """As ``compare_event``, where its sentences were compared before and that was kept; else None."""
    articles = _order_articles(library.load_articles(event.articles))
    sentences = library.load_sentences([article.id for article in articles])
    kept = read_pair_probabilities(library, space, articles, [sentences[article.id] for article in articles])
    if kept is None:
        return None
    return compare_event(
        library, space, event, target_lang=target_lang, engines=engines, pair_probabilities=kept
    )


def kept_comparison_finder(
    library: Library, space: Space, *, target_lang: str = "en", engines: Sequence[str] = ()
) -> Callable[[Event], Comparison | None]:
    """What tells how the sources of an event tell it, where that was compared before."""
    return lambda event: find_kept_comparison(library, space, event, target_lang=target_lang, engines=engines)


def score_event_pairs(library: Library, space: Space, event: Event) -> PairProbabilities:
    """How likely each two sentences of ``event`` say the same: the long part of ``compare_event``.

    Raises:
        NotFoundError: the library lacks an article.
        LibraryError: it lacks vectors or tokens of the space's model.
    """
    articles = _order_articles(library.load_articles(event.articles))
    sentences = library.load_sentences([article.id for article in articles])
    return cached_pair_probabilities(
        library, space, articles, [sentences[article.id] for article in articles]
    )


def align_articles(library: Library, space: Space, src_id: str, tgt_id: str) -> list[Bead]:
    """Two articles, by their ids, aligned as translations of one text, whatever they look like.

    Every sentence of either stands in one bead, in their order.

    Raises:
        NotFoundError: the library lacks one of them.
        LibraryError: it lacks vectors or tokens of the space's model.
    """
    articles = library.load_articles([src_id, tgt_id])
    sentences = library.load_sentences([src_id, tgt_id])
    src, tgt = (sentences[article.id] for article in articles)
    sides = [
        article_overlaps(load_encoded_article(library, space, article, sentences[article.id]))
        for article in articles
    ]
    return [
        Bead(tuple(src[i] for i in found.src), tuple(tgt[j] for j in found.tgt), found.score)
        for found in align_overlaps(*sides)
    ]


def _order_articles(articles: Sequence[Article]) -> list[Article]:
    """By source, those together that write in one language; a source stands at the first of its own."""
    first: dict[str, tuple[int, str]] = {}
    for article in articles:
        place = _language_rank(article.lang)
        first[article.source] = min(first.get(article.source, place), place)
    return sorted(
        articles,
        key=lambda article: (first[article.source], article.source, article.date, article.id),
    )


def _language_rank(lang: str) -> tuple[int, str]:
    return (LANGUAGE_ORDER.index(lang) if lang in LANGUAGE_ORDER else len(LANGUAGE_ORDER), lang)


def _make_cell(
    article: Article, sentence: Sentence, translations: Mapping[tuple[str, str], Translation]
) -> Cell:
    lang = sentence.lang or article.lang
    return Cell(
        source=article.source,
        article=article.id,
        sentence=sentence.index,
        start=sentence.start,
        end=sentence.end,
        lang=lang,
        text=sentence.text,
        translation=translations.get((sentence.text, lang)),
    )


def _make_statement(
    cells: tuple[Cell, ...], perhaps: tuple[Cell, ...], voice_by_article: dict[str, str], probability: float
) -> Statement:
    members = " ".join(sorted(f"{cell.article}:{cell.sentence}" for cell in cells))
    return Statement(
        id=hashlib.sha256(members.encode()).hexdigest()[:10],
        cells=cells,
        coverage=len({voice_by_article[cell.article] for cell in cells}),
        n_sources=len(set(voice_by_article.values())),
        score=min(cell.score for cell in cells),
        probability=probability,
        perhaps=perhaps,
    )


def _mean_position(statement: Statement, n_sentences: dict[str, int]) -> float:
    """Where the articles tell it on average: 0 at their beginnings, 1 at their ends."""
    return sum(cell.sentence / n_sentences[cell.article] for cell in statement.cells) / len(statement.cells)


def _summarize_sources(
    articles: Sequence[Article],
    n_sentences: dict[str, int],
    exclusives: Sequence[Cell],
    sources_by_id: dict[str, Source],
) -> tuple[SourceSummary, ...]:
    columns = []
    for source in dict.fromkeys(article.source for article in articles):
        own = [article.id for article in articles if article.source == source]
        sentences = sum(n_sentences[article] for article in own)
        alone = sum(cell.source == source for cell in exclusives)
        columns.append(SourceSummary(sources_by_id[source], len(own), sentences, sentences - alone, alone))
    return tuple(columns)
