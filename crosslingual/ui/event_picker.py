"""Which event a page shows: picked, asked for by the address, or seen before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.types import Event
from crosslingual.ui.components import replace_params
from crosslingual.ui.event_labels import choose_first_event, label_events, offer_events
from crosslingual.ui.session import LAST_ADDRESS, PICKED_EVENT

EVENT_KEY = "compare.event"
_COMPARE_MODULE = (
    "crosslingual.ui.compare"  # whose component puts the event there without an entry in the history
)
SHARED_PARAMS = ("read", "sure", "by", "compare.marks", "compare.copies")
"""What of an address holds for another event too."""


class EventsById(dict[str, Event]):
    """Events by their ids; one that was merged into another is found by its former id too."""

    def __init__(self, events: Iterable[Event], forwards: Mapping[str, str]) -> None:
        """Of ``events``; ``forwards`` are former ids, with those of today."""
        super().__init__((event.id, event) for event in events)
        self._forwards = forwards

    @cached_property
    def ids_by_article(self) -> Mapping[str, str]:
        """The event's id of each article that is in one."""
        return {article: event.id for event in self.values() for article in event.articles}

    def current_id(self, event_id: str) -> str:
        """The id of today."""
        return self._forwards.get(event_id, event_id)


def pick_event(events: EventsById, page_module: str) -> Event:
    """The event asked for: by the picker, by the address, before; else the one to begin with.

    An address that has changed since it was read last is gone by, also where that was back or forward.
    Without an event it means the first to show, or for who came from another page than ``page_module`` what was seen
    there: nothing is written into it then, so that going back leaves the page.
    """
    asked = events.current_id(st.query_params.get("event", ""))
    first = choose_first_event([*events.values()]).id
    there, meant, plain = LAST_ADDRESS.get() or (page_module, asked or first, first)
    if page_module != there:
        plain = PICKED_EVENT.get() or first
    # Going back, the widget of the page before is still known by its name, and would come anew with its first.
    if page_module != there or (asked or plain) != meant:
        st.session_state[EVENT_KEY] = asked or plain
    if st.session_state.get(EVENT_KEY) not in events:
        wanted = (asked, events.current_id(PICKED_EVENT.get() or ""), first)
        st.session_state[EVENT_KEY] = next(id_ for id_ in wanted if id_ in events)
    offered = offer_events(events, st.session_state[EVENT_KEY])
    labels = label_events(offered.values())
    chosen = st.selectbox(
        f"{format_count(len(events), 'event')} in this library",
        options=list(offered),
        format_func=labels.__getitem__,
        key=EVENT_KEY,
        label_visibility="collapsed",
    )
    if asked and asked not in events:
        st.caption("The event in the address is not in this library; this is another.")
    elif page_module not in (there, _COMPARE_MODULE) and chosen == plain != first and not asked:
        replace_params("event", chosen)  # one has come from another page: no step of its own for going back
    elif chosen != (asked or (plain if page_module == _COMPARE_MODULE else first)):
        for name in set(st.query_params) - set(SHARED_PARAMS):  # what was seen of the other event
            del st.query_params[name]
        st.query_params["event"] = asked = chosen
    LAST_ADDRESS.put((page_module, asked or plain, plain))
    PICKED_EVENT.put(chosen)
    return events[chosen]
