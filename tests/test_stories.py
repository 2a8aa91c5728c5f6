"""Events that go on from one another are a story, which only grows; a person's word goes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, NotFoundError
from crosslingual.events.clustering import find_events
from crosslingual.events.stories import EventProfiles, assign_stories, find_story, load_stories
from crosslingual.library import Library
from crosslingual.library.events import STORY_DENIED
from crosslingual.types import Event, Story
from tests.test_events import FLAT, article, store

NEWS = ("Minister Kowalczyk went to Nairobi", "Strikers of Bergstrom marched in Lisbon")


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


def add_event(library: Library, date: str, topic: int = 0) -> Event:
    """An event of two articles on that day, on the topic."""
    ids = store(
        library, *(article(source, f"{NEWS[topic]} on {date}.", date) for source in "ab"), topic=topic
    )
    return next(event for event in find_events(library, FLAT) if ids[0] in event.articles)


def stories_of(library: Library) -> list[Story]:
    return load_stories(library, FLAT, find_events(library, FLAT))


def starts(story: Story) -> list[str]:
    return [event.start for event in story.events]


def test_what_goes_on_weeks_later_is_one_story_and_something_else_is_not(library: Library) -> None:
    first = add_event(library, "2024-05-01")
    add_event(library, "2024-05-20", topic=1)
    add_event(library, "2024-05-28")
    (story,) = stories_of(library)
    assert (story.id, starts(story)) == (first.id, ["2024-05-01", "2024-05-28"])
    assert (story.start, story.end) == ("2024-05-01", "2024-05-28")


def test_a_story_grows_at_both_ends_and_keeps_its_id(library: Library) -> None:
    add_event(library, "2024-05-20")
    add_event(library, "2024-06-10")
    (story,) = stories_of(library)
    add_event(library, "2024-07-05")
    add_event(library, "2024-04-20")
    (grown,) = stories_of(library)
    assert grown.id == story.id
    assert starts(grown) == ["2024-04-20", "2024-05-20", "2024-06-10", "2024-07-05"]


def test_after_too_long_a_silence_nothing_goes_on(library: Library) -> None:
    add_event(library, "2024-01-01")
    add_event(library, "2024-05-01")
    assert stories_of(library) == []


def test_two_stories_that_stand_stay_two_whatever_comes_between(library: Library) -> None:
    for date in ("2024-01-01", "2024-01-20", "2024-04-01", "2024-04-20"):
        add_event(library, date)
    assert [starts(story) for story in stories_of(library)] == [
        ["2024-04-01", "2024-04-20"],
        ["2024-01-01", "2024-01-20"],
    ]
    add_event(library, "2024-02-25")
    found = stories_of(library)
    assert sorted(len(story.events) for story in found) == [2, 3]


def test_an_event_that_a_person_took_out_stays_out(library: Library) -> None:
    first = add_event(library, "2024-05-01")
    second = add_event(library, "2024-05-20")
    (story,) = stories_of(library)
    done = library.leave_story(second.id)
    assert stories_of(library) == []
    ids = store(library, article("c", f"{NEWS[0]} on 2024-05-20.", "2024-05-20"))
    assert ids[0] in next(one for one in find_events(library, FLAT) if one.id == second.id).articles
    third = add_event(library, "2024-06-01")
    (left,) = stories_of(library)
    assert (left.id, [event.id for event in left.events]) == (story.id, [first.id, third.id])
    (correction,) = library.load_event_corrections()
    assert (correction.kind, correction.event, correction.other) == ("leave", second.id, story.id)
    library.undo_operation(done.id)
    (whole,) = stories_of(library)
    assert starts(whole) == ["2024-05-01", "2024-05-20", "2024-06-01"]
    assert library.load_event_corrections() == []


def test_a_person_joins_what_no_measure_would_and_what_follows_goes_with_it(library: Library) -> None:
    first = add_event(library, "2024-05-01")
    other = add_event(library, "2024-05-20", topic=1)
    assert stories_of(library) == []
    done = library.join_story(other.id, first.id)
    (story,) = stories_of(library)
    assert [event.id for event in story.events] == [first.id, other.id]
    for pair in ((first.id, first.id), (first.id, other.id)):
        with pytest.raises(InputError, match=r"one event|one story"):
            library.join_story(*pair)
    library.undo_operation(done.id)
    assert stories_of(library) == []
    with pytest.raises(InputError, match="in no story"):
        library.leave_story(first.id)


def test_an_event_that_was_merged_gives_its_story(library: Library) -> None:
    add_event(library, "2024-05-01")
    second = add_event(library, "2024-05-20")
    other = add_event(library, "2024-05-21", topic=1)
    (story,) = stories_of(library)
    library.merge_events(other.id, second.id)
    (after,) = stories_of(library)
    assert (after.id, after.events[1].id) == (story.id, other.id)


def test_a_story_is_found_by_its_id_an_event_an_article_and_how_they_begin(library: Library) -> None:
    first = add_event(library, "2024-05-01")
    second = add_event(library, "2024-06-01")
    (story,) = stories_of(library)
    for name in (story.id, first.id, second.id, second.articles[1], second.id[:12]):
        assert find_story(name, [story], {}) == story
    assert find_story("gone", [story], {"gone": second.id}) == story
    for name in ("", "nothing"):
        with pytest.raises(NotFoundError):
            find_story(name, [story], {})


def test_a_library_that_cannot_be_written_shows_the_stories_it_has(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_event(library, "2024-05-01")
    add_event(library, "2024-05-20")
    (story,) = stories_of(library)
    monkeypatch.setattr("crosslingual.events.stories.find_new_stories", lambda *_: None)
    assert stories_of(library) == [story]


@st.composite
def _profiles(draw: st.DrawFn) -> EventProfiles:
    n = draw(st.integers(0, 8))
    days = sorted(draw(st.lists(st.integers(0, 120), min_size=n, max_size=n)))
    vectors = np.array(
        [draw(st.lists(st.floats(-1, 1, width=16), min_size=3, max_size=3)) for _ in range(n)], np.float32
    ).reshape(-1, 3)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    names = [frozenset(draw(st.sets(st.sampled_from("abcd"), max_size=3))) for _ in range(n)]
    spans = np.array([[day, day + 1] for day in days], np.float64).reshape(-1, 2)
    return EventProfiles(range(1, n + 1), vectors, names, names, spans)


@given(_profiles(), st.data())
def test_what_stands_stays_and_no_story_is_of_one_event(profiles: EventProfiles, data: st.DataObject) -> None:
    numbers = list(profiles.numbers)
    among = st.sampled_from(numbers) if numbers else st.nothing()
    standing = data.draw(st.dictionaries(among, st.sampled_from([1, 2, STORY_DENIED])))
    waiting = {number for number in numbers if number not in standing}
    found = assign_stories(profiles, waiting, standing)
    assert not found.keys() & standing.keys()
    stories = [*found.values(), *(story for story in standing.values() if story > 0)]
    assert all(story > 0 and stories.count(story) > 1 for story in found.values())


def test_events_without_a_date_wait_for_no_story_and_break_nothing(library: Library) -> None:
    add_event(library, "")
    assert stories_of(library) == []
    add_event(library, "2024-05-01", topic=1)
    add_event(library, "2024-05-20", topic=1)
    (story,) = stories_of(library)
    assert starts(story) == ["2024-05-01", "2024-05-20"]


def test_a_story_goes_by_another_event_when_a_person_takes_out_the_one_it_was_called_by(
    library: Library,
) -> None:
    first, second = add_event(library, "2024-05-01"), add_event(library, "2024-05-20")
    add_event(library, "2024-06-01")
    stories_of(library)
    done = library.leave_story(first.id)
    (left,) = stories_of(library)
    assert (left.id, starts(left)) == (second.id, ["2024-05-20", "2024-06-01"])
    with pytest.raises(NotFoundError):
        find_story(first.id, [left], {})
    add_event(library, "2024-06-20")
    assert starts(stories_of(library)[0]) == ["2024-05-20", "2024-06-01", "2024-06-20"]
    library.undo_operation(done.id)
    (whole,) = stories_of(library)
    assert (whole.id, len(whole.events)) == (first.id, 4), "with what came in meanwhile"


@pytest.mark.parametrize("leave", [True, False])
def test_two_events_that_stories_were_called_by_are_joined(library: Library, leave: bool) -> None:
    founders = []
    for start in ("2024-01", "2024-08"):
        founders.append(add_event(library, f"{start}-01"))
        for day in (10, 20):
            add_event(library, f"{start}-{day}")
    assert len(stories_of(library)) == 2
    if leave:
        for founder in founders:
            library.leave_story(founder.id)
    library.join_story(founders[1].id, founders[0].id)
    found = stories_of(library)
    sizes = {len(story.events) for story in found if starts(story)[0] == "2024-01-01"}
    assert sizes == {2 if leave else 4}
    assert sorted(len(story.events) for story in found) == ([2, 2, 2] if leave else [2, 4])
    assert all(story.id in {event.id for event in story.events} for story in found)


@pytest.mark.parametrize("by", ["merge", "move"])
def test_an_event_that_has_several_articles_by_hand_gets_its_story(library: Library, by: str) -> None:
    first = add_event(library, "2024-05-01")
    alone, other = (
        store(library, article(source, f"{NEWS[0]}.", date))
        for source, date in (("c", "2024-05-20"), ("d", "2024-06-20"))
    )
    assert stories_of(library) == []
    home, former = (library.find_event_id(ids[0]) for ids in (alone, other))
    assert home != former
    done = library.merge_events(home, former) if by == "merge" else library.move_article(other[0], home)
    (story,) = stories_of(library)
    assert [event.id for event in story.events] == [first.id, home]
    library.undo_operation(done.id)
    assert stories_of(library) == []


def test_a_part_of_one_article_waits_for_no_story(library: Library) -> None:
    ids = store(library, *(article(source, f"{NEWS[0]}, {source}.", "2024-05-01") for source in "abc"))
    (event,) = find_events(library, FLAT)
    stories_of(library)
    library.split_event(event.id, ids[:1])
    assert library.waiting_stories() == []
    library.split_event(event.id, ids[1:2])
    assert library.waiting_stories() == []


def test_the_id_of_a_story_means_it_though_its_event_was_merged_into_another_story() -> None:
    event = Event("e2", "", "2031-01-02", "2031-01-02", (), (), ())
    stories = [Story("gone", "", (event,)), Story("e3", "", (replace(event, id="e3"),))]
    assert find_story("gone", stories, {"gone": "e3"}) == stories[0]
