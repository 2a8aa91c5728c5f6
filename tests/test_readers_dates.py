"""Dates and outlets in files: read, or told; what a file shows elsewhere decides between two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from crosslingual.readers import File, Problem, Record, formats, read_files
from crosslingual.readers.dates import DateReader, date_in_name
from crosslingual.readers.formats import read_items
from crosslingual.readers.json_ld import list_json_ld, parse_json
from crosslingual.readers.page_dates import date_in_url, find_page_date
from crosslingual.readers.page_tree import parse_html

TEXT = (
    "The harbour was closed on Monday after a storm had damaged both of its cranes, the port authority said.\n"
    "Ships were sent to other harbours along the coast, and repairs are expected to take several weeks."
)


def read(name: str, content: str) -> tuple[list[Record], list[str]]:
    """Records and messages of a file."""
    items = list(read_items(File(Path(name), content.encode())))
    problems = [item for item in items if isinstance(item, Problem)]
    return [item for item in items if isinstance(item, Record)], [problem.message for problem in problems]


def table(rows: Iterable[tuple[str, ...]], header: str = "date,text") -> str:
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    return "\n".join([header, *lines])


def as_csv(dates: Iterable[str]) -> tuple[str, str]:
    return "a.csv", table((day, f"{number}. {TEXT}") for number, day in enumerate(dates))


def as_jsonl(dates: Iterable[str]) -> tuple[str, str]:
    return "a.jsonl", "\n".join(json.dumps({"date": day, "text": TEXT}) for day in dates)


def as_json(dates: Iterable[str]) -> tuple[str, str]:
    return "a.json", json.dumps({"items": [{"published": day, "body": TEXT} for day in dates]})


def as_feed(dates: Iterable[str]) -> tuple[str, str]:
    items = (f"<item><pubDate>{day}</pubDate><description>{TEXT}</description></item>" for day in dates)
    return "a.rss", f'<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'


FORMATS = pytest.mark.parametrize("write", [as_csv, as_jsonl, as_json, as_feed])


@FORMATS
def test_a_day_over_twelve_decides_for_the_dates_around_it(write: object) -> None:
    assert callable(write)
    days = ["03/04/2022", "2022-01-01", "03/28/2022"]
    records, flaws = read(*write(days))
    assert ([one.date for one in records], flaws) == (["2022-03-04", "2022-01-01", "2022-03-28"], [])
    records, flaws = read(*write(["03/04/2022", "28/03/2022"]))
    assert ([one.date for one in records], flaws) == (["2022-04-03", "2022-03-28"], [])


@FORMATS
def test_a_date_that_stays_in_doubt_is_left_out_and_both_are_named(write: object) -> None:
    assert callable(write)
    for days in (["03/04/2022"], ["03/04/2022", "28/03/2022", "03/28/2022"]):
        records, flaws = read(*write(days))
        assert (records[0].date, len(records), len(flaws)) == ("", len(days), 1)
        assert "'03/04/2022', which may be 2022-04-03 or 2022-03-04" in flaws[0]


@FORMATS
def test_a_date_that_cannot_be_read_never_vanishes_nor_becomes_another(write: object) -> None:
    assert callable(write)
    (record,), (flaw,) = read(*write(["last Tuesday"]))
    assert record.date == ""
    assert flaw == "\"date\" is 'last Tuesday'; went in without: write it as 2024-05-16"


def test_each_outlet_of_a_file_may_have_its_own_order() -> None:
    rows = [
        ("03/04/2022", "A", "x"),
        ("28/03/2022", "A", "x"),
        ("03/04/2022", "B", "x"),
        ("03/28/2022", "B", "x"),
    ]
    content = table(
        ((day, name, f"{place}. {TEXT}") for place, (day, name, _) in enumerate(rows)), "date,source,text"
    )
    records, flaws = read("a.csv", content)
    assert [one.date for one in records] == ["2022-04-03", "2022-03-28", "2022-03-04", "2022-03-28"]
    assert flaws == []


def test_the_other_dates_are_looked_at_once_and_only_where_they_are_needed() -> None:
    asked: list[int] = []
    dates = DateReader(lambda: asked.append(1) or [("", "28/03/2022")])  # type: ignore[func-returns-value]
    assert dates.find_date("28/03/2022").iso == "2022-03-28"
    assert asked == []
    assert [dates.find_date("03/04/2022").iso for _ in range(2)] == ["2022-04-03"] * 2
    assert asked == [1]


def test_flaws_do_not_end_a_file_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_PROBLEMS", 3)
    records, flaws = read(*as_jsonl(["soon"] * 5))
    assert len(records) == 5
    assert flaws[3:] == ["2 more flaws like these, not listed"]


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        pytest.param(
            {"maintext": TEXT, "text": None, "date_download": "2030-01-01", "date_modify": "2023-12-01",
             "date_publish": "2023-11-27 08:00:00", "source_domain": "port.example", "language": "en"},
            ("port.example", "en", "2023-11-27T08:00:00", ""), id="news-please"),
        pytest.param(
            {"text": TEXT, "raw_text": "raw", "date": "2023-11-27", "filedate": "2030-01-01",
             "hostname": "port.example",
             "source": "https://port.example/cranes", "source-hostname": "Port News", "language": None},
            ("Port News", "", "2023-11-27", "https://port.example/cranes"), id="trafilatura"),
        pytest.param(
            {"uri": "7", "lang": "spa", "dateTimePub": "2023-11-27T08:00:00Z", "body": TEXT, "authors": [],
             "url": "https://port.example/1", "source": {"uri": "port.example", "title": "Port News"}},
            ("Port News", "es", "2023-11-27T08:00:00+00:00", "https://port.example/1"), id="event-registry"),
        pytest.param(
            {"source": {"id": None, "name": "Port News"}, "publishedAt": "2023-11-27T08:00:00Z", "content": TEXT,
             "description": "Teaser", "url": "https://port.example/1"},
            ("Port News", "", "2023-11-27T08:00:00+00:00", "https://port.example/1"), id="newsapi"),
        pytest.param(
            {"text": TEXT.split("\n"), "date": ["2023-11-27"], "source": ["Port News"], "lang": ["ger"]},
            ("Port News", "de", "2023-11-27", ""), id="scrapy"),
        pytest.param(
            {"url": "https://port.example/1", "seendate": "20231127T080000Z", "domain": "port.example",
             "language": "English", "text": TEXT},
            ("port.example", "en", "2023-11-27T08:00:00+00:00", "https://port.example/1"), id="gdelt"),
        pytest.param(
            {"media_name": "Port News", "media_url": "https://port.example", "publish_date": "2023-11-27",
             "indexed_date": "2030-01-01", "language": "fra", "url": "https://port.example/1", "text": TEXT},
            ("Port News", "fr", "2023-11-27", "https://port.example/1"), id="mediacloud"),
        pytest.param(
            {"url": "https://port.example/1", "source_url": "https://port.example", "publish_date": 1701072000,
             "text": TEXT, "meta_lang": "en"},
            ("port.example", "en", "2023-11-27T08:00:00+00:00", "https://port.example/1"), id="newspaper3k"),
        pytest.param(
            {"publishing_date": "2023-11-27 08:00:00+01:00", "lang": "en", "authors": ["A", "B"],
             "body": {"summary": [TEXT.split("\n")[0]],
                      "sections": [{"headline": [], "paragraphs": [TEXT.split("\n")[1]]},
                                   {"headline": [], "paragraphs": []}]}},
            ("", "en", "2023-11-27T08:00:00+01:00", ""), id="fundus"),
        pytest.param(
            {"headline": "H", "articleBody": TEXT, "datePublished": "2023-11-27", "dateModified": "2030-01-01",
             "publisher": {"@type": "Organization", "name": "Port News"}, "inLanguage": "en-GB"},
            ("Port News", "en", "2023-11-27", ""), id="schema.org"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_articles_of_other_tools_are_read(
    article: dict[str, object], expected: tuple[str, ...], name: str
) -> None:
    (found,), flaws = read(name, json.dumps(article))
    assert (found.source, found.lang, found.date, found.url) == expected
    assert (found.text, flaws) == (TEXT, [])


def test_a_list_of_names_is_told_apart_and_an_article_is_not_its_lists() -> None:
    article = {
        "text": TEXT,
        "embedding": [0.5, 0.25] * 99,
        "authors": [{"name": "Ann Ash"}, {"name": "Bob Birch"}],
        "comments": [{"text": "!"}] * 3,
    }
    (found,), _ = read("a.json", json.dumps(article))
    assert (found.text, found.author) == (TEXT, "Ann Ash, Bob Birch")
    (found,), _ = read("a.json", json.dumps({"leader": TEXT, "embedding": [0.5, 0.25] * 500}))
    assert found.text == TEXT


def test_a_date_of_a_download_is_none_but_a_second_column_helps_out() -> None:
    (found,), _ = read(
        "a.json", json.dumps({"body": TEXT, "crawled_at": "2023-11-27", "updated": "2023-11-28"})
    )
    assert found.date == ""
    content = json.dumps(
        [{"body": TEXT, "published": None, "date": "2023-11-27"}, {"body": TEXT, "published": "2023-11-26"}]
    )
    records, _ = read("a.json", content)
    assert [one.date for one in records] == ["2023-11-27", "2023-11-26"]


PAGE = (
    "<html lang='en'><head><title>Cranes fall – Port News – 13.06.2021</title>{}</head><body><article>"
    "<h1>Cranes fall</h1>{}<p>{}</p><p>{}</p></article></body></html>"
)
META = '<meta property="article:published_time" content="{}">'
LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "text"),
    [
        (META.format("2023-11-27T06:00:00-04:00"), "", "https://port.example/2023/12/05/x", "2023-11-27"),
        (LD.format('{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"datePublished":"2023-11-27"}]}'), "",
         "https://port.example/20231205/x", "2023-11-27"),
        (LD.format('{"@type":"NewsArticle", "datePublished": "2023-11-27T08:00:00Z", broken'), "", "", "2023-11-27"),
        ('<meta name="date" content="27. November 2023">', "", "", "2023-11-27"),
        ("", "<time datetime='2023-11-27T08:00'>Monday</time>", "", "2023-11-27"),
        ("", "<div class='byline'>By Ann Ash | 27 November 2023 | 3 min</div>", "", "2023-11-27"),
        ("", "<p>27.11.2023</p>", "", "2023-11-27"),
        ("", "", "https://port.example/2023/11/27/x", "2023-11-27"),
        ("", "<span class='date'>03/04/2022</span>", "", "03/04/2022"),
        (META.format("03/04/2022"), "", "", "03/04/2022"),
        (META.format("03/04/2022"), "", "https://port.example/2022/04/03/x", "2022-04-03"),
        (META.format("03/04/2022"), "<span class='date'>28/03/2022</span>", "", "2022-04-03"),
        ('<meta property="article:modified_time" content="2023-11-27">', "", "", ""),
        ("", "<p>Copyright 2023</p><p>November 2023</p><p class='updated'>Updated 27 November 2023</p>", "", ""),
        ("", "", "https://port.example/2023/11/x-20231", ""),
    ],
)  # fmt: skip
def test_a_page_is_of_the_day_that_it_says_or_none(head: str, body: str, url: str, text: str) -> None:
    tree = parse_html(PAGE.format(head, body, *TEXT.split("\n")))
    assert tree is not None
    assert find_page_date(tree, url, list_json_ld(tree)).text == text


def page(head: str = "", body: str = "") -> tuple[list[Record], list[str]]:
    return read("a.html", PAGE.format(head, body, *TEXT.split("\n")))


def test_a_page_that_may_be_of_two_days_is_told() -> None:
    (record,), (flaw,) = page(body="<span class='date'>03/04/2022</span>")
    assert record.date == ""
    assert "which may be 2022-04-03 or 2022-03-04" in flaw
    shown = "<span class='date'>27.11.2023</span><span class='date'>14.11.2023</span>"
    (record,), (flaw,) = page(body=shown)
    assert record.date == "2023-11-27"
    assert flaw == '"date" 2023-11-27 is one of several: 2023-11-14; look which is right'


def test_the_data_of_a_page_is_parsed_once_and_of_a_video_the_date_is_not_the_articles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where a comment stands around it and a sign behind, as templates leave them."""
    parsed: list[str] = []

    def parse_and_note(text: str) -> object:
        parsed.append(text)
        return parse_json(text)

    monkeypatch.setattr("crosslingual.readers.json_ld.parse_json", parse_and_note)
    nodes = [
        {"@type": "VideoObject", "datePublished": "2021-02-03"},
        {"@type": "NewsArticle", "headline": "Cranes", "datePublished": "2023-11-27"},
    ]
    (record,), flaws = page(head=f"<script type='application/ld+json'><!-- {json.dumps(nodes)}; --></script>")
    assert (record.date, flaws) == ("2023-11-27", [])
    assert len(parsed) == 1


