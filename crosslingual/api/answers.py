"""What a library answers of an event: values of the package that also show themselves and become tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from crosslingual import types
from crosslingual.citations.values import CitationGraph
from crosslingual.timeline.figure_ledger import FigureLedger
from crosslingual.timeline.statement_times import EventTimeline
from crosslingual.types import Event

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # has no types of its own
    import pyarrow as pa


class TableAnswer:
    """An answer that becomes a table: of pandas, of Arrow, or as a notebook shows it."""

    __slots__ = ()
    _shown_columns: ClassVar[Sequence[str]] = ()

    def table_rows(self) -> list[dict[str, Any]]:
        """The rows of the table; all have the same columns."""
        raise NotImplementedError

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.table_rows())

    def to_arrow(self) -> pa.Table:
        """The rows as a table of Arrow; what is empty in a column of numbers is null."""
        import pyarrow as pa

        rows = self.table_rows()
        names = list(rows[0]) if rows else []
        return pa.table({name: _make_arrow_column([row[name] for row in rows]) for name in names})

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import rows_html

        return rows_html(self.table_rows(), self._shown_columns)


class Comparison(TableAnswer, types.Comparison):
    """How the sources of one event tell it, with ``statements``, ``exclusives``, ``source_summaries`` and the rest.

    Its table has a row for each sentence of each statement, as the table ``statements`` of a report.
    """

    __slots__ = ()

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each sentence of each statement."""
        from crosslingual.report.tables import statement_rows

        return statement_rows(self)

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import comparison_html

        return comparison_html(self)


class TimelineAnswer(TableAnswer, EventTimeline):
    """The statements of an event in time; its table has a row for each sentence of each."""

    __slots__ = ()
    _shown_columns = ("published", "source", "role", "after", "text")

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each sentence of each statement."""
        from crosslingual.report.timeline import telling_rows

        return telling_rows(self)


class FiguresAnswer(TableAnswer, FigureLedger):
    """The figures of an event; its table has a row for each mention of each."""

    __slots__ = ()
    _shown_columns = ("figure", "value", "what", "source", "published", "in_conflict", "text")

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each mention of each figure."""
        from crosslingual.report.figures import figure_rows

        return figure_rows(self)


class CitationsAnswer(TableAnswer, CitationGraph):
    """Which outlets cite which; its table has a row for each sentence that cites and each copy."""

    __slots__ = ()
    _shown_columns = ("kind", "source", "cited_name", "date", "text")

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each sentence that cites and each copy."""
        from crosslingual.report.citation_rows import citation_rows

        return [*citation_rows(self)]


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report that was written: of ``event``, ``page`` is to be opened.

    ``other_paths`` is what else stands in its folder.
    """

    event: Event
    page: Path
    other_paths: tuple[Path, ...]


def field_values(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by their names, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _make_arrow_column(values: list[Any]) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # numbers, and an empty text where there is none
        return pa.array([None if value == "" else value for value in values])
