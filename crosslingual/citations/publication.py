"""Which of several articles was published first, as far as their dates tell."""

from __future__ import annotations

from collections.abc import Iterable

from crosslingual.library import ArticleEntry
from crosslingual.moments import find_earliest, is_before, parse_moment


def find_first_articles(articles: Iterable[ArticleEntry]) -> list[ArticleEntry]:
    """Those of ``articles`` that may be the first: several where their dates do not tell; none without a date."""
    timed = [(parse_moment(article.date), article) for article in articles]
    first = [timed[place] for place in find_earliest([moment for moment, _ in timed])]
    return [
        article
        for _, article in sorted(first, key=lambda one: (one[0].sort_key, one[0].written, one[1].article))
    ]


def is_published_before(article: ArticleEntry, other: ArticleEntry) -> bool | None:
    """Whether ``article`` appeared before ``other``; None where their dates do not tell."""
    left, right = parse_moment(article.date), parse_moment(other.date)
    if is_before(left, right):
        return True
    return False if is_before(right, left) else None
