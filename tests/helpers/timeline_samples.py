"""Comparisons of made-up articles, each line a sentence, whose statements are given."""

from __future__ import annotations

from collections.abc import Sequence

from crosslingual.types import Article, Cell, Comparison, Event, Source, SourceSummary, Statement

SentencePlace = tuple[int, int]
"""An article by its number, and a sentence of it."""


def made_article(source: str, lang: str, date: str, *lines: str) -> Article:
    return Article(source, lang, "\n".join(lines), date=date)


def made_comparison(articles: Sequence[Article], *statements: Sequence[SentencePlace]) -> Comparison:
    """How the articles tell their event if these are its statements: s1, s2, …"""
    sources = dict.fromkeys(article.source for article in articles)
    inside = {place for places in statements for place in places}
    every = [(a, s) for a, article in enumerate(articles) for s in range(len(article.text.split("\n")))]

    def cell_at(place: SentencePlace) -> Cell:
        article, index = articles[place[0]], place[1]
        text = article.text.split("\n")[index]
        start = article.text.index(text)
        return Cell(article.source, article.id, index, start, start + len(text), article.lang, text)

    rows = tuple(
        Statement(f"s{number}", tuple(map(cell_at, places)), 2, len(sources), 0.9, 0.9)
        for number, places in enumerate(statements, 1)
    )
    return Comparison(
        Event("e1", "Ferry fire", "", "", tuple(one.id for one in articles), tuple(sources), ("en",)),
        tuple(SourceSummary(Source(source, source), 1, 1, 1, 0) for source in sources),
        tuple(articles),
        rows,
        tuple(cell_at(place) for place in every if place not in inside),
        "toy",
        0.7,
        (),
        (),
        (),
        (),
    )
