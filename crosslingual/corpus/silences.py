"""By month and source: which events it tells, and which statements of others it leaves out there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from crosslingual.types import Comparison, Event, Statement

MIN_OTHERS = 2
"""Other sources that tell a statement, for a source to have left it out: as many as any statement has."""
NO_MONTH = ""
"""The month of an event whose articles have no date."""


@dataclass(slots=True)
class SourceMonth:
    """A source in a month: ``n_told`` of ``n_events`` events; of those ``n_compared`` were compared before.

    In these ``n_statements`` are told by two others or more: ``n_left_out`` were not found in it, ``n_perhaps`` it
    tells perhaps.
    """

    n_told: int = 0
    n_events: int = 0
    n_compared: int = 0
    n_statements: int = 0
    n_left_out: int = 0
    n_perhaps: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A ``statement`` of ``event`` that ``source``, which tells the event, leaves out, or tells perhaps."""

    event: Event
    source: str
    statement: Statement
    is_perhaps: bool


MonthTable = Mapping[str, Mapping[str, SourceMonth]]
"""Sources by month, the newest month first; of each month all sources of the library's events."""


def event_month(event: Event) -> str:
    """The month in which an event begins, as 2024-05."""
    return event.start[:7] or NO_MONTH


def count_silences(
    events: Iterable[Event], find_comparison: Callable[[Event], Comparison | None]
) -> MonthTable:
    """What each source tells and leaves out in each month.

    Args:
        events: the library's.
        find_comparison: how the sources of an event tell it, where that is known; other events count as told or not
            alone.
    """
    known = list(events)
    sources = sorted({source for event in known for source in event.sources})
    months: dict[str, dict[str, SourceMonth]] = defaultdict(
        lambda: {source: SourceMonth() for source in sources}
    )
    for event in known:
        month = months[event_month(event)]
        comparison = find_comparison(event)
        for source, own in month.items():
            own.n_events += 1
            if source in event.sources:
                own.n_told += 1
                if comparison:
                    _add_statements(own, comparison, source)
    return {month: months[month] for month in sorted(months, reverse=True)}


def find_left_out(comparison: Comparison, source: str) -> Iterator[LeftOut]:
    """The statements of two others or more that ``source`` leaves out, or tells perhaps."""
    for statement in statements_of_others(comparison, source):
        if all(cell.source != source for cell in statement.cells):
            is_perhaps = any(cell.source == source for cell in statement.perhaps)
            yield LeftOut(comparison.event, source, statement, is_perhaps)


def statements_of_others(comparison: Comparison, source: str) -> Iterator[Statement]:
    """The statements that at least ``MIN_OTHERS`` other sources tell, whether ``source`` does or not."""
    for statement in comparison.statements:
        if len({cell.source for cell in statement.cells} - {source}) >= MIN_OTHERS:
            yield statement


def _add_statements(month: SourceMonth, comparison: Comparison, source: str) -> None:
    month.n_compared += 1
    month.n_statements += sum(1 for _ in statements_of_others(comparison, source))
    for left_out in find_left_out(comparison, source):
        if left_out.is_perhaps:
            month.n_perhaps += 1
        else:
            month.n_left_out += 1
