"""What the buttons of the Sources page do, told in a line; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.library import Library
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.types import Act, Source
from crosslingual.ui.add.history import DONE


def save(settings: Settings, source: Source) -> None:
    """Keep the user's word on ``source``."""
    _do(settings, lambda library: library.edit_source(source), f"{source.name} saved")


def save_all(settings: Settings, sources: Sequence[Source]) -> None:
    """Keep the user's word on several; the first that cannot be kept ends it, and is told."""
    for number, source in enumerate(sources):
        _do(
            settings,
            partial(_edit, source),
            f"{source.name} saved" if len(sources) == 1 else f"{count(number + 1, 'source')} saved",
        )
        if st.session_state[DONE][0]:
            return


def _edit(source: Source, library: Library) -> Act:
    return library.edit_source(source)


def merge(settings: Settings, gone: Source, into: Source) -> None:
    """Give all that ``gone`` has to ``into``."""
    _do(
        settings,
        lambda library: library.merge_sources(gone.id, into.id),
        f"{gone.name} merged into {into.name}",
    )


def remove(settings: Settings, source: Source) -> None:
    """Take ``source`` out with its articles."""
    _do(settings, partial(_remove, source.id), f"{source.name} removed")


def _remove(id_: str, library: Library) -> Act:
    return library.remove_source(id_)


def _do(settings: Settings, act: Callable[[Library], Act], told: str) -> None:
    try:
        with Library(settings.library, create=False) as library:
            done = act(library)
    except CrosslingualError as error:
        st.session_state[DONE] = ("wrong", f"Not done: {error}.")
        return
    articles = f", with {count(done.articles, 'article')}" if done.articles else ""
    st.session_state[DONE] = ("", f"{told}{articles}. It can be undone below.")
