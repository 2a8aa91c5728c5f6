from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.types import Article, Cell, Column, Comparison, Event, Source, Statement, Translation
from crosslingual.ui.payload import date_text, payload, safe_link, span_text

HERE = Article("a", "en", "One. Two.\n\nThree.", "A", "2024-05-16", "https://a.example/1")
THERE = Article("b", "de", "Eins.", "B", "", "javascript:alert(1)")


def cell(article: Article, sentence: int, text: str, **more: Translation | float) -> Cell:
    start = article.text.index(text)
    made = Cell(article.source, article.id, sentence, start, start + len(text), article.lang, text)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Cell


def comparison(translation: Translation) -> Comparison:
    told = (
        cell(HERE, 0, "One.", score=1.2, probability=0.9),
        cell(THERE, 0, "Eins.", translation=translation),
    )
    return Comparison(
        Event("e", "E", "", "", (HERE.id, THERE.id), ("a", "b"), ("en", "de")),
        (
            Column(Source("a", "A (demo text)", "Ah（演示文本）", demo=True), 1, 3, 1, 2),
            Column(Source("b", "B", country="de", ownership="state", kind="state broadcaster"), 1, 1, 1, 0),
        ),
        (HERE, THERE),
        (Statement("s", told, 2, 2, 1.2, 0.9),),
        (cell(HERE, 1, "Two."), cell(HERE, 2, "Three.")),
        "model@0123",
    )


def test_statements_and_exclusives_point_into_the_articles() -> None:
    data = payload(comparison(Translation("One.", "en", "memory")), "en")
    texts = [[sentence["text"] for sentence in article["sentences"]] for article in data["articles"]]
    assert texts == [["One.", "Two.", "Three."], ["Eins."]]
    assert data["statements"][0]["cells"] == [(0, 0), (1, 0)]
    assert data["exclusives"] == [(0, 1), (0, 2)]
    assert [sentence["paragraph"] for sentence in data["articles"][0]["sentences"]] == [False, False, True]
    assert data["encoder"] == "model"


@pytest.mark.parametrize(("lang", "kept"), [("en", "One."), ("fr", None)])
def test_only_translations_into_the_readers_language_are_shown(lang: str, kept: str | None) -> None:
    data = payload(comparison(Translation("One.", lang, "memory")), "en")
    assert data["articles"][1]["sentences"][0]["translation"] == kept


def test_columns_say_what_is_known_of_a_source_once() -> None:
    demo, state = payload(comparison(Translation("One.", "en", "memory")), "en")["columns"]
    assert (demo["name"], demo["native"], demo["demo"], demo["owner"]) == ("A", "Ah", True, "")
    assert (state["country"], state["countryName"], state["owner"]) == ("DE", "Germany", "state broadcaster")


def test_only_web_links_are_links() -> None:
    data = payload(comparison(Translation("One.", "en", "memory")), "en")
    assert [article["url"] for article in data["articles"]] == ["https://a.example/1", ""]


@given(
    st.text(), st.sampled_from(["javascript:", "data:text/html,", "file:///", " jAvAsCript:", "//", "http:"])
)
def test_no_other_scheme_is_ever_a_link(rest: str, scheme: str) -> None:
    link = safe_link(scheme + rest)
    assert not link or link.lower().startswith("http://")


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("2024-05-16", "2024-05-16", "16 May 2024"),
        ("2024-05-15", "2024-05-17", "15–17 May 2024"),
        ("2024-04-30", "2024-05-02", "30 April – 2 May 2024"),
        ("2023-12-31", "2024-01-01", "31 December 2023 – 1 January 2024"),
        ("", "", ""),
        ("2024-05-16", "", "16 May 2024"),
    ],
)
def test_dates_read_as_one_span(start: str, end: str, span: str) -> None:
    assert span_text(start, end) == span


def test_what_is_no_date_is_shown_as_it_is() -> None:
    assert date_text("last week") == "last week"
