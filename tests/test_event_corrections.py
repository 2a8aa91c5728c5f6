"""What a person says of events is done, can be undone, and is heeded when more is added."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, LibraryError, NotFoundError
from crosslingual.events.clustering import find_event, find_events
from crosslingual.library import Library
from crosslingual.types import Event
from tests.test_events import FLAT, article, store


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


def events_by_topic(library: Library) -> tuple[Event, Event]:
    """Two events of one day, of two articles each, stored first."""
    store(library, article("a"), article("b"))
    store(library, article("a", "Rain."), article("b", "Rain."), topic=1)
    found = find_events(library, FLAT)
    articles = library.article_ids()
    return find_event(articles[0], found), find_event(articles[2], found)


def test_a_merged_event_leads_to_the_other(library: Library) -> None:
    one, other = events_by_topic(library)
    done = library.merge_events(one.id, other.id)
    (whole,) = find_events(library, FLAT)
    assert (whole.id, set(whole.articles)) == (one.id, {*one.articles, *other.articles})
    assert find_event(other.id, [whole], library.event_forwards()) == whole
    assert library.find_event_id(other.id) == one.id
    assert done.kind == "merge"
    library.undo_operation(done.id)
    assert sorted(find_events(library, FLAT), key=lambda event: event.id) == sorted(
        (one, other), key=lambda event: event.id
    )
    assert library.event_forwards() == {}
    assert library.load_event_corrections() == []


def test_forwards_lead_on_to_the_last(library: Library) -> None:
    one, other = events_by_topic(library)
    store(library, article("a", "Snow."), article("b", "Snow."), topic=2)
    third = find_event(library.article_ids()[4], find_events(library, FLAT))
    library.merge_events(other.id, one.id)
    library.merge_events(third.id, other.id)
    assert library.event_forwards() == {one.id: third.id, other.id: third.id}
    with pytest.raises(InputError, match="one event already"):
        library.merge_events(one.id, third.id)


def test_what_was_split_stays_apart_whatever_comes(library: Library) -> None:
    ids = store(library, article("a"), article("b"), article("c"), article("d"))
    (event,) = find_events(library, FLAT)
    done, new_id = library.split_event(event.id, ids[2:])
    found = {one.id: set(one.articles) for one in find_events(library, FLAT)}
    assert found == {event.id: set(ids[:2]), new_id: set(ids[2:])}
    (fifth,) = store(library, article("e"))
    found = {one.id: set(one.articles) for one in find_events(library, FLAT)}
    assert found.keys() == {event.id, new_id}
    assert found[event.id] | found[new_id] == {*ids, fifth}
    library.undo_operation(done.id)
    (whole,) = find_events(library, FLAT)
    assert (whole.id, set(whole.articles)) == (event.id, {*ids, fifth})
    assert find_event(new_id, [whole], library.event_forwards()) == whole


def test_a_split_names_some_of_the_articles(library: Library) -> None:
    one, other = events_by_topic(library)
    for chosen in ((), one.articles):
        with pytest.raises(InputError, match="and not all"):
            library.split_event(one.id, chosen)
    with pytest.raises(NotFoundError, match="not on this event"):
        library.split_event(one.id, other.articles[:1])


def test_a_moved_article_is_on_the_other_event(library: Library) -> None:
    one, other = events_by_topic(library)
    moved = one.articles[0]
    done = library.move_article(moved, other.id)
    (grown,) = find_events(library, FLAT)
    assert (grown.id, set(grown.articles)) == (other.id, {*other.articles, moved})
    (correction,) = library.load_event_corrections()
    assert (correction.kind, correction.event, correction.other, correction.articles) == (
        "move",
        one.id,
        other.id,
        (moved,),
    )
    with pytest.raises(InputError, match="already"):
        library.move_article(moved, other.id)
    library.undo_operation(done.id)
    assert len(find_events(library, FLAT)) == 2


def test_a_title_that_a_person_gave_stays(library: Library) -> None:
    one, _ = events_by_topic(library)
    library.rename_event(one.id, "  The <b>bridge</b>\n of May ")
    store(library, article("c", title="Another title"))
    assert find_event(one.id, find_events(library, FLAT)).title == "The <b>bridge</b> of May"
    library.rename_event(one.id, "")
    assert find_event(one.id, find_events(library, FLAT)).title == "Another title"
    with pytest.raises(InputError, match="fewer"):
        library.rename_event(one.id, "long " * 100)


def test_an_older_correction_is_undone_after_the_later(library: Library) -> None:
    one, _ = events_by_topic(library)
    first = library.rename_event(one.id, "first")
    second = library.rename_event(one.id, "second")
    with pytest.raises(LibraryError, match=second.id):
        library.undo_operation(first.id)
    library.undo_operation(second.id)
    library.undo_operation(first.id)
    assert find_event(one.id, find_events(library, FLAT)).title == one.title


def test_an_unknown_event_and_an_ambiguous_one(library: Library) -> None:
    one, other = events_by_topic(library)
    for name in ("nothing", "", "\ud800"):
        with pytest.raises(NotFoundError):
            library.find_event_id(name)
    with pytest.raises(NotFoundError, match="several"):
        library.find_event_id(one.id[:10])
    assert library.find_event_id(other.articles[0]) == other.id
    with pytest.raises(NotFoundError):
        library.rename_event("nothing", "title")


def test_merging_there_and_back_never_ends_in_a_circle(library: Library) -> None:
    ids = store(library, article("a"), article("b"), article("c"))
    (event,) = find_events(library, FLAT)
    split, new_id = library.split_event(event.id, ids[:1])
    library.merge_events(new_id, event.id)
    library.undo_operation(split.id)
    (whole,) = find_events(library, FLAT)
    assert set(whole.articles) == set(ids)
    assert {library.find_event_id(event.id), library.find_event_id(new_id)} == {whole.id}
