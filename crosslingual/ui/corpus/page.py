"""The Corpus page: counts over the library, each of which opens to its sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import streamlit as st

from crosslingual.corpus.dictionary import MAX_BYTES, Dictionary, parse_dictionary
from crosslingual.corpus.silences import event_month
from crosslingual.corpus.word_query import MAX_QUERY_CHARS, parse_word_query
from crosslingual.errors import InputError
from crosslingual.formatting import format_count
from crosslingual.framing.own_axes import MAX_BYTES as MAX_AXES_BYTES
from crosslingual.report.axes import position_rows
from crosslingual.report.concordance import concordance_headline, concordance_rows
from crosslingual.report.corpus import dictionary_rows, silence_rows
from crosslingual.report.word_lists import collocation_row, key_word_row
from crosslingual.types import Event
from crosslingual.ui import components, event_context, reading
from crosslingual.ui.corpus import counting, serialize
from crosslingual.ui.corpus.fields import begin_request, describe_filters, render_fields
from crosslingual.ui.corpus.request import (
    AXES,
    COLLOCATIONS,
    CONCORDANCE,
    DICTIONARY,
    KEYNESS,
    SILENCES,
    CorpusRequest,
)
from crosslingual.ui.event_context import LibraryContext, with_open_library
from crosslingual.ui.page_parts import render_csv, render_said
from crosslingual.ui.search.service import FilterOptions, load_filter_options

SCRIPTS = ("dom.js", "corpus.js")
STYLES = ("compare.css", "search.css", "entities.css", "corpus.css")
DICTIONARY_KEY = "corpus.dictionary"
"""The own dictionary, kept while the app is open."""
AXES_KEY = "corpus.axes"
"""The content of the file of own axes and its name, kept while the app is open."""
INTROS = {
    CONCORDANCE: "Type words: every place where they stand is counted, with what is left and right of it.",
    COLLOCATIONS: "Type words: what stands beside them more often than by chance, in each language.",
    KEYNESS: "Choose sources, days or an event among the filters: their words are compared with those of all other"
    " articles, or of sources that you choose there.",
    DICTIONARY: "Give a CSV file with the columns category and word: each category is counted in each source. A word is"
    " found in all its forms; * stands for any letters.",
    AXES: "Give a TOML file: for each axis a table [[axis]] with id, high and low, and under [axis.en] and others"
    " the lists high and low, three texts or more each. Sources are placed between the two poles.",
}


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it."""
    event_context.render_library_page(_render_library)


def _render_library(context: LibraryContext) -> None:
    options, events = load_filter_options(context), context.events_by_id()
    wish = begin_request(options, events)
    headline, language = st.columns([38, 7], vertical_alignment="center", gap="small")
    with headline:
        st.html(_headline_html(context, options, len(events)))
    with language:
        reading.pick_target_lang(context.settings)
    wish = render_fields(wish, options, events, context.key.target_lang)
    told = describe_filters(wish, options, events, context.key.target_lang)
    if told:
        st.html(f"<p class='search-said'>Only {escape(told)}</p>")
    draw: Mapping[str, Callable[..., None]] = {
        CONCORDANCE: _render_concordance,
        COLLOCATIONS: _render_collocations,
        KEYNESS: _render_keyness,
        DICTIONARY: _render_dictionary,
        AXES: _render_axes,
        SILENCES: _render_silences,
    }
    try:
        draw[wish.view](context, wish, options, events)
    except InputError as error:
        render_said(f"{error}.", is_error=True)


def _render_concordance(
    context: LibraryContext, wish: CorpusRequest, options: FilterOptions, _events: Mapping[str, Event]
) -> None:
    if not wish.text:
        render_said(INTROS[CONCORDANCE])
        return
    found, beside = counting.load_concordance(context, wish)
    _render_summary(concordance_headline(found))
    if not found.n_hits:
        render_said("No sentence has it. Try fewer words, a * for an ending, or fewer filters.")
        return
    homes = context.events_by_id().ids_by_article
    _draw("lines", serialize.serialize_lines(found, beside, options, homes, context.key.target_lang))
    if found.n_hits > len(found.lines):
        render_said(f"Shown are the first {len(found.lines):,} of {found.n_hits:,} lines.")

    def all_rows(opened: LibraryContext) -> list[dict[str, Any]]:
        every, known = counting.load_concordance(opened, wish, counting.MAX_EXPORTED_LINES)
        return list(concordance_rows(every, known))

    _render_download("concordance", with_open_library(context, all_rows))


def _render_collocations(
    context: LibraryContext, wish: CorpusRequest, _options: FilterOptions, _events: Mapping[str, Event]
) -> None:
    if not wish.text:
        render_said(INTROS[COLLOCATIONS])
        return
    found = counting.load_collocations(context.key, wish.text, (wish.filters, wish.event), context)
    if not found.collocations:
        render_said("No word stands beside it three times and more often than by chance.")
        return
    _draw("words", serialize.serialize_collocations(found, wish, context.key.target_lang))
    _render_download("collocations", lambda: [collocation_row(one) for one in found.collocations])


