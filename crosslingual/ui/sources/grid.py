"""All sources of a library in one table to write into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.language.codes import language_name
from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.settings import Settings
from crosslingual.sources import OWNERSHIPS, SOURCE_KINDS
from crosslingual.types import Source
from crosslingual.ui.add.widgets import render_message
from crosslingual.ui.sources import actions
from crosslingual.ui.sources.choices import UNKNOWN, country_names
from crosslingual.ui.sources.suggested import Suggestion

MAX_SOURCES = 200
SUGGESTIONS_KEY = "sources.suggestions"
"""Whether what is suggested stands in the table."""
VERSION_KEY = "sources.version"
"""Counts what was saved: table and switch begin anew."""


def render_sources_grid(
    settings: Settings,
    sources: Sequence[Source],
    counts: Mapping[str, int],
    suggestions: Mapping[str, Suggestion],
) -> None:
    """Draw the table, and the button that saves what was written into it."""
    shown, version = sources[:MAX_SOURCES], st.session_state.get(VERSION_KEY, 0)
    offered = [one for one in shown if suggestions[one.id].description]
    if offered:
        st.toggle(
            f"Fill in what is suggested of {format_count(len(offered), 'source')}",
            key=f"{SUGGESTIONS_KEY}.{version}",
            help="The country by the end of the domain, the languages by the articles. Nothing is saved yet.",
        )
    taken = bool(offered and st.session_state.get(f"{SUGGESTIONS_KEY}.{version}"))
    drawn = [suggestions[one.id].fill_missing(one) if taken else one for one in shown]
    key = f"sources.grid.{version}.{taken}"
    st.data_editor(
        [_source_cells(one, counts.get(one.id, 0), suggestions[one.id].description) for one in drawn],
        key=key,
        num_rows="fixed",
        hide_index=True,
        placeholder="",
        height=min(38 + 35 * len(shown), 520),
        column_config=_column_config(),
        disabled=["Articles", "Suggested", "Domain"],
    )
    if len(sources) > MAX_SOURCES:
        st.html(f"<p class='lead'>and {len(sources) - MAX_SOURCES:,} more: crosslingual sources list</p>")
    changed = changed_sources(shown, drawn, st.session_state.get(key, {}).get("edited_rows", {}))
    text = f"Save {format_count(len(changed), 'source')}" if changed else "Save"
    if st.button(text, key="sources.save", type="primary", disabled=not changed):
        actions.save_sources(settings, changed)
        st.session_state[VERSION_KEY] = version + 1
        st.rerun()
    if taken:
        render_message(
            "What is suggested is a guess by domains and articles: look at it before you save.", "ask"
        )


def changed_sources(
    sources: Sequence[Source], drawn: Sequence[Source], edited_rows: Mapping[Any, Mapping[str, object]]
) -> list[Source]:
    """The sources that are to be saved: as they were ``drawn``, with the cells written over it."""
    written = {int(number): cells for number, cells in edited_rows.items()}
    found = []
    for number, (source, shown) in enumerate(zip(sources, drawn, strict=True)):
        now = _apply_cells(shown, written.get(number, {}))
        if now != source:
            found.append(now)
    return found


def _apply_cells(source: Source, cells: Mapping[str, object]) -> Source:
    codes = {name: code for code, name in country_names().items()}
    langs = {language_name(code): code for code in (*NEWS_LANGUAGES, *source.languages)}
    fields: dict[str, Any] = {}
    for name, value in cells.items():
        text = str(value or "")
        match name:
            case "Name":
                fields["name"] = text.strip() or source.name
            case "Country":
                fields["country"] = codes.get(text, "")
            case "Ownership":
                fields["ownership"] = text or UNKNOWN
            case "Kind":
                fields["kind"] = text
            case "Languages":
                told = value if isinstance(value, list | tuple) else []
                fields["languages"] = tuple(langs[str(one)] for one in told if str(one) in langs)
    return replace(source, **fields)


def _source_cells(source: Source, articles: int, suggested: str) -> dict[str, object]:
    return {
        "Name": source.name,
        "Articles": articles,
        "Country": country_names().get(source.country) or source.country or None,
        "Ownership": None if source.ownership == UNKNOWN else source.ownership,
        "Languages": [language_name(code) for code in source.languages],
        "Kind": source.kind or None,
        "Suggested": suggested,
        "Domain": " ".join(source.domains[:2]),
    }


def _column_config() -> dict[str, Any]:
    column = st.column_config
    return {
        "Name": column.TextColumn(width=200, max_chars=120),
        "Articles": column.NumberColumn(width=70),
        "Country": column.SelectboxColumn(options=list(country_names().values()), width=130),
        "Ownership": column.SelectboxColumn(options=list(OWNERSHIPS), width=100),
        "Languages": column.MultiselectColumn(
            options=sorted(language_name(code) for code in NEWS_LANGUAGES), width=170
        ),
        "Kind": column.SelectboxColumn(options=list(SOURCE_KINDS), width=140),
        "Suggested": column.TextColumn(width=230),
        "Domain": column.TextColumn(width=150),
    }
