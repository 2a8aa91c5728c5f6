from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.event_coverage import Indices
from crosslingual.align.matching import PairProbabilities
from crosslingual.align.pair_coverage import JudgeInput, PairCoverage, measure_pair_coverage
from crosslingual.align.space import Space
from crosslingual.compare import pair_cache
from crosslingual.library import Library
from crosslingual.types import Article, Sentence

Told = tuple[list[Article], list[Sequence[Sentence]]]


@pytest.fixture
def told(demo_library: Library) -> Told:
    ids = demo_library.article_ids()[:4]
    articles = demo_library.load_articles(ids)
    sentences = demo_library.load_sentences(ids)
    return articles, [sentences[article.id] for article in articles]


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def forbid() -> None:
        def liken(*_: object) -> PairProbabilities:
            raise AssertionError("compared again")

        monkeypatch.setattr(pair_cache, "score_pairs", liken)

    return forbid


def test_an_event_is_compared_once(
    demo_library: Library, demo_space: Space, told: Told, never: Callable[[], None]
) -> None:
    first = pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    never()
    again = pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    assert again.translation_pairs == first.translation_pairs
    for name in ("article_indexes", "sentence_indexes", "probabilities", "margin_scores"):
        assert np.array_equal(getattr(again, name), getattr(first, name)), name


def test_what_is_kept_is_read_where_nothing_can_be_written(
    demo_library: Library,
    demo_space: Space,
    told: Told,
    never: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(path)

    first = pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    never()
    monkeypatch.setattr(Path, "touch", refuse)
    kept = pair_cache.read_pair_probabilities(demo_library, demo_space, *told)
    again = pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    for one in (kept, again):
        assert one is not None
        assert np.array_equal(one.probabilities, first.probabilities)


def test_counting_does_not_change_which_events_are_kept(
    demo_library: Library, demo_space: Space, told: Told
) -> None:
    pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    paths = list((demo_library.path / pair_cache.CACHE_FOLDER).glob("*.npz"))
    for path in paths:
        os.utime(path, (1_000, 1_000))
    assert pair_cache.read_pair_probabilities(demo_library, demo_space, *told) is not None
    assert {path.stat().st_mtime for path in paths} == {1_000}
    pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    assert sum(path.stat().st_mtime > 1_000 for path in paths) == 1


def test_what_differs_in_a_word_is_compared_again(
    demo_library: Library, demo_space: Space, told: Told, never: Callable[[], None]
) -> None:
    pair_cache.cached_pair_probabilities(demo_library, demo_space, *told)
    never()
    articles, sentences = told
    for other in (
        (articles[::-1], sentences[::-1]),
        (articles, [sentences[0][:-1], *sentences[1:]]),
        ([replace(articles[0], lang="fr"), *articles[1:]], sentences),
    ):
        with pytest.raises(AssertionError, match="compared again"):
            pair_cache.cached_pair_probabilities(demo_library, demo_space, *other)


def test_a_damaged_file_is_compared_again_and_few_are_kept(
    demo_library: Library, demo_space: Space, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_cache, "MAX_CACHED_EVENTS", 1)
    articles, sentences = told
    first = pair_cache.cached_pair_probabilities(demo_library, demo_space, articles, sentences)
    pair_cache.cached_pair_probabilities(demo_library, demo_space, articles[:2], sentences[:2])
    (file,) = (demo_library.path / pair_cache.CACHE_FOLDER).glob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    assert len(
        pair_cache.cached_pair_probabilities(
            demo_library, demo_space, articles[:2], sentences[:2]
        ).article_indexes
    ) < len(first.article_indexes)
    assert file.stat().st_size > 100


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sentences were new, each time that coverage was measured."""
    new: list[int] = []

    def measure(
        sentences: Sequence[JudgeInput], starts: Indices, known: PairCoverage | None, rows: Indices
    ) -> PairCoverage:
        new.append(len(sentences) if known is None else int((rows < 0).sum()))
        return measure_pair_coverage(sentences, starts, known, rows)

    monkeypatch.setattr(pair_cache, "measure_pair_coverage", measure)
    return new


@pytest.mark.parametrize("added", [0, 1, 3])
def test_an_article_more_is_compared_with_the_others_alone(
    demo_library: Library, demo_space: Space, told: Told, measured: list[int], added: int
) -> None:
    articles, sentences = told
    whole = pair_cache.cached_pair_probabilities(demo_library, demo_space, articles, sentences)
    for file in (demo_library.path / pair_cache.CACHE_FOLDER).rglob("*.npz"):
        file.unlink()
    fewer = [place for place in range(len(articles)) if place != added]
    pair_cache.cached_pair_probabilities(
        demo_library, demo_space, [articles[place] for place in fewer], [sentences[place] for place in fewer]
    )
    grown = pair_cache.cached_pair_probabilities(demo_library, demo_space, articles, sentences)
    assert measured[-1] == len(sentences[added])
    np.testing.assert_allclose(grown.probabilities, whole.probabilities, atol=0.02)


def test_what_is_known_of_pairs_may_be_damaged(
    demo_library: Library, demo_space: Space, told: Told, measured: list[int]
) -> None:
    articles, sentences = told
    for file in (demo_library.path / pair_cache.CACHE_FOLDER).rglob("*.npz"):
        file.unlink()  # of other tests
    pair_cache.cached_pair_probabilities(demo_library, demo_space, articles[:3], sentences[:3])
    for file in (demo_library.path / pair_cache.CACHE_FOLDER / pair_cache.COVERAGE_FOLDER).iterdir():
        file.write_bytes(file.read_bytes()[:-1000])
    pair_cache.cached_pair_probabilities(demo_library, demo_space, articles, sentences)
    assert measured[-1] == sum(map(len, sentences))
