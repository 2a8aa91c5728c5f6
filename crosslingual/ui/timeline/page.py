"""The Timeline page: an event in time, its figures, and the story that it is of."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from crosslingual.align.space import load_article_encoder
from crosslingual.embeddings.article_encoder import retry_with_vectors
from crosslingual.events.stories import load_stories
from crosslingual.formatting import format_count
from crosslingual.report.figures import figure_rows
from crosslingual.report.tables import csv_bytes
from crosslingual.report.timeline import telling_rows
from crosslingual.timeline.figure_ledger import FigureGroup, FigureLedger, build_ledger
from crosslingual.timeline.statement_times import EventTimeline, build_timeline
from crosslingual.types import Comparison, Story
from crosslingual.ui import components, event_context
from crosslingual.ui.event_context import CacheKey, EventContext
from crosslingual.ui.serialize import unique_source_names
from crosslingual.ui.timeline.lanes import serialize_story, serialize_timeline
from crosslingual.ui.timeline.ledger import select_groups, serialize_ledger
from crosslingual.ui.view_choice import pick_view, store_view

VIEW_PARAM, SOURCE_PARAM = "view", "source"
VIEW_KEY, SOURCE_KEY, SHOWN_KEY = "timeline.view", "timeline.source", "timeline.shown"
LANES, FIGURES, STORY = "lanes", "figures", "story"
VIEWS = {LANES: "Who was first", FIGURES: "Figures", STORY: "Story"}
PAGE_SIZE = 60
"""Figures that are shown at first, and how many more when more are asked for."""
SCRIPTS = ("dom.js", "copy.js", "groups.js", "time_lanes.js", "time_panel.js", "ledger.js", "timeline.js")
STYLES = ("compare.css", "search.css", "entities.css", "timeline.css")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_page)


def _render_page(context: EventContext) -> None:
    comparison = context.compare_sources()
    context.render_title(comparison)
    tools = st.container(horizontal=True, vertical_alignment="center", gap="small", key="timeline-tools")
    with tools:
        view = pick_view("Show", VIEW_KEY, VIEW_PARAM, VIEWS)
    params = {"event": context.event.id} | ({VIEW_PARAM: view} if view != LANES else {})
    if view == STORY:
        _render_story(context, params)
    elif view == FIGURES:
        ledger = _build_ledger(context.current_key, context.event.id, comparison)
        with tools:
            groups, names = _pick_figures(comparison, ledger)
        _render_figures(context, comparison, groups, names, params)
    else:
        timeline = _build_timeline(context.current_key, context.event.id, comparison)
        with tools:
            _render_downloads("timeline", lambda: telling_rows(timeline))
        _draw_component(LANES, _serialize_lanes(context.current_key, context.event.id, comparison, timeline))


@st.cache_resource(max_entries=8, show_spinner="Putting it in order of time …")
def _build_timeline(key: CacheKey, event_id: str, _comparison: Comparison) -> EventTimeline:  # noqa: ARG001  # what the cache goes by
    return build_timeline(_comparison)


@st.cache_data(max_entries=8, show_spinner="Drawing the lanes …")
def _serialize_lanes(
    key: CacheKey, event_id: str, _comparison: Comparison, _timeline: EventTimeline
) -> dict[str, Any]:
    return serialize_timeline(_comparison, _timeline, key.target_lang, {"event": event_id})


@st.cache_resource(max_entries=8, show_spinner="Reading the figures …")
def _build_ledger(key: CacheKey, event_id: str, _comparison: Comparison) -> FigureLedger:  # noqa: ARG001
    return build_ledger(_comparison)


def _pick_figures(comparison: Comparison, ledger: FigureLedger) -> tuple[list[FigureGroup], dict[str, str]]:
    """The figures of the source that is picked, or all; and the names of the sources by their ids."""
    sources = {summary.source.id: summary.source for summary in comparison.source_summaries}
    names = unique_source_names(sources.values())
    asked = st.query_params.get(SOURCE_PARAM, "")
    st.session_state[SOURCE_KEY] = asked if asked in names else ""
    source = st.selectbox(
        "Source",
        ["", *names],
        format_func=lambda id_: names.get(id_, "All sources"),
        key=SOURCE_KEY,
        label_visibility="collapsed",
        width=220,
        on_change=store_view,
        args=(SOURCE_KEY, SOURCE_PARAM, ""),
    )
    groups = select_groups(ledger, source)
    _render_downloads("figures", lambda: figure_rows(FigureLedger(ledger.event, tuple(groups))))
    return groups, names


def _render_figures(
    context: EventContext,
    comparison: Comparison,
    groups: Sequence[FigureGroup],
    names: dict[str, str],
    params: dict[str, str],
) -> None:
    n_mentions = sum(len(group.mentions) for group in groups)
    conflicts = sum(bool(group.conflicts) for group in groups)
    revised = sum(bool(group.revisions) for group in groups)
    st.html(
        f"<p class='search-summary' role='status'><b>{format_count(len(groups), 'figure')}</b> in"
        f" {format_count(n_mentions, 'sentence')} · {revised:,} revised · {conflicts:,} in conflict</p>"
    )
    kept, amount = st.session_state.get(SHOWN_KEY, ("", 0))
    shown = max(amount, PAGE_SIZE) if kept == context.event.id else PAGE_SIZE
    _draw_component(FIGURES, serialize_ledger(comparison, groups[:shown], names, context.target_lang, params))
    if (left := len(groups) - shown) > 0:
        st.button(
            f"Show {min(left, PAGE_SIZE * 2)} more of {left:,}",
            key="timeline.more",
            on_click=_show_more,
            args=(context.event.id, shown + PAGE_SIZE * 2),
        )


def _show_more(event_id: str, amount: int) -> None:
    st.session_state[SHOWN_KEY] = event_id, amount


def _render_story(context: EventContext, params: dict[str, str]) -> None:
    stories = _load_stories(context.current_key, context)
    story = next((one for one in stories if any(own.id == context.event.id for own in one.events)), None)
    if story is None:
        st.html(
            "<p class='search-said' role='status'>This event is of no story: no other event of the weeks around was"
            " found to go on from it. To say that two do:"
            f" <code>crosslingual stories join {escape(context.event.id)} OTHER</code></p>"
        )
        return
    entries = context.library.event_entries(context.library.event_numbers([one.id for one in story.events]))
    by_article = {entry.article: entry for own in entries.values() for entry in own}
    sources = {source.id: source for source in context.library.stored_sources()}
    own = [[by_article[id_] for id_ in event.articles if id_ in by_article] for event in story.events]
    _draw_component(STORY, serialize_story(story, own, sources, context.target_lang, params))


@st.cache_data(max_entries=4, show_spinner="Finding stories …")
def _load_stories(key: CacheKey, _context: EventContext) -> list[Story]:  # noqa: ARG001
    whole = _context.whole
    events = [*whole.events_by_id().values()]
    return retry_with_vectors(
        whole.library,
        lambda: load_article_encoder(whole.settings.encoder, whole.settings.home),
        lambda: load_stories(whole.library, whole.space, events),
    )


def _render_downloads(name: str, make_rows: Callable[[], list[dict[str, Any]]]) -> None:
    for form, write, media in (("CSV", csv_bytes, "text/csv"), ("JSON", _json_bytes, "application/json")):
        st.download_button(
            form,
            partial(_write_rows, write, make_rows),
            f"{name}.{form.lower()}",
            media,
            key=f"timeline.{name}.{form}",
            on_click="ignore",
            help=f"All of it, also what is not shown, as {form}",
        )


def _write_rows(
    write: Callable[[list[dict[str, Any]]], bytes], make_rows: Callable[[], list[dict[str, Any]]]
) -> bytes:
    return write(make_rows())


def _json_bytes(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode(errors="replace")


def _draw_component(name: str, data: dict[str, Any]) -> None:
    components.draw_component("timeline", STYLES, SCRIPTS, data, f"timeline.{name}")
