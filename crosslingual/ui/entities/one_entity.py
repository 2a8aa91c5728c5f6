"""One entity: who names it and who does not, and its sentences, as values that the browser draws."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from crosslingual.entities.overview import MAX_WORD_ARTICLES, EntityOverview, NearWord
from crosslingual.entities.values import EntityMention
from crosslingual.formatting import engine_label
from crosslingual.language.codes import language_name
from crosslingual.sources import web_link
from crosslingual.translation.quality import format_issue
from crosslingual.types import Article, Sentence, Translation
from crosslingual.ui.article_scope import ArticleScope
from crosslingual.ui.entities.name_list import label_entity, serialize_forms
from crosslingual.ui.event_context import LibraryContext
from crosslingual.ui.serialize import format_date

SentencePlace = tuple[str, int]
"""A sentence: its article, and its index in it."""


def serialize_entity(
    context: LibraryContext,
    scope: ArticleScope,
    overview: EntityOverview,
    per_source: int,
    params: Mapping[str, str],
) -> dict[str, Any]:
    """``overview`` for ``assets/entities.js``, with up to ``per_source`` sentences of each source."""
    entity, lang = overview.entity, context.key.target_lang
    by_source: dict[str, dict[SentencePlace, list[EntityMention]]] = defaultdict(lambda: defaultdict(list))
    for mention in entity.mentions:
        by_source[mention.source][mention.article, mention.sentence].append(mention)
    shown = {source: dict(islice(places.items(), per_source)) for source, places in by_source.items()}
    sentences = _load_sentences(context, [place for places in shown.values() for place in places])
    counts = Counter(scope.articles.values())
    return {
        "params": dict(params),
        "reader": lang,
        "name": label_entity(entity, lang),
        "kind": entity.kind,
        "doubtful": entity.is_doubtful,
        "mentions": len(entity.mentions),
        "sources": len(overview.naming),
        "of": overview.n_sources,
        "articles": overview.n_naming_articles,
        "ofArticles": overview.n_articles,
        "forms": serialize_forms(entity, lang),
        "naming": [
            _serialize_source(scope, one.source)
            | {
                "articles": one.n_naming,
                "of": one.n_articles,
                "mentions": one.n_mentions,
                "forms": list(one.forms)[:_MAX_SOURCE_FORMS],
            }
            for one in overview.naming
        ],
        "silent": [
            _serialize_source(scope, source) | {"of": counts[source]} for source in overview.silent_sources
        ],
        "besideNote": f"in a sample of the {overview.n_naming_articles:,} articles that name it"
        if overview.n_naming_articles > MAX_WORD_ARTICLES
        else "",
        "beside": list(_serialize_words(overview.near_words, lang)),
        "groups": [
            _serialize_source(scope, one.source)
            | {
                "all": len(by_source[one.source]),
                "sentences": [
                    _serialize_sentence(*sentences[place], mentions, scope, lang)
                    for place, mentions in shown[one.source].items()
                    if place in sentences
                ],
            }
            for one in overview.naming
        ],
    }


_MAX_SOURCE_FORMS = 6


def _serialize_source(scope: ArticleScope, id_: str) -> dict[str, Any]:
    source = scope.sources.get(id_)
    return {
        "source": scope.names.get(id_, id_),
        "country": source.country.upper() if source else "",
        "demo": bool(source and source.demo),
    }


def _serialize_words(words: Sequence[NearWord], lang: str) -> Iterator[dict[str, Any]]:
    for own in dict.fromkeys(word.lang for word in words):
        yield {
            "lang": own,
            "language": language_name(own, lang),
            "words": [[word.word, word.n_near] for word in words if word.lang == own],
        }


def _load_sentences(
    context: LibraryContext, places: Sequence[SentencePlace]
) -> dict[SentencePlace, tuple[Article, Sentence, Translation | None]]:
    """The sentences at ``places`` with their articles, and what is known of them in the reader's language."""
    library, lang = context.library, context.key.target_lang
    articles = {
        article.id: article for article in library.load_articles(dict.fromkeys(id_ for id_, _ in places))
    }
    wanted = set(places)
    found = [
        (articles[id_], sentence)
        for id_, own in library.load_sentences(articles).items()
        for sentence in own
        if (id_, sentence.index) in wanted
    ]
    known = library.memory.find_best_of_all(
        ((sentence.text, sentence.lang or article.lang) for article, sentence in found),
        lang,
        context.key.engines,
    )
    return {
        (article.id, sentence.index): (
            article,
            sentence,
            known.get((sentence.text, sentence.lang or article.lang)),
        )
        for article, sentence in found
    }


def _serialize_sentence(
    article: Article,
    sentence: Sentence,
    made: Translation | None,
    mentions: Sequence[EntityMention],
    scope: ArticleScope,
    lang: str,
) -> dict[str, Any]:
    own = sentence.lang or article.lang
    return {
        "at": f"{article.id}:{sentence.index}",
        "start": sentence.start,
        "lang": own,
        "language": language_name(own, lang),
        "date": format_date(article.date) if article.date else "no date",
        "title": article.title,
        "titleLang": article.lang,
        "url": web_link(article.url),
        "pieces": list(split_at_names(sentence.text, mentions)),
        "translation": made.text if made else "",
        "made": engine_label(made) if made else "",
        "doubts": "; ".join(map(format_issue, made.issues)) if made else "",
        "event": scope.homes.get(article.id, ""),
    }


def split_at_names(text: str, mentions: Sequence[EntityMention]) -> Iterator[tuple[str, str]]:
    """``text`` in pieces, each with what it is: "name", "doubtful" or nothing."""
    end = 0
    for mention in sorted(mentions, key=lambda one: one.start):
        if mention.start < end or mention.end > len(text):
            continue
        if mention.start > end:
            yield text[end : mention.start], ""
        yield text[mention.start : mention.end], "doubtful" if mention.is_doubtful else "name"
        end = mention.end
    if end < len(text):
        yield text[end:], ""
