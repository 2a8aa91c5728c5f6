"""The Compare page: one event, its sources, its statements, its articles side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from crosslingual.library import Library
from crosslingual.translation.engine import Engine
from crosslingual.types import Comparison, Duplicate, Event
from crosslingual.ui import (
    components,
    event_context,
    reading,
    translations,
)
from crosslingual.ui.actions import run_action
from crosslingual.ui.duplicates_toggle import pick_duplicates, render_duplicates
from crosslingual.ui.event_context import CacheKey, EventContext
from crosslingual.ui.framing_cache import measure_framing
from crosslingual.ui.serialize import serialize_comparison, serialize_differences
from crosslingual.ui.session import COMPARE_ANSWER, COMPARE_REQUEST, DRAWN_JOB

SCRIPTS = (
    "dom.js",
    "marks.js",
    "model.js",
    "address.js",
    "groups.js",
    "lines.js",
    "list.js",
    "translation.js",
    "detail.js",
    "tellers.js",
    "table.js",
    "parallel.js",
    "corrections.js",
    "matrix.js",
    "about.js",
    "tools.js",
    "compare.js",
)
COMPONENT_KEY = "compare.comparison"
MARK_DIFFERENCES_KEY = "compare.marks"


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_page)


def _render_page(context: EventContext) -> None:
    settings, library, event = context.settings, context.library, context.event
    engines, broken = reading.installed_engines(settings)
    ways = reading.translation_routes(engines, event, context.target_lang)
    if asked := COMPARE_REQUEST.pop():
        seen = _view_key(context.key, event, ways)
        COMPARE_ANSWER.put(run_action(asked, library, event, context.target_lang, view_key=seen))
    comparison = context.compare_sources()
    key = context.current_key
    context.render_title(comparison)
    data = _serialize_comparison(key, event.id, (), comparison, library)
    DRAWN_JOB.put(translations.job_state(key.library))
    situation = translations.TranslationStatus(
        settings,
        context.target_lang,
        event.title,
        event.articles,
        context.space,
        engines,
        ways,
        reading.count_untranslated(data),
        _count_pending_texts(key, event.id, tuple(ways.items()), library, engines, event),
        broken,
    )
    above, table, below = st.container(), st.container(), st.container()
    with (
        above if translations.has_visible_job(situation) else below
    ):  # what waits for nobody is not in the way
        translations.render_strip(situation)
    with above:
        if len(data["columns"]) < 2:
            st.html(
                "<p class='alone'>Only one source tells this event, so there is nothing to compare it with."
                " Add others: <code>crosslingual add PATH</code></p>"
            )
        else:
            data = _apply_options(key, context, comparison, data)
    data = data | {
        "key": _view_key(key, event, ways),
        "said": COMPARE_ANSWER.get(),
        "lacking": {
            lang: reading.missing_translator_help(lang, context.target_lang)
            for lang, way in ways.items()
            if not way
        },
    }
    with table:
        component = components.build_component("compare", ("compare.css", "matrix.css"), SCRIPTS)
        component(data=data, key=COMPONENT_KEY, on_correction_change=_store_request)


def _apply_options(
    key: CacheKey, context: EventContext, comparison: Comparison, data: dict[str, Any]
) -> dict[str, Any]:
    """What is drawn, as the two switches say: differences marked, copies counted once."""
    with context.options, st.popover("Options", width="stretch"):
        marked = st.toggle(
            "Mark differences",
            key=MARK_DIFFERENCES_KEY,
            bind="query-params",
            help="Numbers, dates, names, negations, verbs of saying and hedges that half or more of the row’s"
            " other sentences lack or have otherwise, and words that none of them has. Marked in the"
            " originals; the Framing page shows each pair.",
        )
        copies = pick_duplicates(context)
        st.page_link(
            event_context.app_page("events"),
            label="Correct this event: title, articles, merging",
            query_params={"open": context.event.id},
        )
    told = context.compare_sources(copies) if copies else comparison
    render_duplicates(told)
    if copies:
        data = _serialize_comparison(key, context.event.id, copies, told, context.library)
    return (
        data | {"marks": serialize_differences(measure_framing(context, comparison).differences, told)}
        if marked
        else data
    )


def _view_key(key: CacheKey, event: Event, routes: dict[str, str]) -> str:
    """What the browser compares, to know whether what it shows is still so."""
    return repr((tuple(key), event.id, routes))


def _store_request() -> None:
    """Keep what the browser asks for until the page is drawn: a trigger is gone after one run."""
    COMPARE_REQUEST.put(st.session_state[COMPONENT_KEY]["correction"])


@st.cache_data(max_entries=16, show_spinner=False)
def _count_pending_texts(
    key: CacheKey,
    event_id: str,  # noqa: ARG001  # what the cache goes by, as the next
    routes: tuple[tuple[str, str], ...],  # noqa: ARG001
    _library: Library,
    _engines: Sequence[Engine],
    _event: Event,
) -> dict[str, int]:
    return translations.count_pending_texts(_library, _engines, key.target_lang, _event.articles)


@st.cache_data(max_entries=16, show_spinner=False)
def _serialize_comparison(
    key: CacheKey,
    event_id: str,  # noqa: ARG001
    duplicates: tuple[Duplicate, ...],  # noqa: ARG001
    _comparison: Comparison,
    _library: Library,
) -> dict[str, Any]:
    changed = _library.changed_articles(article.id for article in _comparison.articles)
    return serialize_comparison(_comparison, key.target_lang, changed)
