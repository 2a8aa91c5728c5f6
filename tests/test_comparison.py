from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.space import Space
from crosslingual.comparison import LANGUAGES, SURE, compare
from crosslingual.events import find_events
from crosslingual.library import MEMORY, Library, encodable
from crosslingual.segment import sentences
from crosslingual.types import Article, Comparison, Event, Source

FLAT = Space("letters@1", {}, np.zeros(8, np.float32))


@pytest.fixture(scope="module")
def comparisons(demo_library: Library, demo_space: Space) -> list[Comparison]:
    return [compare(demo_library, demo_space, event) for event in find_events(demo_library, demo_space)]


def test_every_sentence_stands_exactly_once(comparisons: list[Comparison], demo_library: Library) -> None:
    for comparison in comparisons:
        told = demo_library.sentences(comparison.event.articles)
        cells = [cell for statement in comparison.statements for cell in statement.cells]
        cells += comparison.exclusives
        assert sorted((cell.article, cell.sentence) for cell in cells) == sorted(
            (one.article, one.index) for own in told.values() for one in own
        )


def test_offsets_give_back_the_text(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        articles = {article.id: article for article in comparison.articles}
        for cell in (
            *comparison.exclusives,
            *(cell for statement in comparison.statements for cell in statement.cells),
        ):
            article = articles[cell.article]
            assert article.text[cell.start : cell.end] == cell.text
            assert (article.source, article.lang) == (cell.source, cell.lang)


def test_the_counts_of_the_columns_add_up(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert {column.source.id for column in comparison.columns} == set(comparison.event.sources)
        for column in comparison.columns:
            source = column.source.id
            shared = sum(cell.source == source for one in comparison.statements for cell in one.cells)
            assert column.shared == shared
            assert column.exclusive == sum(cell.source == source for cell in comparison.exclusives)
            assert column.shared + column.exclusive == column.sentences
            assert column.articles == sum(article.source == source for article in comparison.articles)


def test_statements_say_who_carries_them_and_how_sure_that_is(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert comparison.statements
        assert len({one.id for one in comparison.statements}) == len(comparison.statements)
        for one in comparison.statements:
            assert one.coverage == len({cell.source for cell in one.cells})
            assert 2 <= one.coverage <= one.of == len(comparison.columns)
            assert one.probability == min(cell.probability for cell in one.cells)
            assert one.score == min(cell.score for cell in one.cells)
            assert 0.5 <= one.probability <= 1
        order = [(one.probability < SURE, -one.coverage) for one in comparison.statements]
        assert order == sorted(order)


def test_exclusives_have_no_score_and_stand_in_order(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert all(cell.score == cell.probability == 0 for cell in comparison.exclusives)
        columns = [column.source.id for column in comparison.columns]
        places = [(columns.index(cell.source), cell.article, cell.sentence) for cell in comparison.exclusives]
        assert [place[0] for place in places] == sorted(place[0] for place in places)
        for article in comparison.articles:
            own = [sentence for _, id_, sentence in places if id_ == article.id]
            assert own == sorted(own)


def test_translations_come_from_the_memory_and_name_it(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        for cell in comparison.exclusives:
            if cell.lang == "en":
                assert cell.translation is None
            else:
                assert cell.translation is not None
                assert (cell.translation.lang, cell.translation.engine) == ("en", MEMORY)


def test_the_same_library_gives_the_same_comparison(
    comparisons: list[Comparison], demo_library: Library, demo_space: Space
) -> None:
    for comparison in comparisons:
        assert compare(demo_library, demo_space, comparison.event) == comparison


def test_the_order_of_the_articles_in_the_event_does_not_matter(
    comparisons: list[Comparison], demo_library: Library, demo_space: Space
) -> None:
    event = comparisons[0].event
    turned = Event(
        event.id, event.title, event.start, event.end, event.articles[::-1], event.sources, event.languages
    )
    other = compare(demo_library, demo_space, turned)
    assert other.statements == comparisons[0].statements
    assert other.columns == comparisons[0].columns


def test_columns_stand_in_the_order_of_languages(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        places = [LANGUAGES.index(column.source.languages[0]) for column in comparison.columns]
        assert places == sorted(places)


def shelved(library: Library, *articles: Article) -> Event:
    """Store the articles; a sentence's vector is that of the letter it begins with."""
    library.put_sources({one.source: Source(one.source, one.source) for one in articles}.values())
    for one in articles:
        own = sentences(one)
        texts = library.missing(FLAT.model, encodable(one, own))
        rows = np.eye(8, dtype=np.float32)[[ord(text[0]) - ord("A") for text in texts]]
        library.add([(one, own)], FLAT.model, texts, rows)
    ids = tuple(one.id for one in articles)
    return Event("e", "t", "", "", ids, tuple(sorted({one.source for one in articles})), ("en",))


def test_a_source_with_two_articles_has_one_column(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        event = shelved(
            library,
            Article("one", "en", "A first. B second."),
            Article("one", "fr", "C third. D fourth.", date="2024-01-02"),
            Article("two", "en", "A again. C again. E else."),
        )
        comparison = compare(library, FLAT, event)
    columns = {column.source.id: column for column in comparison.columns}
    assert [(name, one.articles, one.sentences, one.shared) for name, one in columns.items()] == [
        ("one", 2, 4, 2),
        ("two", 1, 3, 2),
    ]
    assert [(one.coverage, one.of) for one in comparison.statements] == [(2, 2), (2, 2)]
    assert [cell.source for cell in comparison.exclusives] == ["one", "one", "two"], "a source's own together"


def test_an_event_of_one_source_has_exclusives_only(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        event = shelved(library, Article("one", "en", "A first."), Article("one", "en", "A first. B second."))
        comparison = compare(library, FLAT, event)
    assert comparison.statements == ()
    assert len(comparison.exclusives) == 3
