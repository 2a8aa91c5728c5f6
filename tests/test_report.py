from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console, RenderableType

from crosslingual.align.space import Space
from crosslingual.compare.comparison import compare_event
from crosslingual.events.clustering import find_events
from crosslingual.library import Library
from crosslingual.report.terminal import comparison_view, events_table, format_dates
from crosslingual.report.to_json import comparison_object, event_object
from crosslingual.types import (
    Article,
    Cell,
    Comparison,
    Correction,
    Event,
    Link,
    MergeEdge,
    Source,
    SourceSummary,
    Statement,
    Translation,
)

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "docs" / "comparison.schema.json").read_text("utf-8")
)
HOSTILE = "[red]x[/red] [/] \x1b[31mred\x1b]0;title\x07 \x9b31m :smile: \r\b\x00"


def shown(view: RenderableType, width: int = 200) -> str:
    console = Console(file=StringIO(), width=width, highlight=False)
    console.print(view)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.fixture
def comparison() -> Comparison:
    """One statement of two of three sources, one sentence that only one has; hostile wherever text may be."""
    sources = [Source(id_, f"{id_.title()} {HOSTILE}") for id_ in ("one", "two", "three")]
    articles = (Article("one", "zh", "是。"), Article("two", "en", "Yes."), Article("three", "en", "No. No."))
    cells = [
        Cell(
            "one",
            articles[0].id,
            0,
            0,
            2,
            "zh",
            HOSTILE,
            Translation(f"Yes. {HOSTILE}", "en", "memory"),
            1.23456,
            0.98765,
        ),
        Cell("two", articles[1].id, 0, 0, 4, "en", "Yes.", None, 1.2, 0.9),
    ]
    return Comparison(
        event=Event(f"e{HOSTILE}", f"Title {HOSTILE}", "2024-05-16", "2024-05-17", (), (), (HOSTILE,)),
        source_summaries=tuple(SourceSummary(one, 1, 2 if one.id == "three" else 1, 1, 0) for one in sources),
        articles=articles,
        statements=(Statement("0123456789", tuple(cells), 2, 3, 1.2, 0.9),),
        exclusives=(Cell("three", articles[2].id, 1, 5, 9, "en", f"No. {HOSTILE}"),),
        encoder="letters@1",
        threshold=0.5,
        merge_edges=(MergeEdge((0, 0), (1, 0), 0.9),),
        links=(Link((0, 0), (1, 0), 0.98765, 1.23456), Link((1, 0), (2, 1), 0.1, 1.0)),
        translation_pairs=((articles[0].id, articles[1].id),),
        corrections=(),
    )


def test_the_json_of_the_demo_is_as_documented(demo_library: Library, demo_space: Space) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for event in find_events(demo_library, demo_space):
        found = comparison_object(compare_event(demo_library, demo_space, event))
        jsonschema.validate(json.loads(json.dumps(found)), SCHEMA)
        assert found["event"] == event_object(event)
        assert list(found["exclusives"]) == [source["id"] for source in found["sources"]]
        for statement in found["statements"]:
            carriers = {cell["source"] for cell in statement["cells"]}
            perhaps = [cell["source"] for cell in statement["perhaps"]]
            silent = {one["source"] for one in statement["not_found"]}
            assert carriers | silent | set(perhaps) == set(found["exclusives"])
            assert not carriers & silent
            assert len(set(perhaps)) == len(perhaps)
            assert not set(perhaps) & (carriers | silent)
            assert len(carriers) == statement["coverage"]
            assert statement["n_sources"] == len(carriers) + len(perhaps) + len(silent)


def test_every_field_is_described_and_none_may_be_added() -> None:
    objects = 0

    def look(node: object) -> None:
        nonlocal objects
        if isinstance(node, dict):
            if isinstance(fields := node.get("properties"), dict):
                objects += 1
                assert node["additionalProperties"] is False
                assert sorted(node["required"]) == sorted(fields)
                for name, field in fields.items():
                    described = "description" in field or field.get("$ref") == "#/$defs/event"
                    assert described, name
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(SCHEMA)
    assert objects == 14


