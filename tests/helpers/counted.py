"""Articles as those who count are given them, without a library."""

from __future__ import annotations

from collections.abc import Iterator

from crosslingual.corpus.scope import CountedArticle, CountedSentence
from crosslingual.library import ArticleEntry
from crosslingual.types import Sentence

Told = tuple[str, str, str, str]
"""A source, a language, a day, and sentences joined by a stroke."""


def counted_articles(*told: Told) -> Iterator[CountedArticle]:
    """Articles with these sentences."""
    for number, (source, lang, day, text) in enumerate(told):
        texts = text.split("|")
        entry = ArticleEntry(f"a{number}", source, lang, day, "", "", len(texts))
        sentences = [Sentence(entry.article, place, 0, len(one), one) for place, one in enumerate(texts)]
        yield entry, [CountedSentence(entry, sentence, sentence.text, lang) for sentence in sentences]
