"""The Coding page: a coder's queue, disagreements, agreement, counts, the codebook."""

from __future__ import annotations

import streamlit as st

from crosslingual.errors import InputError
from crosslingual.library.coding_values import MAX_CODER_CHARS, check_coder
from crosslingual.ui import components, event_context
from crosslingual.ui.add.widgets import render_message, render_styles
from crosslingual.ui.coding.codebook_view import render_codebook
from crosslingual.ui.coding.disagreement_view import render_disagreements
from crosslingual.ui.coding.queue_view import render_queue
from crosslingual.ui.coding.results_view import render_agreement, render_counts
from crosslingual.ui.event_context import EventContext
from crosslingual.ui.view_choice import pick_view

VIEW_PARAM, CODER_PARAM = "view", "coder"
QUEUE, DISAGREEMENTS, AGREEMENT, COUNTS, CODEBOOK = "queue", "differ", "agreement", "counts", "codebook"
VIEWS = {
    QUEUE: "Queue",
    DISAGREEMENTS: "Disagreements",
    AGREEMENT: "Agreement",
    COUNTS: "Who carries what",
    CODEBOOK: "Codebook",
}
VIEW_KEY, CODER_KEY, NAME_KEY = "coding.view", "coding.coder", "coding.name"
"""The last one outlives a visit to another page, as what a widget holds does not."""


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it."""
    event_context.render_event_page(_render_event)


def _render_event(context: EventContext) -> None:
    render_styles()
    st.html(f"<style>{components.read_asset('check.css')}{components.read_asset('coding.css')}</style>")
    with context.headline:
        st.html(
            "<div class='headline'><h1>Coding</h1><p>Passages marked with a codebook of your own, alone or with"
            " colleagues</p></div>"
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="coding-tools"):
        view = pick_view("What", VIEW_KEY, VIEW_PARAM, VIEWS)
        coder = _ask_coder() if view in (QUEUE, DISAGREEMENTS) else ""
    if view == CODEBOOK:
        render_codebook(context)
    elif view == AGREEMENT:
        render_agreement(context)
    elif view == COUNTS:
        render_counts(context)
    elif context.library.is_read_only:
        render_message("This library cannot be written, so nothing can be coded in it.", "wrong")
    elif not coder:
        render_message("Say who codes: a name that stands with all you code.", "ask")
    elif view == DISAGREEMENTS:
        render_disagreements(context, coder)
    else:
        render_queue(context, coder)


def _ask_coder() -> str:
    """Who codes; empty until a name is given."""
    known = st.query_params.get(CODER_PARAM) or st.session_state.get(NAME_KEY, "")
    st.session_state.setdefault(CODER_KEY, known[:MAX_CODER_CHARS])
    typed = st.text_input(
        "Coder", key=CODER_KEY, max_chars=MAX_CODER_CHARS, width=220, placeholder="Your name"
    )
    try:
        name = check_coder(typed) if typed.strip() else ""
    except InputError as error:
        render_message(str(error), "wrong")
        return ""
    st.session_state[NAME_KEY] = name
    if name and st.query_params.get(CODER_PARAM) != name:
        st.query_params[CODER_PARAM] = name
    return name
