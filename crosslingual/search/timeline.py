"""When each source said it: how often on which day, and where it was said first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crosslingual.search.searcher import Results


@dataclass(frozen=True, slots=True)
class SourceTimeline:
    """One source's: sentences by ``day_counts`` (ISO dates in order, "" for articles without one)."""

    source: str
    n_articles: int
    day_counts: tuple[tuple[str, int], ...]

    @property
    def n_sentences(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.day_counts)

    @property
    def first_day(self) -> str:
        """The first day; empty where no article has a date."""
        return next((day for day, _ in self.day_counts if day), "")

    @property
    def last_day(self) -> str:
        """The last day."""
        return self.day_counts[-1][0] if self.day_counts else ""


def build_timelines(results: Results) -> tuple[SourceTimeline, ...]:
    """A line for each source that says it (``Results.match_counts``), whoever was first before the others."""
    days: dict[str, Counter[str]] = {}
    articles: Counter[str] = Counter()
    for entry, count in results.match_counts:
        days.setdefault(entry.source, Counter())[entry.date[:10]] += count
        articles[entry.source] += 1
    lines = [
        SourceTimeline(source, articles[source], tuple(sorted(own.items()))) for source, own in days.items()
    ]
    return tuple(sorted(lines, key=lambda line: (not line.first_day, line.first_day, line.source)))
