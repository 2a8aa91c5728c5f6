"""Makes the README's pictures, compare.png, framing.png and search.png in docs, from the real app.

Run: make screenshot
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from crosslingual.add import add
from crosslingual.align.space import load_reader
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.ui.launch import command, environment

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def main() -> None:
    """Start the app on a fresh library of the demo corpus and photograph it."""
    browser = subprocess.run(["bash", ROOT / "scripts/browser.sh"], stdout=subprocess.PIPE, text=True)  # noqa: S607
    if browser.returncode:
        sys.exit("no picture without a browser")
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings.load(), library=Path(folder) / "library")
        with Library(settings.library) as library:
            add([ROOT / "corpora/demo"], library, lambda: load_reader(settings.encoder, settings.home))
        port = _free_port()
        app = subprocess.Popen(command(port), env=os.environ | environment(settings))
        try:
            _await(f"http://localhost:{port}/_stcore/health", app)
            _photograph(browser.stdout.strip(), f"http://localhost:{port}")
        finally:
            app.terminate()
            app.wait()
    print(PICTURES / "compare.png", PICTURES / "framing.png", PICTURES / "search.png")


def _photograph(chromium: str, address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_selector(".entry", timeout=120_000)
        page.get_by_role("combobox").first.click()
        page.get_by_role("option", name="Xi").first.click()
        page.get_by_role("heading", name="Xi").wait_for()
        page.wait_for_selector(".entry >> nth=20")
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
        page.get_by_role("link", name="Search", exact=True).first.click()
        page.get_by_role("button", name="China has banned").click()
        page.locator(".found .trace").nth(2).wait_for(timeout=120_000)
        page.mouse.move(2, 2)
        page.wait_for_timeout(1000)
        page.screenshot(path=PICTURES / "search.png")
        browser.close()


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
