"""A comparison with only some of its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crosslingual.errors import NotFoundError
from crosslingual.types import Comparison


def select_sources(comparison: Comparison, sources: Iterable[str]) -> Comparison:
    """``comparison`` with the columns of ``sources``, by id, in their order.

    Statements are those that one of them tells or perhaps tells; their counts stay those of all sources.

    Raises:
        NotFoundError: the event has no such source.
    """
    columns = {column.source.id: column for column in comparison.source_summaries}
    wanted = dict.fromkeys(name for source in sources if (name := source.strip()))
    for name in wanted:
        if name not in columns:
            raise NotFoundError(f"source {name!r}: not in this event; there are: {', '.join(columns)}")
    if not wanted:
        raise NotFoundError(f"no source is named; there are: {', '.join(columns)}")
    statements = tuple(
        statement
        for statement in comparison.statements
        if any(cell.source in wanted for cell in (*statement.cells, *statement.perhaps))
    )
    return replace(
        comparison,
        source_summaries=tuple(columns[name] for name in wanted),
        statements=statements,
        exclusives=tuple(cell for cell in comparison.exclusives if cell.source in wanted),
    )
