"""What the jobs do: add articles from uploads and links, translate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from crosslingual.api import Library
from crosslingual.errors import CrosslingualError
from crosslingual.ingest.inputs import make_item_reader, make_web_reader
from crosslingual.ingest.pipeline import add_items
from crosslingual.ingest.summary import AddSummary, Progress
from crosslingual.ingest.translation import TranslationOutcome
from crosslingual.readers import File
from crosslingual.serve.job_list import ListedJob
from crosslingual.serve.jobs import Job, JobStopped
from crosslingual.serve.service import LibraryService
from crosslingual.serve.uploads import TemporaryFolder

MAX_TOLD_PROBLEMS = 1_000
"""Problems that a job tells; how many there were it tells too."""
MAX_LISTED_ARTICLES = 10_000
"""Ids of articles that a job tells, and that can be sent to be translated; how many there were it tells too."""


@dataclass(frozen=True, slots=True)
class AddRequest:
    """Files and addresses to be added; ``folder`` holds the files for as long as this is kept.

    ``source`` and ``lang`` are those of articles that name none.
    """

    files: tuple[File, ...] = ()
    urls: tuple[str, ...] = ()
    source: str = ""
    lang: str = ""
    folder: TemporaryFolder | None = None

    @property
    def title(self) -> str:
        """What the job is called."""
        names = [*(str(file.path) for file in self.files), *self.urls]
        more = f" and {len(names) - 1:,} more" if names[1:] else ""
        return f"Adding {names[0][:60]}{more}"


def start_adding(service: LibraryService, request: AddRequest) -> ListedJob:
    """Add in the background what is asked for, then find its events, index it, and translate it.

    Raises:
        BusyError: another job is at work.
    """
    return service.jobs.start("add", request.title, partial(_add, service, request))


def start_translating(service: LibraryService, article_ids: Sequence[str] | None, title: str) -> ListedJob:
    """Translate these articles in the background, without ids all.

    Raises:
        BusyError: another job is at work.
    """

    def work(listed: ListedJob) -> str:
        with service.open_for_job(partial(_report_step, listed.job)) as library:
            outcome = library.translate(article_ids)
        listed.result = outcome_object(outcome)
        listed.notices += _missing_translators(outcome)
        return f"{outcome}."

    return service.jobs.start("translate", title, work)


def _add(service: LibraryService, request: AddRequest, listed: ListedJob) -> str:
    job = listed.job

    def report(now: Progress) -> None:
        with suppress(JobStopped):  # what reads is told by ``cancelled`` and keeps what is stored
            job.report_progress(now.bytes_done, now.total_bytes, f"adding ({now.n_added:,} stored)")

    with service.open_for_job(partial(_report_step, job)) as library:
        web = make_web_reader(library.store) if request.urls else None
        summary = add_items(
            make_item_reader(request.files, web, request.urls),
            [*(file.path for file in request.files), *map(Path, request.urls)],
            library.store,
            lambda: library.article_encoder,
            source=request.source or None,
            lang=request.lang or None,
            max_original_bytes=library.settings.max_original_bytes,
            progress=report,
            cancelled=lambda: job.is_stopping,
        )
        listed.result = summary_object(summary)
        job.was_cancelled = summary.is_cancelled
        if summary.n_added and not summary.is_cancelled:
            _follow_up(library, summary, listed)
    return f"Cancelled; what was stored is kept: {summary}." if summary.is_cancelled else f"{summary}."


def _follow_up(library: Library, summary: AddSummary, listed: ListedJob) -> None:
    """What can be done later as well; whatever goes wrong, the articles are there."""
    try:
        library.update_derived()
        outcome = library.translate(summary.article_ids, only_fast=True)
    except JobStopped:
        listed.job.was_cancelled = True
        listed.notices.append("cancelled after all was stored; the rest is done when it is asked for")
    except CrosslingualError as error:
        listed.notices.append(str(error))
    else:
        listed.notices += [f"{outcome}"] if outcome.routes else []
        listed.notices += _missing_translators(outcome)


def _report_step(job: Job, step: str, done: int, total: int) -> None:
    job.report_progress(done, total, step)


def summary_object(summary: AddSummary) -> dict[str, Any]:
    """``summary`` as JSON-ready values."""
    return {
        "added": summary.n_added,
        "known": summary.n_known,
        "translations": summary.n_translations,
        "skipped": summary.n_skipped,
        "n_problems": len(summary.problems),
        "problems": [
            {
                "path": str(problem.path),
                "line": problem.line,
                "message": problem.message,
                "is_warning": problem.is_warning,
            }
            for problem in summary.problems[:MAX_TOLD_PROBLEMS]
        ],
        "n_articles": len(summary.article_ids),
        "articles": list(summary.article_ids[:MAX_LISTED_ARTICLES]),
        "operation": summary.operation_id or None,
        "cancelled": summary.is_cancelled,
    }


def outcome_object(outcome: TranslationOutcome) -> dict[str, Any]:
    """``outcome`` as JSON-ready values."""
    return asdict(outcome) | {"n_without_engine": dict(outcome.n_without_engine)}


def _missing_translators(outcome: TranslationOutcome) -> list[str]:
    return [
        f"{count:,} in {lang} not translated: no translator is installed; run: crosslingual models install"
        for lang, count in outcome.n_without_engine
    ]
