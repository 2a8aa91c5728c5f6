"""The charts: one look for all, told apart by shape and place as well as by colour, fit for print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crosslingual.formatting import shorten_title

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, LINE = "#1b1f27", "#596373", "#dfe3e9"
BLUE, VERMILION, SKY = "#0072b2", "#d55e00", "#56b4e9"
"""Of the palette of Okabe and Ito, which people tell apart whatever colours they see."""
FONT = "Source Sans, Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Noto Sans Arabic, sans-serif"
ChartRows = Sequence[dict[str, Any]]
MAX_LABEL_CHARS = 40
"""Characters of a label."""
_BAR_WIDTH, _NAME_WIDTH, _PANEL_WIDTH, _WORD_WIDTH = 150, 144, 180, 116
"""Pixels of bars and of what they are named by, of other panels and of theirs: one panel fits a phone of 390."""
_SQUARE_WIDTH = 230
_MAX_TICKS = 7
_SHARE_LABEL_EXPR = "datum.value > 1 ? '' : datum.label"
"""The axis goes on past 100 %, where the numbers stand; its labels do not."""


def split_panels(chart: alt.ConcatChart) -> list[alt.ConcatChart]:
    """A chart for each panel of ``chart``, so that a page sets as many side by side as it has room for."""
    import altair as alt

    return [_apply_theme(alt.concat(panel)) for panel in chart.concat]


def shorten_label(text: str) -> str:
    """``text`` as a label: on one line, cut where it is long."""
    return shorten_title(text, MAX_LABEL_CHARS)


def bar_chart(
    rows: ChartRows, order: Sequence[str], *, name: str, value: str, panel: str, mean: str = ""
) -> alt.ConcatChart:
    """A panel for each ``panel`` of ``order``: its names down, their shares as bars, a tick for ``mean``."""
    import altair as alt

    panels = []
    for title in order:
        own = [row for row in rows if row[panel] == title]
        if not own:
            continue
        base = alt.Chart({"values": own}, width=_BAR_WIDTH, height=alt.Step(19)).encode(
            y=alt.Y(f"{name}:N", sort=None, title=None, axis=_label_axis(_NAME_WIDTH))
        )
        scale = alt.Scale(domain=[0, max(row[value] for row in rows) * 1.25 or 1])
        across = alt.X(
            f"{value}:Q",
            title=None,
            scale=scale,
            axis=alt.Axis(format="%", tickCount=4, labelExpr=_SHARE_LABEL_EXPR),
        )
        layers = [
            base.mark_bar(color=SKY, height=11).encode(x=across, tooltip=_tooltips(own[0])),
            base.mark_text(align="right", color=INK, fontSize=11).encode(
                x=alt.value(_BAR_WIDTH), text=alt.Text(f"{value}:Q", format=".0%")
            ),
        ]
        if mean:
            layers.append(base.mark_tick(color=INK, thickness=2, size=17).encode(x=f"{mean}:Q"))
        panels.append(alt.layer(*layers, title=shorten_label(title)))
    return _apply_theme(alt.concat(*panels, columns=3, spacing=18))


def dot_chart(rows: ChartRows, panels: Sequence[str], *, legend_labels: Sequence[str]) -> alt.ConcatChart:
    """Words down, z-scores across, a panel for each view; the shape says whose word it is."""
    import altair as alt

    made = []
    for title in panels:
        own = [row for row in rows if row["view"] == title]
        if not own:
            continue
        base = alt.Chart({"values": own}, width=_PANEL_WIDTH, height=alt.Step(20)).encode(
            y=alt.Y("word:N", sort=None, title=None, axis=_label_axis(_WORD_WIDTH))
        )
        across = alt.X(
            "z:Q", title="z-score", scale=alt.Scale(domain=[0, max(row["z"] for row in rows) * 1.08])
        )
        made.append(
            alt.layer(
                base.mark_rule(color="#b9c2ce", strokeWidth=1.5).encode(x=across),
                base.mark_point(filled=True, size=85, opacity=1).encode(
                    x=across,
                    shape=alt.Shape(
                        "whose:N",
                        scale=alt.Scale(domain=list(legend_labels), range=["circle", "diamond"]),
                        legend=alt.Legend(title=None, orient="bottom", symbolSize=90, columns=1),
                    ),
                    color=alt.Color(
                        "whose:N", scale=alt.Scale(domain=list(legend_labels), range=[BLUE, VERMILION])
                    ),
                    tooltip=_tooltips(own[0]),
                ),
                title=title,
            )
        )
    return _apply_theme(alt.concat(*made, columns=2, spacing=40))


def interval_chart(rows: ChartRows, axes: Sequence[tuple[str, str, str]]) -> alt.ConcatChart:
    """Of each axis (its name, low and high pole) a panel: sources down, a point with its interval across."""
    import altair as alt

    panels = []
    for axis, low, high in axes:
        own = [row for row in rows if row["axis"] == axis]
        data = {"values": own}
        title = alt.TitleParams(f"← {low}\u2003\u2003{high} →", anchor="middle", frame="bounds")
        base = alt.Chart(data, width=_PANEL_WIDTH, height=alt.Step(24)).encode(
            y=alt.Y("source:N", sort=None, title=None, axis=_label_axis(_WORD_WIDTH))
        )
        across = alt.X("bias:Q", title=None, scale=alt.Scale(zero=False, nice=True, padding=14))
        panels.append(
            alt.layer(
                alt.Chart(data)
                .mark_rule(color=VERMILION, strokeDash=[4, 3], strokeWidth=1.5)
                .encode(x="mean(event):Q"),
                base.mark_rule(color=BLUE, strokeWidth=2.5).encode(x="lowest:Q", x2="highest:Q"),
                base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(
                    x=across, tooltip=_tooltips(own[0])
                ),
                title=title,
            )
        )
    return _apply_theme(alt.concat(*panels, columns=2, spacing=40))


def timeline_chart(rows: ChartRows) -> alt.ConcatChart:
    """Sources down, days across: from the ``first`` to the ``last`` day a line, points by ``sentences``."""
    import altair as alt

    data = {"values": list(rows)}
    days = sorted({row["day"] for row in rows})
    ticks = (
        [alt.DateTime(**_day_parts(day), utc=True) for day in days]
        if len(days) <= _MAX_TICKS
        else alt.Undefined
    )
    # A day without a time is one of UTC; elsewhere it must not become the one before.
    scale = alt.Scale(type="utc", padding=30)
    axis = alt.Axis(format="%-d %b %Y", values=ticks, tickCount=_MAX_TICKS, labelOverlap=True)
    across = alt.X("day:T", title=None, scale=scale, axis=axis)
    base = alt.Chart(data, width=760, height=alt.Step(26)).encode(
        y=alt.Y("source:N", sort=None, title=None, axis=_label_axis(212))
    )
    largest = max(row["sentences"] for row in rows)
    sizes = sorted({1, (largest + 1) // 2, largest})
    legend = alt.Legend(
        title="sentences on a day", orient="bottom", values=sizes, format="d", symbolFillColor=BLUE
    )
    layers = (
        base.mark_rule(color=LINE, strokeWidth=3).encode(
            x=alt.X("first:T", title=None, scale=scale, axis=axis), x2="last:T"
        ),
        base.mark_point(filled=True, color=BLUE, opacity=1, stroke="#ffffff", strokeWidth=1).encode(
            x=across,
            size=alt.Size(
                "sentences:Q", scale=alt.Scale(domain=[1, max(largest, 2)], range=[60, 380]), legend=legend
            ),
            tooltip=_tooltips({name: rows[0][name] for name in ("source", "day", "sentences")}),
        ),
    )
    return _apply_theme(alt.concat(alt.layer(*layers)))


def reliability_chart(rows: ChartRows, maps: Sequence[str]) -> alt.ConcatChart:
    """What is ``shown`` across, the ``share`` that is so up, with its interval ``low`` to ``high``; a shape a map.

    A point on the diagonal is as it says.
    """
    import altair as alt

    def quantity(name: str, title: str) -> dict[str, Any]:
        axis = alt.Axis(format="%", tickCount=5)
        return {"shorthand": f"{name}:Q", "title": title, "scale": alt.Scale(domain=[0, 1]), "axis": axis}

    across, up = quantity("shown", "how likely it is shown to be"), quantity("share", "belongs together")
    base = alt.Chart({"values": list(rows)}, width=_SQUARE_WIDTH, height=_SQUARE_WIDTH)  # a phone
    colour = alt.Color("map:N", scale=alt.Scale(domain=list(maps), range=[BLUE, VERMILION]))
    layers = (
        alt.Chart({"values": [{"shown": at, "share": at} for at in (0, 1)]})
        .mark_line(color=LINE, strokeWidth=1.5)
        .encode(x=alt.X(**across), y=alt.Y(**up)),
        base.mark_rule(strokeWidth=2).encode(x="shown:Q", y="low:Q", y2="high:Q", color=colour),
        base.mark_point(filled=True, size=95, opacity=1).encode(
            x=alt.X(**across),
            y=alt.Y(**up),
            color=colour,
            shape=alt.Shape(
                "map:N",
                scale=alt.Scale(domain=list(maps), range=["circle", "diamond"]),
                legend=alt.Legend(title=None, orient="bottom", symbolSize=90),
            ),
            tooltip=_tooltips(rows[0]),
        ),
    )
    return _apply_theme(alt.concat(alt.layer(*layers)))


def _day_parts(text: str) -> dict[str, int]:
    return dict(zip(("year", "month", "date"), map(int, text.split("-")), strict=True))


def _label_axis(width: int) -> Any:
    import altair as alt

    return alt.Axis(
        labelLimit=width, minExtent=width, maxExtent=width, ticks=False, domain=False, labelPadding=8
    )


def _tooltips(row: dict[str, Any]) -> list[Any]:
    import altair as alt

    return [
        alt.Tooltip(f"{name}:Q", format=".2f") if isinstance(value, float) else alt.Tooltip(f"{name}:N")
        for name, value in row.items()
    ]


def _apply_theme(chart: alt.ConcatChart) -> alt.ConcatChart:
    made: alt.ConcatChart = (
        chart.configure(background="#ffffff", font=FONT, padding=14)
        .configure_axis(
            labelColor=INK,
            titleColor=MUTED,
            gridColor="#eceff3",
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridDash=[2, 2],
        )
        .configure_title(color=INK, fontSize=13.5, fontWeight=600, anchor="start")
        .configure_legend(labelColor=INK, labelFontSize=12, labelLimit=320)
        .configure_view(stroke=None)
    )
    return made
