"""The tables of the Citations page: who takes from whom, and who was first with what is cited."""

from __future__ import annotations

from collections.abc import Iterator

from crosslingual.citations.values import CitationEdge, CitedStatement, CopiedArticle
from crosslingual.formatting import shorten_title
from crosslingual.ui.citations.graph_context import GraphContext
from crosslingual.ui.framing.grid import Grid, GridCell, GridRow, SentenceGroup, SentenceItem
from crosslingual.ui.serialize import format_date

MAX_EDGES, MAX_SENTENCES, MAX_STATEMENTS = 200, 40, 60
"""Rows of the tables, and sentences of a row; CSV has all."""
_TITLE_CHARS = 90
_DOUBT = "Doubtful: perhaps no citation, or of another outlet."
_KIND_NAMES = {"citation": "cites", "copy": "copies", "translated copy": "copies in translation"}


def edge_grid(context: GraphContext) -> Grid:
    """A row for each pair of outlets and kind."""
    edges = context.graph.edges[:MAX_EDGES]
    context.load_translations(one for edge in edges for one in edge.citations[:MAX_SENTENCES])
    more = (
        f" The first {MAX_EDGES} of {len(context.graph.edges):,}; CSV has all."
        if len(edges) < len(context.graph.edges)
        else ""
    )
    return Grid(
        "citations.edges",
        "Who takes from whom.",
        "A figure opens to the sentences that cite, or to the articles that are one text. What is not in this library"
        f" is marked so; a question mark stands behind what is doubtful in all its sentences.{more}",
        "Who",
        ("Takes from", "How", "Sentences or copies", "Doubtful", "Articles", "First"),
        tuple(_edge_row(context, edge) for edge in edges),
    )


def _edge_row(context: GraphContext, edge: CitationEdge) -> GridRow:
    cited = context.names.get(edge.cited, edge.cited_name) + "?" * (edge.n_doubtful == edge.n_items)
    return GridRow(
        f"{edge.citing} {edge.cited} {edge.kind}",
        context.names.get(edge.citing, edge.citing),
        (
            GridCell(cited, subtext="" if edge.is_in_library else "not in the library"),
            GridCell(_KIND_NAMES[edge.kind]),
            GridCell(f"{edge.n_items:,}", tuple(_edge_groups(context, edge))),
            GridCell(f"{edge.n_doubtful:,}"),
            GridCell(f"{edge.n_articles:,}"),
            GridCell(format_date(edge.first_date) if edge.first_date else "no date"),
        ),
    )


def _edge_groups(context: GraphContext, edge: CitationEdge) -> Iterator[SentenceGroup]:
    shown = edge.citations[:MAX_SENTENCES]
    if shown:
        left = len(edge.citations) - len(shown)
        yield SentenceGroup(
            "",
            tuple(
                SentenceItem(context.citation_sentence(one), _DOUBT if one.is_doubtful else "")
                for one in shown
            ),
            (f"{left:,} more sentences are in the CSV.",) if left else (),
        )
    for copy in edge.copies[:MAX_SENTENCES]:
        yield SentenceGroup(_article_title(context, copy.article), (), tuple(_copy_notes(context, copy)))


def _copy_notes(context: GraphContext, copy: CopiedArticle) -> Iterator[str]:
    yield f"one text with: {_article_title(context, copy.original)}"
    yield f"sentences that stand in both: {copy.shared_sentences:,}"
    if copy.is_doubtful:
        yield "Their dates do not tell which was first."


def _article_title(context: GraphContext, article: str) -> str:
    about = context.articles[article]
    title = shorten_title(about["title"], _TITLE_CHARS) or "untitled"
    return f"{about['source']}, {about['date']}: {title}"


def statement_grid(context: GraphContext) -> Grid | None:
    """Statements of the event that are ascribed to another outlet, and who was first; None where there are none."""
    if not context.comparison or not context.graph.statements:
        return None
    labels = {
        statement.id: min(
            statement.cells, key=lambda cell: (cell.lang != context.target_lang, not cell.translation)
        )
        for statement in context.comparison.statements
    }
    shown = [one for one in context.graph.statements if one.statement in labels][:MAX_STATEMENTS]
    context.load_translations(citation for one in shown for citation in one.citations)
    rows = []
    for one in shown:
        cell = labels[one.statement]
        is_translated = bool(cell.translation) and cell.lang != context.target_lang
        rows.append(
            GridRow(
                one.statement,
                cell.translation.text if cell.translation and is_translated else cell.text,
                tuple(_statement_cells(context, one)),
                lang=context.target_lang if is_translated else cell.lang,
            )
        )
    return Grid(
        "citations.statements",
        "Who was first.",
        "Statements of this event that a source ascribes to another outlet, with who told them first, of the articles"
        " in this library, by their time of publication: several where the times do not tell.",
        "Statement",
        ("First told by", "On", "Ascribed to"),
        tuple(rows),
        "wide",
    )


def _statement_cells(context: GraphContext, one: CitedStatement) -> Iterator[GridCell]:
    first = ", ".join(context.names.get(id_, id_) for id_ in one.first_sources)
    yield GridCell(first or "no dates")
    yield GridCell(format_date(one.first_date) if one.first_date else "")
    cited = dict.fromkeys(
        context.names.get(citation.cited, citation.cited_name) for citation in one.citations
    )
    items = tuple(
        SentenceItem(context.citation_sentence(citation), _DOUBT if citation.is_doubtful else "")
        for citation in one.citations
    )
    yield GridCell(", ".join(cited), (SentenceGroup("", items),))
