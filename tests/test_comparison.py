from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from crosslingual.align.space import Space
from crosslingual.compare.comparison import LANGUAGE_ORDER, align_articles, compare_event
from crosslingual.compare.statements import DEFAULT_THRESHOLD, MIN_PROBABILITY, cut_forest
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import NotFoundError
from crosslingual.events.clustering import find_events
from crosslingual.ingest.pipeline import add_files
from crosslingual.language.sentences import split_sentences
from crosslingual.library import MEMORY_ENGINE, Library, encodable_texts
from crosslingual.types import Article, Cell, Comparison, Correction, Duplicate, Event, Source, Translation
from tests.helpers.doubles import flat_space

FLAT = flat_space("letters@1", 8)


@pytest.fixture(scope="module")
def comparisons(demo_library: Library, demo_space: Space) -> list[Comparison]:
    return [compare_event(demo_library, demo_space, event) for event in find_events(demo_library, demo_space)]


def test_every_sentence_stands_in_statements_or_alone(
    comparisons: list[Comparison], demo_library: Library
) -> None:
    for comparison in comparisons:
        told = demo_library.load_sentences(comparison.event.articles)
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
        assert {column.source.id for column in comparison.source_summaries} == set(comparison.event.sources)
        for column in comparison.source_summaries:
            source = column.source.id
            shared = {
                (cell.article, cell.sentence)
                for one in comparison.statements
                for cell in one.cells
                if cell.source == source
            }
            assert column.n_shared == len(shared)
            assert column.n_exclusive == sum(cell.source == source for cell in comparison.exclusives)
            assert column.n_shared + column.n_exclusive == column.n_sentences
            assert column.n_articles == sum(article.source == source for article in comparison.articles)


