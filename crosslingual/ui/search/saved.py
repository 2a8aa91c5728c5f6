"""Saved searches on the page: keeping one, the list with what is new, removing and taking that back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from html import escape

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.library.documents import Documents
from crosslingual.search import Results
from crosslingual.search.saved import (
    SavedSearch,
    find_new_hits,
    load_saved_searches,
    mark_as_viewed,
    remove_search,
    save_search,
)
from crosslingual.ui.page_parts import render_said
from crosslingual.ui.search.search_state import SearchRequest
from crosslingual.ui.serialize import format_date

NAME_KEY = "search.name"
MESSAGE_KEY = "search.said"
"""What came of the last thing done to a saved search, and whether it went wrong."""
_REMOVED_KEY = "search.removed"
_MAX_COUNTED = 30
"""Searches in the list that are run to say what is new."""
_MAX_NAME_CHARS = 100


def render_save_button(documents: Documents, request: SearchRequest, results: Results) -> None:
    """Draw the button that keeps this search."""
    with st.popover("Save this search"):
        st.text_input(
            "Name",
            key=NAME_KEY,
            max_chars=_MAX_NAME_CHARS,
            value=request.saved_name or results.query.text[:60],
        )
        st.caption("The query and its filters are kept, and what is new since is counted.")
        st.button(
            "Save",
            key="search.save",
            type="primary",
            on_click=_save_search,
            args=(documents, request, results),
        )


def _save_search(documents: Documents, request: SearchRequest, results: Results) -> None:
    name = " ".join(str(st.session_state[NAME_KEY]).split())
    try:
        kept = request.to_saved_search(name, request.text or results.query.text)
        save_search(documents, mark_as_viewed(kept, results))
        st.session_state[MESSAGE_KEY] = (f"Saved as “{name}”.", False)
    except CrosslingualError as error:
        st.session_state[MESSAGE_KEY] = (str(error), True)


def render_saved_searches(
    documents: Documents,
    on_open: Callable[[SavedSearch], None],
    is_ready: Callable[[], bool],
    run_search: Callable[[SavedSearch], Results],
    describe_filters: Callable[[SavedSearch], str],
) -> None:
    """Draw the saved searches.

    Args:
        documents: whose they are.
        on_open: called to show one.
        is_ready: whether they can be run already; called only if there are any.
        run_search: what one finds now.
        describe_filters: its filters in words.
    """
    render_message()
    searches = load_saved_searches(documents)
    if removed := st.session_state.get(_REMOVED_KEY):
        with st.container(horizontal=True, vertical_alignment="center", key="search-undo"):
            st.html(f"<p class='search-said'>“{escape(removed.name)}” was removed.</p>", width="content")
            st.button("Undo", key="search.undo", on_click=_restore_search, args=(documents, removed))
    if not searches:
        return
    st.html("<h2 class='search-heading'>Saved searches</h2>")
    counted = _MAX_COUNTED if _is_ready(is_ready) else 0
    with st.container(key="search-saved", gap=None):
        for place, search in enumerate(searches):
            _render_search(
                documents, search, on_open, run_search if place < counted else None, describe_filters(search)
            )


def _is_ready(is_ready: Callable[[], bool]) -> bool:
    try:
        return is_ready()
    except CrosslingualError as error:
        render_said(str(error), is_error=True)
        return False


def _render_search(
    documents: Documents,
    search: SavedSearch,
    on_open: Callable[[SavedSearch], None],
    run_search: Callable[[SavedSearch], Results] | None,
    filters_text: str,
) -> None:
    key = hashlib.sha256(search.name.encode()).hexdigest()[:12]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told = (
            f"<span dir='auto'>{escape(_search_details(search, filters_text))}</span>"
            f"<br><small>{_news_html(search, run_search)}</small>"
        )
        st.html(f"<p class='search-line'><b dir='auto'>{escape(search.name)}</b> {told}</p>")
        st.button("Open", key=f"search.open.{key}", on_click=on_open, args=(search,))
        st.button(
            "Remove",
            key=f"search.remove.{key}",
            type="tertiary",
            on_click=_remove_search,
            args=(documents, search),
        )


def _search_details(search: SavedSearch, filters_text: str) -> str:
    query = search.query if search.query != search.name else ""
    return " · ".join(part for part in (query[:160], filters_text) if part)


def _news_html(search: SavedSearch, run_search: Callable[[SavedSearch], Results] | None) -> str:
    since = escape(format_date(search.viewed_at))
    if run_search is None:
        return f"last opened {since}; open it to see what is new"
    try:
        fresh = len(find_new_hits(search, run_search(search)))
    except CrosslingualError as error:
        return f"<span class='wrong'>{escape(str(error))}</span>"
    return f"<strong>{fresh:,} new</strong> since {since}" if fresh else f"nothing new since {since}"


def _remove_search(documents: Documents, search: SavedSearch) -> None:
    try:
        remove_search(documents, search.name)
        st.session_state[_REMOVED_KEY] = search
    except CrosslingualError as error:
        st.session_state[MESSAGE_KEY] = (str(error), True)


def _restore_search(documents: Documents, search: SavedSearch) -> None:
    try:
        save_search(documents, search)
        st.session_state.pop(_REMOVED_KEY, None)
    except CrosslingualError as error:
        st.session_state[MESSAGE_KEY] = (str(error), True)


def forget_removed() -> None:
    """What was removed is not offered back on a page that shows something else."""
    st.session_state.pop(_REMOVED_KEY, None)


def render_message() -> None:
    """Draw, once, what came of the last thing done."""
    if told := st.session_state.pop(MESSAGE_KEY, None):
        text, wrong = told
        render_said(text, is_error=wrong)
