from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from crosslingual.align.space import load_space
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.readers import File
from crosslingual.search import SearchIndex
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui.add import import_job as runs
from crosslingual.ui.add.import_job import STAGES, AddRun, latest_run, start_adding
from crosslingual.ui.add.inputs import AddInputs
from crosslingual.ui.add.preview_model import Draft, read_draft

STORY = (
    "The old bridge over the river was opened again on Friday after two years of repairs. "
    "Some two hundred people came to see the first cars cross it in the rain. "
    "The council paid eleven million euros for the work, which took a year longer than planned. "
)


pytestmark = pytest.mark.usefixtures("loaded_encoder")


@pytest.fixture
def settings(shelf: Callable[..., Settings], tmp_path: Path) -> Iterator[Settings]:
    made = replace(shelf("run"), library=tmp_path / "library")
    yield made
    if job := jobs.current_job(str(made.library)):
        job.stop()
        ended(job)
        jobs.dismiss_job(str(made.library), job.id)


def ended(job: jobs.Job) -> jobs.Job:
    for _ in range(60_000):
        if not job.is_running:
            return job
        time.sleep(0.01)
    raise AssertionError("the job runs on")


def drafted(settings: Settings, *records: dict[str, str], more: bytes | None = None) -> Draft:
    content = "\n".join(json.dumps(record) for record in records).encode()
    files = [File(Path("a.jsonl"), content)] + ([File(Path("b.pdf"), more)] if more else [])
    draft = Draft(AddInputs(files=tuple(files)))
    read_draft(draft, settings.library, jobs.Job("Reading"))
    return draft


def added(settings: Settings, draft: Draft) -> tuple[jobs.Job, AddRun]:
    run = start_adding(draft, settings)
    job = jobs.current_job(str(settings.library))
    assert job
    assert latest_run(str(settings.library)) is run
    return ended(job), run


def test_a_draft_is_stored_copies_are_found_and_the_batch_can_be_undone(settings: Settings) -> None:
    records = [
        {"source": "bbc", "text": STORY, "title": "Bridge"},
        {"source": "village-echo.example", "text": STORY, "title": "A bridge"},
        {"source": "bbc", "text": STORY + "\n", "title": "Bridge"},
    ]
    job, run = added(settings, drafted(settings, *records, more=b"%PDF-1.4 broken"))
    assert not job.has_failed
    assert job.message == "2 articles added, 1 known already, 1 problem."
    assert run.summary
    assert (run.n_read, run.n_stored, len(run.duplicates)) == (3, 2, 1)
    assert run.summary.incomplete_sources == ("village-echo-example",)
    assert run.notices == []
    with Library(settings.library) as library:
        index = SearchIndex(library, load_space(settings.encoder, settings.home))
        with index.open_without_update() as view:  # no search has to wait for what was added
            assert {entry.article for entry in view.entries} == set(library.article_ids())
        index.close()
        library.undo_operation(run.summary.operation_id)
        assert library.article_ids() == []


def test_all_stages_are_gone_through_in_their_order(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    class Watched(AddRun):
        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if name == "stage" and value not in seen[-1:]:
                seen.append(value)

    monkeypatch.setattr(runs, "AddRun", Watched)
    added(settings, drafted(settings, {"source": "bbc", "text": STORY}))
    assert seen == list(STAGES)


def test_cancelling_keeps_what_is_stored(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosslingual.ingest.pipeline.SENTENCES_PER_CHUNK", 3)
    monkeypatch.setattr("crosslingual.ingest.pipeline._ARTICLES_PER_LOOKUP", 1)
    read = ArticleEncoder.encode

    def then_cancelled(self: ArticleEncoder, texts: Any, progress: Any) -> Any:
        if calls:
            job = jobs.current_job(str(settings.library))
            assert job
            job.stop()
        calls.append(1)
        return read(self, texts, progress)

    calls: list[int] = []
    monkeypatch.setattr(ArticleEncoder, "encode", then_cancelled)
    records = [{"source": "bbc", "text": f"{STORY} Part {n}."} for n in range(5)]
    job, run = added(settings, drafted(settings, *records))
    assert job.message == "Cancelled; what was stored is kept: 1 article added."
    assert run.summary
    assert run.summary.is_cancelled
    with Library(settings.library) as library:
        assert len(library.article_ids()) == 1
        assert [act.id for act in library.load_operations()] == [run.summary.operation_id]


def test_a_library_takes_one_add_at_a_time_and_the_other_is_told(settings: Settings) -> None:
    gate = Event()
    key = str(settings.library)
    jobs.start_job(key, "Translating “Bridge”", lambda job: str(gate.wait(10)))
    try:
        with pytest.raises(InputError, match="Translating “Bridge” is still at work; wait for it"):
            start_adding(drafted(settings, {"source": "bbc", "text": STORY}), settings)
        assert latest_run(key) is None
    finally:
        gate.set()


def test_what_goes_wrong_afterwards_is_told_and_the_articles_are_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise InputError("no copies today; try tomorrow")

    monkeypatch.setattr("crosslingual.events.duplicates.find_duplicates", broken)
    job, run = added(settings, drafted(settings, {"source": "bbc", "text": STORY}))
    assert job.message == "1 article added."
    assert run.notices == ["Looking for copies: no copies today; try tomorrow."]
