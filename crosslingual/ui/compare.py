"""The Compare page: one event, its sources, its statements, its articles side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from crosslingual.add import complete
from crosslingual.align.matching import Likeness
from crosslingual.align.space import Space, load_reader, load_space
from crosslingual.comparison import compare, event_likeness
from crosslingual.errors import CrosslingualError, VectorsMissingError
from crosslingual.events import find_events
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.translate.engine import Engine
from crosslingual.types import Event
from crosslingual.ui import reading, translations
from crosslingual.ui.answers import answer
from crosslingual.ui.payload import payload, span_text

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "dom.js",
    "model.js",
    "cards.js",
    "translation.js",
    "detail.js",
    "table.js",
    "parallel.js",
    "hand.js",
    "compare.js",
)
EVENT = "compare.event"
COMPONENT = "compare.comparison"
ASKED = "compare.asked"
"""What the browser asked for and the page has not done yet."""
SAID = "compare.said"
"""What came of the last thing asked for."""


class Key(NamedTuple):
    """What a cached result depends on: library and its revision, encoder, reader's language, engines."""

    library: str
    revision: str
    model: str
    reader: str
    engines: tuple[str, ...]


def page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    st.html(f"<style>{_asset('page.css')}</style>")
    try:
        settings = Settings.load()
        with Library(settings.library, create=False) as library:
            _page(settings, library)
    except CrosslingualError as error:
        _panel("Nothing to show", str(error))


def _page(settings: Settings, library: Library) -> None:
    if not library.ids():
        text = f"The library {settings.library} is empty. Add articles of several sources on one happening"
        _panel("An empty library", f"{text}: crosslingual add PATH --library {settings.library}")
        return
    space = _space(settings.encoder, settings.home)
    reader = reading.reader(settings)
    key = Key(str(settings.library), library.revision, space.model, reader, settings.preferred)
    events = {event.id: event for event in _events(key, library, space)}
    if not events:
        text = (
            f"{_count(len(library.ids()), 'article')} in {settings.library}, but no two of them on"
            " the same happening. Add what other sources wrote about it"
        )
        _panel("No events yet", f"{text}: crosslingual add PATH --library {settings.library}")
        return
    headline, picker, language = st.columns([22, 16, 7], vertical_alignment="bottom", gap="small")
    with picker:
        event = _pick(events)
    with language:
        reading.pick_reader(settings)
    engines, broken = reading.translators(settings)
    ways = reading.ways(engines, event, reader)
    if asked := st.session_state.pop(ASKED, None):
        st.session_state[SAID] = answer(asked, library, event, reader, seen=_shown(key, event, ways))
        key = key._replace(revision=library.revision)
    data = _data(key, event.id, library, space, event)
    with headline:
        st.html(_headline(event, data))
    st.session_state[translations.DRAWN] = translations.state(key.library)
    todo = _todo(key, event.id, tuple(ways.items()), library, engines, event)
    translations.strip(
        translations.Situation(
            settings,
            reader,
            event.title,
            event.articles,
            space,
            engines,
            ways,
            reading.bare(data),
            todo,
            broken,
        )
    )
    if len(data["columns"]) < 2:
        st.html(
            "<p class='alone'>Only one source tells this event, so there is nothing to compare it with."
            " Add others: <code>crosslingual add PATH</code></p>"
        )
    data = data | {
        "key": _shown(key, event, ways),
        "said": st.session_state.get(SAID),
        "lacking": {lang: reading.lacking(lang, reader) for lang, way in ways.items() if not way},
    }
    _component()(data=data, key=COMPONENT, on_correction_change=_ask)


def _shown(key: Key, event: Event, ways: dict[str, str]) -> str:
    """What the browser compares, to know whether what it shows is still so."""
    return repr((tuple(key), event.id, ways))


def _ask() -> None:
    """Keep what the browser asks for until the page is drawn: a trigger is gone after one run."""
    st.session_state[ASKED] = st.session_state[COMPONENT]["correction"]


@st.cache_data(max_entries=16, show_spinner=False)
def _todo(
    key: Key,
    event_id: str,  # noqa: ARG001  # what the cache goes by, as the next
    ways: tuple[tuple[str, str], ...],  # noqa: ARG001
    _library: Library,
    _engines: Sequence[Engine],
    _event: Event,
) -> dict[str, int]:
    return translations.todo(_library, _engines, key.reader, _event.articles)


