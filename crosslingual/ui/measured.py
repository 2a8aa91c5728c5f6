"""How the event that is shown is framed: measured once, with a bar while it takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from crosslingual.frame import Framing, framing_of
from crosslingual.types import Comparison
from crosslingual.ui.scene import Key, Scene


@dataclass(slots=True)
class _Slot:
    """A measured event, or the place for it; two windows do not measure the same twice."""

    lock: Lock = field(default_factory=Lock)
    framing: Framing | None = None


@st.cache_resource(max_entries=4, show_spinner=False)
def _slot(key: Key, event_id: str) -> _Slot:  # noqa: ARG001  # what the cache goes by
    # Not the framing itself: a cached function cannot move a bar that stands outside of it.
    return _Slot()


def measured(now: Scene, comparison: Comparison) -> Framing:
    """The measures of ``comparison``, which is the scene's; a bar says how far they are.

    Raises:
        ModelError: the encoder cannot be loaded.
        LibraryError: the library lacks vectors of the encoder.
    """
    slot = _slot(now.now, now.event.id)
    if slot.framing is None:
        bar = st.empty()
        bar.progress(0.0, "Measuring how the sources tell it: preparing …")

        def show(done: int, total: int) -> None:
            text = f"Measuring how the sources tell it: {done:,} of {total:,} sentences read"
            bar.progress(done / max(total, 1), text)

        with slot.lock:
            if slot.framing is None:
                settings = replace(now.settings, reader=now.reader)
                slot.framing = framing_of(now.library, now.space, comparison, settings, progress=show)
        bar.empty()
    return slot.framing
