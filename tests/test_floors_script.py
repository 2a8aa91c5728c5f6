"""The rules of ``scripts/floors.py``, with made-up figures."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scripts import floors as script

FLOOR = {"sha256": "d1", "links": 0.8, "omissions": 0.9}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(script.as_toml({"events": {"sha256": "e", "adjusted_rand": 1.0}, "a.jsonl": FLOOR}))
    monkeypatch.setattr(script, "FLOORS", path)
    return path


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(*arguments: str, rand: float = 1.0, **found: dict[str, Any]) -> Result:
        now = {f"{name}.jsonl": one for name, one in found.items()}
        entries = {"events": {"sha256": "e", "adjusted_rand": rand}} | now
        monkeypatch.setattr(script, "measured", lambda: entries)
        return CliRunner().invoke(script.main, arguments)

    return run


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_what_measures_more_raises_its_floor_by_all_but_the_margin(run: Any, path: Path) -> None:
    result = run(a={**FLOOR, "links": 0.91, "omissions": 0.91})
    assert result.exit_code == 0, result.output
    assert read(path) == {
        "events": {"sha256": "e", "adjusted_rand": 1.0},
        "a.jsonl": {**FLOOR, "links": 0.89},  # within the margin: stays
    }


def test_new_files_and_measures_get_floors(run: Any, path: Path) -> None:
    assert run(a={**FLOOR, "precision": 0.97}, b={"sha256": "n", "links": 0.5}).exit_code == 0
    assert read(path)["a.jsonl"] == {**FLOOR, "precision": 0.95}
    assert read(path)["b.jsonl"] == {"sha256": "n", "links": 0.48}


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ({"a": {**FLOOR, "links": 0.79}, "b": {"sha256": "n"}}, "a.jsonl: links 0.7900 is below its floor"),
        ({"a": {**FLOOR, "links": float("nan")}}, "a.jsonl: links"),
        ({"a": {**FLOOR, "sha256": "d2", "links": 0.99}}, "a.jsonl: its data are not those"),
        ({"a": {"sha256": "d1", "links": 0.9}}, "a.jsonl: omissions is no longer measured"),
        ({}, "a.jsonl: its data are not those"),
        ({"a": {**FLOOR, "links": 0.99}, "rand": 0.9}, "events: adjusted_rand 0.9000 is below its floor"),
    ],
)
def test_nothing_is_written_where_something_is_wrong(
    run: Any, path: Path, found: dict[str, Any], problem: str
) -> None:
    before = path.read_bytes()
    result = run(**found)
    assert result.exit_code == 1
    assert problem in result.output
    assert path.read_bytes() == before


def test_a_floor_is_lowered_with_a_reason_that_stays(run: Any, path: Path) -> None:
    reason = 'Ссылки "золота" были\\ошибочны'
    result = run("--lower", "a.jsonl", "--reason", reason, a={**FLOOR, "links": 0.7, "omissions": 0.95})
    assert result.exit_code == 0, result.output
    entry = read(path)["a.jsonl"]
    (first,) = entry["lowered"]
    assert entry == {"sha256": "d1", "links": 0.68, "omissions": 0.93, "lowered": [first]}
    assert first["from"] == {"links": 0.8, "omissions": 0.9}
    assert first["to"] == {"links": 0.68, "omissions": 0.93}
    assert first["reason"] == reason
    assert first["date"][:2] == "20"

    assert run(a={**FLOOR, "links": 0.9, "omissions": 0.99}).exit_code == 0
    assert read(path)["a.jsonl"]["lowered"] == [first]
    changed = {"sha256": "d2", "links": 0.9, "omissions": 0.99}
    assert run("--lower", "a.jsonl", "--reason", "gold mended", a=changed).exit_code == 0
    entry = read(path)["a.jsonl"]
    assert entry["sha256"] == "d2"
    assert entry["lowered"][0] == first
    assert (entry["lowered"][1]["from"], entry["lowered"][1]["to"]) == ({"sha256": "d1"}, {"sha256": "d2"})


def test_data_that_are_gone_leave_why(run: Any, path: Path) -> None:
    assert run("--lower", "a.jsonl", "--reason", "superseded").exit_code == 0
    (entry,) = read(path)["a.jsonl"].values()
    assert entry[0]["from"] == FLOOR
    assert entry[0]["to"] == {}
    assert run().exit_code == 0
    assert read(path)["a.jsonl"] == {"lowered": entry}


def test_lowering_one_does_not_lower_another(run: Any, path: Path) -> None:
    before = path.read_bytes()
    result = run("--lower", "a.jsonl", "--reason", "so", rand=0.5, a={**FLOOR, "links": 0.7})
    assert result.exit_code == 1
    assert "events: adjusted_rand" in result.output
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["--lower", "a.jsonl"], 2, "--lower and --reason go together"),
        (["--lower", "a.jsonl", "--reason", "  "], 2, "--lower and --reason go together"),
        (["--reason", "so"], 2, "--lower and --reason go together"),
        (["--lower", "c.jsonl", "--reason", "so"], 2, "no floors of c.jsonl"),
        (["--lower", "a.jsonl", "--reason", "so"], 1, "a.jsonl: nothing to lower"),
    ],
)
def test_a_call_that_lowers_nothing_is_refused(
    run: Any, path: Path, arguments: list[str], code: int, problem: str
) -> None:
    before = path.read_bytes()
    result = run(*arguments, a={**FLOOR, "links": 0.9, "omissions": 0.95})
    assert result.exit_code == code
    assert problem in result.output
    assert path.read_bytes() == before
