"""The Search page: one field, where to look, and who said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.errors import InputError, NotFoundError
from crosslingual.formatting import format_count, format_sureness, to_percent
from crosslingual.library import SentenceKey
from crosslingual.report.listing import HitListing, select_hits
from crosslingual.report.search import format_counting, format_scope, format_source_counts, search_rows
from crosslingual.report.tables import csv_bytes, jsonl_bytes
from crosslingual.search import Hit, Results
from crosslingual.search.query import MAX_QUERY_CHARS
from crosslingual.search.saved import (
    SavedSearch,
    find_new_hits,
    find_saved_search,
    mark_as_viewed,
    save_search,
)
from crosslingual.search.timeline import build_timelines
from crosslingual.types import Event
from crosslingual.ui import (
    components,
    event_context,
    reading,
)
from crosslingual.ui.event_context import CacheKey, LibraryContext
from crosslingual.ui.page_parts import render_said
from crosslingual.ui.search import saved
from crosslingual.ui.search.address import (
    PROBABILITY_KEY,
    QUERY_KEY,
    REQUEST_KEY,
    SHOWN_KEY,
    VIEW_KEY,
    current_request,
    sync_address,
)
from crosslingual.ui.search.examples import EXAMPLES
from crosslingual.ui.search.filters import button_label, describe_filters, filter_chips, render_filters
from crosslingual.ui.search.results_view import serialize_results
from crosslingual.ui.search.search_state import (
    BY_EVENT,
    BY_SOURCE,
    LIST,
    MIN_PERCENTS,
    OVER_TIME,
    PAGE_SIZE,
    VIEWS,
    SearchRequest,
)
from crosslingual.ui.search.service import (
    FilterOptions,
    load_filter_options,
    open_service,
    prepare_index,
    run_search,
)
from crosslingual.ui.search.timeline import first_date_text, render_timeline
from crosslingual.ui.serialize import format_date
from crosslingual.ui.session import OPENED_SEARCH

COMPONENT_KEY = "search.results"
VIEW_NAMES = {BY_SOURCE: "By source", BY_EVENT: "By event", LIST: "List", OVER_TIME: "Over time"}
SCRIPTS = ("dom.js", "search.js")
STYLES = ("compare.css", "search.css")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it."""
    event_context.render_library_page(_render_page)


def _render_page(context: LibraryContext) -> None:
    there, events = load_filter_options(context), context.events_by_id()
    before, lost = current_request(there, events, context.key.target_lang)
    st.html("<div class='headline'><h1>Search</h1><p>Who said that, when, and in which words</p></div>")
    field, language = st.columns([38, 7], vertical_alignment="bottom", gap="small")
    with field:
        st.text_input(
            "Who said that? A sentence, or a few words, in any language",
            key=QUERY_KEY,
            max_chars=MAX_QUERY_CHARS,
            placeholder="Paste a sentence, or type a name or a few words",
        )
    with language:
        reading.pick_target_lang(context.settings)
    with st.container(horizontal=True, gap="small", key="search-filters", vertical_alignment="center"):
        render_filters(there, events, context.key.target_lang)
        wish = sync_address(before)
        for place, (text, without) in enumerate(filter_chips(wish, there, events, context.key.target_lang)):
            st.button(
                f"{button_label(text)} ✕",
                key=f"search.chip.{place}",
                help="Take this filter away",
                on_click=_set_request,
                args=(without,),
            )
    if lost:
        render_said(
            f"Not in this library, and left out: {', '.join(one[:60] for one in lost[:8])}.", is_error=True
        )
    if wish.is_empty:
        _render_start(context, there, events)
        return
    saved.forget_removed()
    saved.render_message()
    if wish.similar_to:
        _render_similar_sentence(context, wish, there)
    if not prepare_index(context):
        return
    if told := open_service(context).index.warning:
        st.warning(told)
    try:
        results = run_search(context, wish, events)
    except (InputError, NotFoundError) as error:
        render_said(f"{error}.", is_error=True)
        return
    _render_results(context, wish, there, events, results)


