"""One event compared: the one orchestrator that app, command line and report call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from crosslingual.align.matching import Likeness, Nodes, overlaps
from crosslingual.align.space import Space
from crosslingual.align.telling import telling_of
from crosslingual.align.translation import align
from crosslingual.copies import voices_of
from crosslingual.library import Library
from crosslingual.likeness import likeness_of
from crosslingual.statements import PERHAPS, SURE, Ties, fold, may_say, statements_at
from crosslingual.types import (
    Article,
    Bead,
    Bond,
    Cell,
    Column,
    Comparison,
    Copy,
    Correction,
    Event,
    Link,
    Place,
    Sentence,
    Source,
    Statement,
    Translation,
)

LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")
"""Order of the columns; other languages follow in the order of their codes."""
CANDIDATES = 5
"""Links kept of each sentence: those that won and those that lost."""
UNLIKELY = 0.05
"""Probability below which a link is no candidate."""


def compare(
    library: Library,
    space: Space,
    event: Event,
    *,
    reader: str = "en",
    engines: Sequence[str] = (),
    threshold: float = SURE,
    likeness: Likeness | None = None,
    copies: Iterable[Copy] = (),
) -> Comparison:
    """How the sources of ``event`` tell it, by the vectors in ``space``, for a reader of ``reader``.

    Of a sentence that several translated, a person's translation is shown, then that of the first of
    ``engines``. Statements are those of ``threshold`` and more. ``likeness`` is what ``event_likeness`` gave
    for the event, where at hand: corrections, translations and the reader's language do not change it.
    Articles that are one text by ``copies`` count as one voice in the coverage: that of the first of them.

    Raises:
        NotFoundError: the library lacks an article.
        LibraryError: it lacks vectors of the space's model.
    """
    known = {source.id: source for source in library.sources()}
    articles = _ordered(library.articles(event.articles))
    sentences = library.sentences([article.id for article in articles])
    told = [sentences[article.id] for article in articles]
    if likeness is None or len(likeness.article) != sum(map(len, told)):
        likeness = likeness_of(library, space, articles, told)
    translations = [
        _translations(library, article, own, reader, engines)
        for article, own in zip(articles, told, strict=True)
    ]
    rows = {
        (a, i): _cell(article, sentence, translations[a])
        for a, article in enumerate(articles)
        for i, sentence in enumerate(told[a])
    }
    corrections = library.corrections([article.id for article in articles])
    together, apart = _ties(corrections, articles, told)
    bonds = fold(likeness, together, apart)
    told_again = [copy for copy in copies if {copy.one, copy.other} <= {article.id for article in articles}]
    voices = voices_of(articles, told_again)
    sources = [article.source for article in articles]
    statements = []
    exclusives = dict(rows)
    for places, probability in statements_at(bonds, threshold, sources):
        nodes = np.array([likeness.node(place) for place in places])
        cells = tuple(
            _told(rows[place], node, nodes, likeness, sources)
            for place, node in zip(places, nodes, strict=True)
        )
        perhaps = tuple(
            replace(rows[place], probability=probability, score=score)
            for place, probability, score in may_say(likeness, nodes, sources, apart, probability)
        )
        statements.append(_statement(cells, perhaps, voices, probability))
        for place in places:
            exclusives.pop(place, None)
    sizes = {article.id: len(own) for article, own in zip(articles, told, strict=True)}
    statements.sort(
        key=lambda statement: (
            statement.probability < SURE,
            -statement.coverage,
            _position(statement, sizes),
            statement.id,
        )
    )
    columns = _columns(articles, sizes, list(exclusives.values()), known)
    return Comparison(
        event,
        columns,
        tuple(articles),
        tuple(statements),
        tuple(exclusives.values()),
        space.model,
        threshold,
        tuple(bonds),
        tuple(_links(likeness, bonds, sources)),
        tuple(corrections),
        tuple((articles[a].id, articles[b].id) for a, b in likeness.translations),
        tuple(told_again),
    )


def event_likeness(library: Library, space: Space, event: Event) -> Likeness:
    """How likely each two sentences of ``event`` say the same: the long part of ``compare``.

    Raises:
        NotFoundError: the library lacks an article.
        LibraryError: it lacks vectors or tokens of the space's model.
    """
    articles = _ordered(library.articles(event.articles))
    sentences = library.sentences([article.id for article in articles])
    return likeness_of(library, space, articles, [sentences[article.id] for article in articles])


def bitext(library: Library, space: Space, one: str, other: str) -> list[Bead]:
    """Two articles, by their ids, aligned as translations of one text, whatever they look like.

    Every sentence of either stands in one bead, in their order.

    Raises:
        NotFoundError: the library lacks one of them.
        LibraryError: it lacks vectors or tokens of the space's model.
    """
    articles = library.articles([one, other])
    sentences = library.sentences([one, other])
    src, tgt = (sentences[article.id] for article in articles)
    sides = [overlaps(telling_of(library, space, article, sentences[article.id])) for article in articles]
    return [
        Bead(tuple(src[i] for i in found.src), tuple(tgt[j] for j in found.tgt), found.score)
        for found in align(*sides)
    ]


def _ties(
    corrections: Iterable[Correction], articles: Sequence[Article], told: Sequence[Sequence[Sentence]]
) -> tuple[Ties, Ties]:
    """What was joined and what was parted by hand, as pairs of sentences; the last word on a pair counts."""
    numbers = {article.id: number for number, article in enumerate(articles)}
    ties: dict[str, dict[tuple[Place, Place], str]] = {"together": {}, "apart": {}}
    for correction in corrections:
        sides = [
            [
                (numbers[id_], index)
                for id_, start in side
                if id_ in numbers and (index := _holding(told[numbers[id_]], start)) is not None
            ]
            for side in (correction.one, correction.other)
        ]
        for one, other in product(*sides):
            if one[0] == other[0] and one[1] == other[1]:
                continue
            pair = (min(one, other), max(one, other))
            for table in ties.values():
                table.pop(pair, None)
            ties[correction.kind][pair] = correction.id
    return ties["together"], ties["apart"]


def _holding(sentences: Sequence[Sentence], start: int) -> int | None:
    """The index of the sentence that holds offset ``start``."""
    for sentence in sentences:
        if sentence.start <= start < sentence.end:
            return sentence.index
    return None


def _told(cell: Cell, node: int, group: Nodes, likeness: Likeness, sources: Sequence[str]) -> Cell:
    """``cell`` with its best link within its statement, to another source if it has one."""
    others = group[group != node]
    abroad = [other for other in others if sources[likeness.article[other]] != cell.source]
    choice = np.array(abroad) if abroad else others
    best = choice[likeness.probabilities[node, choice].argmax()]
    return replace(
        cell,
        score=float(likeness.scores[node, best]),
        probability=float(likeness.probabilities[node, best]),
    )


def _links(likeness: Likeness, bonds: Iterable[Bond], sources: Sequence[str]) -> list[Link]:
    """The links that are evidence, each pair once.

    Those are the ``CANDIDATES`` best of each sentence, its best of each source that may say it, and those
    that tie statements.
    """
    probabilities = likeness.probabilities
    if not len(probabilities):
        return []
    count = min(CANDIDATES, len(probabilities))
    best = np.argpartition(-probabilities, count - 1, axis=1)[:, :count]
    pairs = {
        (min(node, other), max(node, other))
        for node, row in enumerate(best.tolist())
        for other in row
        if probabilities[node, other] >= UNLIKELY
    }
    of = np.array([sources[article] for article in likeness.article])
    for source in dict.fromkeys(sources):
        own = np.flatnonzero(of == source)
        if len(own):
            best = probabilities[:, own].argmax(axis=1)
            near = np.flatnonzero(probabilities[np.arange(len(of)), own[best]] >= PERHAPS)
            pairs |= {
                (min(a, b), max(a, b)) for a, b in zip(near.tolist(), own[best[near]].tolist(), strict=True)
            }
    for bond in bonds:
        if bond.correction:  # a person's word is no measurement
            continue
        ends = likeness.node(bond.one), likeness.node(bond.other)
        pairs.add((min(ends), max(ends)))
    return [
        Link(
            likeness.place(one),
            likeness.place(other),
            float(probabilities[one, other]),
            float(likeness.scores[one, other]),
        )
        for one, other in sorted(pairs)
    ]


def _translations(
    library: Library, article: Article, own: Sequence[Sentence], reader: str, engines: Sequence[str]
) -> dict[str, Translation]:
    """What is known of the sentences of an article, each in its own language, in the reader's."""
    texts: dict[str, list[str]] = {}
    for sentence in own:
        texts.setdefault(sentence.lang or article.lang, []).append(sentence.text)
    found: dict[str, Translation] = {}
    for lang, told in texts.items():
        found |= library.memory.find(told, lang, reader, engines)
    return found


