"""What the buttons of the Sources page do, told in a line; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_count
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Operation, Source
from crosslingual.ui.add.history import OUTCOME_KEY


def save_source(settings: Settings, source: Source) -> None:
    """Keep the user's word on ``source``."""
    _run_operation(settings, lambda library: library.edit_source(source), f"{source.name} saved")


def save_sources(settings: Settings, sources: Sequence[Source]) -> None:
    """Keep the user's word on several; the first that cannot be kept ends it, and is told."""
    for number, source in enumerate(sources):
        _run_operation(
            settings,
            partial(_edit_source, source),
            f"{source.name} saved" if len(sources) == 1 else f"{format_count(number + 1, 'source')} saved",
        )
        if st.session_state[OUTCOME_KEY][0]:
            return


def _edit_source(source: Source, library: Library) -> Operation:
    return library.edit_source(source)


def merge_sources(settings: Settings, merged: Source, into: Source) -> None:
    """Give all that ``merged`` has to ``into``."""
    _run_operation(
        settings,
        lambda library: library.merge_sources(merged.id, into.id),
        f"{merged.name} merged into {into.name}",
    )


def remove_source(settings: Settings, source: Source) -> None:
    """Take ``source`` out with its articles."""
    _run_operation(settings, partial(_remove_source, source.id), f"{source.name} removed")


def _remove_source(id_: str, library: Library) -> Operation:
    return library.remove_source(id_)


def _run_operation(settings: Settings, operation: Callable[[Library], Operation], message: str) -> None:
    try:
        with Library(settings.library, create=False) as library:
            done = operation(library)
    except CrosslingualError as error:
        st.session_state[OUTCOME_KEY] = ("wrong", f"Not done: {error}.")
        return
    articles = f", with {format_count(done.articles, 'article')}" if done.articles else ""
    st.session_state[OUTCOME_KEY] = ("", f"{message}{articles}. It can be undone below.")
