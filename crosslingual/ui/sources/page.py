"""The Sources page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from crosslingual.library import Library
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.types import Source
from crosslingual.ui import scene
from crosslingual.ui.add.history import history, said
from crosslingual.ui.add.shown import heading, section, style
from crosslingual.ui.sources.grid import draw_grid
from crosslingual.ui.sources.one import one
from crosslingual.ui.sources.suggested import languages_of, suggest

ONE = "sources.one"
"""The source that is edited."""


def page() -> None:
    """Draw the page; whatever goes wrong is said on it."""
    scene.framed(_page)


def _page(settings: Settings) -> None:
    style()
    with Library(settings.library, create=False) as library:
        counts = library.article_counts()
        here = sorted(library.sources(), key=lambda source: (source.complete, -counts.get(source.id, 0)))
        known = library.known_sources()
        lead = f"{count(len(here), 'source')} with {count(sum(counts.values()), 'article')} in this library"
        heading("Sources", lead)
        said()
        if here:
            _grid(settings, library, here, counts)
        section("Edit, merge or remove")
        _choose(settings, {source.id: source for source in here} | known, counts)
        history(settings, library, ("edit", "merge", "remove", "undo"))


def _grid(settings: Settings, library: Library, here: Sequence[Source], counts: Mapping[str, int]) -> None:
    incomplete = sum(not source.complete for source in here)
    section(
        f"{count(incomplete, 'source')} to complete" if incomplete else "In this library",
        "Readers judge a source by its country, its ownership and its language. Write into the table, paste a"
        " column, or pull a cell down over those below it; sources that lack something stand first.",
    )
    langs = languages_of((entry.source, entry.lang) for entry in library.places.entries())
    suggestions = {source.id: suggest(source, langs.get(source.id, {})) for source in here}
    draw_grid(settings, here, counts, suggestions)


def _choose(settings: Settings, known: Mapping[str, Source], counts: Mapping[str, int]) -> None:
    if st.session_state.get(ONE) not in known:
        st.session_state.pop(ONE, None)
    chosen = st.selectbox(
        "Source",
        list(known),
        index=None,
        format_func=lambda id_: f"{known[id_].name} · {count(counts.get(id_, 0), 'article')}",
        placeholder="Pick one, of this library or of the shipped list",
        key=ONE,
    )
    if chosen:
        one(settings, known[chosen], known, counts.get(chosen, 0))
