from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import crosslingual
from crosslingual.align.space import Space
from crosslingual.cli import cli
from crosslingual.embeddings.encoder import SentenceEncoder


def test_the_demo_says_what_each_source_calls_the_water(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(demo_copy))
    with crosslingual.open(demo_copy) as library:
        event = next(one for one in library.events() if one.start.startswith("2023"))
        water = next(one for one in library.naming(event) if one.key == "fukushima-water")
    called = {one.key: set(one.sources) for one in water.renderings}
    assert {"cctv-demo", "xinhua-demo"} <= called["contaminated water"]
    assert "bbc-demo" in called["treated water"]
    assert not called["treated water"] & called["contaminated water"]

    def run(*args: str) -> str:
        result = CliRunner().invoke(cli, ["naming", event.id, *args], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    document = json.loads(run("--json"))
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert document["event"] == event.id
    mentions = [
        mention
        for referent in document["referents"]
        for rendering in referent["renderings"]
        for mention in rendering["mentions"]
    ]
    assert len(rows) == len(mentions)
    assert all(row["text"][int(row["start"]) : int(row["end"])] == row["form"] for row in rows)
    assert "核污染水" in run()
