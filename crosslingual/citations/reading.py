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
from crosslingual.library.article_cache import load_kept, store_kept
from crosslingual.types import Duplicate, Sentence, Statement

CITATIONS_VERSION = 1
"""Raised when the same lists find other citations: what was kept is then not read again."""
_ARTICLES_PER_CHUNK, _ARTICLES_PER_WRITE = 1000, 200
"""Articles whose citations are looked up in one go, and that are read before theirs are kept."""

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
    version = _citations_version(outlets)
    found: list[Citation] = []
    for start in range(0, len(articles), _ARTICLES_PER_CHUNK):
        chunk = articles[start : start + _ARTICLES_PER_CHUNK]
        kept = _load_citations(library, version, chunk)
        missing = [article for article in chunk if _cache_key(article) not in kept]
        for first in range(0, len(missing), _ARTICLES_PER_WRITE):
            unread = missing[first : first + _ARTICLES_PER_WRITE]
            new = _find_citations(library, unread, outlets)
            store_kept(library.path, "citations", version, _citation_rows(new))
            kept |= new
            if progress:
                progress(start + first + len(unread), len(articles))
        for article in chunk:
            own = kept[_cache_key(article)]
            found += [_attach_outlet(article, one, outlets, statements or {}) for one in own]
        if progress:
            progress(start + len(chunk), len(articles))
    return found


def _cache_key(article: ArticleEntry) -> str:
    """Another language, as by a correction, cuts and reads the same text anew."""
    return f"{article.article} {article.lang}"


def _find_citations(
    library: Library, articles: Sequence[ArticleEntry], outlets: OutletSources
) -> dict[str, list[_FoundCitation]]:
    """The citations in articles that were not read before, by what they are kept under."""
    sentences = library.load_sentences([article.article for article in articles])
    return {
        _cache_key(article): list(_find_in_article(article, sentences.get(article.article, ()), outlets))
        for article in articles
    }


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


def _citation_rows(found: Mapping[str, Sequence[_FoundCitation]]) -> dict[str, Any]:
    return {
        key: [
            [index, lang, text, one.start, one.end, one.cue_start, one.cue_end, one.outlet, one.is_doubtful]
            for index, lang, text, one in own
        ]
        for key, own in found.items()
    }


def _load_citations(
    library: Library, version: str, articles: Iterable[ArticleEntry]
) -> dict[str, list[_FoundCitation]]:
    found = {}
    for key, rows in load_kept(library.path, "citations", version, map(_cache_key, articles)).items():
        try:
            found[key] = [_read_citation(row) for row in rows]
        except (ValueError, TypeError):  # whatever a damaged file holds
            continue
    return found


def _read_citation(row: Sequence[Any]) -> _FoundCitation:
    index, lang, text, start, end, cue_start, cue_end, outlet, doubtful = row
    one = CitedOutlet(int(start), int(end), int(cue_start), int(cue_end), str(outlet), bool(doubtful))
    return int(index), str(lang), str(text), one


def _citations_version(outlets: OutletSources) -> str:
    """What citations are found by: kept ones that anything else found are not read."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (OUTLETS_PATH, RULES_PATH, SPEECH_PATH)))
    digest.update(json.dumps(outlets.unlisted_names).encode(errors="replace"))
    return f"{CITATIONS_VERSION} {digest.hexdigest()[:16]}"