def test_a_field_that_is_not_documented_is_refused(demo_library: Library, demo_space: Space) -> None:
    found = comparison_object(
        compare_event(demo_library, demo_space, find_events(demo_library, demo_space)[0])
    )
    found["statements"][0]["cells"][0]["sure"] = True
    with pytest.raises(jsonschema.ValidationError, match="sure"):
        jsonschema.validate(json.loads(json.dumps(found)), SCHEMA)


def test_scores_are_rounded_and_silences_have_their_denominator(comparison: Comparison) -> None:
    (statement,) = comparison_object(comparison)["statements"]
    assert [cell["score"] for cell in statement["cells"]] == [1.2346, 1.2]
    assert statement["not_found"] == [{"source": "three", "articles": 1, "sentences": 2}]


def test_each_cell_has_its_candidates_those_that_won_and_those_that_lost(comparison: Comparison) -> None:
    found = comparison_object(comparison)
    (statement,) = found["statements"]
    first, second = (article["id"] for article in found["articles"][:2])
    won = {"sentence": 0, "probability": 0.9877, "score": 1.2346, "statements": [statement["id"]]}
    lost = {"sentence": 1, "probability": 0.1, "score": 1.0, "statements": []}
    assert statement["cells"][0]["candidates"] == [{"article": second} | won]
    assert statement["cells"][1]["candidates"] == [
        {"article": first} | won,
        {"article": found["articles"][2]["id"]} | lost,
    ]
    assert found["threshold"] == 0.5
    (bond,) = found["merge_edges"]
    assert bond == {
        "left": {"article": first, "sentence": 0},
        "right": {"article": second, "sentence": 0},
        "probability": 0.9,
        "correction": None,
        "is_secondary": False,
    }


def test_what_was_made_by_hand_says_so(comparison: Comparison) -> None:
    made = Correction("x", "together", (("a" * 16, 0),), (("b" * 16, 0),), "2024-05-16T10:00:00+00:00")
    joined = replace(comparison, merge_edges=(MergeEdge((0, 0), (1, 0), 1.0, "x"),), corrections=(made,))
    found = json.loads(json.dumps(comparison_object(joined)))
    assert found["statements"][0]["manual"]
    assert found["merge_edges"][0]["correction"] == "x"
    assert found["corrections"][0]["left"] == [["a" * 16, 0]]
    jsonschema.validate(found["corrections"][0], SCHEMA["$defs"]["correction"] | {"$defs": SCHEMA["$defs"]})
    text = shown(comparison_view(joined))
    assert "by hand" in text
    assert "very likely · 90 %" not in text


def test_a_hole_is_a_hole_with_its_denominator(comparison: Comparison) -> None:
    text = shown(comparison_view(comparison))
    assert "2 of 3" in text
    assert "very likely · 90 %" in text
    assert "links from 50 % on" in text
    assert text.count("— not found in its 1 article") == 1
    more = replace(
        comparison,
        source_summaries=tuple(replace(column, n_articles=3) for column in comparison.source_summaries),
    )
    assert "— not found in its 3 articles" in shown(comparison_view(more))
    assert "(1 of 2 sentences)" in text


def test_what_all_carry_says_so(demo_library: Library, demo_space: Space) -> None:
    comparisons = [
        compare_event(demo_library, demo_space, event) for event in find_events(demo_library, demo_space)
    ]
    sevens = [one for one in comparisons if len(one.source_summaries) == 7]
    full = [one for one in sevens if any(statement.coverage == 7 for statement in one.statements)]
    assert full, "the demo has statements that all seven carry"
    text = shown(comparison_view(full[0]), width=250)
    assert "7 of 7" in text
    assert "— not found in its 1 article" in text
    assert "(demo text)" in text


def test_hostile_text_steers_neither_the_table_nor_the_terminal(comparison: Comparison) -> None:
    for view in (comparison_view(comparison), events_table([comparison.event])):
        text = shown(view, width=400)
        assert "[red]x[/red]" in text, "no markup"
        assert ":smile:" in text
        assert all(char.isprintable() or char == "\n" for char in text)


def test_dates_are_a_day_or_a_span() -> None:
    event = Event("e", "t", "2024-05-16", "2024-05-16", (), (), ())
    assert format_dates(event) == "2024-05-16"
    assert format_dates(replace(event, end="2024-05-18")) == "2024-05-16 – 2024-05-18"
    assert format_dates(replace(event, start="", end="")) == ""
