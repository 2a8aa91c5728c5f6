"""Axes: where the sources stand between two poles, and the sentences that move them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from crosslingual.framing.axes import Mover, Stand
from crosslingual.ui.framing.charts import intervals, short
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Plot, Row
from crosslingual.ui.framing.telling import Telling


def axes(telling: Telling) -> Iterator[Part]:
    """All axes as intervals, then as a table."""
    by: dict[str, list[Stand]] = defaultdict(list)
    for one in telling.framing.stands:
        by[one.axis].append(one)
    if not by:
        yield Note("There are no sentences to place between poles.")
        return
    yield Note(
        "Where the sentences of a source stand on average between two poles: 1 is where sentences that"
        " describe the right pole stand, −1 those of the left one. 0 is not neutral: compare sources with one"
        " another. It measures how a text sounds, not who is right."
    )
    rows = [
        {
            "axis": one.axis,
            "source": short(telling.names[one.source]),
            "bias": one.bias,
            "lowest": one.lowest,
            "highest": one.highest,
            "event": one.event,
            "sentences": one.sentences,
        }
        for one in telling.framing.stands
    ]
    yield Plot(
        "axes",
        "Between two poles.",
        "Point: mean of the source’s sentences. Line: 95 of 100 bootstrap samples. Dashed: the event.",
        intervals(rows, [(id_, stands[0].low, stands[0].high) for id_, stands in by.items()]),
    )
    yield _table(telling, by)


def _table(telling: Telling, by: Mapping[str, Sequence[Stand]]) -> Grid:
    of: dict[str, list[Stand]] = defaultdict(list)
    for stands in by.values():
        for one in stands:
            of[one.source].append(one)
    return Grid(
        "axes",
        "Each source.",
        "Position, 95 % interval, intensity (how far sentences lie from the event’s mean, squared). Choose"
        " a figure to read the sentences that move the source most.",
        "Source",
        ("Sentences", *(f"{stands[0].low} – {stands[0].high}" for stands in by.values())),
        tuple(_row(telling, source, stands) for source, stands in of.items()),
    )


def _row(telling: Telling, source: str, stands: Sequence[Stand]) -> Row:
    every = Group("All its sentences", tuple(Item(telling.told(cell)) for cell in telling.cells[source]))
    return Row(
        source,
        telling.names[source],
        (Cell(f"{stands[0].sentences:,}", (every,)), *(_position(telling, one) for one in stands)),
        chip=telling.chip(source),
    )


def _position(telling: Telling, one: Stand) -> Cell:
    ends = ((one.high, one.towards_high), (one.low, one.towards_low))
    return Cell(
        signed(one.bias),
        tuple(_movers(telling, f"Towards {pole}", found) for pole, found in ends if found),
        sub=f"{signed(one.lowest)} to {signed(one.highest)}; intensity {one.intensity:.2f}",
    )


def _movers(telling: Telling, title: str, movers: Sequence[Mover]) -> Group:
    return Group(
        title, tuple(Item(telling.told(one.cell), f"position {signed(one.position)}") for one in movers)
    )


def signed(number: float) -> str:
    """With two decimals and a true minus, none before a zero."""
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
