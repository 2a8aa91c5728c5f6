"""Makes the pictures in docs from the real app: compare, matrix, framing, timeline, search and events (.png).

Run: make screenshot
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from crosslingual.align.space import load_article_encoder
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.library.event_visits import record_visit
from crosslingual.settings import Settings
from crosslingual.ui.launch import app_command, app_environment

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.helpers import large_event  # noqa: E402

PICTURES = ROOT / "docs"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def main() -> None:
    """Start the app on a fresh library of the demo corpus and photograph it."""
    browser = subprocess.run(["bash", ROOT / "scripts/browser.sh"], stdout=subprocess.PIPE, text=True)  # noqa: S607
    if browser.returncode:
        sys.exit("no picture without a browser")
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings.load(), library=Path(folder) / "library")
        large = replace(settings, library=Path(folder) / "large")
        lines = Path(folder) / "many.jsonl"
        lines.write_text("\n".join(map(json.dumps, large_event.records())), encoding="utf-8")
        reader = load_article_encoder(settings.encoder, settings.home)
        with Library(settings.library) as library:
            *before, last = sorted((ROOT / "corpora/demo").iterdir())
            add_files(before, library, lambda: reader)
            record_visit(library, now=datetime.now(UTC) - timedelta(days=1))
            add_files([last], library, lambda: reader)
        with Library(large.library) as library:
            add_files([lines], library, lambda: reader)
            large_event.join(library)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser.stdout.strip(), args=FLAGS.split())
            with _served(settings) as address:
                _photograph(chromium, address)
                _photograph_search(chromium, address)
                _photograph_events(chromium, address)
            with _served(large) as address:
                _photograph_large(chromium, address)
            chromium.close()
    names = ("compare", "matrix", "framing", "timeline", "search", "events")
    print(*(PICTURES / f"{name}.png" for name in names))


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    port = _free_port()
    app = subprocess.Popen(app_command(port), env=os.environ | app_environment(settings))
    try:
        _await(f"http://localhost:{port}/_stcore/health", app)
        yield f"http://localhost:{port}"
    finally:
        app.terminate()
        app.wait()


def _photograph_large(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(address)
    page.locator(".matrix .entry").nth(9).wait_for(timeout=120_000)
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "matrix.png")
    page.close()


def _photograph(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector(".entry", timeout=120_000)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Xi").first.click()
    page.get_by_role("heading", name="Xi").wait_for()
    page.locator(".matrix .said", has_text="joint statement").first.wait_for()
    page.locator(".matrix .opener").nth(1).click()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "compare.png")
    page.get_by_role("link", name="Framing").first.click()
    page.locator("button.figure").first.wait_for(timeout=120_000)
    page.get_by_role("radio", name="Silences").click()
    page.locator(".hole .figure").first.wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "framing.png")
    page.goto(f"{address}/timeline")
    page.get_by_role("button", name="Ukrinform first").first.click(timeout=120_000)
    page.locator(".time-told .trace").nth(1).wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "timeline.png")
    page.close()


def _photograph_search(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/search")
    page.get_by_role("button", name="China has banned").click()
    page.locator(".found .trace").nth(2).wait_for(timeout=120_000)
    page.get_by_text("JSON Lines").first.wait_for(timeout=120_000)
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "search.png")
    page.close()


def _photograph_events(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/events")
    page.locator(".event", has_text="Xi").get_by_role("link", name="Correct").click(timeout=120_000)
    page.get_by_role("heading", name="Correct this event").wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "events.png")
    page.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(address: str, app: subprocess.Popen[bytes]) -> None:
    while app.poll() is None:
        try:
            urllib.request.urlopen(address)  # noqa: S310  # the app's own
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the app ended; its reason stands above")


if __name__ == "__main__":
    main()
