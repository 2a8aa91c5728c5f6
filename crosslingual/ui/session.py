"""What a browser window keeps from one run of a page to the next, each with its name and type.

Values of widgets are Streamlit's; they stand under the keys of the widgets.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import streamlit as st

from crosslingual.search.saved import SavedSearch

_T = TypeVar("_T")


class SessionValue(Generic[_T]):
    """One value of a window, under a key."""

    def __init__(self, key: str) -> None:
        """Under ``key``, which is the page's name, a full stop, and a word."""
        self.key = key

    def get(self) -> _T | None:
        """The value; None where there is none."""
        value: _T | None = st.session_state.get(self.key)
        return value

    def put(self, value: _T) -> None:
        """Keep it from now on."""
        st.session_state[self.key] = value

    def pop(self) -> _T | None:
        """The value, which is then forgotten."""
        value: _T | None = st.session_state.pop(self.key, None)
        return value


COMPARE_REQUEST = SessionValue[Any]("compare.asked")
"""What the browser asked for on Compare and the page has not done yet: not trusted, of any type."""
COMPARE_ANSWER = SessionValue[dict[str, Any]]("compare.said")
"""What came of the last thing asked for there."""
EVENTS_REQUEST = SessionValue[Any]("events.asked")
"""The same on the Events page."""
EVENTS_ANSWER = SessionValue[dict[str, Any]]("events.said")
"""The same there."""
DRAWN_JOB = SessionValue[tuple[str, bool] | None]("compare.drawn")
"""The job, and whether it ran, when the whole page was last drawn."""
SEEN_JOB = SessionValue[str]("compare.seen")
"""The job that was seen here at work: only of that is told what came of it."""
LAST_ADDRESS = SessionValue[tuple[str, str, str]]("scene.address")
"""The page that was drawn last, the event that its address meant, and what it means without an event."""
PICKED_EVENT = SessionValue[str]("scene.event")
"""What was picked, kept while another page is shown: a widget forgets it then."""
OPENED_SEARCH = SessionValue[SavedSearch]("search.opened")
"""The saved search that is shown, as it was before this look at it."""
