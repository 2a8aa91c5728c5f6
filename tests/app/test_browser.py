from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual.align.space import load_space
from crosslingual.events.clustering import find_events
from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.helpers.browser import NARROW, served, visiting
from tests.helpers.compare_page import full_row, slide

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

MEASURING = 180_000
"""Milliseconds in which the encoder is loaded and an event measured for the first time, on a busy machine."""


@pytest.fixture(scope="module")
def address(two_events: Settings, instruments: object) -> Iterator[str]:
    """The app; ``instruments`` are kept before, so that no page is waited for while they are made."""
    with served(two_events) as address:
        yield address


@pytest.fixture(scope="module")
def train_event(two_events: Settings) -> str:
    """The event that has four sources."""
    with Library(two_events.library) as library:
        (found,) = (
            event
            for event in find_events(library, load_space(two_events.encoder, two_events.home))
            if len(event.sources) == 4
        )
    return found.id


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    """A window that shows nothing yet."""
    with visiting(chromium, address) as page:
        yield page


@pytest.fixture
def page(uncorrected: None, window: Page, address: str, train_event: str) -> Page:
    """The text columns of the event that has four sources; nothing is left corrected."""
    window.goto(f"{address}/?event={train_event}&view=table")
    window.locator(".table .entry").first.wait_for()
    return window


@pytest.fixture
def picked(window: Page, address: str) -> Page:
    """The same, got to by hand from the newest event."""
    window.goto(address)
    window.wait_for_selector(".entry")
    window.get_by_role("combobox").first.click()
    window.get_by_role("option").nth(1).click()
    window.locator(".matrix .source", has_text="Reuters").wait_for()
    window.locator("input[value=table]").check(force=True)
    window.locator(".table .entry").first.wait_for()
    return window


def said(page: Page, text: str) -> Locator:
    """The strip, once it says ``text``."""
    strip = page.locator(".strip.done, .strip.wrong").filter(has_text=text)
    strip.wait_for()
    return strip


def telling(page: Page, text: str, kind: str = ".entry") -> Locator:
    """The row that has ``text`` in a cell, not only as what a source perhaps says."""
    return page.locator(kind).filter(has=page.locator(".cell:not(.maybe)", has_text=text))


def test_a_row_opens_and_closes_by_keyboard(page: Page) -> None:
    opener = page.locator(".opener").first
    opener.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.className") == "opener"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    detail = page.locator(".detail")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(detail).to_contain_text("no translation")
    expect(detail).to_contain_text(", margin ")
    # The sentence after it in its article stands beside it.
    expect(detail).to_contain_text("Personne n'a été blessé.")
    link = detail.locator("a").first
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
    page.keyboard.press("Space")
    expect(detail).to_have_count(0)


def test_back_goes_through_what_was_done_and_to_the_event_before(picked: Page) -> None:
    page = picked
    page.locator("input[value=one]").check(force=True)
    page.wait_for_url("**show=one**")
    page.go_back()
    expect(page.locator("input[value=every]")).to_be_checked()
    page.go_back()
    expect(page.locator(".matrix .source", has_text="Reuters")).to_be_visible()
    page.go_back()
    expect(page.locator(".matrix .source", has_text="BBC")).to_be_visible()
    expect(page.locator(".matrix .source")).to_have_count(2)
    page.go_forward()
    expect(page.locator(".matrix .source")).to_have_count(4)
    page.reload()
    expect(page.locator(".matrix .source", has_text="Reuters")).to_be_visible()


def test_outside_text_is_shown_as_text(page: Page) -> None:
    hostile = "<img src=x onerror="
    page.locator("input[value=matrix]").check(force=True)
    page.locator(".source", has_text="DW").click()
    expect(page.locator(".about .native").get_by_text(hostile)).to_have_count(1)
    expect(page.locator(".about .facts")).to_contain_text("Germany")
    page.keyboard.press("Escape")
    page.locator("input[value=table]").check(force=True)
    for opener in page.locator(".opener").all():
        opener.click()
    expect(page.locator(".detail .title").get_by_text(hostile).first).to_be_visible()
    expect(page.locator(".compare img, .compare script, .headline img")).to_have_count(0)
    expect(page.locator('a[href^="javascript"]')).to_have_count(0)
    page.locator("input[value=parallel]").check(force=True)
    expect(page.locator(".telling h3").get_by_text(hostile)).to_have_count(1)
    # The page's fixture looks whether anything ran, or was asked of another host.


