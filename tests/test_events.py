from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import LibraryError, NotFoundError, UnwritableLibraryError
from crosslingual.events import linkage, profiles
from crosslingual.events.clustering import find_event, find_events
from crosslingual.ingest.pipeline import add_files
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, encodable_texts
from crosslingual.types import Article, Event, Source, Translation
from tests.helpers.doubles import flat_space

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

FLAT = flat_space("letters@1", 4)
"""A space that moves nothing, for vectors that the tests make."""


def store(library: Library, *articles: Article, topic: int = 0) -> list[str]:
    """Store articles whose every vector is that of the topic."""
    library.put_sources(Source(article.source, article.source) for article in articles)
    for article in articles:
        own = split_sentences(article)
        texts = library.texts_without_vectors(FLAT.model, encodable_texts(article, own))
        library.add_articles(
            [(article, own)],
            FLAT.model,
            texts,
            np.repeat(np.eye(4, dtype=np.float32)[[topic]], len(texts), 0),
        )
    return [article.id for article in articles]


def article(
    source: str, text: str = "It happened.", date: str = "2024-05-16", title: str = "", lang: str = "en"
) -> Article:
    return Article(source, lang, f"{text[:-1]}, as told by {source}.", title, date)


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


@pytest.fixture
def folder_library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def groups(events: list[Event]) -> list[set[str]]:
    return [set(event.articles) for event in events]


def test_the_demo_corpus_falls_into_its_folders(demo_library: Library, demo_space: Space) -> None:
    folders = {folder.name: {path.stem for path in folder.glob("*.md")} for folder in DEMO_FOLDER.iterdir()}
    found = find_events(demo_library, demo_space)
    assert sorted(map(sorted, (event.sources for event in found))) == sorted(map(sorted, folders.values()))
    assert sum(len(event.articles) for event in found) == len(demo_library.load_articles())
    for event in found:  # one folder each: its sources may be those of another folder, its dates are not
        dates = {one.date[:10] for one in demo_library.load_articles(event.articles)}
        assert (event.start, event.end) == (min(dates), max(dates))
        assert event.id.startswith(event.start)
        titles = {one.title for one in demo_library.load_articles(event.articles) if one.lang == "en"}
        assert event.title in titles
    assert [event.end for event in found] == sorted((event.end for event in found), reverse=True)


def test_events_of_the_same_days_are_told_apart(demo_library: Library, demo_space: Space) -> None:
    named = {
        one.id: folder.name
        for folder in DEMO_FOLDER.iterdir()
        for path in folder.glob("*.md")
        for one in demo_library.load_articles()
        if one.title and one.title in path.read_text(encoding="utf-8")
    }
    for event in find_events(demo_library, demo_space):
        assert len({named[one] for one in event.articles}) == 1


def test_titles_are_in_the_readers_language(demo_library: Library, demo_space: Space) -> None:
    for event in find_events(demo_library, demo_space, target_lang="fr"):
        assert event.title in {
            one.title for one in demo_library.load_articles(event.articles) if one.lang == "fr"
        }


def test_a_profile_is_made_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    original = profiles._make_profiles

    def count_made(library: Library, model: str, numbers: list[int]) -> object:
        made.append(len(numbers))
        return original(library, model, numbers)

    monkeypatch.setattr(profiles, "_make_profiles", count_made)
    first = store(library, article("a"), article("b"))
    assert groups(find_events(library, FLAT)) == [set(first)]
    find_events(library, FLAT)
    (third,) = store(library, article("c"))
    assert groups(find_events(library, FLAT)) == [{*first, third}]
    assert made == [2, 1]


def test_what_is_removed_leaves_its_event_and_comes_back_to_it(library: Library) -> None:
    ids = store(library, article("a"), article("b"), article("c"))
    (event,) = find_events(library, FLAT)
    library.remove_articles([ids[0]])
    (smaller,) = find_events(library, FLAT)
    assert (smaller.id, set(smaller.articles)) == (event.id, set(ids[1:]))
    library.undo_operation()
    assert find_events(library, FLAT) == [event]


def test_an_event_keeps_its_id_whatever_joins_it(library: Library) -> None:
    store(library, article("b"), article("c"))
    (event,) = find_events(library, FLAT)
    store(library, article("a", date="2024-05-15"), article("d", date="2024-05-18"))
    (grown,) = find_events(library, FLAT)
    assert (grown.id, grown.start, grown.end) == (event.id, "2024-05-15", "2024-05-18")
    assert set(grown.articles) > set(event.articles)


def test_the_order_of_adding_within_a_step_does_not_matter(
    new_library: Callable[[], LibraryAddress],
) -> None:
    articles = [
        article(name, date=f"2024-05-{day}") for name, day in zip("abcd", (19, 16, 18, 17), strict=True)
    ]
    found = []
    for ordered in (articles, articles[::-1]):
        with Library(new_library()) as library:
            store(library, *ordered)
            found.append(find_events(library, FLAT))
    assert found[0] == found[1]


