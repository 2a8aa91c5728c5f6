"""Statements over time: when each source said it, as a chart and as the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.search import Results
from crosslingual.search.availability import is_day
from crosslingual.search.timeline import SourceTimeline, build_timelines
from crosslingual.ui.framing.charts import shorten_label, timeline_chart
from crosslingual.ui.serialize import format_date

_MAX_SOURCES = 40
"""Sources in the chart; the table has all."""
_MAX_DAYS = 60
"""Days that the table lists for a source."""


def first_date_text(lines: Sequence[SourceTimeline], names: Mapping[str, str]) -> str:
    """Where it was said first: ``first 16 May 2024: BBC, DW``; nothing where no article has a date."""
    dated = [line for line in lines if line.first_day]
    if not dated:
        return ""
    first = [names.get(line.source, line.source) for line in dated if line.first_day == dated[0].first_day]
    others = f" and {len(first) - 4} more" if len(first) > 4 else ""
    return f"first {format_date(dated[0].first_day)}: {', '.join(first[:4])}{others}"


def render_timeline(results: Results, names: Mapping[str, str]) -> None:
    """Draw both."""
    lines = build_timelines(results)
    if not lines:
        st.html(
            "<p class='framing-note'>No source says it at the default threshold, so that there is nothing to"
            " show over time; the other views list what comes nearest.</p>"
        )
        return
    dated = [line for line in lines if is_day(line.first_day) and is_day(line.last_day)]
    if dated:
        rows = [
            {
                "source": shorten_label(names.get(line.source, line.source)),
                "day": day,
                "sentences": number,
                "first": line.first_day,
                "last": line.last_day,
            }
            for line in dated[:_MAX_SOURCES]
            for day, number in line.day_counts
            if is_day(day)
        ]
        said = "have its words" if results.query.is_short else "say it"
        st.html(
            "<p class='framing-plot'><b>When it was said.</b> A line for each source, whoever was first on"
            f" top; the larger a point, the more sentences {said} on that day.</p>"
        )
        st.altair_chart(
            timeline_chart(rows),
            theme=None,
            width="content",
            alt="When each source said it. The same figures are in the table below.",
            key="search.timeline",
        )
    st.html(_table_html(lines, names))


def _table_html(lines: Sequence[SourceTimeline], names: Mapping[str, str]) -> str:
    head = "".join(
        f"<th scope='col'>{name}</th>" for name in ("Source", "First", "Last", "How often", "On which days")
    )
    body = "".join(_row_html(line, names.get(line.source, line.source)) for line in lines)
    return (
        "<div class='times'><table><caption>By source, first to last</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row_html(line: SourceTimeline, name: str) -> str:
    days = [f"{day or 'no date'} ({number:,})" for day, number in line.day_counts[:_MAX_DAYS]]
    if len(line.day_counts) > _MAX_DAYS:
        days.append(f"and {len(line.day_counts) - _MAX_DAYS:,} more days")
    often = f"{format_count(line.n_sentences, 'sentence')} in {format_count(line.n_articles, 'article')}"
    told = (line.first_day or "no date", line.last_day or "no date", often, ", ".join(days))
    cells = "".join(f"<td>{escape(one)}</td>" for one in told)
    return f"<tr><th scope='row' dir='auto'>{escape(name)}</th>{cells}</tr>"
