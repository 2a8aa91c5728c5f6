from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.app.conftest import ELECTION, TRAIN, records
from tests.app.test_entities_browser import check_accessibility
from tests.helpers.browser import NARROW, served, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def settings(shelf: Callable[..., Settings]) -> Settings:
    return shelf("checked", *records(TRAIN, "2024-03-05"), *records(ELECTION, "2024-06-02"))


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        yield page


def answers(settings: Settings) -> list[str]:
    """In the order in which they were given; of two alike sentences each."""
    with Library(settings.library) as library:
        items = [item for one in library.load_check_samples() for item in one.items if item.answer]
    return [item.answer for item in sorted(items, key=lambda item: item.answer_order)]


def press_until(page: Page, key: str, there: Locator) -> None:
    """Press ``key`` again and again: while the page is drawn it counts for nothing."""
    for _ in range(600):
        if there.is_visible():
            break
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    expect(there).to_be_visible()


def test_keys_answer_and_take_back_and_results_calibrate_and_give_back(
    page: Page, address: str, settings: Settings
) -> None:
    page.goto(f"{address}/check?scope=library")
    page.get_by_label("Questions", exact=True).last.wait_for()
    page.get_by_role("button", name="Draw a sample").click()
    place = page.get_by_role("status").filter(has_text="Question ")
    expect(place).to_have_text(re.compile("^Question 1 of "))
    expect(page.locator(".asked mark").first).to_be_visible()
    assert "%" not in page.locator(".stMain").inner_text()
    for size in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.get_by_role("button", name="Not the same")).to_be_in_viewport()
        assert page.evaluate(NARROW), size
        check_accessibility(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.keyboard.press("4")
    expect(place).to_have_text(re.compile(r"^Question [23] of "))
    assert answers(settings)[0] == "different"
    expect(page.get_by_role("button", name="Take the last answer back")).to_be_visible()
    press_until(page, "u", page.get_by_text(re.compile("^Question 1 of ")))
    assert answers(settings) == []
    finished = page.get_by_text(re.compile("All .* are answered"))
    press_until(page, "1", finished)
    assert set(answers(settings)) == {"same"}

    page.get_by_text("Results", exact=True).click()
    expect(page).to_have_url(re.compile("view=results"))
    expect(page.get_by_text("of what stands in one row").first).to_be_visible()
    expect(
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")
    ).to_be_visible()
    for size in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate(NARROW), size
        check_accessibility(page)
    page.get_by_role("button", name=re.compile("Calibrate on")).click()
    expect(page.get_by_text("of your own").first).to_be_visible()
    page.get_by_role("button", name="Probabilities as shipped").click()
    expect(page.get_by_role("button", name="Probabilities as shipped")).to_have_count(0)
    with Library(settings.library) as library:
        assert library.remove_calibrations() == 0
