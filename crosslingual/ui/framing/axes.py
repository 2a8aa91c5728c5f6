"""Axes: where the sources stand between two poles, and the sentences that move them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from crosslingual.framing.axes import AxisScore, Mover
from crosslingual.ui.framing.charts import interval_chart, shorten_label
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    Plot,
    SectionPart,
    SentenceGroup,
    SentenceItem,
)


def axes_section(context: FramingContext) -> Iterator[SectionPart]:
    """All axes as intervals, then as a table."""
    by: dict[str, list[AxisScore]] = defaultdict(list)
    for one in context.framing.axis_scores:
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
            "source": shorten_label(context.names[one.source]),
            "bias": one.bias,
            "lowest": one.ci_low,
            "highest": one.ci_high,
            "event": one.event_bias,
            "sentences": one.n_sentences,
        }
        for one in context.framing.axis_scores
    ]
    yield Plot(
        "axes",
        "Between two poles.",
        "Point: mean of the source’s sentences. Line: 95 of 100 bootstrap samples. Dashed: the event.",
        interval_chart(rows, [(id_, stands[0].low, stands[0].high) for id_, stands in by.items()]),
    )
    yield _axes_table(context, by)


def _axes_table(context: FramingContext, scores_by_axis: Mapping[str, Sequence[AxisScore]]) -> Grid:
    of: dict[str, list[AxisScore]] = defaultdict(list)
    for stands in scores_by_axis.values():
        for one in stands:
            of[one.source].append(one)
    return Grid(
        "axes",
        "Each source.",
        "Position, 95 % interval, intensity (how far sentences lie from the event’s mean, squared). Choose"
        " a figure to read the sentences that move the source most.",
        "Source",
        ("Sentences", *(f"{stands[0].low} – {stands[0].high}" for stands in scores_by_axis.values())),
        tuple(_source_row(context, source, stands) for source, stands in of.items()),
    )


def _source_row(context: FramingContext, source: str, scores: Sequence[AxisScore]) -> GridRow:
    every = SentenceGroup(
        "All its sentences",
        tuple(SentenceItem(context.sentence_at(cell)) for cell in context.source_sentences[source]),
    )
    return GridRow(
        source,
        context.names[source],
        (GridCell(f"{scores[0].n_sentences:,}", (every,)), *(_position_cell(context, one) for one in scores)),
        chip=context.source_chip(source),
    )


def _position_cell(context: FramingContext, score: AxisScore) -> GridCell:
    ends = ((score.high, score.towards_high), (score.low, score.towards_low))
    return GridCell(
        format_signed(score.bias),
        tuple(_movers_group(context, f"Towards {pole}", found) for pole, found in ends if found),
        subtext=f"{format_signed(score.ci_low)} to {format_signed(score.ci_high)}; intensity {score.intensity:.2f}",
    )


def _movers_group(context: FramingContext, title: str, movers: Sequence[Mover]) -> SentenceGroup:
    return SentenceGroup(
        title,
        tuple(
            SentenceItem(context.sentence_at(one.cell), f"position {format_signed(one.position)}")
            for one in movers
        ),
    )


def format_signed(number: float) -> str:
    """With two decimals and a true minus, none before a zero."""
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
