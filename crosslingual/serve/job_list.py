"""Jobs that were asked for over HTTP: one at work in the library, and those that have ended until dismissed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from crosslingual.errors import InputError, NotFoundError
from crosslingual.serve.jobs import Job, current_job, start_job
from crosslingual.serve.problems import BusyError

MAX_ENDED_JOBS = 100
"""Jobs that have ended are kept at most; the oldest goes first."""
_SECONDS_TO_STOP = 30


@dataclass(slots=True)
class ListedJob:
    """A ``job``: its ``kind`` is add or translate, ``result`` what it did, once that is known."""

    kind: str
    job: Job
    created_at: str
    result: dict[str, Any] | None = None
    notices: list[str] = field(default_factory=list)


class JobList:
    """The jobs of the library ``key``, in the order in which they were asked for; threads may share it."""

    def __init__(self, key: str) -> None:
        """An empty list."""
        self._key = key
        self._jobs: dict[str, ListedJob] = {}
        self._lock = Lock()
        self._is_receiving = False

    def check_idle(self) -> None:
        """Make sure that a job could begin.

        Raises:
            BusyError: another job is at work.
        """
        if (job := current_job(self._key)) and job.is_running:
            raise BusyError(f"{job.title} is still at work; wait for it, or cancel it")

    @contextmanager
    def receive_upload(self) -> Iterator[None]:
        """What is sent for a job is read within this: one upload at a time, and none while a job is at work.

        Raises:
            BusyError: a job is at work, or another upload is read.
        """
        self.check_idle()
        with self._lock:
            if self._is_receiving:
                raise BusyError("another upload is still being read; send yours when it has come")
            self._is_receiving = True
        try:
            yield
        finally:
            self._is_receiving = False

    def start(self, kind: str, title: str, work: Callable[[ListedJob], str]) -> ListedJob:
        """Begin ``work``; what it returns or raises is the job's message.

        Raises:
            BusyError: another job is at work.
        """
        listed: ListedJob
        with self._lock:

            def run(_: Job) -> str:
                with self._lock:  # until it is listed
                    own = listed
                return work(own)

            try:
                job = start_job(self._key, title, run)
            except InputError as error:
                raise BusyError(str(error)) from None
            listed = ListedJob(kind, job, datetime.now(UTC).isoformat(timespec="seconds"))
            self._jobs[job.id] = listed
            ended = [id_ for id_, one in self._jobs.items() if not one.job.is_running]
            for id_ in ended[:-MAX_ENDED_JOBS]:
                del self._jobs[id_]
        return listed

    def list_all(self) -> list[ListedJob]:
        """All, the latest first."""
        with self._lock:
            return [*self._jobs.values()][::-1]

    def find(self, id_: str) -> ListedJob:
        """The job with this id.

        Raises:
            NotFoundError: there is none.
        """
        with self._lock:
            if found := self._jobs.get(id_):
                return found
        raise NotFoundError(f"job {id_[:40]!r}: not in the list; ask for all of them: GET /v1/jobs")

    def dismiss(self, id_: str) -> None:
        """Forget the job with this id.

        Raises:
            NotFoundError: there is none.
            BusyError: it is at work.
        """
        if self.find(id_).job.is_running:
            raise BusyError("the job is still at work; cancel it first: POST /v1/jobs/ID/cancel")
        with self._lock:
            self._jobs.pop(id_, None)

    def close(self) -> None:
        """Stop what is at work, and wait a while for it: what is stored is kept, and whole."""
        running = [one.job for one in self.list_all() if one.job.is_running]
        for job in running:
            job.stop()
        for job in running:
            job.wait(_SECONDS_TO_STOP)


def job_object(listed: ListedJob) -> dict[str, Any]:
    """``listed`` as JSON-ready values."""
    return job_summary_object(listed) | {"result": listed.result}


def job_summary_object(listed: ListedJob) -> dict[str, Any]:
    """``listed`` without its result, which may be long."""
    job = listed.job
    is_running = job.is_running  # first: it ends when all else is set
    if is_running:
        state = "cancelling" if job.is_stopping else "running"
    else:
        state = "failed" if job.has_failed else "cancelled" if job.was_cancelled else "done"
    return {
        "id": job.id,
        "kind": listed.kind,
        "title": job.title,
        "state": state,
        "created_at": listed.created_at,
        "progress": {"step": job.step, "done": job.done, "total": job.total},
        "message": job.message,
        "notices": [*listed.notices],
    }
