"""The button that makes the report of the event: the folder of ``crosslingual report``, as one file."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from crosslingual.check.session import measure_event
from crosslingual.citations.reading import read_citation_graph
from crosslingual.framing.pipeline import Framing
from crosslingual.report.build import event_beads, report_files, report_metadata
from crosslingual.report.check import describe_measures
from crosslingual.report.coding import coded_object
from crosslingual.report.folder import zip_report
from crosslingual.types import Comparison
from crosslingual.ui.duplicates_toggle import find_library_duplicates
from crosslingual.ui.event_context import CacheKey, EventContext

REPORT_KEY = "framing.report"
"""The event and state of the library that a report was asked for."""


@st.cache_resource(max_entries=2, show_spinner=False)
def _report_cache(key: CacheKey, event_id: str, judged: str) -> list[bytes]:  # noqa: ARG001  # what the cache goes by
    return []


def render_report_button(context: EventContext, comparison: Comparison, framing: Framing) -> None:
    """A button that makes the report, and once it is made one that saves it."""
    place = st.empty()
    asked = (context.current_key, context.event.id)
    if place.button("Make the report", key="framing.make", width="stretch"):
        st.session_state[REPORT_KEY] = asked
    if st.session_state.get(REPORT_KEY) != asked:
        return
    checked = measure_event(context.library, context.space, context.event.id)
    coded = coded_object(context.library, comparison)
    kept = _report_cache(*asked, f"{describe_measures(checked) if checked else ''}{json.dumps(coded)}")
    if not kept:
        bar = place.progress(0.0, "Report: aligning translations …")
        settings = replace(context.settings, target_lang=context.target_lang)
        beads = event_beads(context.library, context.space, comparison)
        bar.progress(0.4, "Report: writing page and tables …")
        about = report_metadata(comparison, settings, checked, coded)
        citations = read_citation_graph(
            context.library,
            context.library.lookup.article_entries(article.id for article in comparison.articles),
            find_library_duplicates(context),
            comparison.statements,
        )
        files = report_files(comparison, framing, beads, about, citations)
        bar.progress(0.9, "Report: packing …")
        kept.append(zip_report(files, about, context.event.id))
    place.download_button(
        f"Save the report (zip, {len(kept[0]) / 1e6:.1f} MB)",
        kept[0],
        file_name=f"{context.event.id}.zip",
        mime="application/zip",
        key="framing.save",
        type="primary",
        on_click="ignore",
        width="stretch",
    )
