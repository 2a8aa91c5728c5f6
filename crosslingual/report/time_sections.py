"""What the report tells of an event in time: who was first, and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosslingual.moments import describe_delay
from crosslingual.report.figures import figure_rows
from crosslingual.report.timeline import ROLE_LABELS, telling_rows
from crosslingual.timeline.figure_ledger import FigureGroup, build_ledger
from crosslingual.timeline.statement_times import StatementTelling, build_timeline
from crosslingual.types import Comparison

MAX_STATEMENTS, MAX_FIGURES = 40, 40
"""Of each on the page; the tables hold all."""


class TimeSections:
    """The statements of an event in time, and its figures."""

    def __init__(self, comparison: Comparison) -> None:
        self.timeline = build_timeline(comparison)
        self.ledger = build_ledger(comparison)

    def build_tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table by its name."""
        return {"timeline": telling_rows(self.timeline), "figures": figure_rows(self.ledger)}

    def statement_rows(self) -> Iterator[tuple[str, list[tuple[StatementTelling, str]]]]:
        """Statements that a dated source told, first told first, with their tellings and when in words."""
        dated = [line for line in self.timeline.statements if line.tellings[0].published.day]
        for line in dated[:MAX_STATEMENTS]:
            yield line.statement, [(one, _describe_time(one)) for one in line.tellings]

    def figure_groups(self) -> list[FigureGroup]:
        """Figures of several sources, or with a revision or a conflict; those come first."""
        shared = [
            group
            for group in self.ledger.groups
            if len(group.sources) > 1 or group.revisions or group.conflicts
        ]
        shared.sort(key=lambda group: not (group.revisions or group.conflicts))
        return shared[:MAX_FIGURES]


def _describe_time(telling: StatementTelling) -> str:
    return describe_delay(telling.delay) if telling.delay else ROLE_LABELS[telling.role]
