"""The Framing page: one section at a time, of the event that Compare shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import streamlit as st

from crosslingual.frame import Framing
from crosslingual.types import Comparison
from crosslingual.ui import scene
from crosslingual.ui.framing.axes import axes
from crosslingual.ui.framing.differences import differences
from crosslingual.ui.framing.frames import frames
from crosslingual.ui.framing.grid import Grid, Note, Part, Plot, draw_grid, grid_object
from crosslingual.ui.framing.lexicon import ACROSS, ORIGINAL, WHERE, lexicon
from crosslingual.ui.framing.overview import overview
from crosslingual.ui.framing.quotes import quotes
from crosslingual.ui.framing.reporting import offer
from crosslingual.ui.framing.silences import silences
from crosslingual.ui.framing.telling import Telling
from crosslingual.ui.measured import measured
from crosslingual.ui.scene import Key, Scene

SECTION = "framing.section"
SOURCE = "framing.source"
WHERE_KEY = "framing.where"

Build = Callable[[Telling], Iterator[Part]]
PLAIN: dict[str, Build] = {
    "Overview": overview,
    "Silences": silences,
    "Differences": differences,
    "Quotations": quotes,
    "Axes": axes,
    "Policy frames": frames,
}
LEXICON = "Lexicon"
SECTIONS = ("Overview", "Silences", "Differences", "Quotations", LEXICON, "Axes", "Policy frames")


def page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    scene.page(_page)


def _page(now: Scene) -> None:
    comparison = now.comparison()
    now.title(comparison)
    choice, report = st.columns([30, 10], vertical_alignment="center", gap="small")
    with choice:
        section = st.segmented_control(
            "Section", SECTIONS, default=SECTIONS[0], key=SECTION, label_visibility="collapsed", required=True
        )
    framing = measured(now, comparison, bar=True)
    with report:
        offer(now, comparison, framing)
    key = now.now
    if section == LEXICON:
        source, where = _pick_words(_telling(key, now.event.id, comparison, framing))
        parts = _lexicon(key, now.event.id, source, where, comparison, framing)
    else:
        parts = _parts(key, now.event.id, str(section), comparison, framing)
    for part, data in parts:
        _draw(part, data)


def _pick_words(telling: Telling) -> tuple[str, str]:
    names = telling.names
    if st.session_state.get(SOURCE) not in names:
        st.session_state[SOURCE] = next(iter(names))
    left, right = st.columns([28, 12], gap="small")
    with left:
        source = st.selectbox("Source", list(names), format_func=lambda id_: names[id_], key=SOURCE)
    if st.session_state.get(WHERE_KEY) not in WHERE:
        found = telling.framing.lexicon.original
        st.session_state[WHERE_KEY] = ORIGINAL if found else ACROSS
    with right:
        where = st.segmented_control("Counted", WHERE, key=WHERE_KEY, required=True)
    return str(source), str(where)


Drawn = list[tuple[Part, "dict[str, object] | None"]]


@st.cache_resource(max_entries=4, show_spinner=False)
def _telling(key: Key, event_id: str, _comparison: Comparison, _framing: Framing) -> Telling:  # noqa: ARG001
    return Telling(_comparison, _framing, key.reader)


@st.cache_resource(max_entries=24, show_spinner="Laying out …")
def _parts(key: Key, event_id: str, section: str, _comparison: Comparison, _framing: Framing) -> Drawn:
    return _made(PLAIN[section], _telling(key, event_id, _comparison, _framing))


@st.cache_resource(max_entries=24, show_spinner="Laying out …")
def _lexicon(
    key: Key, event_id: str, source: str, where: str, _comparison: Comparison, _framing: Framing
) -> Drawn:
    return _made(
        lambda telling: lexicon(telling, source, where), _telling(key, event_id, _comparison, _framing)
    )


def _made(build: Build, telling: Telling) -> Drawn:
    return [(part, grid_object(part, telling) if isinstance(part, Grid) else None) for part in build(telling)]


def _draw(part: Part, data: dict[str, object] | None) -> None:
    match part:
        case Note(text, weak):
            st.html(f"<p class='framing-note{' weak' if weak else ''}'>{escape(text)}</p>")
        case Plot(name, title, note, chart):
            st.html(f"<p class='framing-plot'><b dir='auto'>{escape(title)}</b> {escape(note)}</p>")
            told = f"{title} {note} The same figures are in the table below."
            st.altair_chart(chart, theme=None, width="content", alt=told, key=f"framing.plot.{name}")
        case Grid(name):
            assert data is not None  # noqa: S101  # a grid is never without
            draw_grid(name, data)
