from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.cli import cli
from crosslingual.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "search.schema.json").read_text("utf-8"))
QUERY = "Xi Jinping and Vladimir Putin signed a joint statement in Beijing"

Run = Callable[..., Result]


@pytest.fixture
def run(loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path) -> Run:
    """Run a command on a copy of the demo library."""
    return lambda *args: CliRunner().invoke(
        cli, [*map(str, args), "--library", str(demo_copy)], catch_exceptions=False
    )


def found(run: Run, *args: object) -> dict[str, list[dict[str, str]]]:
    told: dict[str, list[dict[str, str]]] = json.loads(run("search", *args, "--json").stdout)
    jsonschema.validate(told, SCHEMA)
    return told


def test_json_is_as_the_schema_says_and_filters_hold(run: Run) -> None:
    told = found(run, QUERY, "--limit", "2")
    assert len(told["results"]) == 2
    assert float(told["results"][0]["probability"]) > 0.5
    every = (QUERY, "--threshold", "0")
    assert {one["lang"] for one in found(run, *every, "--lang", "ZH")["results"]} == {"zh"}
    assert {one["source"] for one in found(run, *every, "--source", "ria-demo")["results"]} == {"ria-demo"}
    assert {one["country"] for one in found(run, *every, "--country", "cn")["results"]} == {"CN"}
    assert {one["ownership"] for one in found(run, *every, "--ownership", "public")["results"]} == {"public"}
    for one in found(run, *every, "--from", "2024-05-15", "--to", "2024-05-17")["results"]:
        assert "2024-05-15" <= one["date"][:10] <= "2024-05-17"
    event = json.loads(run("events", "--json").stdout)[0]
    articles = {one["article"] for one in found(run, *every, "--event", event["id"])["results"]}
    assert articles <= set(event["articles"])
    assert articles


def test_what_is_like_a_stored_sentence(run: Run) -> None:
    best = found(run, QUERY)["results"][0]
    like = found(run, "--like", f"{best['article']}:{best['sentence']}")["results"]
    assert float(like[0]["probability"]) > 0.5
    assert best["text"] not in [one["text"] for one in like if one["article"] == best["article"]]


def test_results_go_to_files_and_the_terminal(run: Run, tmp_path: Path) -> None:
    shown = run("search", QUERY, "--csv", tmp_path / "a.csv", "--jsonl", tmp_path / "a.jsonl")
    assert "sources say it · of 8 sources" in shown.stdout
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(lines) <= 20
    assert all(float(row["probability"]) >= 0.5 for row in rows), "what is less sure is asked for"
    assert [row["text"] for row in rows] == [line["text"] for line in lines]
    assert {"url", "probability", "score", "article", "sentence"} <= set(rows[0])
    assert "nothing found" in run("search", '"no such phrase anywhere"').stdout


