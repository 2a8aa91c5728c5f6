"""Finding for the page: index and encoder opened once, what was found kept until the library changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from crosslingual.align.space import Space, load_reader
from crosslingual.errors import NotFoundError, VectorsMissingError
from crosslingual.library import Library
from crosslingual.models import load_encoder
from crosslingual.reader import complete
from crosslingual.report.words import count
from crosslingual.search import Results, SearchIndex, ask, ask_like, find, parse
from crosslingual.settings import Settings
from crosslingual.types import Event, Source
from crosslingual.ui.payload import names_of
from crosslingual.ui.scene import Key, Stage
from crosslingual.ui.search.wish import MOST, Wish

if TYPE_CHECKING:
    from crosslingual.encode import SentenceEncoder


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
        self._ready = ""
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the files."""
        self.index.close()
        self.library.close()

    def prepare(self, settings: Settings, known: Known) -> None:
        """Have the index hold what the library holds; says so on the page as long as it takes."""
        revision = self.library.revision
        if revision == self._ready:
            return
        said = f"Bringing the search index up to date with {count(known.sentences, 'sentence')} …"
        with st.spinner(said, show_time=True), self._lock:
            if revision != self._ready:
                try:
                    self._read()
                except VectorsMissingError:  # added with another encoder
                    self._encode(settings)
                    self._read()
                self._ready = revision

    def _read(self) -> None:
        with self.index.reading():
            pass

    def _encode(self, settings: Settings) -> None:
        bar = st.progress(0.0, "Reading sentences that were added with another encoder …")

        def show(done: int, total: int) -> None:
            text = f"Reading sentences that were added with another encoder: {done:,} of {total:,}"
            bar.progress(done / max(total, 1), text)

        complete(self.library, load_reader(settings.encoder, settings.home), self.library.ids(), show)
        bar.empty()


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
    used = {entry.source for entry in entries}
    own = {source.id: source for source in _library.sources() if source.id in used}
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
    """What is found, best first, as far as a page shows it at most.

    Raises:
        InputError: what was typed is no query.
        NotFoundError: the sentence, or the event, is not in the library.
        LibraryError: the index can be neither read nor made anew.
    """
    own = desk(stage)
    own.prepare(stage.settings, known(stage))
    return _found(stage.key, wish.asked, stage, own, wish, events)


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
def _encoder(name: str, home: Path) -> SentenceEncoder:
    return load_encoder(name, home)
