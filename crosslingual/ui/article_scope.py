"""What a page looks at: the articles of the event that is chosen, or of the whole library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.library import ArticleEntry
from crosslingual.types import Event, Source
from crosslingual.ui import reading
from crosslingual.ui.event_context import CacheKey, EventContext, LibraryContext
from crosslingual.ui.serialize import format_date_range, unique_source_names
from crosslingual.ui.view_choice import pick_view

SCOPE_PARAM, LIBRARY = "scope", "library"
SCOPES = {"event": "This event", LIBRARY: "Whole library"}


@dataclass(frozen=True, slots=True)
class ArticleScope:
    """The articles of ``event``, or of the whole library without one.

    ``entries`` are they, without their texts, ``articles`` has their sources by their ids. ``sources`` have some of
    them, by id; ``names`` of the sources, no two alike. ``homes`` is the event of each article that is in one.
    ``n_sentences`` are those of all the articles.
    """

    event: Event | None
    entries: Mapping[str, ArticleEntry]
    articles: Mapping[str, str]
    sources: Mapping[str, Source]
    names: Mapping[str, str]
    homes: Mapping[str, str]
    n_sentences: int


def open_event_scope(context: EventContext) -> tuple[LibraryContext, ArticleScope, dict[str, str]]:
    """What the address asks for, with its headline drawn; and what an address of the page is made of."""
    whole = context.whole
    is_library = st.query_params.get(SCOPE_PARAM) == LIBRARY
    scope = _load_scope(whole, None if is_library else context.event)
    with context.headline:
        st.html(_headline_html(scope))
    return whole, scope, {"event": context.event.id} | ({SCOPE_PARAM: LIBRARY} if is_library else {})


def open_library_scope(context: LibraryContext) -> ArticleScope:
    """The whole library, where no two articles are on one happening, with its headline drawn."""
    scope = _load_scope(context, None)
    headline, language = st.columns([38, 7], vertical_alignment="center", gap="small")
    with headline:
        st.html(_headline_html(scope))
    with language:
        reading.pick_target_lang(context.settings)
    return scope


def _load_scope(context: LibraryContext, event: Event | None) -> ArticleScope:
    return _cached_scope(context.key, event.id if event else "", context, event)


@st.cache_resource(max_entries=8, show_spinner=False)
def _cached_scope(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    event_id: str,  # noqa: ARG001
    _context: LibraryContext,
    _event: Event | None,
) -> ArticleScope:
    entries = _context.library.lookup.article_entries(_event.articles if _event else None)
    with_articles = {entry.source for entry in entries}
    sources = {
        source.id: source for source in _context.library.sources_with_articles() if source.id in with_articles
    }
    return ArticleScope(
        _event,
        {entry.article: entry for entry in entries},
        {entry.article: entry.source for entry in entries},
        sources,
        unique_source_names(sources.values()),
        _context.events_by_id().ids_by_article,
        sum(entry.n_sentences for entry in entries),
    )


def pick_scope(key: str) -> None:
    """Draw the choice under ``key``; the address says which."""
    pick_view("Where", key, SCOPE_PARAM, SCOPES)


def _headline_html(scope: ArticleScope) -> str:
    event = scope.event
    title = (event.title or "Untitled event") if event else "Whole library"
    parts = (
        format_date_range(event.start, event.end) if event else "",
        format_count(len(scope.articles), "article"),
        format_count(len(scope.sources), "source"),
    )
    notice = (
        "<p class='notice'>Demo texts were written for this project from public facts; they are not by the outlets.</p>"
        if any(source.demo for source in scope.sources.values())
        else ""
    )
    return (
        f"<div class='headline'><h1 dir='auto' title='{escape(title)}'>{escape(title)}</h1>"
        f"<p>{escape(' · '.join(part for part in parts if part))}</p>{notice}</div>"
    )
