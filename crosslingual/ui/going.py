"""Going from a sentence on one page to another page: what the browser asks for, checked, and followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import streamlit as st

COMPARE, FRAMING, SEARCH = "compare", "framing", "search"
"""The pages by their paths."""
_ASKED = "scene.go"
_GOALS: Mapping[str, frozenset[str]] = {
    COMPARE: frozenset(("event", "at", "read")),
    SEARCH: frozenset(("like", "read")),
}
"""Pages that a component may ask for, and what it may say in their address."""
_LONGEST = 200  # characters of a value


def going(key: str) -> Callable[[], None]:
    """What a component ``key`` calls when its trigger ``go`` is pulled: kept until the page is drawn."""

    def keep() -> None:
        st.session_state[_ASKED] = st.session_state[key]["go"]

    return keep


def go_where_asked() -> None:
    """Go to the page that a component asked for since the last run, if one did."""
    if goal := checked(st.session_state.pop(_ASKED, None)):
        go(*goal)


def checked(asked: object) -> tuple[str, dict[str, str]] | None:
    """Page and address of what a browser asks for; None where it is nothing that a page offers."""
    match asked:
        case {"page": str() as page, "params": dict() as params} if page in _GOALS:
            if all(_fits(page, name, value) for name, value in params.items()):
                return page, params
    return None


def _fits(page: str, name: Any, value: Any) -> bool:
    return name in _GOALS[page] and isinstance(value, str) and len(value) <= _LONGEST


def go(page: str, params: Mapping[str, str]) -> NoReturn:
    """Show another page, with ``params`` in its address; this run ends here."""
    # A page is known by its path alone.
    st.switch_page(st.Page(_drawn_elsewhere, title=page, url_path=page), query_params=dict(params))


def _drawn_elsewhere() -> None:
    """Stands for a page that ``app.py`` has registered under the same path."""
