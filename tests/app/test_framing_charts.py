from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.ui.framing.charts import (
    MAX_LABEL_CHARS,
    bar_chart,
    dot_chart,
    interval_chart,
    shorten_label,
    timeline_chart,
)

HOSTILE = '<img src=x onerror="window.pwned=1">'


@given(st.text(max_size=200))
def test_a_label_is_one_short_line(text: str) -> None:
    label = shorten_label(text)
    assert len(label) <= MAX_LABEL_CHARS
    assert label == " ".join(label.split())
    assert shorten_label(label) == label


def marks(spec: Any) -> list[str]:
    if isinstance(spec, dict):
        own = spec.get("mark")
        found = [own["type"] if isinstance(own, dict) else own] if own else []
        return found + [mark for value in spec.values() for mark in marks(value)]
    return [mark for value in spec for mark in marks(value)] if isinstance(spec, list) else []


@pytest.mark.filterwarnings("error")
def test_bars_say_their_number_beside_them_and_the_mean_by_a_tick() -> None:
    rows = [{"source": HOSTILE, "frame": "Economic", "share": 0.25, "event": 0.5}]
    spec = bar_chart(
        rows, [HOSTILE, "none"], name="frame", value="share", panel="source", mean="event"
    ).to_dict()
    assert marks(spec) == ["bar", "text", "tick"]
    assert len(spec["concat"]) == 1  # a source without any has no panel


def test_intervals_have_a_line_a_point_and_the_event_dashed() -> None:
    row = {"axis": "a", "source": "s", "bias": 0.1, "lowest": -0.1, "highest": 0.3, "event": 0.0}
    spec = interval_chart([row], [("a", "bad", "good")]).to_dict()
    assert marks(spec) == ["rule", "rule", "point"]
    dashed, line, _ = spec["concat"][0]["layer"]
    assert "strokeDash" in dashed["mark"]
    assert "strokeDash" not in line["mark"]
    assert spec["concat"][0]["title"]["text"].split() == ["←", "bad", "good", "→"]


def test_dots_tell_whose_word_it_is_by_shape() -> None:
    row = {"word": HOSTILE, "z": 2.5, "view": "All", "whose": "own", "count": 3}
    spec = dot_chart([row], ("All", "Shared"), legend_labels=("own", "made")).to_dict()
    (panel,) = spec["concat"]
    shape = panel["layer"][1]["encoding"]["shape"]
    assert shape["scale"] == {"domain": ["own", "made"], "range": ["circle", "diamond"]}


def test_a_timeline_has_a_line_from_first_to_last_and_points_by_number() -> None:
    days = (("2024-05-16", 3), ("2024-05-18", 1))
    row = {"source": HOSTILE, "first": "2024-05-16", "last": "2024-05-18"}
    spec = timeline_chart([row | {"day": day, "sentences": number} for day, number in days]).to_dict()
    assert marks(spec) == ["rule", "point"]
    line, points = spec["concat"][0]["layer"]
    assert (line["encoding"]["x"]["field"], line["encoding"]["x2"]["field"]) == ("first", "last")
    assert points["encoding"]["size"]["legend"]["values"] == [1, 2, 3]
    assert points["encoding"]["x"]["scale"]["type"] == "utc"  # a day is the same day everywhere
    assert len(points["encoding"]["x"]["axis"]["values"]) == 2
