"""The Check page: questions about the library's own comparisons, answered by keys 1 to 5, and what they say."""

from __future__ import annotations

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from crosslingual.check.fitting import MIN_JUDGEMENTS
from crosslingual.check.gold_export import export_gold, list_exportable
from crosslingual.check.item_view import ItemView
from crosslingual.check.results import CheckResults, is_judged, list_judged_pairs
from crosslingual.check.session import (
    DEFAULT_SAMPLE_SIZE,
    MAX_SAMPLE_SIZE,
    apply_calibration,
    draw_sample,
    find_open_samples,
    iterate_open_items,
    measure_library,
    store_answer,
)
from crosslingual.compare.pair_cache import scoring_key
from crosslingual.formatting import format_count
from crosslingual.library.judgements import ANSWERS, CheckSample
from crosslingual.ui import components, event_context
from crosslingual.ui.add.widgets import render_message, render_section, render_styles
from crosslingual.ui.article_scope import LIBRARY, SCOPE_PARAM, pick_scope
from crosslingual.ui.check.question import render_question
from crosslingual.ui.check.results_view import render_results, results_csv
from crosslingual.ui.event_context import EventContext, LibraryContext, with_open_library
from crosslingual.ui.view_choice import pick_view

VIEW_PARAM, RESULTS = "view", "results"
VIEWS = {"ask": "Questions", RESULTS: "Results"}
SCOPE_KEY, VIEW_KEY, SIZE_KEY = "check.scope", "check.view", "check.size"
_INTRODUCTION = (
    "A random sample of what this library's comparisons say, and of what they say is not there. You judge it without"
    " seeing how sure the program is. From your answers follow how right the rows are, how much they miss, and what a"
    " probability is worth on your own articles."
)


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_event)


def _render_event(context: EventContext) -> None:
    render_styles()
    st.html(f"<style>{components.read_asset('check.css')}</style>")
    is_library = st.query_params.get(SCOPE_PARAM) == LIBRARY
    scope = "" if is_library else context.event.id
    title = "Whole library" if is_library else context.event.title or "Untitled event"
    with context.headline:
        st.html(
            f"<div class='headline'><h1 dir='auto' title='{escape(title)}'>Check: {escape(title)}</h1>"
            "<p>Your own judgement of its comparisons</p></div>"
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="check-tools"):
        pick_scope(SCOPE_KEY)
        view = pick_view("What", VIEW_KEY, VIEW_PARAM, VIEWS)
    if view == RESULTS:
        _render_results(context, scope)
    elif context.library.is_read_only:
        render_message("This library cannot be written, so no answer can be kept.", "wrong")
    else:
        _render_questions(context, scope)


def _render_questions(context: EventContext, scope: str) -> None:
    library = context.library
    samples = find_open_samples(library, scoring_key(context.space), scope)
    engines = context.settings.engine_priority
    view = next(iterate_open_items(library, samples, context.target_lang, engines), None)
    items = [item for sample in samples for item in sample.items]
    n_done = sum(bool(item.answer) for item in items)
    if view is None:
        if n_done:
            render_message(f"All {format_count(n_done, 'question')} are answered; Results says what follows.")
        _render_draw(context, scope, is_first=not n_done)
        if n_done:
            _render_undo(context, samples)
        return
    render_question(view, f"Question {n_done + 1:,} of {len(items):,}", context.target_lang)
    _render_answers(context, view)
    st.progress(n_done / len(items))
    if n_done:
        _render_undo(context, samples)


def _render_draw(context: EventContext, scope: str, *, is_first: bool) -> None:
    if is_first:
        st.html(f"<p class='framing-note'>{escape(_INTRODUCTION)}</p>")
    with st.form("check.draw"):
        size = st.number_input("Questions", 1, MAX_SAMPLE_SIZE, DEFAULT_SAMPLE_SIZE, key=SIZE_KEY, width=160)
        is_asked = st.form_submit_button("Draw a sample" if is_first else "Draw more", type="primary")
    if is_asked:
        events = [context.event] if scope else [*context.whole.events_by_id().values()]
        bar = st.empty()

        def report(done: int, total: int) -> None:
            bar.progress(done / max(total, 1), f"Comparing: {done:,} of {total:,} events")

        draw_sample(
            context.library,
            context.space,
            events,
            context.score_event,
            event_id=scope,
            size=int(size),
            progress=report,
        )
        st.rerun()


def _render_answers(context: EventContext, view: ItemView) -> None:
    """A button for each answer, with its key; the button of a question that is gone does nothing."""
    with st.container(horizontal=True, gap="small", key="check-answers"):
        for number, (answer, told) in enumerate(ANSWERS.items(), 1):
            # Bound to the question: pressed twice, it does not answer the next one unseen.
            key = f"check.{view.item.number}.{answer}"
            if st.button(told[:1].upper() + told[1:], key=key, shortcut=str(number)):
                store_answer(context.library, view.item, answer)
                st.rerun()


def _render_undo(context: EventContext, samples: list[CheckSample]) -> None:
    if st.button("Take the last answer back", key="check.undo", shortcut="u", type="tertiary"):
        context.library.take_back_answer([one.id for one in samples])
        st.rerun()


def _render_results(context: EventContext, scope: str) -> None:
    results = measure_library(context.library, context.space, scope)
    if not results.n_judged:
        render_message("Nothing is judged here yet; answer some questions first.", "ask")
    else:
        render_results(results)
    if not context.library.is_read_only:
        _render_calibration(context, results)
    samples = context.library.load_check_samples()
    is_exportable = bool(list_exportable(context.library, samples))
    with st.container(horizontal=True, gap="small", key="check-downloads"):
        if results.n_judged:
            st.download_button(
                "CSV", results_csv(results), "check.csv", "text/csv", key="check.csv", on_click="ignore"
            )
        if is_exportable:
            st.download_button(
                "All answers as gold",
                with_open_library(context.whole, _export_gold),
                "gold.jsonl",
                "application/jsonl",
                key="check.gold",
                on_click="ignore",
                help="For evaluate statements: it holds the articles that were asked about",
            )
    if not is_exportable and any(is_judged(item) for one in samples for item in one.items):
        st.caption("No answers can be handed out as gold: the articles that they are about are gone.")


def _render_calibration(context: EventContext, results: CheckResults) -> None:
    library, key = context.library, scoring_key(context.space)
    n_pairs = len(list_judged_pairs(library.load_check_samples(), key))
    lead = (
        "The answers to pairs map all probabilities of this library; few answers move them little. Rows change with"
        " them, here, in reports and in JSON, where it is told. It can be taken off again."
    )
    render_section("Calibrate", lead)
    with st.container(horizontal=True, gap="small", key="check-calibrate"):
        told = f"Calibrate on {format_count(n_pairs, 'judgement')}"
        if st.button(told, key="check.apply", disabled=n_pairs < MIN_JUDGEMENTS, type="primary"):
            apply_calibration(library, context.space)
            st.rerun()
        if results.active and st.button("Probabilities as shipped", key="check.reset"):
            library.remove_calibrations()
            st.rerun()
    if n_pairs < MIN_JUDGEMENTS:
        st.caption(f"{MIN_JUDGEMENTS} judgements of pairs are needed, so far there are {n_pairs}.")


def _export_gold(context: LibraryContext) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        export_gold(context.library, context.library.load_check_samples(), path)
        return path.read_bytes()
