"""The Compare page: one event, its sources, its statements, its articles side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from crosslingual.library import Library
from crosslingual.translate.engine import Engine
from crosslingual.types import Comparison, Copy, Event
from crosslingual.ui import reading, scene, translations
from crosslingual.ui.answers import answer
from crosslingual.ui.copied import counted_once, tell
from crosslingual.ui.measured import measured
from crosslingual.ui.payload import marks, payload
from crosslingual.ui.scene import Key, Scene

SCRIPTS = (
    "dom.js",
    "marks.js",
    "model.js",
    "address.js",
    "groups.js",
    "lines.js",
    "list.js",
    "translation.js",
    "detail.js",
    "tellers.js",
    "table.js",
    "parallel.js",
    "hand.js",
    "matrix.js",
    "about.js",
    "tools.js",
    "compare.js",
)
COMPONENT = "compare.comparison"
MARKS = "compare.marks"
ASKED = "compare.asked"
"""What the browser asked for and the page has not done yet."""
SAID = "compare.said"
"""What came of the last thing asked for."""


def page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    scene.page(_page)


def _page(now: Scene) -> None:
    settings, library, event = now.settings, now.library, now.event
    engines, broken = reading.translators(settings)
    ways = reading.ways(engines, event, now.reader)
    if asked := st.session_state.pop(ASKED, None):
        seen = _shown(now.key, event, ways)
        st.session_state[SAID] = answer(asked, library, event, now.reader, seen=seen)
    comparison = now.comparison()
    key = now.now
    now.title(comparison)
    data = _data(key, event.id, (), comparison)
    st.session_state[translations.DRAWN] = translations.state(key.library)
    situation = translations.Situation(
        settings,
        now.reader,
        event.title,
        event.articles,
        now.space,
        engines,
        ways,
        reading.bare(data),
        _todo(key, event.id, tuple(ways.items()), library, engines, event),
        broken,
    )
    above, table, below = st.container(), st.container(), st.container()
    with above if translations.busy(situation) else below:  # what waits for nobody is not in the way
        translations.strip(situation)
    with above:
        if len(data["columns"]) < 2:
            st.html(
                "<p class='alone'>Only one source tells this event, so there is nothing to compare it with."
                " Add others: <code>crosslingual add PATH</code></p>"
            )
        else:
            data = _switched(key, now, comparison, data)
    data = data | {
        "key": _shown(key, event, ways),
        "said": st.session_state.get(SAID),
        "lacking": {lang: reading.lacking(lang, now.reader) for lang, way in ways.items() if not way},
    }
    with table:
        component = scene.component("compare", ("compare.css", "matrix.css"), SCRIPTS)
        component(data=data, key=COMPONENT, on_correction_change=_ask)


def _switched(key: Key, now: Scene, comparison: Comparison, data: dict[str, Any]) -> dict[str, Any]:
    """What is drawn, as the two switches say: differences marked, copies counted once."""
    with now.options, st.popover("Options", width="stretch"):
        marked = st.toggle(
            "Mark differences",
            key=MARKS,
            bind="query-params",
            help="Numbers, dates, names, negations, verbs of saying and hedges that half or more of the row’s"
            " other sentences lack or have otherwise, and words that none of them has. Marked in the"
            " originals; the Framing page shows each pair.",
        )
        copies = counted_once(now)
    told = now.comparison(copies) if copies else comparison
    tell(told)
    if copies:
        data = _data(key, now.event.id, copies, told)
    return data | {"marks": marks(measured(now, comparison).differences, told)} if marked else data


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


@st.cache_data(max_entries=16, show_spinner=False)
def _data(
    key: Key,
    event_id: str,  # noqa: ARG001
    copies: tuple[Copy, ...],  # noqa: ARG001
    _comparison: Comparison,
) -> dict[str, Any]:
    return payload(_comparison, key.reader)
