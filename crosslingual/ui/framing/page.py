"""The Framing page: one section at a time, of the event that Compare shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import streamlit as st

from crosslingual.framing.pipeline import Framing
from crosslingual.types import Comparison
from crosslingual.ui import event_context
from crosslingual.ui.event_context import CacheKey, EventContext
from crosslingual.ui.framing.axes import axes_section
from crosslingual.ui.framing.charts import split_panels
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.differences import differences_section
from crosslingual.ui.framing.frames import frames_section
from crosslingual.ui.framing.grid import Grid, Note, Plot, SectionPart, render_grid, serialize_grid
from crosslingual.ui.framing.lexicon import ACROSS, ORIGINAL, SCOPES, lexicon_section
from crosslingual.ui.framing.naming import naming_section
from crosslingual.ui.framing.omissions import omissions_section
from crosslingual.ui.framing.overview import overview_section
from crosslingual.ui.framing.quotes import quotes_section
from crosslingual.ui.framing.reporting import render_report_button
from crosslingual.ui.framing_cache import measure_framing
from crosslingual.ui.view_choice import pick_view

SECTION_KEY, SECTION_PARAM = "framing.section", "section"
SOURCE_KEY = "framing.source"
SCOPE_KEY = "framing.where"

SectionBuilder = Callable[[FramingContext], Iterator[SectionPart]]
SECTION_BUILDERS: dict[str, SectionBuilder] = {
    "Overview": overview_section,
    "Silences": omissions_section,
    "Differences": differences_section,
    "Naming": naming_section,
    "Quotations": quotes_section,
    "Axes": axes_section,
    "Policy frames": frames_section,
}
LEXICON = "Lexicon"
SECTIONS = ("Overview", "Silences", "Differences", "Naming", "Quotations", LEXICON, "Axes", "Policy frames")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_page)


def _render_page(context: EventContext) -> None:
    comparison = context.compare_sources()
    context.render_title(comparison)
    choice, report = st.columns([30, 10], vertical_alignment="center", gap="small")
    with choice:
        section = pick_view("Section", SECTION_KEY, SECTION_PARAM, {name: name for name in SECTIONS})
    framing = measure_framing(context, comparison, show_bar=True)
    with report:
        render_report_button(context, comparison, framing)
    key = context.current_key
    if section == LEXICON:
        source, where = _pick_lexicon(_build_context(key, context.event.id, comparison, framing))
        parts = _build_lexicon(key, context.event.id, source, where, comparison, framing)
    else:
        parts = _build_section(key, context.event.id, section, comparison, framing)
    for part, data in parts:
        _render_part(part, data)


def _pick_lexicon(context: FramingContext) -> tuple[str, str]:
    names = context.names
    if st.session_state.get(SOURCE_KEY) not in names:
        st.session_state[SOURCE_KEY] = next(iter(names))
    left, right = st.columns([28, 12], gap="small")
    with left:
        source = st.selectbox("Source", list(names), format_func=lambda id_: names[id_], key=SOURCE_KEY)
    if st.session_state.get(SCOPE_KEY) not in SCOPES:
        found = context.framing.lexicon.original
        st.session_state[SCOPE_KEY] = ORIGINAL if found else ACROSS
    with right:
        where = st.segmented_control("Counted", SCOPES, key=SCOPE_KEY, required=True)
    return str(source), str(where)


SerializedParts = list[tuple[SectionPart, "dict[str, object] | None"]]


@st.cache_resource(max_entries=4, show_spinner=False)
def _build_context(
    key: CacheKey,
    event_id: str,  # noqa: ARG001  # what the cache goes by
    _comparison: Comparison,
    _framing: Framing,
) -> FramingContext:
    return FramingContext(_comparison, _framing, key.target_lang)


@st.cache_resource(max_entries=24, show_spinner="Laying out …")
def _build_section(
    key: CacheKey, event_id: str, section: str, _comparison: Comparison, _framing: Framing
) -> SerializedParts:
    return _serialize_parts(SECTION_BUILDERS[section], _build_context(key, event_id, _comparison, _framing))


@st.cache_resource(max_entries=24, show_spinner="Laying out …")
def _build_lexicon(
    key: CacheKey, event_id: str, source: str, scope: str, _comparison: Comparison, _framing: Framing
) -> SerializedParts:
    return _serialize_parts(
        lambda telling: lexicon_section(telling, source, scope),
        _build_context(key, event_id, _comparison, _framing),
    )


def _serialize_parts(build_parts: SectionBuilder, context: FramingContext) -> SerializedParts:
    return [
        (part, serialize_grid(part, context) if isinstance(part, Grid) else None)
        for part in build_parts(context)
    ]


def _render_part(part: SectionPart, data: dict[str, object] | None) -> None:
    match part:
        case Note(text, weak):
            st.html(f"<p class='framing-note{' weak' if weak else ''}'>{escape(text)}</p>")
        case Plot(name, title, note, chart):
            st.html(f"<p class='framing-plot'><b dir='auto'>{escape(title)}</b> {escape(note)}</p>")
            told = f"{title} {note} The same figures are in the table below."
            with st.container(horizontal=True, gap="small", key=f"framing-plots-{name}"):
                for number, panel in enumerate(split_panels(chart)):
                    key = f"framing.plot.{name}.{number}"
                    st.altair_chart(panel, theme=None, width="content", alt=told, key=key)
        case Grid(name):
            assert data is not None  # noqa: S101  # a grid is never without
            render_grid(name, data)
