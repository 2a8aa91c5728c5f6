"""Where to look: the page's filters, which its address keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from crosslingual.language.codes import country_name, language_name
from crosslingual.search import Filters
from crosslingual.search.query import MAX_QUERY_CHARS
from crosslingual.types import Event
from crosslingual.ui.add.widgets import escape_markdown
from crosslingual.ui.event_labels import label_events, offer_events
from crosslingual.ui.event_picker import EventsById
from crosslingual.ui.search.search_state import SearchRequest
from crosslingual.ui.search.service import FilterOptions

SOURCES_KEY, COUNTRIES_KEY, OWNERSHIPS_KEY, LANGS_KEY = (
    "search.sources",
    "search.countries",
    "search.ownerships",
    "search.langs",
)
SINCE_KEY, UNTIL_KEY, EVENT_KEY, PHRASE_KEY = "search.since", "search.until", "search.event", "search.phrase"
_MAX_LABEL_CHARS = 60  # characters
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)


def drop_unknown_filters(
    request: SearchRequest, options: FilterOptions, events: dict[str, Event]
) -> tuple[SearchRequest, list[str]]:
    """The wish without what this library has not got, and what that was."""
    offered = {
        "sources": frozenset(options.sources),
        "countries": frozenset(options.countries),
        "ownerships": frozenset(options.ownerships),
        "langs": frozenset(options.langs),
    }
    kept = {name: getattr(request.filters, name) & values for name, values in offered.items()}
    lost = [one for name in offered for one in sorted(getattr(request.filters, name) - kept[name])]
    if isinstance(events, EventsById):
        request = replace(request, event=events.current_id(request.event))
    if request.event and request.event not in events:
        lost.append(request.event)
        request = replace(request, event="")
    return replace(request, filters=replace(request.filters, **kept)), lost


def write_filter_fields(request: SearchRequest) -> None:
    """Have the fields say what the wish does; before they are drawn."""
    state = st.session_state
    filters = request.filters
    state[SOURCES_KEY], state[COUNTRIES_KEY] = sorted(filters.sources), sorted(filters.countries)
    state[OWNERSHIPS_KEY], state[LANGS_KEY] = sorted(filters.ownerships), sorted(filters.langs)
    state[SINCE_KEY], state[UNTIL_KEY] = _parse_date(filters.since), _parse_date(filters.until)
    state[EVENT_KEY] = request.event or None
    state[PHRASE_KEY] = filters.phrase


def render_filters(options: FilterOptions, events: dict[str, Event], target_lang: str) -> None:
    """Draw the button that opens the fields."""
    with st.popover("Filters", width="content"):
        _render_multiselect("Source", list(options.sources), options.names.__getitem__, SOURCES_KEY)
        left, right = st.columns(2, gap="small")
        with left:
            _render_multiselect(
                "Country", options.countries, lambda code: country_name(code, target_lang), COUNTRIES_KEY
            )
            _render_multiselect("Ownership", options.ownerships, str, OWNERSHIPS_KEY)
            st.date_input("From", None, _EARLIEST, _LATEST, key=SINCE_KEY, format="YYYY-MM-DD")
        with right:
            _render_multiselect(
                "Language", options.langs, lambda code: language_name(code, target_lang), LANGS_KEY
            )
            offered = offer_events(events, st.session_state.get(EVENT_KEY))
            st.selectbox(
                "Event",
                list(offered),
                index=None,
                format_func=label_events(offered.values()).__getitem__,
                key=EVENT_KEY,
                placeholder="any",
            )
            st.date_input("To", None, _EARLIEST, _LATEST, key=UNTIL_KEY, format="YYYY-MM-DD")
        st.text_input(
            "Exact phrase",
            key=PHRASE_KEY,
            max_chars=MAX_QUERY_CHARS,
            placeholder="has to occur as it is",
            help="Only sentences with these very words; case and white space do not count.",
        )


def read_filter_fields() -> tuple[Filters, str]:
    """What the fields say, and the event."""
    state = st.session_state
    since, until = state.get(SINCE_KEY), state.get(UNTIL_KEY)
    filters = Filters(
        frozenset(state.get(LANGS_KEY) or ()),
        frozenset(state.get(SOURCES_KEY) or ()),
        frozenset(state.get(COUNTRIES_KEY) or ()),
        frozenset(state.get(OWNERSHIPS_KEY) or ()),
        since.isoformat() if since else "",
        until.isoformat() if until else "",
        phrase=" ".join(str(state.get(PHRASE_KEY) or "").split()),
    )
    return filters, state.get(EVENT_KEY) or ""


def _render_multiselect(
    label: str, options: Sequence[str], format_option: Callable[[str], str], key: str
) -> None:
    st.multiselect(label, options, format_func=format_option, key=key, placeholder="all")


def filter_chips(
    request: SearchRequest, options: FilterOptions, events: dict[str, Event], target_lang: str
) -> Iterator[tuple[str, SearchRequest]]:
    """The filters that are set, each as a person says it, with the wish without it."""
    filters = request.filters

    def without_filter(**fewer: object) -> SearchRequest:
        return replace(request, filters=replace(filters, **fewer), saved_name="")  # type: ignore[arg-type]  # its own

    for one in sorted(filters.sources):
        yield options.names.get(one, one), without_filter(sources=filters.sources - {one})
    for one in sorted(filters.countries):
        yield country_name(one, target_lang), without_filter(countries=filters.countries - {one})
    for one in sorted(filters.ownerships):
        yield one, without_filter(ownerships=filters.ownerships - {one})
    for one in sorted(filters.langs):
        yield language_name(one, target_lang), without_filter(langs=filters.langs - {one})
    if filters.since:
        yield f"from {filters.since}", without_filter(since="")
    if filters.until:
        yield f"to {filters.until}", without_filter(until="")
    if filters.phrase:
        yield f"exact phrase “{filters.phrase}”", without_filter(phrase="")
    if request.event:
        title = events[request.event].title if request.event in events else request.event
        yield f"event “{title}”", replace(request, event="", saved_name="")


def describe_filters(
    request: SearchRequest, options: FilterOptions, events: dict[str, Event], target_lang: str
) -> Iterator[str]:
    """The filters that are set, each as a person says it."""
    return (text for text, _ in filter_chips(request, options, events, target_lang))


def button_label(text: str) -> str:
    """``text`` for a button, cut where it is long; no mark in it counts."""
    return escape_markdown(
        text if len(text) <= _MAX_LABEL_CHARS else f"{text[: _MAX_LABEL_CHARS - 1].rstrip()}…"
    )


def _parse_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
