"""The names in a library's articles: found once, then kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from crosslingual.embeddings.encoder import TokenEncoder
from crosslingual.entities.cache import load_names, store_names
from crosslingual.entities.mentions import NameMention, find_names
from crosslingual.entities.tagger import WEIGHTS_PATH, EntityTagger, find_tagger
from crosslingual.entities.values import ArticleNames
from crosslingual.language.known_names import NAMES_PATH
from crosslingual.library import Library
from crosslingual.types import Article, Sentence

NAMES_VERSION = 1
"""Raised when the same list and weights find other names: what was kept is then not read again."""
_ARTICLES_PER_CHUNK = 50
_MAX_CHARS = 2000
"""Characters of a sentence that the tagger is given."""


def read_article_names(
    library: Library,
    model: str,
    load_encoder: Callable[[], TokenEncoder],
    article_ids: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> list[ArticleNames]:
    """The names of articles with their sources and languages, in the order of ``article_ids``.

    Args:
        library: holds the articles.
        model: the encoder's key. Of one that no tagger is shipped for, only names of the list are found.
        load_encoder: gives the encoder; called where there are articles that were not read before.
        article_ids: the articles'.
        progress: told how many of how many articles are done.
    """
    tagger = find_tagger(model)
    version = names_version(tagger)
    found = []
    for start in range(0, len(article_ids), _ARTICLES_PER_CHUNK):
        ids = article_ids[start : start + _ARTICLES_PER_CHUNK]
        articles = library.load_articles(ids)
        sentences = library.load_sentences(ids)
        kept = load_names(library.path, version, (_cache_key(article) for article in articles))
        missing = [article for article in articles if _cache_key(article) not in kept]
        if missing:
            encoder = load_encoder() if tagger else None
            new = {
                _cache_key(article): list(
                    _find_article_names(article, sentences[article.id], tagger, encoder)
                )
                for article in missing
            }
            store_names(library.path, version, new)
            kept |= new
        found += [
            _attach_forms(article, sentences[article.id], kept[_cache_key(article)]) for article in articles
        ]
        if progress:
            progress(start + len(ids), len(article_ids))
    return found


def _cache_key(article: Article) -> str:
    """Another language, as by a correction, cuts and reads the same text anew."""
    return f"{article.id} {article.lang}"


def _find_article_names(
    article: Article, sentences: Sequence[Sentence], tagger: EntityTagger | None, encoder: TokenEncoder | None
) -> Iterator[tuple[int, NameMention]]:
    texts = [sentence.text[:_MAX_CHARS] for sentence in sentences]
    tokens = encoder.token_states(texts) if encoder else [None] * len(texts)
    for sentence, text, own in zip(sentences, texts, tokens, strict=True):
        tagged = tagger.tag_text(text, own) if tagger and own else ()
        for name in find_names(text, sentence.lang or article.lang, tagged):
            yield sentence.index, name


def _attach_forms(
    article: Article, sentences: Sequence[Sentence], names: Sequence[tuple[int, NameMention]]
) -> ArticleNames:
    texts = {sentence.index: sentence.text for sentence in sentences}
    return ArticleNames(
        article.id,
        article.source,
        article.lang,
        tuple(
            (index, name, texts[index][name.start : name.end])
            for index, name in names
            if name.end <= len(texts.get(index, ""))
        ),
    )


@cache
def names_version(tagger: EntityTagger | None) -> str:
    """What names are found by: kept ones that anything else found are not read."""
    digest = hashlib.sha256(NAMES_PATH.read_bytes())
    if tagger:
        digest.update(WEIGHTS_PATH.read_bytes())
    return f"{NAMES_VERSION} {digest.hexdigest()[:16]}"
