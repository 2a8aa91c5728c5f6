from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.framing.lexicon import DistinctiveTerm, Lexicon
from crosslingual.ui.framing.axes import axes_section, format_signed
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.differences import differences_section
from crosslingual.ui.framing.frames import frames_section
from crosslingual.ui.framing.grid import (
    MIN_NARROW_COLUMNS,
    Grid,
    Note,
    Plot,
    SectionPart,
    grid_style,
    serialize_grid,
)
from crosslingual.ui.framing.lexicon import ACROSS, ORIGINAL, SCOPES, lexicon_section
from crosslingual.ui.framing.omissions import omissions_section
from crosslingual.ui.framing.overview import overview_section
from crosslingual.ui.framing.quotes import quotes_section
from tests.helpers import framing_samples

HOSTILE = '<img src=x onerror="window.pwned=1">\u202e😀'


def telling(text: str = "", **more: Any) -> FramingContext:
    compared = framing_samples.comparison(text, **more)
    return FramingContext(compared, framing_samples.framing(compared, about=text), "en")


def parts(one: FramingContext) -> list[SectionPart]:
    found = [
        *overview_section(one),
        *omissions_section(one),
        *differences_section(one),
        *quotes_section(one),
        *axes_section(one),
        *frames_section(one),
    ]
    return found + [part for where in SCOPES for part in lexicon_section(one, "one", where)]


def grids(one: FramingContext) -> dict[str, dict[str, Any]]:
    return {part.name: serialize_grid(part, one) for part in parts(one) if isinstance(part, Grid)}


@pytest.mark.parametrize("sources", [1, 2, 3])
@pytest.mark.parametrize("text", ["", HOSTILE])
def test_whatever_stands_in_an_event_every_section_is_made_of_plain_values(text: str, sources: int) -> None:
    made = grids(telling(text, sources=sources, url="javascript:alert(1)"))
    assert {"overview", "exclusives", "frames", "axes"} <= set(made)
    for grid in made.values():
        assert json.loads(json.dumps(grid)) == grid
        assert all(article["url"] == "" for article in grid["articles"].values())
        for row in grid["rows"]:
            assert len(row["cells"]) == len(grid["columns"])
            for cell in row["cells"]:
                groups = [grid["groups"][at] for at in cell["groups"]]
                assert all(group["items"] or group["note"] for group in groups)
                assert cell["share"] is None or 0 <= cell["share"] <= 1
                assert cell["shade"] is None or 0 <= cell["shade"] <= 1
        for group in grid["groups"]:
            for item in group["items"]:
                told = grid["sentences"][item["at"]]["text"]
                assert "".join(part["text"] for part in item["parts"] or [{"text": told}]) == told


def test_a_silence_has_what_the_others_say_and_what_was_looked_at() -> None:
    matrix = grids(telling())["matrix"]
    (row,) = matrix["rows"]
    assert [cell["text"] for cell in row["cells"]] == ["●", "●", "–"]
    (at,) = row["cells"][2]["groups"]
    group = matrix["groups"][at]
    assert group["title"] == "Not found in three"
    assert group["note"] == ["1 article, 1 sentence looked at. 2 of 3 sources carry it: one, two."]
    assert len(group["items"]) == 2


def test_a_difference_is_counted_by_kind_and_marked_on_its_side() -> None:
    grid = grids(telling())["differences"]
    (row,) = grid["rows"]
    figures = dict(zip(grid["columns"], (cell["text"] for cell in row["cells"]), strict=True))
    assert figures["Compared"] == "1 pair"
    assert figures["number"] == "1"
    assert figures["negation"] == "0"
    one, other = grid["groups"][row["cells"][1]["groups"][0]]["items"]
    assert one["parts"][0] == {"text": one["parts"][0]["text"], "kind": "number"}
    assert other["parts"] is None


def test_who_differs_in_what_counts_each_source_and_the_sure_ones_are_listed() -> None:
    found = grids(telling())
    rows = {row["text"]: row["cells"] for row in found["differing"]["rows"]}
    assert {name: cells[0]["text"] for name, cells in rows.items()} == {"one": "1 pair", "two": "1 pair"}
    assert all(cells[1]["text"] == "1" and cells[1]["shade"] == 1 for cells in rows.values())
    for row in found["sure"]["rows"]:
        assert [cell["text"] for cell in row["cells"][1:3]] == ["one", "two"]
        assert row["cells"][3]["groups"]


