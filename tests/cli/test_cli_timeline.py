"""``crosslingual timeline`` and ``crosslingual figures`` on articles whose times are known."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

ARTICLES = (
    {
        "source": "Harbour Post",
        "lang": "en",
        "date": "2031-04-02T09:15:00+02:00",
        "title": "Ferry Saltwind burns off Bergen",
        "text": "The ferry Saltwind caught fire off Bergen on Wednesday. At least 40 people were killed.",
    },
    {
        "source": "Nordkurier",
        "lang": "de",
        "date": "2031-04-02T11:00:00+02:00",
        "title": "Fähre Saltwind brennt vor Bergen",
        "text": "Die Fähre Saltwind geriet am Mittwoch vor Bergen in Brand. 61 Menschen wurden getötet.",
    },
)


@pytest.fixture
def ferry(run: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Asks a library of the two articles, which a person has put on one event."""
    file = tmp_path / "ferry.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in ARTICLES), encoding="utf-8")
    library = tmp_path / "library"

    def ask(*args: object) -> Result:
        return run(*args, "--library", library)

    assert ask("add", file).exit_code == 0
    ids = [event["id"] for event in json.loads(ask("events", "--json").stdout)]
    assert len(ids) == 1, "the two articles are on one event"
    return lambda command, *args: ask(command, ids[0], *args)


def test_a_timeline_says_who_was_first_and_how_much_later_the_other_was(ferry: Callable[..., Result]) -> None:
    document = json.loads(ferry("timeline", "--json").stdout)
    (fire, *_) = document["statements"]
    assert [(one["role"], one["minutes_later"]) for one in fire["tellings"]] == [
        ("first", None),
        ("later", 105),
    ]
    rows = list(csv.DictReader(io.StringIO(ferry("timeline", "--csv").stdout)))
    assert rows[1]["utc"] == "2031-04-02T09:00:00+00:00"
    table = ferry("timeline").stdout
    assert "1 h 45 min later" in table
    assert "2031-04-02 09:15+02:00" in table


def test_figures_are_told_with_their_revisions(ferry: Callable[..., Result]) -> None:
    document = json.loads(ferry("figures", "--json").stdout)
    (dead,) = [one for one in document["figures"] if one["what"] == "dead"]
    assert [one["value"] for one in dead["revisions"]] == ["40", "61"]
    rows = list(csv.DictReader(io.StringIO(ferry("figures", "--csv").stdout)))
    assert [(row["value"], row["bound"], row["is_revision"]) for row in rows if row["what"] == "dead"] == [
        ("40", "least", "yes"),
        ("61", "", "yes"),
    ]
    assert "40 → 61" in ferry("figures").stdout
