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
        "The war in Ukraine dominated the talks in Oslo. Xinhua reported that the ferry was late.",
    ),
    "ria": (
        "ru",
        "О специальной военной операции на Украине говорили в Осло. Паром опоздал, сообщает Reuters.",
    ),
    "xinhua": ("zh", "奥斯陆会谈谈到乌克兰危机。据挪威媒体报道，渡轮晚点。"),
    "dw": (
        "de",
        f"In Oslo ging es um den Krieg in der Ukraine. Die Fähre kam spät, berichtet Reuters. {HOSTILE}",
    ),
}


@pytest.fixture(scope="module")
def address(shelf: Callable[..., Settings]) -> Iterator[str]:
    settings = shelf("ferry", *records(FERRY, "2024-05-16", url="javascript:window.pwned=1"))
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.goto(f"{address}/citations")
        page.get_by_role("button", name=re.compile("show the sentences")).first.wait_for()
        yield page


def test_a_figure_opens_to_the_sentence_that_cites_with_name_and_words_marked(page: Page) -> None:
    row = page.get_by_role("row", name=re.compile("^DW"))
    expect(row).to_contain_text("Reuters")
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    marks = page.locator(".evidence mark")
    expect(marks).to_have_text(["berichtet", "Reuters"])
    expect(page.locator(".evidence .said")).to_contain_text("Die Fähre kam spät")
    expect(page.get_by_role("row", name=re.compile("media of Norway"))).to_contain_text("not in the library")


def test_the_picture_says_who_takes_from_whom_on_either_size(page: Page) -> None:
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        picture = page.get_by_role("img", name=re.compile("Who takes from whom"))
        expect(picture).to_have_count(1)
        expect(picture).to_be_visible()
        assert picture.evaluate("(node) => node.complete && node.naturalWidth > 0")
        assert page.evaluate(NARROW), width
        check_accessibility(page)


def test_the_address_keeps_event_and_library(page: Page) -> None:
    page.get_by_text("Whole library").click()
    expect(page).to_have_url(re.compile("scope=library"))
    expect(page.get_by_role("heading", name="Whole library")).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("scope=library"))
    expect(page.get_by_role("radio", name="This event")).to_be_checked()


def test_what_they_call_it_stands_on_the_framing_page(page: Page) -> None:
    page.goto(re.sub("/citations.*", "/framing", page.url))
    page.get_by_role("radio", name="Naming").click()
    table = page.locator("figure", has_text="The fighting in Ukraine.")
    table.get_by_role("row", name=re.compile("special military operation")).get_by_role("button").click()
    expect(page.locator(".evidence mark.called")).to_have_text("специальной военной операции")
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(NARROW), width
        check_accessibility(page)
