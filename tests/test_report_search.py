from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from crosslingual.library import ArticleEntry, Library
from crosslingual.report.listing import MAX_NEAREST_HITS, select_hits
from crosslingual.report.search import (
    format_headline,
    format_no_results,
    format_source_counts,
    search_object,
    search_rows,
    search_view,
)
from crosslingual.report.tables import csv_bytes
from crosslingual.search import Hit, Results, SearchIndex, parse_query, search_sentences
from crosslingual.search.bands import Band
from crosslingual.types import Sentence, Source, Translation
from tests.helpers.library_samples import article, asked, put, toy_space

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
        opened.memory.put_translations(
            [("Дождь.", "ru", Translation("Rain.", "en", "argos", "1", ("length",)))]
        )
        yield opened


def results(library: Library, text: str) -> Results:
    index = SearchIndex(library, toy_space())
    found = search_sentences(library, index, toy_space(), asked(text))
    index.close()
    return found


@pytest.mark.parametrize(
    "text", ["Rain", "Дождь", "Nothing that was ever said in any of these articles", "Rain fell."]
)
def test_the_json_is_as_the_schema_says(library: Library, text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told = search_object(results(library, text), KNOWN, "toy")
    jsonschema.validate(json.loads(json.dumps(told)), SCHEMA)
    assert told["sources"]["n_sources_searched"] == 2
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
    assert format_headline(select_hits(found), found, KNOWN).endswith("first 2024-05-16: Outlet A")
    (line,) = search_object(found, KNOWN, "toy")["over_time"]
    assert line["days"] == [{"date": "2024-05-16", "sentences": 1}]


def printed(found: Results) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(search_view(select_hits(found), found, KNOWN))
    return console.export_text()


def test_a_terminal_shows_by_source_the_sentence_its_place_and_what_made_the_translation(
    library: Library,
) -> None:
    found = results(library, "Дождь")
    told = printed(found)
    assert "Outlet A · CN · 1 sentence" in told
    assert "Дождь." in told
    assert "Rain. (argos)" in told
    assert f"{found.hits[0].entry.article}:0" in told
    assert "1 source has the words · of 2 sources, 2 articles, 4 sentences" in told


def test_a_terminal_is_not_steered(library: Library) -> None:
    found = results(library, "Дождь")
    (first, *rest) = found.hits
    evil = replace(first, sentence=replace(first.sentence, text="\x1b[2Jgone"))
    assert "\x1b" not in printed(replace(found, hits=(evil, *rest)))


@pytest.mark.parametrize(
    ("text", "band", "shown"),
    [
        ("Дождь", Band.WORDS, "words"),
        ("Дождь", Band.SAYS, "51 %"),
        ("Дождь идёт весь этот день", Band.SAYS, "51 %"),
    ],
)
def test_a_terminal_shows_no_probability_of_a_few_words_that_are_only_there(
    library: Library, text: str, band: Band, shown: str
) -> None:
    found = results(library, text)
    found = replace(found, hits=tuple(replace(hit, probability=0.51, band=band) for hit in found.hits))
    told = printed(found)
    assert shown in told
    assert ("51 %" in told) == (shown == "51 %")


def of(*bands: tuple[str, Band]) -> Results:
    """Results of which each sentence is of this source and in this band, with less and less probability."""
    hits = tuple(
        Hit(
            ArticleEntry(f"a{number}", source, "en", "", "", "", 1),
            Sentence(f"a{number}", 0, 0, 4, "Rain"),
            0.6 - number / 10,
            0.4,
            1.0,
            band == Band.WORDS,
            band,
            band == Band.WORDS,
        )
        for number, (source, band) in enumerate(bands)
    )
    return Results(parse_query("Rain"), hits, hits, (), 9, 9, 9)


def test_the_headline_counts_what_is_listed_each_source_once() -> None:
    found = of(
        ("a", Band.SAYS),
        ("b", Band.WORDS),
        ("a", Band.WORDS),
        ("c", Band.NEAR),
        ("b", Band.NEAR),
        ("d", Band.OTHER),
    )
    listed = select_hits(found)
    assert format_source_counts(listed, found) == "1 source says it, 1 more has the words, 1 more comes near"
    assert {hit.entry.source for hit in listed.hits} == {"a", "b", "c"}
    assert format_source_counts(select_hits(found, 0.55), found) == "1 source says it"
    assert [hit.entry.source for hit in select_hits(found, 0.0).hits] == [
        hit.entry.source for hit in found.hits
    ]


def test_where_nothing_answers_a_few_come_nearest_and_none_is_counted() -> None:
    found = of(*[("d", Band.OTHER)] * 30)
    listed = select_hits(found)
    assert listed.is_nearest_only
    assert len(listed.hits) == MAX_NEAREST_HITS
    assert format_source_counts(listed, found) == "no source says it or has the words"
    assert "--threshold 0" in format_no_results(found)


def test_sources_that_say_it_are_counted_to_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def say_if_alike(_query: object, _probability: float, cosine: float, **_: object) -> Band:
        return Band.SAYS if cosine > 0.9 else Band.OTHER  # the weights are fitted to another space

    monkeypatch.setattr("crosslingual.search.searcher.choose_band", say_if_alike)
    said = "Rain fell on the harbour all night and the ferries stayed there."
    with Library(tmp_path) as library:
        put(library, *(article([said, f"Filler {n}."], source=f"s{n}") for n in range(130)))
        found = results(library, said)
        assert (found.n_sources_saying, found.n_sources, found.is_complete) == (130, 130, True)
        assert len(found.all_hits) > 130
        assert "counted to the last" in format_headline(select_hits(found), found, KNOWN)
        assert search_object(found, KNOWN, "toy")["sources"]["complete"]
        monkeypatch.setattr("crosslingual.search.searcher.MAX_NEIGHBORS", 100)
        short = results(library, said)
        assert short.n_sources_saying < 130
        assert not short.is_complete
        assert "at least so many" in format_headline(select_hits(short), short, KNOWN)


def test_sources_with_the_words_or_the_phrase_are_counted_to_the_last(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        put(
            library,
            *(article([f"Harbour lights {n}.", "Harbour lights."], source=f"s{n}") for n in range(330)),
        )
        words = results(library, "Harbour lights")
        assert len({hit.entry.source for hit in words.all_hits if hit.has_all}) == 330
        index = SearchIndex(library, toy_space())
        query = asked("Harbour lights")
        phrase = replace(query, query=parse_query('"harbour lights"'))
        found = search_sentences(library, index, toy_space(), phrase)
        index.close()
        assert len(found.all_hits) == 660
        assert found.is_complete
