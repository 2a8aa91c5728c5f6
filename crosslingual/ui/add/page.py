"""The Add page."""

from __future__ import annotations

import streamlit as st

from crosslingual.errors import LibraryError
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.ui import jobs, scene
from crosslingual.ui.add.draft import Draft
from crosslingual.ui.add.history import history, said
from crosslingual.ui.add.intake import DRAFT, demo, intake
from crosslingual.ui.add.preview import preview
from crosslingual.ui.add.progress import follow, follow_reading
from crosslingual.ui.add.run import latest
from crosslingual.ui.add.shown import heading, section, style
from crosslingual.ui.add.summary import summary


def page() -> None:
    """Draw the page; whatever goes wrong is said on it."""
    scene.framed(_page)


def _page(settings: Settings) -> None:
    style()
    draft = st.session_state.get(DRAFT)
    job = jobs.current(str(settings.library))
    if isinstance(draft, Draft):
        if draft.ready:
            preview(settings, draft)
        else:
            follow_reading(draft)
        return
    heading("Add articles", "Files, pages from the web or a text. You see what was read before it is stored.")
    said()
    if job and job.running:
        follow(str(settings.library))
        return
    try:
        library = Library(settings.library, create=False)
    except LibraryError:
        if (settings.library / "library.db").exists():
            raise
        demo(settings)
        intake(settings)  # the first articles make it
        return
    with library:
        if job:
            summary(settings, library, job, latest(str(settings.library)))
            section("Add more")
        intake(settings)
        history(settings, library)
