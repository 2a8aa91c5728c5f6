from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.helpers import large_event
from tests.helpers.browser import NARROW, served, settle, visiting
from tests.helpers.compare_page import box, boxes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
NAMES = [name for own in large_event.SOURCES.values() for name in own]


@pytest.fixture(scope="module")
def address(shelf: Callable[..., Settings]) -> Iterator[str]:
    """The app on an event of 25 sources in six languages, which has mostly holes."""
    settings = shelf("many", *large_event.records())
    with Library(settings.library) as library:
        if not library.load_corrections():  # this file's tests may come in two parts, with others between
            large_event.join(library)
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(address)
        page.locator(".matrix .entry").first.wait_for()
        yield page


def open_row(page: Page, place: int = 0) -> Locator:
    page.locator(".matrix .opener").nth(place).click()
    row = page.locator(".matrix .entry.open")
    row.locator(".tellers").wait_for()
    return row


def test_25_names_and_ten_statements_are_seen_at_once(page: Page) -> None:
    for width, height in ((1024, 800), (1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        _assert_names_and_statements_fit(page, width, height)


def _assert_names_and_statements_fit(page: Page, width: int, height: int) -> None:
    names = page.locator(".matrix .source span")
    expect(names).to_have_count(25)
    page.wait_for_function(NARROW)
    assert sorted(names.all_inner_texts()) == sorted(NAMES)
    for left, top, right, bottom in boxes(names):
        assert 0 <= left < right <= width
        assert 56 <= top < bottom <= height
    # As text, in full: nothing of it is cut off, of which a line would be 11 pixels.
    assert names.evaluate_all("all => all.every(node => node.scrollHeight <= node.clientHeight + 1)")
    assert names.evaluate_all("all => all.every(node => node.scrollWidth <= node.clientWidth + 3)")
    left, top, right, bottom = box(page.locator(".matrix .entry .line").nth(9))
    assert 0 <= left < right <= width
    assert bottom <= height
    last = page.locator(".matrix .entry").nth(9).locator(".c").last
    assert box(last)[2] <= width


def test_a_row_opens_to_its_tellers_then_to_the_evidence_and_back_closes_them(page: Page) -> None:
    row = open_row(page)
    expect(row.locator(".tellers section h4").first).to_have_text("English")
    told = row.locator(".tellers section > ul > li:not(.maybe)")
    expect(told).to_have_count(int(row.locator(".n b").inner_text()))
    maybe = row.locator(".tellers li.maybe").first
    expect(maybe.locator(".perhaps")).to_have_text(re.compile("^perhaps · \\d+\u202f%$"))
    expect(maybe.locator(".said")).not_to_be_empty()
    opened = page.url
    row.get_by_role("button", name="Evidence and corrections").click()
    expect(row.locator(".trace").first).to_be_visible()
    explained = page.url
    assert opened != explained
    page.go_back()
    expect(page.locator(".detail")).to_have_count(0)
    expect(page.locator(".tellers")).to_be_visible()
    expect(page).to_have_url(opened)
    page.go_back()
    expect(page.locator(".tellers")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".tellers")).to_have_count(1)
    page.go_forward()
    expect(page.locator(".detail")).to_have_count(1)
    page.reload()
    expect(page.locator(".entry.open .trace").first).to_be_visible()
    # A shared link shows the same, and what is done there does not disturb this window.
    other = page.context.new_page()
    other.goto(explained)
    expect(other.locator(".entry.open .trace").first).to_be_visible()
    other.locator(".entry.open .opener").click()
    expect(other.locator(".tellers")).to_have_count(0)
    expect(page.locator(".tellers")).to_have_count(1)
    expect(page).to_have_url(explained)


def test_what_is_hidden_sorted_filtered_and_sought_is_in_the_address(page: Page) -> None:
    page.get_by_role("button", name="Chinese 5").click()
    expect(page.locator(".matrix .source")).to_have_count(20)
    page.locator(".source", has_text="World Wire").click()
    page.get_by_role("button", name="Sort by this source").click()
    expect(page.locator(".name.sorted")).to_have_attribute("aria-sort", "descending")
    expect(page.locator(".matrix .entry").first.get_by_role("cell", name="World Wire: told")).to_be_visible()
    page.get_by_label("only what I can read").check()
    page.get_by_role("searchbox").fill("torsby")
    page.wait_for_url("**has=torsby**")
    found = page.locator(".matrix .entry .said").all_inner_texts()
    assert found
    assert all("torsby" in text.lower() for text in found)
    shared = page.url
    page.reload()
    expect(page.locator(".matrix .source")).to_have_count(20)
    expect(page.get_by_role("searchbox")).to_have_value("torsby")
    expect(page.locator(".matrix .entry .said")).to_have_text(found)
    expect(page).to_have_url(shared)
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.go_back()
    expect(page.get_by_label("only what I can read")).not_to_be_checked()
    page.go_back()
    expect(page.locator(".name.sorted")).to_have_count(0)
    page.go_back()
    expect(page.locator(".matrix .source")).to_have_count(25)


def test_the_end_can_be_scrolled_to_under_a_head_that_stays(page: Page) -> None:
    last = page.locator(".matrix .fold").last
    page.locator(".matrix .entry").first.hover()
    for _ in range(40):
        page.mouse.wheel(0, 600)
        if last.is_visible() and box(last)[3] <= 720:
            break
    left, top, right, bottom = box(page.locator(".matrix > .head .group").first)
    assert 50 <= top < bottom < 720
    assert 0 <= left < right <= 1280


def test_on_a_phone_groups_are_collapsed_and_the_statement_stands_on_top(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".matrix.narrow .entry").first.locator(".c")).to_have_count(6)
    assert box(page.locator(".matrix"))[1] < 300
    page.get_by_text("Filter and search").click()
    page.get_by_role("searchbox").fill("torsby")
    page.wait_for_url("**has=torsby**")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.reload()
    expect(page.get_by_role("searchbox")).to_be_visible()  # what leaves something out is not folded away
    page.get_by_role("searchbox").fill("")
    page.wait_for_url(lambda url: "has=" not in url)
    page.wait_for_function(NARROW)
    row = page.locator(".matrix .entry").first
    row.scroll_into_view_if_needed()
    said, cells = box(row.locator(".said")), box(row.locator(".c").first)
    assert said[3] <= cells[1] + 1
    for cell in row.locator(".c").all():
        assert 0 <= box(cell)[0] < box(cell)[2] <= 390
    label = row.locator(".c").first.get_attribute("aria-label") or ""
    assert re.match(r"English \d of 7", label)
    row.locator(".opener").click()
    expect(row.locator(".tellers")).to_be_visible()
    page.wait_for_function(NARROW)


def test_nothing_serious_bars_those_who_use_a_screen_reader(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    open_row(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        expect(page.locator(".matrix.narrow")).to_have_count(int(width == 390))
        settle(page)
        found = axe.run(page, context=".stMain", options={"resultTypes": ["violations"]}).response
        serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        said = [
            (one["id"], node["target"], node["failureSummary"]) for one in serious for node in one["nodes"]
        ]
        assert not said, said


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 720)])
def test_the_picker_shows_the_title_cut_at_a_word_and_a_short_date(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    field = page.get_by_role("combobox").first
    expect(field).to_have_value(re.compile(r"^The river Arlen broke[a-z ]*… · 10 Mar 2025 · 25 sources$"))
    assert field.evaluate("node => node.scrollWidth <= node.clientWidth")  # nothing of it is cut off
    assert 0 <= box(field)[0] < box(field)[2] <= width
    expect(page.locator(".headline h1")).to_have_attribute("title", large_event.TOLD[0]["en"])


def test_names_of_groups_are_whole_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".matrix.narrow .group button")).to_have_count(6)
    cut = (
        "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent)"
    )
    assert page.locator(".matrix.narrow .group button").evaluate_all(cut) == []
