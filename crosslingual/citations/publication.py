"""Which of several articles was published first, as far as their dates tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from crosslingual.library import ArticleEntry

_ZONE_MARGIN = timedelta(hours=14)
"""How far a local time without its zone may be from UTC."""


def publication_span(date: str) -> tuple[datetime, datetime] | None:
    """The earliest and the latest time, in UTC, that an ISO date of an article can mean; None where it is none."""
    try:
        time = datetime.fromisoformat(date)
    except ValueError:
        return None
    try:
        if time.tzinfo:
            moment = time.astimezone(UTC)
            return moment, moment
        length = timedelta(days=1) if len(date) <= len("2024-05-16") else timedelta()
        start = time.replace(tzinfo=UTC)
        return start - _ZONE_MARGIN, start + length + _ZONE_MARGIN
    except OverflowError:
        return None


def find_first_articles(articles: Iterable[ArticleEntry]) -> list[ArticleEntry]:
    """Those of ``articles`` that may be the first: several where their dates do not tell; none without a date.

    Two dates without a time are told apart by the day alone, as if of one zone.
    """
    dated = [(article, span) for article in articles if (span := publication_span(article.date))]
    if not dated:
        return []
    first = min(dated, key=lambda one: one[1][0])
    return sorted(
        (article for article, _ in dated if not _is_surely_before(first[0].date, article.date)),
        key=lambda article: (article.date, article.article),
    )


def is_published_before(article: ArticleEntry, other: ArticleEntry) -> bool | None:
    """Whether ``article`` appeared before ``other``; None where their dates do not tell."""
    if _is_surely_before(article.date, other.date):
        return True
    return False if _is_surely_before(other.date, article.date) else None


def _is_surely_before(date: str, other: str) -> bool:
    left, right = publication_span(date), publication_span(other)
    if not left or not right:
        return False
    if len(date) <= len("2024-05-16") or len(other) <= len("2024-05-16"):
        return date[:10] < other[:10]
    return left[1] < right[0]
