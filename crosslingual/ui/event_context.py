"""What the pages of an event share: the library that is open, its events, the one picked, how it compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import NamedTuple, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from crosslingual.align.matching import PairProbabilities
from crosslingual.align.space import Space, load_article_encoder, load_space
from crosslingual.compare.comparison import compare_event, score_event_pairs
from crosslingual.embeddings.article_encoder import retry_with_vectors
from crosslingual.errors import CrosslingualError
from crosslingual.events.clustering import summarize_events
from crosslingual.events.listing import EventSummary
from crosslingual.formatting import format_count
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Comparison, Duplicate, Event
from crosslingual.ui import reading
from crosslingual.ui.components import read_asset
from crosslingual.ui.event_picker import EventsById, pick_event
from crosslingual.ui.serialize import format_date_range, parallel_source_pairs

Made = TypeVar("Made")


class CacheKey(NamedTuple):
    """What a cached result depends on: library and its revision, encoder, reader's language, engines."""

    library: str
    revision: str
    model: str
    target_lang: str
    engines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LibraryContext:
    """The open ``library``, which is not empty, and the space its sentences are compared in."""

    settings: Settings
    library: Library
    space: Space
    key: CacheKey

    def events_by_id(self) -> EventsById:
        """The library's events by their ids, newest first; not to be changed."""
        return _find_events(self.key, self.library, self.space)[1]

    def event_summaries(self) -> Sequence[EventSummary]:
        """The same with what a list says of them."""
        return _find_events(self.key, self.library, self.space)[0]

    def last_article_listed(self) -> int:
        """Number of the newest article that was there before the events were listed."""
        return _find_events(self.key, self.library, self.space)[2]


@dataclass(frozen=True, slots=True)
class EventContext:
    """The open ``library`` and the ``event`` that is shown.

    ``headline`` is where its title goes, ``options`` what else the page lets one choose.
    """

    settings: Settings
    library: Library
    space: Space
    event: Event
    key: CacheKey
    headline: DeltaGenerator
    options: DeltaGenerator

    @property
    def whole(self) -> LibraryContext:
        """The library without the event."""
        return LibraryContext(self.settings, self.library, self.space, self.key)

    @property
    def target_lang(self) -> str:
        """The language that is read in."""
        return self.key.target_lang

    @property
    def current_key(self) -> CacheKey:
        """The key, of the library as it is now: what was drawn may have changed it."""
        return self.key._replace(revision=self.library.revision)

    def compare_sources(self, duplicates: tuple[Duplicate, ...] = ()) -> Comparison:
        """How the sources of the event tell it, as the library has it now; ``duplicates`` count once."""
        return _compare_event(
            self.current_key, self.event.id, duplicates, self.library, self.space, self.event
        )

    def score_event(self, event: Event) -> PairProbabilities:
        """How likely each two sentences of an ``event`` of the library say the same, before any calibration."""
        return _score_event(self.library, self.space, event)

    def render_title(self, comparison: Comparison) -> None:
        """Draw the title with what the event consists of."""
        with self.headline:
            st.html(_headline_html(self.event, comparison))


def render_event_page(
    draw: Callable[[EventContext], None], without_events: Callable[[LibraryContext], None] | None = None
) -> None:
    """Draw a page of an event; whatever the user can mend is said on it, with the command that mends it.

    ``without_events`` draws what there is of a library that has none.
    """

    def render_event(context: LibraryContext) -> None:
        if without_events and not context.events_by_id():
            without_events(context)
            return
        scene = _build_event_context(context, draw.__module__)
        if scene:
            draw(scene)

    render_library_page(render_event)


def render_library_page(draw: Callable[[LibraryContext], None]) -> None:
    """Draw a page of a library that is not empty; whatever the user can mend is said on it."""

    def render_library(settings: Settings) -> None:
        with Library(settings.library, create=False) as library:
            if library.article_ids():
                draw(build_library_context(settings, library))
                return
            text = (
                f"The library {settings.library} is empty. Add articles of several sources on one happening"
            )
            render_panel("An empty library", f"{text}: crosslingual add PATH --library {settings.library}")

    render_app_page(render_library)


def render_app_page(draw: Callable[[Settings], None]) -> None:
    """Draw a page in the app's look; what goes wrong is said in a line."""
    st.html(f"<style>{read_asset('page.css')}</style>")
    try:
        draw(Settings.load())
    except CrosslingualError as error:
        render_panel("Nothing to show", str(error))


def build_library_context(settings: Settings, library: Library) -> LibraryContext:
    """The open ``library`` with the space of the encoder in use."""
    space = _load_space(settings.encoder, settings.home)
    reader = reading.get_target_lang(settings)
    key = CacheKey(str(settings.library), library.revision, space.model, reader, settings.engine_priority)
    return LibraryContext(settings, library, space, key)


def with_open_library(context: LibraryContext, make: Callable[[LibraryContext], Made]) -> Callable[[], Made]:
    """``make`` for later: what a download holds is asked for when the page has been drawn, and its library closed."""

    def make_later() -> Made:
        with Library(context.settings.library, create=False) as library:
            return make(replace(context, library=library))

    return make_later


