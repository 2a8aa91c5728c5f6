"""The citation graph of an event or a library, with what the browser shows of its sentences."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from crosslingual.citations.reading import read_citation_graph
from crosslingual.citations.values import Citation, CitationGraph
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.language.codes import language_name
from crosslingual.report.sentences import PageSentence, make_page_sentence
from crosslingual.sources import web_link
from crosslingual.types import Cell, Comparison, Translation
from crosslingual.ui.article_scope import ArticleScope
from crosslingual.ui.duplicates_toggle import find_library_duplicates
from crosslingual.ui.event_context import CacheKey, LibraryContext
from crosslingual.ui.serialize import format_date


class GraphContext:
    """What the tables are made from: ``graph`` of ``scope``, the event's ``comparison`` if there is one."""

    def __init__(
        self,
        context: LibraryContext,
        scope: ArticleScope,
        graph: CitationGraph,
        comparison: Comparison | None,
    ) -> None:
        self.scope, self.graph, self.comparison = scope, graph, comparison
        self.target_lang = context.key.target_lang
        self.names = scope.names
        self._library = context.library
        self._engines = context.key.engines
        self._translations: dict[tuple[str, str], Translation] = {}
        self.articles = {
            id_: {
                "source": self.names.get(entry.source, entry.source),
                "country": scope.sources[entry.source].country.upper()
                if entry.source in scope.sources
                else "",
                "lang": entry.lang,
                "language": language_name(entry.lang, self.target_lang),
                "title": entry.title,
                "date": format_date(entry.date) if entry.date else "no date",
                "url": web_link(entry.url),
            }
            for id_, entry in scope.entries.items()
        }

    def load_translations(self, citations: Iterable[Citation]) -> None:
        """Look up what is known of the sentences of ``citations`` in the reader's language."""
        self._translations |= self._library.memory.find_best_of_all(
            ((one.text, one.lang) for one in citations), self.target_lang, self._engines
        )

    def citation_sentence(self, citation: Citation) -> PageSentence:
        """The sentence of ``citation`` with the outlet's name and the words that cite it marked."""
        text = citation.text
        cell = Cell(
            citation.source,
            citation.article,
            citation.sentence,
            start=0,
            end=len(text),
            lang=citation.lang,
            text=text,
            translation=self._translations.get((text, citation.lang)),
        )
        spans = (
            DifferenceSpan(0, citation.start, citation.end, "outlet", ""),
            DifferenceSpan(0, citation.cue_start, citation.cue_end, "cue", ""),
        )
        return make_page_sentence(cell, spans)


def find_graph(context: LibraryContext, scope: ArticleScope, comparison: Comparison | None) -> CitationGraph:
    """Who takes from whom in ``scope``; ``comparison`` is that of its event.

    What was read of an article is kept in the library: a page that is left goes on where it was.
    """
    duplicates = find_library_duplicates(context)
    kept = _graph_cache(context.key, scope.event.id if scope.event else "", len(duplicates))
    if not kept:
        bar = st.empty()

        def report(done: int, total: int) -> None:
            bar.progress(done / max(total, 1), f"Looking for citations: {done:,} of {total:,} articles read")

        kept.append(
            read_citation_graph(
                context.library,
                list(scope.entries.values()),
                duplicates,
                comparison.statements if comparison else (),
                report,
            )
        )
        bar.empty()
    return kept[0]


@st.cache_resource(max_entries=8, show_spinner=False)
def _graph_cache(key: CacheKey, event_id: str, n_duplicates: int) -> list[CitationGraph]:  # noqa: ARG001  # what the cache goes by
    # Not what is found: a cached function cannot move a bar that stands outside of it.
    return []
