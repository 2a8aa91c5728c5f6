"""What the answers say, on the page: shares with intervals, the reliability diagram, the calibration."""

from __future__ import annotations

from typing import Any

import streamlit as st

from crosslingual.check.estimates import Estimate
from crosslingual.check.results import CheckResults
from crosslingual.report.check import (
    MEASURES,
    describe_results,
    estimate_rows,
    format_interval,
    format_share,
)
from crosslingual.report.tables import csv_bytes
from crosslingual.ui.add.widgets import render_message, render_section, render_table
from crosslingual.ui.framing.charts import reliability_chart

AS_SHIPPED, AS_CALIBRATED = "as shipped", "calibrated on the answers"
_HEADER = ("", "Share", "95 % interval", "Answers it rests on", "Answers to add for ±5 points")
_NUMERIC = (1, 2, 3, 4)


def render_results(results: CheckResults) -> None:
    """Draw ``results``; the buttons that act on them are the page's."""
    for line in describe_results(results):
        render_message(line.split(" comes back with:")[0].rstrip("; "))
    named = {
        f"{name.replace('_', ' ').capitalize()}: {told}": getattr(results, name)
        for name, told in MEASURES.items()
    }
    render_section(
        "How right it is",
        "Each share is of your answers, and so, within the interval, of all that they were drawn from.",
    )
    render_table(_HEADER, [_estimate_row(name, one) for name, one in named.items() if one], _NUMERIC)
    if results.precision_by_langs:
        render_section("Precision by languages")
        rows = [_estimate_row(langs, one) for langs, one in results.precision_by_langs.items()]
        render_table(_HEADER, rows, _NUMERIC)
    if results.reliability:
        _render_reliability(results)


def results_csv(results: CheckResults) -> bytes:
    """All shares as a table."""
    return csv_bytes(estimate_rows(results))


def reliability_rows(results: CheckResults) -> list[dict[str, Any]]:
    """A point for each bin as shipped, and one as it would be with the calibration that the answers speak for."""
    rows: list[dict[str, Any]] = []
    for one in results.reliability:
        measured = {"share": one.measured.share, "low": one.measured.low, "high": one.measured.high}
        rows.append({"map": AS_SHIPPED, "shown": one.mean_probability, **measured, "judged": one.measured.n})
        if one.mapped_probability is not None:
            own = {"map": AS_CALIBRATED, "shown": one.mapped_probability}
            rows.append({**own, **measured, "judged": one.measured.n})
    return rows


def _render_reliability(results: CheckResults) -> None:
    lead = "Of the pairs shown at 80 %, eight in ten should belong together: then a point lies on the line."
    render_section("Reliability", lead)
    rows = reliability_rows(results)
    maps = [name for name in (AS_SHIPPED, AS_CALIBRATED) if any(row["map"] == name for row in rows)]
    told = f"Reliability diagram. {lead} The same figures are in the table below."
    st.altair_chart(
        reliability_chart(rows, maps), theme=None, width="content", alt=told, key="check.reliability"
    )
    render_table(
        ("Shown as", "Mean", "Belongs together", "95 % interval", "Judged", "Mean, calibrated"),
        [
            (
                f"{100 * one.low:.0f}–{100 * one.high:.0f} %",
                format_share(one.mean_probability),
                format_share(one.measured.share),
                format_interval(one.measured),
                str(one.measured.n),
                "–" if one.mapped_probability is None else format_share(one.mapped_probability),
            )
            for one in results.reliability
        ],
        (0, 1, 2, 3, 4, 5),
    )


def _estimate_row(name: str, one: Estimate) -> tuple[str, ...]:
    return name, format_share(one.share), format_interval(one), str(one.n), f"{one.n_more:,}"
