"""The page's fields and its address: they say the same, whichever of the two has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from crosslingual.corpus.concordance import LINE_ORDERS
from crosslingual.language.codes import language_name
from crosslingual.search.query import Filters
from crosslingual.types import Event
from crosslingual.ui.corpus.request import (
    COLLOCATIONS,
    CONCORDANCE,
    KEYNESS,
    SILENCES,
    VIEWS,
    CorpusRequest,
)
from crosslingual.ui.event_labels import label_events
from crosslingual.ui.search.service import FilterOptions

VIEW_KEY, TEXT_KEY, ORDER_KEY, AGAINST_KEY = "corpus.view", "corpus.text", "corpus.order", "corpus.against"
SOURCES_KEY, LANGS_KEY, EVENT_KEY = "corpus.sources", "corpus.langs", "corpus.event"
SINCE_KEY, UNTIL_KEY = "corpus.since", "corpus.until"
LAST_KEY = "corpus.last"
"""What was asked for last."""
ORDER_NAMES = {
    "date": "By date",
    "source": "By source",
    "left": "By left context",
    "right": "By right context",
}
MAX_TEXT_CHARS = 2_000
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)
_OWN_PARAMS = frozenset(
    ("view", "q", "lang", "source", "from", "to", "in", "against", "sort", "month", "who")
)


def begin_request(options: FilterOptions, events: Mapping[str, Event]) -> CorpusRequest:
    """What is asked for when a run begins: by a field that has changed, else by the address; the fields say it."""
    state = st.session_state
    last: CorpusRequest | None = state.get(LAST_KEY)
    given = CorpusRequest.from_params(st.query_params.get_all)
    if last is None or VIEW_KEY not in state:
        wish = last if last and not given.to_params() else given
    else:
        typed = _read_fields(last)
        wish = given if typed == last and given.to_params() != last.to_params() else typed
    wish = _drop_unknown(wish, options, events)
    _write_fields(wish)
    return wish


def render_fields(
    wish: CorpusRequest, options: FilterOptions, events: Mapping[str, Event], lang: str
) -> CorpusRequest:
    """Draw the fields and have the address say what they say."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="corpus-tools"):
        view = st.segmented_control(
            "What to count",
            list(VIEWS),
            format_func=VIEWS.__getitem__,
            key=VIEW_KEY,
            required=True,
            label_visibility="collapsed",
        )
        if view in (CONCORDANCE, COLLOCATIONS):
            st.text_input(
                "Words",
                key=TEXT_KEY,
                max_chars=MAX_TEXT_CHARS,
                placeholder='Words, "a phrase", begin*, a AND b NOT c, /expression/',
                label_visibility="collapsed",
                width=420,
            )
        if view == CONCORDANCE:
            st.selectbox(
                "Order",
                LINE_ORDERS,
                format_func=ORDER_NAMES.__getitem__,
                key=ORDER_KEY,
                label_visibility="collapsed",
                width=175,
            )
        with st.popover("Filters", width="content"):
            _render_filters(options, events, lang, with_langs=view != SILENCES)
            if view == KEYNESS:
                st.multiselect(
                    "Compared with",
                    list(options.sources),
                    format_func=options.names.__getitem__,
                    key=AGAINST_KEY,
                    placeholder="all other articles",
                )
    after = _read_fields(wish)
    st.session_state[LAST_KEY] = after
    there = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = after.to_params()
    if {name: values for name, values in there.items() if name in _OWN_PARAMS} != wanted:
        others = {name: values for name, values in there.items() if name not in _OWN_PARAMS}
        st.query_params.from_dict(others | wanted)  # at one stroke: each change is a step for going back
    return after


def describe_filters(
    wish: CorpusRequest, options: FilterOptions, events: Mapping[str, Event], lang: str
) -> str:
    """The filters that are set, as a person says them."""
    filters = wish.filters
    parts = [options.names.get(one, one) for one in sorted(filters.sources)]
    if wish.view != SILENCES:
        parts += [language_name(one, lang) for one in sorted(filters.langs)]
    parts += [f"from {filters.since}"] if filters.since else []
    parts += [f"to {filters.until}"] if filters.until else []
    parts += [f"event “{events[wish.event].title}”"] if wish.event in events else []
    return ", ".join(parts)


def _render_filters(
    options: FilterOptions, events: Mapping[str, Event], lang: str, *, with_langs: bool
) -> None:
    st.multiselect(
        "Source",
        list(options.sources),
        format_func=options.names.__getitem__,
        key=SOURCES_KEY,
        placeholder="all",
    )
    if with_langs:
        st.multiselect(
            "Language",
            options.langs,
            format_func=lambda code: language_name(code, lang),
            key=LANGS_KEY,
            placeholder="all",
        )
    left, right = st.columns(2, gap="small")
    with left:
        st.date_input("From", None, _EARLIEST, _LATEST, key=SINCE_KEY, format="YYYY-MM-DD")
    with right:
        st.date_input("To", None, _EARLIEST, _LATEST, key=UNTIL_KEY, format="YYYY-MM-DD")
    st.selectbox(
        "Event",
        list(events),
        index=None,
        format_func=label_events(events.values()).__getitem__,
        key=EVENT_KEY,
        placeholder="any",
    )


def _drop_unknown(wish: CorpusRequest, options: FilterOptions, events: Mapping[str, Event]) -> CorpusRequest:
    filters = wish.filters
    kept = replace(
        filters,
        langs=filters.langs & frozenset(options.langs),
        sources=filters.sources & frozenset(options.sources),
    )
    event = wish.event if wish.event in events else ""
    return replace(wish, filters=kept, event=event, against=wish.against & frozenset(options.sources))


def _write_fields(wish: CorpusRequest) -> None:
    state, filters = st.session_state, wish.filters
    state[VIEW_KEY], state[TEXT_KEY], state[ORDER_KEY] = wish.view, wish.text, wish.order
    state[SOURCES_KEY], state[LANGS_KEY] = sorted(filters.sources), sorted(filters.langs)
    state[SINCE_KEY], state[UNTIL_KEY] = _parse_day(filters.since), _parse_day(filters.until)
    state[EVENT_KEY], state[AGAINST_KEY] = wish.event or None, sorted(wish.against)
    state[LAST_KEY] = wish


def _read_fields(last: CorpusRequest) -> CorpusRequest:
    """What the fields say; of those that are not drawn, and the rest, what was asked for last."""
    state = st.session_state
    filters = last.filters
    since, until = (
        day.isoformat() if day else ""
        for day in (
            state.get(SINCE_KEY, _parse_day(filters.since)),
            state.get(UNTIL_KEY, _parse_day(filters.until)),
        )
    )
    view = state.get(VIEW_KEY) or last.view
    return replace(
        last,
        view=view,
        text=str(state.get(TEXT_KEY, last.text) or "").strip(),
        filters=Filters(
            langs=frozenset(state.get(LANGS_KEY, filters.langs)),
            sources=frozenset(state.get(SOURCES_KEY, filters.sources)),
            since=since,
            until=until,
        ),
        event=state.get(EVENT_KEY, last.event) or "",
        against=frozenset(state.get(AGAINST_KEY, last.against)),
        order=state.get(ORDER_KEY) or last.order,
        month=last.month if view == last.view else "",
        who=last.who if view == last.view else "",
    )


def _parse_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
