"""Pages as sites really make them: where their text stands, what is hidden, what they call themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.readers import File, Problem, Record
from crosslingual.readers.formats import read_items
from crosslingual.readers.page_text import DIFFERENT_DATA, LIVE_PART, TEXT_FROM_DATA
from crosslingual.readers.page_title import strip_kicker, strip_site_name
from crosslingual.readers.page_tree import html_to_text

LINES = [
    f"On day {number} the ferry to island {number} left its pier {number} minutes late, because the fog over the"
    f" strait had not yet risen, as harbour pilot {number} noted in the log of the port."
    for number in range(12)
]
LINKED = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(8))


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def shell(body: str, *, title: str = "Ferries in the fog", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    )


def read(markup: str, url: str = "") -> tuple[list[Record], list[Problem]]:
    items = list(read_items(File(Path("a.html"), markup.encode(), url=url)))
    records = [item for item in items if isinstance(item, Record)]
    return records, [item for item in items if isinstance(item, Problem)]


def only(markup: str, url: str = "") -> Record:
    (record,), problems = read(markup, url)
    assert problems == []
    return record


def linked_data(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **fields})}</script>'


@pytest.mark.parametrize("tag", ["aside", "form", "footer", "dialog", "menu"])
def test_an_article_in_an_element_for_something_else_is_found(tag: str) -> None:
    found = only(
        shell(f"<div><p>We count visits. Say yes to that.</p></div><{tag}>{paragraphs(LINES)}</{tag}>")
    )
    assert all(line in found.text for line in LINES)


def test_what_stands_around_an_article_is_left_out() -> None:
    found = only(
        shell(f"<article>{paragraphs(LINES)}</article><aside><p>Buy a mug with our name on it.</p></aside>")
    )
    assert "mug" not in found.text


@pytest.mark.parametrize(
    "store",
    [
        "<noscript>{}</noscript>",
        "<template>{}</template>",
        '<script type="text/template">{}</script>',
        '<script type="text/x-handlebars-template">{}</script>',
        '<script type="text/template">{}</script><noscript>{}</noscript>',
    ],
)
def test_a_text_that_a_script_is_to_show_is_read_once(store: str) -> None:
    found = only(
        shell(f'<div class="post">{store.replace("{}", paragraphs(LINES))}</div><p>Write to us.</p>')
    )
    assert [found.text.count(line) for line in LINES] == [1] * len(LINES)


@pytest.mark.parametrize(
    "mark",
    [
        "hidden",
        'style="display: none"',
        'style="color:red;visibility:hidden"',
        'aria-hidden="true"',
        'class="a sr-only"',
    ],
)
def test_hidden_text_is_left_out(mark: str) -> None:
    note = f"<p {mark}>Draft of the desk: the pilot's name is still to be checked.</p>"
    found = only(shell(f"<article>{paragraphs(LINES[:3])}{note}{paragraphs(LINES[3:])}</article>"))
    assert "still to be checked" not in found.text
    assert all(line in found.text for line in LINES)


def test_a_page_that_hides_all_its_text_is_read() -> None:
    found = only(shell(f'<div style="display:none"><article>{paragraphs(LINES)}</article></div>'))
    assert all(line in found.text for line in LINES)


def test_a_body_in_several_blocks_is_read_whole_and_in_order() -> None:
    block = (
        '<section class="row"><div class="story-part">{}</div></section><div class="ad">Advertisement</div>'
    )
    body = "".join(block.format(paragraphs(LINES[start : start + 4])) for start in (0, 4, 8))
    found = only(shell(f"<main><article><h1>Ferries in the fog</h1>{body}</article></main>"))
    assert [line for line in found.text.split("\n") if line in LINES] == LINES


def test_a_body_that_begins_outside_of_its_block_is_read_whole() -> None:
    body = f'<div class="lead"><h1>Ferries in the fog</h1>{paragraphs(LINES[:5])}</div>'
    found = only(
        shell(f'{body}<div class="wall"><div class="body articleBody">{paragraphs(LINES[5:])}</div></div>')
    )
    assert [line for line in found.text.split("\n") if line in LINES] == LINES


def test_the_fuller_text_of_page_and_data_is_taken_where_they_agree() -> None:
    data = linked_data(**{"@type": "NewsArticle", "headline": "Ferries", "articleBody": "\n".join(LINES)})
    found = only(shell(f"<article>{paragraphs(LINES[:3])}</article>{data}"))
    assert found.text.split("\n") == LINES
    short = linked_data(**{"@type": "NewsArticle", "headline": "Ferries", "articleBody": LINES[0]})
    assert all(line in only(shell(f"<article>{paragraphs(LINES)}</article>{short}")).text for line in LINES)


def test_page_and_data_that_differ_are_told() -> None:
    other = " ".join(
        f"Bakers of street {n} sold all their rye bread before noon on market day {n}." for n in range(14)
    )
    data = linked_data(**{"@type": "NewsArticle", "headline": "Bread", "articleBody": other})
    (found,), (problem,) = read(shell(f"<article>{paragraphs(LINES)}</article>{data}"))
    assert (problem.message, problem.is_warning) == (DIFFERENT_DATA, True)
    assert LINES[0] in found.text


def test_a_live_blog_is_its_updates_and_has_its_own_title() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": f"Notice {number}", "articleBody": line}
        for number, line in enumerate(LINES)
    ]
    data = linked_data(
        **{"@type": "LiveBlogPosting", "headline": "Fog: as it happens", "liveBlogUpdate": updates}
    )
    found = only(shell(f"<main><h1>Fog: as it happens</h1><p>Loading…</p></main>{data}", title="Fog | Echo"))
    assert found.title == "Fog: as it happens"
    assert all(line in found.text for line in LINES)
    assert "Loading" not in found.text


def test_a_live_blog_that_shows_its_last_entries_is_those_and_says_so() -> None:
    entries = [
        f"{LINES[number % 12]} It was entry {number} of a long night at the port." for number in range(200)
    ]
    updates = [{"@type": "BlogPosting", "articleBody": entry} for entry in entries]
    data = linked_data(
        **{"@type": "LiveBlogPosting", "headline": "Fog: as it happens", "liveBlogUpdate": updates}
    )
    page = shell(
        f"<main><article>{paragraphs(entries[:30])}</article></main>{data}", title="Fog: as it happens"
    )
    (found,), (problem,) = read(page)
    assert (problem.message, problem.is_warning) == (LIVE_PART, True)
    assert entries[29] in found.text
    assert entries[30] not in found.text
    assert (
        only(page.replace("".join(f"<p>{one}</p>" for one in entries[2:30]), "")).text.count("It was entry")
        == 200
    )


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.__INITIAL_STATE__ = {};</script>",
    ],
)
def test_a_text_in_the_data_of_a_page_without_one_is_taken_and_told(script: str) -> None:
    blocks = [{"kind": "paragraph", "text": line} for line in LINES]
    state = {
        "strings": {"wall": "You have read all free articles."},
        "story": {"title": "Fog", "blocks": blocks},
    }
    made = script.replace("{}", json.dumps(state), 1)
    (found,), (problem,) = read(shell(f'<div id="app">Loading the ferries…</div>{made}'))
    assert found.text.split("\n") == LINES
    assert (problem.message, problem.is_warning) == (TEXT_FROM_DATA, True)


@pytest.mark.parametrize(
    "shown",
    ["Loading…", "Please enable JavaScript to go on.", "Идёт загрузка, подождите.", "正在加载，请稍候。"],
)
def test_a_page_that_only_asks_to_wait_has_no_text(shown: str) -> None:
    records, (problem,) = read(shell(f"<main><p>{shown}</p></main>"))
    assert records == []
    assert "no main text" in problem.message


@pytest.mark.parametrize(
    "card",
    [
        '<div class="c"><a href="/{n}"><h2>Ferry {n} is late</h2><p>{line}</p></a></div>',
        '<article class="t"><h3><a href="/{n}">Ferry {n} is late</a></h3><p>{line}</p><time>May</time></article>',
        '<li class="x"><a href="/{n}">Ferry {n} is late again, says the log of the port</a> {line:.80}</li>',
    ],
)
def test_an_overview_is_no_article(card: str) -> None:
    cards = "".join(card.format(n=number, line=line) for number, line in enumerate(LINES))
    records, (problem,) = read(shell(f"<main><h1>All ferries</h1><section>{cards}</section></main>"))
    assert records == []
    assert "an overview of articles" in problem.message


def test_a_page_that_has_little_but_links_is_told() -> None:
    body = "".join(f'<p><a href="/{n}">{line}</a></p>' for n, line in enumerate(LINES))
    (found,), (problem,) = read(shell(f"<article><h1>Fog</h1>{body}</article>"))
    assert LINES[3] in found.text
    assert ("most of its text is links" in problem.message, problem.is_warning) == (True, True)


def test_an_article_with_many_links_is_one() -> None:
    body = "".join(f'<p>{line} See <a href="/{n}">the log</a>.</p>' for n, line in enumerate(LINES))
    letters = "".join(f'<a href="/{letter}">{letter}</a>' for letter in "abcdefghijklmnopqrstuvwxyz")
    assert LINES[3] in only(shell(f"<article><h1>Fog</h1>{body}</article><ul>{LINKED}</ul>{letters}")).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("7 m<sup>3</sup> an hour", "7 m³ an hour"),
        ("2<sup>10</sup> ships", "2¹⁰ ships"),
        ("10<sup>-9</sup> m", "10⁻⁹ m"),
        ("CO<sub>2</sub> and 5<sub>3</sub>", "CO2 and 5₃"),
        ("the 3<sup>rd</sup> pier", "the 3rd pier"),
        ('80 ships<sup><a href="#note4">4</a></sup> lay', "80 ships lay"),
    ],
)
def test_raised_and_lowered_numbers_are_not_glued(markup: str, text: str) -> None:
    assert html_to_text(f"<p>{markup}</p>") == text
    lines = [f"{text.capitalize()} at the pier of the island, as the harbour pilots say.", *LINES]
    shown = [lines[0].replace(text.capitalize(), markup), *LINES]
    assert text in only(shell(f"<article>{paragraphs(shown)}</article>")).text


HEADING = "Ferries wait for the fog"


@pytest.mark.parametrize(
    "title",
    [
        "{} | Island Echo",
        "{} - Island Echo",
        "{} – Island Echo – 24.11.2026",
        "{} — Life — Island Echo",
        "{}_Island Echo",
        "{}：Island Echo",
        "{}｜Island Echo",
        "{}-岛报",
        "{} * Island Echo * by Ann Example",
        "{}, Island Echo, 24.11.2026",
        "Island Echo | {}",
        "Harbour news: {} | Strait News - Island Echo",
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title: str) -> None:
    head = f'<meta property="og:title" content="{title.format(HEADING)}">'
    head += '<meta property="og:site_name" content="Island Echo">'
    body = f"<article><h1>{HEADING}</h1>{paragraphs(LINES)}</article>"
    assert only(shell(body, title=title.format(HEADING), head=head)).title == HEADING


@pytest.mark.parametrize(
    ("title", "sites", "host", "kept"),
    [
        ("渡轮等待大雾散去_海岛新闻网", [], "", "渡轮等待大雾散去"),
        ("Паромы ждут | Островные новости", [], "", "Паромы ждут"),
        ("Ferries wait - echo.example", [], "", "Ferries wait"),
        ("渡轮等待大雾散去--时政--海岛网", [], "", "渡轮等待大雾散去"),
        ("渡轮等待大雾散去-海岛日报", [], "", "渡轮等待大雾散去"),
        ("Паромы ждут тумана | Остров", [], "", "Паромы ждут тумана"),
        ("Fog | Why the ferries of the islands wait", [], "", "Fog | Why the ferries of the islands wait"),
        ("港口：这是假新闻", [], "", "港口：这是假新闻"),
        ("Ferries wait - Island Echo", [], "www.islandecho.example", "Ferries wait"),
        ("Ferries wait | IEC News", ["IEC"], "", "Ferries wait"),
        ("Ferries wait | IEC Radio", [], "www.iec.example", "Ferries wait"),
        ("Ferries wait | XYZ News", ["IEC"], "www.iec.example", "Ferries wait | XYZ News"),
        ("Ferries wait - Travel - Island Echo", ["Island Echo"], "", "Ferries wait"),
        ("Паромы ждут тумана — Reuters", ["Остров"], "ostrov.example", "Паромы ждут тумана — Reuters"),
        (
            "Ferries wait - and the pilots sleep",
            ["Island Echo"],
            "echo.example",
            "Ferries wait - and the pilots sleep",
        ),
        ("Fog: what the pilots say", ["Island Echo"], "", "Fog: what the pilots say"),
        ("Brest-Litovsk, a hundred years on", [], "", "Brest-Litovsk, a hundred years on"),
        ("北京-上海高铁停运", [], "", "北京-上海高铁停运"),
        ("Island Echo", ["Island Echo"], "", "Island Echo"),
    ],
)
def test_only_the_sites_own_name_is_cut_off(title: str, sites: list[str], host: str, kept: str) -> None:
    assert strip_site_name(title, [], sites, host, ["Travel"]) == kept


@pytest.mark.parametrize(
    ("title", "headings", "kept"),
    [
        (
            "Strait in autumn: Ferries wait for the fog",
            ["Ferries wait for the fog"],
            "Ferries wait for the fog",
        ),
        ("Strait | Ferries wait for the fog", ["Ferries wait for the fog"], "Ferries wait for the fog"),
        (
            "Pilot: Ferries wait for the fog",
            ["Strait - Ferries wait for the fog"],
            "Pilot: Ferries wait for the fog",
        ),
        (
            "Strait: Ferries wait for the fog",
            ["Ferries wait for the fog", "Strait – Ferries wait for the fog"],
            "Strait: Ferries wait for the fog",
        ),
        (
            "What ferries wait for in the strait: the fog",
            ["The fog"],
            "What ferries wait for in the strait: the fog",
        ),
    ],
)
def test_a_kicker_goes_where_the_page_has_its_title_without(
    title: str, headings: list[str], kept: str
) -> None:
    assert strip_kicker(title, headings) == kept


def test_a_title_cut_off_at_its_own_quotation_mark_is_read_whole() -> None:
    whole = 'Pilots say "no ferry today" and sleep'
    body = f"<article><h1>{whole}</h1>{paragraphs(LINES)}</article>"
    head = f'<meta property="og:title" content="{whole}">'
    assert only(shell(body, title="Fog", head=head)).title == whole
    head = '<meta property="og:title" content="Pilots say">'
    assert only(shell(body.replace('"', ""), title="Fog", head=head)).title == "Pilots say"


def test_a_title_that_the_data_gives_as_the_place_it_is_part_of_is_no_site() -> None:
    data = linked_data(
        **{"@type": "NewsArticle", "headline": HEADING, "isPartOf": {"@type": "WebPage", "name": HEADING}}
    )
    head = f'<meta property="og:title" content="{HEADING}">{data}'
    body = f"<article><h1>{HEADING}</h1>{paragraphs(LINES)}</article>"
    assert only(shell(body, title="Fog in the strait keeps ferries in port", head=head)).title == HEADING


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60),
    st.sampled_from(["", "echo.example"]),
)
def test_a_title_never_gets_more_nor_vanishes(title: str, host: str) -> None:
    line = " ".join(title.split())
    kept = strip_site_name(line, ["Fog"], ["Echo"], host)
    assert kept in line
    assert bool(kept) == bool(line)
