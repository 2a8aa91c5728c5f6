"""A draft on its way into the library, in the background: read, encoded, stored, compared, translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from crosslingual.add import Progress, Summary, add_from
from crosslingual.align.space import load_reader, load_space
from crosslingual.copies import find_copies
from crosslingual.errors import CrosslingualError
from crosslingual.ingest import Item, Record
from crosslingual.library import Library
from crosslingual.models.translators import load_engines
from crosslingual.reader import Reader
from crosslingual.search import SearchIndex
from crosslingual.settings import Settings
from crosslingual.translating import Meaning, plan, translate
from crosslingual.types import Copy, FloatArray
from crosslingual.ui import jobs
from crosslingual.ui.add.draft import Draft
from crosslingual.ui.translations import told

STAGES = ("Reading", "Encoding", "Storing", "Preparing search", "Looking for copies", "Translating")

IN_SENTENCES = frozenset({"Encoding", "Preparing search", "Translating"})
"""Stages whose progress counts sentences."""


@dataclass(slots=True)
class Run:
    """What is added, and what has come of it; any thread may look.

    ``stage`` is one of ``STAGES``. ``also`` is what could not be done after all was stored.
    """

    settings: Settings
    stage: str = STAGES[0]
    articles: int = 0
    stored: int = 0
    summary: Summary | None = None
    copies: tuple[Copy, ...] = ()
    translated: str = ""
    also: list[str] = field(default_factory=list)


def begin(draft: Draft, settings: Settings) -> Run:
    """Add ``draft`` in the background; the run is found again by ``latest``, from any window.

    Raises:
        InputError: something else is at work in this library.
    """
    key = str(settings.library)
    run = Run(settings)
    names = [path.name or str(path) for path in draft.given.names]
    title = f"Adding {names[0][:60]}" + (f" and {len(names) - 1:,} more" if names[1:] else "")
    job = jobs.start(key, title, partial(_work, run, draft))
    _runs[key] = job.id, run
    return run


def latest(key: str) -> Run | None:
    """The run whose job is the current one of this library, at work or just ended."""
    job, found = jobs.current(key), _runs.get(key)
    return found[1] if job and found and found[0] == job.id else None


_runs: dict[str, tuple[str, Run]] = {}


@dataclass(frozen=True, slots=True)
class _Told(Reader):
    """A reader that tells how far it is."""

    tell: Callable[[str, int, int], None] = lambda *_: None

    def read(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> tuple[FloatArray, dict[str, list[bytes]]]:
        def both(done: int, total: int) -> None:
            if progress:
                progress(done, total)  # ends it, once it is cancelled
            self.tell(STAGES[1], done, total)

        self.tell(STAGES[1], 0, len(texts))
        # Reader has slots, and super() without arguments knows only the class they replaced.
        found = Reader.read(self, texts, both)
        self.tell(STAGES[2], len(texts), len(texts))
        return found


def _work(run: Run, draft: Draft, job: jobs.Job) -> str:
    def tell(stage: str, done: int, total: int, what: str = "") -> None:
        run.stage = stage
        with suppress(jobs.Stopped):  # what is stored is kept, and what is read tells itself that it is over
            job.report(done, total, what or stage.lower())

    def reading(at: Callable[[int, int, Path | None], None], stop: Callable[[], bool]) -> Iterator[Item]:
        def seen(done: int, total: int, path: Path | None) -> None:
            at(done, total, path)
            tell(STAGES[0], done, total, f"reading {path.name}" if path else "")

        for item in draft.reading(seen, stop):
            run.articles += isinstance(item, Record)
            yield item

    @cache
    def reader() -> Reader:
        tell(STAGES[1], 0, 0, "loading the model")
        plain = load_reader(run.settings.encoder, run.settings.home)
        return _Told(plain.encoder, plain.packer, plain.judge, tell)

    def stored(now: Progress) -> None:
        run.stored = now.articles

    with Library(run.settings.library) as library:
        run.summary = summary = add_from(
            reading, draft.given.names, library, reader, progress=stored, cancelled=lambda: job.stopping
        )
        run.stored = summary.added
        if summary.added and not summary.cancelled:
            _afterwards(run, library, job, reader)
    done = f"{summary}."
    return f"Cancelled; what was stored is kept: {done}" if summary.cancelled else done


def _afterwards(run: Run, library: Library, job: jobs.Job, reader: Callable[[], Reader]) -> None:
    """What is of use and can be done later as well; whatever goes wrong, the articles are there."""
    works = (
        partial(_index, run, library, job),
        partial(_copies, run, library, job),
        partial(_translate, run, library, job, reader),
    )
    for stage, work in zip(STAGES[3:], works, strict=True):
        run.stage = stage
        try:
            work()
        except jobs.Stopped:
            run.also.append(f"{stage} was cancelled; what was done is kept.")
            return
        except CrosslingualError as error:
            run.also.append(f"{stage}: {error}.")


def _index(run: Run, library: Library, job: jobs.Job) -> None:
    """Bring the search index up to date, so that no search has to wait for it."""

    def tell(done: int, total: int) -> None:
        job.report(done, total, "preparing search")

    tell(0, 0)
    index = SearchIndex(library, load_space(run.settings.encoder, run.settings.home))
    try:
        with index.reading(tell):
            pass
    finally:
        index.close()


def _copies(run: Run, library: Library, job: jobs.Job) -> None:
    space = load_space(run.settings.encoder, run.settings.home)

    def tell(done: int, total: int) -> None:
        job.report(done, total, "looking for copies")

    tell(0, 0)
    assert run.summary is not None  # noqa: S101  # it was stored before
    new = set(run.summary.new)
    run.copies = tuple(copy for copy in find_copies(library, space, tell) if new & {copy.one, copy.other})


def _translate(run: Run, library: Library, job: jobs.Job, reader: Callable[[], Reader]) -> None:
    """Translate what was added by engines that keep up, as the command does."""
    assert run.summary is not None  # noqa: S101  # as above
    settings = run.settings
    engines = load_engines(settings.engines, settings.home)
    plans = plan(library, engines, settings.reader, run.summary.articles)
    quick = [one for one in plans if one.engine and one.engine.quick]
    if not quick:
        return

    def meaning() -> Meaning:
        return Meaning(reader().encoder, load_space(settings.encoder, settings.home))

    def tell(done: int, total: int) -> None:
        job.report(done, total, "translating")

    tell(0, 0)
    run.translated = told(translate(library, quick, settings.reader, meaning, tell))
