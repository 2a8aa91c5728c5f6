"""Finding for the page: index and encoder opened once, what was found kept until the library changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from crosslingual.address import LibraryAddress
from crosslingual.align.space import Space
from crosslingual.errors import InputError, LibraryError, NotFoundError
from crosslingual.formatting import format_count
from crosslingual.library import Library
from crosslingual.model_store import load_query_encoder
from crosslingual.search import (
    Results,
    encode_query,
    load_query,
    open_index,
    parse_query,
    search_sentences,
)
from crosslingual.serve import jobs
from crosslingual.types import Event, Source
from crosslingual.ui.event_context import CacheKey, LibraryContext
from crosslingual.ui.event_picker import EventsById
from crosslingual.ui.search.search_state import MAX_SENTENCES, SearchRequest
from crosslingual.ui.serialize import unique_source_names
from crosslingual.ui.translations import format_remaining

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import Encoder

_JOB_TITLE = "Bringing the search index up to date"
_WAIT_SECONDS = 2.0
"""Seconds that a page waits for it before it shows how far it is."""
_REFRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What of the library can be chosen from: ``sources`` with articles by id, their ``names``, the rest."""

    sources: dict[str, Source]
    names: dict[str, str]
    countries: tuple[str, ...]
    ownerships: tuple[str, ...]
    langs: tuple[str, ...]
    first_date: str
    last_date: str
    n_sentences: int

    @property
    def has_demo(self) -> bool:
        """Whether the demo corpus is among it."""
        return any(source.demo for source in self.sources.values())


class SearchService:
    """The library and its search index, open as long as the app runs; the windows share them."""

    def __init__(self, library: Library, space: Space) -> None:
        self.library = library
        self.index = open_index(library, space)
        self.job_key = uuid4().hex
        """Among the jobs: its own, so that what is translated or added meanwhile is not held up."""
        self._indexed_revision = ""

    def close(self) -> None:
        """Let go of the files."""
        self.index.close()
        self.library.close()

    def update_index(self) -> bool:
        """Have the index hold what the library holds; whether it does.

        A job does it, since Streamlit ends what runs for a page with the page. Where that takes more than a
        moment it goes on, and the page is to follow it.

        Raises:
            LibraryError: the job failed; the next call tries again.
        """
        if not self._is_finished(jobs.current_job(self.job_key)):
            return False
        if self.library.revision == self._indexed_revision:
            return True
        try:
            job = jobs.start_job(self.job_key, _JOB_TITLE, self._run_update)
        except InputError:
            return False  # another window was quicker
        with st.spinner(f"{_JOB_TITLE} …", show_time=True):
            job.wait(_WAIT_SECONDS)
        return self._is_finished(job)

    def _is_finished(self, job: jobs.Job | None) -> bool:
        if job is None:
            return True
        if job.is_running:
            return False
        jobs.dismiss_job(self.job_key, job.id)
        if job.has_failed:
            raise LibraryError(job.message)
        return True

    def _run_update(self, job: jobs.Job) -> str:
        revision = self.library.revision  # before: what comes later is seen next time
        with self.index.open_snapshot(job.report_progress):
            self._indexed_revision = revision
        return ""


def prepare_index(context: LibraryContext) -> bool:
    """Whether the index holds what the library holds; until then it is drawn how far it is.

    The page goes on by itself once it may.

    Raises:
        LibraryError: it can be neither read nor made anew.
    """
    own = open_service(context)
    if own.update_index():
        return True
    st.fragment(_render_index_progress, run_every=_REFRESH_SECONDS)(own.job_key)
    return False


def _render_index_progress(key: str) -> None:
    job = jobs.current_job(key)
    if job is None or not job.is_running:
        st.rerun()
    reached = f"{job.done:,} of {format_count(job.total, 'sentence')}" if job.total else ""
    told = " · ".join(part for part in (reached, format_remaining(job)) if part)
    with st.container(key="search-strip", gap="small"):
        st.html(
            f"<p class='notice' role='status'><b>{_JOB_TITLE}</b> {told}</p>"
            f"<progress max='{max(job.total, 1)}' value='{job.done}' aria-label='{_JOB_TITLE}'></progress>"
            "<p class='notice'>You may leave this page or close the window; it goes on.</p>"
        )


def open_service(context: LibraryContext) -> SearchService:
    """The library's, opened by whoever came first."""
    identity = context.key.revision.rpartition("-")[0]
    return _open_service(
        context.key.library, identity, context.key.model, context.settings.library, context.space
    )


@st.cache_resource(max_entries=2, show_spinner=False, on_release=SearchService.close)
def _open_service(
    library: str,  # noqa: ARG001  # the cache's key, with the next two
    identity: str,  # noqa: ARG001
    model: str,  # noqa: ARG001
    _address: LibraryAddress,
    _space: Space,
) -> SearchService:
    return SearchService(Library(_address, create=False), _space)


def load_filter_options(context: LibraryContext) -> FilterOptions:
    """What can be chosen from."""
    return _load_filter_options(context.key, context.library)


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_filter_options(key: CacheKey, _library: Library) -> FilterOptions:  # noqa: ARG001  # what the cache goes by
    entries = _library.lookup.article_entries()
    own = {source.id: source for source in _library.sources_with_articles()}
    names = unique_source_names(own.values())
    sources = dict(sorted(own.items(), key=lambda item: names[item[0]].casefold()))
    days = sorted(entry.date[:10] for entry in entries if entry.date)
    return FilterOptions(
        sources,
        names,
        _sorted_values(source.country for source in sources.values()),
        _sorted_values(source.ownership for source in sources.values()),
        _sorted_values(entry.lang for entry in entries),
        days[0] if days else "",
        days[-1] if days else "",
        sum(entry.n_sentences for entry in entries),
    )


def _sorted_values(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def run_search(context: LibraryContext, request: SearchRequest, events: dict[str, Event]) -> Results:
    """What is found in a prepared index, best first, as far as a page shows it at most.

    Raises:
        InputError: what was typed is no query.
        NotFoundError: the sentence, or the event, is not in the library.
        LibraryError: the index can be neither read nor made anew.
    """
    if isinstance(events, EventsById):  # a saved search may name one that was merged since
        request = replace(request, event=events.current_id(request.event))
    return _run_search(context.key, request.cache_key, context, open_service(context), request, events)


@st.cache_resource(max_entries=64, show_spinner="Searching …")
def _run_search(
    key: CacheKey,
    cache_key: tuple[object, ...],  # noqa: ARG001  # what the cache goes by
    _context: LibraryContext,
    _service: SearchService,
    _request: SearchRequest,
    _events: dict[str, Event],
) -> Results:
    library, space, settings = _service.library, _context.space, _context.settings
    filters = _request.filters
    if _request.event:
        if _request.event not in _events:
            raise NotFoundError(f"no event {_request.event!r} in this library; choose another")
        filters = replace(filters, articles=frozenset(_events[_request.event].articles))
    mark = _request.sentence_ref
    query = (
        load_query(library, space, mark)
        if mark
        else encode_query(
            parse_query(_request.text), _load_query_encoder(settings.encoder, settings.home), space
        )
    )
    return search_sentences(
        library,
        _service.index,
        space,
        query,
        filters=filters,
        limit=MAX_SENTENCES,
        target_lang=key.target_lang,
        engine_priority=key.engines,
    )


@st.cache_resource(max_entries=1, show_spinner="Loading the encoder, once …")
def _load_query_encoder(name: str, home: Path) -> Encoder:
    return load_query_encoder(name, home)
