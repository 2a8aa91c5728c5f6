"""Events are corrected on the command line, and each correction says what undoes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import cli
from crosslingual.cli.events import list_events
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import CrosslingualError
from crosslingual.events.listing import EVENT_ORDERS
from crosslingual.library import Library
from crosslingual.library.event_visits import VISIT_GAP, find_last_visit, mark_as_seen

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


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (("--lang", "uk"), lambda event: "uk" in event["languages"]),
        (("--source", "ukrinform-demo"), lambda event: "ukrinform-demo" in event["sources"]),
        (("--from", "2024-01-01"), lambda event: event["end"] >= "2024-01-01"),
        (("--to", "2024-01-01"), lambda event: event["start"] <= "2024-01-01"),
        (("--title", "WATER japan"), lambda event: "Japan" in event["title"]),
        (("--entity", "福岛"), lambda event: "Fukushima" in event["title"]),
    ],
)
def test_events_are_narrowed(
    run: Run, options: tuple[str, ...], holds: Callable[[dict[str, Any]], bool]
) -> None:
    whole = listed(run)
    found = json.loads(run("events", *options, "--json").stdout)
    assert found == [event for event in whole.values() if holds(event)]
    assert 0 < len(found) < len(whole)


def test_what_is_not_there_is_named_and_what_nothing_fits_is_said(run: Run) -> None:
    for options in (
        ("--lang", "xx"),
        ("--source", "nowhere"),
        ("--from", "2025-01-02", "--to", "2025-01-01"),
    ):
        with pytest.raises(CrosslingualError):
            run("events", *options)
    assert "fewer filters" in run("events", "--title", "zebulon").stdout


def test_every_order_can_be_asked_for(run: Run) -> None:
    (option,) = (one for one in list_events.params if one.name == "order")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == tuple(EVENT_ORDERS)
    sizes = [
        len(event["sources"]) for event in json.loads(run("events", "--sort", "sources", "--json").stdout)
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_only_what_has_grown_since_the_last_look(run: Run, demo_copy: Path) -> None:
    first = json.loads(run("events", "--since-last", "--json").stdout)
    assert [event["new_articles"] for event in first] != [[] for _ in first], "nothing was looked at before"
    long_ago = datetime.now(UTC) - timedelta(days=2)
    with Library(demo_copy) as library:
        mark_as_seen(library, now=long_ago)
    assert json.loads(run("events", "--since-last", "--json").stdout) == []
    assert "fewer filters" in run("events", "--since-last").stdout


def test_a_look_that_fails_is_none(run: Run, demo_copy: Path) -> None:
    with Library(demo_copy) as library:
        with pytest.raises(CrosslingualError):
            run("events", "--since-last", "--from", "2031-01-02", "--to", "2031-01-01")
        assert find_last_visit(library, now=datetime.now(UTC) + 2 * VISIT_GAP) is None
        run("events", "--since-last")
        assert find_last_visit(library, now=datetime.now(UTC) + 2 * VISIT_GAP)