def test_a_page_is_of_the_site_that_its_metadata_name_and_never_of_its_title() -> None:
    (record,), _ = page()
    assert (record.source, record.is_source_inferred) == ("", False)
    (record,), _ = page('<meta property="og:site_name" content="Port News">')
    assert (record.source, record.is_source_inferred) == ("Port News", True)
    (record,), _ = page('<meta property="og:site_name" content="13.06.2021">')
    assert record.source == ""


def test_days_in_addresses_are_read_in_full_or_not_at_all() -> None:
    urls = (
        "/2023/11/27/a",
        "/a-2023-11-27",
        "/20231127/a",
        "/a_20231127.html",
        "/2023/11/a",
        "/2023/13/27/",
        "/120231127",
    )
    found = [date_in_url(f"https://port.example{url}") for url in urls]
    assert found == ["2023-11-27"] * 4 + [""] * 3


def test_a_date_in_a_files_name_goes_in_with_a_flaw() -> None:
    (record,), (flaw,) = read("2023-11-27 harbour.txt", TEXT)
    assert record.date == "2023-11-27"
    assert flaw == "\"date\" 2023-11-27 is from the file's name; look whether it is the article's"
    (record,), flaws = read("2023-11-27.md", f"---\ndate: 28 November 2023\n---\n{TEXT}")
    assert (record.date, flaws) == ("2023-11-28", [])
    names = (
        "a_20231127",
        "27.11.2023",
        "2023_11_27-b",
        "2023-11-27 to 2023-11-28",
        "03-04-2022",
        "a1202311271",
        "x",
    )
    assert [date_in_name(Path(f"{name}.pdf")) for name in names] == ["2023-11-27"] * 3 + [""] * 4


