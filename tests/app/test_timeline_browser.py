from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.align.space import load_space
from crosslingual.events.clustering import find_events
from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.app.conftest import ELECTION, TRAIN, records
from tests.app.test_entities_browser import check_accessibility
from tests.helpers.browser import NARROW, served, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]

TIMES = {
    "reuters": "2024-03-05T10:40:00+01:00",
    "lemonde": "2024-03-05T12:05:00+01:00",
    "dw": "2024-03-06",
    "xinhua": "",
}
HARBOUR = {
    "bbc": ("en", "The harbour crane fell at noon. 3 people were killed. Two ships were damaged."),
    "dw": (
        "de",
        "Der Hafenkran stürzte am Mittag um. 5 Menschen wurden getötet. Zwei Schiffe wurden beschädigt.",
    ),
}


@pytest.fixture(scope="module")
def timed(shelf: Callable[..., Settings]) -> Settings:
    """Three events: one with hours, a day and no date; two of one day, with a toll that differs, of one story."""
    told = [one | {"date": TIMES[one["source"]]} for one in records(TRAIN, "")]
    settings = shelf("timed", *told, *records(ELECTION, "2024-06-02"), *records(HARBOUR, "2024-06-20"))
    with Library(settings.library) as library:
        events = {
            event.start: event.id
            for event in find_events(library, load_space(settings.encoder, settings.home))
        }
        assert sorted(events) == ["2024-03-05", "2024-06-02", "2024-06-20"]
        library.join_story(events["2024-06-20"], events["2024-06-02"])
        (undated,) = (one.id for one in library.load_articles() if not one.date)
        library.move_article(undated, events["2024-03-05"])
    return settings


@pytest.fixture(scope="module")
def address(timed: Settings) -> Iterator[str]:
    with served(timed) as address:
        yield address


@pytest.fixture(scope="module")
def ids(timed: Settings) -> dict[str, str]:
    with Library(timed.library) as library:
        return {
            event.start: event.id for event in find_events(library, load_space(timed.encoder, timed.home))
        }


@pytest.fixture
def page(chromium: Browser, address: str, ids: dict[str, str]) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.goto(f"{address}/timeline?event={ids['2024-03-05']}")
        page.get_by_role("heading", name="Who was first").wait_for()
        yield page


def test_a_statement_shows_who_was_first_and_who_followed_and_back_is_the_list(page: Page) -> None:
    page.get_by_role("button", name="Reuters first").first.click()
    expect(page).to_have_url(re.compile(r"[?&]statement="))
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading").first).to_be_focused()
    roles = panel.locator(".time-role").all_inner_texts()
    assert roles[0] == "first"
    assert "1 h 25 min later, after Reuters" in roles
    expect(
        page.get_by_role("button", name=re.compile("Reuters, .*first with this statement"))
    ).to_be_visible()
    page.reload()
    expect(panel.locator(".time-role").first).to_have_text("first")
    page.go_back()
    expect(page.get_by_role("heading", name="Who was first")).to_be_visible()
    page.go_forward()
    expect(panel.locator(".time-role").first).to_have_text("first")
    panel.get_by_role("link", name="Open in the comparison").first.click()
    expect(page.locator(".trace.aimed")).to_be_visible()


def test_a_day_without_an_hour_is_a_bar_and_no_date_is_said_with_what_mends_it(page: Page) -> None:
    expect(
        page.get_by_role("button", name=re.compile("DW, 6 March 2024, ")).and_(page.locator(".bar"))
    ).to_be_visible()
    expect(
        page.get_by_role("button", name=re.compile("Reuters, 5 March 2024, 10:40 .UTC.01:00."))
    ).to_be_visible()
    page.get_by_text("1 article without a date").click()
    expect(page.get_by_text("Xinhua: ")).to_be_visible()
    page.get_by_role("button", name="The hours of 5 March 2024").click()
    expect(page).to_have_url(re.compile(r"[?&]day=2024-03-05"))
    expect(page.locator(".time-mark")).to_have_count(2)
    page.go_back()
    expect(page.locator(".time-mark")).to_have_count(4)


def test_a_mark_opens_its_sentences_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name=re.compile("DW, 6 March")).focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel).to_contain_text("Bei Lyon ist am Dienstagmorgen ein Zug entgleist.")
    expect(panel.get_by_role("heading", name="1 article")).to_be_focused()
    panel.get_by_role("button", name="Who else").first.click()
    expect(panel.locator(".time-role").first).to_have_text("first")


def test_the_ledger_has_conflicts_is_narrowed_to_a_source_and_is_taken_away(
    page: Page, address: str, ids: dict[str, str]
) -> None:
    page.goto(f"{address}/timeline?event={ids['2024-06-20']}")
    page.get_by_text("Figures", exact=True).click()
    expect(page).to_have_url(re.compile("view=figures"))
    toll = page.get_by_role("row", name=re.compile("dead"))
    expect(toll).to_contain_text("Conflict: ")
    toll.get_by_role("button").click()
    expect(page.locator(".ledger-detail:not([hidden]) mark")).to_have_text(["3", "5"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as CSV what is shown").click()
    expect(page.get_by_text("copied", exact=True)).to_be_visible()
    assert '"dead","3","","BBC"' in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    rows = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert {row["value"] for row in rows if row["what"] == "dead"} == {"3", "5"}
    page.goto(f"{address}/timeline?event={ids['2024-06-20']}&view=figures&source=nobody")
    expect(toll).to_be_visible()
    page.go_back()
    expect(page.get_by_role("table", name="Figures")).to_be_visible()


def test_a_story_has_its_events_in_order_and_leads_to_each(
    page: Page, address: str, ids: dict[str, str]
) -> None:
    page.goto(f"{address}/timeline?event={ids['2024-06-20']}&view=story")
    expect(page.get_by_role("heading", name="The events of this story")).to_be_visible()
    expect(page.locator(".time-panel header b")).to_have_text(["1. 2 June 2024", "2. 20 June 2024"])
    page.get_by_role("link", name="Timeline of this event").first.click()
    expect(page.get_by_role("heading", name="Who was first")).to_be_visible()
    page.goto(f"{address}/timeline?event={ids['2024-03-05']}&view=story")
    expect(page.get_by_text("This event is of no story")).to_be_visible()


def test_nothing_is_wider_than_a_window_or_a_phone_and_all_can_be_read(
    page: Page, address: str, ids: dict[str, str]
) -> None:
    for view in ("lanes", "figures", "story"):
        page.goto(f"{address}/timeline?event={ids['2024-06-20']}&view={view}")
        page.locator(".timeline > *").first.wait_for()
        for width, height in ((1280, 720), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(300)
            assert page.evaluate(NARROW), (view, width)
            check_accessibility(page)
