"""Own axes as rows, as JSON and for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from crosslingual.corpus.axes import ALL_MONTHS, AxisPositions, PlacedSentence
from crosslingual.corpus.measures import share_interval
from crosslingual.framing.own_axes import OwnAxes
from crosslingual.report.corpus import format_share, make_table
from crosslingual.report.framing import round_numbers
from crosslingual.report.terminal import plain_text

CHANCE = 0.5
"""The share of held-out texts that falls on its own side by chance."""


def poles_rows(own: OwnAxes) -> list[dict[str, Any]]:
    """A row for each axis: how many texts of its poles fall on their own side when held out.

    The interval counts places of the lists, since texts of one place may be translations of one another.
    """
    rows = []
    for axis, found in zip(own.model.axes, own.separations, strict=True):
        share = found.n_right / found.n_texts
        low, high = share_interval(round(share * found.n_held_out), found.n_held_out)
        row = {
            "axis": axis.id,
            "high": axis.high,
            "low": axis.low,
            "languages": " ".join(axis.poles),
            "right": found.n_right,
            "of_texts": found.n_texts,
            "held_out": found.n_held_out,
            "share": share,
            "share_low": low,
            "share_high": high,
            "tells_poles_apart": low > CHANCE,
            "tone_cosine": found.tone_cosine,
        }
        rows.append(round_numbers(row))
    return rows


def position_rows(positions: AxisPositions) -> list[dict[str, Any]]:
    """A row for each axis, month and source; ``month`` is empty for all months together."""
    rows = []
    for axis, months in positions.items():
        for month, sources in months.items():
            for source, own in sources.items():
                low, high = own.interval() or (None, None)
                row = {
                    "axis": axis,
                    "month": month,
                    "source": source,
                    "mean": own.mean,
                    "mean_low": low,
                    "mean_high": high,
                    "sentences": own.n_sentences,
                    "articles": own.n_articles,
                }
                rows.append(round_numbers(row))
    return rows


def axes_object(own: OwnAxes, positions: AxisPositions) -> dict[str, Any]:
    """All of it, with the outermost sentences of each source on each axis."""
    outermost = [
        {
            "axis": axis,
            "source": source,
            "highest": _sentence_objects(found.highest),
            "lowest": _sentence_objects(found.lowest),
        }
        for axis, months in positions.items()
        for source, found in months[ALL_MONTHS].items()
    ]
    return {"poles": poles_rows(own), "positions": position_rows(positions), "outermost": outermost}


def describe_separation(row: Mapping[str, Any]) -> str:
    """What a row of :func:`poles_rows` means, in words."""
    if row["tells_poles_apart"]:
        return "tells its poles apart"
    return "does NOT tell its poles apart, do not rely on it"


def poles_table(own: OwnAxes) -> Table:
    """For a terminal: how well the axes tell their own poles apart."""
    table = make_table("axis", "low (-1)", "high (1)", "held out, right (95 %)", "good-bad", "apart")
    for row in poles_rows(own):
        share = format_share(row["share"], row["share_low"], row["share_high"])
        table.add_row(
            *(plain_text(row[name]) for name in ("axis", "low", "high")),
            f"{row['right']} of {row['of_texts']}: {share}",
            f"{row['tone_cosine']:+.2f}",
            "yes" if row["tells_poles_apart"] else "NO",
        )
    return table


def positions_table(positions: AxisPositions) -> Table:
    """For a terminal: where the sources stand."""
    table = make_table("axis", "month", "source", "mean (95 %)", "sentences", "articles")
    for row in position_rows(positions):
        table.add_row(
            plain_text(row["axis"]),
            row["month"] or "all",
            plain_text(row["source"]),
            format_position(row),
            f"{row['sentences']:,}",
            f"{row['articles']:,}",
        )
    return table


def format_position(row: Mapping[str, Any]) -> str:
    """``+0.25 (0.10 to 0.40)``; without the interval where there is a single article."""
    if row["mean_low"] is None:
        return f"{row['mean']:+.2f}"
    return f"{row['mean']:+.2f} ({row['mean_low']:+.2f} to {row['mean_high']:+.2f})"


def _sentence_objects(placed: Sequence[PlacedSentence]) -> list[dict[str, Any]]:
    return [
        {
            "position": round_numbers(one.position),
            "article": one.sentence.entry.article,
            "sentence": one.sentence.sentence.index,
            "text": one.sentence.text,
        }
        for one in placed
    ]
