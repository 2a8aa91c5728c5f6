"""What came of an add: how much is new, what failed, where to see it, and its undoing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape

import streamlit as st

from crosslingual.events.duplicates import group_duplicates
from crosslingual.formatting import format_count, shorten_title
from crosslingual.ingest.summary import AddSummary
from crosslingual.library import Library
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.types import Article, Event
from crosslingual.ui import (
    event_context,
)
from crosslingual.ui.add.errors_table import render_problems
from crosslingual.ui.add.history import render_undo_button
from crosslingual.ui.add.import_job import AddRun
from crosslingual.ui.add.widgets import escape_markdown, render_message, render_section
from crosslingual.ui.serialize import format_date_range

_MAX_EVENTS = 5
_MAX_DUPLICATE_GROUPS = 20


def render_summary(settings: Settings, library: Library, job: jobs.Job, run: AddRun | None) -> None:
    """Draw what the ended ``job`` came to; ``run`` is what it added, if it was an add."""
    made = run.summary if run else None
    act = next((act for act in library.load_operations() if made and act.id == made.operation_id), None)
    undone = act is not None and act.undone
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if undone:
            render_message(f"{job.title}: all of it was undone since; the list below can redo it.", "ask")
        else:
            render_message(job.message, "wrong" if job.has_failed else "")
        st.button("Close", key="add.close", on_click=jobs.dismiss_job, args=(str(settings.library), job.id))
    if run is None or made is None or undone:
        return
    _render_tiles(run, made)
    if act:
        render_undo_button(
            settings, act, f"Undo all of it ({format_count(act.articles, 'article')})", "add.undo"
        )
    _render_details(settings, library, run, made)


def _render_details(settings: Settings, library: Library, run: AddRun, result: AddSummary) -> None:
    for told in (run.translation_summary, *run.notices):
        if told:
            render_message(told)
    there = library.existing_ids(result.new_ids)
    if there:
        _render_events(settings, library, there)
    if result.incomplete_sources and there:
        _render_incomplete_sources(result.incomplete_sources)
    if run.duplicates:
        _render_duplicates(library, run)
    if result.errors:
        render_section("What failed")
        render_problems(result.errors, "add.failed")
    if result.warnings:
        render_section("What has a flaw", "These articles are read all the same, without what is wrong.")
        render_problems(result.warnings, "add.flaws")


def _render_tiles(run: AddRun, result: AddSummary) -> None:
    copies = len({id_ for copy in run.duplicates for id_ in (copy.left, copy.right)} & set(result.new_ids))
    tiles = [
        (result.n_added, "new articles"),
        (result.n_known, "known already"),
        (copies, "copies of others"),
        (len(result.errors), "failed"),
    ]
    tiles += [(len(result.changed_ids), "changed since")] if result.changed_ids else []
    tiles += [(len(result.warnings), "with a flaw")] if result.warnings else []
    tiles += [(result.n_translations, "translations")] if result.n_translations else []
    tiles += [(result.n_skipped, "files of no known format")] if result.n_skipped else []
    st.html(
        "<div class='tiles'>"
        + "".join(f"<div><b>{number:,}</b><span>{told}</span></div>" for number, told in tiles)
        + "</div>"
    )


def _render_events(settings: Settings, library: Library, new_ids: set[str]) -> None:
    events = event_context.build_library_context(settings, library).events_by_id()
    found = [event for event in events.values() if new_ids & set(event.articles)]
    found.sort(key=lambda event: len(event.sources), reverse=True)
    if not found:
        render_section(
            "Events", "The new articles are on no happening that another article tells. Add other sources."
        )
        return
    render_section("Events", "Where the new articles are compared with the others.")
    with st.container(key="add-events", gap="small"):
        for event in found[:_MAX_EVENTS]:
            named = escape_markdown(_event_label(event, new_ids))
            st.page_link(event_context.app_page("compare"), label=named, query_params={"event": event.id})
    if len(found) > _MAX_EVENTS:
        st.html(f"<p class='lead'>and {len(found) - _MAX_EVENTS:,} more, on the Compare page</p>")


def _event_label(event: Event, new_ids: set[str]) -> str:
    new = len(new_ids & set(event.articles))
    parts = (
        shorten_title(event.title, 120) or "untitled",
        format_date_range(event.start, event.end),
        f"{new:,} of {format_count(len(event.articles), 'article')}",
    )
    return " · ".join(part for part in parts if part)


def _render_incomplete_sources(sources: tuple[str, ...]) -> None:
    render_message(
        f"Country, ownership or language of {format_count(len(sources), 'source')} is not known yet.", "ask"
    )
    with st.container(key="add-sources"):
        st.page_link(event_context.app_page("sources"), label="Complete on the Sources page")


def _render_duplicates(library: Library, run: AddRun) -> None:
    known = library.existing_ids([id_ for copy in run.duplicates for id_ in (copy.left, copy.right)])
    copies = [copy for copy in run.duplicates if {copy.left, copy.right} <= known]
    groups = group_duplicates(copies)
    if not groups:
        return
    render_section(
        "Copies",
        "Articles that are one text, whole or in part. The Compare page can count them as one voice.",
    )
    articles = {article.id: article for article in library.load_articles(known)}
    names = {source.id: source.name for source in library.stored_sources()}
    shares: Counter[str] = Counter()
    for copy in copies:
        for id_ in (copy.left, copy.right):
            shares[id_] = max(shares[id_], round(100 * copy.share))
    rows = "".join(
        "<tr><td>"
        + "".join(
            f"<div dir='auto'>{escape(_article_label(one, names))}</div>"
            for one in (articles[id_] for id_ in group)
        )
        + f"</td><td class=n>{max(shares[id_] for id_ in group)} %</td></tr>"
        for group in groups[:_MAX_DUPLICATE_GROUPS]
    )
    st.html(
        "<div class='sheet'><table><thead><tr><th>One text</th><th>Sentences in common</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    if len(groups) > _MAX_DUPLICATE_GROUPS:
        st.html(
            f"<p class='lead'>and {len(groups) - _MAX_DUPLICATE_GROUPS:,} more: crosslingual duplicates</p>"
        )


def _article_label(article: Article, names: Mapping[str, str]) -> str:
    return f"{names[article.source]} · {article.title[:120] or 'untitled'}"
