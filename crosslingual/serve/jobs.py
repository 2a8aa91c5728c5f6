"""Work in the background: at most one job for each library, seen by every window, stopped at will."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread
from uuid import uuid4

from crosslingual.errors import CrosslingualError, InputError, one_line


class JobStopped(Exception):  # noqa: N818  # no error: someone wanted it
    """Raised where a job reports, once someone has stopped it."""


class Job:
    """One piece of work in a thread of its own; any thread may read how far it is."""

    def __init__(self, title: str) -> None:
        """``title`` says what it does: ``Translating “Storm over Crete”``."""
        self.id = uuid4().hex
        self.title = title
        self.step = ""
        self.done = 0
        self.total = 0
        self.message = ""
        """What came of it, in a line, once it runs no longer."""
        self.has_failed = False
        self.was_cancelled = False
        """Whether it ended because someone has stopped it."""
        self._stop, self._ended = Event(), Event()
        self._started_at = time.monotonic()
        self._pace_start: tuple[float, int] | None = None

    def report_progress(self, done: int, total: int, step: str = "") -> None:
        """Say that ``done`` of ``total`` of this ``step`` are done, in whatever unit.

        Raises:
            JobStopped: someone has stopped the job.
        """
        if self._stop.is_set():
            raise JobStopped
        if step != self.step or total != self.total or done < self.done:
            self._started_at, self._pace_start = time.monotonic(), None
        # Measured from what is done first: a model is loaded before, which says little of the rest.
        if self._pace_start is None and done:
            self._pace_start = (time.monotonic(), done)
        self.step, self.done, self.total = step, done, total

    def finish(self) -> None:
        """Say that it is over."""
        self._ended.set()

    def wait(self, seconds: float) -> None:
        """Wait until it is over, but no longer than that."""
        self._ended.wait(seconds)

    @property
    def is_running(self) -> bool:
        """Whether it is not over yet."""
        return not self._ended.is_set()

    def stop(self) -> None:
        """Have the job end at its next report; one that has ended stays as it is."""
        if self.is_running:
            self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether someone has stopped it."""
        return self._stop.is_set()

    @property
    def units_per_second(self) -> float | None:
        """Units done in a second of this step, as measured; None where there is nothing to go by."""
        if self._pace_start is None:
            return None
        first, before = self._pace_start
        done, passed = self.done - before, time.monotonic() - first
        if not done:  # nothing since: then with the loading
            done, passed = before, first - self._started_at
        return done / passed if passed > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Until this step is done, at the measured pace."""
        return (self.total - self.done) / pace if (pace := self.units_per_second) else None


def start_job(key: str, title: str, work: Callable[[Job], str]) -> Job:
    """Begin ``work`` for the library ``key``; what it returns or raises is what the job then says.

    Raises:
        InputError: a job for this library is running.
    """
    with _lock:
        if (there := _jobs.get(key)) and there.is_running:
            raise InputError(f"{there.title} is still at work; wait for it, or cancel it")
        job = _jobs[key] = Job(title)
    Thread(target=_run_job, args=(job, work), name=title, daemon=True).start()
    return job


def current_job(key: str) -> Job | None:
    """The job for this library that runs, or has ended and not been dismissed."""
    return _jobs.get(key)


def dismiss_job(key: str, id_: str) -> None:
    """Forget the job with this id, if it has ended."""
    with _lock:
        if (job := _jobs.get(key)) and job.id == id_ and not job.is_running:
            del _jobs[key]


_jobs: dict[str, Job] = {}
_lock = Lock()


def _run_job(job: Job, work: Callable[[Job], str]) -> None:
    try:
        job.message = work(job)
    except Exception as error:
        if job.is_stopping:  # whatever it was that it was turned into on the way
            job.message, job.was_cancelled = "Cancelled; nothing was left half done.", True
        else:
            job.message, job.has_failed = _error_message(error), True
    finally:
        job.finish()


def _error_message(error: Exception) -> str:
    if isinstance(error, CrosslingualError):
        return str(error)
    logging.getLogger(__name__).error("a job failed", exc_info=error)
    reason = one_line(error)
    return f"{type(error).__name__}: {reason}; the log says more"