def test_a_story_that_goes_on_is_not_one_event(library: Library) -> None:
    days = [f"2024-05-{day:02}" for day in range(1, 29, 2)]
    store(library, *(article(f"paper{day}", date=day) for day in days))
    for event in find_events(library, FLAT):
        span = date.fromisoformat(event.end) - date.fromisoformat(event.start)
        assert span.days <= linkage.MAX_SPAN_DAYS


def test_articles_that_wait_in_a_library_that_cannot_be_written_go_on_waiting(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = store(library, article("a"), article("b"))
    monkeypatch.setattr(type(library), "store_grouping", refuse_to_write)
    assert find_events(library, FLAT) == []
    monkeypatch.undo()
    assert groups(find_events(library, FLAT)) == [set(ids)]


def refuse_to_write(*_: object) -> object:
    raise UnwritableLibraryError("cannot be written")


def test_an_index_that_outlived_its_library_is_not_believed(folder_library: Library) -> None:
    store(folder_library, article("a"), article("b"))
    find_events(folder_library, FLAT)
    folder_library.close()
    for file in folder_library.path.glob("library.db*"):
        file.unlink()
    with Library(folder_library.path) as other:
        store(other, article("e", "Elsewhere."), topic=1)
        one = store(other, article("c"), article("d"))
        assert groups(find_events(other, FLAT)) == [set(one)]


def test_different_topics_and_distant_days_are_different_events(library: Library) -> None:
    may = store(library, article("a"), article("b"))
    topic = store(library, article("a", "Rain."), article("b", "Rain."), topic=1)
    june = store(library, article("a", "Again.", "2024-06-16"), article("b", "Again.", "2024-06-17T09:30:00"))
    assert sorted(map(sorted, groups(find_events(library, FLAT)))) == sorted(map(sorted, (may, topic, june)))


def test_articles_without_a_date_may_be_of_any_day(library: Library) -> None:
    ids = store(library, article("a"), article("b", date=""))
    (event,) = find_events(library, FLAT)
    assert set(event.articles) == set(ids)
    assert (event.start, event.end) == ("2024-05-16", "2024-05-16")


def test_an_event_without_any_date(library: Library) -> None:
    store(library, article("a", date=""), article("b", date=""))
    (event,) = find_events(library, FLAT)
    assert (event.start, event.end) == ("", "")
    assert event.id.startswith("undated-")
    assert event.title.startswith("It happened,"), "there is no title to take"


def test_a_title_is_translated_where_none_is_in_the_readers_language(library: Library) -> None:
    store(library, article("a", title="Треффен", lang="ru"), article("b", lang="ru"))
    library.memory.put_translations([("Треффен", "ru", Translation("A meeting", "en", "memory"))])
    assert [event.title for event in find_events(library, FLAT)] == ["A meeting"]
    assert [event.title for event in find_events(library, FLAT, target_lang="zh")] == ["Треффен"]


def test_no_article_and_one_article_are_no_event(library: Library) -> None:
    assert find_events(library, FLAT) == []
    store(library, article("a"))
    assert find_events(library, FLAT) == []


def test_articles_without_vectors_of_the_model_are_an_error(library: Library) -> None:
    store(library, article("a"), article("b"))
    with pytest.raises(LibraryError, match="other@1"):
        find_events(library, flat_space("other@1", 4))


def test_an_event_is_named_by_id_beginning_or_article() -> None:
    one = Event("2024-05-16-aaaaaa", "", "", "", ("a1", "a2"), (), ())
    two = Event("2024-05-16-bbbbbb", "", "", "", ("b1",), (), ())
    events = [one, two]
    assert find_event("2024-05-16-aaaaaa", events) == find_event("2024-05-16-a", events) == one
    assert find_event("b1", events) == two
    with pytest.raises(NotFoundError, match="2 events"):
        find_event("2024", events)
    for unknown in ("2023", "", "a"):
        with pytest.raises(NotFoundError, match="crosslingual events"):
            find_event(unknown, events)


def test_adding_with_the_real_encoder_extends_an_event(
    library: Library, demo_space: Space, encoder: SentenceEncoder
) -> None:
    folder = DEMO_FOLDER / "fukushima-water"
    add_files(
        [folder / "xinhua-demo.md", folder / "bbc-demo.md"],
        library,
        lambda: ArticleEncoder(encoder, demo_space.tokens, demo_space.judge),
    )
    (event,) = find_events(library, demo_space)
    add_files(
        [folder / "lemonde-demo.md"],
        library,
        lambda: ArticleEncoder(encoder, demo_space.tokens, demo_space.judge),
    )
    (extended,) = find_events(library, demo_space)
    assert set(extended.articles) > set(event.articles)
    assert find_event(event.articles[0], [extended]) == extended
