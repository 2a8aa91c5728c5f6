"""The articles that are counted, as a stream: no more than some hundreds are in memory at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from crosslingual.library import ArticleEntry, Library
from crosslingual.search.query import Filters
from crosslingual.types import Event, Sentence, Source, Translation

_BATCH_ARTICLES = 200


@dataclass(frozen=True, slots=True)
class CountedSentence:
    """A ``sentence`` with the ``text`` of it that is counted, in ``lang``: its own, or a translation of it."""

    entry: ArticleEntry
    sentence: Sentence
    text: str
    lang: str
    is_translated: bool = False


CountedArticle = tuple[ArticleEntry, Sequence[CountedSentence]]
"""An article with its sentences; those without a translation into the language that is read are left out."""


def select_entries(library: Library, filters: Filters, event: Event | None = None) -> list[ArticleEntry]:
    """The articles that ``filters`` let through, of ``event`` where one is given, in the order they came in."""
    if event:
        filters = replace(filters, articles=frozenset(event.articles))
    sources = {source.id: source for source in library.stored_sources()}

    @cache
    def is_admitted(source: str) -> bool:
        return filters.admits_source(sources.get(source) or Source(source, source))

    return [
        entry
        for entry in library.lookup.article_entries()
        if filters.admits_lang(entry.lang)
        and is_admitted(entry.source)
        and filters.admits_day(entry.date[:10])
        and (filters.articles is None or entry.article in filters.articles)
    ]


def stream_articles(
    library: Library,
    entries: Sequence[ArticleEntry],
    *,
    read_lang: str = "",
    engine_priority: Sequence[str] = (),
) -> Iterator[CountedArticle]:
    """The articles of ``entries`` with their sentences, in their order.

    With ``read_lang`` the sentences are as they stand in that language: their own text if it is in it, else what is
    known of a translation; what has none is not counted.
    """
    for start in range(0, len(entries), _BATCH_ARTICLES):
        batch = entries[start : start + _BATCH_ARTICLES]
        stored = library.load_sentences([entry.article for entry in batch])
        made: Mapping[tuple[str, str], Translation] = {}
        if read_lang:
            texts = (
                (sentence.text, sentence.lang or entry.lang)
                for entry in batch
                for sentence in stored.get(entry.article, ())
            )
            made = library.memory.find_best_of_all(texts, read_lang, engine_priority)
        for entry in batch:
            counted = []
            for sentence in stored.get(entry.article, ()):
                lang = sentence.lang or entry.lang
                if not read_lang or lang == read_lang:
                    counted.append(CountedSentence(entry, sentence, sentence.text, lang))
                elif translation := made.get((sentence.text, lang)):
                    counted.append(
                        CountedSentence(entry, sentence, translation.text, read_lang, is_translated=True)
                    )
            yield entry, counted
