"""What only a search index in PostgreSQL has: rights, graphs, a restore, words without end, and the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosslingual.address import DatabaseAddress
from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.library import Library
from crosslingual.library.transfer import back_up_library, restore_library
from crosslingual.search import Filters, SearchIndex, open_index, postgres_view, search_sentences
from crosslingual.search import postgres_tables as tables
from crosslingual.search.check import find_problems
from crosslingual.search.expressions import AnyOf, Words
from crosslingual.search.opening import forget_removed_words
from crosslingual.search.postgres_index import PostgresIndex
from crosslingual.types import FloatArray
from tests.helpers import library_samples
from tests.helpers.library_samples import article, asked, put, toy_space, vector
from tests.helpers.postgres_server import PostgresServer

pytestmark = pytest.mark.cluster

SPACE: Space = toy_space()
WORDS = ("rain", "flood", "bridge", "talks", "vote", "snow", "fire", "train")


def fill(library: Library, count: int) -> None:
    for number in range(count):
        lines = [
            f"The {WORDS[(number + step) % 8]} and the {WORDS[(number * step) % 8]}, report {number}, {step}."
            for step in range(3)
        ]
        put(
            library,
            article(lines, "en" if number % 3 else "de", f"s{number % 5}", f"2024-05-{1 + number % 28:02}"),
        )


@pytest.fixture
def address(postgres_server: PostgresServer) -> DatabaseAddress:
    return postgres_server.make_address()


@pytest.fixture
def library(address: DatabaseAddress) -> Iterator[Library]:
    with Library(address) as opened:
        yield opened


@pytest.fixture
def index(library: Library) -> Iterator[PostgresIndex]:
    opened = open_index(library, SPACE)
    assert isinstance(opened, PostgresIndex)
    yield opened
    opened.close()


def test_both_stores_give_the_same_answers(library: Library, index: PostgresIndex, tmp_path: Path) -> None:
    fill(library, 15)  # so few that all are judged
    restore_library(back_up_library(library_address(library), tmp_path / "moved.db"), tmp_path / "folder")
    with Library(tmp_path / "folder") as moved:
        files = SearchIndex(moved, SPACE)
        for text in ("The rain and the vote", "flood", "Report 7.", "The train and the snow, report 12, 1."):
            for filters in (
                None,
                Filters(langs=frozenset(["de"])),
                Filters(sources=frozenset(["s1", "s2"]), since="2024-05-05", until="2024-05-20"),
                Filters(phrase="the vote"),
            ):
                one, other = (
                    search_sentences(store, own, SPACE, asked(text), filters=filters, limit=500)
                    for store, own in ((moved, files), (library, index))
                )
                told = [
                    {
                        (hit.sentence_key, hit.band, hit.has_words, hit.has_all, round(hit.probability, 2))
                        for hit in found.hits
                    }
                    for found in (one, other)
                ]
                assert told[0] == told[1]
                assert dict(one.match_counts) == dict(other.match_counts)
                assert (one.n_sources_searched, one.n_articles, one.n_sentences, one.is_complete) == (
                    other.n_sources_searched,
                    other.n_articles,
                    other.n_sentences,
                    other.is_complete,
                )
        files.close()


def library_address(library: Library) -> DatabaseAddress:
    from crosslingual.library.postgres import PostgresDatabase

    assert isinstance(library._db, PostgresDatabase)
    return library._db._address


def test_a_graph_is_walked_where_a_language_has_grown(
    library: Library, index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, 200)
    monkeypatch.setattr("crosslingual.search.postgres_view.MAX_EXACT_SENTENCES", 50)
    monkeypatch.setattr("crosslingual.search.postgres_view._COMPARED_PER_VISITED", 0.1)
    with index.open_snapshot() as view:
        exact = view._compare_all(vector("q"), 10, view._whole)
    assert index.compact()
    assert not index.compact(), "nothing is left to do"
    sources = {source.id: source for source in library.stored_sources()}
    with index.open_snapshot() as view:
        plan = view._session.execute(
            "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%hnsw%'"
        ).fetchall()
        assert len(plan) >= 2, "one for each language"
        assert view._is_walked("en", 10, view._whole)
        numbers, cosines = view.find_nearest(vector("q"), 10, None)
        assert len(set(numbers.tolist()) & {number for number, _ in exact}) >= 9
        assert (np.diff(cosines) <= 0).all()
        german = view.select_scope(Filters(langs=frozenset(["de"]), since="2024-05-03"), sources).chosen
        assert view._is_walked("de", 10, german)
        best = {number for number, _ in view._compare_all(vector("q"), 10, german)}
        found, _ = view.find_nearest(vector("q"), 10, german)
        assert len(found) == 10
        assert len(best & set(found.tolist())) >= 9
        few = view.select_scope(Filters(sources=frozenset(["s1"]), until="2024-05-02"), sources).chosen
        assert not any(view._is_walked(lang, 10, few) for lang in few.lang_sizes)
    put(library, article(["Added behind the graph."]))
    assert "Added behind the graph." in {
        hit.sentence.text
        for hit in search_sentences(library, index, SPACE, asked("Added behind the graph.")).hits
    }


def test_who_may_only_read_finds_what_is_indexed_and_is_told_what_is_not(
    postgres_server: PostgresServer, library: Library, address: DatabaseAddress, index: PostgresIndex
) -> None:
    fill(library, 5)
    with library._db.read_transaction() as db:
        (schema,) = db.execute("SELECT current_schema()").fetchone()
    postgres_server.execute(f"CREATE ROLE r_{schema} LOGIN PASSWORD 'x'")
    postgres_server.execute(f"GRANT USAGE ON SCHEMA {schema} TO r_{schema}")
    grant = f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO r_{schema}"
    postgres_server.execute(grant)
    mine = postgres_server.make_address(schema, user=f"r_{schema}", password="x")  # noqa: S106  # of this test
    with Library(mine, create=False) as reader:
        own = open_index(reader, SPACE)
        assert isinstance(own, SearchIndex), "there is none in the database yet"
        own.close()
        with index.open_snapshot():
            pass
        own = open_index(reader, SPACE)
        assert isinstance(own, SearchIndex), "it may not be read"
        own.close()
        postgres_server.execute(grant)
        own = open_index(reader, SPACE)
        assert isinstance(own, PostgresIndex)
        assert search_sentences(reader, own, SPACE, asked("The rain")).hits
        assert own.warning == ""
        put(library, article(["Not indexed yet."]))
        found = search_sentences(reader, own, SPACE, asked("Not indexed yet.")).hits
        assert "Not indexed yet." not in {hit.sentence.text for hit in found}
        assert "not searched" in own.warning
        with pytest.raises(LibraryError):
            own.rebuild()
        own.close()


def test_who_may_write_rows_but_make_no_tables_keeps_the_index_up_to_date(
    postgres_server: PostgresServer, library: Library, index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, 20)
    with library._db.read_transaction() as db:
        (schema,) = db.execute("SELECT current_schema()").fetchone()
    postgres_server.execute(f"CREATE ROLE w_{schema} LOGIN PASSWORD 'x'")
    grants = (
        f"GRANT USAGE ON SCHEMA {schema} TO w_{schema}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO w_{schema}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO w_{schema}",
    )
    for grant in grants:
        postgres_server.execute(grant)
    mine = postgres_server.make_address(schema, user=f"w_{schema}", password="x")  # noqa: S106  # of this test
    with Library(mine, create=False) as writer:
        own = open_index(writer, SPACE)
        assert isinstance(own, SearchIndex), "there is none, and it may make none"
        own.close()
        with index.open_snapshot():
            pass
        for grant in grants:
            postgres_server.execute(grant)
        own = open_index(writer, SPACE)
        assert isinstance(own, PostgresIndex)
        put(writer, article(["Written by another."]))
        found = search_sentences(writer, own, SPACE, asked("Written by another.")).hits
        assert "Written by another." in {hit.sentence.text for hit in found}
        monkeypatch.setattr("crosslingual.search.postgres_view.MAX_EXACT_SENTENCES", 10)
        assert not own.compact(), "the owner makes graphs"
        assert index.compact()
        own.close()


def test_a_restored_library_is_searched_as_it_is_now(
    library: Library, address: DatabaseAddress, index: PostgresIndex, tmp_path: Path
) -> None:
    fill(library, 5)
    assert search_sentences(library, index, SPACE, asked("The rain")).hits
    with Library(tmp_path / "other") as other:
        put(other, *(article([f"Something else {number}."], source=f"s{number}") for number in range(5)))
    restore_library(tmp_path / "other", address)
    hits = search_sentences(library, index, SPACE, asked("The rain")).hits
    assert {hit.sentence.text for hit in hits} == {f"Something else {number}." for number in range(5)}
    assert find_problems(library, index, SPACE) == []


def test_what_is_forgotten_leaves_no_words_in_the_database(library: Library, index: PostgresIndex) -> None:
    fill(library, 5)
    secret = article(["Quaggaword was here."])
    put(library, secret)
    with index.open_snapshot() as view:
        assert view.document_frequencies("said", ["quaggaword"]) == {"quaggaword": 1}
    library.remove_articles([secret.id])
    forget_removed_words(library)
    with index.open_without_update() as view:
        assert view.document_frequencies("said", ["quaggaword"]) == {"quaggaword": 0}
        assert view.match_words(Words("said", ("quaggaword",)), 0, None) == []


def test_a_sentence_without_end_is_taken_in(library: Library, index: PostgresIndex) -> None:
    endless = (
        " ".join(f"word{number}" for number in range(60_000)) + " " + "x" * 5_000 + " " + "Иван " * 20_000
    )
    put(library, article([endless, "A short one."]))
    with index.open_snapshot() as view:
        assert len(view.match_words(Words("said", ("word17",)), 0, None)) == 1
        assert (
            len(view.match_words(AnyOf((Words("said", ("short",)), Words("said", ("word3",)))), 9, None)) == 2
        )


def test_a_newer_recipe_takes_the_place_of_an_older_one(library: Library, index: PostgresIndex) -> None:
    fill(library, 3)
    with index.open_snapshot():
        pass
    moved = replace(SPACE, language_means={"en": vector("elsewhere")})
    other = open_index(library, moved)
    assert isinstance(other, PostgresIndex)
    assert len(index_prefixes(other)) == 2, "who searches takes nothing from others"
    assert not other.compact()
    assert index_prefixes(other) == [other._prefix]
    other.close()


def index_prefixes(index: PostgresIndex) -> list[str]:
    with index.open_snapshot() as view:
        return tables.list_prefixes(view._session)


def make_user(server: PostgresServer, library: Library, name: str, rights: str) -> DatabaseAddress:
    """A user who has ``rights`` on the tables that are there now."""
    with library._db.read_transaction() as db:
        (schema,) = db.execute("SELECT current_schema()").fetchone()
    server.execute(f"CREATE ROLE {name}_{schema} LOGIN PASSWORD 'x'")
    server.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {name}_{schema}")
    server.execute(f"GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {name}_{schema}")
    server.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}_{schema}")
    return server.make_address(schema, user=f"{name}_{schema}", password="x")  # noqa: S106  # of this test


def test_who_owns_no_older_index_makes_one_beside_it(
    postgres_server: PostgresServer, library: Library, index: PostgresIndex
) -> None:
    fill(library, 3)
    with index.open_snapshot():
        pass
    mine = make_user(postgres_server, library, "n", "SELECT, INSERT, UPDATE, DELETE")
    with Library(mine, create=False) as other:
        own = open_index(other, replace(SPACE, language_means={"en": vector("elsewhere")}))
        assert isinstance(own, PostgresIndex)
        assert not own.compact()
        assert set(index_prefixes(own)) == {own._prefix, index._prefix}
        own.close()


def test_what_may_not_be_changed_is_left_and_named(
    postgres_server: PostgresServer, library: Library, index: PostgresIndex
) -> None:
    fill(library, 3)
    mine = make_user(postgres_server, library, "c", "SELECT, INSERT, UPDATE, DELETE")
    with index.open_snapshot():
        pass
    assert forget_removed_words(library) == []
    with Library(mine, create=False) as other:
        assert forget_removed_words(other) == [index._prefix]


def test_where_vectors_may_not_be_used_files_are_searched(postgres_server: PostgresServer) -> None:
    server = PostgresServer()
    try:
        with Library(server.make_address()) as library:
            fill(library, 3)
            mine = make_user(server, library, "v", "SELECT, INSERT, UPDATE, DELETE")
            server.execute("CREATE SCHEMA own")
            server.execute("CREATE EXTENSION IF NOT EXISTS vector")
            server.execute("ALTER EXTENSION vector SET SCHEMA own")
            with Library(mine, create=False) as other:
                index = open_index(other, SPACE)
                assert isinstance(index, SearchIndex)
                assert search_sentences(other, index, SPACE, asked("The rain")).hits
                index.close()
    finally:
        server.close()


def test_what_a_filter_lets_through_is_found_however_far_it_lies(
    library: Library, index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = vector("near"), -vector("near")

    def place(text: str) -> FloatArray:
        row = (far if "far" in text else near) + 0.2 * vector(text)
        return np.asarray(row / np.linalg.norm(row), np.float32)

    monkeypatch.setattr(library_samples, "vector", place)
    for number in range(20):
        where = "far" if number % 5 < 2 else "near"
        put(library, article([f"It is {where}, {number}, {line}." for line in range(30)], source=where))
    for name, value in (("MAX_EXACT_SENTENCES", 50), ("_COMPARED_PER_VISITED", 0.1)):
        monkeypatch.setattr(postgres_view, name, value)
    assert index.compact()
    monkeypatch.setattr(postgres_view, "_MIN_VISITED", 5)
    monkeypatch.setattr(postgres_view, "_MAX_VISITED", 10)
    sources = {source.id: source for source in library.stored_sources()}
    with index.open_snapshot() as view:
        chosen = view.select_scope(Filters(sources=frozenset(["far"])), sources).chosen
        assert view._is_walked("en", 5, chosen)
        found, _ = view.find_nearest(near, 5, chosen)
        assert found.tolist() == [number for number, _ in view._compare_all(near, 5, chosen)]
        assert len(found) == 5


def test_an_index_that_cannot_be_opened_keeps_no_connection(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[PostgresIndex] = []

    def fail(index: PostgresIndex) -> bool:
        seen.append(index)
        raise LibraryError("the server does not answer")

    monkeypatch.setattr(PostgresIndex, "is_usable", fail)
    with pytest.raises(LibraryError):
        open_index(library, SPACE)
    assert [index._database._connection.closed for index in seen] == [True]


def test_one_makes_graphs_at_a_time(
    library: Library, index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, 40)
    monkeypatch.setattr(postgres_view, "MAX_EXACT_SENTENCES", 10)
    other = open_index(library, SPACE)
    assert isinstance(other, PostgresIndex)
    with index._hold_graphs() as is_alone:
        assert is_alone
        assert not other.compact()
    assert other.compact()
    other.close()


def test_an_index_that_another_makes_anew_is_not_taken_for_whole(
    library: Library, index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, 4)
    insert, calls = tables.insert_articles, []

    def interrupted(*given: Any) -> None:
        insert(*given)
        calls.append(given)
        if len(calls) == 1:  # another begins anew, and is killed before it took anything in
            tables.drop_tables(*given[:2])
            session, prefix = given[:2]
            tables.create_tables(session, prefix, index._recipe, index._schema, index._dimensions)

    monkeypatch.setattr(tables, "insert_articles", interrupted)
    with index.open_snapshot() as view:
        assert view.n_sentences == 12
        assert find_problems(library, index, SPACE) == []


def test_a_view_counts_anew_what_another_made_anew(library: Library, index: PostgresIndex) -> None:
    fill(library, 4)
    with index.open_snapshot() as view:
        assert view.n_sentences == 12
        version = index._cache.version
        background = view.background_vectors("en")
    library.remove_articles([library.article_ids()[0]])
    other = open_index(library, SPACE)
    other.rebuild()
    other.close()
    with index._change() as session:
        session.execute(f"UPDATE {index._prefix}_state SET version = ?", (version[1] - 1,))  # noqa: S608
    with index.open_without_update() as view:
        assert index._cache.version[1] == version[1], "as often changed as the one before"
        assert view.n_sentences == 9
        assert len(view.background_vectors("en")) < len(background)


def test_numbers_that_a_restore_gave_to_other_articles_show_none_of_these(
    library: Library, address: DatabaseAddress, index: PostgresIndex, tmp_path: Path
) -> None:
    fill(library, 4)
    with index.open_snapshot() as view:
        held = {entry.article for entry in view.article_entries()}
    with Library(tmp_path / "other") as other:
        put(other, *(article([f"Something else {number}."], source=f"s{number}") for number in range(4)))
    restore_library(tmp_path / "other", address)
    with index.open_without_update() as view:
        assert view.locate_sentences(view.sample_numbers(20)) == {}
        entries = view.article_entries()
        assert {entry.article for entry in entries} == held
        assert {entry.title for entry in entries} == {""}


def test_a_sentence_of_endless_long_words_ends_no_search(library: Library, index: PostgresIndex) -> None:
    long = " ".join(f"{number:06}" + "abcdefgh" * 7 for number in range(19_000))
    put(library, article([long, "A short one."]))
    with index.open_snapshot() as view:
        first = "000003" + "abcdefgh" * 7
        assert len(view.match_words(Words("said", (first,)), 0, None)) == 1
        assert len(view.match_words(Words("said", ("short",)), 0, None)) == 1


def test_a_server_that_was_started_again_is_searched(postgres_server: PostgresServer) -> None:
    server = PostgresServer()
    try:
        with Library(server.make_address()) as library:
            fill(library, 3)
            index = open_index(library, SPACE)
            assert search_sentences(library, index, SPACE, asked("The rain")).hits
            server.kill()
            with pytest.raises(LibraryError):
                search_sentences(library, index, SPACE, asked("The rain"))
            server.start()
            assert search_sentences(library, index, SPACE, asked("The rain")).hits
            index.close()
    finally:
        server.close()
