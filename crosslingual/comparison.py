"""One event compared: the one orchestrator that app, command line and report call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from crosslingual.align.space import Space
from crosslingual.library import Library
from crosslingual.statements import Telling, find_statements
from crosslingual.types import (
    Article,
    Cell,
    Column,
    Comparison,
    Event,
    Sentence,
    Source,
    Statement,
    Translation,
)

LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")
"""Order of the columns; other languages follow in the order of their codes."""
SURE = 0.75
"""Statements of at least this probability come before all others, however many sources carry those."""


def compare(library: Library, space: Space, event: Event, *, reader: str = "en") -> Comparison:
    """How the sources of ``event`` tell it, by the vectors in ``space``, for a reader of ``reader``.

    Raises:
        NotFoundError: the library lacks an article.
        LibraryError: it lacks vectors of the space's model.
    """
    known = {source.id: source for source in library.sources()}
    articles = _ordered(library.articles(event.articles))
    sentences = library.sentences([article.id for article in articles])
    told = [sentences[article.id] for article in articles]
    tellings = [
        Telling(
            article.source,
            article.lang,
            space.centred(library.vectors(space.model, [sentence.text for sentence in own]), article.lang),
        )
        for article, own in zip(articles, told, strict=True)
    ]
    translations = [
        library.translations([sentence.text for sentence in own], article.lang, reader)
        for article, own in zip(articles, told, strict=True)
    ]
    rows = {
        (a, i): _cell(article, sentence, translations[a])
        for a, article in enumerate(articles)
        for i, sentence in enumerate(told[a])
    }
    statements = []
    of = len({article.source for article in articles})
    for members in find_statements(tellings):
        cells = tuple(
            replace(
                rows.pop((member.article, member.sentence)),
                score=member.score,
                probability=member.probability,
            )
            for member in members
        )
        statements.append(_statement(cells, of))
    sizes = {article.id: len(own) for article, own in zip(articles, told, strict=True)}
    statements.sort(
        key=lambda statement: (
            statement.probability < SURE,
            -statement.coverage,
            _position(statement, sizes),
            statement.id,
        )
    )
    columns = _columns(articles, sizes, list(rows.values()), known)
    return Comparison(event, columns, tuple(articles), tuple(statements), tuple(rows.values()), space.model)


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
        lang=article.lang,
        text=sentence.text,
        translation=translations.get(sentence.text),
    )


def _statement(cells: tuple[Cell, ...], of: int) -> Statement:
    members = " ".join(sorted(f"{cell.article}:{cell.sentence}" for cell in cells))
    return Statement(
        id=hashlib.sha256(members.encode()).hexdigest()[:10],
        cells=cells,
        coverage=len({cell.source for cell in cells}),
        of=of,
        score=min(cell.score for cell in cells),
        probability=min(cell.probability for cell in cells),
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
