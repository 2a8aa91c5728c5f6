from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crosslingual.citations.graph import build_citation_graph
from crosslingual.citations.outlet_sources import OutletSources, find_outlet_id
from crosslingual.citations.publication import find_first_articles, is_published_before
from crosslingual.citations.reading import read_citations
from crosslingual.citations.values import Citation, CitationGraph
from crosslingual.framing.cells import statements_by_sentence
from crosslingual.library import ArticleEntry, Library
from crosslingual.library.article_cache import load_kept
from crosslingual.library.folder import NAMES_FILE
from crosslingual.report.citation_picture import MAX_OUTLETS, draw_citations
from crosslingual.report.citation_rows import citation_rows, graph_object
from crosslingual.report.citations import edges_table
from crosslingual.types import Article, Cell, Duplicate, Sentence, Source, Statement
from tests.helpers.library_samples import article, put

PORT = Source("port-herald", "The Port Herald", domains=("portherald.example",))
CITING = (
    "The ferry sank.",
    "Reuters reported a fire.",
    "The Port Herald reported fog.",
    "TASS said it was old.",
)


def entry(one: Article) -> ArticleEntry:
    return ArticleEntry(one.id, one.source, one.lang, one.date, one.title, one.url, len(one.text.split("\n")))


def read_articles(library: Library, *articles: Article, sources: tuple[Source, ...] = ()) -> list[Citation]:
    put(library, *articles)
    return read_citations(library, [*map(entry, articles)], OutletSources(sources))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def test_a_citation_has_its_sentence_and_both_spans(library: Library) -> None:
    (found, *_) = read_articles(library, article(CITING, source="xinhua", date="2031-03-02"))
    assert (found.source, found.date, found.sentence) == ("xinhua", "2031-03-02", 1)
    assert found.text[found.start : found.end] == "Reuters"
    assert found.text[found.cue_start : found.cue_end] == "reported"
    assert (found.cited, found.cited_name, found.is_in_library) == ("reuters", "Reuters", False)


def test_an_outlet_that_names_itself_is_its_own_and_no_edge(library: Library) -> None:
    one = article(CITING, source="tass")
    citations = read_articles(library, one, sources=(Source("tass", "TASS"),))
    assert [citation.cited for citation in citations if citation.is_own] == ["tass"]
    graph = build_citation_graph([entry(one)], citations)
    assert {edge.cited for edge in graph.edges} == {"reuters"}
    assert [citation.cited for citation in graph.own] == ["tass"]


def test_a_source_of_the_library_is_cited_by_its_id(library: Library) -> None:
    citations = read_articles(
        library, article(CITING, source="xinhua"), sources=(PORT, Source("rtrs", "Reuters"))
    )
    assert [(one.cited, one.is_in_library) for one in citations] == [
        ("rtrs", True),
        ("port-herald", True),
        ("tass", False),
    ]


def test_a_sentence_in_another_language_is_read_in_it(library: Library) -> None:
    lines = ["The ferry sank.", "Паром затонул, сообщает ТАСС."]
    one = article(lines, source="xinhua")
    put(library, one, langs={lines[1]: "ru"})
    (found,) = read_citations(library, [entry(one)], OutletSources(()))
    assert (found.lang, found.cited) == ("ru", "tass")


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        (Source("tass", "whatever"), "tass"),
        (Source("tass-demo", "TASS (demo text)", demo=True), "tass"),
        (Source("gagauzinfo-md", "gagauzinfo.md", domains=("gagauzinfo.md",)), "gagauzinfo"),
        (Source("rn", "Новости", aliases=("РИА Новости",)), "ria"),
        (PORT, "port-herald"),
        (Source("pravda-x", "Правда"), "pravda-x"),
    ],
)
def test_a_source_is_the_outlet_whose_name_it_has(source: Source, outlet: str) -> None:
    assert find_outlet_id(source) == outlet


def test_a_demo_text_is_in_the_library_for_those_who_cite_its_outlet(library: Library) -> None:
    citing = article(["The ferry sank, TASS reported."], source="xinhua")
    put(library, citing)
    demo, real = Source("tass-demo", "TASS (demo text)", demo=True), Source("tass", "TASS")
    for sources, cited, is_there in (
        ((demo,), "tass-demo", True),
        ((demo, real), "tass", True),
        ((), "tass", False),
    ):
        (found,) = read_citations(library, [entry(citing)], OutletSources(sources))
        assert (found.cited, found.is_in_library) == (cited, is_there)


