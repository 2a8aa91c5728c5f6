"""The names in a library's articles: found once, then kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from crosslingual.embeddings.encoder import TokenEncoder
from crosslingual.entities.cache import NAME_CACHE
from crosslingual.entities.mentions import find_names
from crosslingual.entities.tagger import WEIGHTS_PATH, EntityTagger, find_tagger
from crosslingual.entities.values import ArticleNames, FoundName
from crosslingual.language.known_names import NAMES_PATH
from crosslingual.library import ArticleEntry, Library
from crosslingual.types import Sentence

NAMES_VERSION = 3
"""Raised when the same list and weights find other names: what was kept is then not read again."""
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
    entries = {entry.article: entry for entry in library.lookup.article_entries(article_ids)}

    def find_new(unread: Sequence[ArticleEntry]) -> dict[str, tuple[FoundName, ...]]:
        encoder = load_encoder() if tagger else None
        sentences = library.load_sentences([entry.article for entry in unread])
        return {
            entry.article: tuple(
                _find_article_names(entry.lang, sentences.get(entry.article, ()), tagger, encoder)
            )
            for entry in unread
        }

    own = [entries[id_] for id_ in article_ids if id_ in entries]
    return [
        ArticleNames(entry.article, entry.source, entry.lang, tuple(names))
        for entry, names in NAME_CACHE.read_articles(library.path, version, own, find_new, progress)
    ]


def _find_article_names(
    lang: str, sentences: Sequence[Sentence], tagger: EntityTagger | None, encoder: TokenEncoder | None
) -> Iterator[FoundName]:
    texts = [sentence.text[:_MAX_CHARS] for sentence in sentences]
    tokens = encoder.token_states(texts) if encoder else [None] * len(texts)
    for sentence, text, own in zip(sentences, texts, tokens, strict=True):
        tagged = tagger.tag_text(text, own) if tagger and own else ()
        for name in find_names(text, sentence.lang or lang, tagged):
            yield sentence.index, name, text[name.start : name.end]


@cache
def names_version(tagger: EntityTagger | None) -> str:
    """What names are found by: kept ones that anything else found are not read."""
    digest = hashlib.sha256(NAMES_PATH.read_bytes())
    if tagger:
        digest.update(WEIGHTS_PATH.read_bytes())
    return f"{NAMES_VERSION} {digest.hexdigest()[:16]}"
