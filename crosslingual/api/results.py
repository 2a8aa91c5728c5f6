"""What a library answers to a search. Apart from the other answers, which need none of what it imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, overload

from crosslingual.api.answers import TableAnswer, field_values
from crosslingual.search import Hit, Results
from crosslingual.types import Source


@dataclass(frozen=True, slots=True)
class SearchResults(TableAnswer, Results, Sequence[Hit]):
    """What a search found: a sequence of hits, best first, and how many sources say it.

    ``sources`` are the library's by their ids; ``encoder`` names the model whose vectors decided.
    """

    sources: Mapping[str, Source] = field(repr=False)
    encoder: str

    @classmethod
    def from_results(cls, results: Results, sources: Iterable[Source], encoder: str) -> Self:
        """``results`` of a search among ``sources``."""
        return cls(
            **field_values(results), sources={source.id: source for source in sources}, encoder=encoder
        )

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def table_rows(self) -> list[dict[str, Any]]:
        """A row for each hit, as ``crosslingual search --csv`` writes them."""
        from crosslingual.report.search import search_rows

        return search_rows(self.hits, self.sources)

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import results_html

        return results_html(self, self.sources)
