"""The page's counts: each made once for a library as it is, and kept while it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from crosslingual.align.space import load_article_encoder
from crosslingual.compare.comparison import kept_comparison_finder
from crosslingual.compare.pair_cache import kept_comparisons_state
from crosslingual.corpus.axes import AxisPositions, load_sentence_vectors, place_articles
from crosslingual.corpus.collocations import Collocations, find_collocations
from crosslingual.corpus.concordance import Concordance, LineOrder, build_concordance
from crosslingual.corpus.counterparts import Beside, find_beside
from crosslingual.corpus.dictionary import CategoryCounts, Dictionary, count_dictionary
from crosslingual.corpus.keyness import Keyness, compare_frequencies, separate_sides
from crosslingual.corpus.scope import select_entries, stream_articles
from crosslingual.corpus.silences import LeftOut, MonthTable, count_silences, find_left_out
from crosslingual.corpus.word_query import parse_word_query
from crosslingual.embeddings.article_encoder import retry_with_vectors
from crosslingual.framing.axes import load_axis_model
from crosslingual.framing.own_axes import OwnAxes, fit_own_axes, parse_own_axes
from crosslingual.library import ArticleEntry, SentenceKey
from crosslingual.model_store import load_query_encoder
from crosslingual.search.query import Filters
from crosslingual.types import Comparison, Event
from crosslingual.ui.corpus.request import CorpusRequest
from crosslingual.ui.event_context import CacheKey, LibraryContext

MAX_SHOWN_LINES = 200
MAX_SHOWN_WORDS = 40
MAX_EXPORTED_LINES = 20_000
"""Lines of the file that can be taken away."""
_SPINNER = "Counting: every sentence is read …"


def load_concordance(
    context: LibraryContext, wish: CorpusRequest, limit: int = MAX_SHOWN_LINES
) -> tuple[Concordance, Mapping[SentenceKey, Beside]]:
    """Where the words stand, with what stands beside the lines.

    Raises:
        InputError: the query cannot be read.
    """
    where, compared = (wish.filters, wish.event), kept_comparisons_state(context.library)
    return _load_concordance(context.key, wish.text, wish.order, where, limit, compared, context)


@st.cache_resource(max_entries=8, show_spinner=_SPINNER)
def _load_concordance(
    key: CacheKey,
    text: str,
    order: LineOrder,
    where: tuple[Filters, str],
    limit: int,
    compared: str,  # noqa: ARG001  # what the cache goes by
    _context: LibraryContext,
) -> tuple[Concordance, Mapping[SentenceKey, Beside]]:
    query = parse_word_query(text)
    entries = _select(_context, *where)
    found = build_concordance(query, stream_articles(_context.library, entries), order=order, limit=limit)
    beside = find_beside(
        _context.library,
        found.lines,
        _context.events_by_id().values(),
        _comparison_finder(_context),
        target_lang=key.target_lang,
        engine_priority=key.engines,
    )
    return found, beside


@st.cache_resource(max_entries=8, show_spinner=_SPINNER)
def load_collocations(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    text: str,
    where: tuple[Filters, str],
    _context: LibraryContext,
) -> Collocations:
    """What stands beside the words; errors as of ``load_concordance``."""
    entries = _select(_context, *where)
    return find_collocations(
        parse_word_query(text), stream_articles(_context.library, entries), limit=MAX_SHOWN_WORDS
    )


@st.cache_resource(max_entries=8, show_spinner=_SPINNER)
def load_keyness(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    where: tuple[Filters, str],
    against: frozenset[str],
    _context: LibraryContext,
) -> Keyness:
    """The key words of what the filters choose, against some sources or all other articles.

    Raises:
        InputError: nothing is left on one of the sides.
    """
    target, reference = separate_sides(
        _select(_context, *where), select_entries(_context.library, Filters(sources=against))
    )
    return compare_frequencies(
        stream_articles(_context.library, target),
        stream_articles(_context.library, reference),
        limit=MAX_SHOWN_WORDS // 2,
    )


@st.cache_resource(max_entries=4, show_spinner=_SPINNER)
def load_dictionary_counts(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    dictionary: tuple[tuple[str, tuple[str, ...]], ...],
    where: tuple[Filters, str],
    _context: LibraryContext,
) -> list[CategoryCounts]:
    """How often the words of an own dictionary stand in each source."""
    words: Dictionary = dict(dictionary)
    return count_dictionary(words, stream_articles(_context.library, _select(_context, *where)))


@st.cache_resource(max_entries=4, show_spinner=_SPINNER)
def load_axis_positions(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    axes: bytes,
    name: str,
    where: tuple[Filters, str],
    _context: LibraryContext,
) -> tuple[OwnAxes, AxisPositions]:
    """How well the axes of a file tell their poles apart, and where the sources stand on them.

    Raises:
        InputError: the file holds no axes.
        ModelError: the encoder cannot be loaded.
    """
    given = parse_own_axes(axes, name)
    settings, space, library = _context.settings, _context.space, _context.library
    encode = load_query_encoder(settings.encoder, settings.home).encode
    own = fit_own_axes(given, space, encode, load_axis_model(space, settings.home, encode))
    entries = _select(_context, *where)
    load = partial(load_sentence_vectors, library, space)
    positions = retry_with_vectors(
        library,
        lambda: load_article_encoder(settings.encoder, settings.home),
        lambda: place_articles(own.model, stream_articles(library, entries), load),
        [entry.article for entry in entries],
    )
    return own, positions


def load_silences(context: LibraryContext, wish: CorpusRequest) -> MonthTable:
    """What each source tells and leaves out by month, of the events on the days and the one event that are chosen.

    Sources and languages choose no events: each source would tell all of its own.
    """
    compared = kept_comparisons_state(context.library)
    return _load_silences(context.key, _silence_filters(wish), compared, context)


def select_silent_events(context: LibraryContext, wish: CorpusRequest) -> list[Event]:
    """The events that silences are counted of."""
    return _select_events(context, *_silence_filters(wish))


def _silence_filters(wish: CorpusRequest) -> tuple[Filters, str]:
    return replace(wish.filters, sources=frozenset(), langs=frozenset()), wish.event


@st.cache_resource(max_entries=4, show_spinner="Reading what was compared …")
def _load_silences(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    where: tuple[Filters, str],
    compared: str,  # noqa: ARG001  # as above
    _context: LibraryContext,
) -> MonthTable:
    return count_silences(_select_events(_context, *where), _comparison_finder(_context))


def load_left_out(context: LibraryContext, event: Event, source: str) -> tuple[LeftOut, ...] | None:
    """What a source leaves out of an event that it tells; None where that was not compared."""
    if source not in event.sources:
        return None
    compared = kept_comparisons_state(context.library)
    return _load_left_out(context.key, event.id, source, compared, context)


@st.cache_resource(max_entries=32, show_spinner="Reading what was compared …")
def _load_left_out(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    event_id: str,
    source: str,
    compared: str,  # noqa: ARG001  # as above
    _context: LibraryContext,
) -> tuple[LeftOut, ...] | None:
    comparison = _comparison_finder(_context)(_context.events_by_id()[event_id])
    return None if comparison is None else tuple(find_left_out(comparison, source))


def _comparison_finder(context: LibraryContext) -> Callable[[Event], Comparison | None]:
    key = context.key
    return kept_comparison_finder(
        context.library, context.space, target_lang=key.target_lang, engines=key.engines
    )


def _select(context: LibraryContext, filters: Filters, event: str) -> list[ArticleEntry]:
    return select_entries(context.library, filters, context.events_by_id()[event] if event else None)


def _select_events(context: LibraryContext, filters: Filters, event: str) -> list[Event]:
    """Events with an article that the filters let through."""
    ids = {entry.article for entry in _select(context, filters, event)}
    return [one for one in context.events_by_id().values() if ids.intersection(one.articles)]
