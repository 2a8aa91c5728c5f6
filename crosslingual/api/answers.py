"""What a library answers of an event: values of the package that also show themselves and become tables."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from crosslingual import types
from crosslingual.types import Event

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # has no types of its own


class Comparison(types.Comparison):
    """How the sources of one event tell it, with ``statements``, ``exclusives``, ``source_summaries`` and the rest.

    A notebook shows it as a table.
    """

    __slots__ = ()

    @classmethod
    def from_comparison(cls, comparison: types.Comparison) -> Self:
        """The same with ways to show it."""
        return cls(**field_values(comparison))

    def to_pandas(self) -> pd.DataFrame:
        """A row for each sentence of each statement, as in a report's table ``statements``."""
        from crosslingual.report.tables import statement_rows

        return to_dataframe(statement_rows(self))

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import comparison_html

        return comparison_html(self)


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


def to_dataframe(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """``rows`` as a table."""
    import pandas as pd

    return pd.DataFrame(rows)