def render_no_events(context: LibraryContext) -> None:
    """Say that no two articles are on one happening, and what to do about it."""
    path = context.settings.library
    text = (
        f"{format_count(len(context.library.article_ids()), 'article')} in {path}, but no two of them on"
        " the same happening. Add what other sources wrote about it"
    )
    render_panel("No events yet", f"{text}: crosslingual add PATH --library {path}")


def _build_event_context(context: LibraryContext, page_module: str) -> EventContext | None:
    settings, library = context.settings, context.library
    events = context.events_by_id()
    if not events:
        render_no_events(context)
        return None
    headline, picker, language, options = st.columns([22, 16, 6, 5], vertical_alignment="center", gap="small")
    with picker:
        event = pick_event(events, page_module)
    with language:
        reading.pick_target_lang(settings)
    return EventContext(settings, library, context.space, event, context.key, headline, options)


@st.cache_resource(max_entries=2, show_spinner="Preparing the encoder, once …")
def _load_space(encoder: str, home: Path) -> Space:
    return load_space(encoder, home)


@st.cache_resource(max_entries=4, show_spinner="Finding events …")
def _find_events(
    key: CacheKey, _library: Library, _space: Space
) -> tuple[Sequence[EventSummary], EventsById, int]:
    newest = _library.newest_article_number()
    found = summarize_events(_library, _space, target_lang=key.target_lang, engines=key.engines)
    return found, EventsById((one.event for one in found), _library.event_forwards()), newest


@st.cache_resource(max_entries=8, show_spinner="Comparing …")
def _compare_event(
    key: CacheKey,
    event_id: str,  # noqa: ARG001  # what the cache goes by
    duplicates: tuple[Duplicate, ...],
    _library: Library,
    _space: Space,
    _event: Event,
) -> Comparison:
    # Which library it is, not which state of it: what is added makes other events.
    identity = key.revision.rpartition("-")[0]
    likeness = _pair_probabilities(
        (key.library, identity, key.model, _event.articles), _library, _space, _event
    )
    return compare_event(
        _library,
        _space,
        _event,
        target_lang=key.target_lang,
        engines=key.engines,
        pair_probabilities=likeness,
        duplicates=duplicates,
    )


@st.cache_resource(max_entries=4, show_spinner="Comparing sentence by sentence …")
def _pair_probabilities(
    key: tuple[str, str, str, tuple[str, ...]],  # noqa: ARG001  # what the cache goes by
    _library: Library,
    _space: Space,
    _event: Event,
) -> PairProbabilities:
    """Kept apart from the rest: a correction or a translation does not change it."""
    return _score_event(_library, _space, _event)


def _score_event(library: Library, space: Space, event: Event) -> PairProbabilities:
    settings = Settings.load()
    return retry_with_vectors(
        library,
        lambda: load_article_encoder(settings.encoder, settings.home),
        lambda: score_event_pairs(library, space, event),
        event.articles,
    )


def _headline_html(event: Event, comparison: Comparison) -> str:
    parts = (
        format_date_range(event.start, event.end),
        format_count(len(event.articles), "article"),
        format_count(len(comparison.source_summaries), "source"),
        format_count(len(event.languages), "language"),
    )
    notices = [
        (f"{one} publishes one text twice" if one == other else f"{one} and {other} publish one text")
        + "; its sentences are aligned in their order."
        for one, other in parallel_source_pairs(comparison)
    ]
    if any(column.source.demo for column in comparison.source_summaries):
        notices.append(
            "Demo texts were written for this project from public facts; they are not by the outlets."
        )
    shown = "".join(f"<p class='notice'>{escape(notice)}</p>" for notice in notices)
    title = escape(event.title or "Untitled event")
    return (
        f"<div class='headline'><h1 dir='auto' title='{title}'>{title}</h1>"
        f"<p>{escape(' · '.join(part for part in parts if part))}</p>{shown}</div>"
    )


def render_panel(title: str, text: str) -> None:
    """What is the matter and the command that mends it: what stands in ``text`` after its last colon.

    Where that is to add something, the way to the Add page stands before it.
    """
    said, _, command = text.rpartition(": crosslingual ")
    pre = f"<pre>crosslingual {escape(command)}</pre>"
    with st.container(key="panel", gap="small"):
        st.html(f"<h1>{escape(title)}</h1>")
        if command.startswith("add ") and said:
            st.html(f"<p>{escape(said.removesuffix('; make one with'))}.</p>")
            st.page_link(app_page("add"), label="Add articles")
            st.html(f"<p>Or on the command line:</p>{pre}{_DEMO_HTML}")
        else:
            st.html((f"<p>{escape(said)}:</p>{pre}" if said else f"<p>{escape(text)}</p>") + _DEMO_HTML)


def app_page(url_path: str) -> Page:
    """A page of the app to link to: such are told apart by their path alone."""
    return st.Page(_placeholder_page, url_path=url_path, default=url_path == "compare")


def _placeholder_page() -> None:
    """Stands for what ``app.py`` registers."""


_DEMO_HTML = (
    "<p>Or look at the demo corpus, three events told by seven or eight sources:</p><pre>make app</pre>"
)
