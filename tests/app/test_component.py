"""What the scripts of the Compare page draw, in a browser without the app: it would load itself for every test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from crosslingual import api
from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Comparison
from tests.helpers import large_event
from tests.helpers.bare_page import made, mount
from tests.helpers.browser import visiting
from tests.helpers.compare_page import box, full_row, slide
from tests.helpers.drawn_page import ADDRESS, drawn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def compare(settings: Settings, n_sources: int) -> Comparison:
    """The event of ``settings`` that so many sources tell."""
    with api.Library(settings, create=False) as library:
        (event,) = (event for event in library.events() if len(event.sources) == n_sources)
        return library.compare(event)


@pytest.fixture(scope="module")
def train(two_events: Settings) -> Comparison:
    return compare(two_events, 4)


@pytest.fixture(scope="module")
def river(shelf: Callable[..., Settings]) -> Comparison:
    """An event of 25 sources in six languages, which has mostly holes."""
    settings = shelf("river", *large_event.records())
    with Library(settings.library) as library:
        large_event.join(library)
    return compare(settings, 25)


@pytest.fixture
def page(chromium: Browser, train: Comparison) -> Iterator[Page]:
    """The text columns of an event of four sources."""
    with visiting(chromium, ADDRESS) as page, drawn(page, train):
        page.goto(f"{ADDRESS}?view=table")
        page.locator(".table .entry").first.wait_for()
        yield page


@pytest.fixture
def many(chromium: Browser, river: Comparison) -> Iterator[Page]:
    """The matrix of an event of 25 sources."""
    with visiting(chromium, ADDRESS) as page, drawn(page, river):
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(ADDRESS)
        page.locator(".matrix .entry").first.wait_for()
        yield page


def coverages(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".entry:not(.one) .n").all_text_contents()]


def test_the_table_has_a_row_per_statement_and_holes_with_their_denominator(page: Page) -> None:
    expect(page.locator(".head [role=columnheader]")).to_have_count(5)
    first = page.locator(".entry").first
    expect(first.locator(".n")).to_have_text("4 of 4")
    expect(first.locator(".said")).to_have_count(4)
    expect(page.locator(".entry.one .hole").first).to_have_text("not found in its 1 article")
    expect(page.locator(".cell [lang=zh]").first).to_have_text(re.compile("^周二上午"))


def test_a_source_that_may_say_it_shows_the_sentence_that_is_meant(page: Page) -> None:
    maybe = page.locator(".cell.maybe").first
    for sure in range(72, 98, 3):  # somewhere a row loses one of its sentences, which then may still say it
        slide(page, sure)
        if maybe.count():
            break
    expect(maybe.locator(".perhaps")).to_have_text(re.compile("^perhaps · \\d+\u202f%$"))
    expect(maybe.locator(".said")).not_to_be_empty()
    row = page.locator(".entry").filter(has=page.locator(".cell.maybe")).first
    expect(row.locator(".n")).to_have_text(re.compile(r"^\d \+ \d\? of 4$"))


def test_filters_narrow_the_rows_and_say_how_many(page: Page) -> None:
    everything = page.locator(".entry").count()
    page.locator("input[value=one]").check(force=True)
    expect(page.locator(".entry:not(.one)")).to_have_count(0)
    assert 0 < page.locator(".entry").count() < everything
    page.locator("input[value=every]").check(force=True)
    page.get_by_role("searchbox").fill("syndicats")
    page.locator("mark").first.wait_for()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator("mark")).to_have_text("syndicats")
    expect(page.locator("label:has(input[value=every]) b")).to_have_text("1")


def test_sources_can_be_hidden_and_shown_again(page: Page) -> None:
    page.get_by_role("button", name="English 1").click()
    expect(page.locator(".head [role=columnheader]")).to_have_count(4)
    # What is carried stays counted among all sources of the event.
    expect(page.locator(".n").first).to_have_text("4 of 4")
    page.get_by_role("button", name="Show all 4 sources").click()
    expect(page.locator(".head [role=columnheader]")).to_have_count(5)


def test_side_by_side_a_sentence_lights_its_counterparts(page: Page) -> None:
    page.locator("input[value=parallel]").check(force=True)
    page.locator(".s.all").first.click()
    expect(page.locator(".s.lit")).to_have_count(4)
    expect(page.locator(".telling:has(.s.lit)")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator(".s.lit")).to_have_count(0)
    page.locator(".s.one").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".s.lit")).to_have_count(1)
    expect(page.locator(".telling.mute .status").first).to_have_text("not found in its 1 article")


def test_original_and_translation_can_be_chosen(page: Page) -> None:
    # Elsewhere it may stand once more, as what perhaps says the same.
    original = page.locator(".cell:not(.maybe)").get_by_text("Niemand wurde verletzt.", exact=True)
    expect(original).to_have_count(1)
    page.locator("input[value=reader]").check(force=True)
    expect(original).to_have_count(0)
    page.locator("input[value=original]").check(force=True)
    expect(original).to_have_count(1)
    expect(page.get_by_text("Nobody was injured.")).to_have_count(0)


def test_on_a_phone_holes_are_summed_up(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    entry = page.locator(".entry.one", has=page.locator(".silent")).first
    entry.scroll_into_view_if_needed()  # a row far below is not laid out
    expect(entry.locator(".hole").first).to_be_hidden()
    expect(entry.locator(".silent")).to_have_text(re.compile("^not found: "))
    expect(entry.locator(".cell:not(.maybe) .who")).to_be_visible()


def test_what_stands_alone_shows_who_perhaps_says_it(page: Page) -> None:
    alone = page.locator(".entry.one", has=page.locator(".cell.maybe"))
    expect(alone.first.locator(".perhaps").first).to_have_text(re.compile("^perhaps · \\d+\u202f%$"))
    expect(alone.first.locator(".cell.maybe .one").first).not_to_be_empty()
    expect(page.locator(".figures .counts")).to_contain_text(
        f"only, {alone.count()} of them perhaps in others"
    )


def test_the_slider_moves_the_threshold_and_all_figures_follow(page: Page) -> None:
    counts = page.locator(".figures .counts")
    before = counts.inner_text()
    found = []
    for sure in (30, 60, 99):
        slide(page, sure)
        rows = coverages(page)
        found.append(len(rows))
        everyone = sum(text == "4 of 4" for text in rows)
        alone = page.locator(".entry.one").count()
        expect(counts).to_have_text(re.compile(f"^{len(rows)} shared statement"))
        expect(counts).to_contain_text(f"{everyone} told by all · {alone} sentence")
        expect(page.locator("label:has(input[value=all]) b")).to_have_text(str(everyone))
        expect(page.locator("label:has(input[value=one]) b")).to_have_text(str(alone))
    expect(page.locator(".sure output")).to_have_text("near certain · 99\u202f% or more")
    page.reload()
    page.wait_for_selector(".entry")
    assert len(coverages(page)) == found[-1]
    page.get_by_role("button", name="reset").click()
    page.wait_for_url(lambda url: "sure=" not in url)
    expect(counts).to_have_text(before)


def test_a_threshold_that_is_none_is_not_taken_from_the_address(page: Page) -> None:
    before, shown = page.locator(".figures .counts").inner_text(), page.url
    for sure in ("7", "nan", "<script>", "-1", ""):
        page.goto(f"{shown}&sure={sure}")
        page.wait_for_selector(".entry")
        expect(page.locator(".figures .counts")).to_have_text(before)


def test_a_row_says_how_sure_it_is_in_words_and_number(page: Page) -> None:
    for text in page.locator(".entry:not(.one) .opener small").all_text_contents():
        word, number = text.split(" · ")
        assert word in ("near certain", "very likely", "likely", "unsure")
        assert 50 <= int(number.removesuffix("\u202f%")) <= 99


def test_why_a_row_belongs_together(page: Page) -> None:
    row = full_row(page)
    expect(row.locator("h4")).to_have_text("Why these belong together")
    expect(row.locator(".why")).to_contain_text("Its weakest tie is")
    expect(row.locator(".best")).to_have_count(4)
    expect(row.locator(".chip", has_text="Tuesday")).to_have_text(re.compile("^(?!.*mardi.*mardi).*mardi"))
    alone = page.locator(".entry.one").first
    alone.locator(".opener").click()
    expect(alone.locator("h4")).to_have_text("Why it stands alone")


def test_the_readers_language_comes_first_and_each_group_stands_together(many: Page) -> None:
    expect(many.locator(".matrix .group")).to_have_text(
        ["English", "Chinese", "Russian", "Ukrainian", "German", "French"]
    )
    names = many.locator(".matrix .source span").all_inner_texts()
    assert sorted(names[:7]) == sorted(large_event.SOURCES["en"])
    many.locator("input[value=country]").check(force=True)
    expect(many.locator(".matrix .group")).to_have_count(1)
    many.wait_for_url("**by=country**")
    many.go_back()
    expect(many.locator(".matrix .group")).to_have_count(6)


def test_a_cell_has_one_of_three_states_and_a_hole_no_words(many: Page) -> None:
    row = many.locator(".matrix .entry").first
    cells = row.locator(".c")
    expect(cells).to_have_count(25)
    assert "".join(cells.all_inner_texts()) == ""
    said = [cell.get_attribute("aria-label") or "" for cell in cells.all()]
    states = [label.rpartition(": ")[2] for label in said]
    assert set(states) <= {"told", "perhaps", "not found"}
    told, perhaps = states.count("told"), states.count("perhaps")
    expect(row.locator(".n")).to_have_text(f"{told}{f' + {perhaps}?' if perhaps else ''} of 25")
    assert told == row.locator(".c.on").count()
    assert perhaps == row.locator(".c.maybe").count()


def test_only_where_two_sources_differ(many: Page) -> None:
    many.get_by_label("Only where this source").select_option(label="World Wire")
    many.get_by_label("and this source differ").select_option(label="Talzeitung")
    many.wait_for_url("**differ=**")
    rows = many.locator(".matrix .entry:not(.one)")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        labels = [
            row.get_by_role("cell", name=re.compile(f"^{source}: ")).get_attribute("aria-label") or ""
            for source in ("World Wire", "Talzeitung")
        ]
        assert {label.rpartition(": ")[2] for label in labels} == {"told", "not found"}
    many.go_back()
    expect(many.get_by_label("Only where this source")).to_have_value("")


def test_a_source_tells_what_is_known_of_it_by_keyboard_and_gives_the_focus_back(many: Page) -> None:
    source = many.locator(".source", has_text="Talzeitung")
    source.focus()
    expect(many.get_by_role("tooltip")).to_contain_text("Talzeitung · ")
    many.keyboard.press("Enter")
    about = many.get_by_role("dialog", name="Talzeitung")
    expect(about).to_contain_text("1 article, ")
    expect(about.get_by_role("button", name="Sort by this source")).to_be_focused()
    many.keyboard.press("Escape")
    expect(about).to_have_count(0)
    expect(source).to_be_focused()
    many.keyboard.press("Enter")
    about.get_by_role("button", name="Hide this source").click()
    expect(many.locator(".source")).to_have_count(24)
    many.get_by_role("button", name="Show all 25 sources").click()
    expect(many.locator(".source")).to_have_count(25)


def test_arrows_go_from_row_to_row_and_the_focus_is_seen(many: Page) -> None:
    openers = many.locator(".matrix .opener")
    openers.first.focus()
    many.keyboard.press("ArrowDown")
    expect(openers.nth(1)).to_be_focused()
    assert openers.nth(1).evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    many.keyboard.press("Enter")
    expect(openers.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(openers.nth(1)).to_be_focused()


def test_text_columns_stand_side_by_side_for_up_to_six_sources(many: Page) -> None:
    many.set_viewport_size({"width": 1024, "height": 768})
    many.locator("input[value=table]").check(force=True)
    heads = many.locator(".table .head .who")
    expect(heads).to_have_count(6)
    assert box(heads.last)[2] <= 1024
    many.locator(".reading").get_by_role("button", name="Matin Presse").click()
    expect(heads).to_have_count(6)
    expect(many.locator(".table .head")).to_contain_text("Matin Presse")
    many.wait_for_url("**pick=**")


def test_with_more_columns_than_the_screen_has_each_cell_stands_below_its_source(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    mount(page, made(60, 6), "http://localhost/?groups=en,zh,ru,de,fr,uk")
    names, cells = page.locator(".matrix .name"), page.locator(".matrix .entry").first.locator(".c")
    expect(names).to_have_count(60)
    expect(cells).to_have_count(60)
    for place in (0, 30, 59):
        assert abs(box(names.nth(place))[0] - box(cells.nth(place))[0]) < 1
    picture = page.locator(".matrix .entry").first.locator("canvas")
    assert abs(box(picture)[0] - box(cells.first)[0]) < 1
    assert box(picture)[2] >= box(cells.last)[2] - 1
    page.close()


def test_long_names_of_60_sources_stand_beside_one_another(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    ends = ("", " of the Northern Region", " – Самостоятельная хроника", " International " * 6)
    event = made(60, 6)
    summaries = tuple(
        replace(one, source=replace(one.source, name=one.source.name + ends[place % len(ends)]))
        for place, one in enumerate(event.source_summaries)
    )
    mount(page, replace(event, source_summaries=summaries), "http://localhost/?groups=en,zh,ru,de,fr,uk")
    names = [box(one) for one in page.locator(".matrix .source span").all()]
    assert len(names) == 60
    for (_, top, right, bottom), (left, *_) in pairwise(names):
        assert right <= left + 2
        assert 0 < bottom - top <= 190
    page.close()


def test_the_name_of_a_source_takes_no_word_of_the_sentence_to_its_line(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 700, "height": 720})
    event = made(3, 4)
    long = tuple(
        replace(one, source=replace(one.source, name="A Source of a Name " + "of Many Words " * 3))
        for one in event.source_summaries
    )
    mount(page, replace(event, source_summaries=long))
    said = page.locator(".matrix .entry .said")
    expect(said.first).to_be_visible()
    for one in said.all():
        assert one.evaluate("node => node.getClientRects().length") == 1
    page.close()


def test_an_event_of_which_no_statement_is_shared_says_so(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    event = made(5, 6)
    mount(page, event)
    expect(page.locator(".matrix .entry").first).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)
    mount(page, replace(event, merge_edges=(), links=()), "http://localhost/alone")
    expect(page.get_by_role("note")).to_contain_text("No two of these sources say the same thing")
    page.close()


def test_60_sources_collapse_into_groups_that_open(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    mount(page, made(60, 250))
    expect(page.locator(".matrix .source")).to_have_count(0)
    expect(page.locator(".matrix .entry").first.locator(".c")).to_have_count(6)
    expect(page.get_by_role("cell", name=re.compile(r"^Russian \d+ of 10")).first).to_be_visible()
    # Of 250 rows only those that can be seen are there.
    assert page.locator(".matrix .entry").count() < 60
    page.get_by_role("button", name=re.compile("^Russian, 10 sources")).click()
    expect(page.locator(".matrix .source")).to_have_count(10)
    page.wait_for_url("**groups=ru**")
    page.evaluate("document.scrollingElement.scrollTop = 5000")
    page.wait_for_function(
        "[...document.querySelectorAll('.matrix .entry')]"
        ".some((row) => row.getBoundingClientRect().bottom > innerHeight)"
    )
    page.close()
