"""The button that makes the report of the event: the folder of ``crosslingual report``, or one document of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from html import escape

import streamlit as st

from crosslingual.check.session import measure_event
from crosslingual.citations.reading import read_citation_graph
from crosslingual.errors import CrosslingualError
from crosslingual.framing.pipeline import Framing
from crosslingual.report.build import event_beads, report_files, report_metadata
from crosslingual.report.check import describe_measures
from crosslingual.report.coding import coded_object
from crosslingual.report.documents import make_document
from crosslingual.report.folder import zip_report
from crosslingual.types import Comparison
from crosslingual.ui.duplicates_toggle import find_library_duplicates
from crosslingual.ui.event_context import CacheKey, EventContext

_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMS = {
    "All of it (zip)": (".zip", "application/zip"),
    "The page as PDF": (".pdf", "application/pdf"),
    "The page for Word": (".docx", f"{_OFFICE}.wordprocessingml.document"),
    "The tables for Excel": (".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
}
"""Suffix and type of what can be saved."""
REPORT_KEY = "framing.report"
"""The event and state of the library that a report was asked for."""


@st.cache_resource(max_entries=2, show_spinner=False)
def _report_cache(key: CacheKey, event_id: str, judged: str) -> dict[str, bytes]:  # noqa: ARG001  # what the cache goes by
    """The report by the suffix of its file."""
    return {}


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
        kept[".zip"] = zip_report(files, about, context.event.id)
    form = st.selectbox("Save it as", list(_FORMS), key="framing.form", label_visibility="collapsed")
    try:
        content, name, mime = _make_file(kept, context.event.id, form)
    except CrosslingualError as error:
        st.html(f"<p class='notice wrong' role='alert'>{escape(str(error))}</p>")
        return
    place.download_button(
        f"Save the report ({len(content) / 1e6:.1f} MB)",
        content,
        file_name=name,
        mime=mime,
        key="framing.save",
        type="primary",
        on_click="ignore",
        width="stretch",
    )


def _make_file(kept: dict[str, bytes], event_id: str, form: str) -> tuple[bytes, str, str]:
    """Content, name and type of the file; one that was made is kept."""
    suffix, mime = _FORMS[form]
    if suffix not in kept:
        with zipfile.ZipFile(io.BytesIO(kept[".zip"])) as archive:
            files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
        with st.spinner("Making the file …"):
            kept[suffix] = make_document(suffix, files)
    return kept[suffix], f"{event_id}{suffix}", mime
