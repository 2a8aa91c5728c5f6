from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console
from shelved import article, asked, put, toy_space  # type: ignore[import-not-found]

from crosslingual.library import Library
from crosslingual.report.search import search_object, search_rows, search_view, summary
from crosslingual.report.tables import csv_bytes
from crosslingual.search import Results, SearchIndex, find
from crosslingual.types import Source, Translation

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "search.schema.json").read_text("utf-8"))
KNOWN = {"a": Source("a", "Outlet A", country="CN", ownership="state")}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path) as opened:
        put(
            opened,
            article(["Дождь.", "=Снег <b>."], lang="ru", source="a", date="2024-05-16T08:00", title="T"),
            article(["Rain fell.", "Snow."], source="b"),
        )
        opened.memory.put([("Дождь.", "ru", Translation("Rain.", "en", "argos", "1", ("length",)))])
        yield opened


def results(library: Library, text: str) -> Results:
    index = SearchIndex(library, toy_space())
    found = find(library, index, toy_space(), asked(text))
    index.close()
    return found


@pytest.mark.parametrize(
    "text", ["Rain", "Дождь", "Nothing that was ever said in any of these articles", "Rain fell."]
)
def test_the_json_is_as_the_schema_says(library: Library, text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told = search_object(results(library, text), KNOWN, "toy")
    jsonschema.validate(json.loads(json.dumps(told)), SCHEMA)
    assert told["sources"]["of"] == 2
    assert {hit["source"] for hit in told["results"]} == {"a", "b"}


def test_the_schema_refuses_other_objects(library: Library) -> None:
    told = search_object(results(library, "Rain"), KNOWN, "toy")
    told["results"][0]["probability"] = 2
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SCHEMA)


def test_sources_and_translations_are_told(library: Library) -> None:
    hits = {hit["text"]: hit for hit in search_object(results(library, "Дождь"), KNOWN, "toy")["results"]}
    rain = hits["Дождь."]
    assert (rain["name"], rain["country"], rain["ownership"]) == ("Outlet A", "CN", "state")
    assert rain["translation"]["engine"] == "argos"
    assert (rain["before"], rain["after"]) == ("", "=Снег <b>.")
    assert hits["Snow."]["translation"] is None


def test_rows_are_flat_and_safe_in_a_spreadsheet(library: Library) -> None:
    rows = search_rows(results(library, "Дождь").hits, KNOWN)
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert all(not isinstance(value, dict | list) for row in rows for value in row.values())
    assert "'=Снег" in csv_bytes(rows).decode("utf-8-sig")


def test_over_time_says_who_was_first(library: Library) -> None:
    found = results(library, "Дождь")
    assert summary(found, KNOWN).endswith("first 2024-05-16: Outlet A")
    (line,) = search_object(found, KNOWN, "toy")["over_time"]
    assert line["days"] == [{"date": "2024-05-16", "sentences": 1}]


def test_a_terminal_shows_the_sentence_its_place_and_what_made_the_translation(library: Library) -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(search_view(results(library, "Дождь"), KNOWN))
    told = console.export_text()
    assert "Дождь." in told
    assert "Rain. (argos)" in told
    assert "Outlet A" in told
    assert "1 of 2 sources" in told


@pytest.mark.parametrize(
    ("text", "sure", "shown"),
    [("Дождь", 0.49, False), ("Дождь", 0.5, True), ("Дождь идёт над городом весь день", 0.49, True)],
)
def test_a_terminal_shows_no_low_probability_of_a_few_words(
    library: Library, text: str, sure: float, shown: bool
) -> None:
    found = results(library, text)
    found = replace(found, hits=tuple(replace(hit, probability=sure) for hit in found.hits))
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(search_view(found, KNOWN))
    assert (f"{sure:.0%}" in console.export_text()) == shown
    assert search_object(found, KNOWN, "toy")["results"][0]["probability"] == sure
