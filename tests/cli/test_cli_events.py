"""Events are corrected on the command line, and each correction says what undoes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import cli
from crosslingual.embeddings.encoder import SentenceEncoder

Run = Callable[..., Result]


@pytest.fixture
def run(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run a command on a copy of the demo library."""
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(demo_copy))
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def listed(run: Run) -> dict[str, dict[str, Any]]:
    return {event["id"]: event for event in json.loads(run("events", "--json").stdout)}


def test_each_correction_is_done_and_undone(run: Run) -> None:
    before = listed(run)
    one, other, *_ = before
    article = before[one]["articles"][0]
    for words in (
        ("merge", one, other),
        ("split", one, article),
        ("move", article, other),
        ("rename", one, "A name of ours"),
    ):
        done = run("events", *words)
        assert done.exit_code == 0
        assert listed(run) != before
        assert json.loads(run("events", "corrections", "--json").stdout)[0]["kind"] == words[0]
        operation = re.findall(r"crosslingual undo (\w+)", done.stdout)[0]
        assert run("undo", operation).exit_code == 0
        assert {id_: set(event["articles"]) for id_, event in listed(run).items()} == {
            id_: set(event["articles"]) for id_, event in before.items()
        }
        assert json.loads(run("events", "corrections", "--json").stdout) == []


def test_a_merged_event_is_compared_by_its_former_id(run: Run) -> None:
    one, other, *_ = listed(run)
    run("events", "merge", one, other)
    assert json.loads(run("compare", other, "--json").stdout) == json.loads(
        run("compare", one, "--json").stdout
    )


def test_a_step_that_changed_no_article_is_listed_and_undone_without_a_count(run: Run) -> None:
    one, *_ = listed(run)
    assert run("events", "rename", one, "A name of ours").exit_code == 0
    row = run("history").stdout.splitlines()[1]
    assert row.rstrip().endswith("called 'A name of ours'")
    undone = run("undo").stdout
    assert undone.startswith("undo: event")
    assert "0 articles" not in undone
    row = next(line for line in run("history").stdout.splitlines() if " add " in line)
    assert "articles" in row


def test_the_articles_of_an_event_are_shown_with_what_corrects_them(run: Run) -> None:
    one, other, *_ = listed(run)
    shown = json.loads(run("events", "show", one, "--json").stdout)
    assert [article["id"] for article in shown] == listed(run)[one]["articles"]
    table = run("events", "show", one).stdout
    assert all(article["id"] in table and article["source"] in table for article in shown)
    assert run("events", "move", shown[0]["id"], other).exit_code == 0
    assert shown[0]["id"] not in run("events", "show", one).stdout