def test_statements_say_who_carries_them_and_how_sure_that_is(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert comparison.statements
        assert len({one.id for one in comparison.statements}) == len(comparison.statements)
        for one in comparison.statements:
            assert one.coverage == len({cell.source for cell in one.cells})
            assert 2 <= one.coverage <= one.n_sources == len(comparison.source_summaries)
            assert comparison.threshold == DEFAULT_THRESHOLD <= one.probability <= 1
            assert one.score == min(cell.score for cell in one.cells)
        order = [(one.probability < DEFAULT_THRESHOLD, -one.coverage) for one in comparison.statements]
        assert order == sorted(order)


def test_exclusives_have_no_score_and_stand_in_order(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert all(cell.score == cell.probability == 0 for cell in comparison.exclusives)
        columns = [column.source.id for column in comparison.source_summaries]
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
                assert (cell.translation.lang, cell.translation.engine) == ("en", MEMORY_ENGINE)


def test_the_same_library_gives_the_same_comparison(
    comparisons: list[Comparison], demo_library: Library, demo_space: Space
) -> None:
    for comparison in comparisons:
        assert compare_event(demo_library, demo_space, comparison.event) == comparison


def test_the_order_of_the_articles_in_the_event_does_not_matter(
    comparisons: list[Comparison], demo_library: Library, demo_space: Space
) -> None:
    event = comparisons[0].event
    turned = Event(
        event.id, event.title, event.start, event.end, event.articles[::-1], event.sources, event.languages
    )
    other = compare_event(demo_library, demo_space, turned)
    assert other.statements == comparisons[0].statements
    assert other.source_summaries == comparisons[0].source_summaries


def test_columns_stand_in_the_order_of_languages(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        places = [LANGUAGE_ORDER.index(column.source.languages[0]) for column in comparison.source_summaries]
        assert places == sorted(places)


def shelved(library: Library, *articles: Article) -> Event:
    """Store the articles; a sentence's vector is that of the letter it begins with."""
    library.put_sources({one.source: Source(one.source, one.source) for one in articles}.values())
    for one in articles:
        own = split_sentences(one)
        texts = library.texts_without_vectors(FLAT.model, encodable_texts(one, own))
        rows = np.eye(8, dtype=np.float32)[[ord(text[0]) - ord("A") for text in texts]]
        ones = np.ones(1, np.float32)
        packed = [FLAT.tokens.pack(row[None], ones) for row in rows]
        library.add_articles([(one, own)], FLAT.model, texts, rows, {FLAT.tokens.key: packed})
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
        comparison = compare_event(library, FLAT, event)
    columns = {column.source.id: column for column in comparison.source_summaries}
    assert [(name, one.n_articles, one.n_sentences, one.n_shared) for name, one in columns.items()] == [
        ("one", 2, 4, 2),
        ("two", 1, 3, 2),
    ]
    assert [(one.coverage, one.n_sources) for one in comparison.statements] == [(2, 2), (2, 2)]
    assert [cell.source for cell in comparison.exclusives] == ["one", "one", "two"], "a source's own together"


def test_an_event_of_one_source_has_exclusives_only(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        event = shelved(library, Article("one", "en", "A first."), Article("one", "en", "A first. B second."))
        comparison = compare_event(library, FLAT, event)
    assert comparison.statements == ()
    assert len(comparison.exclusives) == 3


def test_the_bonds_give_the_statements_at_any_threshold(
    demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    comparison = comparisons[0]
    sources = [article.source for article in comparison.articles]
    places = {article.id: place for place, article in enumerate(comparison.articles)}
    for threshold in (MIN_PROBABILITY, 0.5, DEFAULT_THRESHOLD, 0.95):
        other = compare_event(demo_library, demo_space, comparison.event, threshold=threshold)
        assert other.merge_edges == comparison.merge_edges
        found = cut_forest(comparison.merge_edges, threshold, sources)
        assert sorted(group for group, _ in found) == sorted(
            tuple(sorted((places[cell.article], cell.sentence) for cell in one.cells))
            for one in other.statements
        )
        assert sorted(sure for _, sure in found) == sorted(one.probability for one in other.statements)


def test_links_are_the_evidence_of_both_sides(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        assert len({(link.left, link.right) for link in comparison.links}) == len(comparison.links)
        assert all(link.left < link.right and link.left[0] != link.right[0] for link in comparison.links)
        known = {(link.left, link.right): link.probability for link in comparison.links}
        told = {
            (bond.left, bond.right)
            for bond in comparison.merge_edges
            if bond.probability >= DEFAULT_THRESHOLD
        }
        assert {tuple(sorted(pair)) for pair in told} <= known.keys()


def _correct(library: Library, kind: Literal["together", "apart"], one: Cell, other: Cell) -> None:
    mine, theirs = (((cell.article, cell.start),) for cell in (one, other))
    made = "2026-01-01T00:00:00+00:00"
    library.add_corrections([Correction(f"{kind}-{one.start}", kind, mine, theirs, made)])


def test_a_word_of_a_person_outweighs_the_alignment_and_the_last_one_counts(
    tmp_path: Path, demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    import shutil

    shutil.copytree(demo_library.path, tmp_path / "own")
    with Library(tmp_path / "own") as library:
        event = comparisons[0].event

        def rows() -> list[set[tuple[str, int]]]:
            found = compare_event(library, demo_space, event)
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
        found = compare_event(library, demo_space, event)
        assert [one.kind for one in found.corrections] == ["apart", "together", "together"]
        assert {bond.correction for bond in found.merge_edges} >= {f"together-{alone.start}"}
        for one in found.corrections:
            assert library.remove_corrections([one.id])
        assert compare_event(library, demo_space, event) == comparisons[0]


@pytest.mark.parametrize(
    "texts",
    [
        {
            "en": "Had you been to the lighthouse? Yes. Had you met the keeper? No. Had you read the log? No. "
            "The witness was then dismissed by the court.",
            "de": "Waren Sie auf dem Leuchtturm? Ja. Hatten Sie den Wärter getroffen? Nein. Hatten Sie das Logbuch "
            "gelesen? Nein. Der Zeuge wurde danach vom Gericht entlassen.",
        },
        {
            "zh": "记者问到灯塔。没有回答。记者问到渡船。没有回答。记者问到预算。没有回答。会议在中午结束。",
            "en": "The reporter asked about the lighthouse. There was no answer. The reporter asked about the ferry. "
            "There was no answer. The reporter asked about the budget. There was no answer. The meeting ended at noon.",
        },
    ],
    ids=["de", "zh"],
)  # fmt: skip
def test_answers_that_are_given_again_are_told_by_both(
    tmp_path: Path, article_encoder: ArticleEncoder, demo_space: Space, texts: dict[str, str]
) -> None:
    for lang, text in texts.items():
        head = f"source: {lang}-paper\nlang: {lang}\ndate: 2024-06-20\n\n"
        (tmp_path / f"{lang}.txt").write_text(head + text, encoding="utf-8")
    with Library(tmp_path / "library") as library:
        files = [tmp_path / f"{lang}.txt" for lang in texts]
        assert not add_files(files, library, lambda: article_encoder).problems
        (event,) = find_events(library, demo_space)
        assert compare_event(library, demo_space, event).exclusives == ()


def test_two_articles_are_aligned_as_translations_by_a_persons_word(
    demo_library: Library, demo_space: Space, comparisons: list[Comparison]
) -> None:
    one, other = (article.id for article in comparisons[0].articles[:2])
    beads = align_articles(demo_library, demo_space, one, other)
    told = demo_library.load_sentences([one, other])
    assert [sentence for bead in beads for sentence in bead.src] == list(told[one])
    assert [sentence for bead in beads for sentence in bead.tgt] == list(told[other])
    assert all(bead.src or bead.tgt for bead in beads)
    assert all((bead.score == 0) == (not (bead.src and bead.tgt)) for bead in beads)
    same = align_articles(demo_library, demo_space, one, one)
    assert [(bead.src, bead.tgt) for bead in same] == [((sentence,), (sentence,)) for sentence in told[one]]
    with pytest.raises(NotFoundError):
        align_articles(demo_library, demo_space, one, "0" * 16)


def test_copies_count_as_one_voice_where_it_is_asked_for(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        articles = (
            Article("agency", "en", "A first. B second.", date="2024-01-01"),
            Article("paper", "en", "A first.  B second. ", date="2024-01-02"),
            Article("radio", "fr", "A again. C else.", date="2024-01-02"),
        )
        event = shelved(library, *articles)
        each = compare_event(library, FLAT, event)
        copy = Duplicate(articles[0].id, articles[1].id, 2, 1.0, translated=False)
        stranger = Duplicate(articles[0].id, "0" * 16, 2, 1.0, translated=False)
        once = compare_event(library, FLAT, event, duplicates=[copy, stranger])
    assert each.duplicates == ()
    assert once.duplicates == (copy,)
    found = {
        kind: {one.cells[0].text[0]: (one.coverage, one.n_sources) for one in comparison.statements}
        for kind, comparison in (("each", each), ("once", once))
    }
    assert found == {"each": {"A": (3, 3), "B": (2, 3)}, "once": {"A": (2, 2), "B": (1, 2)}}
    assert [one.cells for one in each.statements] == [one.cells for one in once.statements]


def test_a_sentence_in_another_language_is_translated_from_its_own(tmp_path: Path) -> None:
    article = Article("one", "de", "A erstens. B second.")
    told = [replace(one, lang="en" if one.index else "") for one in split_sentences(article)]
    with Library(tmp_path) as library:
        library.put_sources([Source("one", "One")])
        rows = np.eye(8, dtype=np.float32)[:2]
        packed = [FLAT.tokens.pack(row[None], np.ones(1, np.float32)) for row in rows]
        texts = [one.text for one in told]
        library.add_articles([(article, told)], FLAT.model, texts, rows, {FLAT.tokens.key: packed})
        for text, lang in zip(texts, ("de", "en"), strict=True):
            library.memory.put_translations([(text, lang, Translation(f"({lang})", "fr", MEMORY_ENGINE))])
        library.memory.put_translations([(texts[1], "de", Translation("(wrong)", "fr", MEMORY_ENGINE))])
        event = Event("e", "t", "", "", (article.id,), ("one",), ("de",))
        cells = compare_event(library, FLAT, event, target_lang="fr").exclusives
    assert [(cell.lang, cell.translation and cell.translation.text) for cell in cells] == [
        ("de", "(de)"),
        ("en", "(en)"),
    ]
