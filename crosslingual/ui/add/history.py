"""What was done to the library lately, each with the button that undoes it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.library import Library
from crosslingual.report.words import changed, count
from crosslingual.settings import Settings
from crosslingual.types import Act
from crosslingual.ui.add.shown import line, section

SHOWN = 8
DONE = "add.done"
"""What came of the last undoing, told once: kind and text."""


def history(settings: Settings, library: Library, kinds: Sequence[str] = ()) -> None:
    """The latest acts, of these ``kinds`` or of all."""
    acts = library.acts()
    shown = [act for act in acts if not kinds or act.kind in kinds][:SHOWN]
    if not shown:
        return
    section("Done lately", "Each can be undone as a whole, and nothing else with it.")
    with st.container(key="add-history", gap=None):
        for act in shown:
            _act(settings, act, latest=act is acts[0])


def _act(settings: Settings, act: Act, *, latest: bool) -> None:
    parts = [*changed(act), act.made[:16].replace("T", " ") + " UTC"]
    told = f"added: {act.told}" if act.kind == "add" else act.told
    told = told[:1].upper() + told[1:]
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
    ):
        st.html(
            f"<p class='lead act' dir='auto'><b>{escape(told)}</b><br>{escape(' · '.join(parts))}"
            f"{' · <b>undone</b>' if act.undone else ''}</p>"
        )
        if not act.undone and (act.kind != "undo" or latest):
            undo_button(settings, act, "Redo" if act.kind == "undo" else "Undo", f"add.undo.{act.id}")


def undo_button(settings: Settings, act: Act, text: str, key: str) -> None:
    """A button that undoes ``act``."""
    st.button(text, key=key, on_click=_undo, args=(settings, act.id))


def _undo(settings: Settings, id_: str) -> None:
    try:
        with Library(settings.library, create=False) as library:
            act = library.undo(id_)
    except CrosslingualError as error:
        st.session_state[DONE] = ("wrong", f"Not undone: {error}.")
        return
    told = act.told[:1].upper() + act.told[1:]
    st.session_state[DONE] = ("", f"{told} ({count(act.articles, 'article')} changed).")


def said() -> None:
    """Tell what came of the last undoing."""
    if told := st.session_state.pop(DONE, None):
        kind, text = told
        line(text, kind)
