"""A unit as a coder sees it: its passages with what stands around them and translations, and nobody else's codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crosslingual.check.item_view import ShownArticle, show_article
from crosslingual.library import Library
from crosslingual.library.coding_values import CodingUnit, Passage, is_intact
from crosslingual.types import Article, Sentence

N_CONTEXT, N_CONTEXT_OF_MANY = 2, 1
"""Sentences before and after a passage that are shown; of a unit with more than two passages fewer."""


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its ``text``, in ``shown``, sentences of its article; those that it is in are marked."""

    passage: Passage
    text: str
    shown: ShownArticle


@dataclass(frozen=True, slots=True)
class UnitView:
    """A ``unit`` with those of its passages that are there; ``n_gone`` are not: article removed, or another text."""

    unit: CodingUnit
    passages: tuple[PassageView, ...]
    n_gone: int


def load_unit_view(
    library: Library, unit: CodingUnit, target_lang: str = "en", engines: Sequence[str] = ()
) -> UnitView:
    """``unit`` for a reader of ``target_lang``."""
    articles = load_coded_articles(library, [unit])
    sentences = library.load_sentences(articles)
    names = {source.id: source.name for source in library.stored_sources()}
    around = N_CONTEXT if len(unit.passages) < 3 else N_CONTEXT_OF_MANY
    views: list[PassageView] = []
    for passage in unit.passages:
        article = articles.get(passage.article)
        if article is None or not is_intact(passage, article.text):
            continue
        own = sentences[article.id]
        inside = find_sentences(passage, own)
        near = own[max(0, inside[0] - around) : inside[-1] + around + 1] if inside else ()
        name = names.get(article.source, article.source)
        shown = show_article(library, article, name, near, set(inside), target_lang, engines)
        views.append(PassageView(passage, article.text[passage.start : passage.end], shown))
    return UnitView(unit, tuple(views), len(unit.passages) - len(views))


def iterate_queue(units: Iterable[CodingUnit], coder: str) -> Iterator[CodingUnit]:
    """What ``coder`` was offered and has not finished, in order, blind to what others coded."""
    for unit in units:
        if any(task.coder == coder and not task.done_order for task in unit.tasks):
            own = tuple(one for one in unit.codings if one.coder == coder)
            yield replace(unit, codings=own, decision=None)


def load_coded_articles(library: Library, units: Iterable[CodingUnit]) -> dict[str, Article]:
    """The articles of ``units`` that are in the library, by id."""
    ids = {passage.article for unit in units for passage in unit.passages}
    return {one.id: one for one in library.load_articles(sorted(library.existing_ids(ids)))}


def find_sentences(passage: Passage, sentences: Sequence[Sentence]) -> list[int]:
    """Indices of the sentences that ``passage`` is in, or reaches into."""
    return [one.index for one in sentences if one.start < passage.end and passage.start < one.end]


def unit_langs(unit: CodingUnit, articles: dict[str, Article]) -> tuple[str, ...]:
    """ISO 639-1 codes of the languages of its articles that are there, each once, in order."""
    return tuple(sorted({articles[one.article].lang for one in unit.passages if one.article in articles}))