@st.cache_resource(max_entries=2, show_spinner="Preparing the encoder, once …")
def _space(encoder: str, home: Path) -> Space:
    return load_space(encoder, home)


@st.cache_data(max_entries=4, show_spinner="Finding events …")
def _events(key: Key, _library: Library, _space: Space) -> list[Event]:
    return find_events(_library, _space, reader=key.reader, engines=key.engines)


@st.cache_data(max_entries=16, show_spinner="Comparing …")
def _data(
    key: Key,
    event_id: str,  # noqa: ARG001  # what the cache goes by
    _library: Library,
    _space: Space,
    _event: Event,
) -> dict[str, Any]:
    # Which library it is, not which state of it: what is added makes other events.
    identity = key.revision.rpartition("-")[0]
    likeness = _likeness((key.library, identity, key.model, _event.articles), _library, _space, _event)
    comparison = compare(_library, _space, _event, reader=key.reader, engines=key.engines, likeness=likeness)
    return payload(comparison, key.reader)


@st.cache_resource(max_entries=4, show_spinner="Comparing sentence by sentence …")
def _likeness(
    key: tuple[str, str, str, tuple[str, ...]],  # noqa: ARG001  # what the cache goes by
    _library: Library,
    _space: Space,
    _event: Event,
) -> Likeness:
    """Kept apart from the rest: a correction or a translation does not change it."""
    try:
        return event_likeness(_library, _space, _event)
    except VectorsMissingError:  # added by an earlier version
        settings = Settings.load()
        complete(_library, load_reader(settings.encoder, settings.home), _event.articles)
        return event_likeness(_library, _space, _event)


@st.cache_resource(show_spinner=False)
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component(
        "crosslingual_compare",
        html='<div class="compare"></div>',
        css=_asset("compare.css"),
        js="\n".join(_asset(name) for name in SCRIPTS),
    )


def _pick(events: dict[str, Event]) -> Event:
    """The event that is asked for: by the picker, else by the address, else the newest."""
    asked = st.query_params.get("event", "")
    if st.session_state.get(EVENT) not in events:
        st.session_state[EVENT] = asked if asked in events else next(iter(events))
    chosen = st.selectbox(
        f"{_count(len(events), 'event')} in this library",
        options=list(events),
        format_func=lambda id_: _label(events[id_]),
        key=EVENT,
    )
    if asked and asked not in events:
        st.caption("The event in the address is not in this library; this is another.")
    elif asked != chosen:
        st.query_params["event"] = chosen
    return events[chosen]


def _label(event: Event) -> str:
    parts = (
        span_text(event.start, event.end),
        _count(len(event.sources), "source"),
        event.title or "untitled",
        _count(len(event.languages), "language"),
    )
    return " · ".join(part for part in parts if part)


def _headline(event: Event, data: dict[str, Any]) -> str:
    parts = (
        span_text(event.start, event.end),
        _count(len(event.articles), "article"),
        _count(len(data["columns"]), "source"),
        _count(len(event.languages), "language"),
    )
    notices = [
        (f"{one} publishes one text twice" if one == other else f"{one} and {other} publish one text")
        + "; its sentences are aligned in their order."
        for one, other in data["translations"]
    ]
    if any(column["demo"] for column in data["columns"]):
        notices.append(
            "Demo texts were written for this project from public facts; they are not by the outlets."
        )
    shown = "".join(f"<p class='notice'>{escape(notice)}</p>" for notice in notices)
    return (
        f"<div class='headline'><h1 dir='auto'>{escape(event.title or 'Untitled event')}</h1>"
        f"<p>{escape(' · '.join(part for part in parts if part))}</p>{shown}</div>"
    )


def _panel(title: str, text: str) -> None:
    """What is the matter and the command that mends it: what stands in ``text`` after its last colon."""
    said, _, command = text.rpartition(": crosslingual ")
    mend = (
        f"<p>{escape(said)}:</p><pre>crosslingual {escape(command)}</pre>"
        if said
        else f"<p>{escape(text)}</p>"
    )
    st.html(f"<div class='panel'><h1>{escape(title)}</h1>{mend}{_DEMO}</div>")


_DEMO = "<p>Or look at the demo corpus, three events told by seven or eight sources:</p><pre>make app</pre>"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
