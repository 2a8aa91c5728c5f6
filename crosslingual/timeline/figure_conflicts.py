"""Which mentions of a figure contradict each other: one thing counted, of one day, values that cannot both hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crosslingual.language.figure_values import (
    dates_agree,
    has_same_noun,
    has_same_unit,
    is_only_value,
    names_day,
    values_agree,
)
from crosslingual.language.figures import find_figures
from crosslingual.moments import is_before

if TYPE_CHECKING:
    from crosslingual.timeline.figure_ledger import FigureMention


def find_conflicting_pairs(ordered: Sequence[FigureMention]) -> Iterator[tuple[FigureMention, FigureMention]]:
    """Pairs of values, each once, of two sources at one time, neither of which has the other's value too."""
    if len({one.figure.value for one in ordered}) < 2:
        return
    told = {(one.cell.source, one.figure.value) for one in ordered}
    seen: set[frozenset[tuple[str, str]]] = set()
    for place, left in enumerate(ordered):
        for right in ordered[place + 1 :]:
            if {(left.cell.source, right.figure.value), (right.cell.source, left.figure.value)} & told:
                continue
            pair = frozenset((one.cell.source, one.figure.value) for one in (left, right))
            if pair not in seen and _contradict(left, right):
                seen.add(pair)
                yield left, right


def _contradict(left: FigureMention, right: FigureMention) -> bool:
    return (
        left.cell.source != right.cell.source
        and _count_same(left, right)
        and not values_agree(left.figure, right.figure)
        and _are_of_one_time(left, right)
    )


def _count_same(left: FigureMention, right: FigureMention) -> bool:
    """Whether both count one thing, of the same countries, and their sentences no second one like it."""
    one, other = left.figure, right.figure
    if one.kind == "date" or one.is_part != other.is_part or left.countries != right.countries:
        return False
    if one.what or other.what:
        return has_same_unit(one, other) and _is_only_one(left) and _is_only_one(right)
    return has_same_noun(one, left.cell.lang, other, right.cell.lang)


def _is_only_one(mention: FigureMention) -> bool:
    return is_only_value(mention.figure, mention.cell.text, mention.cell.lang)


def _are_of_one_time(left: FigureMention, right: FigureMention) -> bool:
    """Whether neither was published before the other, and neither is of a day that the other is not of."""
    if not left.published.day or not right.published.day:
        return False
    if is_before(left.published, right.published) or is_before(right.published, left.published):
        return False
    days = _days_of(left), _days_of(right)
    return any(dates_agree(one, other) for one in days[0] for other in days[1])


def _days_of(mention: FigureMention) -> list[str]:
    """The days that its sentence names, else that of its publication."""
    figures = find_figures(mention.cell.text, mention.cell.lang)
    named = [one.value for one in figures if one.kind == "date" and names_day(one.value)]
    day = mention.published.day
    return named or ([day.isoformat()] if day else [])
