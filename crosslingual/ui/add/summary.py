"""What came of an add: how much is new, what failed, where to see it, and its undoing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape

import streamlit as st

from crosslingual.add import Summary
from crosslingual.copies import copy_groups
from crosslingual.library import Library
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.types import Article, Event
from crosslingual.ui import jobs, scene
from crosslingual.ui.add.history import undo_button
from crosslingual.ui.add.run import Run
from crosslingual.ui.add.shown import label, line, section
from crosslingual.ui.add.trouble import troubles
from crosslingual.ui.payload import span_text

_EVENTS = 5
_COPIES = 20


def summary(settings: Settings, library: Library, job: jobs.Job, run: Run | None) -> None:
    """Draw what the ended ``job`` came to; ``run`` is what it added, if it was an add."""
    made = run.summary if run else None
    act = next((act for act in library.acts() if made and act.id == made.batch), None)
    undone = act is not None and act.undone
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if undone:
            line(f"{job.title}: all of it was undone since; the list below can redo it.", "ask")
        else:
            line(job.said, "wrong" if job.wrong else "")
        st.button("Close", key="add.close", on_click=jobs.dismiss, args=(str(settings.library), job.id))
    if run is None or made is None or undone:
        return
    _tiles(run, made)
    if act:
        undo_button(settings, act, f"Undo all of it ({count(act.articles, 'article')})", "add.undo")
    _details(settings, library, run, made)


def _details(settings: Settings, library: Library, run: Run, made: Summary) -> None:
    for told in (run.translated, *run.also):
        if told:
            line(told)
    there = library.known(made.new)
    if there:
        _events(settings, library, there)
    if made.incomplete and there:
        _incomplete(made.incomplete)
    if run.copies:
        _copies(library, run)
    if made.failures:
        section("What failed")
        troubles(made.failures, "add.failed")
    if made.flaws:
        section("What has a flaw", "These articles are read all the same, without what is wrong.")
        troubles(made.flaws, "add.flaws")


def _tiles(run: Run, made: Summary) -> None:
    copies = len({id_ for copy in run.copies for id_ in (copy.one, copy.other)} & set(made.new))
    tiles = [
        (made.added, "new articles"),
        (made.known, "known already"),
        (copies, "copies of others"),
        (len(made.failures), "failed"),
    ]
    tiles += [(len(made.flaws), "with a flaw")] if made.flaws else []
    tiles += [(made.translations, "translations")] if made.translations else []
    tiles += [(made.skipped, "files of no known format")] if made.skipped else []
    st.html(
        "<div class='tiles'>"
        + "".join(f"<div><b>{number:,}</b><span>{told}</span></div>" for number, told in tiles)
        + "</div>"
    )


def _events(settings: Settings, library: Library, there: set[str]) -> None:
    events = scene.stage(settings, library).events()
    found = [event for event in events.values() if there & set(event.articles)]
    found.sort(key=lambda event: len(event.sources), reverse=True)
    if not found:
        section(
            "Events", "The new articles are on no happening that another article tells. Add other sources."
        )
        return
    section("Events", "Where the new articles are compared with the others.")
    with st.container(key="add-events", gap="small"):
        for event in found[:_EVENTS]:
            named = label(_told(event, there))
            st.page_link(scene.place("compare"), label=named, query_params={"event": event.id})
    if len(found) > _EVENTS:
        st.html(f"<p class='lead'>and {len(found) - _EVENTS:,} more, on the Compare page</p>")


def _told(event: Event, there: set[str]) -> str:
    new = len(there & set(event.articles))
    parts = (
        event.title[:120] or "untitled",
        span_text(event.start, event.end),
        f"{new:,} of {count(len(event.articles), 'article')}",
    )
    return " · ".join(part for part in parts if part)


def _incomplete(sources: tuple[str, ...]) -> None:
    line(f"Country, ownership or language of {count(len(sources), 'source')} is not known yet.", "ask")
    with st.container(key="add-sources"):
        st.page_link(scene.place("sources"), label="Complete on the Sources page")


def _copies(library: Library, run: Run) -> None:
    known = library.known([id_ for copy in run.copies for id_ in (copy.one, copy.other)])
    copies = [copy for copy in run.copies if {copy.one, copy.other} <= known]
    groups = copy_groups(copies)
    if not groups:
        return
    section(
        "Copies",
        "Articles that are one text, whole or in part. The Compare page can count them as one voice.",
    )
    articles = {article.id: article for article in library.articles(known)}
    names = {source.id: source.name for source in library.sources()}
    shares: Counter[str] = Counter()
    for copy in copies:
        for id_ in (copy.one, copy.other):
            shares[id_] = max(shares[id_], round(100 * copy.share))
    rows = "".join(
        "<tr><td>"
        + "".join(
            f"<div dir='auto'>{escape(_named(one, names))}</div>" for one in (articles[id_] for id_ in group)
        )
        + f"</td><td class=n>{max(shares[id_] for id_ in group)} %</td></tr>"
        for group in groups[:_COPIES]
    )
    st.html(
        "<div class='sheet'><table><thead><tr><th>One text</th><th>Sentences in common</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    if len(groups) > _COPIES:
        st.html(f"<p class='lead'>and {len(groups) - _COPIES:,} more: crosslingual copies</p>")


def _named(article: Article, names: Mapping[str, str]) -> str:
    return f"{names[article.source]} · {article.title[:120] or 'untitled'}"