@pytest.mark.parametrize("columns", [2, MIN_NARROW_COLUMNS - 1, MIN_NARROW_COLUMNS, 40])
def test_tables_of_many_sources_have_narrow_columns(columns: int) -> None:
    assert (grid_style(columns, "wide") == "wide heat") == (columns >= MIN_NARROW_COLUMNS)


def test_policy_frames_are_a_heat_map_with_the_mean_first() -> None:
    grid = grids(telling())["frames"]
    assert grid["look"] == "heat"
    assert grid["columns"] == ["All sources", "one", "two", "three"]
    assert all(row["cells"][0]["look"] == "mean" for row in grid["rows"])
    assert max(cell["shade"] or 0 for row in grid["rows"] for cell in row["cells"]) == 1


def test_a_quotation_is_told_in_every_other_source() -> None:
    found = grids(telling("all of us think that "))
    assert {"voices", "elsewhere"} <= set(found)
    for row in found["elsewhere"]["rows"]:
        assert len([cell for cell in row["cells"] if cell["look"] == "own"]) == 1
        assert all(cell["groups"] for cell in row["cells"])
    shares: dict[str, int] = {}
    for row in found["voices"]["rows"]:
        source, share, _ = row["cells"]
        shares[source["text"]] = shares.get(source["text"], 0) + int(share["text"].split()[0])
    assert set(shares.values()) == {100}


def term(**more: Any) -> DistinctiveTerm:
    place = telling().source_sentences["one"][0]
    from crosslingual.framing.cells import make_trace

    made = DistinctiveTerm(
        "all", "en", "one", ("two",), "so", "so", 2.5, 1.0, 4, 10, 1, 20, 0, 7, (make_trace(place),)
    )
    return replace(made, **more)


def test_a_word_of_the_translators_is_told_by_shape_and_in_the_table() -> None:
    whole = telling()
    whole.framing = replace(
        whole.framing,
        lexicon=Lexicon(
            (term(),), (term(n_translated=3), term(term="it", form="it", view="shared")), {"two": 1}
        ),
    )
    _, left, plot, grid = lexicon_section(whole, "one", ACROSS)
    assert isinstance(plot, Plot)
    assert isinstance(grid, Grid)
    assert isinstance(left, Note)
    assert "two 1 of 1" in left.text
    spec = json.dumps(plot.chart.to_dict(), ensure_ascii=False)
    assert '"diamond"' in spec
    assert "at least once the translator’s word" in spec
    assert [row.cells[4].text for row in grid.rows] == ["3 of 4", "–"]
    assert grid.rows[0].cells[1].groups[0].title == "1 of the 7 sentences with it"
    assert [row.text for row in list(lexicon_section(whole, "one", ORIGINAL))[-1].rows] == ["so"]  # type: ignore[union-attr]


def test_nothing_to_show_says_why() -> None:
    whole = telling()
    whole.framing = replace(whole.framing, lexicon=Lexicon((), (), {"one": 1}))
    last = list(lexicon_section(whole, "one", ACROSS))[-1]
    assert last == Note("No sentence of one is translated: none of its words is counted.")
    *_, last = lexicon_section(whole, "one", ORIGINAL)
    assert isinstance(last, Note)
    assert "No other source of this event writes in Chinese" in last.text
    *_, last = lexicon_section(whole, "two", ORIGINAL)
    assert last == Note("No word marks two against three, in English.")


def test_sources_of_one_name_are_told_apart() -> None:
    compared = framing_samples.comparison()
    columns = tuple(
        replace(column, source=replace(column.source, name="Same")) for column in compared.source_summaries
    )
    compared = replace(compared, source_summaries=columns)
    names = FramingContext(compared, framing_samples.framing(compared), "en").names
    assert names == {"one": "Same (one)", "two": "Same (two)", "three": "Same (three)"}


@given(st.floats(-9, 9))
@settings(max_examples=50)
def test_a_signed_number_is_the_number_with_a_true_minus(number: float) -> None:
    text = format_signed(number)
    assert float(text.replace("−", "-")) == pytest.approx(number, abs=0.0051)
    assert "-" not in text
    assert not text.startswith("−0.00")
