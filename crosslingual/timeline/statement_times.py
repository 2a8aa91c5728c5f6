"""Who was first with each statement of an event, who followed, and after how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from crosslingual.moments import (
    Delay,
    Moment,
    find_earliest,
    is_before,
    measure_delay,
    parse_moment,
)
from crosslingual.types import Cell, Comparison, Event, Statement

Role = Literal["first", "tied", "later", "undated"]


@dataclass(frozen=True, slots=True)
class StatementTelling:
    """One sentence of a statement in time.

    ``role`` is "first" where no other source can have been earlier, "tied" where it is among the earliest of
    several sources whose order is not known, "later", or "undated". ``delay`` is that of a later one after
    the source ``after``; it is None for the rest.
    """

    cell: Cell
    published: Moment
    role: Role
    delay: Delay | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class StatementTimeline:
    """A statement with its ``tellings`` in order of time; undated ones come last."""

    statement: str
    tellings: tuple[StatementTelling, ...]

    @property
    def first_source(self) -> str:
        """The source that was surely first among the dated; empty where several may have been."""
        return next((one.cell.source for one in self.tellings if one.role == "first"), "")


@dataclass(frozen=True, slots=True)
class SourceLead:
    """In how many statements a source was first, among the earliest, later, or told without a date."""

    source: str
    n_first: int
    n_tied: int
    n_later: int
    n_undated: int


@dataclass(frozen=True, slots=True)
class EventTimeline:
    """The statements of an event, those that were told first of all in front, and what each source led in."""

    event: Event
    statements: tuple[StatementTimeline, ...]
    leads: tuple[SourceLead, ...]


def build_timeline(comparison: Comparison) -> EventTimeline:
    """The statements of ``comparison`` in time."""
    published = {article.id: parse_moment(article.date) for article in comparison.articles}
    lines = sorted(
        (_order_tellings(statement, published) for statement in comparison.statements),
        key=lambda line: line.tellings[0].published.sort_key,
    )
    sources = [summary.source.id for summary in comparison.source_summaries]
    return EventTimeline(comparison.event, tuple(lines), tuple(_count_leads(lines, sources)))


def _order_tellings(statement: Statement, published: dict[str, Moment]) -> StatementTimeline:
    cells = sorted(statement.cells, key=lambda cell: published[cell.article].sort_key)
    moments = [published[cell.article] for cell in cells]
    earliest = find_earliest(moments)
    is_alone = len({cells[place].source for place in earliest}) == 1
    tellings = []
    for place, (cell, moment) in enumerate(zip(cells, moments, strict=True)):
        if moment.day is None:
            tellings.append(StatementTelling(cell, moment, "undated"))
        elif place in earliest:
            tellings.append(StatementTelling(cell, moment, "first" if is_alone else "tied"))
        else:
            start = next((one for one in earliest if is_before(moments[one], moment)), earliest[0])
            delay = measure_delay(moments[start], moment)
            tellings.append(StatementTelling(cell, moment, "later", delay, cells[start].source))
    return StatementTimeline(statement.id, tuple(tellings))


def _count_leads(lines: Sequence[StatementTimeline], sources: Sequence[str]) -> Iterator[SourceLead]:
    for source in sources:
        roles = [
            next(one.role for one in line.tellings if one.cell.source == source)
            for line in lines
            if any(one.cell.source == source for one in line.tellings)
        ]
        yield SourceLead(source, *(roles.count(role) for role in ("first", "tied", "later", "undated")))
