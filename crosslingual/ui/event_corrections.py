"""Correcting an event by hand: what it is called, and which articles are not on it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.library.event_corrections import MAX_TITLE_CHARS
from crosslingual.types import Operation
from crosslingual.ui.event_context import EventContext

TITLE_KEY, RENAME_KEY = "event.title", "event.rename"
ARTICLES_KEY, SPLIT_KEY = "event.articles", "event.split"
UNDO_KEY, DONE_KEY = "event.undo", "event.done"
"""The last holds what was done: the event it was done to, what undoes it, and its words."""


def render_event_corrections(context: EventContext) -> None:
    """A field for the title, the articles to take out, and what takes the last of it back."""
    event, library = context.event, context.library
    if library.is_read_only:
        return
    st.text_input(
        "Title of the event",
        key=f"{TITLE_KEY}.{event.id}",
        placeholder=event.title,
        max_chars=MAX_TITLE_CHARS,
        help="Empty gives it back the title of an article.",
    )
    title = str(st.session_state[f"{TITLE_KEY}.{event.id}"] or "")
    if st.button("Rename", key=RENAME_KEY):
        _apply_correction(event.id, lambda: library.rename_event(event.id, title))
    titles = {
        one.id: f"{one.source}: {one.title or one.text[:80]}" for one in context.compare_sources().articles
    }
    chosen = st.multiselect(
        "Not this event",
        list(titles),
        format_func=lambda id_: titles[id_],
        key=f"{ARTICLES_KEY}.{event.id}",
        placeholder="Choose articles",
    )
    if st.button("Put into an event of their own", key=SPLIT_KEY, disabled=not 0 < len(chosen) < len(titles)):
        _apply_correction(event.id, lambda: library.split_event(event.id, chosen)[0])
    done_to, operation_id, words = st.session_state.get(DONE_KEY, ("", "", ""))
    if done_to == event.id:
        st.caption(words)
        if operation_id and st.button("Undo", key=UNDO_KEY):
            _apply_correction("", lambda: library.undo_operation(operation_id))


def _apply_correction(event_id: str, correct: Callable[[], Operation]) -> None:
    try:
        operation = correct()
    except CrosslingualError as error:
        st.session_state[DONE_KEY] = (event_id, "", f"Not done: {error}.")
    else:
        st.session_state[DONE_KEY] = (event_id, operation.id, f"{operation.description}.")
    st.rerun()
