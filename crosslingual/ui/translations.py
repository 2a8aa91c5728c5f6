"""The strip under the headline: what is untranslated, the buttons that mend it, and how far they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from crosslingual import models
from crosslingual.errors import CrosslingualError, ModelError
from crosslingual.language.codes import language_name
from crosslingual.library import Library
from crosslingual.models import qwen
from crosslingual.models.translators import model_translates
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.translate.argos import needed
from crosslingual.translating import Meaning, Outcome, Plan, plan, translate
from crosslingual.ui import jobs

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.translate.engine import Engine

DRAWN = "compare.drawn"
"""The job, and whether it ran, when the whole page was last drawn."""
SEEN = "compare.seen"
"""The job that was seen here at work: only of that is told what came of it."""
_COSTS = (
    f"{qwen.JOINED_BYTES / 1e9:.1f} GB to fetch, {qwen.MODEL_BYTES / 1e9:.1f} GB on disk,"
    f" {qwen.MEMORY_BYTES / 1e9:.0f} GB of free memory while it is built; about 1 sentence a second"
)
_GUESS = {True: 20.0, False: 1.0}  # sentences a second of a quick engine and another, until one was measured

_measured: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the strip is about: one event, its articles' sentences that lack a translation into ``reader``.

    ``bare`` counts them by language. ``todo`` counts texts by engine, ``engines`` are those installed.
    ``broken`` is why they cannot be told.
    """

    settings: Settings
    reader: str
    title: str
    articles: tuple[str, ...]
    space: Space
    engines: Sequence[Engine]
    ways: Mapping[str, str]
    bare: Mapping[str, int]
    todo: Mapping[str, int]
    broken: str

    @property
    def key(self) -> str:
        """Of the library, among the jobs."""
        return str(self.settings.library)


def state(key: str) -> tuple[str, bool] | None:
    """The job of a library and whether it runs."""
    job = jobs.current(key)
    return (job.id, job.running) if job else None


def busy(situation: Situation) -> bool:
    """Whether the strip has to tell of a job: one that runs, or that was seen here and has ended."""
    job = jobs.current(situation.key)
    return bool(job and (job.running or job.id == st.session_state.get(SEEN)))


def strip(situation: Situation) -> None:
    """Draw the strip; while a job runs it follows it by itself."""
    job = jobs.current(situation.key)
    every = 1.0 if job and job.running else 5.0  # another window may begin one
    st.fragment(_strip, run_every=every)(situation)


def _strip(now: Situation) -> None:
    if state(now.key) != st.session_state.get(DRAWN):
        st.rerun()  # the table has changed with it, or soon will
    job = jobs.current(now.key)
    with st.container(key="compare-strip", gap="small"):
        if job and job.running:
            st.session_state[SEEN] = job.id
            _running(job)
            return
        if job and job.id == st.session_state.get(SEEN):
            _ended(now.key, job)
        _lacking(now)


def _running(job: jobs.Job) -> None:
    share = job.done / job.total if job.total else 0.0
    reached = f"{job.done:,} of {job.total:,}" if job.total and not job.step else ""
    told = " · ".join(part for part in (job.step, reached, ahead(job)) if part)
    with _line():
        _say(
            f"<p class='notice'><b dir='auto'>{escape(job.title)}</b> {escape(told)}</p>"
            f"<progress max='1' value='{share:.3f}' aria-label='{escape(job.title)}'></progress>"
        )
        if job.stopping:
            _say("<p class='notice'>cancelling …</p>")
        else:
            st.button("Cancel", key="compare.cancel", on_click=job.stop)


def _ended(key: str, job: jobs.Job) -> None:
    with _line():
        kind = "wrong" if job.wrong else "done"
        _say(f"<p class='notice {kind}' role='status'>{escape(job.said)}</p>")
        st.button("Close", key="compare.close", on_click=jobs.dismiss, args=(key, job.id), type="tertiary")


def _lacking(now: Situation) -> None:
    if now.broken:
        _say(f"<p class='notice wrong'>{escape(now.broken)}</p>")
    number = sum(own for lang, own in now.bare.items() if now.ways.get(lang))
    if number and not sum(now.todo.values()):
        verb = "was" if number == 1 else "were"
        st.html(
            f"<p class='notice'>{count(number, 'sentence')} {verb} given to a translator that made nothing"
            f" of {'it' if number == 1 else 'them'}; edit a sentence to translate it yourself.</p>"
        )
    elif number:
        with _line():
            verb = "has" if number == 1 else "have"
            _say(
                f"<p class='notice'>{count(number, 'sentence')} {verb} no {_in(now.reader)}"
                " translation yet.</p>"
            )
            label = f"Translate this event (about {duration(_estimate(now))})"
            st.button(label, key="compare.translate", on_click=_begin, args=(now,))
    without = [lang for lang, number in now.bare.items() if number and not now.ways.get(lang)]
    if without:
        _offer(now, without)


