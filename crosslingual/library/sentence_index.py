"""Sentences of a library by their places, and its articles without their texts: what an index is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crosslingual.library.session import LibraryDatabase
from crosslingual.types import Sentence

SentenceKey = tuple[str, int]
"""An article's id and the index of a sentence in it."""
_WANTED = "WHERE id IN (?texts)"


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article without its text; ``n_sentences`` is how many it has."""

    article: str
    source: str
    lang: str
    date: str
    title: str
    url: str
    n_sentences: int


@dataclass(frozen=True, slots=True)
class NumberedArticle:
    """An article by its number in the library, its id and its language."""

    number: int
    article: str
    lang: str


class ContentLookup:
    """What a search reads of a library; each call sees one state of it."""

    def __init__(self, database: LibraryDatabase) -> None:
        """Of the library in ``database``."""
        self._db = database

    def article_entries(self, ids: Iterable[str] | None = None) -> list[ArticleEntry]:
        """All articles, or those with these ``ids``, in the order they came in."""
        wanted = None if ids is None else list(ids)
        with self._db.read_transaction() as db:
            rows = db.execute(
                # Sentences count from 0: the last is found without counting a million.
                f"""SELECT id, source_id, lang, date, title, url,
                coalesce((SELECT max(sentence_index) + 1 FROM sentences WHERE article_number = number), 0)
                FROM articles {"" if wanted is None else _WANTED} ORDER BY number""",  # noqa: S608  # own constant
                () if wanted is None else (wanted,),
            )
            return [ArticleEntry(*row) for row in rows]

    def numbered_articles(self, ids: Iterable[str]) -> list[NumberedArticle]:
        """Those with these ``ids``, in the order they came in."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"SELECT number, id, lang FROM articles {_WANTED} ORDER BY number",  # noqa: S608  # own constant
                (list(ids),),
            )
            return [NumberedArticle(*row) for row in rows]

    def newest_articles(self, first_date: str, last_date: str, limit: int) -> list[NumberedArticle]:
        """Those of a stretch of dates, both included, that came in last, the last first."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT number, id, lang FROM articles WHERE date >= ? AND date <= ? ORDER BY number DESC LIMIT ?",
                (first_date, last_date, limit),
            )
            return [NumberedArticle(*row) for row in rows]

    def sentences_at(self, keys: Iterable[SentenceKey]) -> dict[SentenceKey, Sentence]:
        """The sentences at ``keys``; those that are not there are left out."""
        wanted = set(keys)
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT number, id, text FROM articles WHERE id IN (?texts)",
                (list({article for article, _ in wanted}),),
            )
            articles = {number: (id_, text) for number, id_, text in rows}
            spans = db.execute(
                """SELECT article_number, sentence_index, start, "end", lang FROM sentences
                WHERE article_number IN (?numbers) AND sentence_index IN (?numbers)""",
                (list(articles), list({index for _, index in wanted})),
            )
            return {
                (id_, index): Sentence(id_, index, start, end, text[start:end], lang)
                for number, index, start, end, lang in spans
                for id_, text in [articles[number]]
                if (id_, index) in wanted
            }
