"""A question as a person sees it: the sentences with what stands around them and translations, and no probability."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crosslingual.errors import NotFoundError
from crosslingual.library import Library
from crosslingual.library.judgements import CheckItem
from crosslingual.types import Article, Sentence, Translation

N_CONTEXT = 2
"""Sentences that are shown before and after the one that is asked about."""


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence with its translation where there is one; ``is_asked`` marks what the question is about."""

    text: str
    lang: str
    translation: Translation | None
    is_asked: bool


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """Sentences of an article of ``source_name``, in their order."""

    source_name: str
    article: Article
    sentences: tuple[ShownSentence, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """An ``item`` as it is asked: ``left`` and ``right`` are the two sentences with what stands around them.

    ``right_articles`` is all that the other source writes on the event: where a silence is looked for.
    """

    item: CheckItem
    left: ShownArticle
    right: ShownArticle
    right_articles: tuple[ShownArticle, ...]


def load_item_view(
    library: Library, item: CheckItem, target_lang: str = "en", engines: Sequence[str] = ()
) -> ItemView | None:
    """``item`` for a reader of ``target_lang``; None where an article or a sentence of it is gone."""
    if len(library.existing_ids((item.article, item.other_article))) < 2:
        return None
    names = {source.id: source.name for source in library.stored_sources()}
    left, right = library.load_articles((item.article, item.other_article))
    there = [right]
    if item.kind == "silence":
        there = [one for one in _articles_beside(library, left) if one.source == item.source] or [right]
    sentences = library.load_sentences({one.id for one in (left, right, *there)})

    def show(article: Article, start: int | None, around: int | None) -> ShownArticle | None:
        own = sentences[article.id]
        asked = next((one.index for one in own if one.start == start), None)
        if start is not None and asked is None:
            return None
        if around is not None and asked is not None:
            own = own[max(0, asked - around) : asked + around + 1]
        name = names.get(article.source, article.source)
        return show_article(library, article, name, own, {asked}, target_lang, engines)

    own_side, other_side = show(left, item.start, N_CONTEXT), show(right, item.other_start, N_CONTEXT)
    if own_side is None or other_side is None:
        return None
    others = (show(one, item.other_start if one.id == right.id else None, None) for one in there)
    return ItemView(item, own_side, other_side, tuple(one for one in others if one))


def show_article(
    library: Library,
    article: Article,
    source_name: str,
    sentences: Sequence[Sentence],
    asked: Collection[int | None],
    target_lang: str,
    engines: Sequence[str],
) -> ShownArticle:
    """These ``sentences`` of ``article`` with their translations; those with an index in ``asked`` are marked."""
    langs = [one.lang or article.lang for one in sentences]
    told = library.memory.find_best_of_all(
        zip((one.text for one in sentences), langs, strict=True), target_lang, engines
    )
    shown = (
        ShownSentence(one.text, lang, told.get((one.text, lang)), one.index in asked)
        for one, lang in zip(sentences, langs, strict=True)
    )
    return ShownArticle(source_name, article, tuple(shown))


def _articles_beside(library: Library, article: Article) -> list[Article]:
    """All articles of the event that ``article`` is in."""
    try:
        event_id = library.find_event_id(article.id)
    except NotFoundError:
        return []
    entries = library.event_entries(library.event_numbers([event_id]))
    return library.load_articles([entry.article for own in entries.values() for entry in own])
