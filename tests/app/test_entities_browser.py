from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.settings import Settings
from tests.app.conftest import HOSTILE, records
from tests.helpers.browser import NARROW, served, settle, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]

TALKS = {
    "reuters": ("en", "President Vladimir Putin met Xi Jinping in Beijing. They signed a joint statement."),
    "ria": ("ru", "Президент Владимир Путин встретился с Си Цзиньпином в Пекине. Подписано заявление."),
    "xinhua": ("zh", "习近平在北京同普京举行会谈。两国元首签署联合声明。"),
    "dw": ("de", f"Gipfel in Peking: Wladimir Putin trifft Chinas Staatschef. Sie unterzeichnen. {HOSTILE}"),
}


@pytest.fixture(scope="module")
def address(shelf: Callable[..., Settings]) -> Iterator[str]:
    settings = shelf("talks", *records(TALKS, "2024-05-16", url="javascript:window.pwned=1"))
    with served(settings) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.goto(f"{address}/entities")
        page.get_by_role("table", name="Names", exact=True).wait_for()
        yield page


def test_a_name_is_chosen_with_who_has_it_and_who_has_not_and_back_is_the_list(page: Page) -> None:
    row = page.get_by_role("row", name="Xi Jinping")
    expect(row).to_contain_text("3 of 4")
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"[?&]entity=person%3AXi\+Jinping"))
    expect(page.get_by_role("heading", name="Xi Jinping")).to_be_focused()
    sources = page.get_by_role("table", name="Who names it")
    expect(sources.get_by_role("row", name="DW")).to_contain_text("0 of 1")
    expect(sources.get_by_role("row", name="Xinhua")).to_contain_text("1 of 1")
    expect(page.locator("article mark")).to_have_text(["Xi Jinping", "Си Цзиньпином", "习近平"])
    page.go_back()
    expect(page.get_by_role("table", name="Names", exact=True)).to_be_visible()
    page.go_forward()
    expect(page.locator("article mark")).to_have_count(3)
    page.get_by_role("link", name="Open in the comparison").first.click()
    expect(page.locator(".trace.aimed")).to_contain_text("Xi Jinping")


def test_the_list_is_narrowed_and_stays_so_when_one_comes_back(page: Page) -> None:
    names = page.locator(".names tbody tr")
    page.get_by_text("Persons", exact=True).click()
    expect(names).to_have_count(2)
    page.get_by_label("Name", exact=True).fill("普京")
    page.keyboard.press("Enter")
    expect(names).to_have_count(1)
    names.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vladimir Putin")).to_be_visible()
    page.get_by_role("link", name="All names").click()
    expect(
        page.get_by_role("table", name="Names", exact=True).get_by_role("row", name="Vladimir Putin")
    ).to_be_visible()
    expect(names).to_have_count(1)


def check_accessibility(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    settle(page)  # what is drawn anew is pale meanwhile
    found = axe.run(page, context=".stMain", options={"resultTypes": ["violations"]}).response
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert not [(one["id"], node["target"]) for one in serious for node in one["nodes"]]


def test_all_can_be_read_and_nothing_is_wider_than_a_window_or_a_phone(page: Page) -> None:
    for size in ({"width": 1280, "height": 720}, {"width": 390, "height": 844}):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        expect(page.get_by_role("table", name="Names", exact=True)).to_be_visible()
        assert page.evaluate(NARROW), size
        check_accessibility(page)
        page.get_by_role("link", name="Xi Jinping").click()
        page.locator("article mark").first.wait_for()
        assert page.evaluate(NARROW), size
        check_accessibility(page)
        page.go_back()
    page.get_by_role("table", name="Names", exact=True).wait_for()
    page.get_by_text("Whole library").click()
    expect(page).to_have_url(re.compile("scope=library"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("scope=library"))
    expect(page.get_by_role("radio", name="This event")).to_be_checked()
