from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.cli import cli, main
from crosslingual.errors import CrosslingualError
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER
from tests.helpers.click_tree import walk_commands

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "faiss", "streamlit", "transformers", "sentence_transformers", "scipy", "numpy", "rich")

Run = Callable[..., Result]


def fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *args: object) -> str:
    """What a command that fails says: one line on stderr, nothing on stdout, exit code 1."""
    monkeypatch.setattr(sys, "argv", ["crosslingual", *map(str, args)])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    assert end.value.code == 1
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    "names",
    [names for names, _ in walk_commands(cli) if names != ("evaluate",)],
    ids=" ".join,
)
def test_the_help_of_a_command_has_an_example_of_it(names: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*names, "--help"])
    assert result.exit_code == 0
    assert f"Example: crosslingual {' '.join(names)}" in " ".join(result.output.split())


def test_help_calls_an_argument_what_the_usage_calls_it() -> None:
    help_ = CliRunner().invoke(cli, ["add", "--help"]).output
    assert "PATH_OR_URL are ids" in " ".join(help_.split())
    assert "GIVEN" not in help_


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom crosslingual.cli import cli\ncli(['--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "compare" in done.stdout


def test_from_files_to_the_statement_table(run: Run, tmp_path: Path) -> None:
    library = tmp_path / "library"
    files = [DEMO_FOLDER / "fukushima-water" / f"{name}-demo.md" for name in ("bbc", "lemonde")]
    added = run("add", *files, "--library", library)
    assert added.exit_code == 0
    assert added.stdout.startswith("2 articles added")
    assert "2 known already" in run("add", *files, "--library", library).stdout
    (event,) = json.loads(run("events", "--json", "--library", library).stdout)
    assert event["sources"] == ["bbc-demo", "lemonde-demo"]
    table = run("compare", event["id"], "--library", library).stdout
    assert event["title"] in table
    assert "2 of 2" in table
    by_article = run("compare", event["articles"][1], "--library", library, "--format", "json").stdout
    assert json.loads(by_article)["event"] == event


def test_a_bad_record_is_told_and_the_rest_goes_in(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    good = {"source": "reuters-demo", "lang": "en", "text": "A train left the rails."}
    path.write_text(f"{json.dumps(good)}\nnot json\n", encoding="utf-8")
    result = run("add", path, "--library", tmp_path / "library")
    assert result.exit_code == 0
    # On a slow machine a line of progress comes before it.
    assert any(line.startswith(f"{path}:2: ") for line in result.stderr.splitlines())
    assert "1 article added" in result.stdout
    path.write_text("not json\n", encoding="utf-8")
    assert run("add", path, "--library", tmp_path / "other").exit_code == 1


def test_a_table_is_added_by_the_columns_that_are_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text('a,b\n"A train left the rails near the village, police said.",x\n', encoding="utf-8")
    arguments = ("add", path, "--library", tmp_path / "library", "--source", "reuters-demo", "--lang", "en")
    assert "name it with --column text=NAME" in run(*arguments).stderr
    assert "1 article added" in run(*arguments, "--column", "text=a", "--column", "title=b").stdout


def test_events_of_the_demo(run: Run, demo_library: Library) -> None:
    found = json.loads(run("events", "--json", "--library", demo_library.path).stdout)
    assert len(found) == 3
    for event in found:
        assert list(event) == ["id", "title", "start", "end", "articles", "sources", "languages"]
    table = run("events", "--library", demo_library.path).stdout
    assert all(event["id"] in table for event in found)
    assert table.splitlines()[0].split() == ["title", "dates", "articles", "sources", "languages", "event"]
    rows = list(csv.DictReader(io.StringIO(run("events", "--csv", "--library", demo_library.path).stdout)))
    assert [row["id"] for row in rows] == [event["id"] for event in found]
    assert rows[0]["sources"] == "; ".join(found[0]["sources"])
    lines = run("events", "--format", "jsonl", "--library", demo_library.path).stdout.splitlines()
    assert [json.loads(line) for line in lines] == found
    assert run("events", "--json", "--csv", "--library", demo_library.path).exit_code == 2


def test_a_comparison_of_the_demo(run: Run, demo_library: Library) -> None:
    (event, *_) = json.loads(run("events", "--json", "--library", demo_library.path).stdout)
    found = json.loads(run("compare", event["id"], "--format", "json", "--library", demo_library.path).stdout)
    jsonschema.validate(found, json.loads((ROOT / "docs" / "comparison.schema.json").read_text("utf-8")))
    six = [source["id"] for source in found["sources"]][:6]
    asked = ("compare", event["id"], "--library", demo_library.path, "--sources", ",".join(six))
    table = run(*asked).stdout
    assert "perhaps · " in table
    assert all(source["name"].split()[0] in table for source in found["sources"][:6])


def test_more_than_six_sources_are_a_list_a_matrix_or_chosen(run: Run, demo_library: Library) -> None:
    (event, *_) = json.loads(run("events", "--json", "--library", demo_library.path).stdout)
    asked = ("compare", event["id"], "--library", demo_library.path)
    whole = json.loads(run(*asked, "--json").stdout)
    assert len(whole["sources"]) > 6
    ids = [source["id"] for source in whole["sources"]]
    first = whole["statements"][0]
    perhaps = len({cell["source"] for cell in first["perhaps"]})
    told = f"1. {first['coverage']}{f' + {perhaps}?' if perhaps else ''} of {first['n_sources']}"
    table = run(*asked).stdout
    assert told in table
    assert "  English: " in table
    names = {source["id"]: source["name"] for source in whole["sources"]}
    tellers = {names[cell["source"]] for cell in first["cells"]}
    block = table.split("1. ")[1].split("\n\n2. ")[0]
    assert all(name[:20] in block for name in tellers)

    matrix = run(*asked, "--matrix").stdout
    assert matrix.count("●") == 1 + sum(
        len({c["source"] for c in one["cells"]}) for one in whole["statements"]
    )
    assert all(name[:20] in matrix for name in names.values())

    rows = list(csv.DictReader(io.StringIO(run(*asked, "--csv").stdout)))
    assert [row["statement"] for row in rows] == [one["id"] for one in whole["statements"]]
    assert {column for column in rows[0] if column.startswith("source ")} == {f"source {id_}" for id_ in ids}
    for row, one in zip(rows, whole["statements"], strict=True):
        silent = {gap["source"] for gap in one["not_found"]}
        assert {id_ for id_ in ids if not row[f"source {id_}"]} == silent

    chosen = run(*asked, "--sources", f"{ids[2]},{ids[0]}").stdout
    assert names[ids[2]].split()[0] in chosen
    assert names[ids[1]] not in chosen
    narrow = next(csv.reader(io.StringIO(run(*asked, "--sources", f"{ids[2]},{ids[0]}", "--csv").stdout)))
    assert narrow[-2:] == [f"source {ids[2]}", f"source {ids[0]}"]
    with pytest.raises(CrosslingualError, match=f"'nobody': not in this event; there are: {ids[0]}"):
        run(*asked, "--sources", "nobody")
    with pytest.raises(CrosslingualError, match="--json has all"):
        run(*asked, "--sources", ids[0], "--json")


def test_two_articles_are_aligned_by_hand(run: Run, demo_library: Library) -> None:
    (one, other) = json.loads(run("events", "--json", "--library", demo_library.path).stdout)[0]["articles"][
        :2
    ]
    asked = ("align", one, other, "--library", demo_library.path)
    beads = [json.loads(line) for line in run(*asked, "--format", "jsonl").stdout.splitlines()]
    told = demo_library.load_sentences([one, other])
    assert [each["text"] for bead in beads for each in bead["src"]] == [each.text for each in told[one]]
    assert [each["sentence"] for bead in beads for each in bead["tgt"]] == [
        each.index for each in told[other]
    ]
    table = run(*asked).stdout
    assert told[one][0].text.split()[0] in table


def test_what_an_earlier_version_added_is_completed_when_it_is_compared(
    run: Run, demo_library: Library, tmp_path: Path
) -> None:
    shutil.copytree(demo_library.path, tmp_path / "old")
    with sqlite3.connect(tmp_path / "old" / "library.db") as db:
        db.execute("DELETE FROM token_states")
    db.close()
    (event, *_) = json.loads(run("events", "--json", "--library", tmp_path / "old").stdout)
    asked = ("compare", event["id"], "--format", "json", "--library")
    completed = json.loads(run(*asked, tmp_path / "old").stdout)
    whole = json.loads(run(*asked, demo_library.path).stdout)
    ids = [[statement["id"] for statement in found["statements"]] for found in (completed, whole)]
    assert len(set(ids[0]) & set(ids[1])) >= 0.9 * len(ids[1])
    with Library(tmp_path / "old", create=False) as library:
        assert library.article_ids() == demo_library.article_ids()


def test_a_threshold_is_asked_for(run: Run, demo_library: Library) -> None:
    (event, *_) = json.loads(run("events", "--json", "--library", demo_library.path).stdout)
    asked = ("compare", event["id"], "--format", "json", "--library", demo_library.path, "--threshold")
    few, many = (json.loads(run(*asked, threshold).stdout) for threshold in ("0.95", "0.3"))
    assert (few["threshold"], many["threshold"]) == (0.95, 0.3)
    assert all(statement["probability"] >= 0.95 for statement in few["statements"])
    assert sum(len(cells) for cells in few["exclusives"].values()) > sum(
        len(cells) for cells in many["exclusives"].values()
    )


@pytest.mark.parametrize("threshold", ["1.5", "-0.1", "nan", "high"])
def test_a_threshold_is_a_probability(run: Run, threshold: str) -> None:
    result = run("compare", "x", f"--threshold={threshold}")
    assert result.exit_code == 2
    assert "--threshold" in result.stderr


def test_a_library_without_articles(run: Run, tmp_path: Path) -> None:
    Library(tmp_path).close()
    assert "crosslingual add" in run("events", "--library", tmp_path).stdout
    assert json.loads(run("events", "--json", "--library", tmp_path).stdout) == []


def test_models_lists_the_encoder(run: Run) -> None:
    assert DEFAULT_ENCODER in run("models").stdout


def test_evaluate_statements_ends_with_json(run: Run, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    articles = [
        {
            "lang": "en",
            "sentences": ["A train left the rails near Lyon.", "Nobody was hurt.", "Rain is expected."],
        },
        {"lang": "de", "sentences": ["Bei Lyon ist ein Zug entgleist.", "Niemand wurde verletzt."]},
    ]
    statements = [{"0": [0], "1": [0]}, {"0": [1], "1": [1]}]
    gold.write_text(json.dumps({"event": "train", "articles": articles, "statements": statements}), "utf-8")
    result = run(*("evaluate", "statements", gold, "--threshold", 0.4, "--out", tmp_path / "predicted.jsonl"))
    scores = json.loads(result.stdout.splitlines()[-1])
    assert (scores["events"], scores["threshold"]) == (1, 0.4)
    assert scores["links"] == scores["omissions"] == {"precision": 1, "recall": 1, "f1": 1}
    predicted = json.loads((tmp_path / "predicted.jsonl").read_text("utf-8"))
    assert predicted == {"event": "train", "statements": statements}


def test_evaluate_segmentation_ends_with_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "en.txt"
    path.write_text("It rained.\nNobody came.\nMr. Smith left at 5.30.\n", encoding="utf-8")
    scores = json.loads(run("evaluate", "segmentation", path, "--lang", "en").stdout.splitlines()[-1])
    assert scores == {"lang": "en", "sentences": 3, "precision": 1, "recall": 1, "f1": 1}


@pytest.mark.usefixtures("demo_space")
def test_what_is_not_there_is_one_line(
    demo_library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "nothing"
    assert "crosslingual add" in fails(capsys, monkeypatch, "events", "--library", nothing)
    assert "crosslingual add" in fails(capsys, monkeypatch, "compare", "x", "--library", nothing)
    assert not nothing.exists()
    said = fails(capsys, monkeypatch, "compare", "2031-01-01-abcdef", "--library", demo_library.path)
    assert "2031-01-01-abcdef" in said
    assert "crosslingual events" in said
    assert "models install" in fails(
        capsys, monkeypatch, "events", "--library", demo_library.path, "--encoder", "no/such"
    )
    assert "gold.jsonl" in fails(capsys, monkeypatch, "evaluate", "statements", tmp_path / "gold.jsonl")


@pytest.mark.usefixtures("demo_space")
def test_as_a_programme_it_reads_a_library_without_loading_the_encoder(demo_library: Library) -> None:
    code = (
        "import sys\nfrom crosslingual.cli import main\n"
        "try:\n    main()\nfinally:\n    assert 'torch' not in sys.modules"
    )
    command = [sys.executable, "-c", code, "events", "--json", "--library", str(demo_library.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)) == 3
    assert done.stderr == ""


def test_the_installed_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("crosslingual")),
        "events",
        "--library",
        str(tmp_path / "nothing"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


RUSSIAN = (
    "Президент прибыл в Пекин вечером.",
    "Переговоры продлились три часа.",
    "Стороны подписали 12 бумаг.",
)
ENGLISH = (
    "The president arrived in Beijing.",
    "The talks lasted three hours.",
    "The sides signed 12 papers.",
)


@pytest.mark.parametrize(
    ("measure", "gold", "read"),
    [
        ("alignment", "[0]:[0]\n[1]:[1]\n[2]:[2]\n", lambda scores: scores["strict"]["f1"]),
        ("mining", "1\t1\n2\t2\n3\t3\n", lambda scores: scores["best"]["f1"]),
        ("retrieval", None, lambda scores: scores["cosine"]["forward"]),
    ],
)
def test_measures_of_two_files_end_with_json(
    run: Run, tmp_path: Path, measure: str, gold: str | None, read: Callable[[dict[str, Any]], float]
) -> None:
    src, tgt, pairs = (tmp_path / name for name in ("a.ru", "a.en", "a.gold"))
    src.write_text("\n".join(RUSSIAN) + "\n", encoding="utf-8")
    tgt.write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
    options: list[object] = ["--src", src, "--tgt", tgt]
    if gold:
        pairs.write_text(gold, encoding="utf-8")
        options += ["--gold", pairs]
    assert read(json.loads(run("evaluate", measure, *options).stdout.splitlines()[-1])) == 1.0


def test_evaluate_divergence_ends_with_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "planted.jsonl"
    pair = {
        "src_lang": "ru",
        "src": RUSSIAN[0],
        "tgt_lang": "en",
        "tgt": ENGLISH[0],
        "kind": "none",
        "span": None,
    }
    other = pair | {"tgt": "He never claimed it.", "kind": "words", "span": [3, 16]}
    path.write_text(f"{json.dumps(pair)}\n{json.dumps(other)}\n", encoding="utf-8")
    scores = json.loads(run("evaluate", "divergence", path).stdout.splitlines()[-1])
    assert scores["auc"] == {"words": 1.0}
    assert scores["macro"] == scores["span_hit"] == 1.0
    assert 0 <= scores["marked_untouched"] < 0.5


def test_evaluate_divergence_reads_what_people_marked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    row: dict[str, object] = {"subset": "admin_ru", "text_a": ENGLISH[0], "text_b": RUSSIAN[0]}
    row |= {
        f"labels_{side}": [float(place == 1) for place in range(len(text.split()))]
        for side, text in (("a", ENGLISH[0]), ("b", RUSSIAN[0]))
    }
    path.write_text(f"{json.dumps(row)}\n" * 2, encoding="utf-8")
    scores = json.loads(run("evaluate", "divergence", path).stdout.splitlines()[-1])
    assert scores["n_pairs"] == 2
    assert scores["pairs"] == {}
    assert set(scores["tokens"]) == {"passage", "unmatched", "cosine"}
    assert -1 <= scores["tokens"]["passage"]["spearman"] <= 1


def test_as_many_sources_as_targets_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("evaluate", "alignment", "--src", "a", "--src", "b", "--tgt", "a", "--gold", "a")
    assert "give as many of each" in fails(capsys, monkeypatch, *args)
