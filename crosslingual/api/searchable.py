"""Searching the sentences of a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosslingual.api.events import EventLibrary
from crosslingual.api.opened import OneOrMany, list_values
from crosslingual.errors import InputError
from crosslingual.types import Event

if TYPE_CHECKING:
    from crosslingual.api.results import SearchResults
    from crosslingual.library import SentenceKey
    from crosslingual.search import EncodedQuery, Filters


class SearchableLibrary(EventLibrary):
    """An open library whose sentences are searched."""

    def search(
        self,
        query: str | None = None,
        *,
        like: SentenceKey | None = None,
        lang: OneOrMany = (),
        source: OneOrMany = (),
        country: OneOrMany = (),
        ownership: OneOrMany = (),
        since: str = "",
        until: str = "",
        event: Event | str | None = None,
        limit: int = 20,
    ) -> SearchResults:
        """The sentences that say what ``query`` says, or have its words, best first.

        All filters must hold; of one with several values, any.

        Args:
            query: a sentence or a few words in any language.
            like: instead of it a stored sentence, as ``(article id, sentence index)``.
            lang: ISO 639-1 codes of the articles' languages.
            source: ids of sources.
            country: ISO 3166 codes of the sources' countries.
            ownership: state, public, private or unknown.
            since: the first day, ISO 8601.
            until: the last day, ISO 8601.
            event: only its articles.
            limit: how many hits at most.

        Raises:
            InputError: there is no query, it has no words, a day is none, the days are the wrong way round, or
                ``limit`` is less than 1.
            NotFoundError: the library has nothing in this language, of this source or country, or no such
                event or sentence.
        """
        from crosslingual.search import Filters

        query_or_key: str | SentenceKey | None = query if like is None else like
        if query_or_key is None or (query is not None and like is not None):
            raise InputError("give a query, or like=(article, sentence), and not both")
        if limit < 1:
            raise InputError(f"limit {limit}: give 1 or more")
        filters = Filters(
            frozenset(code.lower() for code in list_values(lang)),
            frozenset(list_values(source)),
            frozenset(code.upper() for code in list_values(country)),
            frozenset(list_values(ownership)),
            since,
            until,
        )
        return self.search_filtered(query_or_key, filters, event=event, limit=limit)

    def search_filtered(
        self,
        query_or_key: str | SentenceKey,
        filters: Filters,
        *,
        event: Event | str | None = None,
        limit: int = 20,
        strict: bool = True,
    ) -> SearchResults:
        """As :meth:`search`, with its filters in one; unless ``strict``, they may name what is not there."""
        from dataclasses import replace

        from crosslingual.api.results import SearchResults
        from crosslingual.search import search_sentences
        from crosslingual.search.availability import check_filters

        if strict:
            check_filters(self.store, filters)
        query = self.retry_with_vectors(lambda: self._encode_query(query_or_key))
        if event:
            filters = replace(filters, articles=frozenset(self.event(event).articles))

        def run_search() -> SearchResults:
            self._update_index()
            results = search_sentences(
                self.store,
                self.index,
                self.space,
                query,
                filters=filters,
                limit=limit,
                target_lang=self.settings.target_lang,
                engine_priority=self.settings.engine_priority,
            )
            return SearchResults.from_results(results, self.store.stored_sources(), self.space.model)

        return self.retry_with_vectors(run_search)

    def _encode_query(self, query_or_key: str | SentenceKey) -> EncodedQuery:
        from crosslingual.search import encode_query, load_query, parse_query

        if isinstance(query_or_key, str):
            return encode_query(parse_query(query_or_key), self.query_encoder, self.space)
        return load_query(self.store, self.space, query_or_key)
