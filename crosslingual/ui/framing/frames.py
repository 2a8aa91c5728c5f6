"""Policy frames: a distribution by source, labelled for what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crosslingual.framing.policy import Portion
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Row
from crosslingual.ui.framing.telling import Telling


def frames(telling: Telling) -> Iterator[Part]:
    """The frames of every source, with the sentences that have most of one."""
    found = telling.framing.portions
    if not found:
        yield Note("There are no sentences to read frames from.")
        return
    yield Note(
        "A weak automatic reading: how near sentences are to descriptions of the generic frames of Boydstun"
        " et al. (2014), not what a trained coder would say. It is no score of bias.",
        weak=True,
    )
    yield _table(telling)


def _table(telling: Telling) -> Grid:
    by: dict[str, dict[str, Portion]] = defaultdict(dict)
    for one in telling.framing.portions:
        by[one.name][one.source] = one
    most = max(one.share for one in telling.framing.portions) or 1.0
    return Grid(
        "frames",
        "Policy frames by source.",
        "Per cent of a source’s sentences; the darker, the more. First the mean of all. Choose a figure to"
        " read the sentences with most of the frame.",
        "Frame",
        ("All sources", *telling.names.values()),
        tuple(
            Row(
                name,
                name,
                (
                    _mean(own, most),
                    *(
                        _cell(telling, own[id_], most) if id_ in own else Cell("–", look="own")
                        for id_ in telling.names
                    ),
                ),
            )
            for name, own in by.items()
        ),
        look="heat",
    )


def _mean(own: Mapping[str, Portion], most: float) -> Cell:
    mean = next(iter(own.values())).event
    return Cell(f"{round(100 * mean)} %", shade=min(1.0, mean / most), look="mean")


def _cell(telling: Telling, one: Portion, most: float) -> Cell:
    items = tuple(
        Item(telling.told(found.cell), f"{round(100 * found.share)} % of it") for found in one.evidence
    )
    groups = (
        (Group(f"Most of “{one.name}” in {telling.names[one.source]}", items, (one.reading,)),)
        if items
        else ()
    )
    return Cell(f"{round(100 * one.share)} %", groups, shade=one.share / most)
