from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from crosslingual.align.space import Space
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Article
from crosslingual.ui.events.page import PAGE_SIZE
from tests.app.conftest import HOSTILE
from tests.helpers.browser import NARROW, served, settle, visiting
from tests.helpers.many_events import add_event, make_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, WebSocketRoute

pytestmark = [pytest.mark.browser, pytest.mark.model]
N_EVENTS = 3 * PAGE_SIZE
STEP = """(query) => {
    history.pushState({}, "", `/events${query}`);
    dispatchEvent(new PopStateEvent("popstate"));
}"""


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, untranslating: Path, demo_space: Space
) -> Iterator[str]:
    """Three pages of events; one has grown since the last visit, by an article that tries to be markup."""
    folder = make_library(tmp_path_factory.mktemp("many-events") / "library", N_EVENTS, demo_space)
    with Library(folder) as library:
        seen = {"at": "2026-01-02T09:00:00+00:00", "last_article": library.last_article_number}
        add_event(library, 3, Article("tass", "ru", "Поздно.", HOSTILE, "2026-11-27"), space=demo_space)
    (folder / "visits.json").write_text(json.dumps({"before": None, "present": seen}), encoding="utf-8")
    with served(replace(Settings.load(), home=untranslating, library=folder)) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium, address) as page:
        page.goto(f"{address}/events")
        rows(page).first.wait_for()
        yield page


def rows(page: Page) -> Locator:
    return page.locator(".event-list > li")


def test_a_step_is_made_before_the_answer_to_the_one_before_has_come(chromium: Browser, address: str) -> None:
    held: list[bytes] = []
    holding = threading.Event()

    def pass_on(socket: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            held.append(message)
            if not holding.is_set():
                release()

        def release() -> None:
            while held:
                socket.send(held.pop(0))

        releases.append(release)
        socket.connect_to_server().on_message(answer)

    releases: list[Callable[[], None]] = []
    every = f"1–{PAGE_SIZE} of {N_EVENTS} events"
    with visiting(chromium, address) as page:
        page.route_web_socket(re.compile("/_stcore/stream"), pass_on)
        page.goto(f"{address}/events")
        expect(page.locator(".counted")).to_have_text(every)
        page.get_by_label("Language").select_option("ru")
        expect(page.get_by_role("button", name="Russian")).to_be_visible()
        holding.set()
        page.evaluate(STEP, "?q=flood")
        while not any(ForwardMsg.FromString(one).HasField("script_finished") for one in held):
            page.wait_for_timeout(20)
        page.evaluate(STEP, "")
        holding.clear()
        releases[-1]()
        expect(page.locator(".counted")).to_have_text(every)


def test_the_list_is_paged_narrowed_and_sorted_and_back_goes_the_same_way(page: Page) -> None:
    expect(page.locator(".counted")).to_have_text(f"1–{PAGE_SIZE} of {N_EVENTS} events")
    expect(rows(page)).to_have_count(PAGE_SIZE)
    page.get_by_role("link", name="Next →").click()
    expect(page.locator(".counted")).to_have_text(f"{PAGE_SIZE + 1}–{2 * PAGE_SIZE} of {N_EVENTS} events")
    words = page.get_by_label("Words in a title")
    words.fill("flood")
    words.press("Enter")
    expect(page).to_have_url(re.compile(r"/events\?q=flood$"))
    flooded = f"{len(range(0, N_EVENTS, 4))} events of {N_EVENTS}"
    expect(page.locator(".counted")).to_have_text(flooded)
    expect(page.get_by_label("Words in a title")).to_be_focused()
    page.get_by_label("Language").select_option("ru")
    expect(page).to_have_url(re.compile(r"q=flood&lang=ru$"))
    expect(page.locator(".counted")).not_to_have_text(flooded)
    page.get_by_label("Order").select_option("languages")
    expect(page).to_have_url(re.compile(r"q=flood&lang=ru&sort=languages$"))
    expect(page.get_by_role("button", name="Russian")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/events\?q=flood$"))
    expect(page.locator(".counted")).to_have_text(flooded)
    page.reload()
    expect(page.locator(".counted")).to_have_text(flooded)
    page.get_by_role("button", name="title: flood").click()
    expect(page.locator(".counted")).to_have_text(f"1–{PAGE_SIZE} of {N_EVENTS} events")


def test_what_is_new_is_said_and_found(page: Page) -> None:
    expect(page.locator(".news")).to_contain_text("1 event has 1 new article since 2 January 2026.")
    page.get_by_role("link", name="Only these").click()
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".growth")).to_have_text("1 new article since 2 January 2026, by Tass")


def test_an_event_leads_to_its_pages_and_is_corrected_by_keyboard(page: Page) -> None:
    first = page.locator(".event").nth(1)
    title = first.get_by_role("heading").inner_text()
    expect(first.get_by_role("link", name="Entities")).to_have_attribute(
        "href", re.compile(r"entities\?event=event-00001")
    )
    first.get_by_role("link", name="Correct").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Correct this event")).to_be_focused()
    field = page.get_by_label("Title of the event")
    field.fill(f"Ours <b>{title[:20]}</b>")
    page.get_by_role("button", name="Rename").press("Enter")
    expect(page.locator(".told")).to_contain_text("called")
    expect(page.locator(".event").nth(1).get_by_role("heading")).to_contain_text("Ours <b>")
    page.locator(".told").get_by_role("button", name="Undo").click()
    expect(page.locator(".event").nth(1).get_by_role("heading")).to_contain_text(title.split("\n")[0])
    page.locator(".correct").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Put into an event of their own").click()
    expect(page.locator(".told")).to_contain_text("split off")
    page.get_by_text("Corrections of events by hand").click()
    page.get_by_role("button", name=re.compile("Undo: .*split off")).click()
    expect(page.locator(".told")).to_contain_text("undo:", ignore_case=True)


def test_all_can_be_read_and_nothing_is_wider_than_a_window_or_a_phone(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        page.locator(".event").first.get_by_role("link", name="Correct").click()
        page.get_by_role("heading", name="Correct this event").wait_for()
        assert page.evaluate(NARROW), width
        settle(page)
        found = axe.run(page, context=".stMain", options={"resultTypes": ["violations"]}).response
        serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert not [(one["id"], node["target"]) for one in serious for node in one["nodes"]]
        page.go_back()
