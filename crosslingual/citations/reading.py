"""The citations in the articles of a library: found once, then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crosslingual.citations.graph import build_citation_graph
from crosslingual.citations.outlet_sources import OutletSources
from crosslingual.citations.values import Citation, CitationGraph
from crosslingual.framing.cells import statements_by_sentence
from crosslingual.language.citation_rules import RULES_PATH
from crosslingual.language.citing import CitedOutlet, find_cited_outlets
from crosslingual.language.national_media import national_media_label
from crosslingual.language.outlets import OUTLETS_PATH
from crosslingual.language.speech_verbs import SPEECH_PATH
from crosslingual.library import ArticleEntry, Library
from crosslingual.library.article_cache import ArticleCache
from crosslingual.types import Duplicate, Sentence, Statement

CITATIONS_VERSION = 1
"""Raised when the same lists find other citations: what was kept is then not read again."""

_FoundCitation = tuple[int, str, str, CitedOutlet]
"""A citation in an article: its sentence's index, language and text, and what was found there."""


def read_citation_graph(
    library: Library,
    articles: Sequence[ArticleEntry],
    duplicates: Iterable[Duplicate],
    statements: Iterable[Statement] = (),
    progress: Callable[[int, int], None] | None = None,
) -> CitationGraph:
    """Who cites and who copies whom among ``articles`` of ``library``.

    Args:
        library: has their sentences and sources.
        articles: to be read.
        duplicates: the library's pairs of articles that are one text.
        statements: of the event that the articles are.
        progress: called with how many articles are read, of how many.
    """
    sources = library.sources_with_articles()
    told = tuple(statements)
    citations = read_citations(
        library, articles, OutletSources(sources), statements_by_sentence(told), progress
    )
    names = {source.id: source.name for source in sources}
    return build_citation_graph(articles, citations, duplicates, told, names)


def read_citations(
    library: Library,
    articles: Sequence[ArticleEntry],
    outlets: OutletSources,
    statements: Mapping[tuple[str, int], tuple[str, ...]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Citation]:
    """The citations in ``articles``, in their order.

    Args:
        library: has their sentences.
        articles: to be read.
        outlets: the library's sources.
        statements: ids of those that a sentence stands in, by its article and index.
        progress: called with how many articles are read, of how many.
    """

    def find_new(unread: Sequence[ArticleEntry]) -> dict[str, list[_FoundCitation]]:
        sentences = library.load_sentences([article.article for article in unread])
        return {
            article.article: list(_find_in_article(article, sentences.get(article.article, ()), outlets))
            for article in unread
        }

    version = _citations_version(outlets)
    return [
        _attach_outlet(article, one, outlets, statements or {})
        for article, own in _CITATION_CACHE.read_articles(library.path, version, articles, find_new, progress)
        for one in own
    ]


def _find_in_article(
    article: ArticleEntry, sentences: Iterable[Sentence], outlets: OutletSources
) -> Iterator[_FoundCitation]:
    for sentence in sentences:
        lang = sentence.lang or article.lang
        for one in find_cited_outlets(sentence.text, lang, outlets.finder):
            yield sentence.index, lang, sentence.text, one


def _attach_outlet(
    article: ArticleEntry,
    found: _FoundCitation,
    outlets: OutletSources,
    statements: Mapping[tuple[str, int], tuple[str, ...]],
) -> Citation:
    index, lang, text, one = found
    own = outlets.outlets.get(article.source, article.source)
    name = text[one.start : one.end]
    source = outlets.source_ids.get(one.outlet, "")
    return Citation(
        article.source,
        article.article,
        article.date,
        lang,
        index,
        text,
        one.start,
        one.end,
        one.cue_start,
        one.cue_end,
        source or one.outlet or name,
        outlets.finder.labels.get(one.outlet) or national_media_label(one.outlet) or name,
        is_in_library=bool(source),
        is_own=bool(one.outlet) and one.outlet == own,
        is_doubtful=one.is_doubtful,
        statements=statements.get((article.article, index), ()),
    )


def _write_citation(found: _FoundCitation) -> list[Any]:
    index, lang, text, one = found
    return [index, lang, text, one.start, one.end, one.cue_start, one.cue_end, one.outlet, one.is_doubtful]


def _read_citation(row: Sequence[Any]) -> _FoundCitation:
    index, lang, text, start, end, cue_start, cue_end, outlet, doubtful = row
    one = CitedOutlet(int(start), int(end), int(cue_start), int(cue_end), str(outlet), bool(doubtful))
    return int(index), str(lang), str(text), one


_CITATION_CACHE = ArticleCache("citations", _write_citation, _read_citation, articles_per_write=200)


def _citations_version(outlets: OutletSources) -> str:
    """What citations are found by: kept ones that anything else found are not read."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (OUTLETS_PATH, RULES_PATH, SPEECH_PATH)))
    digest.update(json.dumps(outlets.unlisted_names).encode(errors="replace"))
    return f"{CITATIONS_VERSION} {digest.hexdigest()[:16]}"
