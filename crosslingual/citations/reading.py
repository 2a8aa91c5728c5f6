"""The citations in the articles of a library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from crosslingual.citations.outlet_sources import OutletSources
from crosslingual.citations.values import Citation
from crosslingual.language.citing import find_cited_outlets
from crosslingual.library import Library
from crosslingual.types import Article, Sentence

_ARTICLES_PER_READ = 500


def read_citations(
    library: Library,
    articles: Sequence[Article],
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
    found: list[Citation] = []
    for start in range(0, len(articles), _ARTICLES_PER_READ):
        batch = articles[start : start + _ARTICLES_PER_READ]
        sentences = library.load_sentences([article.id for article in batch])
        for article in batch:
            found += find_article_citations(article, sentences[article.id], outlets, statements or {})
        if progress:
            progress(start + len(batch), len(articles))
    return found


def find_article_citations(
    article: Article,
    sentences: Sequence[Sentence],
    outlets: OutletSources,
    statements: Mapping[tuple[str, int], tuple[str, ...]],
) -> Iterator[Citation]:
    """The citations in the ``sentences`` of ``article``."""
    own = outlets.outlets.get(article.source, article.source)
    for sentence in sentences:
        lang = sentence.lang or article.lang
        for one in find_cited_outlets(sentence.text, lang, outlets.finder):
            name = sentence.text[one.start : one.end]
            source = outlets.source_ids.get(one.outlet, "")
            yield Citation(
                article.source,
                article.id,
                article.date,
                lang,
                sentence.index,
                sentence.text,
                one.start,
                one.end,
                one.cue_start,
                one.cue_end,
                source or one.outlet or name,
                outlets.finder.labels.get(one.outlet, name),
                is_in_library=bool(source),
                is_own=bool(one.outlet) and one.outlet == own,
                is_doubtful=one.is_doubtful,
                statements=statements.get((article.id, sentence.index), ()),
            )
