"""When each source said it: how often on which day, and where it was said first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crosslingual.search.find import Results


@dataclass(frozen=True, slots=True)
class Line:
    """One source's: sentences by ``days`` (ISO dates in order, "" for articles without one)."""

    source: str
    articles: int
    days: tuple[tuple[str, int], ...]

    @property
    def sentences(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.days)

    @property
    def first(self) -> str:
        """The first day; empty where no article has a date."""
        return next((day for day, _ in self.days if day), "")

    @property
    def last(self) -> str:
        """The last day."""
        return self.days[-1][0] if self.days else ""


def over_time(results: Results) -> tuple[Line, ...]:
    """A line for each source that says it (``Results.telling``), whoever was first before the others."""
    days: dict[str, Counter[str]] = {}
    articles: Counter[str] = Counter()
    for entry, count in results.telling:
        days.setdefault(entry.source, Counter())[entry.date[:10]] += count
        articles[entry.source] += 1
    lines = [Line(source, articles[source], tuple(sorted(own.items()))) for source, own in days.items()]
    return tuple(sorted(lines, key=lambda line: (not line.first, line.first, line.source)))
