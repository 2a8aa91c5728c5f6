"""Axes: where the sources stand between two poles, and the sentences that move them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from crosslingual.framing.axes import Mover, Stand
from crosslingual.ui.framing.charts import intervals, short
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Plot, Row
from crosslingual.ui.framing.telling import Telling


def axes(telling: Telling) -> Iterator[Part]:
    """All axes as intervals, then each as a table."""
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
    for id_, stands in by.items():
        yield _table(telling, id_, stands)


def _table(telling: Telling, axis: str, stands: Sequence[Stand]) -> Grid:
    high, low = stands[0].high, stands[0].low
    return Grid(
        f"axis-{axis}",
        f"{low} – {high}.",
        "Choose a figure to read the sentences that move the source most. Intensity: how far its sentences"
        " lie from the event’s mean, squared.",
        "Source",
        ("Position", "95 % interval", "Intensity", "Sentences"),
        tuple(_row(telling, one) for one in stands),
    )


def _row(telling: Telling, one: Stand) -> Row:
    ends = ((one.high, one.towards_high), (one.low, one.towards_low))
    movers = tuple(_movers(telling, f"Towards {pole}", found) for pole, found in ends if found)
    every = Group("All its sentences", tuple(Item(telling.told(cell)) for cell in telling.cells[one.source]))
    return Row(
        one.source,
        telling.names[one.source],
        (
            Cell(signed(one.bias), movers),
            Cell(f"{signed(one.lowest)} to {signed(one.highest)}", movers),
            Cell(f"{one.intensity:.2f}", movers),
            Cell(f"{one.sentences:,}", (every,)),
        ),
        chip=telling.chip(one.source),
    )


def _movers(telling: Telling, title: str, movers: Sequence[Mover]) -> Group:
    return Group(
        title, tuple(Item(telling.told(one.cell), f"position {signed(one.position)}") for one in movers)
    )


def signed(number: float) -> str:
    """With two decimals and a true minus, none before a zero."""
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
