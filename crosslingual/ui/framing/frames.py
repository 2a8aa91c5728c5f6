"""Policy frames: a distribution by source, labelled for what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.framing.policy import Portion
from crosslingual.ui.framing.charts import bars
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Plot, Row
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
    rows = [
        {"source": telling.names[one.source], "frame": one.name, "share": one.share, "event": one.event}
        for one in found
    ]
    yield Plot(
        "frames",
        "Policy frames by source.",
        "Bars: share of the source’s sentences; those of a source add up to 100 %. Tick: mean of all.",
        bars(rows, list(telling.names.values()), name="frame", value="share", panel="source", mean="event"),
    )
    yield _table(telling)


def _table(telling: Telling) -> Grid:
    by: dict[str, dict[str, Portion]] = defaultdict(dict)
    for one in telling.framing.portions:
        by[one.name][one.source] = one
    most = max(one.share for one in telling.framing.portions) or 1.0
    return Grid(
        "frames",
        "Each frame.",
        "Per cent of a source’s sentences. Choose a figure to read the sentences with most of the frame.",
        "Frame",
        tuple(telling.names.values()),
        tuple(
            Row(
                name,
                name,
                tuple(
                    _cell(telling, own[id_], most) if id_ in own else Cell("–", look="own")
                    for id_ in telling.names
                ),
            )
            for name, own in by.items()
        ),
    )


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
