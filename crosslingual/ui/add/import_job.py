"""A draft on its way into the library, in the background: read, encoded, stored, compared, translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from crosslingual import api
from crosslingual.align.space import load_article_encoder
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import CrosslingualError
from crosslingual.ingest.pipeline import add_items
from crosslingual.ingest.summary import AddSummary, Progress
from crosslingual.ingest.translation import MeaningChecker, plan_translations, translate_plans
from crosslingual.model_store.translators import load_engines
from crosslingual.readers import Item, Record
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.types import Duplicate, FloatArray
from crosslingual.ui.add.preview_model import Draft
from crosslingual.ui.translations import summarize_outcome

STAGES = (
    *("Reading", "Encoding", "Storing", "Finding events", "Preparing search", "Looking for copies"),
    "Translating",
)

SENTENCE_STAGES = frozenset({"Encoding", "Preparing search", "Translating"})
"""Stages whose progress counts sentences."""


@dataclass(slots=True)
class AddRun:
    """What is added, and what has come of it; any thread may look.

    ``stage`` is one of ``STAGES``. ``notices`` is what could not be done after all was stored.
    """

    settings: Settings
    stage: str = STAGES[0]
    n_read: int = 0
    n_stored: int = 0
    summary: AddSummary | None = None
    duplicates: tuple[Duplicate, ...] = ()
    translation_summary: str = ""
    notices: list[str] = field(default_factory=list)


def start_adding(draft: Draft, settings: Settings) -> AddRun:
    """Add ``draft`` in the background; the run is found again by ``latest_run``, from any window.

    Raises:
        InputError: something else is at work in this library.
    """
    key = str(settings.library)
    run = AddRun(settings)
    names = [path.name or str(path) for path in draft.inputs.display_paths]
    title = f"Adding {names[0][:60]}" + (f" and {len(names) - 1:,} more" if names[1:] else "")
    job = jobs.start_job(key, title, partial(_add_draft, run, draft))
    _runs[key] = job.id, run
    return run


def latest_run(key: str) -> AddRun | None:
    """The run whose job is the current one of this library, at work or just ended."""
    job, found = jobs.current_job(key), _runs.get(key)
    return found[1] if job and found and found[0] == job.id else None


_runs: dict[str, tuple[str, AddRun]] = {}


@dataclass(frozen=True, slots=True)
class _ReportingEncoder(ArticleEncoder):
    """A reader that tells how far it is."""

    report: Callable[[str, int, int], None] = lambda *_: None

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> tuple[FloatArray, dict[str, list[bytes]]]:
        def report_both(done: int, total: int) -> None:
            if progress:
                progress(done, total)  # ends it, once it is cancelled
            self.report(STAGES[1], done, total)

        self.report(STAGES[1], 0, len(texts))
        # Reader has slots, and super() without arguments knows only the class they replaced.
        found = ArticleEncoder.encode(self, texts, report_both)
        self.report(STAGES[2], len(texts), len(texts))
        return found


def _add_draft(run: AddRun, draft: Draft, job: jobs.Job) -> str:
    def report(stage: str, done: int, total: int, step: str = "") -> None:
        run.stage = stage
        with suppress(
            jobs.JobStopped
        ):  # what is stored is kept, and what is read tells itself that it is over
            job.report_progress(done, total, step or stage.lower())

    def read_items(
        progress: Callable[[int, int, Path | None], None], is_stopped: Callable[[], bool]
    ) -> Iterator[Item]:
        def report_read(done: int, total: int, path: Path | None) -> None:
            progress(done, total, path)
            report(STAGES[0], done, total, f"reading {path.name}" if path else "")

        for item in draft.iterate_items(report_read, is_stopped):
            run.n_read += isinstance(item, Record)
            yield item

    @cache
    def get_encoder() -> ArticleEncoder:
        report(STAGES[1], 0, 0, "loading the model")
        plain = load_article_encoder(run.settings.encoder, run.settings.home)
        return _ReportingEncoder(plain.encoder, plain.token_packer, plain.state_packer, report)

    def count_stored(now: Progress) -> None:
        run.n_stored = now.n_added

    with api.Library(run.settings, progress=partial(_report_step, job)) as library:
        run.summary = summary = add_items(
            read_items,
            draft.inputs.display_paths,
            library.store,
            get_encoder,
            max_original_bytes=run.settings.max_original_bytes,
            progress=count_stored,
            cancelled=lambda: job.is_stopping,
        )
        run.n_stored = summary.n_added
        job.was_cancelled = summary.is_cancelled
        if summary.n_added and not summary.is_cancelled:
            _run_follow_ups(run, library, job, get_encoder)
    done = f"{summary}."
    return f"Cancelled; what was stored is kept: {done}" if summary.is_cancelled else done


def _run_follow_ups(
    run: AddRun, library: api.Library, job: jobs.Job, get_encoder: Callable[[], ArticleEncoder]
) -> None:
    """What is of use and can be done later as well; whatever goes wrong, the articles are there."""
    works: tuple[Callable[[], object], ...] = (
        library.group_articles,
        partial(_update_index, library, job),
        partial(_find_duplicates, run, library),
        partial(_translate_articles, run, library, job, get_encoder),
    )
    for stage, work in zip(STAGES[3:], works, strict=True):
        run.stage = stage
        try:
            work()
        except jobs.JobStopped:
            run.notices.append(f"{stage} was cancelled; what was done is kept.")
            return
        except CrosslingualError as error:
            run.notices.append(f"{stage}: {error}.")


def _report_step(job: jobs.Job, step: str, done: int, total: int) -> None:
    job.report_progress(done, total, step)


def _update_index(library: api.Library, job: jobs.Job) -> None:
    """Bring the search index up to date, so that no search has to wait for it."""

    def report(done: int, total: int) -> None:
        job.report_progress(done, total, "preparing search")

    report(0, 0)
    with library.index.open_snapshot(report):
        pass


def _find_duplicates(run: AddRun, library: api.Library) -> None:
    """Those of what was added with anything else."""
    assert run.summary is not None  # noqa: S101  # it was stored before
    new = set(run.summary.new_ids)
    run.duplicates = tuple(pair for pair in library.duplicates() if new & {pair.left, pair.right})


def _translate_articles(
    run: AddRun, library: api.Library, job: jobs.Job, get_encoder: Callable[[], ArticleEncoder]
) -> None:
    """Translate what was added by engines that keep up, as the command does."""
    assert run.summary is not None  # noqa: S101  # as above
    settings = run.settings
    engines = load_engines(settings.engine_names, settings.home)
    plans = plan_translations(library.store, engines, settings.target_lang, run.summary.article_ids)
    quick = [one for one in plans if one.engine and one.engine.is_fast]
    if not quick:
        return

    def load_meaning() -> MeaningChecker:
        return MeaningChecker(get_encoder().encoder, library.space)

    def report(done: int, total: int) -> None:
        job.report_progress(done, total, "translating")

    report(0, 0)
    run.translation_summary = summarize_outcome(
        translate_plans(library.store, quick, settings.target_lang, load_meaning, report)
    )
