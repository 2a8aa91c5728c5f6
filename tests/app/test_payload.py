from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.formatting import SURENESS_LEVELS, format_sureness, to_percent
from crosslingual.sources import web_link
from crosslingual.translation.quality import format_issue
from crosslingual.types import (
    Article,
    Cell,
    Comparison,
    Correction,
    Event,
    Link,
    MergeEdge,
    Source,
    SourceSummary,
    Statement,
    Translation,
)
from crosslingual.ui.serialize import (
    MAX_ABOUT_CHARS,
    format_date,
    format_date_range,
    serialize_comparison,
    serialize_differences,
    utf16_offsets,
)
from tests.helpers import framing_samples

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
            SourceSummary(Source("a", "A (demo text)", "Ah（演示文本）", demo=True), 1, 3, 1, 2),
            SourceSummary(
                Source("b", "B", country="de", ownership="state", kind="state broadcaster"), 1, 1, 1, 0
            ),
        ),
        (HERE, THERE),
        (Statement("s", told, 2, 2, 1.2, 0.9),),
        (cell(HERE, 1, "Two."), cell(HERE, 2, "Three.")),
        "model@0123",
        0.5,
        (MergeEdge((0, 0), (1, 0), 0.90000123, "x"),),
        (Link((0, 0), (1, 0), 0.90000123, 1.2), Link((0, 1), (1, 0), 0.2, 0.98765)),
        (
            Correction("x", "together", ((HERE.id, 0),), ((THERE.id, 0),), "2024-05-16T10:00:00+00:00"),
            Correction(
                "y", "apart", ((HERE.id, 7),), (("gone", 0), (THERE.id, 0)), "2024-05-16T11:00:00+00:00"
            ),
        ),
        ((HERE.id, THERE.id), (HERE.id, THERE.id)),
    )


def test_sources_that_publish_one_text_are_named_once_without_the_mark_of_the_demo() -> None:
    assert serialize_comparison(comparison(Translation("One.", "en", "memory")), "en")["translations"] == [
        ("A", "B")
    ]


def test_rows_links_and_corrections_point_into_the_articles() -> None:
    data = serialize_comparison(comparison(Translation("One.", "en", "memory")), "en")
    texts = [[sentence["text"] for sentence in article["sentences"]] for article in data["articles"]]
    assert texts == [["One.", "Two.", "Three."], ["Eins."]]
    (row,) = data["rows"]
    assert (row["nodes"], row["own"], row["probability"], row["made"]) == ([0, 3], [0, 3], 0.90000123, True)
    assert (row["least"], row["most"], row["carried"], row["says"]) == (30, 90, 2, 0)
    assert data["links"] == [[0, 0, 1, 0, 0.9, 1.2], [0, 1, 1, 0, 0.2, 0.988]]
    joined, rejected = data["corrections"]
    assert (joined["kind"], joined["one"], joined["other"]) == ("joined", [(0, 0)], [(1, 0)])
    # An offset inside a sentence names it, as after another segmentation; what has gone is left out.
    assert (rejected["kind"], rejected["one"], rejected["other"]) == ("rejected", [(0, 1)], [(1, 0)])
    assert [sentence["start"] for sentence in data["articles"][0]["sentences"]] == [0, 5, 11]
    assert data["articles"][0]["id"] == HERE.id
    assert data["threshold"] == 0.5
    assert data["words"] == [*SURENESS_LEVELS]
    assert [sentence["paragraph"] for sentence in data["articles"][0]["sentences"]] == [False, False, True]
    assert data["encoder"] == "model"


@pytest.mark.parametrize(("lang", "kept"), [("en", "One."), ("fr", None)])
def test_only_translations_into_the_readers_language_are_shown(lang: str, kept: str | None) -> None:
    data = serialize_comparison(comparison(Translation("One.", lang, "memory")), "en")
    assert data["articles"][1]["sentences"][0]["translation"] == kept


@pytest.mark.parametrize(
    ("made", "engine", "by"),
    [
        (Translation("One.", "en", "memory"), "translation memory", "translation memory"),
        (
            Translation("One.", "en", "hand", "2026-05-16T10:00:00+00:00"),
            "corrected by you",
            "corrected by you on 16 May 2026",
        ),
        (
            Translation("One.", "en", "argostranslate", "uk-ru 1.2, ru-en 1.9"),
            "argostranslate",
            "translated by argostranslate (uk-ru 1.2, then ru-en 1.9)",
        ),
    ],
)
def test_every_translation_names_who_made_it(made: Translation, engine: str, by: str) -> None:
    sentence = serialize_comparison(comparison(made), "en")["articles"][1]["sentences"][0]
    assert (sentence["engine"], sentence["by"]) == (engine, by)
    assert sentence["hand"] == (made.engine == "hand")
    assert "doubts" not in sentence