# The graph


def test_edges_count_sentences_and_tell_the_first(library: Library) -> None:
    late = article(CITING, source="xinhua", date="2031-03-05")
    early = article(
        ["Reuters reported smoke.", "Smoke rose, according to Reuters."], source="xinhua", date="2031-03-02"
    )
    graph = build_citation_graph([entry(late), entry(early)], read_articles(library, late, early))
    first = graph.edges[0]
    assert (first.citing, first.cited, first.n_items, first.n_articles) == ("xinhua", "reuters", 3, 2)
    assert first.first_date == "2031-03-02"
    assert (graph.n_articles, graph.n_sources) == (2, 1)


def test_copies_lead_from_the_later_to_the_earlier() -> None:
    early, late = (
        article(["a"], source="ap", date="2031-03-02"),
        article(["b"], source="cnn", date="2031-03-03"),
    )
    same_day = article(["c"], "ru", "ria", date="2031-03-03")
    pairs = [
        Duplicate(late.id, early.id, 7, 0.9, translated=False),
        Duplicate(same_day.id, late.id, 5, 0.6, translated=True),
        Duplicate(early.id, "elsewhere", 5, 0.6, translated=True),
    ]
    graph = build_citation_graph(
        [*map(entry, (early, late, same_day))], [], pairs, source_names={"ap": "Associated Press"}
    )
    told = {edge.kind: edge for edge in graph.edges}
    assert (told["copy"].citing, told["copy"].cited, told["copy"].cited_name) == (
        "cnn",
        "ap",
        "Associated Press",
    )
    assert (told["copy"].first_date, told["copy"].n_doubtful) == ("2031-03-03", 0)
    assert told["translated copy"].n_doubtful == 1
    assert len(graph.edges) == 2


def test_copies_of_one_source_are_no_edge() -> None:
    left, right = article(["a"], source="ap"), article(["b"], source="ap")
    assert (
        build_citation_graph(
            [entry(left), entry(right)], [], [Duplicate(left.id, right.id, 4, 0.9, translated=False)]
        ).edges
        == ()
    )


def test_a_cited_statement_says_who_was_first(library: Library) -> None:
    citing = article(CITING, source="xinhua", date="2031-03-05")
    first, other = (
        article(["Fire!"], source="ap", date="2031-03-02"),
        article(["Smoke."], source="cnn", date="2031-03-04"),
    )
    cells = tuple(
        Cell(one.source, one.id, index, 0, 1, "en", "")
        for one, index in ((citing, 1), (first, 0), (other, 0))
    )
    statement = Statement("s1", cells, 3, 3, 1.0, 0.9)
    put(library, citing, first, other)
    articles = [*map(entry, (citing, first, other))]
    citations = read_citations(library, articles, OutletSources(()), statements_by_sentence([statement]))
    graph = build_citation_graph(articles, citations, statements=[statement])
    (cited,) = graph.statements
    assert (cited.statement, cited.first_sources, cited.first_date) == ("s1", ("ap",), "2031-03-02")
    assert [one.cited for one in cited.citations] == ["reuters"]


# Who was first


def dated(date: str) -> ArticleEntry:
    return entry(article([date or "none"], source="s", date=date))


@pytest.mark.parametrize(
    ("left", "right", "before"),
    [
        ("2031-03-02", "2031-03-03", True),
        ("2031-03-03", "2031-03-02", False),
        ("2031-03-02", "2031-03-02", None),
        ("2031-03-02", "2031-03-02T10:00:00+00:00", None),
        ("2031-03-02T12:00:00+09:00", "2031-03-02T05:00:00+00:00", True),
        ("2031-03-02T12:00:00", "2031-03-02T13:00:00+00:00", None),
        ("", "2031-03-02", None),
        ("soon", "2031-03-02", None),
        ("0001-01-01T00:00:00", "9999-12-31T23:59:59", True),
        ("2031-03-02T00:00:00+00:00", "2031-03-02T09:00:00+00:00", None),
        ("2031-03-02T22:00:00", "2031-03-03", True),
    ],
)
def test_times_of_publication_are_compared_as_far_as_they_tell(
    left: str, right: str, before: bool | None
) -> None:
    assert is_published_before(dated(left), dated(right)) is before


def test_several_are_first_where_their_dates_do_not_tell() -> None:
    articles = [dated(""), dated("2031-03-03"), dated("2031-03-02T08:00:00+00:00"), dated("2031-03-02")]
    assert [one.date for one in find_first_articles(articles)] == ["2031-03-02", "2031-03-02T08:00:00+00:00"]
    assert find_first_articles([dated("")]) == []
    assert find_first_articles([dated("no date")]) == []


