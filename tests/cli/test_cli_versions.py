"""``crosslingual versions``, with the real encoder: two versions of an article of an event of two sources."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result

import crosslingual
from crosslingual.errors import NotFoundError

URL = "https://north.example/bridge"
OPENED = "The new bridge over the river was opened by the mayor on Monday morning."
COST = "The construction cost 3 million euros, which the state paid."
FERRY = "The old ferry will stop running at the end of the month."
TOLL = "Drivers will have to pay a toll of two euros to cross the bridge."


def write(path: Path, *records: Mapping[str, str]) -> Path:
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def record(source: str, url: str, *sentences: str) -> dict[str, str]:
    return {
        "source": source,
        "lang": "en",
        "date": "2024-05-16",
        "title": "The new bridge over the river is open",
        "url": url,
        "text": " ".join(sentences),
    }


@pytest.fixture
def library(tmp_path: Path, run: Callable[..., Result]) -> Path:
    folder = tmp_path / "library"
    other = record("south", "", OPENED, "It cost 3 million euros of state money.", FERRY, TOLL)
    first = write(tmp_path / "first.jsonl", record("north", URL, OPENED, COST, FERRY), other)
    second = write(
        tmp_path / "second.jsonl",
        record("north", URL, OPENED, COST.replace("3 million", "5 million"), TOLL),
    )
    assert run("add", first, "--library", folder).exit_code == 0
    assert "no article has changed" in run("versions", "--library", folder).stdout
    added = run("add", second, "--library", folder)
    assert "1 article added, 1 changed since (see crosslingual versions)" in added.stdout
    return folder


def test_what_changed_and_what_it_did_to_the_rows(library: Path, run: Callable[..., Result]) -> None:
    (listed,) = json.loads(run("versions", "--library", library, "--json").stdout)
    assert (listed["url"], listed["n_versions"], listed["source"]) == (URL, 2, "north")
    assert "north" in run("versions", "--library", library).stdout
    document = json.loads(run("versions", URL, "--rows", "--library", library, "--json").stdout)
    former, newest = document["versions"]
    assert (former["text"].split()[-1], newest["replaced_at"]) == ("month.", "")
    assert [(one["kind"], one["before"], one["after"]) for one in document["changes"]] == [
        ("changed", COST, COST.replace("3 million", "5 million")),
        ("added", "", TOLL),
        ("removed", FERRY, ""),
    ]
    rows = {(one["kind"], one["sentences"][-1]["text"]) for one in document["rows"]}
    assert ("removed", FERRY) in rows
    assert ("added", TOLL) in rows
    assert all(OPENED not in text for _, text in rows)
    by_id = run("versions", former["id"], "--library", library, "--csv")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(by_id.stdout))] == [
        one["kind"] for one in document["changes"]
    ]
    shown = run("versions", URL, "--rows", "--library", library).stdout
    assert f"- {FERRY}" in shown
    assert f"tells now: north: {TOLL}" in " ".join(shown.split())


def test_the_newest_counts_once_and_the_event_keeps_its_id(library: Path, run: Callable[..., Result]) -> None:
    with crosslingual.open(library, create=False) as opened:
        (event,) = opened.events()
        compared = opened.compare(event)
        assert {one.source.id: one.n_articles for one in compared.source_summaries} == {
            "north": 1,
            "south": 1,
        }
        assert opened.duplicates() == []
        opened.store.undo_operation()
        assert opened.events()[0].id == event.id
        texts = {cell.text for one in opened.compare(opened.events()[0]).statements for cell in one.cells}
        assert FERRY in texts


def test_the_former_version_is_compared_after_its_vectors_are_gone(
    library: Path, run: Callable[..., Result]
) -> None:
    with crosslingual.open(library, create=False) as opened:
        before = opened.versions.row_changes(URL)
        with opened.store._db.write_transaction() as db:
            for table in ("vectors", "token_states"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # own names
    with crosslingual.open(library, create=False) as opened:
        assert opened.versions.row_changes(URL) == before


def test_what_is_asked_amiss_is_told(library: Path, run: Callable[..., Result]) -> None:
    with crosslingual.open(library, create=False) as opened:
        south = next(one for one in opened.articles() if one.source == "south")
    assert "one version" in run("versions", south.id, "--library", library).stdout
    assert run("versions", "--rows", "--library", library).exit_code == 2
    with pytest.raises(NotFoundError, match="no article has that address"):
        run("versions", "https://north.example/other", "--library", library)
