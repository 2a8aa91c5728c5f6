from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import pytest

from crosslingual.errors import InputError, ModelError
from crosslingual.serve.jobs import Job, current_job, dismiss_job, start_job


def ended(job: Job) -> Job:
    for _ in range(60_000):
        if not job.is_running:
            return job
        time.sleep(0.01)
    raise AssertionError("the job runs on")


@pytest.fixture
def gate() -> Iterator[Event]:
    """What a job waits for; opened at the end, so that none outlives its test."""
    event = Event()
    yield event
    event.set()


def test_a_library_has_one_job_at_a_time_and_another_has_its_own(gate: Event) -> None:
    def wait(job: Job) -> str:
        gate.wait(10)
        return "done"

    job, other = start_job("one", "Translating", wait), start_job("other", "Installing", wait)
    with pytest.raises(InputError, match="Translating is still at work"):
        start_job("one", "Installing", wait)
    dismiss_job("one", job.id)
    assert current_job("one") is job  # it runs: there is nothing to dismiss
    gate.set()
    assert ended(job).message == ended(other).message == "done"
    assert ended(start_job("one", "Installing", wait)).message == "done"
    dismiss_job("one", job.id)  # of the one before
    assert current_job("one") is not None
    for key in ("one", "other"):
        dismiss_job(key, current_job(key).id)  # type: ignore[union-attr]
        assert current_job(key) is None


def test_a_job_is_stopped_where_it_reports_whatever_that_is_turned_into(gate: Event) -> None:
    def work(job: Job) -> str:
        gate.wait(10)
        try:
            job.report_progress(1, 2)
        except Exception as error:
            raise ModelError("x: cannot be fetched") from error
        return "done"

    job = start_job("stopped", "Installing", work)
    job.stop()
    gate.set()
    assert ended(job).message == "Cancelled; nothing was left half done."
    assert (job.has_failed, job.was_cancelled) == (False, True)


def test_stopping_a_job_that_has_ended_changes_nothing(gate: Event) -> None:
    def work(job: Job) -> str:
        gate.wait(10)
        return "done"

    before, late = start_job("ended", "Installing", lambda _: "done"), start_job("late", "Installing", work)
    ended(before).stop()
    assert (before.is_stopping, before.was_cancelled) == (False, False)
    late.stop()  # after its last report
    gate.set()
    assert ended(late).message == "done"
    assert not late.was_cancelled


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ModelError("zh-en: the index has no such package; see"),
            "zh-en: the index has no such package; see",
        ),
        (ValueError("two\nlines"), "ValueError: two lines; the log says more"),
    ],
)
def test_what_goes_wrong_is_one_line(error: Exception, said: str) -> None:
    def work(job: Job) -> str:
        raise error

    job = ended(start_job("wrong", "Installing", work))
    assert (job.message, job.has_failed) == (said, True)


def test_the_time_left_is_measured_from_what_is_done_first_of_a_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    job = Job("Translating")

    def told() -> float | None:
        return job.seconds_left

    job.report_progress(0, 100)
    now = 30.0  # the model is loaded
    assert told() is None
    job.report_progress(10, 100)
    now = 33.0
    assert told() == 270.0  # with the loading, as nothing else is known
    now = 40.0
    job.report_progress(30, 100)
    assert told() == 35.0
    job.report_progress(0, 1000, "downloading")
    assert told() is None
