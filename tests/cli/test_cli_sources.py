from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import cli, main
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.library import Library

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "comparison.schema.json").read_text("utf-8"))
STORY = (
    "A ferry with ninety people on board ran aground off Tallinn before dawn. Two tugs pulled it free at"
    " noon. Nobody was hurt, the coast guard said. The captain is being questioned. All trips were"
    " cancelled."
)
REPORT = (
    "Ninety people spent the night on a ferry off Tallinn. Tugs came at noon. The captain must answer"
    " questions, says the police. Passengers praise the crew. The harbour was closed for hours."
)
Run = Callable[..., str]


@pytest.fixture
def run(
    loaded_encoder: SentenceEncoder, demo_space: Space, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run a command on a library of its own; what it printed."""
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*args: object) -> str:
        result: Result = CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A report, its reprint, and another report of the same."""
    records = (
        {"source": "reuters", "text": STORY, "title": "A ferry off Tallinn"},
        {"url": "https://village-echo.org/1", "text": STORY, "title": "Ferry runs aground"},
        {"source": "bbc", "text": REPORT, "title": "A night on a ferry"},
    )
    path = tmp_path / "news.jsonl"
    lines = (json.dumps(one | {"lang": "en", "date": "2024-05-16"}) + "\n" for one in records)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_batch_is_undone_as_it_was_told(run: Run, news: Path) -> None:
    added = run("add", news)
    assert "not all is known of village-echo-org" in added
    assert "news.jsonl: 3 articles, 3 new sources" in run("history")
    (hint,) = (line for line in added.splitlines() if line.startswith("to undo: "))
    undone = run(*hint.removeprefix("to undo: crosslingual ").split())
    assert "(3 articles)" in undone
    assert json.loads(run("sources", "list", "--json")) == []
    assert "3 articles" in run("history")
    run(*undone.rstrip().rpartition("crosslingual ")[2].split())
    assert len(json.loads(run("sources", "list", "--json"))) == 3
    kinds = [(act["kind"], act["undone"]) for act in json.loads(run("history", "--json"))]
    assert kinds == [("undo", False), ("undo", True), ("add", False)]


def test_sources_to_complete_are_named_in_one_line(run: Run, tmp_path: Path) -> None:
    records = ({"url": f"https://{name}.org/1", "text": f"{name}: {STORY}", "lang": "en"} for name in "ab")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    added = run("add", tmp_path / "a.jsonl")
    (told,) = (line for line in added.splitlines() if "not all is known" in line)
    assert told.startswith("not all is known of a-org, b-org: crosslingual sources edit ID --country CODE")


def test_sources_are_completed_merged_removed_and_all_that_is_undone(run: Run, news: Path) -> None:
    run("add", news)

    def echo() -> dict[str, object]:
        (found,) = (one for one in json.loads(run("sources", "list", "--json")) if "echo" in one["id"])
        return dict(found)

    assert (echo()["complete"], echo()["articles"], echo()["domains"]) == (False, 1, ["village-echo.org"])
    table = run("sources", "list")
    assert "village-echo-org" in table
    assert "crosslingual sources edit village-echo-org" in table
    run("sources", "add", "echo", "--name", "The Echo", "--feed", "https://village-echo.org/feed")
    run("sources", "merge", "village-echo-org", "echo")
    edited = ("--country", "GB", "--ownership", "private", "--language", "en", "--language", "fr")
    assert "changed" in run("sources", "edit", "echo", *edited)
    assert "so already" in run("sources", "edit", "echo", *edited)
    assert echo()["complete"]
    assert (echo()["id"], echo()["languages"], echo()["aliases"]) == (
        "echo",
        ["en", "fr"],
        ["village-echo-org", "village-echo.org"],
    )
    assert "with 1 article;" in run("sources", "remove", "echo")
    for _ in range(3):
        run("sources", "undo")
    left = {one["id"]: one["articles"] for one in json.loads(run("sources", "list", "--json"))}
    assert left == {"bbc": 1, "echo": 0, "reuters": 1, "village-echo-org": 1}
    assert len(json.loads(run("sources", "list", "--all", "--json"))) > 60


def test_copies_are_listed_and_count_once_by_the_users_word(run: Run, news: Path) -> None:
    assert "crosslingual add" in _fails("duplicates")
    run("add", news)
    (copy,) = json.loads(run("duplicates", "--json"))
    assert {copy["left"]["source"], copy["right"]["source"]} == {"reuters", "village-echo-org"}
    assert (copy["shared_sentences"], copy["share"], copy["translated"]) == (5, 1.0, False)
    assert "5 sentences" in run("duplicates")
    article = copy["left"]["id"]
    each = json.loads(run("compare", article, "--format", "json"))
    once = json.loads(run("compare", article, "--format", "json", "--copies-once"))
    for found in (each, once):
        jsonschema.validate(found, SCHEMA)
    assert each["duplicates"] == []
    assert [(one["left"], one["right"]) for one in once["duplicates"]] == [
        (copy["left"]["id"], copy["right"]["id"])
    ]
    assert {one["n_sources"] for one in each["statements"]} == {3}
    assert {one["n_sources"] for one in once["statements"]} == {2}
    assert "of 2" in run("compare", article, "--copies-once")


def test_a_library_without_copies(run: Run, tmp_path: Path) -> None:
    Library(tmp_path / "library").close()
    assert "no two articles" in run("duplicates")
    assert json.loads(run("duplicates", "--json")) == []
    assert "nothing was done" in run("history")


def _fails(*args: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["crosslingual", *args])
        with pytest.raises(SystemExit):
            main()
    return str(CliRunner().invoke(cli, args).exception)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("sources", "edit", "nobody", "--country", "GB"), "sources add nobody"),
        (("sources", "edit", "rt"), "nothing to change"),
        (("sources", "edit", "rt", "--country", "Russia"), "country cannot be 'Russia'"),
        (("sources", "add", "rt"), "sources edit rt"),
        (("sources", "add", "new", "--domain", "rt.com"), "already an id, name or domain of 'rt'"),
        (("sources", "merge", "rt", "nobody"), "no source 'nobody'"),
        (("sources", "remove", "rt"), "no source 'rt' here"),
        (("sources", "undo"), "nothing to undo"),
        (("undo", "x"), "no operation 'x'"),
    ],
)
def test_what_is_not_there_is_told(
    args: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Library(tmp_path / "library").close()
    _fails(*args)
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1


def test_evaluate_copies_ends_with_json(run: Run, tmp_path: Path) -> None:
    src, ref = tmp_path / "a.de", tmp_path / "a.en"
    src.write_text("".join(f"Im Dorf Nummer {number} fiel der Strom aus.\n" for number in range(20)), "utf-8")
    ref.write_text("".join(f"Village number {number} had no power.\n" for number in range(20)), "utf-8")
    scores = json.loads(
        run(
            "evaluate", "duplicates", "--src", src, "--ref", ref, "--src-lang", "de", "--tgt-lang", "en"
        ).splitlines()[-1]
    )
    assert scores["articles"] == 4
    assert scores["kinds"]["translated"][1] == 1
