"""The Sources page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Source
from crosslingual.ui import event_context
from crosslingual.ui.add.history import render_history, render_outcome
from crosslingual.ui.add.widgets import render_heading, render_section, render_styles
from crosslingual.ui.sources.details import render_source
from crosslingual.ui.sources.grid import render_sources_grid
from crosslingual.ui.sources.suggested import count_languages, suggest_facts

SOURCE_KEY = "sources.one"
"""The source that is edited."""


def render_page() -> None:
    """Draw the page; whatever goes wrong is said on it."""
    event_context.render_app_page(_render_page)


def _render_page(settings: Settings) -> None:
    render_styles()
    with Library(settings.library, create=False) as library:
        counts = library.article_counts()
        here = sorted(
            library.stored_sources(), key=lambda source: (source.is_complete, -counts.get(source.id, 0))
        )
        known = library.known_sources()
        n_sources, n_articles = len(here), sum(counts.values())
        lead = (
            f"{format_count(n_sources, 'source')} with {format_count(n_articles, 'article')} in this library"
        )
        render_heading("Sources", lead)
        render_outcome()
        if here:
            _render_grid(settings, library, here, counts)
        render_section("Edit, merge or remove")
        _render_source_picker(settings, {source.id: source for source in here} | known, counts)
        render_history(settings, library, ("edit", "merge", "remove", "undo"))


def _render_grid(
    settings: Settings, library: Library, own_sources: Sequence[Source], counts: Mapping[str, int]
) -> None:
    incomplete = sum(not source.is_complete for source in own_sources)
    render_section(
        f"{format_count(incomplete, 'source')} to complete" if incomplete else "In this library",
        "Readers judge a source by its country, its ownership and its language. Write into the table, paste a"
        " column, or pull a cell down over those below it; sources that lack something stand first.",
    )
    langs = count_languages((entry.source, entry.lang) for entry in library.lookup.article_entries())
    suggestions = {source.id: suggest_facts(source, langs.get(source.id, {})) for source in own_sources}
    render_sources_grid(settings, own_sources, counts, suggestions)


def _render_source_picker(settings: Settings, known: Mapping[str, Source], counts: Mapping[str, int]) -> None:
    if st.session_state.get(SOURCE_KEY) not in known:
        st.session_state.pop(SOURCE_KEY, None)
    chosen = st.selectbox(
        "Source",
        list(known),
        index=None,
        format_func=lambda id_: f"{known[id_].name} · {format_count(counts.get(id_, 0), 'article')}",
        placeholder="Pick one, of this library or of the shipped list",
        key=SOURCE_KEY,
    )
    if chosen:
        render_source(settings, known[chosen], known, counts.get(chosen, 0))
