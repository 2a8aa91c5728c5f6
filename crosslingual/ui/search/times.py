"""Statements over time: when each source said it, as a chart and as the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st

from crosslingual.report.words import count
from crosslingual.search import Results
from crosslingual.search.over_time import Line, over_time
from crosslingual.ui.framing.charts import short, timeline
from crosslingual.ui.payload import date_text

_LINES = 40
"""Sources in the chart; the table has all."""
_DAYS = 60
"""Days that the table lists for a source."""


def first_said(lines: Sequence[Line], names: Mapping[str, str]) -> str:
    """Where it was said first: ``first 16 May 2024: BBC, DW``; nothing where no article has a date."""
    dated = [line for line in lines if line.first]
    if not dated:
        return ""
    first = [names.get(line.source, line.source) for line in dated if line.first == dated[0].first]
    others = f" and {len(first) - 4} more" if len(first) > 4 else ""
    return f"first {date_text(dated[0].first)}: {', '.join(first[:4])}{others}"


def draw_times(results: Results, names: Mapping[str, str]) -> None:
    """Draw both."""
    lines = over_time(results)
    if not lines:
        st.html(
            "<p class='framing-note'>No source says it at the default threshold, so that there is nothing to"
            " show over time; the other views list what comes nearest.</p>"
        )
        return
    dated = [line for line in lines if _whole(line.first) and _whole(line.last)]
    if dated:
        rows = [
            {
                "source": short(names.get(line.source, line.source)),
                "day": day,
                "sentences": number,
                "first": line.first,
                "last": line.last,
            }
            for line in dated[:_LINES]
            for day, number in line.days
            if _whole(day)
        ]
        said = "have its words" if results.query.short else "say it"
        st.html(
            "<p class='framing-plot'><b>When it was said.</b> A line for each source, whoever was first on"
            f" top; the larger a point, the more sentences {said} on that day.</p>"
        )
        st.altair_chart(
            timeline(rows),
            theme=None,
            width="content",
            alt="When each source said it. The same figures are in the table below.",
            key="search.timeline",
        )
    st.html(_table(lines, names))


def _whole(day: str) -> bool:
    """Whether it is a day; an article may say no more than the year."""
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _table(lines: Sequence[Line], names: Mapping[str, str]) -> str:
    head = "".join(
        f"<th scope='col'>{name}</th>" for name in ("Source", "First", "Last", "How often", "On which days")
    )
    body = "".join(_row(line, names.get(line.source, line.source)) for line in lines)
    return (
        "<div class='times'><table><caption>By source, first to last</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(line: Line, name: str) -> str:
    days = [f"{day or 'no date'} ({number:,})" for day, number in line.days[:_DAYS]]
    if len(line.days) > _DAYS:
        days.append(f"and {len(line.days) - _DAYS:,} more days")
    often = f"{count(line.sentences, 'sentence')} in {count(line.articles, 'article')}"
    told = (line.first or "no date", line.last or "no date", often, ", ".join(days))
    cells = "".join(f"<td>{escape(one)}</td>" for one in told)
    return f"<tr><th scope='row' dir='auto'>{escape(name)}</th>{cells}</tr>"