def test_the_page_never_scrolls_sideways(page: Page) -> None:
    for width, height in ((390, 844), (1024, 768), (1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for view, shows in (
            ("matrix", ".matrix .entry"),
            ("table", ".table .entry"),
            ("parallel", ".parallel .s"),
        ):
            page.locator(f"input[value={view}]").check(force=True)
            page.locator(shows).first.wait_for()
            page.wait_for_function(NARROW)


def test_a_sentence_is_rejected_and_the_page_stays_as_it_was(page: Page) -> None:
    page.get_by_role("searchbox").fill("lyon")
    page.locator("mark").first.wait_for()
    row = full_row(page)
    page.locator("input[value=every]").check(force=True)
    row.locator(".trace[data-country=FR]").get_by_role("button", name="Does not belong here").click()
    strip = said(page, "Taken out of its row.")
    first = page.locator(".entry").first
    expect(first.locator(".n")).to_have_text("3 of 4")
    expect(first).to_contain_class("open")
    expect(page.get_by_role("searchbox")).to_have_value("lyon")
    out = telling(page, "Un train a déraillé", ".entry.one")
    expect(out.locator(".opener")).to_contain_text("by hand")
    expect(first.locator(".lost").first).to_contain_text("parted by hand")
    expect(page.locator(".corrections h3")).to_have_text("Corrections (1)")
    strip.get_by_role("button", name="Undo").click()
    said(page, "Taken back.")
    expect(page.locator(".entry").first.locator(".n")).to_have_text("4 of 4")
    expect(page.locator(".corrections li")).to_have_count(0)


def test_a_row_is_split(page: Page) -> None:
    row = full_row(page)
    split = row.get_by_role("button", name="Put the ticked into a row of their own")
    expect(split).to_be_disabled()
    for source in ("DW", "Xinhua"):
        row.get_by_role("checkbox", name=f"Tick the sentence of {source}").check()
    split.click()
    said(page, "Put into a row of their own.")
    own = page.locator(".entry:not(.one)").filter(has=page.locator(".byhand"))
    expect(own.locator(".n")).to_have_text(re.compile(r"^2 (\+ \d\? )?of 4$"))
    expect(own.locator(".cell", has_text="DW").locator(".hand")).to_have_count(1)
    page.locator(".corrections").get_by_role("button", name="Undo").click()
    said(page, "Taken back.")
    expect(page.locator(".entry").first.locator(".n")).to_have_text("4 of 4")


def test_two_rows_are_joined_and_stay_so_at_every_threshold(page: Page) -> None:
    rows = page.locator(".entry").count()
    lone = telling(page, "syndicats", ".entry.one")
    lone.locator(".opener").click()
    lone.get_by_role("button", name="Join with another row…").click()
    expect(page.locator(".strip.join")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".strip.join")).to_have_count(0)
    lone.get_by_role("button", name="Join with another row…").click()
    # By keyboard: a row's opener chooses it.
    telling(page, "中国公民", ".entry.one").locator(".opener").focus()
    page.keyboard.press("Enter")
    said(page, "Joined into one row.")
    expect(page.locator(".entry")).to_have_count(rows - 1)
    slide(page, 99)
    joined = telling(page, "syndicats", ".entry:not(.one)")
    expect(joined).to_contain_text("中国公民")
    expect(joined.locator(".opener")).to_contain_text("by hand")
    expect(joined.locator(".opener")).not_to_contain_text("%")
    page.reload()
    page.wait_for_selector(".entry")
    expect(telling(page, "syndicats", ".entry:not(.one)")).to_contain_text("中国公民")
    page.locator(".corrections").get_by_role("button", name="Undo").click()
    said(page, "Taken back.")
    expect(telling(page, "syndicats", ".entry:not(.one)")).to_have_count(0)


def test_a_neighbour_that_lost_is_shown_with_its_odds_and_fate_and_can_be_joined(page: Page) -> None:
    rejected = full_row(page).locator(".trace[data-country=FR]")
    rejected.get_by_role("button", name="Does not belong here").click()
    said(page, "Taken out of its row.")
    out = telling(page, "Un train a déraillé", ".entry.one")
    out.locator(".opener").click()
    lost = out.locator(".lost li").first
    expect(lost.locator(".odds")).to_have_text(re.compile(r" · \d+\s% · parted by hand"))
    lost.get_by_role("button", name="join").click()
    said(page, "Joined into one row.")
    expect(page.locator(".entry").first.locator(".n")).to_have_text("4 of 4")
    expect(page.locator(".corrections li")).to_have_count(2)


def test_two_tabs_do_not_undo_each_other(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector(".entry")
    full_row(page).get_by_role("button", name="Does not belong here").first.click()
    said(page, "Taken out of its row.")
    full_row(other).get_by_role("button", name="Does not belong here").last.click()
    said(other, "changed elsewhere")
    expect(other.locator(".corrections li")).to_have_count(2)
    other.locator(".corrections").get_by_role("button", name="Undo").first.click()
    said(other, "Taken back.")
    page.locator(".strip").get_by_role("button", name="Undo").click()
    said(page, "Taken back.")
    expect(page.locator(".corrections li")).to_have_count(0)


def test_outside_text_is_text_in_the_new_places_too(page: Page) -> None:
    hostile = "<img src=x onerror="
    row = telling(page, hostile, ".entry.one").first
    row.locator(".opener").click()
    row.get_by_role("button", name="Join with another row…").click()
    expect(page.locator(".strip.join")).to_contain_text(hostile)
    telling(page, "syndicats", ".entry.one").locator(".opener").click()
    said(page, "Joined into one row.")
    expect(page.locator(".corrections li")).to_contain_text(hostile)
    slide(page, 30)
    for opener in page.locator(".opener").all():
        if opener.get_attribute("aria-expanded") == "false":
            opener.click()
    expect(page.locator(".compare img, .compare script")).to_have_count(0)
    expect(page.locator('a[href^="javascript"]')).to_have_count(0)


def test_a_translation_is_corrected_in_place_by_keyboard_and_taken_back(page: Page) -> None:
    row = telling(page, "Niemand wurde verletzt.")
    row.locator(".opener").click()
    card = row.locator(".trace[data-country=DE]")
    expect(card.locator(".by")).to_contain_text("translation memory")
    card.locator(".edit").focus()
    page.keyboard.press("Enter")
    area = card.get_by_role("textbox", name="Your translation into English")
    expect(area).to_have_value(re.compile("^Nobody was injured. <img"))
    page.keyboard.press("Escape")
    expect(area).to_have_count(0)
    page.keyboard.press("Enter")  # the focus has gone back to where it was
    area.fill("  ")
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    area.fill("No one\u202e was hurt. <img src=x onerror=window.pwned=1>")
    # What is written is kept when the table is drawn anew.
    slide(page, 60)
    area.focus()
    page.keyboard.press("Control+Enter")
    said(page, "Your translation is saved.")
    cell = row.locator(".cell[data-country=DE]")
    expect(cell.locator(".said")).to_have_text("No one was hurt. <img src=x onerror=window.pwned=1>")
    expect(cell.locator(".by")).to_have_text("corrected by you")
    expect(card.locator(".by")).to_have_text(re.compile(r"corrected by you on \d+ \w+ 20\d\d"))
    page.reload()  # the address keeps the row open
    expect(cell.locator(".by")).to_have_text("corrected by you")
    row.get_by_role("button", name="Take back").click()
    said(page, "Your translation is taken back.")
    expect(cell.locator(".by")).to_have_text("translation memory")
    card.get_by_role("button", name="Correct", exact=True).click()
    area.fill("Nobody.")
    row.get_by_role("button", name="Save").click()
    said(page, "saved.").get_by_role("button", name="Undo").click()
    said(page, "Your translation is taken back.")
    expect(cell.locator(".by")).to_have_text("translation memory")


def test_doubts_are_marked_lead_to_their_rows_and_say_why(page: Page) -> None:
    hostile = "names missing: <img src=x onerror="
    page.locator(".figures").get_by_role("button", name="1 doubted translation").click()
    row = page.locator(".entry")
    expect(row).to_have_count(1)
    mark = row.locator(".cell .doubt")
    mark.focus()
    tip = page.get_by_role("tooltip")
    expect(tip).to_have_text(re.compile("^Translation doubted: repeats itself; names missing: <img"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    # 10,000 characters in a cell do not push the rest away.
    height = row.evaluate("node => node.getBoundingClientRect().height")
    assert height < 700
    row.locator(".opener").click()
    expect(row.locator(".doubts")).to_contain_text(hostile)
    expect(row.locator(".detail")).to_contain_text("translated by argostranslate (fr-es 1.0, then es-en 1.9)")
    page.locator("input[value=parallel]").check(force=True)
    one = page.locator(".s:has(.doubt)")
    one.focus()
    expect(tip).to_contain_text(hostile)
    expect(page.locator(".compare img, .compare script")).to_have_count(0)


def test_without_a_translator_cells_and_page_say_how_to_get_one(page: Page) -> None:
    cell = page.locator(".cell[data-country=CN]").first
    cell.get_by_role("button").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("crosslingual models install zh-en")
    page.get_by_role("button", name="Get a translator").click()
    offers = page.get_by_role("button", name="Install", exact=True)
    offers.last.wait_for()
    expect(offers).to_have_count(2)
    # That nothing was asked of another host without the click, the page's fixture sees.


@pytest.fixture
def untranslated(two_events: Settings, chinese: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Installs a translator from Chinese while the app runs; what it made is gone afterwards."""
    yield chinese
    with Library(two_events.library) as library, library.memory._db.write_transaction() as db:
        db.execute("DELETE FROM translations WHERE engine_version = 'zh-en 1.9'")


def test_an_event_is_translated_while_the_page_can_be_used(
    untranslated: Callable[[], None], page: Page
) -> None:
    untranslated()
    page.reload()
    page.get_by_role("button", name=re.compile(r"Translate this event \(about \d+ s\)")).click()
    page.get_by_role("button", name="Cancel").wait_for()
    telling(page, "syndicats", ".entry.one").locator(".opener").click()
    # The encoder is loaded for it, to measure doubts.
    page.get_by_text("translated by argostranslate (zh-en 1.9) · ").wait_for(timeout=600_000)
    page.locator(".cell[data-country=CN] .by", has_text="argostranslate").first.wait_for()
    # What was open has stayed so.
    expect(telling(page, "syndicats", ".entry.one").locator(".detail")).to_have_count(1)
    expect(page.get_by_role("button", name="Translate this event")).to_have_count(0)
    page.get_by_role("button", name="Close").first.click()
    page.get_by_text("translated by argostranslate (zh-en 1.9) · ").wait_for(state="detached")


def test_differences_are_marked_with_a_legend_that_needs_no_colour(page: Page) -> None:
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("button", name="Options").click()
    page.get_by_text("Mark differences").click()
    legend = page.locator(".legend")
    legend.wait_for()
    kinds = legend.locator("mark")
    expect(kinds).to_have_text(
        ["number", "date", "name", "negation", "attribution", "hedge", "words without counterpart"]
    )
    lines = ("borderBottomStyle", "borderBottomWidth", "borderLeftWidth", "borderTopWidth")
    looks = [
        tuple(kind.evaluate("(mark, name) => getComputedStyle(mark)[name]", line) for line in lines)
        for kind in kinds.all()
    ]
    assert len(set(looks)) == len(looks)
    marked = page.locator(".cell .orig mark.d, .cell .said mark.d")
    marked.first.wait_for()
    told = page.locator(".entry").first.locator(".said, .orig")
    texts = told.all_text_contents()
    page.get_by_text("Mark differences").click()
    legend.wait_for(state="detached")
    expect(page.locator("mark")).to_have_count(0)
    expect(told).to_have_text(texts)


def test_a_matrix_opens_to_its_sentences_and_hostile_text_stays_text(page: Page) -> None:
    page.get_by_role("link", name="Framing").first.click()
    page.locator(".grid").first.wait_for(timeout=MEASURING)
    # The event that Compare showed.
    expect(page.locator(".framing .label", has_text="Reuters").first).to_be_visible()
    page.get_by_role("radio", name="Silences").click()
    hole = page.locator(".grid.wide td.hole .figure").first
    hole.wait_for()
    hole.click()
    opened = page.locator(".evidence")
    expect(hole).to_have_attribute("aria-expanded", "true")
    expect(opened).to_contain_text(re.compile("Not found in|Perhaps in"))
    expect(opened).to_contain_text("looked at")
    expect(opened.locator(".trace .said").first).to_have_attribute("dir", "auto")
    hole.click()
    expect(opened).to_have_count(0)
    own = page.locator(".framing").last.locator("tr", has_text="Reuters").locator(".figure").first
    own.click()
    expect(opened).to_contain_text("<img src=x onerror")
    expect(opened.locator("img, script")).to_have_count(0)
    # Its own link is javascript:; beside it may stand the sentence of another article that comes nearest.
    expect(opened.locator("a[target]:not([href^='https://'])")).to_have_count(0)
    expect(opened.get_by_role("link", name="Find similar")).to_have_count(opened.locator(".trace").count())
    for section, shows in (
        ("Overview", "The sources"),
        ("Differences", "Who differs in what."),
        ("Axes", "Each source."),
        ("Policy frames", "Policy frames by source."),
    ):
        page.get_by_role("radio", name=section).click()
        figures = page.locator("figure", has_text=shows).locator("button.figure")
        for number in range(3):
            figures.nth(number).click()
            page.locator(".evidence .trace").first.wait_for()
    for section, says in (("Quotations", "No direct speech"), ("Lexicon", "Words and pairs of words")):
        page.get_by_role("radio", name=section).click()
        page.get_by_text(says).wait_for()
    page.get_by_role("link", name="Compare").first.click()
    page.locator(".matrix .source", has_text="Reuters").wait_for()


def test_a_table_of_the_framing_page_is_sorted_and_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Framing").first.click()
    table = page.locator(".framing figure", has_text="The sources").first
    table.locator("tbody tr").first.wait_for(timeout=MEASURING)
    names = table.locator("tbody th .label").all_inner_texts()
    head = table.locator("thead th", has_text="Sentences").first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    column = table.locator("tbody tr td:nth-of-type(2) .value")
    counts = [int(text.replace(",", "")) for text in column.all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert [int(text.replace(",", "")) for text in column.all_inner_texts()] == sorted(counts)
    head.get_by_role("button").click()
    expect(head).not_to_have_attribute("aria-sort", re.compile(".*"))
    assert table.locator("tbody th .label").all_inner_texts() == names
    table.get_by_role("button", name="Copy as CSV").click()
    expect(table.locator(".copying [role=status]")).to_have_text(" copied")
    rows = list(csv.reader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))
    assert [row[0] for row in rows[1:]] == names
    assert {len(row) for row in rows} == {8}
    table.get_by_role("button", name="as picture").click()
    sizes = page.evaluate(  # one reading a try: the text may lie there still
        """async () => {
          for (let tries = 0; tries < 600; tries++) {
            const [one] = await navigator.clipboard.read();
            if (one.types.includes("image/png")) {
              const picture = await createImageBitmap(await one.getType("image/png"));
              return [picture.width, picture.height];
            }
            await new Promise((go) => setTimeout(go, 200));
          }
        }"""
    )
    assert sizes[0] > 2 * 8 * 72
    assert sizes[1] > 2 * 17 * len(rows)
    dark = page.evaluate(
        "navigator.clipboard.read().then(([one]) => one.getType('image/png')).then(createImageBitmap)"
        ".then((picture) => { const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');"
        " pen.drawImage(picture, 0, 0); return pen.getImageData(0, 0, picture.width, picture.height).data"
        ".filter((value, at) => at % 4 === 0 && value < 90).length; })"
    )
    assert dark > 1000  # there are words on it


@pytest.mark.parametrize("width", [1280, 390])
def test_the_framing_page_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.get_by_role("link", name="Framing").first.click() if width > 700 else page.goto(
        page.url.split("?")[0].rstrip("/") + "/framing"
    )
    for section in ("Overview", "Silences", "Differences", "Quotations", "Axes", "Policy frames"):
        page.get_by_role("radio", name=section).click()
        expect(page.get_by_role("radio", name=section)).to_be_checked()
        page.locator(".framing figure").first.wait_for(timeout=MEASURING)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
        inside = "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')]"
        assert page.evaluate(f"{inside}.every((one) => one.scrollWidth <= one.clientWidth + 1)"), section


@pytest.fixture
def search(window: Page, address: str) -> Page:
    """The Search page, with nothing asked for."""
    window.goto(f"{address}/search")
    window.wait_for_selector(".search-intro")
    return window


def ask_for(page: Page, text: str) -> None:
    page.get_by_role("textbox").first.fill(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".found .trace")


def however_unsure(page: Page) -> None:
    page.get_by_role("combobox", name="How sure").click()
    page.get_by_role("option", name="however unsure").click()
    page.wait_for_url("**sure=1**")


def test_what_was_said_is_found_in_three_languages_opened_in_its_event_and_left_again(search: Page) -> None:
    ask_for(search, "Nobody was hurt in the train accident near Lyon")
    however_unsure(search)
    search.get_by_text("List", exact=True).click()
    search.wait_for_url("**view=list**")
    found = search.locator(".found .trace")
    found.nth(8).wait_for()
    langs = found.locator(".context").evaluate_all("nodes => nodes.map((node) => node.lang)")
    assert {"zh", "de", "fr"} <= set(langs)
    asked_for = search.url
    german = found.filter(has=search.locator("strong", has_text="Niemand wurde verletzt.")).first
    expect(german.locator(".translated")).to_contain_text("Nobody was injured.")
    german.get_by_role("link", name="Open in the comparison").click()
    aimed = search.locator(".entry.open .trace.aimed")
    aimed.wait_for()
    expect(aimed.locator("strong")).to_contain_text("Niemand wurde verletzt.")
    expect(aimed).to_be_visible()
    search.go_back()
    search.wait_for_selector(".found .trace")
    expect(search).to_have_url(asked_for)
    expect(search.get_by_role("textbox").first).to_have_value(re.compile("^Nobody was hurt"))
    search.go_back()
    search.wait_for_url(lambda url: "view=" not in url)
    search.locator(".found .group h3").first.wait_for()


def test_one_step_back_leaves_another_page_of_an_older_event(picked: Page) -> None:
    page = picked
    page.get_by_role("combobox").nth(1).click()
    page.get_by_role("option", name="Deutsch").click()
    page.wait_for_url(re.compile(r"(?=.*read=de)(?=.*view=table)"))  # the view is put back once it is drawn
    page.get_by_role("link", name="Framing").first.click()
    page.wait_for_url(re.compile(r"/framing\?(?=.*event=)(?=.*read=de)"))
    page.locator("button.figure").first.wait_for(timeout=MEASURING)
    page.go_back()
    page.locator(".table .entry").first.wait_for()
    page.go_forward()
    page.locator("button.figure").first.wait_for(timeout=MEASURING)
    page.reload()
    page.locator("button.figure").first.wait_for(timeout=MEASURING)
    assert "event=" in page.url


def test_a_sentence_of_the_comparison_leads_to_its_like_and_back(page: Page) -> None:
    row = full_row(page)
    row.locator(".trace[data-country=DE]").get_by_role("link", name="Find similar").click()
    page.locator(".st-key-search-like").get_by_text("Bei Lyon ist am Dienstagmorgen").wait_for()
    page.wait_for_selector(".found .trace")
    page.go_back()
    page.locator("input[value=parallel]").check(force=True)
    similar = page.locator(".s .link")
    expect(similar.first).to_be_hidden()
    page.locator(".s.all").first.click()
    expect(page.locator(".s.lit .link").first).to_be_visible()
    page.locator(".s.lit .link").first.click()
    page.wait_for_selector(".st-key-search-like")


def test_hostile_text_found_is_text_and_its_link_is_none(search: Page) -> None:
    ask_for(search, "<img src=x onerror=window.pwned=1> javascript")
    found = search.locator(".found")
    however_unsure(search)
    found.get_by_text("<img src=x onerror=").first.wait_for()
    expect(found.locator("img, script, a[href^=javascript]")).to_have_count(0)
    search.get_by_text("Save this search").click()
    search.get_by_label("Name").fill("<img src=x onerror=window.pwned=1> ![x](http://example.org/x)")
    search.get_by_role("button", name="Save", exact=True).click()
    search.locator(".search-said", has_text="Saved as").wait_for()
    search.get_by_role("button", name="Saved searches").click()
    search.locator(".search-line", has_text="<img src=x").wait_for()
    search.get_by_role("button", name="Remove", exact=True).click()
    search.get_by_role("button", name="Undo", exact=True).wait_for()
    expect(search.locator("[data-testid=stMain] img")).to_have_count(0)


@pytest.mark.parametrize("view", ["source", "event", "time"])
def test_the_search_page_never_scrolls_sideways(window: Page, address: str, view: str) -> None:
    for width in (390, 1280):
        window.set_viewport_size({"width": width, "height": 844})
        window.goto(f"{address}/search?q=Lyon&view={view}")
        window.wait_for_selector(".times" if view == "time" else ".found .trace")
        window.wait_for_function(NARROW)
