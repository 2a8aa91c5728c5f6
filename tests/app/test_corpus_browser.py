from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.settings import Settings
from tests.app.conftest import HOSTILE, records
from tests.app.test_entities_browser import check_accessibility
from tests.helpers.browser import NARROW, served, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]

FERRY = {
    "reuters": (
        "en",
        f"Two ferries left Orlen harbour on Thursday. The old ferry sank off the coast. {HOSTILE}",
    ),
    "bbc": ("en", "Two ferries left Orlen harbour on Thursday. The old ferry sank off the coast."),
    "dw": (
        "de",
        "Zwei Fähren verließen am Donnerstag den Hafen von Orlen. Die alte Fähre sank vor der Küste.",
    ),
    "xinhua": ("zh", "周四两艘渡轮离开奥伦港。旧渡轮在海岸外沉没。"),
}


@pytest.fixture(scope="module")
def address(shelf: Callable[..., Settings]) -> Iterator[str]:
    settings = shelf("ferry-browser", *records(FERRY, "2024-05-16", url="javascript:window.pwned=1"))
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.goto(f"{address}/corpus")
        page.get_by_label("Words", exact=True).wait_for()
        yield page


def test_words_are_counted_by_keyboard_and_a_line_leads_to_the_comparison(page: Page) -> None:
    page.get_by_label("Words", exact=True).fill("ferry OR 渡轮")
    page.keyboard.press("Enter")
    expect(page.locator(".kwic mark")).to_have_count(6)
    expect(page).to_have_url(re.compile(r"[?&]q=ferry"))
    expect(page.get_by_role("table", name="By source").get_by_role("row", name="DW")).to_contain_text(
        "0 of 1"
    )
    for size in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.locator(".kwic mark")).to_have_count(6)
        assert page.evaluate(NARROW), size
        check_accessibility(page)
    page.get_by_role("link", name="Open in the comparison").first.click()
    expect(page.locator(".trace.aimed")).to_contain_text(re.compile("ferr|渡轮"))
    page.go_back()
    expect(page.locator(".kwic mark")).to_have_count(6)


def test_a_silence_opens_to_its_statements_and_goes_back(page: Page) -> None:
    page.get_by_text("Silences", exact=True).click()
    row = page.get_by_role("table", name="2024-05").get_by_role("row", name="DW")
    expect(row).to_contain_text("1 of 1")
    check_accessibility(page)
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="DW, 2024-05")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name="All sources and months").click()
    expect(page.get_by_role("table", name="2024-05")).to_be_visible()
    assert page.evaluate("window.pwned") is None