def _render_start(context: LibraryContext, options: FilterOptions, events: dict[str, Event]) -> None:
    """Nothing is asked for yet: what was saved, and what could be asked."""
    OPENED_SEARCH.pop()
    st.html(
        "<p class='search-intro'>Finds who said that, when and in which words, whatever language you type in"
        f" and they write in: {format_count(len(options.sources), 'source')},"
        f" {format_count(options.n_sentences, 'sentence')}.</p>"
    )
    saved.render_saved_searches(
        context.library.documents,
        _open_search,
        lambda: prepare_index(context),
        lambda search: run_search(context, SearchRequest.from_saved(search), events),
        lambda search: ", ".join(
            describe_filters(SearchRequest.from_saved(search), options, events, context.key.target_lang)
        ),
    )
    if options.has_demo:
        st.html("<h2 class='search-heading'>For example, in the demo texts</h2>")
        with st.container(horizontal=True, gap="small", key="search-examples"):
            for place, text in enumerate(EXAMPLES):
                st.button(
                    text, key=f"search.example.{place}", on_click=_set_request, args=(SearchRequest(text),)
                )


def _render_similar_sentence(context: LibraryContext, request: SearchRequest, options: FilterOptions) -> None:
    """Which stored sentence this is about."""
    mark = request.sentence_ref
    told = context.library.lookup.sentences_at([mark]).get(mark) if mark else None
    if mark is None or told is None:
        return  # the search says that it is not there
    (article,) = context.library.load_articles([mark[0]])
    name = options.names.get(article.source, article.source)
    said = " · ".join(part for part in (name, format_date(article.date)) if part)
    with st.container(horizontal=True, vertical_alignment="center", key="search-like"):
        st.html(
            f"<p>Like <q lang='{escape(article.lang)}' dir='auto'>{escape(told.text[:600])}</q>"
            f" <small dir='auto'>{escape(said)}</small></p>",
            width="content",
        )
        st.button(
            "Clear", key="search.clear", type="tertiary", on_click=_set_request, args=(SearchRequest(),)
        )


def _render_results(
    context: LibraryContext,
    request: SearchRequest,
    options: FilterOptions,
    events: dict[str, Event],
    results: Results,
) -> None:
    listed = select_hits(results, request.min_probability or None)
    if listed.is_nearest_only:  # what does not answer is shown where it is asked for
        listed = replace(listed, hits=())
    fresh = _find_new_hits(context, request, results)
    st.html(_summary_html(listed, results, options, len(fresh) if fresh is not None else None))
    _render_tools(context, request, options, results, listed)
    if not results.hits and not results.match_counts:
        render_said(
            _no_results_text(
                results, list(describe_filters(request, options, events, context.key.target_lang))
            )
        )
        return
    if request.view == OVER_TIME:
        render_timeline(results, options.names)
        return
    if note := _results_note(request, results, listed):
        render_said(note)
    if shown := listed.hits[: request.n_shown]:
        how = (*request.cache_key, request.view, request.min_probability, request.n_shown)
        new = tuple(sorted(fresh or ()))
        changed = context.library.changed_articles({hit.entry.article for hit in shown})
        data = _serialize_results(
            context.key, how, new, request.view, shown, results, options, events, changed
        )
        components.build_component("found", STYLES, SCRIPTS)(data=data, key=COMPONENT_KEY)
    if left := len(listed.hits) - len(shown):
        label = f"Show {min(left, PAGE_SIZE)} more of {left:,}"
        st.button(label, key="search.more", on_click=_show_more, args=(request.n_shown,))
    elif not request.min_probability and len(listed.hits) < len(results.hits):
        st.button("Show less likely ones", key="search.near", type="tertiary", on_click=_show_less_likely)


@st.cache_data(max_entries=16, show_spinner=False)
def _serialize_results(
    key: CacheKey,
    cache_key: tuple[object, ...],  # noqa: ARG001  # what the cache goes by
    new_refs: tuple[SentenceKey, ...],
    view: str,
    _shown: Sequence[Hit],
    _results: Results,
    _options: FilterOptions,
    _events: dict[str, Event],
    _changed: dict[str, str],
) -> dict[str, Any]:
    return serialize_results(
        _shown, _results.query, view, _options, _events, key.target_lang, new_refs, _changed
    )


def _summary_html(listed: HitListing, results: Results, options: FilterOptions, n_new: int | None) -> str:
    told = format_source_counts(listed, results)
    parts = [
        f"<b>{escape(told[:1].upper() + told[1:])}</b>",
        f"of {format_scope(results)}",
        format_counting(results),
    ]
    if (listed.saying_sources or listed.word_sources) and (
        first := first_date_text(build_timelines(results), options.names)
    ):
        parts.append(f"<span dir='auto'>{escape(first)}</span>")
    if n_new is not None and (opened := OPENED_SEARCH.get()):
        parts.append(f"<b>{n_new:,} new</b> since {escape(format_date(opened.viewed_at))}")
    return f"<p class='search-summary' role='status'>{' · '.join(parts)}</p>"


