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
from crosslingual.errors import NotFoundError


def test_an_event_has_who_cites_whom_and_who_was_first(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(demo_copy))
    with crosslingual.open(demo_copy) as library:
        event = next(
            one
            for one in library.events()
            if "lemonde-demo" in one.sources and "ukrinform-demo" in one.sources
        )
        graph = library.citations(event)
        shared = {cell.article for statement in library.compare(event).statements for cell in statement.cells}
        with pytest.raises(NotFoundError):
            library.citations("no such event")
    (edge,) = [one for one in graph.edges if one.cited == "afp"]
    assert (edge.citing, edge.kind, edge.is_in_library) == ("lemonde-demo", "citation", False)
    assert len(edge.citations) > 1
    assert graph.n_articles == len(event.articles)
    assert {id_ for one in graph.statements for id_ in one.first_articles} <= shared

    def run(*args: str) -> str:
        result = CliRunner().invoke(cli, ["citations", event.id, *args], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    document = json.loads(run("--json"))
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert sum(len(one["citations"]) + len(one["copies"]) for one in document["edges"]) == sum(
        row["kind"] != "own" for row in rows
    )
    assert "AFP (not in the library)" in run()
