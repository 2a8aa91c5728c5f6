"""How the event that is shown is framed: measured once, with a bar while it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from crosslingual.frame import Framing, framing_of
from crosslingual.types import Comparison
from crosslingual.ui.scene import Key, Scene

_TITLE = "Measuring how the sources tell it"


@dataclass(slots=True)
class _Slot:
    """A measured event, or the place for it; two windows do not measure the same twice."""

    lock: Lock = field(default_factory=Lock)
    framing: Framing | None = None


@st.cache_resource(max_entries=4, show_spinner=False)
def _slot(key: Key, event_id: str) -> _Slot:  # noqa: ARG001  # what the cache goes by
    # Not the framing itself: a cached function cannot move a bar that stands outside of it.
    return _Slot()


def measured(now: Scene, comparison: Comparison, *, bar: bool = False) -> Framing:
    """The measures of ``comparison``, which is the scene's; it is said how far they are.

    With ``bar`` by a bar where it stands, else by a note beside the page: a bar would push what the page
    shows below it away until all is measured.

    Raises:
        ModelError: the encoder cannot be loaded.
        LibraryError: the library lacks vectors of the encoder.
    """
    slot = _slot(now.now, now.event.id)
    if slot.framing is None:
        tell, done = _bar() if bar else _note()
        with slot.lock:
            if slot.framing is None:
                settings = replace(now.settings, reader=now.reader)
                slot.framing = framing_of(now.library, now.space, comparison, settings, progress=tell)
        done()
    return slot.framing


def _bar() -> tuple[Callable[[int, int], None], Callable[[], object]]:
    bar = st.empty()
    bar.progress(0.0, f"{_TITLE}: preparing …")

    def tell(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"{_TITLE}: {done:,} of {total:,} sentences read")

    return tell, bar.empty


def _note() -> tuple[Callable[[int, int], None], Callable[[], object]]:
    note = st.toast(f"{_TITLE} …", duration="infinite")

    def tell(done: int, total: int) -> None:
        note.toast(f"{_TITLE}: {done:,} of {total:,} sentences read", duration="infinite")

    return tell, lambda: note.toast("All is measured.", duration="short")