# What is printed


def small_graph(library: Library) -> CitationGraph:
    one = article(
        [*CITING, "A \x1b[31mred\x07 ferry sank, according to portherald.test."],
        source="tass",
        date="2031-03-05",
    )
    return build_citation_graph([entry(one)], read_articles(library, one, sources=(Source("tass", "TASS"),)))


def test_rows_and_the_document_have_every_sentence_that_cites(library: Library) -> None:
    graph = small_graph(library)
    rows = list(citation_rows(graph))
    document = graph_object(graph)
    assert [row["kind"] for row in rows] == ["citation", "citation", "own"]
    assert len(rows) == sum(len(edge["citations"]) for edge in document["edges"]) + len(document["own"])
    assert [row["cited"] for row in rows if row["doubtful"]] == ["portherald.test"]
    assert len({tuple(row) for row in rows}) == 1


def test_a_terminal_gets_no_control_characters(library: Library) -> None:
    table = edges_table(small_graph(library))
    cells = [str(cell) for column in table.columns for cell in column.cells]
    assert "portherald.test? (not in the library)" in cells
    assert not any(char in cell for cell in cells for char in "\x1b\x07")


# What is kept


def test_what_was_read_is_not_read_again_until_what_finds_it_changes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = article(CITING, source="xinhua"), article(["AFP reported rain."], source="ap")
    first = read_articles(library, one, other)
    read: list[str] = []
    load = library.load_sentences

    def load_noted(ids: Sequence[str]) -> dict[str, tuple[Sentence, ...]]:
        read.extend(ids)
        return load(ids)

    monkeypatch.setattr(library, "load_sentences", load_noted)
    entries = [entry(one), entry(other)]
    assert read_citations(library, entries, OutletSources(())) == first
    assert read_citations(library, entries, OutletSources([Source("tass", "TASS")])) != first
    assert read == [], "TASS is in the list: nothing else is found by its name"
    read_citations(library, entries, OutletSources([PORT]))
    assert read == [one.id, other.id]
    late = article(["Kyodo reported snow."], source="ap")
    read.clear()
    put(library, late)
    assert len(read_citations(library, [*entries, entry(late)], OutletSources([PORT]))) > len(first)
    assert read == [late.id]


def test_a_damaged_file_of_citations_is_made_anew(library: Library) -> None:
    one = article(CITING, source="xinhua")
    first = read_articles(library, one)
    (library.path / NAMES_FILE).write_bytes(b"no database" * 500)
    assert read_citations(library, [entry(one)], OutletSources(())) == first
    assert load_kept(library.path, "citations", "another", [f"{one.id} en"]) == {}
    assert load_kept(library.path, "names", "another", [f"{one.id} en"]) == {}


# The picture


def test_the_picture_has_all_outlets_and_kinds_and_is_well_formed(library: Library) -> None:
    one = article([*CITING, "All is well, according to <b>&port.test."], source="xinhua", date="2031-03-05")
    copied = article(["a"], source="ap", date="2031-03-02")
    put(library, copied)
    graph = build_citation_graph(
        [entry(one), entry(copied)],
        read_articles(library, one),
        [Duplicate(one.id, copied.id, 3, 0.9, translated=True)],
    )
    drawn = ElementTree.fromstring(draw_citations(graph, {"xinhua": "Xin <hua> & \u202eco"}, 700))  # noqa: S314  # ours
    assert drawn.get("width") == "700"
    texts = {node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Xin <hua> &  co", "Reuters", "ap"} <= texts
    dashes = {node.get("stroke-dasharray") for node in drawn.iter() if node.get("stroke")}
    assert len(dashes) == 2
    assert draw_citations(CitationGraph(0, 0, (), ()), {}, 700) == ""


def test_the_picture_of_many_outlets_has_those_of_most_sentences(library: Library) -> None:
    lines = [f"It rained, according to herald{number}.test." for number in range(40)]
    one = article([*lines, *["Snow fell, according to herald39.test."] * 2], source="xinhua")
    graph = build_citation_graph([entry(one)], read_articles(library, one))
    assert len(graph.edges) == 40
    drawn = draw_citations(graph, {}, 350)
    assert drawn.count("<text") == MAX_OUTLETS + 1
    assert "herald39.test" in drawn