def test_it_prints_in_each_form(run: Run, tmp_path: Path) -> None:
    whole = found(run, QUERY)["results"]
    lines = run("search", QUERY, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == whole
    for asked in (
        ("search", QUERY, "--csv"),
        ("search", "--csv", QUERY),
        ("search", QUERY, "--format", "csv"),
    ):
        rows = list(csv.DictReader(io.StringIO(run(*asked).stdout)))
        assert [row["text"] for row in rows] == [one["text"] for one in whole]
    assert run("search", QUERY, "--csv", "--json").exit_code == 2


def test_less_sure_ones_are_shown_when_asked_for(run: Run) -> None:
    nobody = "The penguins of the southern island have learned to play chess against visitors"
    assert found(run, nobody)["results"] == []
    told = run("search", nobody).stdout
    assert "No source says it" in told
    assert "--threshold 0" in told
    every = found(run, nobody, "--threshold", "0")["results"]
    assert len(every) == 20
    assert all(float(one["probability"]) < 0.5 for one in every)
    few = found(run, QUERY, "--threshold", "0.9")["results"]
    assert all(float(one["probability"]) >= 0.895 for one in few)


def test_an_exact_phrase_narrows_a_query(run: Run) -> None:
    told = found(run, QUERY, "--phrase", "joint statement")
    assert told["query"]["phrases"] == ["joint statement"]  # type: ignore[call-overload]
    assert told["results"]
    assert all("joint statement" in one["text"].lower() for one in told["results"])


def test_a_saved_search_tells_what_is_new(run: Run, tmp_path: Path) -> None:
    assert "no saved searches" in run("search", "saved").stdout
    run("search", QUERY, "--save", "summit")
    assert "summit" in run("search", "saved").stdout
    assert json.loads(run("search", "saved", "--json").stdout)[0]["new"] == 0
    new = tmp_path / "new.md"
    new.write_text("---\nsource: bbc\nlang: en\ndate: 2024-05-20\n---\n" + QUERY + ".\n", encoding="utf-8")
    run("add", new)
    assert json.loads(run("search", "saved", "--json").stdout)[0]["new"] == 1
    (row,) = csv.DictReader(io.StringIO(run("search", "saved", "--csv").stdout))
    assert (row["name"], row["new"]) == ("summit", "1")
    told = json.loads(run("search", "saved", "summit", "--json").stdout)
    assert [one["text"] for one in told["results"]] == [QUERY + "."]
    assert json.loads(run("search", "saved", "--json").stdout)[0]["new"] == 0, (
        "what was shown is no longer new"
    )
    run("search", "saved", "summit", "--remove")
    assert "no saved searches" in run("search", "saved").stdout
    with pytest.raises(NotFoundError):
        run("search", "saved", "summit")


def test_the_index_is_checked_and_mended(run: Run, tmp_path: Path) -> None:
    run("search", QUERY)
    assert "holds what the library holds" in run("index", "check").stdout
    for part in (tmp_path / "library" / "index").rglob("*.flat"):
        part.unlink()
    told = run("index", "check").stdout
    assert "damaged or missing" in told
    assert "mended" in told
    assert "holds what the library holds" in run("index", "check").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "give a QUERY"),
        (("a", "--like", "b:1"), "not both"),
        (("rain", "--from", "2024-05-02", "--to", "2024-05-01"), "the other way round"),
        (("?!",), "no words"),
        (("--like", "a:1", "--save", "x"), "--save"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run("search", *args)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--country", "Russia"), "country 'RUSSIA': not in this library; there are: CN, DE, FR, GB"),
        (("--lang", "xx", "--lang", "ru"), "lang 'xx': not in this library; there are: de, en, fr, ru, uk"),
        (("--source", "nope"), "source 'nope': not in this library; there are: bbc-demo, "),
    ],
)
def test_a_filter_of_what_the_library_has_not_is_told(run: Run, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(NotFoundError, match=said):
        run("search", "rain", *args)


def test_filters_that_nothing_meets_together_find_nothing(run: Run) -> None:
    result = run("search", "rain", "--source", "ria-demo", "--lang", "zh")
    assert result.exit_code == 0
    assert "nothing found" in result.stdout


@pytest.mark.parametrize("args", [("--like", "a"), ("rain", "--from", "yesterday"), ("rain", "--limit", "0")])
def test_options_are_checked(run: Run, args: tuple[str, ...]) -> None:
    assert run("search", *args).exit_code == 2


def test_evaluate_search_measures_demo_lines(run: Run, tmp_path: Path) -> None:
    lines = {"en": ["The rain fell all night.", "", "Prices rose by 5 percent in May."]}
    lines["de"] = ["Es regnete die ganze Nacht.", "", "Die Preise stiegen im Mai um 5 Prozent."]
    lines["fr"] = ["Il a plu toute la nuit.", "", "Les prix ont augmenté de 5 pour cent en mai."]
    for lang, told in lines.items():
        (tmp_path / f"lines.{lang}").write_text("\n".join(told), encoding="utf-8")
    result = CliRunner().invoke(
        cli,
        ["evaluate", "search", "--queries", str(tmp_path / "lines.de"), "--lines", str(tmp_path / "lines.en"),
         "--lines", str(tmp_path / "lines.fr"),
         "--distractors", str(DEMO_FOLDER / "fukushima-water")],
        catch_exceptions=False,
    )  # fmt: skip
    scores = json.loads(result.stdout.splitlines()[-1])
    assert set(scores) == {"en", "fr"}
    assert all(
        one["queries"] == 2 and one["recall_at_1"] == one["recall_at_10"] == 1 for one in scores.values()
    )
