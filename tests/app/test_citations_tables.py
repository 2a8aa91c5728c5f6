from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosslingual.citations.reading import read_citation_graph
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Cell, Comparison, Duplicate, Statement
from crosslingual.ui.article_scope import ArticleScope
from crosslingual.ui.citations.graph_context import GraphContext
from crosslingual.ui.citations.tables import edge_grid, statement_grid
from crosslingual.ui.event_context import CacheKey, LibraryContext
from crosslingual.ui.framing.grid import Grid, serialize_grid
from tests.helpers import framing_samples
from tests.helpers.library_samples import article, put, toy_space

HOSTILE = "<img src=x onerror=alert(1)>"
FIRST = article(
    ["The ferry sank.", "Nobody slept."], source="ap", date="2031-03-02", title=f"{HOSTILE} Ferry"
)
LATER = article(
    [f"The ferry sank, according to Reuters. {HOSTILE}", "Fog, reported harbour.test."],
    source="cnn",
    date="2031-03-03",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        put(library, FIRST, LATER)
        yield library


def telling(library: Library, *, statement: bool = True) -> GraphContext:
    """Two articles that share a statement, the later one text with the earlier."""
    cells = tuple(Cell(one.source, one.id, 0, 0, 9, "en", one.text.split("\n")[0]) for one in (FIRST, LATER))
    statements = (Statement("s1", cells, 2, 2, 1.0, 0.9),) if statement else ()
    comparison: Comparison = replace(framing_samples.comparison(), statements=statements)
    entries = library.lookup.article_entries()
    sources = {source.id: source for source in library.sources_with_articles()}
    scope = ArticleScope(
        None,
        {entry.article: entry for entry in entries},
        {entry.article: entry.source for entry in entries},
        sources,
        {id_: source.name for id_, source in sources.items()},
        {},
        4,
    )
    copy = Duplicate(LATER.id, FIRST.id, 7, 0.9, translated=True)
    graph = read_citation_graph(library, entries, [copy], statements)
    key = CacheKey(str(library.path), library.revision, "toy", "en", ())
    settings = Settings(library.path, library.path)
    return GraphContext(LibraryContext(settings, library, toy_space(), key), scope, graph, comparison)


def test_every_figure_opens_to_sentences_with_name_and_cue_or_to_the_copied_articles(
    library: Library,
) -> None:
    context = telling(library)
    data = serialize_grid(edge_grid(context), context)
    json.dumps(data)
    rows = {row["id"]: row for row in data["rows"]}
    assert set(rows) == {"cnn reuters citation", "cnn harbour.test citation", "cnn ap translated copy"}
    cells = rows["cnn reuters citation"]["cells"]
    assert [cell["text"] for cell in cells][:3] == ["Reuters", "cites", "1"]
    (group,) = [data["groups"][at] for at in cells[2]["groups"]]
    kinds = {part["kind"]: part["text"] for part in group["items"][0]["parts"] if part["kind"]}
    assert kinds == {"cue": "according to", "outlet": "Reuters"}
    assert rows["cnn harbour.test citation"]["cells"][0]["text"] == "harbour.test?"
    (copied,) = [data["groups"][at] for at in rows["cnn ap translated copy"]["cells"][2]["groups"]]
    assert any("Ferry" in note for note in copied["note"])
    assert "7" in " ".join(copied["note"])


def test_a_cited_statement_has_who_was_first_and_whom_it_is_ascribed_to(library: Library) -> None:
    context = telling(library)
    grid = statement_grid(context)
    assert isinstance(grid, Grid)
    (row,) = serialize_grid(grid, context)["rows"]
    assert [cell["text"] for cell in row["cells"]] == ["AP", "2 March 2031", "Reuters"]
    assert statement_grid(telling(library, statement=False)) is None
