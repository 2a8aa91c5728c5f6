"""The Citations page: who takes from whom, in an event or the library."""

from __future__ import annotations

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.report.citation_picture import MAX_OUTLETS, draw_citations
from crosslingual.report.citation_rows import citation_rows
from crosslingual.types import Comparison
from crosslingual.ui import components, event_context
from crosslingual.ui.article_scope import ArticleScope, open_event_scope, open_library_scope, pick_scope
from crosslingual.ui.citations.graph_context import GraphContext, find_graph
from crosslingual.ui.citations.tables import edge_grid, statement_grid
from crosslingual.ui.event_context import EventContext, LibraryContext
from crosslingual.ui.framing.grid import render_grid, serialize_grid
from crosslingual.ui.page_parts import render_csv, render_said

SCOPE_KEY = "citations.scope"
PICTURE_WIDTH, PHONE_WIDTH = 760, 350
SCRIPTS = ("dom.js", "citations.js")
STYLES = ("compare.css", "citations.css")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_event, without_events=_render_library)


def _render_event(context: EventContext) -> None:
    whole, scope, params = open_event_scope(context)
    _render_scope(whole, scope, params, context.compare_sources() if scope.event else None)


def _render_library(context: LibraryContext) -> None:
    """No two articles are on one happening: there is the library alone."""
    _render_scope(context, open_library_scope(context), {}, None)


def _render_scope(
    context: LibraryContext, scope: ArticleScope, params: dict[str, str], comparison: Comparison | None
) -> None:
    tools = st.container(horizontal=True, vertical_alignment="center", gap="small", key="citations-tools")
    if params:
        with tools:
            pick_scope(SCOPE_KEY)
    graph = find_graph(context, scope, comparison)
    own = f" In {format_count(len(graph.own), 'sentence')} an outlet names itself." if graph.own else ""
    if not graph.edges:
        render_said(f"No outlet cites or copies another in {format_count(graph.n_articles, 'article')}.{own}")
        return
    with tools:
        render_csv(
            "citations.csv",
            "citations.csv",
            lambda: citation_rows(graph),
            "A row for each sentence that cites, and each article that is a copy",
        )
    render_said(
        f"{format_count(len(graph.edges), 'pair')} of outlets in {format_count(graph.n_articles, 'article')}: by"
        f" sentences that say where they have it from, found by rules, and by articles that are one text.{own}"
    )
    telling = GraphContext(context, scope, graph, comparison)
    _draw_picture(telling)
    for grid in (edge_grid(telling), statement_grid(telling)):
        if grid:
            render_grid(grid.name, serialize_grid(grid, telling))


def _draw_picture(context: GraphContext) -> None:
    data = {
        "wide": draw_citations(context.graph, context.names, PICTURE_WIDTH),
        "narrow": draw_citations(context.graph, context.names, PHONE_WIDTH),
        "alt": "Who takes from whom, as lines from left to right; the same figures are in the table below.",
        "most": MAX_OUTLETS,
    }
    components.draw_component("citations", STYLES, SCRIPTS, data, "citations.picture")
