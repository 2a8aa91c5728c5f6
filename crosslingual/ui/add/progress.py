"""What is at work, drawn anew every second until it has ended."""

from __future__ import annotations

from html import escape

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.serve import jobs
from crosslingual.ui.add.import_job import SENTENCE_STAGES, STAGES, latest_run
from crosslingual.ui.add.preview_model import Draft
from crosslingual.ui.translations import format_duration

_REFRESH_SECONDS = 1.0  # seconds


def render_job_progress(key: str) -> None:
    """The job of the library ``key``, until it has ended."""
    st.fragment(_render_job_progress, run_every=_REFRESH_SECONDS)(key)


def _render_job_progress(key: str) -> None:
    job = jobs.current_job(key)
    if job is None or not job.is_running:
        st.rerun()
    run = latest_run(key)
    stages = ""
    parts = [job.step or "starting …"]
    if run:
        items = "".join(
            f"<li{' class=now aria-current=step' if stage == run.stage else ''}>{stage}</li>"
            for stage in STAGES
        )
        stages = f"<ol class='stages'>{items}</ol>"
        parts += [f"{format_count(run.n_read, 'article')} read", f"{run.n_stored:,} stored"]
        if run.stage in SENTENCE_STAGES and job.total:
            parts.insert(1, f"{job.done:,} of {format_count(job.total, 'sentence')}")
    if left := job.seconds_left:
        parts.append(f"about {format_duration(left)} left of this step")
    with st.container(key="add-running", gap="small"):
        _render_progress(job, job.title, parts, stages)
        if job.is_stopping:
            st.html("<p class='lead'>Stopping … what is stored is kept.</p>")
        else:
            st.button("Cancel, and keep what is stored", key="add.cancel", on_click=job.stop)
            st.html("<p class='lead'>You may leave this page or close the window; it goes on.</p>")


def render_reading_progress(draft: Draft) -> None:
    """The reading of ``draft``, until it is ready."""
    st.fragment(_render_reading_progress, run_every=_REFRESH_SECONDS)(draft)


def _render_reading_progress(draft: Draft) -> None:
    job = jobs.current_job(draft.id)
    if draft.is_ready or job is None or not job.is_running:
        st.rerun()
    parts = [f"{format_count(len(draft.articles), 'article')} read", job.step or "starting …"]
    with st.container(key="add-running", gap="small"):
        _render_progress(job, "Reading, nothing is stored yet", parts, "")
        if not job.is_stopping:
            st.button("Stop, and go on with what is read", key="add.stop", on_click=job.stop)


def _render_progress(job: jobs.Job, title: str, parts: list[str], stages: str) -> None:
    share = job.done / job.total if job.total else 0.0
    told = " · ".join(parts)
    st.html(
        f"<div class='work' role='status'>{stages}<b dir='auto'>{escape(title)}</b>"
        f"<p dir='auto'>{escape(told)}</p>"
        f"<progress max='1' value='{share:.3f}' aria-label='{escape(title)}'></progress></div>"
    )
