"""How the event that is shown is framed: measured once, with a bar while it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from crosslingual.framing.pipeline import Framing, cached_framing
from crosslingual.types import Comparison
from crosslingual.ui.event_context import CacheKey, EventContext

_TITLE = "Measuring how the sources tell it"


@dataclass(slots=True)
class _FramingSlot:
    """A measured event, or the place for it; two windows do not measure the same twice."""

    lock: Lock = field(default_factory=Lock)
    framing: Framing | None = None


@st.cache_resource(max_entries=4, show_spinner=False)
def _framing_slot(key: CacheKey, event_id: str) -> _FramingSlot:  # noqa: ARG001  # what the cache goes by
    # Not the framing itself: a cached function cannot move a bar that stands outside of it.
    return _FramingSlot()


def measure_framing(context: EventContext, comparison: Comparison, *, show_bar: bool = False) -> Framing:
    """The measures of ``comparison``, which is the scene's; it is said how far they are.

    With ``show_bar`` by a bar where it stands, else by a note beside the page: a bar would push what the page
    shows below it away until all is measured.

    Raises:
        ModelError: the encoder cannot be loaded.
        LibraryError: the library lacks vectors of the encoder.
    """
    slot = _framing_slot(context.current_key, context.event.id)
    if slot.framing is None:
        tell, done = _progress_bar() if show_bar else _progress_toast()
        with slot.lock:
            if slot.framing is None:
                settings = replace(context.settings, target_lang=context.target_lang)
                slot.framing = cached_framing(
                    context.library, context.space, comparison, settings, progress=tell
                )
        done()
    return slot.framing


def _progress_bar() -> tuple[Callable[[int, int], None], Callable[[], object]]:
    bar = st.empty()
    bar.progress(0.0, f"{_TITLE}: preparing …")

    def report(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"{_TITLE}: {done:,} of {total:,} sentences read")

    return report, bar.empty


def _progress_toast() -> tuple[Callable[[int, int], None], Callable[[], object]]:
    note = st.toast(f"{_TITLE} …", duration="infinite")

    def report(done: int, total: int) -> None:
        note.toast(f"{_TITLE}: {done:,} of {total:,} sentences read", duration="infinite")

    return report, lambda: note.toast("All is measured.", duration="short")
