"""Where to look: the page's filters, which its address keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from crosslingual.language.codes import country_name, language_name
from crosslingual.search import Filters
from crosslingual.search.query import LONGEST
from crosslingual.types import Event
from crosslingual.ui.add.shown import label
from crosslingual.ui.scene import event_label
from crosslingual.ui.search.finding import Known
from crosslingual.ui.search.wish import Wish

SOURCES, COUNTRIES, OWNERSHIPS, LANGS = (
    "search.sources",
    "search.countries",
    "search.ownerships",
    "search.langs",
)
SINCE, UNTIL, EVENT, PHRASE = "search.since", "search.until", "search.event", "search.phrase"
_LABEL = 60  # characters
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)


def fitting(wish: Wish, known: Known, events: dict[str, Event]) -> tuple[Wish, list[str]]:
    """The wish without what this library has not got, and what that was."""
    offered = {
        "sources": frozenset(known.sources),
        "countries": frozenset(known.countries),
        "ownerships": frozenset(known.ownerships),
        "langs": frozenset(known.langs),
    }
    kept = {name: getattr(wish.filters, name) & values for name, values in offered.items()}
    lost = [one for name in offered for one in sorted(getattr(wish.filters, name) - kept[name])]
    if wish.event and wish.event not in events:
        lost.append(wish.event)
        wish = replace(wish, event="")
    return replace(wish, filters=replace(wish.filters, **kept)), lost


def set_filters(wish: Wish) -> None:
    """Have the fields say what the wish does; before they are drawn."""
    state = st.session_state
    filters = wish.filters
    state[SOURCES], state[COUNTRIES] = sorted(filters.sources), sorted(filters.countries)
    state[OWNERSHIPS], state[LANGS] = sorted(filters.ownerships), sorted(filters.langs)
    state[SINCE], state[UNTIL] = _day(filters.since), _day(filters.until)
    state[EVENT] = wish.event or None
    state[PHRASE] = filters.phrase


def draw_filters(known: Known, events: dict[str, Event], reader: str) -> None:
    """Draw the button that opens the fields."""
    with st.popover("Filters", width="content"):
        _several("Source", list(known.sources), known.names.__getitem__, SOURCES)
        left, right = st.columns(2, gap="small")
        with left:
            _several("Country", known.countries, lambda code: country_name(code, reader), COUNTRIES)
            _several("Ownership", known.ownerships, str, OWNERSHIPS)
            st.date_input("From", None, _EARLIEST, _LATEST, key=SINCE, format="YYYY-MM-DD")
        with right:
            _several("Language", known.langs, lambda code: language_name(code, reader), LANGS)
            st.selectbox(
                "Event",
                list(events),
                index=None,
                format_func=lambda id_: event_label(events[id_]),
                key=EVENT,
                placeholder="any",
            )
            st.date_input("To", None, _EARLIEST, _LATEST, key=UNTIL, format="YYYY-MM-DD")
        st.text_input(
            "Exact phrase",
            key=PHRASE,
            max_chars=LONGEST,
            placeholder="has to occur as it is",
            help="Only sentences with these very words; case and white space do not count.",
        )


def read_filters() -> tuple[Filters, str]:
    """What the fields say, and the event."""
    state = st.session_state
    since, until = state.get(SINCE), state.get(UNTIL)
    filters = Filters(
        frozenset(state.get(LANGS) or ()),
        frozenset(state.get(SOURCES) or ()),
        frozenset(state.get(COUNTRIES) or ()),
        frozenset(state.get(OWNERSHIPS) or ()),
        since.isoformat() if since else "",
        until.isoformat() if until else "",
        phrase=" ".join(str(state.get(PHRASE) or "").split()),
    )
    return filters, state.get(EVENT) or ""


def _several(label: str, options: Sequence[str], name: Callable[[str], str], key: str) -> None:
    st.multiselect(label, options, format_func=name, key=key, placeholder="all")


def chips(wish: Wish, known: Known, events: dict[str, Event], reader: str) -> Iterator[tuple[str, Wish]]:
    """The filters that are set, each as a person says it, with the wish without it."""
    filters = wish.filters

    def without(**fewer: object) -> Wish:
        return replace(wish, filters=replace(filters, **fewer), saved="")  # type: ignore[arg-type]  # its own

    for one in sorted(filters.sources):
        yield known.names.get(one, one), without(sources=filters.sources - {one})
    for one in sorted(filters.countries):
        yield country_name(one, reader), without(countries=filters.countries - {one})
    for one in sorted(filters.ownerships):
        yield one, without(ownerships=filters.ownerships - {one})
    for one in sorted(filters.langs):
        yield language_name(one, reader), without(langs=filters.langs - {one})
    if filters.since:
        yield f"from {filters.since}", without(since="")
    if filters.until:
        yield f"to {filters.until}", without(until="")
    if filters.phrase:
        yield f"exact phrase “{filters.phrase}”", without(phrase="")
    if wish.event:
        title = events[wish.event].title if wish.event in events else wish.event
        yield f"event “{title}”", replace(wish, event="", saved="")


def in_words(wish: Wish, known: Known, events: dict[str, Event], reader: str) -> Iterator[str]:
    """The filters that are set, each as a person says it."""
    return (text for text, _ in chips(wish, known, events, reader))


def short_label(text: str) -> str:
    """``text`` for a button, cut where it is long; no mark in it counts."""
    return label(text if len(text) <= _LABEL else f"{text[: _LABEL - 1].rstrip()}…")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
