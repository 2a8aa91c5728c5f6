"""Who cites whom, as JSON and rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosslingual.citations.values import (
    Citation,
    CitationEdge,
    CitationGraph,
    CitedStatement,
    CopiedArticle,
)


def graph_object(graph: CitationGraph) -> dict[str, Any]:
    """``graph`` as JSON-ready values."""
    return {
        "n_articles": graph.n_articles,
        "n_sources": graph.n_sources,
        "edges": [_edge_object(edge) for edge in graph.edges],
        "own": [_citation_object(one) for one in graph.own],
        "statements": [_statement_object(one) for one in graph.statements],
    }


def citation_rows(graph: CitationGraph) -> Iterator[dict[str, Any]]:
    """A row for each sentence that cites and each article that is a copy; sentences that cite their own source last."""
    for edge in graph.edges:
        for citation in edge.citations:
            yield _row(citation, "citation")
        for copy in edge.copies:
            yield {
                "kind": edge.kind,
                "source": edge.citing,
                "cited": edge.cited,
                "cited_name": edge.cited_name,
                "in_library": True,
                "doubtful": copy.is_doubtful,
                "date": copy.date,
                "lang": "",
                "article": copy.article,
                "original": copy.original,
                "sentence": "",
                "name": "",
                "cue": "",
                "statements": "",
                "text": "",
            }
    for citation in graph.own:
        yield _row(citation, "own")


def _edge_object(edge: CitationEdge) -> dict[str, Any]:
    return {
        "citing": edge.citing,
        "cited": edge.cited,
        "cited_name": edge.cited_name,
        "in_library": edge.is_in_library,
        "kind": edge.kind,
        "first_date": edge.first_date,
        "n_articles": edge.n_articles,
        "n_doubtful": edge.n_doubtful,
        "citations": [_citation_object(one) for one in edge.citations],
        "copies": [_copy_object(one) for one in edge.copies],
    }


def _citation_object(one: Citation) -> dict[str, Any]:
    return {
        "source": one.source,
        "article": one.article,
        "date": one.date,
        "lang": one.lang,
        "sentence": one.sentence,
        "text": one.text,
        "name": {"start": one.start, "end": one.end, "text": one.text[one.start : one.end]},
        "cue": {"start": one.cue_start, "end": one.cue_end, "text": one.text[one.cue_start : one.cue_end]},
        "cited": one.cited,
        "cited_name": one.cited_name,
        "in_library": one.is_in_library,
        "doubtful": one.is_doubtful,
        "statements": list(one.statements),
    }


def _copy_object(one: CopiedArticle) -> dict[str, Any]:
    return {
        "article": one.article,
        "original": one.original,
        "date": one.date,
        "shared_sentences": one.shared_sentences,
        "doubtful": one.is_doubtful,
    }


def _statement_object(one: CitedStatement) -> dict[str, Any]:
    return {
        "statement": one.statement,
        "first_date": one.first_date,
        "first_articles": list(one.first_articles),
        "first_sources": list(one.first_sources),
        "cited": [
            {"source": citation.source, "article": citation.article, "cited": citation.cited}
            for citation in one.citations
        ],
    }


def _row(one: Citation, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "source": one.source,
        "cited": one.cited,
        "cited_name": one.cited_name,
        "in_library": one.is_in_library,
        "doubtful": one.is_doubtful,
        "date": one.date,
        "lang": one.lang,
        "article": one.article,
        "original": "",
        "sentence": one.sentence,
        "name": one.text[one.start : one.end],
        "cue": one.text[one.cue_start : one.cue_end],
        "statements": "; ".join(one.statements),
        "text": one.text,
    }