def test_doubts_are_said_in_words() -> None:
    made = Translation("One.", "en", "argostranslate", "de-en 1.0", ("numbers:8,000 is missing", "copied"))
    sentence = serialize_comparison(comparison(made), "en")["articles"][1]["sentences"][0]
    assert sentence["doubts"] == [format_issue(doubt) for doubt in made.issues]


def test_columns_say_what_is_known_of_a_source_once() -> None:
    demo, state = serialize_comparison(comparison(Translation("One.", "en", "memory")), "en")["columns"]
    assert (demo["name"], demo["native"], demo["demo"], demo["owner"]) == ("A", "Ah", True, "")
    assert (state["country"], state["countryName"], state["owner"]) == ("DE", "Germany", "state broadcaster")


def test_only_web_links_are_links() -> None:
    data = serialize_comparison(comparison(Translation("One.", "en", "memory")), "en")
    assert [article["url"] for article in data["articles"]] == ["https://a.example/1", ""]


@given(
    st.text(), st.sampled_from(["javascript:", "data:text/html,", "file:///", " jAvAsCript:", "//", "http:"])
)
def test_no_other_scheme_is_ever_a_link(rest: str, scheme: str) -> None:
    link = web_link(scheme + rest)
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
    assert format_date_range(start, end) == span


def test_what_is_no_date_is_shown_as_it_is() -> None:
    assert format_date("last week") == "last week"


def test_shared_numbers_and_names_have_one_key() -> None:
    one = Article("a", "en", "Trade grew by 5 percent, Putin said.")
    other = Article("b", "ru", "Торговля выросла на 5 %, сказал Путин.")
    base = comparison(Translation("One.", "en", "memory"))
    found = serialize_comparison(
        replace(
            base,
            articles=(one, other),
            statements=(),
            exclusives=(cell(one, 0, one.text), cell(other, 0, other.text)),
            merge_edges=(),
            links=(),
            corrections=(),
            translation_pairs=(),
        ),
        "en",
    )
    keys = [{key for key, *_ in article["sentences"][0]["anchors"]} for article in found["articles"]]
    assert len(keys[0] & keys[1]) == 2


@given(st.floats(0, 1))
def test_a_probability_is_never_a_promise(probability: float) -> None:
    assert 1 <= to_percent(probability) <= 99
    assert format_sureness(probability).endswith(f" · {to_percent(probability)} %")


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (1.0, "near certain · 99 %"),
        (0.97, "near certain · 97 %"),
        (0.88, "very likely · 88 %"),
        (0.74, "likely · 74 %"),
        (0.58, "unsure · 58 %"),
        (0.0, "doubtful · 1 %"),
        (0.9449, "very likely · 94 %"),
        (0.964, "very likely · 96 %"),
    ],
)
def test_word_and_number_agree(probability: float, said: str) -> None:
    assert format_sureness(probability) == said


def test_marks_come_only_where_they_were_asked_for_and_count_as_a_browser_does() -> None:
    told = framing_samples.comparison("😀")
    (one,) = framing_samples.framing(told, about="x" * 999).differences
    assert serialize_comparison(told, "en")["marks"] is None
    ((*places, spans),) = serialize_differences([one], told)
    assert places == [0, 0, 1, 0]
    ((side, start, end, kind, about),) = spans
    assert (side, start, end, kind) == (0, 0, 5, "number")
    assert len(about) == MAX_ABOUT_CHARS


@given(st.text(max_size=60), st.data())
def test_places_are_those_of_utf16(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    (found,) = utf16_offsets(text, place)
    assert text.encode("utf-16-le", "surrogatepass")[: 2 * found] == text[:place].encode(
        "utf-16-le", "surrogatepass"
    )


def test_an_article_that_changed_at_its_address_says_until_when_it_was_another() -> None:
    told = comparison(Translation("One.", "en", "memory"))
    changed = {HERE.id: "2026-11-30T23:59:59+00:00"}
    here, there = serialize_comparison(told, "en", changed)["articles"]
    assert here["changed"] == "Another text stood at this address until 30 November 2026"
    assert there["changed"] == ""
