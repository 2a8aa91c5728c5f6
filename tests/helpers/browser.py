"""A real browser, and the app served to it."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.settings import Settings
from crosslingual.ui.launch import app_command, app_environment
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

expect.set_options(timeout=180_000)  # of a machine that has much else to do
NARROW = (
    "[...document.querySelectorAll('html, [data-testid=stMain]')]"
    ".every((node) => node.scrollWidth <= node.clientWidth)"
)
"""Whether nothing can be scrolled sideways."""


ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


WINDOW: ViewportSize = {"width": 1280, "height": 800}


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, with the context that ``visiting`` opens its windows in; without one the test is skipped."""
    found = subprocess.run(["bash", ROOT / "scripts/browser.sh", "--find"], capture_output=True, text=True)  # noqa: S607
    if found.returncode:
        pytest.skip("no Chromium here; remedy: bash scripts/browser.sh")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS.split())
        browser.new_context(viewport=WINDOW)
        yield browser
        browser.close()


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of the app, which shows the library of ``settings``."""
    port = free_port()
    app = subprocess.Popen(
        app_command(port),
        env=os.environ | app_environment(settings),
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


def settle(page: Page) -> None:
    """Wait until the page is drawn: until then what is below moves, and a press may meet another thing."""
    page.locator("[data-test-script-state=notRunning]").first.wait_for()
    page.locator("[data-stale=true]").first.wait_for(state="detached")


@contextmanager
def visiting(chromium: Browser, address: str) -> Iterator[Page]:
    """A window of its own, in which nothing hostile may run and no other host may be asked.

    The windows of a browser have what the app is made of in common, so that it is not compiled for each.
    What they store is not: they begin without.
    """
    context = chromium.contexts[0]
    context.set_default_timeout(180_000)
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    try:
        yield page
        assert page.evaluate("window.pwned") is None
        assert not [url for url in outside if not url.startswith((address, "blob:", "data:"))]
    finally:
        page.evaluate("try { localStorage.clear() } catch { /* a page of no address has none */ }")
        for window in context.pages:
            window.close()
        context.clear_cookies()
        context.clear_permissions()