def test_front_matter_has_dates_in_any_form_and_a_link_is_no_outlet() -> None:
    head = "---\nsource: https://port.example/cranes\ndate: 27 ноября 2023\n---\n"
    (record,), flaws = read("a.md", f"{head}{TEXT}")
    assert (record.source, record.url, record.date) == ("", "https://port.example/cranes", "2023-11-27")
    assert flaws == []


@pytest.mark.parametrize(
    ("name", "content", "is_doubtful"),
    [
        ("a.jsonl", json.dumps({"text": TEXT, "date": "2024-05-16"}), False),
        ("a.jsonl", json.dumps({"text": TEXT, "date": "05/06/2024"}), True),
        ("a.jsonl", json.dumps({"text": f"{TEXT}\ufffd", "date": "2024-05-16"}), False),
        ("harbour-2024-05-16.txt", TEXT, True),
        ("harbour.txt", TEXT, False),
        ("harbour-2024-05-16.html", f"<html><body><article><p>{TEXT}</p></article></body></html>", True),
    ],
)
def test_a_record_says_whether_its_date_is_in_doubt(
    name: str, content: str, is_doubtful: bool, tmp_path: Path
) -> None:
    """As a worker process gives it, which only hands on what a record holds."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    (record,) = (item for item in read_files([tmp_path / name]) if isinstance(item, Record))
    assert record.is_date_doubtful == is_doubtful


def test_the_fields_of_files_on_disk_are_the_same(tmp_path: Path) -> None:
    name, content = as_csv(["27 de noviembre de 2023"])
    (tmp_path / name).write_text(content, encoding="utf-8")
    (record,) = read_files([tmp_path / name])
    assert isinstance(record, Record)
    assert record.date == "2023-11-27"
