"""The whole way of what a person adds, in a real browser, with texts that try to be code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual.align.space import load_space
from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.app.conftest import HOSTILE, Shelf
from tests.helpers import file_samples
from tests.helpers.browser import served, settle, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

NAME = '\u202e<img src=x onerror="window.pwned=1">[x](javascript:window.pwned=1)'
"""Of a file, of a title, of a source: whatever executes any of it sets ``window.pwned``."""


@pytest.fixture
def settings(shelf: Shelf, tmp_path: Path) -> Settings:
    settings: Settings = replace(shelf("add-browser"), library=tmp_path / "library")
    load_space(settings.encoder, settings.home)
    return settings


@pytest.fixture
def page(chromium: Browser, settings: Settings) -> Iterator[Page]:
    with served(settings) as address, visiting(chromium, address) as page:
        page.set_viewport_size({"width": 1440, "height": 1000})
        page.goto(address)
        yield page


def files(folder: Path) -> list[Path]:
    """A page that says all but its source's country, a text of a hostile kind, and one that is broken."""
    page, text, broken = folder / "page.html", folder / f"{NAME}.jsonl", folder / f"{NAME}.pdf"
    page.write_text(
        file_samples.page(replace(file_samples.STORIES[3], url="https://village-echo.example/1")),
        encoding="utf-8",
    )
    record = {
        "title": NAME,
        "text": f"{HOSTILE}. {file_samples.STORIES[4].text}",
        "url": "javascript:window.pwned=1",
    }
    text.write_text(json.dumps(record), encoding="utf-8")
    broken.write_bytes(b"%PDF-1.4")
    return [page, text, broken]


def test_files_are_previewed_mended_added_summed_up_and_undone(
    page: Page, settings: Settings, tmp_path: Path
) -> None:
    page.get_by_role("link", name="Add articles").click()  # an empty library leads there
    page.get_by_role("heading", name="Add articles").wait_for()
    page.locator("input[type=file]").set_input_files(files(tmp_path))
    page.get_by_role("heading", name="2 articles read, nothing stored yet").wait_for()
    page.get_by_text("1 article must have a source").wait_for()
    assert page.locator(".sheet").inner_text().count("<img src=x") == 1

    mend_date(page, "soon")
    page.get_by_text("date is 'soon'; write it as 2024-05-16").wait_for()
    page.keyboard.press("ArrowUp")  # back to it
    write(page, "17.05.2024")
    page.get_by_text("date is 'soon'").wait_for(state="detached")
    page.get_by_role("combobox", name="Source of the 1 article").click()
    page.keyboard.type(NAME.replace("\u202e", ""))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add 2 articles").wait_for()
    page.get_by_role("combobox", name="Article", exact=True).click()
    page.get_by_role("option").first.click()

    page.get_by_role("button", name="Add 2 articles").click()
    undo = page.get_by_role("button", name="Undo all of it (2 articles)")
    undo.wait_for(timeout=180_000)
    page.get_by_text("2 articles added, 1 problem.").wait_for()
    page.get_by_text("language of 2 sources is not known yet").wait_for()
    with Library(settings.library) as library:
        found = {article.lang: article for article in library.load_articles()}
    assert found["de"].date == "2024-05-17"
    assert "pwned" in found["de"].title
    assert found["de"].url == ""

    page.get_by_role("link", name="Complete on the Sources page").click()
    page.get_by_role("heading", name="2 sources to complete").wait_for()
    page.get_by_role("link", name="Add", exact=True).click()
    undo.click()
    page.get_by_text("All of it was undone since").wait_for()
    with Library(settings.library) as library:
        assert library.article_ids() == []
    settle(page)  # what the page no longer has goes at the end of a run, and all below moves up
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Undo", exact=True).first.wait_for()
    with Library(settings.library) as library:
        assert len(library.article_ids()) == 2


def mend_date(page: Page, text: str) -> None:
    """Write the date of the first article into the editor, which is drawn on a canvas."""
    page.wait_for_timeout(1_500)  # what stands above the table has come or gone
    canvas = page.locator("[data-testid=stDataFrame] canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + 70 + 150 + 280 + 40, box["y"] + 35 + 17  # the widths of the columns before
    chosen = page.locator("[data-testid=stDataFrame] [aria-selected=true][aria-colindex='4']")
    for _ in range(20):  # until it listens
        page.mouse.move(x - 60, y)
        page.mouse.click(x, y)
        page.wait_for_timeout(400)
        if chosen.count():
            break
    write(page, text)


def write(page: Page, text: str) -> None:
    """Write ``text`` into the chosen cell, in place of what it holds."""
    page.keyboard.press("Enter")
    page.locator("#portal textarea, #portal input").first.wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
