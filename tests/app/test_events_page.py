from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from crosslingual.events.clustering import summarize_events
from crosslingual.events.listing import EVENT_ORDERS, EventSummary
from crosslingual.library import Library
from crosslingual.library.event_visits import VISIT_GAP, EventVisit, find_last_visit
from crosslingual.library.events import EventEntry
from crosslingual.settings import Settings
from crosslingual.types import Article, Event
from crosslingual.ui.events.actions import run_event_action
from crosslingual.ui.events.page import ORDER_NAMES, PAGE_SIZE
from crosslingual.ui.events.request import EventListRequest
from crosslingual.ui.events.rows import format_growth, format_since
from tests.app.conftest import HOSTILE
from tests.helpers.app_driver import html, open_page, shown
from tests.helpers.library_folders import library_folder
from tests.helpers.library_samples import toy_space
from tests.helpers.many_events import add_event, make_library

Use = Callable[[Settings], None]
N_EVENTS = PAGE_SIZE + 7
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_VALUES = st.lists(st.text(max_size=12), max_size=3)
_NAMES = ("q", "entity", "lang", "source", "from", "to", "new", "sort", "page", "open")


@pytest.fixture
def many(tmp_path: Path, use: Use, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A page of events and some more, in a space that needs no encoder."""
    for module in ("align.space", "ui.event_context"):
        monkeypatch.setattr(f"crosslingual.{module}.load_space", lambda name, home: toy_space())
    settings = replace(Settings.load(), library=make_library(tmp_path / "many", N_EVENTS))
    use(settings)
    return settings


page = partial(open_page, "events")


def listed(app: AppTest) -> list[str]:
    return [row["id"] for row in shown(app)["rows"]]


def ask(app: AppTest, **wish: object) -> dict[str, Any]:
    app.session_state["events.asked"] = {"number": "1", **wish}
    app.run()
    assert not app.exception
    return dict(shown(app)["said"])


@given(st.fixed_dictionaries(dict.fromkeys(_NAMES, _VALUES)))
def test_whatever_an_address_says_makes_a_request_that_says_itself(params: dict[str, list[str]]) -> None:
    wish = EventListRequest.from_params(lambda name: params[name])
    said: dict[str, list[str]] = {}
    for name, value in wish.to_params():
        said.setdefault(name, []).append(value)
    again = EventListRequest.from_params(lambda name: said.get(name, []))
    assert again == replace(wish, page=1, opened="")
    assert wish.page >= 1


def test_every_order_has_a_name() -> None:
    assert [*ORDER_NAMES] == [*EVENT_ORDERS]


def test_growth_is_said_in_words() -> None:
    def entry(number: int, source: str, date: str) -> EventEntry:
        return EventEntry(number, f"a{number}", source, "en", "", date, 1, 0.0)

    told = (entry(1, "bbc", "2026-11-20"), entry(8, "tass", "2026-11-29"), entry(9, "afp", "2026-11-30"))
    event = Event("e", "E", "2026-11-20", "2026-11-30", (), (), ())
    summary = EventSummary(event, "en", told)
    visit = EventVisit(NOW - timedelta(days=1), 5)
    names = {"tass": "TASS", "bbc": "BBC"}
    said = format_growth(summary, names, visit, NOW)
    assert said == "2 new articles since yesterday, first by TASS"
    assert format_growth(summary, names, replace(visit, last_article=8), NOW) == (
        "1 new article since yesterday, by afp"
    )
    assert (
        format_growth(summary, names, replace(visit, last_article=0), NOW)
        == "New since yesterday, first by BBC"
    )
    assert format_growth(summary, names, replace(visit, last_article=9), NOW) == ""
    assert format_growth(summary, names, None, NOW) == ""


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2026-11-29T10:00:00+08:00", "2026-11-29T04:00:00+00:00"), ", first by s0"),
        (("2026-11-29T10:00:00+00:00", "2026-11-29T11:00:00+08:00"), ", first by s1"),
        (("2026-11-29", "2026-11-29T04:00:00+00:00"), ""),
        (("2026-11-29", "2026-11-29"), ""),
        (("2026-11-29", "2026-11-28"), ", first by s1"),
        (("", ""), ""),
        (("",), ", by s0"),
    ],
)
def test_first_is_said_only_of_who_surely_was(dates: tuple[str, ...], said: str) -> None:
    new = [EventEntry(n, f"a{n}", f"s{n}", "en", "", date, 1, 0.0) for n, date in enumerate(dates)]
    old = EventEntry(9, "a9", "s9", "en", "", "2026-11-01", 1, 0.0)
    event = Event("e", "E", "2026-11-01", "2026-11-29", (), (), ())
    visit = EventVisit(NOW - timedelta(days=1), -1)
    count = "1 new article" if len(new) == 1 else f"{len(new)} new articles"
    whole = EventSummary(event, "en", tuple(new))
    assert format_growth(whole, {}, visit, NOW) == f"New since yesterday{said}"
    grown = EventSummary(event, "en", (replace(old, number=-1), *new))
    assert format_growth(grown, {}, visit, NOW) == f"{count} since yesterday{said}"


def test_only_what_is_new_is_no_filter_before_there_was_a_visit(many: Settings) -> None:
    data = shown(page(new="1"))
    assert data["filters"]["new"] is False
    assert data["found"] == N_EVENTS


def test_what_comes_in_while_events_are_listed_is_new_the_next_time(
    many: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summarize(library: Library, *args: Any, **options: Any) -> list[EventSummary]:
        found = summarize_events(library, *args, **options)
        add_event(library, 3, Article("tass", "ru", "Поздно.", "Поздно", "2026-11-28"))
        return found

    monkeypatch.setattr("crosslingual.ui.event_context.summarize_events", summarize)
    with Library(many.library) as library:
        newest = library.newest_article_number()
        page()
        assert library.newest_article_number() == newest + 1
        visit = find_last_visit(library, now=datetime.now(UTC) + 2 * VISIT_GAP)
    assert visit
    assert visit.last_article == newest


def test_the_time_of_a_visit_is_said_as_one_would() -> None:
    here = NOW.astimezone().replace(hour=12)
    assert format_since(here - timedelta(hours=2), here) == "since 10:00"
    assert format_since(here - timedelta(hours=20), here) == "since yesterday"
    assert format_since(here - timedelta(days=3), here) == f"since {here - timedelta(days=3):%A}"
    assert format_since(here - timedelta(days=40), here) == "since 21 October 2026"


def test_a_page_of_the_list_is_drawn_and_not_all_of_it(many: Settings) -> None:
    first = page()
    assert len(listed(first)) == PAGE_SIZE
    assert (shown(first)["found"], shown(first)["pages"]) == (N_EVENTS, 2)
    second = page(page="2")
    assert len(listed(second)) == N_EVENTS - PAGE_SIZE
    assert not set(listed(first)) & set(listed(second))
    assert listed(page(page="999")) == listed(second), "the last page, where there are fewer"


def test_filters_stand_in_the_address_and_what_makes_no_sense_is_left_out(many: Settings) -> None:
    app = page(q="flood", lang=["ru", "zh"], sort="languages", **{"from": "2026-10-20", "to": "no day"})
    data = shown(app)
    assert 0 < data["found"] < N_EVENTS
    assert data["params"] == [
        ["q", "flood"],
        ["lang", "ru"],
        ["lang", "zh"],
        ["from", "2026-10-20"],
        ["sort", "languages"],
    ]
    assert shown(page(source="no such paper"))["rows"] == []


def test_a_foreign_title_says_its_language(many: Settings) -> None:
    rows = {row["language"]: row for row in shown(page())["rows"]}
    assert {"", "Russian", "Chinese"} <= set(rows)
    assert rows["Russian"]["lang"] == "ru"


def test_what_came_in_since_the_last_visit_is_told_and_can_be_marked_as_seen(many: Settings) -> None:
    assert "first visit" in shown(page())["news"]
    visits = library_folder(many) / "visits.json"
    content = json.loads(visits.read_text("utf-8"))
    content["present"]["at"] = "2026-01-02T09:00:00+00:00"
    visits.write_text(json.dumps(content), encoding="utf-8")
    with Library(many.library) as library:
        add_event(library, 3, Article("tass", "ru", "Поздно.", HOSTILE, "2026-11-28"))
    app = page(new="1")
    data = shown(app)
    assert data["news"] == "1 event has 1 new article since 2 January 2026."
    assert [(row["id"], row["growth"]) for row in data["rows"]] == [
        ("event-00003", "1 new article since 2 January 2026, by Tass")
    ]
    assert ask(app, action="seen")["wrong"] is False
    assert "Nothing new" in shown(app)["news"]
    assert listed(app) == []


def test_corrections_are_done_said_and_undone(many: Settings) -> None:
    app = page(open="event-00001")
    opened = shown(app)["opened"]
    assert (opened["id"], len(opened["articles"])) == ("event-00001", 3)
    nearest = [id_ for id_, _ in opened["others"][:2]]
    assert set(nearest) == {"event-00000", "event-00002"}
    article = opened["articles"][0]["id"]
    for wish in (
        {"action": "rename", "event": "event-00001", "title": f"Ours {HOSTILE}"},
        {"action": "merge", "event": "event-00001", "other": "event-00002"},
        {"action": "split", "event": "event-00001", "articles": [article]},
        {"action": "move", "event": "event-00001", "other": "event-00000", "articles": [article]},
    ):
        before = shown(page())["rows"]
        said = ask(app, **wish)
        assert not said["wrong"], said
        assert shown(page())["rows"] != before
        assert shown(app)["undoable"][0]["id"] == said["undo"]
        assert not ask(app, action="undo", id=said["undo"])["wrong"]
        assert shown(page())["rows"] == before
        assert not shown(app)["undoable"]


@pytest.mark.parametrize(
    "wish",
    [
        None,
        [],
        {},
        {"action": "rename", "event": "event-00001"},
        {"action": "rename", "event": "event-00001", "title": "x" * 301},
        {"action": "merge", "event": "event-00001", "other": 5},
        {"action": "merge", "event": "event-00001", "other": "nowhere"},
        {"action": "split", "event": "event-00001", "articles": [None]},
        {"action": "split", "event": "event-00001", "articles": ["a"] * 1001},
        {"action": "move", "other": "event-00001", "articles": []},
        {"action": "undo", "id": ""},
        {"action": "undo", "id": "../.."},
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(many: Settings, wish: object) -> None:
    with Library(many.library) as library:
        before = library.revision
        said = run_event_action(wish, many)
        assert said["wrong"]
        assert said["text"].startswith("Not done: ")
        assert library.revision == before


def test_an_opened_event_is_shown_whatever_page_it_is_on_and_a_lost_one_is_said(many: Settings) -> None:
    last = f"event-{N_EVENTS - 1:05d}"
    assert listed(page(open=last))[0] == last
    lost = shown(page(open="event-99999"))
    assert (lost["opened"], lost["lost"]) == (None, True)


def test_a_merged_event_is_opened_under_its_former_id(many: Settings) -> None:
    with Library(many.library) as library:
        library.merge_events("event-00004", "event-00005")
    assert shown(page(open="event-00005"))["opened"]["id"] == "event-00004"


@pytest.mark.model
def test_a_name_in_any_script_finds_the_events_that_name_it(two_events: Settings, use: Use) -> None:
    use(two_events)
    assert len(listed(page())) == 2

    def naming(name: str) -> AppTest:
        app = page(entity=name)
        while "being brought up to date" in shown(app)["problem"]:
            app.run()
        return app

    (found,) = shown(naming("Iceland"))["rows"]
    assert "Iceland" in found["title"]
    for name in ("冰岛", "Исландия"):  # in scripts that none of its articles has
        assert listed(naming(name)) == [found["id"]]
    assert listed(naming("Zanzibar")) == []
    assert "no words" in shown(naming("!?"))["problem"]


@pytest.mark.model
def test_a_library_without_events_says_so(shelf: Callable[..., Settings], use: Use) -> None:
    use(shelf("no-event", {"source": "bbc", "lang": "en", "title": "Tea", "text": "There was tea."}))
    app = page()
    assert "No events yet" in html(app)
    assert not app.get("bidi_component")
