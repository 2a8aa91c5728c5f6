"""Sentences of a library by their places, and its articles without their texts: what an index is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from crosslingual.library.database import Database
from crosslingual.types import Sentence

SentenceKey = tuple[str, int]
"""An article's id and the index of a sentence in it."""
_WANTED = "WHERE id IN (SELECT value FROM json_each(?))"


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


class ContentLookup:
    """What a search reads of a library; each call sees one state of it."""

    def __init__(self, database: Database) -> None:
        """Of the library in ``database``."""
        self._db = database

    def article_entries(self, ids: Iterable[str] | None = None) -> list[ArticleEntry]:
        """All articles, or those with these ``ids``, in the order they came in."""
        wanted = None if ids is None else json.dumps(list(ids))
        with self._db.read_transaction() as db:
            rows = db.execute(
                # Sentences count from 0: the last is found without counting a million.
                f"""SELECT id, source_id, lang, date, title, url,
                coalesce((SELECT max(sentence_index) + 1 FROM sentences WHERE article_number = number), 0)
                FROM articles {_WANTED if wanted else ""} ORDER BY number""",  # noqa: S608  # own constant
                (wanted,) if wanted else (),
            )
            return [ArticleEntry(*row) for row in rows]

    def sentences_at(self, keys: Iterable[SentenceKey]) -> dict[SentenceKey, Sentence]:
        """The sentences at ``keys``; those that are not there are left out."""
        wanted = [[article, index] for article, index in keys]
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT articles.id, sentence_index, start, "end", substr(text, start + 1, "end" - start),
                sentences.lang
                FROM json_each(?) AS wanted
                JOIN articles ON articles.id = json_extract(wanted.value, '$[0]')
                JOIN sentences ON article_number = number
                AND sentence_index = json_extract(wanted.value, '$[1]')""",
                (json.dumps(wanted),),
            )
            return {(id_, index): Sentence(id_, index, *rest) for id_, index, *rest in rows}
