"""What was done to the library lately, each with the button that undoes it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_changes, format_count
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Operation
from crosslingual.ui.add.widgets import render_message, render_section

MAX_OPERATIONS = 8
OUTCOME_KEY = "add.done"
"""What came of the last undoing, told once: kind and text."""


def render_history(settings: Settings, library: Library, kinds: Sequence[str] = ()) -> None:
    """The latest acts, of these ``kinds`` or of all."""
    acts = library.load_operations()
    shown = [act for act in acts if not kinds or act.kind in kinds][:MAX_OPERATIONS]
    if not shown:
        return
    render_section("Done lately", "Each can be undone as a whole, and nothing else with it.")
    with st.container(key="add-history", gap=None):
        for act in shown:
            _render_operation(settings, act, is_latest=act is acts[0])


def _render_operation(settings: Settings, operation: Operation, *, is_latest: bool) -> None:
    parts = [*format_changes(operation), operation.created_at[:16].replace("T", " ") + " UTC"]
    told = f"added: {operation.description}" if operation.kind == "add" else operation.description
    told = told[:1].upper() + told[1:]
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
    ):
        st.html(
            f"<p class='lead act' dir='auto'><b>{escape(told)}</b><br>{escape(' · '.join(parts))}"
            f"{' · <b>undone</b>' if operation.undone else ''}</p>"
        )
        if not operation.undone and (operation.kind != "undo" or is_latest):
            render_undo_button(
                settings,
                operation,
                "Redo" if operation.kind == "undo" else "Undo",
                f"add.undo.{operation.id}",
            )


def render_undo_button(settings: Settings, operation: Operation, text: str, key: str) -> None:
    """A button that undoes ``operation``."""
    st.button(text, key=key, on_click=_undo_operation, args=(settings, operation.id))


def _undo_operation(settings: Settings, id_: str) -> None:
    try:
        with Library(settings.library, create=False) as library:
            act = library.undo_operation(id_)
    except CrosslingualError as error:
        st.session_state[OUTCOME_KEY] = ("wrong", f"Not undone: {error}.")
        return
    told = act.description[:1].upper() + act.description[1:]
    st.session_state[OUTCOME_KEY] = ("", f"{told} ({format_count(act.articles, 'article')} changed).")


def render_outcome() -> None:
    """Tell what came of the last undoing."""
    if told := st.session_state.pop(OUTCOME_KEY, None):
        kind, text = told
        render_message(text, kind)
