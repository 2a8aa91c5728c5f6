"""What the pages of an event share: the library that is open, its events, the one picked, how it compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from crosslingual.align.matching import Likeness
from crosslingual.align.space import Space, load_reader, load_space
from crosslingual.comparison import compare, event_likeness
from crosslingual.errors import CrosslingualError
from crosslingual.events import find_events
from crosslingual.library import Library
from crosslingual.reader import completed
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.types import Comparison, Copy, Event
from crosslingual.ui import reading
from crosslingual.ui.payload import span_text, twins

ASSETS = Path(__file__).parent / "assets"
EVENT = "compare.event"
ADDRESS = "scene.address"
"""The page that was drawn last, the event that its address meant, and what it means without an event."""
_OWN_ADDRESS = (
    "crosslingual.ui.compare"  # whose component puts the event there without an entry in the history
)
KEPT = ("read", "sure", "by", "compare.marks", "compare.copies")
"""What of an address holds for another event too."""
PICKED = "scene.event"
"""What was picked, kept while another page is shown: a widget forgets it then."""


class Key(NamedTuple):
    """What a cached result depends on: library and its revision, encoder, reader's language, engines."""

    library: str
    revision: str
    model: str
    reader: str
    engines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """The open ``library``, which is not empty, and the space its sentences are compared in."""

    settings: Settings
    library: Library
    space: Space
    key: Key

    def events(self) -> dict[str, Event]:
        """The library's events by their ids, newest first."""
        return {event.id: event for event in _events(self.key, self.library, self.space)}


@dataclass(frozen=True, slots=True)
class Scene:
    """The open ``library`` and the ``event`` that is shown.

    ``headline`` is where its title goes, ``options`` what else the page lets one choose.
    """

    settings: Settings
    library: Library
    space: Space
    event: Event
    key: Key
    headline: DeltaGenerator
    options: DeltaGenerator

    @property
    def reader(self) -> str:
        """The language that is read in."""
        return self.key.reader

    @property
    def now(self) -> Key:
        """The key, of the library as it is now: what was drawn may have changed it."""
        return self.key._replace(revision=self.library.revision)

    def comparison(self, copies: tuple[Copy, ...] = ()) -> Comparison:
        """How the sources of the event tell it, as the library has it now; ``copies`` count once."""
        return _comparison(self.now, self.event.id, copies, self.library, self.space, self.event)

    def title(self, comparison: Comparison) -> None:
        """Draw the title with what the event consists of."""
        with self.headline:
            st.html(_headline(self.event, comparison))


def page(draw: Callable[[Scene], None]) -> None:
    """Draw a page of an event; whatever the user can mend is said on it, with the command that mends it."""

    def of_event(stage: Stage) -> None:
        scene = _scene(stage, draw.__module__)
        if scene:
            draw(scene)

    stage_page(of_event)


def stage_page(draw: Callable[[Stage], None]) -> None:
    """Draw a page of a library that is not empty; whatever the user can mend is said on it."""

    def of_library(settings: Settings) -> None:
        with Library(settings.library, create=False) as library:
            if library.ids():
                draw(stage(settings, library))
                return
            text = (
                f"The library {settings.library} is empty. Add articles of several sources on one happening"
            )
            panel("An empty library", f"{text}: crosslingual add PATH --library {settings.library}")

    framed(of_library)


def framed(draw: Callable[[Settings], None]) -> None:
    """Draw a page in the app's look; what goes wrong is said in a line."""
    st.html(f"<style>{asset('page.css')}</style>")
    try:
        draw(Settings.load())
    except CrosslingualError as error:
        panel("Nothing to show", str(error))


def stage(settings: Settings, library: Library) -> Stage:
    """The open ``library`` with the space of the encoder in use."""
    space = _space(settings.encoder, settings.home)
    reader = reading.reader(settings)
    key = Key(str(settings.library), library.revision, space.model, reader, settings.preferred)
    return Stage(settings, library, space, key)


def _scene(stage: Stage, here: str) -> Scene | None:
    settings, library = stage.settings, stage.library
    events = stage.events()
    if not events:
        text = (
            f"{count(len(library.ids()), 'article')} in {settings.library}, but no two of them on"
            " the same happening. Add what other sources wrote about it"
        )
        panel("No events yet", f"{text}: crosslingual add PATH --library {settings.library}")
        return None
    headline, picker, language, options = st.columns([24, 14, 6, 5], vertical_alignment="center", gap="small")
    with picker:
        event = _pick(events, here)
    with language:
        reading.pick_reader(settings)
    return Scene(settings, library, stage.space, event, stage.key, headline, options)


@st.cache_resource(max_entries=2, show_spinner="Preparing the encoder, once …")
def _space(encoder: str, home: Path) -> Space:
    return load_space(encoder, home)


@st.cache_data(max_entries=4, show_spinner="Finding events …")
def _events(key: Key, _library: Library, _space: Space) -> list[Event]:
    return find_events(_library, _space, reader=key.reader, engines=key.engines)


@st.cache_resource(max_entries=8, show_spinner="Comparing …")
def _comparison(
    key: Key,
    event_id: str,  # noqa: ARG001  # what the cache goes by
    copies: tuple[Copy, ...],
    _library: Library,
    _space: Space,
    _event: Event,
) -> Comparison:
    # Which library it is, not which state of it: what is added makes other events.
    identity = key.revision.rpartition("-")[0]
    likeness = _likeness((key.library, identity, key.model, _event.articles), _library, _space, _event)
    return compare(
        _library,
        _space,
        _event,
        reader=key.reader,
        engines=key.engines,
        likeness=likeness,
        copies=copies,
    )


