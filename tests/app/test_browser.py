from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual.settings import Settings
from crosslingual.ui.launch import command, environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = subprocess.run(["bash", ROOT / "scripts/browser.sh", "--find"], capture_output=True, text=True)  # noqa: S607
    if found.returncode:
        pytest.skip("no Chromium here; remedy: bash scripts/browser.sh")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(two_events: Settings) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = subprocess.Popen(
        command(port),
        env=os.environ | environment(two_events),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health")  # noqa: S310  # own server
                break
            except OSError:
                assert app.poll() is None, "the app ended"
                time.sleep(0.1)
        yield address
    finally:
        app.terminate()
        app.wait()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page on the event that has four sources."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(address)
    page.wait_for_selector(".entry")
    page.get_by_role("combobox").click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_selector("text=Reuters >> visible=true")
    yield page
    assert page.evaluate("window.pwned") is None
    assert not [url for url in outside if not url.startswith((address, "blob:", "data:"))]
    context.close()


def test_the_table_has_a_row_per_statement_and_holes_with_their_denominator(page: Page) -> None:
    assert page.locator(".head [role=columnheader]").count() == 5
    first = page.locator(".entry").first
    assert first.locator(".n").inner_text() == "4 of 4"
    assert first.locator(".said").count() == 4
    assert page.locator(".entry.one .hole").first.inner_text() == "no match in its 1 article"
    assert page.locator(".cell [lang=zh]").first.inner_text().startswith("周二上午")


def test_a_row_opens_and_closes_by_keyboard(page: Page) -> None:
    opener = page.locator(".opener").first
    opener.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.className") == "opener"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    detail = page.locator(".detail")
    assert opener.get_attribute("aria-expanded") == "true"
    assert "no translation" in detail.inner_text()
    assert "% sure, margin" in detail.inner_text()
    # The sentence after it in its article stands beside it.
    assert "Personne n'a été blessé." in detail.inner_text()
    link = detail.locator("a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
    page.keyboard.press("Space")
    assert detail.count() == 0


def test_filters_narrow_the_rows_and_say_how_many(page: Page) -> None:
    everything = page.locator(".entry").count()
    page.locator("input[value=one]").check(force=True)
    alone = page.locator(".entry").count()
    assert 0 < alone < everything
    assert page.locator(".entry:not(.one)").count() == 0
    page.locator("input[value=every]").check(force=True)
    page.get_by_role("searchbox").fill("syndicats")
    page.locator("mark").first.wait_for()
    assert page.locator(".entry").count() == 1
    assert page.locator("mark").inner_text() == "syndicats"
    assert page.locator("label:has(input[value=every]) b").inner_text() == "1"


def test_sources_can_be_hidden_and_shown_again(page: Page) -> None:
    page.locator(".card input").first.uncheck()
    assert page.locator(".head [role=columnheader]").count() == 4
    # What is carried stays counted among all sources of the event.
    assert page.locator(".n").first.inner_text() == "4 of 4"
    page.get_by_role("button", name="Show all 4 sources").click()
    assert page.locator(".head [role=columnheader]").count() == 5


def test_side_by_side_a_sentence_lights_its_counterparts(page: Page) -> None:
    page.locator("input[value=parallel]").check(force=True)
    page.locator(".s.all").first.click()
    assert page.locator(".s.lit").count() == 4
    assert page.locator(".telling:has(.s.lit)").count() == 4
    page.keyboard.press("Escape")
    assert page.locator(".s.lit").count() == 0
    page.locator(".s.one").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".s.lit").count() == 1
    assert page.locator(".telling.mute .status").first.inner_text() == "no match in its 1 article"


def test_original_and_translation_can_be_chosen(page: Page) -> None:
    original = page.get_by_text("Niemand wurde verletzt.", exact=True)
    assert original.count() == 1
    page.locator("input[value=reader]").check(force=True)
    assert original.count() == 0
    page.locator("input[value=original]").check(force=True)
    assert original.count() == 1
    assert page.get_by_text("Nobody was injured.").count() == 0


def test_outside_text_is_shown_as_text(page: Page) -> None:
    hostile = "<img src=x onerror="
    assert page.locator(".card .native").get_by_text(hostile).count() == 1
    for opener in page.locator(".opener").all():
        opener.click()
    assert page.locator(".detail .title").get_by_text(hostile).count()
    assert page.locator(".compare img, .compare script, .headline img").count() == 0
    assert page.locator('a[href^="javascript"]').count() == 0
    page.locator("input[value=parallel]").check(force=True)
    assert page.locator(".telling h3").get_by_text(hostile).count() == 1
    # The page's fixture looks whether anything ran, or was asked of another host.


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800), (1440, 900)])
def test_the_page_never_scrolls_sideways(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for view in ("table", "parallel"):
        page.locator(f"input[value={view}]").check(force=True)
        wide = page.evaluate(
            "[...document.querySelectorAll('html, [data-testid=stMain]')]"
            ".some((node) => node.scrollWidth > node.clientWidth)"
        )
        assert not wide


def test_on_a_phone_holes_are_summed_up(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    entry = page.locator(".entry.one").first
    assert entry.locator(".hole").first.is_hidden()
    assert entry.locator(".silent").inner_text().startswith("silent: ")
    assert entry.locator(".cell .who").is_visible()
