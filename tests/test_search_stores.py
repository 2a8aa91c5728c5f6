"""What every search index promises, in files and in PostgreSQL, on libraries that need no encoder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslingual.address import LibraryAddress
from crosslingual.align.space import Space
from crosslingual.errors import VectorsMissingError
from crosslingual.language.tokenize import word_forms
from crosslingual.library import Library
from crosslingual.report.search import hit_object
from crosslingual.search import Filters, LibraryIndex, load_query, open_index, search_sentences
from crosslingual.search.check import find_problems, repair_index
from crosslingual.search.expressions import AllOf, AnyOf, Words, any_word
from crosslingual.types import FloatArray
from tests.helpers.library_samples import article, asked, put, toy_space, vector

SPACE: Space = toy_space()
LINES = [f"Sentence number {number} says nothing new." for number in range(30)]


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as opened:
        for start in range(0, 30, 10):
            put(opened, article(LINES[start : start + 10], source=f"s{start}", date=f"2024-05-{10 + start}"))
        yield opened


@pytest.fixture
def index(library: Library) -> Iterator[LibraryIndex]:
    opened = open_index(library, SPACE)
    yield opened
    opened.close()


def texts(library: Library, index: LibraryIndex, text: str, filters: Filters | None = None) -> list[str]:
    return [
        hit.sentence.text
        for hit in search_sentences(library, index, SPACE, asked(text), filters=filters).hits
    ]


def finds_all(library: Library, index: LibraryIndex) -> bool:
    """Whether each stored sentence finds itself, and nothing else is found."""
    held = {
        sentence.text
        for sentences in library.load_sentences(library.article_ids()).values()
        for sentence in sentences
    }
    found = [texts(library, index, text) for text in held]
    return all(text in own and set(own) <= held for text, own in zip(held, found, strict=True))


def test_a_shared_library_is_searched_in_its_database(
    library: Library, index: LibraryIndex, library_address: LibraryAddress
) -> None:
    with index.open_snapshot() as view:
        assert view.n_sentences == 30
    assert (library.path / "index").exists() == isinstance(library_address, Path)


def test_what_is_added_is_found_at_once_and_what_is_removed_never(
    library: Library, index: LibraryIndex
) -> None:
    assert finds_all(library, index)
    new = article(["A new thing was said.", "And another."])
    put(library, new)
    assert "A new thing was said." in texts(library, index, "A new thing was said.")
    library.remove_articles([new.id])
    assert finds_all(library, index)
    put(library, new)
    assert finds_all(library, index), "what was removed may come back"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7)), max_size=12))
def test_index_and_library_hold_the_same_after_any_changes(
    new_library: Callable[[], LibraryAddress], changes: list[tuple[bool, int]]
) -> None:
    articles = [article([f"Text {number}, line {line}." for line in range(3)]) for number in range(8)]
    with Library(new_library()) as library:
        index = open_index(library, SPACE)
        for adding, number in changes:
            if adding:
                put(library, articles[number])
            else:
                library.remove_articles([articles[number].id])
            with index.open_snapshot() as view:
                assert {entry.article for entry in view.article_entries()} == set(library.article_ids())
                assert view.n_sentences == 3 * len(library.article_ids())
        assert finds_all(library, index)
        with index.open_snapshot() as view:
            said = view.document_frequencies("said", ["text"])
        assert said.get("text", 0) >= 3 * len(library.article_ids())
        assert find_problems(library, index, SPACE) == []
        index.close()


def test_what_is_described_anew_is_shown_and_filtered_so(library: Library, index: LibraryIndex) -> None:
    assert finds_all(library, index)
    id_ = next(entry.article for entry in library.lookup.article_entries() if entry.source == "s10")
    with library._db.write_transaction() as db:
        db.execute("UPDATE articles SET date = '2025-01-02', title = 'Another title' WHERE id = ?", (id_,))
    assert set(texts(library, index, LINES[0], Filters(since="2025-01-01"))) == set(LINES[10:20])
    hits = search_sentences(library, index, SPACE, asked(LINES[12])).hits
    assert {(hit.entry.title, hit.entry.date) for hit in hits if hit.entry.article == id_} == {
        ("Another title", "2025-01-02")
    }


def test_a_quotation_in_another_language_is_taken_in_as_that(library_address: LibraryAddress) -> None:
    russian = "О переговорах забыли."
    space = replace(SPACE, language_means={"ru": -vector("another place")})
    with Library(library_address) as library:
        put(library, article(["The talks were put off.", russian]), langs={russian: "ru"})
        index = open_index(library, space)
        with index.open_snapshot() as view:
            counted = view.document_frequencies("said", ["переговоры"])
            assert counted == {"переговоры": 1}, "it is found by the form in a Russian dictionary"
            places = view.locate_sentences(view.sample_numbers(10))
            (number,) = (number for number, (_, place) in places.items() if place == 1)
            moved = space.project_vectors(vector(russian)[None], "ru")[0]
            np.testing.assert_allclose(view.load_vectors([number])[0], moved, atol=1e-3)
        assert find_problems(library, index, space) == []
        (hit,) = (
            hit
            for hit in search_sentences(library, index, space, asked(russian)).hits
            if hit.sentence.index == 1
        )
        assert (hit.lang, hit.entry.lang, hit_object(hit, {})["lang"]) == ("ru", "en", "ru")
        assert load_query(library, space, hit.sentence_key).encoded_text.lang == "ru"
        index.close()


def test_filters_leave_out_what_does_not_fit(library: Library, index: LibraryIndex) -> None:
    put(library, article(["Anders gesagt.", "Noch einmal."], lang="de", source="dw", date="2024-06-01"))
    put(library, article(["Without a day."], source="undated"))
    assert set(texts(library, index, LINES[0], Filters(langs=frozenset(["de"])))) == {
        "Anders gesagt.",
        "Noch einmal.",
    }
    assert set(texts(library, index, LINES[0], Filters(sources=frozenset(["s10"])))) == set(LINES[10:20])
    assert texts(library, index, LINES[0], Filters(countries=frozenset(["CN"]))) == []
    assert texts(library, index, LINES[0], Filters(langs=frozenset(["x' OR '1'='1"]))) == []
    days = Filters(since="2024-05-20", until="2024-05-20")
    assert set(texts(library, index, LINES[15], days)) == set(LINES[10:20])
    assert "Without a day." in texts(library, index, "Without a day.")
    assert "Without a day." not in texts(library, index, "Without a day.", Filters(until="2030-01-01"))
    first = next(entry for entry in library.lookup.article_entries() if entry.source == "s0")
    named = search_sentences(
        library, index, SPACE, asked(LINES[25]), filters=Filters(articles=frozenset([first.article, "x"]))
    )
    assert {hit.entry.article for hit in named.hits} == {first.article}
    assert (named.n_sources_searched, named.n_articles, named.n_sentences) == (1, 1, 10)


def test_neighbours_are_those_of_a_plain_comparison(library: Library, index: LibraryIndex) -> None:
    rows: FloatArray = np.stack([vector(text) for text in LINES])
    with index.open_snapshot() as view:
        numbers, cosines = view.find_nearest(vector("anything"), 5, None)
        places = view.locate_sentences(numbers.tolist())
        keys = [(places[number][0].article, places[number][1]) for number in numbers.tolist()]
    found = library.lookup.sentences_at(keys)
    best = np.argsort(-(rows @ vector("anything")))[:5]
    assert [found[key].text for key in keys] == [LINES[place] for place in best]
    np.testing.assert_allclose(cosines, np.sort(rows @ vector("anything"))[::-1][:5], atol=2e-3)


def test_words_are_looked_up_as_they_are_whatever_they_look_like(library_address: LibraryAddress) -> None:
    odd = ["rock'n'roll", "back\\slash", "a&b|c!", "(<->)", ":*", "it''s", "%s", "?", "x\0y"]
    lines = [f"They wrote {word} on walls." for word in odd]
    with Library(library_address) as library:
        put(library, article(lines))
        index = open_index(library, SPACE)
        assert finds_all(library, index)
        with index.open_snapshot() as view:
            for form in (*odd[:-1], "'", '"', "a' | 'b", "x" * 5000):  # no word has a NUL
                strange = Words("said", (form,))
                assert len(view.match_words(strange, 10, None)) <= 1, "no more than what has it"
                assert len(view.match_words(AnyOf((strange, Words("said", ("walls",)))), 50, None)) == len(
                    odd
                )
            for form in (form for word in odd[:3] for forms in word_forms(word, "en") for form in forms):
                assert len(view.match_words(Words("said", (form,)), 10, None)) == 1
        index.close()


def test_words_are_counted_and_combined(library: Library, index: LibraryIndex) -> None:
    put(library, article(["Rain fell in Lyon.", "Rain fell.", "Lyon waited. Rain? Rain!"], source="fr1"))
    with index.open_snapshot() as view:
        rain, lyon = Words("said", ("rain",)), Words("said", ("lyon",))
        assert len(view.match_words(AllOf((rain, lyon)), 0, None)) == 2
        assert len(view.match_words(AnyOf((rain, lyon)), 0, None)) == 3
        assert view.document_frequencies("said", ["rain", "lyon", "snow"]) == {
            "rain": 3,
            "lyon": 2,
            "snow": 0,
        }
        either = any_word("said", ["rain", "lyon", "fell"])
        assert either
        best = view.match_words(either, 1, None)
        places = view.locate_sentences(best)
        assert [place for _, place in places.values()] == [0], "it has all three"
        scope = view.select_scope(
            Filters(sources=frozenset(["s0"])), {s.id: s for s in library.stored_sources()}
        )
        assert view.match_words(either, 0, scope.chosen) == []


def test_names_stand_in_their_order(library_address: LibraryAddress) -> None:
    with Library(library_address) as library:
        put(library, article(["习近平访问莫斯科。", "平近习访问莫斯科。"], lang="zh"))
        index = open_index(library, SPACE)
        with index.open_snapshot() as view:
            found = view.match_words(Words("heard", ("xi", "jin", "ping")), 0, None)
            assert [place for _, place in view.locate_sentences(found).values()] == [0]
            assert "xi" in view.terms_with_prefix("heard", "x")
        index.close()


def test_sentences_without_vectors_are_named_as_such(library: Library) -> None:
    elsewhere = open_index(library, replace(SPACE, model="other", language_means={}))
    with pytest.raises(VectorsMissingError), elsewhere.open_snapshot():
        pass
    elsewhere.close()


def test_progress_is_told_and_what_it_raises_comes_through(library: Library, index: LibraryIndex) -> None:
    told: list[tuple[int, int]] = []
    with index.open_snapshot(lambda done, total: told.append((done, total))):
        pass
    assert told[0] == (0, 30)
    assert told[-1] == (30, 30)
    put(library, article(["One more."]))

    def closed(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError), index.open_snapshot(closed):
        pass
    assert finds_all(library, index)


def test_a_rebuilt_index_finds_the_same(library: Library, index: LibraryIndex) -> None:
    before = [texts(library, index, text) for text in LINES[:5]]
    index.rebuild()
    assert [texts(library, index, text) for text in LINES[:5]] == before
    repair_index(index, ["something"])
    assert find_problems(library, index, SPACE) == []


def test_threads_search_while_others_add(library: Library, index: LibraryIndex) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            own = open_index(library, SPACE)
            for step in range(4):
                line = f"Told by {number}, {step}."
                put(library, article([line], source=f"t{number}"))
                assert line in texts(library, own, line)
            own.close()
        except BaseException as error:  # told below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert finds_all(library, index)
    assert find_problems(library, index, SPACE) == []
