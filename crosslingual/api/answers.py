"""What a library answers: values of the package that also show themselves and become tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from crosslingual import types
from crosslingual.errors import ModelError
from crosslingual.search import Hit, Results
from crosslingual.types import Event, Source

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # has no types of its own


class Comparison(types.Comparison):
    """How the sources of one event tell it, with ``statements``, ``exclusives``, ``columns`` and the rest.

    A notebook shows it as a table.
    """

    __slots__ = ()

    @classmethod
    def based_on(cls, compared: types.Comparison) -> Self:
        """The same with ways to show it."""
        return cls(**_values(compared))

    def to_pandas(self) -> pd.DataFrame:
        """A row for each sentence of each statement, as in a report's table ``statements``.

        Raises:
            ModelError: pandas is not installed.
        """
        from crosslingual.report.tables import statement_rows

        return _frame(statement_rows(self))

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import comparison_html

        return comparison_html(self)


@dataclass(frozen=True, slots=True)
class SearchResults(Results, Sequence[Hit]):
    """What a search found: a sequence of hits, best first, and how many sources say it.

    ``sources`` are the library's by their ids; ``encoder`` names the model whose vectors decided.
    """

    sources: Mapping[str, Source] = field(repr=False)
    encoder: str

    @classmethod
    def based_on(cls, results: Results, sources: Iterable[Source], encoder: str) -> Self:
        """``results`` of a search among ``sources``."""
        return cls(**_values(results), sources={one.id: one for one in sources}, encoder=encoder)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def to_pandas(self) -> pd.DataFrame:
        """A row for each hit, as ``crosslingual search --csv`` writes them.

        Raises:
            ModelError: pandas is not installed.
        """
        from crosslingual.report.search import search_rows

        return _frame(search_rows(self.hits, self.sources))

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import results_html

        return results_html(self, self.sources)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report that was written: of ``event``, ``page`` is to be opened.

    ``left_alone`` is what else stands in its folder.
    """

    event: Event
    page: Path
    left_alone: tuple[Path, ...]


def _values(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by their names, as they are."""
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError:
        raise ModelError("pandas: not installed, and the table is its; run: pip install pandas") from None
    return pd.DataFrame(rows)
