"""Differences inside a statement: how many of each kind between which sources, and the pairs of sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from crosslingual.frame import Difference
from crosslingual.framing.evidence import KINDS
from crosslingual.report.words import count, percent
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Row
from crosslingual.ui.framing.telling import Telling

NAMES = {"clause": "clause cut", "attribution": "verb of saying"}
SURE = 0.7
"""Probability from which a difference is in the list of sure ones."""
_COLUMNS = ("Compared", *(NAMES.get(kind, kind) for kind in KINDS))
_MOST, _TOLD = 100, 3  # rows of that list, and differences that a row names


def differences(telling: Telling) -> Iterator[Part]:
    """Kinds of differences by source, the sure ones, and by pair of sources."""
    found = telling.framing.differences
    if not found:
        yield Note(
            "No two sentences of different sources are in one statement, so that none can be held against"
            " another. Add what other sources wrote about the event."
        )
        return
    yield Note(
        "Two sentences of one statement are held against each other in their own languages. A paraphrase may"
        " be taken for a difference; the per cent say how likely the two differ in what they say."
    )
    groups = {id(found): pair_group(telling, found) for found in telling.framing.differences}
    yield _sources(telling, groups)
    yield _sure(telling, groups)
    yield _kinds(telling, groups)
    if telling.framing.left:
        yield Note(f"{count(telling.framing.left, 'pair')} of very large statements were not looked at.")


def pair_group(telling: Telling, one: Difference) -> Group:
    """Two sentences beside each other, with what differs marked."""
    number = telling.view.labels[one.statement]
    said = " · ".join(f"{kind}: {about}" for kind, about in telling.view.named(one))
    return Group(
        f"S{number} · {percent(one.divergence.score)} % likely to differ",
        tuple(
            Item(telling.told(place, [span for span in one.divergence.spans if span.side == side]))
            for side, place in enumerate((one.one, one.other))
        ),
        (said,) if said else (),
        beside=True,
    )


def _sources(telling: Telling, groups: Mapping[int, Group]) -> Grid:
    """A heat map: of the pairs that a source is in, how many differ in each kind."""
    of: dict[str, list[Difference]] = defaultdict(list)
    for found in sorted(telling.framing.differences, key=telling.view.rank):
        for side in {found.one.source, found.other.source}:
            of[side].append(found)
    rows = [
        Row(id_, name, tuple(_figures(of[id_], groups)), chip=telling.chip(id_))
        for id_, name in telling.names.items()
        if of[id_]
    ]
    return Grid(
        "differing",
        "Who differs in what.",
        "Of the pairs of sentences that a source is in, how many differ in each kind; the darker, the larger"
        " their share.",
        "Source",
        _COLUMNS,
        tuple(rows),
        marks=True,
    )


def _figures(pairs: Sequence[Difference], groups: Mapping[int, Group]) -> Iterator[Cell]:
    yield Cell(count(len(pairs), "pair"), tuple(groups[id(pair)] for pair in pairs))
    for kind in KINDS:
        those = [pair for pair in pairs if any(span.kind == kind for span in pair.divergence.spans)]
        yield Cell(
            str(len(those)),
            tuple(groups[id(pair)] for pair in those),
            shade=len(those) / len(pairs) if those else None,
        )


def _sure(telling: Telling, groups: Mapping[int, Group]) -> Grid:
    """The named differences of pairs that likely differ, surest first."""
    rows: list[Row] = []
    for found in sorted(telling.framing.differences, key=lambda one: -one.divergence.score):
        if found.divergence.score < SURE:
            break
        named = list(telling.view.named(found))
        if not named:
            continue
        sides = (found.one.source, found.other.source)
        rows.append(
            Row(
                str(len(rows)),
                " · ".join(about for _, about in named[:_TOLD]),
                (
                    Cell(", ".join(dict.fromkeys(NAMES.get(kind, kind) for kind, _ in named))),
                    *(Cell(telling.names[side]) for side in sides),
                    Cell(f"{percent(found.divergence.score)} %", (groups[id(found)],)),
                ),
                sub=f"S{telling.view.labels[found.statement]}",
            )
        )
    shown = rows[:_MOST]
    more = f" Shown are {len(shown)} of {len(rows):,}; the report has all." if len(rows) > len(shown) else ""
    return Grid(
        "sure",
        "The sure ones.",
        f"Pairs that differ at {percent(SURE)} % or more, surest first.{more}"
        if rows
        else f"No pair differs at {percent(SURE)} % or more in a number, date, name, negation or the like.",
        "Difference",
        ("Kind", "One source", "Another", "How sure"),
        tuple(shown),
        look="wide",
        marks=True,
    )


def _kinds(telling: Telling, groups: Mapping[int, Group]) -> Grid:
    between: dict[frozenset[str], list[Difference]] = defaultdict(list)
    for found in sorted(telling.framing.differences, key=telling.view.rank):
        between[frozenset((found.one.source, found.other.source))].append(found)
    rows = []
    for one, other in combinations(telling.names, 2):
        pairs = between[frozenset((one, other))]
        if not pairs:
            continue
        rows.append(
            Row(
                f"{one} {other}",
                f"{telling.names[one]} – {telling.names[other]}",
                tuple(_figures(pairs, groups)),
            )
        )
    return Grid(
        "differences",
        "Between two sources.",
        "How many pairs of sentences, of those compared, have a difference of each kind; the darker, the"
        " larger their share. Choose a figure to read them, surest first.",
        "Between",
        _COLUMNS,
        tuple(rows),
        marks=True,
    )