def _offer(now: Situation, langs: Sequence[str]) -> None:
    names = [language_name(lang) for lang in langs]
    number = sum(now.bare[lang] for lang in langs)
    with _line():
        _say(
            f"<p class='notice'>No translator from {_listed(names)} into {language_name(now.reader)} is"
            f" installed; {count(number, 'sentence')} {'is' if number == 1 else 'are'} shown as written.</p>"
        )
        with st.popover("Get a translator"):
            packages = needed(langs, now.reader)
            _choice(
                now,
                f"Argos packages for {_listed(names)} → {language_name(now.reader)}",
                "Made for translating: quick, some 100 MB each. Fetched from the Argos index.",
                packages,
                "packages",
            )
            if any(model_translates(lang, now.reader) for lang in langs):
                _choice(
                    now,
                    "Language model from the package registry",
                    f"{_COSTS}.",
                    [models.TRANSLATOR],
                    "model",
                )


def _choice(now: Situation, title: str, text: str, names: Sequence[str], key: str) -> None:
    command = f"crosslingual models install {' '.join(names)}"
    st.html(
        f"<div class='offer'><b>{escape(title)}</b><p>{escape(text)}</p><code>{escape(command)}</code></div>"
    )
    st.button(
        "Install",
        key=f"compare.install.{key}",
        on_click=_start,
        args=(now, f"Installing {_listed(names)}", partial(_install, names, now.settings)),
    )


def _begin(now: Situation) -> None:
    title = f"Translating “{now.title[:80] or 'untitled event'}”"
    _start(now, title, partial(_translate, now))


def _start(now: Situation, title: str, work: Callable[[jobs.Job], str]) -> None:
    try:
        st.session_state[SEEN] = jobs.start(now.key, title, work).id
    except CrosslingualError:
        return  # another window was quicker: the strip shows its job


def _translate(now: Situation, job: jobs.Job) -> str:
    def meaning() -> Meaning:
        return Meaning(models.load_encoder(now.settings.encoder, now.settings.home), now.space)

    with Library(now.settings.library, create=False) as library:
        plans = plan(library, now.engines, now.reader, now.articles)
        total = _texts(plans)
        job.report(0, total)
        try:
            outcome = translate(library, plans, now.reader, meaning, job.report)
        except Exception:
            if not job.stopping:
                raise
            done = total - _texts(plan(library, now.engines, now.reader, now.articles))
            return f"Cancelled: {done:,} of {total:,} translated, and kept."
    used = {one.engine.name for one in plans if one.engine}
    if len(used) == 1 and (pace := job.pace):
        _measured[used.pop()] = pace
    return told(outcome)


def told(outcome: Outcome) -> str:
    """What came of a translation, in a line; a way over two packages is said to be one."""
    ways = "; ".join(
        f"{name} ({way.replace(', ', ', then ')})" if way else name
        for name, _, way in (one.partition(": ") for one in outcome.ways)
    )
    parts = [
        f"{outcome.translated:,} translated by {ways}" if outcome.translated else "Nothing was translated"
    ]
    parts += [f"{outcome.doubted:,} doubted"] if outcome.doubted else []
    parts += [f"{outcome.failed:,} failed"] if outcome.failed else []
    return " · ".join(parts) + "."


def _install(names: Sequence[str], settings: Settings, job: jobs.Job) -> str:
    """Install what can be had of ``names``; what cannot is said, with what is there."""
    job.report(0, 1000, "looking what there is")
    index = models.fetch_index(settings.home) if any(map(models.is_package, names)) else None
    done: list[str] = []
    failed: list[CrosslingualError] = []
    for name in names:
        try:
            models.install(name, settings.home, progress=partial(_report, job), index=index)
            done.append(name)
        except CrosslingualError as error:
            if job.stopping:
                raise
            failed.append(error)
    there = f"{_listed(done)} {'is' if len(done) == 1 else 'are'} installed" if done else ""
    if failed:
        raise ModelError(f"{failed[0]}{f' ({there})' if there else ''}")
    return f"{there}."


def _report(job: jobs.Job, step: str, share: float) -> None:
    job.report(round(1000 * share), 1000, step)


def _texts(plans: Iterable[Plan]) -> int:
    return sum(len(one.texts) for one in plans if one.engine)


def todo(library: Library, engines: Sequence[Engine], reader: str, articles: Sequence[str]) -> dict[str, int]:
    """How many texts each engine would translate."""
    found: Counter[str] = Counter()
    for one in plan(library, engines, reader, articles):
        if one.engine:
            found[one.engine.name] += len(one.texts)
    return dict(found)


def _estimate(now: Situation) -> float:
    """Seconds, at the pace that was measured here, else at a guess."""
    pace = {engine.name: _measured.get(engine.name, _GUESS[engine.quick]) for engine in now.engines}
    return sum(number / pace[name] for name, number in now.todo.items())


def ahead(job: jobs.Job) -> str:
    """What a job has still to do, in words; empty as long as nothing is known of it."""
    left = job.seconds_left
    return f"about {duration(left)} left" if left else "" if job.done else "starting …"


def duration(seconds: float) -> str:
    """``20 s``, ``3 min``, ``1 h 10 min``: as exact as an estimate is."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _line() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _say(html: str) -> None:
    st.html(html, width="content")


def _in(reader: str) -> str:
    return escape(language_name(reader))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
