"""Events as a list: narrowed, sorted, and what came in since the last look."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosslingual.events.clustering import find_events, summarize_events
from crosslingual.events.listing import EVENT_ORDERS, EventFilters, EventSummary, select_events
from crosslingual.library import Library
from crosslingual.library.event_visits import VISIT_GAP, mark_as_seen, record_visit
from crosslingual.library.folder import EVENT_VISITS_FILE, list_strangers
from crosslingual.types import Article, Translation
from tests.helpers.library_folders import sqlite_connection
from tests.helpers.library_samples import toy_space
from tests.helpers.many_events import add_event, make_library

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(make_library(tmp_path / "library", 12))


def listed(library: Library, order: str = "date", **filters: object) -> list[str]:
    found = select_events(summaries(library), EventFilters(**filters), order)  # type: ignore[arg-type]
    return [one.event.id for one in found]


def summaries(library: Library, target_lang: str = "en") -> list[EventSummary]:
    return summarize_events(library, toy_space(), target_lang=target_lang)


def event_id(number: int) -> str:
    return f"event-{number:05d}"


def test_all_are_listed_newest_first(library: Library) -> None:
    assert listed(library) == [event_id(number) for number in range(12)]
    assert listed(library, "added") == [event_id(number) for number in reversed(range(12))]


def test_each_order_puts_the_most_first(library: Library) -> None:
    by_id = {one.event.id: one for one in summaries(library)}
    for order, key in EVENT_ORDERS.items():
        keys = [key(by_id[id_]) for id_ in listed(library, order)]
        assert keys == sorted(keys, reverse=True), order


def test_every_filter_holds_for_what_it_lets_through_and_for_nothing_else(library: Library) -> None:
    for filters, holds in (
        (EventFilters(langs=frozenset({"ru", "zh"})), lambda one: {"ru", "zh"} & set(one.event.languages)),
        (EventFilters(sources=frozenset({"paper3"})), lambda one: "paper3" in one.event.sources),
        (EventFilters(since="2026-11-25"), lambda one: one.event.end >= "2026-11-25"),
        (EventFilters(until="2026-11-25"), lambda one: one.event.start <= "2026-11-25"),
        (EventFilters(title="FLOOD"), lambda one: "flood" in one.titles),
        (EventFilters(newer_than=20), lambda one: one.last_number > 20),
    ):
        every = summaries(library)
        kept = select_events(every, filters)
        assert kept == [one for one in every if holds(one)]
        assert 0 < len(kept) < len(every), filters


def test_words_stand_in_one_title_whatever_its_language(library: Library) -> None:
    assert listed(library, title="газета город 7:") == [event_id(7)]
    assert listed(library, title="газета nowhere") == []


def test_an_event_without_a_date_is_in_no_span(library: Library) -> None:
    add_event(
        library, 50, Article("a", "en", "One.", "Undated one"), Article("b", "en", "Two.", "Undated two")
    )
    assert event_id(50) in listed(library)
    assert event_id(50) not in listed(library, since="1000-01-01")
    assert event_id(50) not in listed(library, until="9999-01-01")


def test_only_events_with_one_of_the_articles(library: Library) -> None:
    chosen = summaries(library)[4].event
    assert listed(library, articles=frozenset(chosen.articles[:1])) == [chosen.id]
    assert listed(library, articles=frozenset()) == []


def test_a_title_says_its_language(library: Library) -> None:
    told = {one.event.id: one for one in summaries(library)}
    russian = told[event_id(4)]
    assert set(russian.event.languages) == {"ru"}
    assert (russian.title_lang, russian.event.title) == ("ru", russian.entries[0].title)
    made = Translation("Town 4", "en", "memory")
    library.memory.put_translations([(russian.event.title, "ru", made)])
    again = next(one for one in summaries(library) if one.event.id == event_id(4))
    assert (again.title_lang, again.event.title) == ("en", "Town 4")
    library.rename_event(event_id(4), "A name of ours")
    again = next(one for one in summaries(library) if one.event.id == event_id(4))
    assert (again.title_lang, again.event.title) == ("", "A name of ours")


def test_listing_reads_no_whole_text(library: Library) -> None:
    long = "A" * 90 + "SECRET"
    add_event(library, 60, Article("a", "en", long), Article("b", "en", f"B{long}"))
    read: list[str] = []
    sqlite_connection(library).set_trace_callback(read.append)
    find_events(library, toy_space())
    sqlite_connection(library).set_trace_callback(None)
    assert read
    texts = [sql for sql in read if re.search(r"\btext\b", sql)]
    assert len(texts) == 1, "the first words of what has no title"
    assert "substr(text, 1, " in texts[0]


def test_what_came_in_after_a_visit_is_new_the_first_published_first(library: Library) -> None:
    last = library.last_article_number
    late = Article("tass", "ru", "Поздно.", "Поздно", "2026-11-29T18:00:00")
    early = Article("afp", "fr", "Tôt.", "Tôt", "2026-11-29T06:00:00")
    add_event(library, 2, late, early)
    (grown,) = select_events(summaries(library), EventFilters(newer_than=last))
    assert grown.event.id == event_id(2)
    assert [entry.source for entry in grown.new_entries(last)] == ["afp", "tass"]
    assert all(not one.new_entries(library.last_article_number) for one in summaries(library))


def test_a_visit_lasts_until_one_has_been_away(library: Library) -> None:
    assert record_visit(library, now=NOW) is None
    assert record_visit(library, now=NOW + VISIT_GAP) is None, "still the first visit"
    seen = library.last_article_number
    add_event(library, 70)
    back = record_visit(library, now=NOW + 3 * VISIT_GAP)
    assert back is not None
    assert (back.at, back.last_article) == (NOW + VISIT_GAP, seen)
    assert record_visit(library, now=NOW + 3 * VISIT_GAP + timedelta(minutes=20)) == back, "reloaded"
    mark_as_seen(library, now=NOW + 4 * VISIT_GAP)
    after = record_visit(library, now=NOW + 4 * VISIT_GAP)
    assert after is not None
    assert after.last_article == library.last_article_number


def test_a_file_of_visits_that_makes_no_sense_is_as_none(library: Library) -> None:
    path = library.path / EVENT_VISITS_FILE
    for content in ("", "{", "[]", '{"before": 1, "present": {"at": "x"}}', '{"before": null}', "[" * 5000):
        path.write_text(content, encoding="utf-8")
        assert record_visit(library, now=NOW) is None
        assert json.loads(path.read_text("utf-8"))["present"]["last_article"] == library.last_article_number
    assert not list_strangers(library.path, "library.db")


def test_after_a_restore_of_fewer_articles_new_ones_are_still_new(library: Library) -> None:
    path = library.path / EVENT_VISITS_FILE
    many = {"at": NOW.isoformat(), "last_article": 10_000}
    path.write_text(json.dumps({"before": many, "present": many}), encoding="utf-8")
    back = record_visit(library, now=NOW)
    assert back is not None
    assert back.last_article == library.last_article_number


def test_narrowing_what_is_narrowed_leaves_it_as_it_is(library: Library) -> None:
    wish = EventFilters(title="strike", langs=frozenset({"en"}))
    once = select_events(summaries(library), wish)
    assert select_events(once, wish) == once
    assert select_events(once, replace(wish, title="flood")) == []
