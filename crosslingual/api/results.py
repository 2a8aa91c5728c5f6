"""What a library answers to a search. Apart from the other answers, which need none of what it imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, overload

from crosslingual.api.answers import field_values, to_dataframe
from crosslingual.search import Hit, Results
from crosslingual.types import Source

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # has no types of its own


@dataclass(frozen=True, slots=True)
class SearchResults(Results, Sequence[Hit]):
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

    def to_pandas(self) -> pd.DataFrame:
        """A row for each hit, as ``crosslingual search --csv`` writes them."""
        from crosslingual.report.search import search_rows

        return to_dataframe(search_rows(self.hits, self.sources))

    def _repr_html_(self) -> str:
        from crosslingual.report.notebook import results_html

        return results_html(self, self.sources)
