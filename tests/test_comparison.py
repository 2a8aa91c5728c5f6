from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from doubles import flat_space  # type: ignore[import-not-found]

from crosslingual.align.space import Space
from crosslingual.comparison import LANGUAGES, bitext, compare
from crosslingual.errors import NotFoundError
from crosslingual.events import find_events
from crosslingual.language.sentences import sentences
from crosslingual.library import MEMORY, Library, encodable
from crosslingual.statements import FAINT, SURE, statements_at
from crosslingual.types import Article, Cell, Comparison, Copy, Correction, Event, Source, Translation

FLAT = flat_space("letters@1", 8)


@pytest.fixture(scope="module")
def comparisons(demo_library: Library, demo_space: Space) -> list[Comparison]:
    return [compare(demo_library, demo_space, event) for event in find_events(demo_library, demo_space)]


def test_every_sentence_stands_in_statements_or_alone(
    comparisons: list[Comparison], demo_library: Library
) -> None:
    for comparison in comparisons:
        told = demo_library.sentences(comparison.event.articles)
        shared = {(one.article, one.sentence) for row in comparison.statements for one in row.cells}
        alone = [(one.article, one.sentence) for one in comparison.exclusives]
        assert not shared & set(alone)
        assert sorted([*shared, *alone]) == sorted(
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
            shared = {
                (cell.article, cell.sentence)
                for one in comparison.statements
                for cell in one.cells
                if cell.source == source
            }
            assert column.shared == len(shared)
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
            assert comparison.threshold == SURE <= one.probability <= 1
            assert one.score == min(cell.score for cell in one.cells)
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
        ones = np.ones(1, np.float32)
        packed = [FLAT.tokens.pack(row[None], ones) for row in rows]
        library.add([(one, own)], FLAT.model, texts, rows, {FLAT.tokens.key: packed})
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


def test_the_bonds_give_the_statements_at_any_threshold(
    demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    comparison = comparisons[0]
    sources = [article.source for article in comparison.articles]
    places = {article.id: place for place, article in enumerate(comparison.articles)}
    for threshold in (FAINT, 0.5, SURE, 0.95):
        other = compare(demo_library, demo_space, comparison.event, threshold=threshold)
        assert other.bonds == comparison.bonds
        found = statements_at(comparison.bonds, threshold, sources)
        assert sorted(group for group, _ in found) == sorted(
            tuple(sorted((places[cell.article], cell.sentence) for cell in one.cells))
            for one in other.statements
        )
        assert sorted(sure for _, sure in found) == sorted(one.probability for one in other.statements)


def test_links_are_the_evidence_of_both_sides(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert len({(link.one, link.other) for link in comparison.links}) == len(comparison.links)
        assert all(link.one < link.other and link.one[0] != link.other[0] for link in comparison.links)
        known = {(link.one, link.other): link.probability for link in comparison.links}
        told = {(bond.one, bond.other) for bond in comparison.bonds if bond.probability >= SURE}
        assert {tuple(sorted(pair)) for pair in told} <= known.keys()


def _correct(library: Library, kind: Literal["together", "apart"], one: Cell, other: Cell) -> None:
    mine, theirs = (((cell.article, cell.start),) for cell in (one, other))
    made = "2026-01-01T00:00:00+00:00"
    library.put_corrections([Correction(f"{kind}-{one.start}", kind, mine, theirs, made)])


def test_a_word_of_a_person_outweighs_the_alignment_and_the_last_one_counts(
    tmp_path: Path, demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    import shutil

    shutil.copytree(demo_library.path, tmp_path / "own")
    with Library(tmp_path / "own") as library:
        event = comparisons[0].event

        def rows() -> list[set[tuple[str, int]]]:
            found = compare(library, demo_space, event)
            return [{(cell.article, cell.start) for cell in one.cells} for one in found.statements]

        row = max(comparisons[0].statements, key=lambda one: len(one.cells))
        alone = comparisons[0].exclusives[0]
        first, last = row.cells[0], row.cells[-1]
        pair = {(first.article, first.start), (last.article, last.start)}
        assert any(pair <= one for one in rows())
        _correct(library, "apart", first, last)
        assert not any(pair <= one for one in rows())
        _correct(library, "together", last, first)
        assert any(pair <= one for one in rows())
        stranger = {(alone.article, alone.start), (last.article, last.start)}
        _correct(library, "together", alone, last)
        assert any(stranger <= one for one in rows())
        found = compare(library, demo_space, event)
        assert [one.kind for one in found.corrections] == ["apart", "together", "together"]
        assert {bond.correction for bond in found.bonds} >= {f"together-{alone.start}"}
        for one in found.corrections:
            assert library.remove_corrections([one.id])
        assert compare(library, demo_space, event) == comparisons[0]


def test_two_articles_are_aligned_as_translations_by_a_persons_word(
    demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    one, other = (article.id for article in comparisons[0].articles[:2])
    beads = bitext(demo_library, demo_space, one, other)
    told = demo_library.sentences([one, other])
    assert [sentence for bead in beads for sentence in bead.src] == list(told[one])
    assert [sentence for bead in beads for sentence in bead.tgt] == list(told[other])
    assert all(bead.src or bead.tgt for bead in beads)
    assert all((bead.score == 0) == (not (bead.src and bead.tgt)) for bead in beads)
    same = bitext(demo_library, demo_space, one, one)
    assert [(bead.src, bead.tgt) for bead in same] == [((sentence,), (sentence,)) for sentence in told[one]]
    with pytest.raises(NotFoundError):
        bitext(demo_library, demo_space, one, "0" * 16)


def test_copies_count_as_one_voice_where_it_is_asked_for(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        articles = (
            Article("agency", "en", "A first. B second.", date="2024-01-01"),
            Article("paper", "en", "A first.  B second. ", date="2024-01-02"),
            Article("radio", "fr", "A again. C else.", date="2024-01-02"),
        )
        event = shelved(library, *articles)
        each = compare(library, FLAT, event)
        copy = Copy(articles[0].id, articles[1].id, 2, 1.0, translated=False)
        stranger = Copy(articles[0].id, "0" * 16, 2, 1.0, translated=False)
        once = compare(library, FLAT, event, copies=[copy, stranger])
    assert each.copies == ()
    assert once.copies == (copy,)
    found = {
        kind: {one.cells[0].text[0]: (one.coverage, one.of) for one in comparison.statements}
        for kind, comparison in (("each", each), ("once", once))
    }
    assert found == {"each": {"A": (3, 3), "B": (2, 3)}, "once": {"A": (2, 2), "B": (1, 2)}}
    assert [one.cells for one in each.statements] == [one.cells for one in once.statements]


def test_a_sentence_in_another_language_is_translated_from_its_own(tmp_path: Path) -> None:
    article = Article("one", "de", "A erstens. B second.")
    told = [replace(one, lang="en" if one.index else "") for one in sentences(article)]
    with Library(tmp_path) as library:
        library.put_sources([Source("one", "One")])
        rows = np.eye(8, dtype=np.float32)[:2]
        packed = [FLAT.tokens.pack(row[None], np.ones(1, np.float32)) for row in rows]
        texts = [one.text for one in told]
        library.add([(article, told)], FLAT.model, texts, rows, {FLAT.tokens.key: packed})
        for text, lang in zip(texts, ("de", "en"), strict=True):
            library.memory.put([(text, lang, Translation(f"({lang})", "fr", MEMORY))])
        library.memory.put([(texts[1], "de", Translation("(wrong)", "fr", MEMORY))])
        event = Event("e", "t", "", "", (article.id,), ("one",), ("de",))
        cells = compare(library, FLAT, event, reader="fr").exclusives
    assert [(cell.lang, cell.translation and cell.translation.text) for cell in cells] == [
        ("de", "(de)"),
        ("en", "(en)"),
    ]
