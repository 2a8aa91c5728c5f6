"""The page's state: fields and address say the same, whichever of the two has changed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crosslingual.types import Event
from crosslingual.ui.search.filters import fitting, read_filters, set_filters
from crosslingual.ui.search.finding import Known
from crosslingual.ui.search.wish import BY_SOURCE, FIRST, VIEWS, Wish

QUERY, VIEW, SURE = "search.query", "search.view", "search.sure"
TO = "search.to"
"""What a button asks for."""
MORE = "search.shown"
"""How many sentences are asked for."""
_LAST = "search.last"
_LOST = "search.lost"
_READER = "search.reader"
_OWN = frozenset(
    (
        *("q", "like", "lang", "source", "country", "owner", "from", "to", "phrase"),
        *("event", "view", "sure", "n", "saved"),
    )
)
"""What of the address is this page's."""


def current(known: Known, events: dict[str, Event], reader: str) -> tuple[Wish, list[str]]:
    """What is asked for when a run begins, and what of it the library has not got; the fields then say it.

    A button comes first, then a field that someone changed, then the address: it is another where someone
    followed a link or went back. Who comes from another page finds what was there before.
    """
    state = st.session_state
    last = state.get(_LAST)
    given = Wish.read(st.query_params.get_all)
    to = state.pop(TO, None)
    if to is None and (last is None or QUERY not in state):
        to = last if last and not given.params() else given
    elif to is None and last and reader != state.get(_READER):
        to = last  # fields whose labels are in another language now would forget what was chosen
    elif to is None and last and _fields(last) == last and given != last:
        to = given
    state[_READER] = reader
    wish, lost = fitting(to or _fields(last or Wish()), known, events)
    if to is not None or lost:
        _set(wish)
        state[_LOST] = lost
        last = wish
    state[_LAST] = last
    return last or wish, state.get(_LOST, [])


def settle(before: Wish) -> Wish:
    """What the fields, now drawn, ask for, where they said ``before``; the address says so too."""
    wish = _fields(before)
    if wish.asked != before.asked:
        wish = replace(wish, shown=FIRST, saved="")
        st.session_state[MORE] = FIRST
        st.session_state[_LOST] = []
    st.session_state[_LAST] = wish
    wanted = wish.params()
    there = {name: st.query_params.get_all(name) for name in st.query_params}
    if {name: values for name, values in there.items() if name in _OWN} != wanted:
        others = {name: values for name, values in there.items() if name not in _OWN}
        # At one stroke: each change is a step for the browser's back button.
        st.query_params.from_dict(others | wanted)
    return wish


def _set(wish: Wish) -> None:
    state = st.session_state
    state[QUERY], state[VIEW], state[SURE] = wish.text, wish.view, round(100 * wish.sure)
    state[MORE] = wish.shown
    set_filters(wish)


def _fields(last: Wish) -> Wish:
    """What the fields say; the rest is as it was."""
    state = st.session_state
    filters, event = read_filters()
    text = " ".join(str(state.get(QUERY) or "").split())
    view = state.get(VIEW, last.view)
    return replace(
        last,
        text=text,
        like="" if text else last.like,
        filters=filters,
        event=event,
        view=view if view in VIEWS else BY_SOURCE,
        sure=state.get(SURE, round(100 * last.sure)) / 100,
        shown=state.get(MORE, last.shown),
    )
