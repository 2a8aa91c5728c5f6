"""The Add page."""

from __future__ import annotations

import streamlit as st

from crosslingual.errors import MissingLibraryError
from crosslingual.library import Library
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui import (
    event_context,
)
from crosslingual.ui.add.form import DRAFT_KEY, render_demo_button, render_form
from crosslingual.ui.add.history import render_history, render_outcome
from crosslingual.ui.add.import_job import latest_run
from crosslingual.ui.add.preview import render_preview
from crosslingual.ui.add.preview_model import Draft
from crosslingual.ui.add.progress import render_job_progress, render_reading_progress
from crosslingual.ui.add.summary import render_summary
from crosslingual.ui.add.widgets import render_heading, render_section, render_styles


def render_page() -> None:
    """Draw the page; whatever goes wrong is said on it."""
    event_context.render_app_page(_render_page)


def _render_page(settings: Settings) -> None:
    render_styles()
    draft = st.session_state.get(DRAFT_KEY)
    job = jobs.current_job(str(settings.library))
    if isinstance(draft, Draft):
        if draft.is_ready:
            render_preview(settings, draft)
        else:
            render_reading_progress(draft)
        return
    render_heading(
        "Add articles", "Files, pages from the web or a text. You see what was read before it is stored."
    )
    render_outcome()
    if job and job.is_running:
        render_job_progress(str(settings.library))
        return
    try:
        library = Library(settings.library, create=False)
    except MissingLibraryError:
        render_demo_button(settings)
        render_form(settings)  # the first articles make it
        return
    with library:
        if job:
            render_summary(settings, library, job, latest_run(str(settings.library)))
            render_section("Add more")
        render_form(settings)
        render_history(settings, library)
