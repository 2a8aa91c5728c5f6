"""Every figure of an event by source and time; the same figure of several sources together, and how it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from crosslingual.framing.cells import collect_cells, statements_by_sentence
from crosslingual.language.figure_values import values_agree
from crosslingual.language.figures import MAX_CHARS, Figure, find_figures
from crosslingual.language.lexicons import section_patterns
from crosslingual.language.names import find_countries
from crosslingual.language.outlets import OutletFinder
from crosslingual.moments import Moment, is_before, parse_moment
from crosslingual.timeline.attribution import find_attribution
from crosslingual.timeline.figure_conflicts import find_conflicting_pairs
from crosslingual.types import Cell, Comparison, Event

_TOLLS = frozenset(section_patterns("figures", "toll", "en"))
"""What an event has one figure of at a time, for a country: it is followed through the whole event."""
_COMMAS = ",;:，；：。"


@dataclass(frozen=True, slots=True)
class FigureMention:
    """A figure in its sentence: ``countries`` are ISO 3166 codes named there, ``statements`` those it stands in.

    ``according_to`` is who says so, as the sentence names them; empty where it names nobody.
    """

    figure: Figure
    cell: Cell
    published: Moment
    countries: tuple[str, ...]
    statements: tuple[str, ...]
    according_to: str = ""

    @property
    def text(self) -> str:
        """The figure as it is written."""
        return self.cell.text[self.figure.start : self.figure.end]


@dataclass(frozen=True, slots=True)
class FigureConflict:
    """Two sources count the same thing at one time, with values that cannot both hold."""

    left: FigureMention
    right: FigureMention


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The same figure, as several sources or one tell it, in order of time.

    ``what`` is a key of :class:`crosslingual.language.figures.Figure`, or empty. ``countries`` are those it is
    told of. ``revisions`` are the mentions that first gave another value than the one before them; a group
    whose values never changed has none.
    """

    id: str
    kind: str
    what: str
    countries: tuple[str, ...]
    mentions: tuple[FigureMention, ...]
    revisions: tuple[FigureMention, ...]
    conflicts: tuple[FigureConflict, ...]

    @property
    def doubt(self) -> str:
        """Why these may not be one figure, or empty: a toll that falls may be that of several happenings."""
        steps = [Decimal(one.figure.value) for one in self.revisions if self.what in _TOLLS]
        falls = any(later < earlier for earlier, later in pairwise(steps))
        return "its values fall: these may be several happenings, or parts of one" if falls else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that tell it."""
        return tuple(dict.fromkeys(one.cell.source for one in self.mentions))


@dataclass(frozen=True, slots=True)
class FigureLedger:
    """The figures of an event: groups of most sources first; each mention stands in one."""

    event: Event
    groups: tuple[FigureGroup, ...]


def build_ledger(comparison: Comparison) -> FigureLedger:
    """The figures of ``comparison``.

    Tolls (dead, injured, missing, …) of one country are one figure through the event. Others are one where
    they have the same value and count the same, or stand in one statement and count the same.
    """
    mentions = list(_collect_mentions(comparison))
    groups = [[mentions[place] for place in places] for places in _join_mentions(mentions)]
    groups.sort(key=lambda own: (-len({one.cell.source for one in own}), own[0].figure.kind == "date"))
    made = [_make_group(f"f{number}", own) for number, own in enumerate(groups, 1)]
    return FigureLedger(comparison.event, tuple(made))


def _collect_mentions(comparison: Comparison) -> Iterator[FigureMention]:
    published = {article.id: parse_moment(article.date) for article in comparison.articles}
    statements = statements_by_sentence(comparison.statements)
    finder = OutletFinder(summary.source for summary in comparison.source_summaries)
    for cell in collect_cells(comparison):
        figures = find_figures(cell.text, cell.lang)
        text = cell.text[:MAX_CHARS]
        named = [(key[2:], at) for key, at, _ in find_countries(text, cell.lang)] if figures else []
        for figure in figures:
            yield FigureMention(
                figure,
                cell,
                published[cell.article],
                _find_scope(text, named, figure),
                statements.get((cell.article, cell.sentence), ()),
                # A date beside a verb of saying is mostly when it was said.
                ""
                if figure.kind == "date"
                else find_attribution(text, figure.start, figure.end, cell.lang, finder),
            )


def _find_scope(text: str, named: Sequence[tuple[str, int]], figure: Figure) -> tuple[str, ...]:
    """Countries between the commas around a figure, else between the last commas before it that name any."""
    if figure.kind == "date":
        return ()
    end = min((at for mark in _COMMAS if (at := text.find(mark, figure.end)) >= 0), default=len(text))
    start = figure.start
    while start > 0:
        start = max(text.rfind(mark, 0, start - 1) for mark in _COMMAS) + 1
        if near := {code for code, place in named if start <= place < end}:
            return tuple(sorted(near))
    return tuple(sorted({code for code, _ in named}))


def _join_mentions(mentions: Sequence[FigureMention]) -> list[list[int]]:
    """Places of mentions that are one figure."""
    known = {one.countries for one in mentions if one.countries and _is_toll(one) and len(one.countries) == 1}
    only = next(iter(known)) if len(known) == 1 else ()
    roots = list(range(len(mentions)))

    def find_root(place: int) -> int:
        while roots[place] != place:
            roots[place] = roots[roots[place]]
            place = roots[place]
        return place

    first: dict[tuple[object, ...], int] = {}
    for place, one in enumerate(mentions):
        for key in _join_keys(one, only):
            roots[find_root(place)] = find_root(first.setdefault(key, place))
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(mentions)):
        found[find_root(place)].append(place)
    return list(found.values())


def _is_toll(mention: FigureMention) -> bool:
    figure = mention.figure
    return figure.what in _TOLLS and not figure.is_part and not figure.doubt


def _join_keys(mention: FigureMention, only_country: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    """Mentions that share one of these are one figure."""
    figure = mention.figure
    if figure.doubt or not figure.value:
        return
    if _is_toll(mention):
        yield "toll", figure.what, mention.countries or only_country
        return
    if figure.kind == "date":
        yield "date", figure.value
        return
    counted = figure.what or figure.words.casefold()
    yield "same", figure.kind, counted, figure.value, figure.is_part
    for statement in mention.statements:
        yield "value", statement, figure.kind, figure.value
        if counted and not figure.is_part:
            yield "stated", statement, figure.kind, counted


def _make_group(group_id: str, mentions: list[FigureMention]) -> FigureGroup:
    ordered = sorted(mentions, key=lambda one: one.published.sort_key)
    named = next((one for one in ordered if one.figure.what), ordered[0])
    countries = sorted({code for one in ordered for code in one.countries})
    return FigureGroup(
        group_id,
        named.figure.kind,
        named.figure.what,
        tuple(countries),
        tuple(ordered),
        tuple(_find_revisions(ordered)),
        tuple(FigureConflict(*pair) for pair in find_conflicting_pairs(ordered)),
    )


def _find_revisions(ordered: Sequence[FigureMention]) -> list[FigureMention]:
    """The first value and each that differs from the last and came surely after it.

    A later "more than 100" after 137 takes nothing back.
    """
    dated = [one for one in ordered if one.published.day and one.figure.value]
    steps: list[FigureMention] = dated[:1]
    for one in dated[1:]:
        last = steps[-1]
        if one.figure.value == last.figure.value or not is_before(last.published, one.published):
            continue
        if one.figure.kind == "date" or not (_is_lower(one, last) and values_agree(one.figure, last.figure)):
            steps.append(one)
    return steps if len(steps) > 1 else []


def _is_lower(left: FigureMention, right: FigureMention) -> bool:
    return Decimal(left.figure.value) < Decimal(right.figure.value)
