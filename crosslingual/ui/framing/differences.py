"""Differences inside a statement: how many of each kind between which sources, and the pairs of sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from crosslingual.frame import Difference
from crosslingual.framing.evidence import KINDS
from crosslingual.report.words import count, percent
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Row
from crosslingual.ui.framing.telling import Telling

NAMES = {"clause": "clause cut", "attribution": "verb of saying"}


def differences(telling: Telling) -> Iterator[Part]:
    """Kinds of differences by pair of sources."""
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
    yield _kinds(telling)
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


def _kinds(telling: Telling) -> Grid:
    between: dict[frozenset[str], list[Difference]] = defaultdict(list)
    for found in sorted(telling.framing.differences, key=telling.view.rank):
        between[frozenset((found.one.source, found.other.source))].append(found)
    groups = {id(found): pair_group(telling, found) for found in telling.framing.differences}
    rows = []
    for one, other in combinations(telling.names, 2):
        pairs = between[frozenset((one, other))]
        if not pairs:
            continue
        cells = [Cell(count(len(pairs), "pair"), tuple(groups[id(pair)] for pair in pairs))]
        for kind in KINDS:
            those = [pair for pair in pairs if any(span.kind == kind for span in pair.divergence.spans)]
            cells.append(
                Cell(
                    str(len(those)),
                    tuple(groups[id(pair)] for pair in those),
                    shade=len(those) / len(pairs) if those else None,
                )
            )
        rows.append(Row(f"{one} {other}", f"{telling.names[one]} – {telling.names[other]}", tuple(cells)))
    return Grid(
        "differences",
        "Named differences.",
        "How many pairs of sentences, of those compared, have a difference of each kind; the darker, the"
        " larger their share. Choose a figure to read them, surest first.",
        "Between",
        ("Compared", *(NAMES.get(kind, kind) for kind in KINDS)),
        tuple(rows),
        marks=True,
    )
