"""The Events page: the list of events, narrowed, sorted and a page at a time; the address says all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from crosslingual.errors import InputError
from crosslingual.events.listing import EventSummary, select_events
from crosslingual.formatting import format_count
from crosslingual.language.codes import language_name
from crosslingual.library import Library
from crosslingual.library.event_visits import EventVisit, record_visit
from crosslingual.report.to_json import event_object
from crosslingual.search.naming import find_naming_articles
from crosslingual.types import Operation
from crosslingual.ui import components, event_context, reading
from crosslingual.ui.event_context import CacheKey, LibraryContext
from crosslingual.ui.events.actions import run_event_action
from crosslingual.ui.events.request import EventListRequest
from crosslingual.ui.events.rows import current_time, format_since, serialize_opened, serialize_row
from crosslingual.ui.page_parts import render_csv
from crosslingual.ui.search.service import open_service, prepare_index
from crosslingual.ui.serialize import unique_source_names
from crosslingual.ui.session import EVENTS_ANSWER, EVENTS_REQUEST

COMPONENT_KEY = "events.list"
PAGE_SIZE = 50
ORDER_NAMES = {
    "date": "Newest first",
    "added": "Latest additions first",
    "sources": "Most sources first",
    "articles": "Most articles first",
    "languages": "Most languages first",
}
MAX_UNDOABLE = 20
"""Corrections that are listed to be undone."""
SCRIPTS = ("dom.js", "events.js")
STYLES = ("compare.css", "events.css")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_library_page(_render_page)


def _render_page(context: LibraryContext) -> None:
    if asked := EVENTS_REQUEST.pop():
        EVENTS_ANSWER.put(run_event_action(asked, context.settings))
        context = event_context.build_library_context(context.settings, context.library)
    summaries = context.event_summaries()
    undoable = _load_undoable(context.key, context.library)
    if not summaries:
        event_context.render_no_events(context)
        if not undoable:
            return
    visit = record_visit(context.library, last_article=context.last_article_listed())
    headline, language = st.columns([38, 7], vertical_alignment="center", gap="small")
    with headline:
        st.html(_headline_html(summaries))
    with language:
        reading.pick_target_lang(context.settings)
    wish = EventListRequest.from_params(st.query_params.get_all)
    above = st.container()
    with above:
        found, problem = _find_events(context, summaries, wish, visit)
    data = _serialize_page(context, summaries, found, wish, visit) | {
        "problem": problem,
        "said": EVENTS_ANSWER.get(),
        "canWrite": not context.library.is_read_only,
        "undoable": [
            {"id": one.id, "text": one.description, "day": one.created_at[:16].replace("T", " ")}
            for one in undoable
        ],
    }
    component = components.build_component("events", STYLES, SCRIPTS)
    component(data=components.with_data_key(data), key=COMPONENT_KEY, on_correction_change=_store_request)
    if found:
        render_csv(
            "events.csv",
            "events.csv",
            lambda: [event_object(one.event) for one in found],
            "All events that the filters leave, also those of other pages",
        )


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_undoable(key: CacheKey, _library: Library) -> Sequence[Operation]:  # noqa: ARG001  # what the cache goes by
    """The latest corrections of events that stand."""
    made = _library.load_operations("event_corrections")
    return [one for one in made if not one.undone and one.kind != "undo"][:MAX_UNDOABLE]


def _store_request() -> None:
    """Keep what the browser asks for until the page is drawn: a trigger is gone after one run."""
    EVENTS_REQUEST.put(st.session_state[COMPONENT_KEY]["correction"])


def _find_events(
    context: LibraryContext,
    summaries: Sequence[EventSummary],
    wish: EventListRequest,
    visit: EventVisit | None,
) -> tuple[Sequence[EventSummary], str]:
    """The events that are asked for, and what stands in the way of finding them."""
    filters = wish.filters
    if wish.only_new and visit:
        filters = replace(filters, newer_than=visit.last_article)
    if wish.entity:
        if not prepare_index(context):
            return [], "Names are found with the search index, which is being brought up to date."
        try:
            index = open_service(context).index
            filters = replace(filters, articles=find_naming_articles(index, wish.entity))
        except InputError as error:
            return [], f"{error}."
    return select_events(summaries, filters, wish.order), ""


@dataclass(frozen=True, slots=True)
class _ListChoices:
    """What the events can be narrowed to: sources by their names, languages; how many events have each."""

    names: Mapping[str, str]
    sources: Sequence[tuple[str, str]]
    langs: Sequence[tuple[str, str]]


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_choices(
    key: CacheKey, _context: LibraryContext, _summaries: Sequence[EventSummary]
) -> _ListChoices:
    names = unique_source_names(_context.library.sources_with_articles())
    sources = {one for summary in _summaries for one in summary.event.sources}
    langs = {one for summary in _summaries for one in summary.event.languages}
    return _ListChoices(
        names,
        sorted(((id_, names.get(id_, id_)) for id_ in sources), key=lambda one: one[1].casefold()),
        sorted(((code, language_name(code, key.target_lang)) for code in langs), key=lambda one: one[1]),
    )


def _serialize_page(
    context: LibraryContext,
    summaries: Sequence[EventSummary],
    found: Sequence[EventSummary],
    wish: EventListRequest,
    visit: EventVisit | None,
) -> dict[str, Any]:
    choices, lang, now = (
        _load_choices(context.key, context, summaries),
        context.key.target_lang,
        current_time(),
    )
    n_pages = max(-(-len(found) // PAGE_SIZE), 1)
    page = min(wish.page, n_pages)
    shown = list(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    opened_id = context.events_by_id().current_id(wish.opened)
    opened = next((one for one in summaries if opened_id and one.event.id == opened_id), None)
    if opened and opened not in shown:
        shown.insert(0, opened)
    return {
        "params": wish.to_params(),
        "filters": {
            "q": wish.filters.title,
            "entity": wish.entity,
            "lang": sorted(wish.filters.langs),
            "source": sorted(wish.filters.sources),
            "from": wish.filters.since,
            "to": wish.filters.until,
            "new": wish.only_new and bool(visit),
            "sort": wish.order,
        },
        "sources": choices.sources,
        "langs": choices.langs,
        "orders": list(ORDER_NAMES.items()),
        "rows": [serialize_row(one, choices.names, lang, visit, now) for one in shown],
        "found": len(found),
        "all": len(summaries),
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": min(page * PAGE_SIZE, len(found)),
        "page": page,
        "pages": n_pages,
        "news": _describe_news(summaries, visit, now=format_since(visit.at, now) if visit else ""),
        "grown": sum(1 for one in summaries if visit and one.last_number > visit.last_article),
        "opened": {
            "id": opened.event.id,
            **serialize_opened(opened, summaries, choices.names, lang, visit),
        }
        if opened
        else None,
        "lost": bool(wish.opened and not opened),
    }


def _describe_news(summaries: Sequence[EventSummary], visit: EventVisit | None, *, now: str) -> str:
    if visit is None:
        return "This is the first visit to this page; from the next one on it says what is new."
    grown = [one for one in summaries if one.last_number > visit.last_article]
    if not grown:
        return f"Nothing new {now}."
    number = sum(len(one.new_entries(visit.last_article)) for one in grown)
    verb = "has" if len(grown) == 1 else "have"
    return f"{format_count(len(grown), 'event')} {verb} {format_count(number, 'new article')} {now}."


def _headline_html(summaries: Sequence[EventSummary]) -> str:
    sources = {source for one in summaries for source in one.event.sources}
    langs = {lang for one in summaries for lang in one.event.languages}
    parts = (
        format_count(len(summaries), "event"),
        format_count(sum(len(one.entries) for one in summaries), "article"),
        format_count(len(sources), "source"),
        format_count(len(langs), "language"),
    )
    return f"<div class='headline'><h1>Events</h1><p>{escape(' · '.join(parts))}</p></div>"
