"""The page's state: fields and address say the same, whichever of the two has changed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crosslingual.types import Event
from crosslingual.ui.search.filters import drop_unknown_filters, read_filter_fields, write_filter_fields
from crosslingual.ui.search.search_state import BY_SOURCE, PAGE_SIZE, VIEWS, SearchRequest
from crosslingual.ui.search.service import FilterOptions

QUERY_KEY, VIEW_KEY, PROBABILITY_KEY = "search.query", "search.view", "search.sure"
REQUEST_KEY = "search.to"
"""What a button asks for."""
SHOWN_KEY = "search.shown"
"""How many sentences are asked for."""
_LAST_KEY = "search.last"
_LOST_KEY = "search.lost"
_TARGET_LANG_KEY = "search.reader"
_OWN_PARAMS = frozenset(
    (
        *("q", "like", "lang", "source", "country", "owner", "from", "to", "phrase"),
        *("event", "view", "sure", "n", "saved"),
    )
)
"""What of the address is this page's."""


def current_request(
    options: FilterOptions, events: dict[str, Event], target_lang: str
) -> tuple[SearchRequest, list[str]]:
    """What is asked for when a run begins, and what of it the library has not got; the fields then say it.

    A button comes first, then a field that someone changed, then the address: it is another where someone
    followed a link or went back. Who comes from another page finds what was there before.
    """
    state = st.session_state
    last = state.get(_LAST_KEY)
    given = SearchRequest.from_params(st.query_params.get_all)
    to = state.pop(REQUEST_KEY, None)
    if to is None and (last is None or QUERY_KEY not in state):
        to = last if last and not given.to_params() else given
    elif to is None and last and target_lang != state.get(_TARGET_LANG_KEY):
        to = last  # fields whose labels are in another language now would forget what was chosen
    elif to is None and last and _read_fields(last) == last and given != last:
        to = given
    state[_TARGET_LANG_KEY] = target_lang
    wish, lost = drop_unknown_filters(to or _read_fields(last or SearchRequest()), options, events)
    if to is not None or lost:
        _write_fields(wish)
        state[_LOST_KEY] = lost
        last = wish
    state[_LAST_KEY] = last
    return last or wish, state.get(_LOST_KEY, [])


def sync_address(before: SearchRequest) -> SearchRequest:
    """What the fields, now drawn, ask for, where they said ``before``; the address says so too."""
    wish = _read_fields(before)
    if wish.cache_key != before.cache_key:
        wish = replace(wish, n_shown=PAGE_SIZE, saved_name="")
        st.session_state[SHOWN_KEY] = PAGE_SIZE
        st.session_state[_LOST_KEY] = []
    st.session_state[_LAST_KEY] = wish
    wanted = wish.to_params()
    there = {name: st.query_params.get_all(name) for name in st.query_params}
    if {name: values for name, values in there.items() if name in _OWN_PARAMS} != wanted:
        others = {name: values for name, values in there.items() if name not in _OWN_PARAMS}
        # At one stroke: each change is a step for the browser's back button.
        st.query_params.from_dict(others | wanted)
    return wish


def _write_fields(request: SearchRequest) -> None:
    state = st.session_state
    state[QUERY_KEY], state[VIEW_KEY], state[PROBABILITY_KEY] = (
        request.text,
        request.view,
        round(100 * request.min_probability),
    )
    state[SHOWN_KEY] = request.n_shown
    write_filter_fields(request)


def _read_fields(last: SearchRequest) -> SearchRequest:
    """What the fields say; the rest is as it was."""
    state = st.session_state
    filters, event = read_filter_fields()
    text = " ".join(str(state.get(QUERY_KEY) or "").split())
    view = state.get(VIEW_KEY, last.view)
    return replace(
        last,
        text=text,
        similar_to="" if text else last.similar_to,
        filters=filters,
        event=event,
        view=view if view in VIEWS else BY_SOURCE,
        min_probability=state.get(PROBABILITY_KEY, round(100 * last.min_probability)) / 100,
        n_shown=state.get(SHOWN_KEY, last.n_shown),
    )