def _render_keyness(
    context: LibraryContext, wish: CorpusRequest, options: FilterOptions, _events: Mapping[str, Event]
) -> None:
    filters = wish.filters
    if not (filters.sources or filters.langs or filters.since or filters.until or wish.event):
        render_said(INTROS[KEYNESS])
        return
    against = ", ".join(options.names[one] for one in sorted(wish.against)) or "all other articles"
    try:
        found = counting.load_keyness(context.key, (filters, wish.event), wish.against, context)
    except InputError:
        render_said("Nothing is left on one of the two sides. Take some filters away.")
        return
    _render_summary(f"Compared with {against}; each language by itself, from G² 6.63 on")
    _draw("words", serialize.serialize_keyness(found, wish))
    _render_download("key-words", lambda: [key_word_row(word) for word in found.words])


def _render_dictionary(
    context: LibraryContext, wish: CorpusRequest, options: FilterOptions, _events: Mapping[str, Event]
) -> None:
    given = st.file_uploader("Dictionary (CSV)", type=["csv"], key="corpus.file", max_upload_size=2)
    if given is not None:
        st.session_state[DICTIONARY_KEY] = parse_dictionary(given.read(MAX_BYTES + 1), given.name[:60])
    dictionary: Dictionary | None = st.session_state.get(DICTIONARY_KEY)
    if not dictionary:
        render_said(INTROS[DICTIONARY])
        return
    counted = counting.load_dictionary_counts(
        context.key, tuple(dictionary.items()), (wish.filters, wish.event), context
    )
    queries = {category: _category_query(words) for category, words in dictionary.items()}
    _draw("words", serialize.serialize_dictionary(counted, options, queries, wish))
    _render_download("dictionary", lambda: dictionary_rows(counted))


def _render_axes(
    context: LibraryContext, wish: CorpusRequest, options: FilterOptions, _events: Mapping[str, Event]
) -> None:
    given = st.file_uploader("Own axes (TOML)", type=["toml"], key="corpus.axes_file", max_upload_size=1)
    if given is not None:
        st.session_state[AXES_KEY] = given.read(MAX_AXES_BYTES + 1), given.name[:60]
    if AXES_KEY not in st.session_state:
        render_said(INTROS[AXES])
        return
    content, name = st.session_state[AXES_KEY]
    where = (wish.filters, wish.event)
    own, positions = counting.load_axis_positions(context.key, content, name, where, context)
    _draw("words", serialize.serialize_axes(own, positions, options))
    _render_download("own-axes", lambda: position_rows(positions))


def _category_query(words: tuple[str, ...]) -> str:
    """What finds the words of a category in the concordance; empty where they are too many for a query."""
    query = " OR ".join(words)
    try:
        return parse_word_query(query).text if len(query) <= MAX_QUERY_CHARS else ""
    except InputError:
        return ""


def _render_silences(
    context: LibraryContext, wish: CorpusRequest, options: FilterOptions, events: Mapping[str, Event]
) -> None:
    if not events:
        render_said("No two articles are on one happening: there is no event to keep silent about.")
        return
    if wish.month and wish.who in options.sources:
        _render_one_silence(context, wish, options)
        return
    table = counting.load_silences(context, wish)
    compared = sum(own.n_compared > 0 for month in table.values() for own in month.values())
    told = "Of events that a source tells: statements of two other sources or more that were not found in it."
    if not compared:
        told += " Nothing was compared yet: open events on the Compare page, and they are counted here."
    _render_summary(told)
    _draw("words", serialize.serialize_silences(table, options, wish))
    _render_download("silences", lambda: silence_rows(table))


def _render_one_silence(context: LibraryContext, wish: CorpusRequest, options: FilterOptions) -> None:
    events = counting.select_silent_events(context, wish)
    own = [event for event in events if (event_month(event) or serialize.NO_DATE) == wish.month]
    told = [(event, counting.load_left_out(context, event, wish.who)) for event in own]
    _draw("silence", serialize.serialize_left_out(told, wish.who, options, wish))


def _draw(name: str, data: dict[str, Any]) -> None:
    components.draw_component("corpus", STYLES, SCRIPTS, data | {"show": name}, f"corpus.{name}")


def _render_download(name: str, make_rows: Callable[[], list[dict[str, Any]]]) -> None:
    render_csv(f"{name}.csv", f"corpus.{name}.csv", make_rows, "All of it as a table")


def _render_summary(text: str) -> None:
    st.html(f"<p class='search-summary' role='status'>{escape(text)}</p>")


def _headline_html(context: LibraryContext, options: FilterOptions, n_events: int) -> str:
    parts = (
        format_count(len(context.library.article_ids()), "article"),
        format_count(len(options.sources), "source"),
        format_count(options.n_sentences, "sentence"),
        format_count(n_events, "event"),
    )
    told = f"{' · '.join(parts)} · titles are not counted beside a text"
    return f"<div class='headline'><h1>Counting over the library</h1><p>{escape(told)}</p></div>"
