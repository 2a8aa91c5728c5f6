from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crosslingual.library import ArticleEntry
from crosslingual.search import Hit, Results, parse_query
from crosslingual.search.bands import Band
from crosslingual.search.timeline import build_timelines
from crosslingual.types import Event, Sentence, Source, Translation
from crosslingual.ui.search.results_view import QueryMatcher, serialize_results
from crosslingual.ui.search.search_state import BY_EVENT, BY_SOURCE, LIST, VIEWS
from crosslingual.ui.search.service import FilterOptions
from crosslingual.ui.search.timeline import _table_html, first_date_text

EVIL = '<img src=x onerror="alert(1)">'
SOURCES = {
    "ria": Source("ria", "RIA", country="RU", ownership="state", kind="state news agency"),
    "evil": Source("evil", EVIL, country="FR"),
}
KNOWN = FilterOptions(
    SOURCES, {"ria": "RIA", "evil": EVIL}, ("FR", "RU"), ("state",), ("fr", "ru"), "", "", 9
)
EVENT = Event("e1", "Rain", "2024-05-16", "2024-05-17", ("a1",), ("ria",), ("ru",))


def hit(
    text: str,
    *,
    article: str = "a1",
    source: str = "ria",
    lang: str = "ru",
    probability: float = 0.9,
    worded: bool = False,
    band: Band | None = None,
    date: str = "2024-05-16",
    **more: Any,
) -> Hit:
    entry = ArticleEntry(article, source, lang, date, EVIL, "javascript:alert(1)", 3)
    sentence = Sentence(article, 1, 10, 10 + len(text), text)
    if band is None:
        band = Band.SAYS if probability >= 0.5 else Band.OTHER
    return Hit(entry, sentence, probability, 0.8, probability, worded, band, band == Band.WORDS, **more)


def results(query: str, *hits: Hit) -> Results:
    telling = tuple((one.entry, 1) for one in hits if one.probability >= 0.5)
    return Results(parse_query(query), hits, hits, telling, 2, 5, 40)


LONG = "The river rose over its banks after three days of rain"


@pytest.mark.parametrize(
    ("query", "found", "ways"),
    [
        ("Xi Jinping", hit("Си Цзиньпин прибыл.", worded=True, band=Band.WORDS), ["name"]),
        ("Си Цзиньпин", hit("Встреча с Си Цзиньпином.", worded=True, band=Band.WORDS), ["word"]),
        ("Xi Jinping", hit("Встреча глав государств.", band=Band.NEAR), ["near"]),
        ('"joint statement"', hit("A joint statement.", worded=True, band=Band.WORDS), ["phrase"]),
        (LONG, hit("Река вышла из берегов."), ["meaning"]),
        (LONG, hit("The river rose.", lang="en", worded=True), ["meaning", "word"]),
        (LONG, hit("The river rose.", lang="en", worded=True, probability=0.1), ["word"]),
    ],
)
def test_it_says_by_what_it_was_found(query: str, found: Hit, ways: list[str]) -> None:
    assert QueryMatcher(parse_query(query)).match_kinds(found) == ways


@pytest.mark.parametrize("query", ["Xi", '"joint (statement)"', "a.b*c ["])
def test_pieces_are_the_text(query: str) -> None:
    text = "Xi and XI: a Joint (statement), a.b*c [x]"
    pieces = QueryMatcher(parse_query(query)).split_matches(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert any(sought for _, sought in pieces)


def test_words_are_marked_whole_and_only_such_as_tell_something() -> None:
    marked = [
        piece
        for piece, sought in QueryMatcher(parse_query("Рим не рим")).split_matches("Рим, римляне: не в Риме.")
        if sought
    ]
    assert marked == ["Рим"]
    assert QueryMatcher(parse_query("海鲜")).split_matches("日本海鲜")[-1] == ("海鲜", True)


@pytest.mark.parametrize(
    ("term", "text"), [("カイロ", "大カイロ圏"), ("서울", "서울에서"), ("海鲜", "日本海鲜")]
)
def test_what_is_written_without_spaces_is_marked_inside_a_word(term: str, text: str) -> None:
    assert (term, True) in QueryMatcher(parse_query(term)).split_matches(text)


def test_a_quotation_in_another_language_than_its_article_is_shown_in_its_own() -> None:
    found = hit("The river rose.", lang="ru")
    found = replace(found, sentence=replace(found.sentence, lang="en"))
    (one,) = serialize_results([found], parse_query(LONG), LIST, KNOWN, {}, "en")["hits"]
    assert (one["lang"], one["language"], one["titleLang"]) == ("en", "English", "ru")


@pytest.mark.parametrize("view", [BY_SOURCE, BY_EVENT, LIST])
def test_each_sentence_stands_in_one_group(view: str) -> None:
    hits = (hit("a"), hit("b", article="a2", source="evil", lang="fr"), hit("c"))
    given = serialize_results(hits, parse_query(LONG), view, KNOWN, {"e1": EVENT}, "en")
    assert sorted(place for group in given["groups"] for place in group["hits"]) == [0, 1, 2]
    titles = [group["title"] for group in given["groups"]]
    assert titles == {BY_SOURCE: ["RIA", EVIL], BY_EVENT: ["Rain", "In no event"], LIST: [""]}[view]
    assert [one["event"] for one in given["hits"]] == ["e1", "", "e1"]


def test_a_sentence_comes_with_all_that_traces_it() -> None:
    made = Translation("The river rose.", "en", "argostranslate", "ru-en 1.9")
    found = hit("Река вышла.", before="До. " * 300, after="После.", translation=made)
    given = serialize_results([found], parse_query(LONG), LIST, KNOWN, {}, "en", [found.sentence_key])
    (one,) = given["hits"]
    assert (one["at"], one["start"], one["date"], one["language"]) == ("a1:1", 10, "16 May 2024", "Russian")
    assert (one["translation"], one["made"]) == ("The river rose.", "argostranslate (ru-en 1.9)")
    assert one["after"] == "После."
    assert len(one["before"]) < 410
    assert one["new"] is True
    assert one["url"] == ""  # only links that a browser may follow


def test_two_showings_differ_in_their_key() -> None:
    shown = [hit("a"), hit("b")]
    keys = {serialize_results(shown, parse_query(LONG), view, KNOWN, {}, "en")["key"] for view in VIEWS[:3]}
    assert len(keys) == 3


def test_the_table_of_days_escapes_names_and_says_who_was_first() -> None:
    lines = build_timelines(
        results(LONG, hit("a"), hit("b", article="a2", source="evil", date="2024-05-14"), hit("c", date=""))
    )
    table = _table_html(lines, KNOWN.names)
    assert "<img" not in table
    assert "&lt;img" in table
    assert "2024-05-14 (1)" in table
    assert "no date (1)" in table
    assert first_date_text(lines, KNOWN.names) == f"first 14 May 2024: {EVIL}"
    assert first_date_text(build_timelines(results(LONG, hit("c", date=""))), KNOWN.names) == ""


def test_a_hit_of_an_article_that_changed_at_its_address_says_so() -> None:
    hits = [hit("Река вышла из берегов."), hit("Река мелеет.", article="a2")]
    changed = {"a2": "2026-11-30T23:59:59+00:00"}
    given = serialize_results(hits, parse_query(LONG), LIST, KNOWN, {}, "en", (), changed)["hits"]
    assert [one["changed"] for one in given] == [
        "",
        "Another text stood at this address until 30 November 2026",
    ]
