"""Finding for the page: index and encoder opened once, what was found kept until the library changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from crosslingual.align.space import Space
from crosslingual.errors import InputError, LibraryError, NotFoundError
from crosslingual.library import Library
from crosslingual.models import load_query_encoder
from crosslingual.report.words import count
from crosslingual.search import Results, SearchIndex, ask, ask_like, find, parse
from crosslingual.types import Event, Source
from crosslingual.ui import jobs
from crosslingual.ui.payload import names_of
from crosslingual.ui.scene import Key, Stage
from crosslingual.ui.search.wish import MOST, Wish
from crosslingual.ui.translations import ahead

if TYPE_CHECKING:
    from crosslingual.encode import Encoder

_TITLE = "Bringing the search index up to date"
_PATIENCE = 2.0
"""Seconds that a page waits for it before it shows how far it is."""
_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """What of the library can be chosen from: ``sources`` with articles by id, their ``names``, the rest."""

    sources: dict[str, Source]
    names: dict[str, str]
    countries: tuple[str, ...]
    ownerships: tuple[str, ...]
    langs: tuple[str, ...]
    first: str
    last: str
    sentences: int

    @property
    def demo(self) -> bool:
        """Whether the demo corpus is among it."""
        return any(source.demo for source in self.sources.values())


class Desk:
    """The library and its search index, open as long as the app runs; the windows share them."""

    def __init__(self, library: Library, space: Space) -> None:
        self.library = library
        self.index = SearchIndex(library, space)
        self.key = uuid4().hex
        """Among the jobs: its own, so that what is translated or added meanwhile is not held up."""
        self._ready = ""

    def close(self) -> None:
        """Let go of the files."""
        self.index.close()
        self.library.close()

    def prepare(self) -> bool:
        """Have the index hold what the library holds; whether it does.

        A job does it, since Streamlit ends what runs for a page with the page. Where that takes more than a
        moment it goes on, and the page is to follow it.

        Raises:
            LibraryError: the job failed; the next call tries again.
        """
        if not self._over(jobs.current(self.key)):
            return False
        if self.library.revision == self._ready:
            return True
        try:
            job = jobs.start(self.key, _TITLE, self._work)
        except InputError:
            return False  # another window was quicker
        with st.spinner(f"{_TITLE} …", show_time=True):
            job.wait(_PATIENCE)
        return self._over(job)

    def _over(self, job: jobs.Job | None) -> bool:
        if job is None:
            return True
        if job.running:
            return False
        jobs.dismiss(self.key, job.id)
        if job.wrong:
            raise LibraryError(job.said)
        return True

    def _work(self, job: jobs.Job) -> str:
        revision = self.library.revision  # before: what comes later is seen next time
        with self.index.reading(job.report):
            self._ready = revision
        return ""


def prepared(stage: Stage) -> bool:
    """Whether the index holds what the library holds; until then it is drawn how far it is.

    The page goes on by itself once it may.

    Raises:
        LibraryError: it can be neither read nor made anew.
    """
    own = desk(stage)
    if own.prepare():
        return True
    st.fragment(_follow, run_every=_EVERY)(own.key)
    return False


def _follow(key: str) -> None:
    job = jobs.current(key)
    if job is None or not job.running:
        st.rerun()
    reached = f"{job.done:,} of {count(job.total, 'sentence')}" if job.total else ""
    told = " · ".join(part for part in (reached, ahead(job)) if part)
    with st.container(key="search-strip", gap="small"):
        st.html(
            f"<p class='notice' role='status'><b>{_TITLE}</b> {told}</p>"
            f"<progress max='{max(job.total, 1)}' value='{job.done}' aria-label='{_TITLE}'></progress>"
            "<p class='notice'>You may leave this page or close the window; it goes on.</p>"
        )


def desk(stage: Stage) -> Desk:
    """The library's, opened by whoever came first."""
    identity = stage.key.revision.rpartition("-")[0]
    return _desk(stage.key.library, identity, stage.key.model, stage.space)


@st.cache_resource(max_entries=2, show_spinner=False, on_release=Desk.close)
def _desk(library: str, identity: str, model: str, _space: Space) -> Desk:  # noqa: ARG001  # the cache's key
    return Desk(Library(Path(library), create=False), _space)


def known(stage: Stage) -> Known:
    """What can be chosen from."""
    return _known(stage.key, stage.library)


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(key: Key, _library: Library) -> Known:  # noqa: ARG001  # what the cache goes by
    entries = _library.places.entries()
    own = {source.id: source for source in _library.sources_of_articles()}
    names = names_of(own.values())
    sources = dict(sorted(own.items(), key=lambda item: names[item[0]].casefold()))
    days = sorted(entry.date[:10] for entry in entries if entry.date)
    return Known(
        sources,
        names,
        _told(source.country for source in sources.values()),
        _told(source.ownership for source in sources.values()),
        _told(entry.lang for entry in entries),
        days[0] if days else "",
        days[-1] if days else "",
        sum(entry.sentences for entry in entries),
    )


def _told(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def found(stage: Stage, wish: Wish, events: dict[str, Event]) -> Results:
    """What is found in a prepared index, best first, as far as a page shows it at most.

    Raises:
        InputError: what was typed is no query.
        NotFoundError: the sentence, or the event, is not in the library.
        LibraryError: the index can be neither read nor made anew.
    """
    return _found(stage.key, wish.asked, stage, desk(stage), wish, events)


@st.cache_resource(max_entries=64, show_spinner="Searching …")
def _found(
    key: Key,
    asked: tuple[object, ...],  # noqa: ARG001  # what the cache goes by
    _stage: Stage,
    _desk: Desk,
    _wish: Wish,
    _events: dict[str, Event],
) -> Results:
    library, space, settings = _desk.library, _stage.space, _stage.settings
    filters = _wish.filters
    if _wish.event:
        if _wish.event not in _events:
            raise NotFoundError(f"no event {_wish.event!r} in this library; choose another")
        filters = replace(filters, articles=frozenset(_events[_wish.event].articles))
    mark = _wish.mark
    query = (
        ask_like(library, space, mark)
        if mark
        else ask(parse(_wish.text), _encoder(settings.encoder, settings.home), space)
    )
    return find(
        library,
        _desk.index,
        space,
        query,
        filters=filters,
        limit=MOST,
        reader=key.reader,
        engines=key.engines,
    )


@st.cache_resource(max_entries=1, show_spinner="Loading the encoder, once …")
def _encoder(name: str, home: Path) -> Encoder:
    return load_query_encoder(name, home)
