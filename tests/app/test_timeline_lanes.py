"""The lanes in a browser without the app: a wide event, moments of every exactness, a story."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.library.events import EventEntry
from crosslingual.moments import parse_moment
from crosslingual.timeline.statement_times import build_timeline
from crosslingual.types import Comparison, Event, Source, Story
from crosslingual.ui.timeline.lanes import (
    format_moment,
    serialize_moment,
    serialize_story,
    serialize_timeline,
)
from crosslingual.ui.timeline.page import SCRIPTS, STYLES
from tests.app.conftest import HOSTILE
from tests.helpers.bare_page import mount_component
from tests.helpers.browser import NARROW, visiting
from tests.helpers.timeline_samples import made_article, made_comparison

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LANGS = ("en", "zh", "ru", "de", "fr", "uk")


def wide_event() -> Comparison:
    """25 sources over a week, four articles each; some have an hour, some a day, the last source no date."""
    articles = []
    for number in range(25):
        for day in range(4):
            hour = (number * 5 + day * 7) % 24
            clock = f"T{hour:02}:10:00+0{number % 9}:00" if number % 3 else ""
            date = "" if number == 24 else f"2031-04-{1 + (number + 2 * day) % 7:02}{clock}"
            lang = LANGS[number % len(LANGS)]
            lines = (f"Statement {day} of source {number}.", f"The ferry burned on pier {number}.")
            articles.append(made_article(f"Harbour Gazette {number}", lang, date, *lines))
    every = [(place, 1) for place in range(len(articles))]
    return made_comparison(articles, every[::2], every[1::2], [(place, 0) for place in range(0, 100, 9)])


@pytest.mark.parametrize(
    ("written", "when", "day", "is_exact"),
    [
        ("2031-04-02T21:40:00+03:00", "2 April 2031, 21:40 (UTC+03:00)", "2031-04-02", True),
        ("2031-04-02T01:40:00+03:00", "2 April 2031, 01:40 (UTC+03:00)", "2031-04-01", True),
        ("2031-04-02T21:40:00Z", "2 April 2031, 21:40 (UTC+00:00)", "2031-04-02", True),
        ("2031-04-02T21:40:00", "2 April 2031, 21:40 (zone not known)", "2031-04-02", False),
        ("2031-04-02", "2 April 2031", "2031-04-02", False),
        ("", "no date", None, False),
    ],
)
def test_a_moment_is_drawn_as_exactly_as_it_is_written(
    written: str, when: str, day: str | None, is_exact: bool
) -> None:
    moment = parse_moment(written)
    found = serialize_moment(moment)
    assert format_moment(moment) == found["when"] == when
    assert (found["day"], found["utc"] is not None) == (day, is_exact)


@pytest.fixture
def page(chromium: Browser) -> object:
    with visiting(chromium, "http://localhost/") as page:
        yield page


def test_25_sources_of_a_week_fit_a_window_and_a_phone(page: Page) -> None:
    comparison = wide_event()
    data = serialize_timeline(comparison, build_timeline(comparison), "en", {"event": "e1"})
    mount_component(page, "timeline", STYLES, SCRIPTS, data | {"key": "1"})
    page.set_viewport_size({"width": 1280, "height": 720})
    lanes = page.locator(".time-group .time-lane")
    expect(lanes).to_have_count(25)
    names = lanes.locator(".time-name").all_inner_texts()
    assert set(names) == {summary.source.name for summary in comparison.source_summaries}, "named in full"
    assert page.evaluate("document.querySelector('.time-lanes').getBoundingClientRect().height") < 900
    marks = page.locator(".time-mark")
    said = [str(mark.get_attribute("aria-label")) for mark in marks.all()]
    together = [int(found[1]) for one in said if (found := re.search(r", (\d+) articles,", one))]
    assert sum(together) + len(said) - len(together) == len(comparison.articles), (
        "each article stands in a mark"
    )
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        assert page.evaluate(NARROW.replace(", [data-testid=stMain]", "")), width
        inside = (
            "[...document.querySelectorAll('.time-mark')].every((mark) => { const own = mark.getBoundingClientRect();"
            " const lane = mark.parentElement.getBoundingClientRect();"
            " return own.left >= lane.left - 12 && own.right <= lane.right + 12; })"
        )
        assert page.evaluate(inside), width
    page.get_by_text("4 articles without a date").click()
    page.locator(".time-choice").first.click()
    expect(page.locator(".time-mark.first, .time-mark.tied").first).to_be_visible()
    expect(page.locator(".time-panel .trace").first).to_be_visible()


def test_a_story_names_its_events_in_their_order(page: Page) -> None:
    events = [
        Event(f"e{n}", f"Visit, part {n}", day, day, (f"a{n}",), ("one",), ("en",))
        for n, day in enumerate(("2031-04-02", "2031-05-01"), 1)
    ]
    entries = [
        [EventEntry(n, f"a{n}", "one", "en", f"Article {n}", event.start, n, 1.0)]
        for n, event in enumerate(events, 1)
    ]
    sources = {"one": Source("one", "The One")}
    data = serialize_story(Story("e1", "Visit", tuple(events)), entries, sources, "en", {"event": "e1"})
    mount_component(page, "timeline", STYLES, SCRIPTS, data | {"key": "1"})
    expect(page.locator(".time-event span[title]")).to_have_text(["Visit, part 1", "Visit, part 2"])
    page.get_by_role("button", name=re.compile("The One, 1 May 2031, Article 2, event 2")).click()
    expect(page.locator(".time-panel")).to_contain_text("2. Visit, part 2")
    expect(page).to_have_url(re.compile("mark=a2"))
    page.go_back()
    expect(page.get_by_role("heading", name="The events of this story")).to_be_visible()


def test_an_event_that_shares_nothing_says_so_and_text_stays_text(page: Page) -> None:
    articles = [
        made_article(f"{HOSTILE} {name}", "en", day, f"{HOSTILE} {name}.")
        for name, day in (("a", "2031-04-02"), ("b", ""))
    ]
    for places in ([], [(0, 0), (1, 0)]):
        comparison = made_comparison(articles, *([places] if places else []))
        data = serialize_timeline(comparison, build_timeline(comparison), "en", {"event": "e1"})
        mount_component(page, "timeline", STYLES, SCRIPTS, data | {"key": "1"})
        expect(page.locator(".time-mark")).to_have_count(2)
        if places:
            page.locator(".time-choice").click()
            expect(page.locator(".time-told .context")).to_have_text([f"{HOSTILE} a.", f"{HOSTILE} b."])
        else:
            expect(page.get_by_role("heading", name="Nothing told by two")).to_be_visible()


def test_the_bar_of_an_event_lies_over_its_articles_whatever_their_zones(page: Page) -> None:
    told = [["2031-04-02T01:40:00+08:00"], ["2031-04-03T23:00:00-05:00"], [""]]
    events = [
        Event(f"e{n}", f"Visit, part {n}", dates[0][:10], dates[0][:10], (f"a{n}",), ("one",), ("en",))
        for n, dates in enumerate(told, 1)
    ]
    entries = [
        [EventEntry(n, f"a{n}", "one", "en", f"Article {n}", dates[0], n, 1.0)]
        for n, dates in enumerate(told, 1)
    ]
    sources = {"one": Source("one", "The One")}
    data = serialize_story(Story("e1", "Visit", tuple(events)), entries, sources, "en", {"event": "e1"})
    mount_component(page, "timeline", STYLES, SCRIPTS, data | {"key": "1"})
    expect(page.locator(".time-event")).to_have_count(3)
    lefts = "(every) => every.map((one) => parseFloat(one.style.left))"
    bars = page.locator(".time-event i").evaluate_all(lefts)
    days = page.locator(".time-day").evaluate_all(lefts)
    assert bars == [days[0], days[3]], "1 and 4 April in UTC; none of what has no date"


def test_a_mark_of_many_articles_chooses_all_of_them(page: Page) -> None:
    articles = [made_article("Gazette", "en", "2031-04-02", f"Statement {n}.") for n in range(400)]
    comparison = made_comparison(articles)
    data = serialize_timeline(comparison, build_timeline(comparison), "en", {"event": "e1"})
    mount_component(page, "timeline", STYLES, SCRIPTS, data | {"key": "1"})
    page.locator(".time-mark").click()
    expect(page.get_by_role("heading", name="400 articles")).to_be_visible()
