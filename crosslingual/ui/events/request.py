"""What a reader of the Events page asks for, and how its address says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from crosslingual.events.listing import EVENT_ORDERS, EventFilters
from crosslingual.search.availability import is_day

MAX_CHARS = 200
"""Characters of a value in the address."""
_MAX_VALUES, _MAX_PAGE_DIGITS = 50, 6


@dataclass(frozen=True, slots=True)
class EventListRequest:
    """Which events, naming ``entity`` in any script, in which order; which page of them; which is ``opened``."""

    filters: EventFilters = field(default_factory=EventFilters)
    entity: str = ""
    only_new: bool = False
    order: str = "date"
    page: int = 1
    opened: str = ""

    @classmethod
    def from_params(cls, get_values: Callable[[str], Sequence[str]]) -> Self:
        """What an address says, by what it gives for a name; what makes no sense in it is left out."""

        def last_value(name: str) -> str:
            found = get_values(name)
            return " ".join(found[-1][:MAX_CHARS].replace("\0", " ").split()) if found else ""

        def all_values(name: str) -> frozenset[str]:
            return frozenset(value[:MAX_CHARS] for value in get_values(name)[:_MAX_VALUES] if value)

        def day(name: str) -> str:
            return last_value(name) if is_day(last_value(name)) else ""

        page, order = last_value("page"), last_value("sort")
        is_number = page.isascii() and page.isdigit() and len(page) <= _MAX_PAGE_DIGITS
        return cls(
            EventFilters(last_value("q"), all_values("lang"), all_values("source"), day("from"), day("to")),
            last_value("entity"),
            last_value("new") == "1",
            order if order in EVENT_ORDERS else "date",
            max(int(page), 1) if is_number else 1,
            last_value("open"),
        )

    def to_params(self) -> list[tuple[str, str]]:
        """What the address says of the filters and the order; nothing of what is as always."""
        filters = self.filters
        said = [
            ("q", filters.title),
            ("entity", self.entity),
            *(("lang", one) for one in sorted(filters.langs)),
            *(("source", one) for one in sorted(filters.sources)),
            ("from", filters.since),
            ("to", filters.until),
            ("new", "1" if self.only_new else ""),
            ("sort", self.order if self.order != "date" else ""),
        ]
        return [(name, value) for name, value in said if value]
