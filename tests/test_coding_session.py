"""A library coded by two, from the codebook to the table that is handed on: command line and Python."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

import crosslingual
from crosslingual.align.space import Space
from crosslingual.api import Library
from crosslingual.cli import cli
from crosslingual.coding.unit_view import UnitView, load_unit_view
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.coding_values import Coding, CodingUnit

pytestmark = pytest.mark.model
SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "coding.schema.json").read_text(encoding="utf-8"))
Run = Callable[..., Result]


@pytest.fixture
def opened(loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path) -> Iterator[Library]:
    with crosslingual.open(demo_copy) as opened:
        yield opened


@pytest.fixture
def run(loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path) -> Run:
    def invoke(*args: object, keys: str = "") -> Result:
        known = {"CROSSLINGUAL_LIBRARY": str(demo_copy)}
        return CliRunner().invoke(
            cli, ["code", *map(str, args)], input=keys, env=known, catch_exceptions=False
        )

    return invoke


def check_shape(name: str, document: object) -> None:
    """Whether ``document`` is as docs/coding.schema.json has it."""
    jsonschema.validate(document, {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def printed(run: Run, command: str, *args: object) -> list[dict[str, object]]:
    result = run(command, *args, "--json")
    assert result.exit_code == 0
    document: list[dict[str, object]] = json.loads(result.stdout)
    check_shape(command, document)
    return document


def make_codes(run: Run) -> None:
    assert "undo: crosslingual undo" in run("add", "Blame", "--definition", "Somebody is at fault").stdout
    run("add", "State", "--parent", "Blame")
    run("add", "Calm", "--color", "#0a0", "--examples", "all is well")


def test_two_code_blind_to_one_another_and_one_decides(run: Run, opened: Library, tmp_path: Path) -> None:
    assert run("codebook").stdout.startswith("no codes yet")
    make_codes(run)
    assert [row["path"] for row in printed(run, "codebook")] == ["Blame", "Blame / State", "Calm"]
    event = opened.events()[0].id
    told = run("offer", event, "--kind", "cell", "--sample", 4, "--coder", "Ann", "--coder", "Ben").stdout
    assert "8 tasks, cells of event" in told
    first = run("apply", "--coder", "Ann", keys="1 3\n9\n2\nu\nq\n").stdout
    assert "1 of 4" in first
    assert "numbers from 1 to 3" in first
    assert first.count("2 of 4") == 2  # asked, and again when it was taken back
    assert "3 left in the queue of Ann" in first
    shown = run("apply", "--coder", " Ben  ", keys="q\n").stdout
    assert "1 of 4" in shown
    assert "✓" not in shown
    taken_back = run("apply", "--coder", "Ann", keys="0\nu\nq\n")
    assert "✓" not in taken_back.stdout.rpartition("2 of 4")[2]  # it had Blame / State, and was given none
    run("apply", "--coder", "Ann", keys="1\n\n\n")
    assert run("disagreements").stdout.startswith("no disagreements")  # Ben has not finished
    run("apply", "--coder", "Ben", keys="1\n1\n\n\n")
    assert printed(run, "progress") == [
        {"coder": "Ann", "n_offered": 4, "n_finished": 4, "n_codings": 3},
        {"coder": "Ben", "n_offered": 4, "n_finished": 4, "n_codings": 2},
    ]
    by_code = {row["code"]: row for row in printed(run, "agreement") if row["lang"] == "all"}
    assert by_code["Blame"]["percent"] == 1
    assert by_code["Blame"]["cohen"] == by_code["Blame"]["alpha"] == 1
    assert (by_code["Calm"]["percent"], by_code["all codes"]["percent"]) == (0.75, 0.75)
    (apart,) = printed(run, "disagreements")
    assert apart["coders"] == {"Ann": ["Blame", "Calm"], "Ben": ["Blame"]}
    assert apart["disputed"] == ["Calm"]
    assert (
        "settled: Blame"
        in run("adjudicate", apart["unit"], "Blame", "--coder", "Ann", "--memo", "agreed").stdout
    )
    assert printed(run, "disagreements")[0]["decided"] == ["Blame"]
    counted = json.loads(run("counts", event, "--json").stdout)
    check_shape("counts", counted)
    assert (counted["n_units"], counted["n_open"]) == (4, 0)
    assert sum(row["n_coded"] for row in counted["shares"] if row["code"] == "Blame") == 2
    assert not [row for row in counted["shares"] if row["code"] == "Calm" and row["n_coded"]]
    assert "4 units settled" in run("counts", event).stdout
    assert "no unit has it, or all have" in run("counts", event).stdout
    (row,) = csv.DictReader(io.StringIO(run("disagreements", "--csv").stdout))
    assert row["coders"] == "Ann: Blame, Calm; Ben: Blame"
    with pytest.raises(InputError, match="have finished it, or it is decided"):
        run("withdraw", "Calm", apart["unit"], "--coder", "Ann")
    lines = list(csv.DictReader(io.StringIO(run("list", "--csv").stdout)))
    assert [row["coder"] for row in lines if row["code"] == "Calm"] == ["Ann"]
    assert [row["code"] for row in lines if row["is_decision"] == "yes"] == ["Blame"]
    finished = {(row["coder"], row["unit"]) for row in lines if row["is_finished"] == "yes"}
    assert len(finished) == 8
    assert sum(row["code"] == "" for row in lines) == 4
    check_shape("list", json.loads(run("list", "--coder", "Ben", "--json").stdout))
    run("export", tmp_path / "all.csv")
    assert len((tmp_path / "all.csv").read_text(encoding="utf-8-sig").splitlines()) == len(lines) + 1


def test_enter_keeps_what_is_there_and_numbers_change_nothing_else(run: Run, opened: Library) -> None:
    make_codes(run)
    coding, store = opened.coding, opened.store
    coding.offer(["Ann", "Ben"], opened.events()[0], kind="statement", size=1)
    (unit,) = coding.units()
    blame, calm = coding.code("Blame"), coding.code("Calm")
    words = replace(unit.passages[0], end=unit.passages[0].start + 3)
    store.add_coding(unit, Coding(blame.id, "Ann", "why?", words))
    before = coding.units()[0].codings
    run("apply", "--coder", "Ann", keys="\n")
    assert coding.units()[0].codings == before
    coding.reopen("Ann")
    run("apply", "--coder", "Ann", keys="1 3\n")
    assert coding.units()[0].codings[:1] == before
    assert coding.units()[0].codes_of("Ann") == {blame.id, calm.id}
    coding.reopen("Ann")
    run("apply", "--coder", "Ann", keys="3\n")
    assert coding.units()[0].codes_of("Ann") == {calm.id}
    assert coding.take_back(calm, unit, "  Ann ") == 1


def test_a_further_offer_draws_what_they_do_not_have_and_is_withdrawn(run: Run, opened: Library) -> None:
    event = opened.events()[0].id
    both = ("offer", event, "--kind", "sentence", "--sample", 3, "--coder", "Ann", "--coder", "Ben")
    assert "6 tasks" in run(*both).stdout
    assert "6 tasks" in run(*both).stdout
    assert len(opened.coding.units()) == 6
    assert "3 tasks" in run("offer", event, "--kind", "sentence", "--sample", 3, "--coder", "Cid").stdout
    first = opened.coding.offers()[0].id
    assert "3 tasks withdrawn" in run("withdraw-offer", first, "--coder", "Ben").stdout
    assert "3 tasks withdrawn" in run("withdraw-offer", first).stdout
    with pytest.raises(InputError, match="no such offer"):
        run("withdraw-offer", first)
    with pytest.raises(InputError, match="--kind goes with an EVENT"):
        run("offer", "--kind", "cell", "--search", "rain", "--coder", "Ann")


def test_codes_are_given_anywhere_and_taken_back(run: Run, opened: Library) -> None:
    make_codes(run)
    article = opened.articles()[0]
    assert run("apply", "State", f"{article.id}:0", "--coder", "Ann", "--memo", "hm").exit_code == 0
    run("apply", "Calm", f"{article.id}:0-5", "--coder", "Ann")
    rows = printed(run, "list")
    assert [(row["code"], row["kind"], row["is_offered"]) for row in rows] == [
        ("Blame / State", "sentence", False),
        ("Calm", "span", False),
    ]
    assert rows[1]["end"] == [5]
    assert "1 coding taken back" in run("withdraw", "Calm", f"{article.id}:0-5", "--coder", "Ann").stdout
    assert "0 codings taken back" in run("withdraw", "Calm", f"{article.id}:0-5", "--coder", "Ben").stdout
    with pytest.raises(InputError, match="name the passage too"):
        run("apply", "Calm", "--coder", "Ann")
    with pytest.raises(NotFoundError, match="no code 'Anger'"):
        run("apply", "Anger", f"{article.id}:0", "--coder", "Ann")


def test_a_codebook_is_changed_exchanged_and_undone(run: Run, opened: Library, tmp_path: Path) -> None:
    make_codes(run)
    assert "code changed: Ministry" in run("edit", "State", "--name", "Ministry", "--parent", "").stdout
    assert [row["path"] for row in printed(run, "codebook")] == ["Blame", "Ministry", "Calm"]
    run("export", tmp_path / "mine.qdc")
    before = opened.coding.codes()
    assert "0 new codes" in run("import", tmp_path / "mine.qdc").stdout
    assert "code removed: Calm" in run("remove", "calm").stdout
    assert "1 new code" in run("import", tmp_path / "mine.qdc").stdout
    assert sorted(opened.coding.codes(), key=lambda one: one.id) == sorted(before, key=lambda one: one.id)
    assert opened.store.undo_operation().description == "undo: codebook imported: mine.qdc"
    assert len(opened.coding.codes()) == 2
    with pytest.raises(InputError, match="nothing to change"):
        run("edit", "Blame")
    with pytest.raises(InputError, match=r"name the file \.qdc"):
        run("export", tmp_path / "mine.txt")
    for name in ("mine.qdpx", "mine.csv"):
        with pytest.raises(InputError, match="nothing is coded yet"):
            run("export", tmp_path / name)


def test_searches_lists_and_earlier_offers_are_offered(opened: Library, tmp_path: Path, run: Run) -> None:
    coding = opened.coding
    article = opened.articles()[0]
    offer, n_tasks = coding.offer(["Ann"], query="a joint statement", size=3)
    assert n_tasks == 3
    again, _ = coding.offer(["Ben"], again=offer.id)
    assert {task.offer for unit in coding.units() for task in unit.tasks} == {offer.id, again.id}
    assert len(coding.units()) == 3
    (tmp_path / "list.txt").write_text(f"# two\n{article.id}:0\n{article.id}:0-4\n", encoding="utf-8")
    assert (
        "2 tasks, a list of passages"
        in run("offer", "--list", tmp_path / "list.txt", "--coder", "Ann").stdout
    )
    assert next(row["description"] for row in printed(run, "offers")) == "search: a joint statement"
    with pytest.raises(InputError, match="of one of"):
        coding.offer(["Ann"])
    with pytest.raises(InputError, match="of one of"):
        coding.offer(["Ann"], query="x", places=[])
    with pytest.raises(NotFoundError, match="no such offer"):
        coding.offer(["Ann"], again="none")


def test_codings_outlive_another_threshold_and_an_article_that_goes(opened: Library, tmp_path: Path) -> None:
    coding = opened.coding
    coding.add_code("Blame")
    event = opened.events()[0]
    coding.offer(["Ann"], event, kind="statement", size=3)
    done: list[CodingUnit] = []
    while view := next(coding.queue("Ann"), None):
        coding.apply("Blame", view.unit, "Ann")
        coding.finish(view.unit, "Ann")
        done.append(view.unit)
    assert len(done) == 3
    texts = [[one.text for one in view.passages] for view in map(view_of(opened), done)]
    opened.compare(event, threshold=0.95)
    assert [[one.text for one in view.passages] for view in map(view_of(opened), done)] == texts
    gone = done[0].passages[0].article
    opened.store.remove_articles([gone])
    counted = coding.counts(event.articles[0] if event.articles[0] != gone else event.articles[1])
    assert counted.n_units >= 1
    made = coding.export(tmp_path / "mine.qdpx")
    assert made
    assert made.n_gone >= 1
    with zipfile.ZipFile(tmp_path / "mine.qdpx") as archive:
        assert len(archive.namelist()) == made.n_articles + 1
    assert coding.reopen("Ann") == done[-1].id
    restored = crosslingual.restore(opened.backup(tmp_path / "copy.db"), tmp_path / "restored")
    assert restored is None
    with crosslingual.open(tmp_path / "restored") as other:
        assert other.coding.units() == coding.units()


def view_of(opened: Library) -> Callable[[CodingUnit], UnitView]:
    return lambda unit: load_unit_view(opened.store, unit)