@st.cache_resource(max_entries=4, show_spinner="Comparing sentence by sentence …")
def _likeness(
    key: tuple[str, str, str, tuple[str, ...]],  # noqa: ARG001  # what the cache goes by
    _library: Library,
    _space: Space,
    _event: Event,
) -> Likeness:
    """Kept apart from the rest: a correction or a translation does not change it."""
    settings = Settings.load()
    return completed(
        _library,
        lambda: load_reader(settings.encoder, settings.home),
        lambda: event_likeness(_library, _space, _event),
        _event.articles,
    )


@st.cache_resource(show_spinner=False)
def asset(name: str) -> str:
    """What stands in a file of ``assets``."""
    return (ASSETS / name).read_text(encoding="utf-8")


_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def script(names: Sequence[str]) -> str:
    """Several modules as the one of a component, which can import none: without imports and exports."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", asset(name))) for name in names)


@st.cache_resource(show_spinner=False)
def component(name: str, styles: tuple[str, ...], scripts: tuple[str, ...]) -> Any:
    """What the browser draws with ``scripts`` into an element of the class ``name``."""
    return st.components.v2.component(
        f"crosslingual_{name}",
        html=f'<div class="compare {name}"></div>',
        css="\n".join(map(asset, styles)),
        js=script(scripts),
    )


def _pick(events: dict[str, Event], here: str) -> Event:
    """The event asked for: by the picker, by the address, before; else the newest of several sources.

    An address that has changed since it was read last is gone by, also where that was back or forward.
    Without an event it means the newest, or for who came from another page than ``here`` what was seen
    there: nothing is written into it then, so that going back leaves the page.
    """
    asked = st.query_params.get("event", "")
    newest = next((id_ for id_, event in events.items() if len(event.sources) > 1), next(iter(events)))
    there, meant, plain = st.session_state.get(ADDRESS, (here, asked or newest, newest))
    if here != there:
        plain = st.session_state.get(PICKED, newest)
    if (asked or plain) != meant:
        st.session_state[EVENT] = asked or plain
    if st.session_state.get(EVENT) not in events:
        wanted = (asked, st.session_state.get(PICKED), newest)
        st.session_state[EVENT] = next(id_ for id_ in wanted if id_ in events)
    chosen = st.selectbox(
        f"{count(len(events), 'event')} in this library",
        options=list(events),
        format_func=lambda id_: event_label(events[id_]),
        key=EVENT,
        label_visibility="collapsed",
    )
    if asked and asked not in events:
        st.caption("The event in the address is not in this library; this is another.")
    elif chosen != (asked or (plain if here == _OWN_ADDRESS else newest)):
        for name in set(st.query_params) - set(KEPT):  # what was seen of the other event
            del st.query_params[name]
        st.query_params["event"] = asked = chosen
    st.session_state[ADDRESS] = (here, asked or plain, plain)
    st.session_state[PICKED] = chosen
    return events[chosen]


def event_label(event: Event) -> str:
    """An event in a line, to be chosen by."""
    parts = (
        span_text(event.start, event.end),
        count(len(event.sources), "source"),
        event.title or "untitled",
        count(len(event.languages), "language"),
    )
    return " · ".join(part for part in parts if part)


def _headline(event: Event, comparison: Comparison) -> str:
    parts = (
        span_text(event.start, event.end),
        count(len(event.articles), "article"),
        count(len(comparison.columns), "source"),
        count(len(event.languages), "language"),
    )
    notices = [
        (f"{one} publishes one text twice" if one == other else f"{one} and {other} publish one text")
        + "; its sentences are aligned in their order."
        for one, other in twins(comparison)
    ]
    if any(column.source.demo for column in comparison.columns):
        notices.append(
            "Demo texts were written for this project from public facts; they are not by the outlets."
        )
    shown = "".join(f"<p class='notice'>{escape(notice)}</p>" for notice in notices)
    return (
        f"<div class='headline'><h1 dir='auto'>{escape(event.title or 'Untitled event')}</h1>"
        f"<p>{escape(' · '.join(part for part in parts if part))}</p>{shown}</div>"
    )


def panel(title: str, text: str) -> None:
    """What is the matter and the command that mends it: what stands in ``text`` after its last colon.

    Where that is to add something, the way to the Add page stands before it.
    """
    said, _, command = text.rpartition(": crosslingual ")
    pre = f"<pre>crosslingual {escape(command)}</pre>"
    with st.container(key="panel", gap="small"):
        st.html(f"<h1>{escape(title)}</h1>")
        if command.startswith("add ") and said:
            st.html(f"<p>{escape(said.removesuffix('; make one with'))}.</p>")
            st.page_link(place("add"), label="Add articles")
            st.html(f"<p>Or on the command line:</p>{pre}{_DEMO}")
        else:
            st.html((f"<p>{escape(said)}:</p>{pre}" if said else f"<p>{escape(text)}</p>") + _DEMO)


def place(url_path: str) -> Page:
    """A page of the app to link to: such are told apart by their path alone."""
    return st.Page(_elsewhere, url_path=url_path, default=url_path == "compare")


def _elsewhere() -> None:
    """Stands for what ``app.py`` registers."""


_DEMO = "<p>Or look at the demo corpus, three events told by seven or eight sources:</p><pre>make app</pre>"