def _ordered(articles: Sequence[Article]) -> list[Article]:
    """By source, those together that write in one language; a source stands at the first of its own."""
    first: dict[str, tuple[int, str]] = {}
    for article in articles:
        place = _place(article.lang)
        first[article.source] = min(first.get(article.source, place), place)
    return sorted(
        articles,
        key=lambda article: (first[article.source], article.source, article.date, article.id),
    )


def _place(lang: str) -> tuple[int, str]:
    return (LANGUAGES.index(lang) if lang in LANGUAGES else len(LANGUAGES), lang)


def _cell(article: Article, sentence: Sentence, translations: dict[str, Translation]) -> Cell:
    return Cell(
        source=article.source,
        article=article.id,
        sentence=sentence.index,
        start=sentence.start,
        end=sentence.end,
        lang=sentence.lang or article.lang,
        text=sentence.text,
        translation=translations.get(sentence.text),
    )


def _statement(
    cells: tuple[Cell, ...], perhaps: tuple[Cell, ...], voices: dict[str, str], probability: float
) -> Statement:
    members = " ".join(sorted(f"{cell.article}:{cell.sentence}" for cell in cells))
    return Statement(
        id=hashlib.sha256(members.encode()).hexdigest()[:10],
        cells=cells,
        coverage=len({voices[cell.article] for cell in cells}),
        of=len(set(voices.values())),
        score=min(cell.score for cell in cells),
        probability=probability,
        perhaps=perhaps,
    )


def _position(statement: Statement, sizes: dict[str, int]) -> float:
    """Where the articles tell it on average: 0 at their beginnings, 1 at their ends."""
    return sum(cell.sentence / sizes[cell.article] for cell in statement.cells) / len(statement.cells)


def _columns(
    articles: Sequence[Article], sizes: dict[str, int], exclusives: Sequence[Cell], known: dict[str, Source]
) -> tuple[Column, ...]:
    columns = []
    for source in dict.fromkeys(article.source for article in articles):
        own = [article.id for article in articles if article.source == source]
        sentences = sum(sizes[article] for article in own)
        alone = sum(cell.source == source for cell in exclusives)
        columns.append(Column(known[source], len(own), sentences, sentences - alone, alone))
    return tuple(columns)
