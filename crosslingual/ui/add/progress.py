"""What is at work, drawn anew every second until it has ended."""

from __future__ import annotations

from html import escape

import streamlit as st

from crosslingual.report.words import count
from crosslingual.ui import jobs
from crosslingual.ui.add.draft import Draft
from crosslingual.ui.add.run import IN_SENTENCES, STAGES, latest
from crosslingual.ui.translations import duration

_EVERY = 1.0  # seconds


def follow(key: str) -> None:
    """The job of the library ``key``, until it has ended."""
    st.fragment(_follow, run_every=_EVERY)(key)


def _follow(key: str) -> None:
    job = jobs.current(key)
    if job is None or not job.running:
        st.rerun()
    run = latest(key)
    stages = ""
    parts = [job.step or "starting …"]
    if run:
        items = "".join(
            f"<li{' class=now aria-current=step' if stage == run.stage else ''}>{stage}</li>"
            for stage in STAGES
        )
        stages = f"<ol class='stages'>{items}</ol>"
        parts += [f"{count(run.articles, 'article')} read", f"{run.stored:,} stored"]
        if run.stage in IN_SENTENCES and job.total:
            parts.insert(1, f"{job.done:,} of {count(job.total, 'sentence')}")
    if left := job.seconds_left:
        parts.append(f"about {duration(left)} left of this step")
    with st.container(key="add-running", gap="small"):
        _work(job, job.title, parts, stages)
        if job.stopping:
            st.html("<p class='lead'>Stopping … what is stored is kept.</p>")
        else:
            st.button("Cancel, and keep what is stored", key="add.cancel", on_click=job.stop)
            st.html("<p class='lead'>You may leave this page or close the window; it goes on.</p>")


def follow_reading(draft: Draft) -> None:
    """The reading of ``draft``, until it is ready."""
    st.fragment(_follow_reading, run_every=_EVERY)(draft)


def _follow_reading(draft: Draft) -> None:
    job = jobs.current(draft.id)
    if draft.ready or job is None or not job.running:
        st.rerun()
    parts = [f"{count(len(draft.rows), 'article')} read", job.step or "starting …"]
    with st.container(key="add-running", gap="small"):
        _work(job, "Reading, nothing is stored yet", parts, "")
        if not job.stopping:
            st.button("Stop, and go on with what is read", key="add.stop", on_click=job.stop)


def _work(job: jobs.Job, title: str, parts: list[str], stages: str) -> None:
    share = job.done / job.total if job.total else 0.0
    told = " · ".join(parts)
    st.html(
        f"<div class='work' role='status'>{stages}<b dir='auto'>{escape(title)}</b>"
        f"<p dir='auto'>{escape(told)}</p>"
        f"<progress max='1' value='{share:.3f}' aria-label='{escape(title)}'></progress></div>"
    )