def _results_note(request: SearchRequest, results: Results, listed: HitListing) -> str:
    if request.min_probability and not listed.hits:
        return (
            f"None of the {format_count(len(results.hits), 'sentence')} that were judged is as sure as"
            f" {round(100 * request.min_probability)} %; ask for less."
        )
    if listed.is_nearest_only:
        return f"No sentence says it at {to_percent(LIKELY_PROBABILITY)} % or more."
    if results.query.phrases and not listed.saying_sources:
        return "Only sentences with the exact phrase were looked at; without it others may say the same."
    return ""


def _no_results_text(results: Results, filters: list[str]) -> str:
    if not results.n_articles:
        return f"The filters ({', '.join(filters)}) leave no article to look at. Take some away."
    looked = (
        f"{format_count(results.n_articles, 'article')} with"
        f" {format_count(results.n_sentences, 'sentence')} were looked at"
    )
    ways = [
        *(["without the quotation marks or the exact phrase"] if results.query.phrases else []),
        *([f"with fewer filters ({', '.join(filters)})"] if filters else []),
        "with a whole sentence that says it" if results.query.is_short else "with fewer words, or a name",
    ]
    return f"Nothing found: {looked}. Ask {', or '.join(ways)}."


def _render_tools(
    context: LibraryContext,
    request: SearchRequest,
    options: FilterOptions,
    results: Results,
    listed: HitListing,
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search-tools"):
        st.segmented_control(
            "Show",
            VIEWS,
            format_func=VIEW_NAMES.__getitem__,
            key=VIEW_KEY,
            required=True,
            label_visibility="collapsed",
        )
        st.selectbox(
            "How sure",
            MIN_PERCENTS,
            format_func=_probability_label,
            key=PROBABILITY_KEY,
            width=210,
            label_visibility="collapsed",
        )
        rows = search_rows(listed.hits, options.sources) if listed.hits else []
        for name, mime, write in (
            ("CSV", "text/csv", csv_bytes),
            ("JSON Lines", "application/x-ndjson", jsonl_bytes),
        ):
            st.download_button(
                name,
                partial(write, rows),
                f"search.{'csv' if name == 'CSV' else 'jsonl'}",
                mime,
                key=f"search.{name}",
                on_click="ignore",
                disabled=not rows,
                help=f"All {format_count(len(rows), 'sentence')} found, with links and scores",
            )
        saved.render_save_button(context.library.documents, request, results)
        st.button(
            "Saved searches",
            key="search.list",
            type="tertiary",
            on_click=_set_request,
            args=(SearchRequest(),),
        )


def _probability_label(value: int) -> str:
    # The same whatever is asked: a field forgets what was chosen when its labels change.
    if not value:
        return "says it, has the words, or near"
    return "however unsure" if value == 1 else f"{format_sureness(value / 100)} or more"


def _find_new_hits(
    context: LibraryContext, request: SearchRequest, results: Results
) -> frozenset[SentenceKey] | None:
    """What is new in the saved search that is shown; None where none is. From now on it counts as seen."""
    if not request.saved_name:
        return None
    opened = OPENED_SEARCH.get()
    if opened is None or opened.name != request.saved_name:
        try:
            opened = find_saved_search(context.library.documents, request.saved_name)
        except NotFoundError:
            return None
        if SearchRequest.from_saved(opened).cache_key != request.cache_key:
            return None  # the address names a search that says something else now
        OPENED_SEARCH.put(opened)
        save_search(context.library.documents, mark_as_viewed(opened, results))
    return frozenset(hit.sentence_key for hit in find_new_hits(opened, results))


def _open_search(search: SavedSearch) -> None:
    _set_request(SearchRequest.from_saved(search))


def _set_request(request: SearchRequest) -> None:
    st.session_state[REQUEST_KEY] = request
    OPENED_SEARCH.pop()


def _show_more(shown: int) -> None:
    st.session_state[SHOWN_KEY] = shown + PAGE_SIZE


def _show_less_likely() -> None:
    st.session_state[PROBABILITY_KEY] = 1
