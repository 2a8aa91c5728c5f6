from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.app.conftest import ELECTION, TRAIN, records
from tests.app.test_check_browser import press_until
from tests.app.test_entities_browser import check_accessibility
from tests.helpers.browser import NARROW, served, settle, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
SIZES = ((1280, 720), (390, 844))


@pytest.fixture(scope="module")
def settings(shelf: Callable[..., Settings]) -> Settings:
    return shelf("coded", *records(TRAIN, "2024-03-05"), *records(ELECTION, "2024-06-02"))


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        yield page


def check_sizes(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(NARROW), width
        check_accessibility(page)
    page.set_viewport_size({"width": 1280, "height": 720})


def press_once(page: Page, key: str, there: Locator) -> None:
    """Press ``key``, and again only when nothing came of it: twice, it would take back what it did."""
    for _ in range(6):
        settle(page)
        page.keyboard.press(key)
        with suppress(AssertionError):  # while the page is drawn a key counts for nothing
            expect(there).to_be_visible(timeout=20_000)
            return
    expect(there).to_be_visible()


def given(settings: Settings, coder: str) -> list[list[str]]:
    """The names of the codes that ``coder`` gave each unit."""
    with Library(settings.library) as library:
        names = {one.id: one.name for one in library.load_codes()}
        return [sorted(names[code] for code in unit.codes_of(coder)) for unit in library.load_coding_units()]


def test_a_codebook_is_made_two_code_by_keys_and_one_decides(
    page: Page, address: str, settings: Settings
) -> None:
    page.goto(f"{address}/coding?view=codebook")
    for name in ("Blame", "Calm"):
        page.get_by_label("Name").first.fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(f"Done: code added: {name}")).to_be_visible()
    expect(page.locator(".codes tbody tr")).to_have_count(2)
    check_sizes(page)

    page.goto(f"{address}/coding")
    page.get_by_label("Coder").fill("Ann")
    page.get_by_label("Coder").press("Enter")
    page.get_by_label("How many, at random").fill("3")
    page.get_by_label("Coders, with commas between").fill("Ann, Ben")
    page.get_by_role("button", name="Offer", exact=True).click()
    place = page.get_by_role("status").filter(has_text="Passage ")
    expect(place).to_have_text("Passage 1 of 3")
    expect(page).to_have_url(re.compile("coder=Ann"))
    check_sizes(page)
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.get_by_role("button", name="Done, next")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 720})
    press_once(page, "1", page.get_by_role("button", name="✓ Blame"))
    memo = page.get_by_label("Memo, kept with the next code")
    expect(memo).to_have_count(1)  # that of the former passage is gone
    memo.press_sequentially("n2 is typed, not pressed")
    memo.press("Enter")
    page.get_by_role("button", name="Calm").click()
    expect(page.get_by_text("Calm: n2 is typed, not pressed")).to_be_visible()
    assert given(settings, "Ann")[0] == ["Blame", "Calm"]
    press_once(page, "n", page.get_by_text("Passage 2 of 3"))
    press_once(page, "u", page.get_by_text("Passage 1 of 3"))
    expect(page.get_by_role("button", name="✓ Calm")).to_be_visible()
    press_until(page, "n", page.get_by_text("All 3 passages in the queue of Ann are done"))

    page.goto(f"{address}/coding?coder=Ben")
    expect(place).to_have_text("Passage 1 of 3")
    expect(page.get_by_role("button", name="✓")).to_have_count(0)
    page.goto(f"{address}/coding?view=differ&coder=Ben")
    expect(page.get_by_text("No disagreements")).to_be_visible()  # Ben has not finished
    page.goto(f"{address}/coding?coder=Ben")
    press_once(page, "1", page.get_by_role("button", name="✓ Blame"))
    press_until(page, "n", page.get_by_text("All 3 passages in the queue of Ben are done"))

    page.goto(f"{address}/coding?view=differ&coder=Ben")
    expect(page.get_by_text("1 passage coded differently, 1 not decided")).to_be_visible()
    expect(page.locator(".coders section")).to_have_count(2)
    check_sizes(page)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Ben decided: Blame.")).to_be_visible()

    page.get_by_text("Agreement", exact=True).click()
    expect(page.get_by_role("cell", name="all codes").first).to_be_visible()
    check_sizes(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Codings (CSV)").click()
    assert saved.value.path().read_text(encoding="utf-8-sig").startswith("coder,unit,kind,article")
    page.get_by_text("Who carries what", exact=True).click()
    expect(page.get_by_text("3 units settled by the coders")).to_be_visible()
    check_sizes(page)
