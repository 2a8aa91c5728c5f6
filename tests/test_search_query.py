from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.search import Filters, Query, parse_query
from crosslingual.search.query import MAX_QUERY_CHARS, add_phrase
from crosslingual.types import Source


@pytest.mark.parametrize(
    ("typed", "phrases", "text"),
    [
        ('"joint statement"', ("joint statement",), "joint statement"),
        ("«Крокус Сити»", ("Крокус Сити",), "Крокус Сити"),
        ("「联合声明」", ("联合声明",), "联合声明"),
        ("„gemeinsame Erklärung“", ("gemeinsame Erklärung",), "gemeinsame Erklärung"),
        (
            '"They signed a joint statement."',
            ("They signed a joint statement.",),
            "They signed a joint statement.",
        ),
        ('Xi "joint statement" signed', (), "Xi joint statement signed"),
        ('"joint" "statement"', (), "joint statement"),
        ("“联合声明” 签署", (), "联合声明 签署"),
        ('what an " odd mark', (), 'what an " odd mark'),
    ],
)
def test_a_query_that_is_one_quotation_is_a_phrase(typed: str, phrases: tuple[str, ...], text: str) -> None:
    query = parse_query(typed)
    assert query.phrases == phrases
    assert query.text == text


@pytest.mark.parametrize(
    "typed",
    [
        "The minister said on Monday in Moscow that this was “a mistake”.",
        'The minister said on Monday in Moscow that this was "a mistake".',
        "Министр заявил в понедельник в Москве, что это «ошибка».",
        "部长星期一在莫斯科对记者说,这是“一个错误”。",
        "“It was a mistake.”",
        "“We have nothing to do with what happened there”",
        "«Это ошибка», — сказал он.",
        "talks in Moscow “a mistake”",
    ],
)
def test_what_is_copied_from_a_text_may_quote(typed: str) -> None:
    assert parse_query(typed).phrases == ()


def test_an_exact_phrase_is_asked_for_besides() -> None:
    query = add_phrase(parse_query("talks in Moscow"), ' "Joint  Statement" ')
    assert (query.text, query.phrases, query.requires_phrases) == (
        "talks in Moscow",
        ("Joint Statement",),
        True,
    )
    for phrase in ("?!", '""', "x" * (MAX_QUERY_CHARS + 1)):
        with pytest.raises(InputError, match="give some words"):
            add_phrase(query, phrase)


def test_phrases_have_to_occur_as_they_are_but_for_what_a_reader_does_not_see() -> None:
    query = add_phrase(parse_query('"Joint  Statement"'), "1,000")
    assert query.matches_phrases("A JOINT\u00a0statement of 1,000 words")
    assert not query.matches_phrases("a statement, joint, of 1,000 words")
    assert not query.matches_phrases("a joint statement")


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("习近平", True),
        ("Xi Jinping", True),
        ("climate change policy", True),
        ("It rained.", False),
        ("下雨了。", False),
        ("The two presidents signed a joint statement", False),
        ("两国元首签署联合声明并会见记者", False),
    ],
)
def test_a_few_words_name_and_more_say(typed: str, short: bool) -> None:
    assert parse_query(typed).is_short == short


@pytest.mark.parametrize("typed", ["", "  ", '""', "?!", "\0", "x" * (MAX_QUERY_CHARS + 1)])
def test_what_cannot_be_looked_for_is_refused_in_one_line(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_query(typed)
    assert "\n" not in str(refused.value)
    assert ";" in str(refused.value)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        query = parse_query(typed)
    except InputError:
        return
    assert query.text.strip()
    assert query.possible_langs
    assert query.matches_phrases(query.text + " ".join(query.phrases))


def test_filters_admit_what_fits_all_of_them() -> None:
    source = Source("ria", "RIA", country="RU", ownership="state")
    assert Filters().admits_source(source)
    assert Filters(frozenset(["ru"])).admits_lang("ru")
    assert not Filters(frozenset(["ru"])).admits_lang("en")
    fits = Filters(sources=frozenset(["ria"]), countries=frozenset(["RU"]), ownerships=frozenset(["state"]))
    assert fits.admits_source(source)
    for other in (
        Filters(sources=frozenset(["x"])),
        Filters(countries=frozenset(["CN"])),
        Filters(ownerships=frozenset(["public"])),
    ):
        assert not other.admits_source(source)


def test_days_are_inclusive_and_what_has_no_date_fits_none() -> None:
    days = Filters(since="2024-05-16", until="2024-05-17")
    assert [days.admits_day(f"2024-05-{day}") for day in (15, 16, 17, 18)] == [False, True, True, False]
    assert Filters().admits_day("")
    for filters in (Filters(since="2024-01-01"), Filters(until="2024-01-01")):
        assert not filters.admits_day("")


def test_a_language_is_guessed_by_its_script_where_it_cannot_be_told() -> None:
    assert Query("普京", "").possible_langs == ("zh",)
    assert Query("Путин", "").possible_langs == ("ru", "uk")
    assert Query("Putin", "").possible_langs == ("en",)
