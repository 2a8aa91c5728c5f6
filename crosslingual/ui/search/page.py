"""The Search page: one field, where to look, and who said it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from crosslingual.align.thresholds import LIKELY
from crosslingual.errors import InputError, NotFoundError
from crosslingual.library import Mark
from crosslingual.report.listing import Listing, listing
from crosslingual.report.search import counted, scope, search_rows
from crosslingual.report.tables import csv_bytes, jsonl_bytes
from crosslingual.report.words import count, percent, sureness
from crosslingual.search import Hit, Results
from crosslingual.search.over_time import over_time
from crosslingual.search.query import LONGEST
from crosslingual.search.saved import SavedSearch, looked_at, new_since, save_search, saved_search
from crosslingual.types import Event
from crosslingual.ui import reading, scene
from crosslingual.ui.payload import date_text
from crosslingual.ui.scene import Key, Stage
from crosslingual.ui.search import saved
from crosslingual.ui.search.examples import EXAMPLES
from crosslingual.ui.search.filters import chips, draw_filters, in_words, short_label
from crosslingual.ui.search.finding import Known, found, known, prepared
from crosslingual.ui.search.shown import shown_object
from crosslingual.ui.search.state import MORE, QUERY, SURE, TO, VIEW, current, settle
from crosslingual.ui.search.times import draw_times, first_said
from crosslingual.ui.search.wish import BY_EVENT, BY_SOURCE, FIRST, LIST, OVER_TIME, SURES, VIEWS, Wish

COMPONENT = "search.results"
OPENED = "search.opened"
"""The saved search that is shown, as it was before this look at it."""
NAMES = {BY_SOURCE: "By source", BY_EVENT: "By event", LIST: "List", OVER_TIME: "Over time"}
SCRIPTS = ("dom.js", "search.js")
STYLES = ("compare.css", "search.css")


def page() -> None:
    """Draw the page; whatever the user can mend is said on it."""
    scene.stage_page(_page)


def _page(stage: Stage) -> None:
    there, events = known(stage), stage.events()
    before, lost = current(there, events, stage.key.reader)
    field, language = st.columns([38, 7], vertical_alignment="bottom", gap="small")
    with field:
        st.text_input(
            "Who said that? A sentence, or a few words, in any language",
            key=QUERY,
            max_chars=LONGEST,
            placeholder="Paste a sentence, or type a name or a few words",
        )
    with language:
        reading.pick_reader(stage.settings)
    with st.container(horizontal=True, gap="small", key="search-filters", vertical_alignment="center"):
        draw_filters(there, events, stage.key.reader)
        wish = settle(before)
        for place, (text, without) in enumerate(chips(wish, there, events, stage.key.reader)):
            st.button(
                f"{short_label(text)} ✕",
                key=f"search.chip.{place}",
                help="Take this filter away",
                on_click=_to,
                args=(without,),
            )
    if lost:
        _say(f"Not in this library, and left out: {', '.join(one[:60] for one in lost[:8])}.", wrong=True)
    if wish.empty:
        _start(stage, there, events)
        return
    saved.forget_removed()
    saved.said()
    if wish.like:
        _like(stage, wish, there)
    if not prepared(stage):
        return
    try:
        results = found(stage, wish, events)
    except (InputError, NotFoundError) as error:
        _say(f"{error}.", wrong=True)
        return
    _results(stage, wish, there, events, results)


def _start(stage: Stage, there: Known, events: dict[str, Event]) -> None:
    """Nothing is asked for yet: what was saved, and what could be asked."""
    st.session_state.pop(OPENED, None)
    st.html(
        "<p class='search-intro'>Finds who said that, when and in which words, whatever language you type in"
        f" and they write in: {count(len(there.sources), 'source')},"
        f" {count(there.sentences, 'sentence')}.</p>"
    )
    saved.draw_list(
        stage.library.path,
        _open,
        lambda: prepared(stage),
        lambda search: found(stage, Wish.opened(search), events),
        lambda search: ", ".join(in_words(Wish.opened(search), there, events, stage.key.reader)),
    )
    if there.demo:
        st.html("<h2 class='search-heading'>For example, in the demo texts</h2>")
        with st.container(horizontal=True, gap="small", key="search-examples"):
            for place, text in enumerate(EXAMPLES):
                st.button(text, key=f"search.example.{place}", on_click=_to, args=(Wish(text),))


def _like(stage: Stage, wish: Wish, there: Known) -> None:
    """Which stored sentence this is about."""
    mark = wish.mark
    told = stage.library.places.at([mark]).get(mark) if mark else None
    if mark is None or told is None:
        return  # the search says that it is not there
    (article,) = stage.library.articles([mark[0]])
    name = there.names.get(article.source, article.source)
    said = " · ".join(part for part in (name, date_text(article.date)) if part)
    with st.container(horizontal=True, vertical_alignment="center", key="search-like"):
        st.html(
            f"<p>Like <q lang='{escape(article.lang)}' dir='auto'>{escape(told.text[:600])}</q>"
            f" <small dir='auto'>{escape(said)}</small></p>",
            width="content",
        )
        st.button("Clear", key="search.clear", type="tertiary", on_click=_to, args=(Wish(),))


def _results(stage: Stage, wish: Wish, there: Known, events: dict[str, Event], results: Results) -> None:
    listed = listing(results, wish.sure or None)
    fresh = _fresh(stage, wish, results)
    st.html(_summary(listed, results, there, len(fresh) if fresh is not None else None))
    _tools(stage, wish, there, results, listed)
    if not results.hits and not results.telling:
        _say(_nothing(results, list(in_words(wish, there, events, stage.key.reader))))
        return
    if wish.view == OVER_TIME:
        draw_times(results, there.names)
        return
    if note := _note(wish, results, listed):
        _say(note)
    if shown := listed.hits[: wish.shown]:
        how = (*wish.asked, wish.view, wish.sure, wish.shown)
        new = tuple(sorted(fresh or ()))
        data = _data(stage.key, how, new, wish.view, shown, results, there, events)
        scene.component("found", STYLES, SCRIPTS)(data=data, key=COMPONENT)
    if left := len(listed.hits) - len(shown):
        label = f"Show {min(left, FIRST)} more of {left:,}"
        st.button(label, key="search.more", on_click=_more, args=(wish.shown,))
    elif not wish.sure and len(listed.hits) < len(results.hits):
        st.button("Show what is less sure, too", key="search.near", type="tertiary", on_click=_near)


@st.cache_data(max_entries=16, show_spinner=False)
def _data(
    key: Key,
    how: tuple[object, ...],  # noqa: ARG001  # what the cache goes by
    new: tuple[Mark, ...],
    view: str,
    _shown: Sequence[Hit],
    _results: Results,
    _there: Known,
    _events: dict[str, Event],
) -> dict[str, Any]:
    return shown_object(_shown, _results.query, view, _there, _events, key.reader, new)


def _summary(listed: Listing, results: Results, there: Known, fresh: int | None) -> str:
    told = counted(listed, results)
    parts = [
        f"<b>{escape(told[:1].upper() + told[1:])}</b>",
        f"of {scope(results)}",
    ]
    if (listed.says or listed.words) and (first := first_said(over_time(results), there.names)):
        parts.append(f"<span dir='auto'>{escape(first)}</span>")
    if fresh is not None:
        parts.append(f"<b>{fresh:,} new</b> since {escape(date_text(st.session_state[OPENED].looked))}")
    return f"<p class='search-summary' role='status'>{' · '.join(parts)}</p>"


def _note(wish: Wish, results: Results, listed: Listing) -> str:
    if wish.sure and not listed.hits:
        return (
            f"None of the {count(len(results.hits), 'sentence')} that were judged is as sure as"
            f" {round(100 * wish.sure)} %; ask for less."
        )
    if listed.nearest:
        return f"No sentence says it at {percent(LIKELY)} % or more; these come nearest:"
    if results.query.phrases and not listed.says:
        return "Only sentences with the exact phrase were looked at; without it others may say the same."
    return ""


def _nothing(results: Results, filters: list[str]) -> str:
    if not results.articles:
        return f"The filters ({', '.join(filters)}) leave no article to look at. Take some away."
    looked = (
        f"{count(results.articles, 'article')} with {count(results.sentences, 'sentence')} were looked at"
    )
    ways = [
        *(["without the quotation marks or the exact phrase"] if results.query.phrases else []),
        *([f"with fewer filters ({', '.join(filters)})"] if filters else []),
        "with a whole sentence that says it" if results.query.short else "with fewer words, or a name",
    ]
    return f"Nothing found: {looked}. Ask {', or '.join(ways)}."


def _tools(stage: Stage, wish: Wish, there: Known, results: Results, listed: Listing) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search-tools"):
        st.segmented_control(
            "Show",
            VIEWS,
            format_func=NAMES.__getitem__,
            key=VIEW,
            required=True,
            label_visibility="collapsed",
        )
        st.selectbox(
            "How sure",
            SURES,
            format_func=_sure,
            key=SURE,
            width=210,
            label_visibility="collapsed",
        )
        rows = search_rows(listed.hits, there.sources) if listed.hits else []
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
                help=f"All {count(len(rows), 'sentence')} found, with links and scores",
            )
        saved.offer_saving(stage.library.path, wish, results)
        st.button("Saved searches", key="search.list", type="tertiary", on_click=_to, args=(Wish(),))


def _sure(value: int) -> str:
    # The same whatever is asked: a field forgets what was chosen when its labels change.
    if not value:
        return "says it, has the words, or near"
    return "however unsure" if value == 1 else f"{sureness(value / 100)} or more"


def _fresh(stage: Stage, wish: Wish, results: Results) -> frozenset[Mark] | None:
    """What is new in the saved search that is shown; None where none is. From now on it counts as seen."""
    if not wish.saved:
        return None
    opened = st.session_state.get(OPENED)
    if opened is None or opened.name != wish.saved:
        try:
            opened = saved_search(stage.library.path, wish.saved)
        except NotFoundError:
            return None
        if Wish.opened(opened).asked != wish.asked:
            return None  # the address names a search that says something else now
        st.session_state[OPENED] = opened
        save_search(stage.library.path, looked_at(opened, results))
    return frozenset(hit.mark for hit in new_since(opened, results))


def _open(search: SavedSearch) -> None:
    _to(Wish.opened(search))


def _to(wish: Wish) -> None:
    st.session_state[TO] = wish
    st.session_state.pop(OPENED, None)


def _more(shown: int) -> None:
    st.session_state[MORE] = shown + FIRST


def _near() -> None:
    st.session_state[SURE] = 1


def _say(text: str, *, wrong: bool = False) -> None:
    st.html(f"<p class='search-said{' wrong' if wrong else ''}' role='status'>{escape(text)}</p>")
