"""The button that makes the report of the event: the folder of ``crosslingual report``, as one file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crosslingual.frame import Framing
from crosslingual.report.build import about_of, event_beads, report_files
from crosslingual.report.folder import zipped
from crosslingual.types import Comparison
from crosslingual.ui.scene import Key, Scene

ASKED = "framing.report"
"""The event and state of the library that a report was asked for."""


@st.cache_resource(max_entries=2, show_spinner=False)
def _kept(key: Key, event_id: str) -> list[bytes]:  # noqa: ARG001  # what the cache goes by
    return []


def offer(now: Scene, comparison: Comparison, framing: Framing) -> None:
    """A button that makes the report, and once it is made one that saves it."""
    place = st.empty()
    asked = (now.now, now.event.id)
    if place.button("Make the report", key="framing.make", width="stretch"):
        st.session_state[ASKED] = asked
    if st.session_state.get(ASKED) != asked:
        return
    kept = _kept(*asked)
    if not kept:
        bar = place.progress(0.0, "Report: aligning translations …")
        settings = replace(now.settings, reader=now.reader)
        beads = event_beads(now.library, now.space, comparison)
        bar.progress(0.4, "Report: writing page and tables …")
        about = about_of(comparison, settings)
        files = report_files(comparison, framing, beads, about)
        bar.progress(0.9, "Report: packing …")
        kept.append(zipped(files, about, now.event.id))
    place.download_button(
        f"Save the report (zip, {len(kept[0]) / 1e6:.1f} MB)",
        kept[0],
        file_name=f"{now.event.id}.zip",
        mime="application/zip",
        key="framing.save",
        type="primary",
        on_click="ignore",
        width="stretch",
    )
