"""Saved searches on the page: keeping one, the list with what is new, removing and taking that back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.search import Results
from crosslingual.search.saved import (
    SavedSearch,
    looked_at,
    new_since,
    remove_search,
    save_search,
    saved_searches,
)
from crosslingual.ui.payload import date_text
from crosslingual.ui.search.wish import Wish

NAME = "search.name"
SAID = "search.said"
"""What came of the last thing done to a saved search, and whether it went wrong."""
_REMOVED = "search.removed"
_COUNTED = 30
"""Searches in the list that are run to say what is new."""
_LONGEST_NAME = 100


def offer_saving(library: Path, wish: Wish, results: Results) -> None:
    """Draw the button that keeps this search."""
    with st.popover("Save this search"):
        st.text_input("Name", key=NAME, max_chars=_LONGEST_NAME, value=wish.saved or results.query.text[:60])
        st.caption("The query and its filters are kept, and what is new since is counted.")
        st.button("Save", key="search.save", type="primary", on_click=_save, args=(library, wish, results))


def _save(library: Path, wish: Wish, results: Results) -> None:
    name = " ".join(str(st.session_state[NAME]).split())
    try:
        kept = wish.to_save(name, wish.text or results.query.text)
        save_search(library, looked_at(kept, results))
        st.session_state[SAID] = (f"Saved as “{name}”.", False)
    except CrosslingualError as error:
        st.session_state[SAID] = (str(error), True)


def draw_list(
    library: Path,
    open_: Callable[[SavedSearch], None],
    ready: Callable[[], bool],
    run: Callable[[SavedSearch], Results],
    about: Callable[[SavedSearch], str],
) -> None:
    """Draw the saved searches.

    Args:
        library: whose they are.
        open_: called to show one.
        ready: whether they can be run already; called only if there are any.
        run: what one finds now.
        about: its filters in words.
    """
    said()
    searches = saved_searches(library)
    if removed := st.session_state.get(_REMOVED):
        with st.container(horizontal=True, vertical_alignment="center", key="search-undo"):
            st.html(f"<p class='search-said'>“{escape(removed.name)}” was removed.</p>", width="content")
            st.button("Undo", key="search.undo", on_click=_put_back, args=(library, removed))
    if not searches:
        return
    st.html("<h2 class='search-heading'>Saved searches</h2>")
    counted = _COUNTED if _ready(ready) else 0
    with st.container(key="search-saved", gap=None):
        for place, search in enumerate(searches):
            _line(library, search, open_, run if place < counted else None, about(search))


def _ready(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except CrosslingualError as error:
        _tell(str(error), wrong=True)
        return False


def _line(
    library: Path,
    search: SavedSearch,
    open_: Callable[[SavedSearch], None],
    run: Callable[[SavedSearch], Results] | None,
    about: str,
) -> None:
    key = hashlib.sha256(search.name.encode()).hexdigest()[:12]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told = (
            f"<span dir='auto'>{escape(_more(search, about))}</span><br><small>{_news(search, run)}</small>"
        )
        st.html(f"<p class='search-line'><b dir='auto'>{escape(search.name)}</b> {told}</p>")
        st.button("Open", key=f"search.open.{key}", on_click=open_, args=(search,))
        st.button(
            "Remove", key=f"search.remove.{key}", type="tertiary", on_click=_remove, args=(library, search)
        )


def _more(search: SavedSearch, about: str) -> str:
    query = search.query if search.query != search.name else ""
    return " · ".join(part for part in (query[:160], about) if part)


def _news(search: SavedSearch, run: Callable[[SavedSearch], Results] | None) -> str:
    since = escape(date_text(search.looked))
    if run is None:
        return f"last opened {since}; open it to see what is new"
    try:
        fresh = len(new_since(search, run(search)))
    except CrosslingualError as error:
        return f"<span class='wrong'>{escape(str(error))}</span>"
    return f"<strong>{fresh:,} new</strong> since {since}" if fresh else f"nothing new since {since}"


def _remove(library: Path, search: SavedSearch) -> None:
    try:
        remove_search(library, search.name)
        st.session_state[_REMOVED] = search
    except CrosslingualError as error:
        st.session_state[SAID] = (str(error), True)


def _put_back(library: Path, search: SavedSearch) -> None:
    try:
        save_search(library, search)
        st.session_state.pop(_REMOVED, None)
    except CrosslingualError as error:
        st.session_state[SAID] = (str(error), True)


def forget_removed() -> None:
    """What was removed is not offered back on a page that shows something else."""
    st.session_state.pop(_REMOVED, None)


def said() -> None:
    """Draw, once, what came of the last thing done."""
    if told := st.session_state.pop(SAID, None):
        text, wrong = told
        _tell(text, wrong=wrong)


def _tell(text: str, *, wrong: bool) -> None:
    st.html(f"<p class='search-said{' wrong' if wrong else ''}' role='status'>{escape(text)}</p>")
