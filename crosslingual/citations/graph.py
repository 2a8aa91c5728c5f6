"""The graph of who cites whom, from citations, copies and the statements of an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crosslingual.citations.publication import find_first_articles, is_published_before
from crosslingual.citations.values import (
    Citation,
    CitationEdge,
    CitationGraph,
    CitedStatement,
    CopiedArticle,
    EdgeKind,
)
from crosslingual.library import ArticleEntry
from crosslingual.types import Duplicate, Statement


def build_citation_graph(
    articles: Sequence[ArticleEntry],
    citations: Sequence[Citation],
    duplicates: Iterable[Duplicate] = (),
    statements: Iterable[Statement] = (),
    source_names: Mapping[str, str] | None = None,
) -> CitationGraph:
    """Who cites whom among ``articles``.

    Args:
        articles: those that were read.
        citations: found in them.
        duplicates: pairs of articles that are one text; a pair with an article that is not among these is left out.
        statements: of the event that the articles are.
        source_names: names of sources by their ids.
    """
    by_id = {entry.article: entry for entry in articles}
    edges = [*_citation_edges(citations, by_id), *_copy_edges(duplicates, by_id, source_names or {})]
    edges.sort(key=lambda edge: (-edge.n_items, edge.citing, edge.cited, edge.kind))
    return CitationGraph(
        len(articles),
        len({article.source for article in articles}),
        tuple(edges),
        tuple(one for one in citations if one.is_own),
        tuple(_cited_statements(statements, citations, by_id)),
    )


def _citation_edges(
    citations: Iterable[Citation], articles: Mapping[str, ArticleEntry]
) -> Iterator[CitationEdge]:
    grouped: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    for one in citations:
        if not one.is_own:
            grouped[one.source, one.cited.casefold()].append(one)
    for (citing, _), own in grouped.items():
        ids = dict.fromkeys(one.article for one in own)
        first = own[0]
        yield CitationEdge(
            citing,
            first.cited,
            first.cited_name,
            first.is_in_library,
            "citation",
            _first_date(articles[id_] for id_ in ids),
            len(ids),
            citations=tuple(own),
        )


def _copy_edges(
    duplicates: Iterable[Duplicate], articles: Mapping[str, ArticleEntry], names: Mapping[str, str]
) -> Iterator[CitationEdge]:
    grouped: dict[tuple[str, str, EdgeKind], list[CopiedArticle]] = defaultdict(list)
    for pair in duplicates:
        if pair.left not in articles or pair.right not in articles:
            continue
        left, right = articles[pair.left], articles[pair.right]
        if left.source == right.source:
            continue
        is_left_first = is_published_before(left, right)
        original, copy = (right, left) if is_left_first is False else (left, right)
        kind: EdgeKind = "translated copy" if pair.translated else "copy"
        grouped[copy.source, original.source, kind].append(
            CopiedArticle(
                copy.article, original.article, copy.date, pair.shared_sentences, is_left_first is None
            )
        )
    for (citing, cited, kind), copies in grouped.items():
        ids = {one.article for one in copies}
        first_date = _first_date(articles[id_] for id_ in ids)
        yield CitationEdge(
            citing,
            cited,
            names.get(cited, cited),
            is_in_library=True,
            kind=kind,
            first_date=first_date,
            n_articles=len(ids),
            copies=tuple(copies),
        )


def _cited_statements(
    statements: Iterable[Statement], citations: Iterable[Citation], articles: Mapping[str, ArticleEntry]
) -> Iterator[CitedStatement]:
    by_statement: dict[str, list[Citation]] = defaultdict(list)
    for one in citations:
        if not one.is_own:
            for id_ in one.statements:
                by_statement[id_].append(one)
    for statement in statements:
        if own := by_statement.get(statement.id):
            telling = [articles[key] for key in dict.fromkeys(cell.article for cell in statement.cells)]
            first = find_first_articles(telling)
            yield CitedStatement(
                statement.id,
                first[0].date if first else "",
                tuple(article.article for article in first),
                tuple(dict.fromkeys(article.source for article in first)),
                tuple(own),
            )


def _first_date(articles: Iterable[ArticleEntry]) -> str:
    first = find_first_articles(articles)
    return first[0].date if first else ""
