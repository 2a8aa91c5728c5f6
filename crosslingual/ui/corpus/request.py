"""What a reader of the Corpus page asks for, and how its address says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from crosslingual.corpus.concordance import LINE_ORDERS, LineOrder
from crosslingual.corpus.word_query import MAX_QUERY_CHARS
from crosslingual.search.availability import is_day
from crosslingual.search.query import Filters

CONCORDANCE, COLLOCATIONS, KEYNESS, DICTIONARY, AXES, SILENCES = (
    *("concordance", "collocations", "keyness"),
    *("dictionary", "axes", "silences"),
)
VIEWS = {
    CONCORDANCE: "Concordance",
    COLLOCATIONS: "Collocations",
    KEYNESS: "Key words",
    DICTIONARY: "Dictionary",
    AXES: "Own axes",
    SILENCES: "Silences",
}
_SET_PARAMS = {"langs": "lang", "sources": "source"}
_MAX_VALUES, _MAX_VALUE_CHARS = 100, 200


@dataclass(frozen=True, slots=True)
class CorpusRequest:
    """A ``view``, the ``text`` looked for, where, and against which sources; ``month`` and ``who`` open a silence."""

    view: str = CONCORDANCE
    text: str = ""
    filters: Filters = field(default_factory=Filters)
    event: str = ""
    against: frozenset[str] = frozenset()
    order: LineOrder = "date"
    month: str = ""
    who: str = ""

    @classmethod
    def from_params(cls, get_values: Callable[[str], Sequence[str]]) -> Self:
        """What an address says; what makes no sense in it is left out."""

        def last_value(name: str, max_chars: int = _MAX_VALUE_CHARS) -> str:
            found = get_values(name)
            return found[-1][:max_chars] if found else ""

        def some_values(name: str) -> frozenset[str]:
            return frozenset(value[:_MAX_VALUE_CHARS] for value in get_values(name)[:_MAX_VALUES])

        days = {name: last_value(name) for name in ("from", "to")}
        since, until = (day if is_day(day) else "" for day in days.values())
        return cls(
            last_value("view") if last_value("view") in VIEWS else CONCORDANCE,
            last_value("q", MAX_QUERY_CHARS).replace("\0", " ").strip(),
            Filters(langs=some_values("lang"), sources=some_values("source"), since=since, until=until),
            last_value("in"),
            some_values("against"),
            next((order for order in LINE_ORDERS if order == last_value("sort")), "date"),
            last_value("month"),
            last_value("who"),
        )

    def to_params(self) -> dict[str, list[str]]:
        """What the address says; nothing of what is as always."""
        said = {
            "view": [self.view] if self.view != CONCORDANCE else [],
            "q": [self.text],
            **{name: sorted(getattr(self.filters, own)) for own, name in _SET_PARAMS.items()},
            "from": [self.filters.since],
            "to": [self.filters.until],
            "in": [self.event],
            "against": sorted(self.against),
            "sort": [self.order] if self.order != "date" else [],
            "month": [self.month],
            "who": [self.who],
        }
        return {name: kept for name, values in said.items() if (kept := [one for one in values if one])}

    def link_params(self, **changes: object) -> list[list[str]]:
        """Names and values of the address of this with ``changes``, for a link."""
        params = replace(self, **changes).to_params()  # type: ignore[arg-type]  # names of its fields
        return [[name, value] for name, values in params.items() for value in values]
