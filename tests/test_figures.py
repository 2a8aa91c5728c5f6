"""Figures of a sentence: what they count, and what is not sure about them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.figures import find_figures


def found(text: str, lang: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.value, one.what) for one in find_figures(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("en", "At least 52 people were killed and more than 90 injured.", ["52 dead", "90 injured"]),
        ("en", "The death toll climbed to 61.", ["61 dead"]),
        ("ru", "Погибли не менее 52 человек, ранены 90.", ["52 dead", "90 injured"]),
        ("ru", "Число жертв пожара выросло до 61, задержаны четыре человека.", ["61 dead", "4 detained"]),
        ("uk", "Загинули 52 людини, ще 90 поранено.", ["52 dead", "90 injured"]),
        ("zh", "火灾造成52人遇难，超过90人受伤。", ["52 dead", "90 injured"]),
        ("zh", "警方逮捕4名船员。", ["4 detained"]),
        ("de", "Mindestens 52 Menschen starben, 90 wurden verletzt.", ["52 dead", "90 injured"]),
        ("fr", "Au moins 52 personnes ont péri, 90 blessés.", ["52 dead", "90 injured"]),
        ("en", "The port lies 14 km away; the pilot is 41 years old.", ["14 km", "41 years"]),
        ("ru", "Огонь тушили от 6 до 8 часов.", ["6 hours", "8 hours"]),
        ("ru", "Огонь тушили три-четыре часа.", ["3 hours", "4 hours"]),
    ],
)
def test_what_a_number_counts_is_a_key_of_all_languages(lang: str, text: str, told: list[str]) -> None:
    assert [f"{one.value} {one.what}" for one in find_figures(text, lang)] == told
    assert not any(one.doubt for one in find_figures(text, lang))


@pytest.mark.parametrize(
    ("lang", "text", "bound"),
    [
        ("en", "no more than 30 boats", "most"),
        ("en", "more than 30 boats", "least"),
        ("ru", "не менее 30 лодок", "least"),
        ("ru", "около 30 лодок", "about"),
        ("zh", "得了30分", ""),
        ("zh", "约30艘船", "about"),
        ("zh", "30多艘船", "least"),
        ("en", "30 boats", ""),
    ],
)
def test_a_bound_stands_with_its_number(lang: str, text: str, bound: str) -> None:
    (figure,) = find_figures(text, lang)
    assert (figure.value, figure.bound) == ("30", bound)


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("en", "Repairs cost $3bn", ("money", "3000000000", "USD")),
        ("de", "Es kostete 2,5 Millionen Euro.", ("money", "2500000", "EUR")),
        ("ru", "ущерб 70 тыс. рублей", ("money", "70000", "RUB")),
        ("zh", "损失11亿美元", ("money", "1100000000", "USD")),
        ("fr", "une hausse de 5,2 %", ("percent", "5.2", "%")),
    ],
)
def test_money_and_percentages(lang: str, text: str, told: tuple[str, str, str]) -> None:
    assert found(text, lang) == [told]


@pytest.mark.parametrize(
    ("lang", "text", "isos"),
    [
        ("en", "It burned on April 2, 2031, not 3 April.", ["2031-04-02", "--04-03"]),
        ("ru", "2 апреля 2031 года, а в 2029 году — нет", ["2031-04-02", "2029"]),
        ("ru", "программа от 02.04.2031", ["2031-04-02"]),
        ("zh", "2031年4月2日起火，3日扑灭", ["2031-04-02", "---03"]),
        ("de", "Am 2. April 2031 und seit 2029", ["2031-04-02", "2029"]),
        ("en", "on Sept. 2 and Nov. 8, 2031", ["--09-02", "2031-11-08"]),
        ("ru", "с 2 сент. по 3 нояб. 2031 года", ["--09-02", "2031-11-03"]),
        ("fr", "le 2 avril", ["--04-02"]),
        ("uk", "від квітня 2031 року", ["2031-04"]),
    ],
)
def test_a_date_has_what_is_said_of_it_and_no_more(lang: str, text: str, isos: list[str]) -> None:
    assert [one.value for one in find_figures(text, lang) if one.kind == "date"] == isos
    assert all(one.kind == "date" for one in find_figures(text, lang))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "They left at 10:30 and 5 p.m. on the 4th ferry, no. 7."),
        ("zh", "第11次航行，13时24分出发，“海星-2”号"),
        ("ru", "Сегодня в 4: 45 утра на причале №8"),
        ("en", "Call +47 (555) 123-45-67"),
        ("zh", "21世纪的“5·9”庆典"),
    ],
)
def test_clocks_ordinals_and_names_are_no_figures(lang: str, text: str) -> None:
    assert find_figures(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text", "doubt"),
    [
        ("ru", "Билет стоил 500.000 рублей.", "thousands or decimals"),
        ("en", "The 2029 ferry elections were quiet.", "it may be a year"),
        ("en", "They met the 2029 more than once", "it may be a year"),
        ("en", "More than 2029 boats came.", ""),
        ("en", "She won by a 134-to-", "not said beside it"),
        ("en", "It came to ¥300.", "yuan or yen"),
        ("en", "It came to A$300.", "a currency written A$"),
        ("en", "The number stood at 61.", "not said beside it"),
        ("ru", "Встреча начнётся в 10.35.", "time of day"),
        ("en", "Of the 12 people once thought killed, hurt or drowned", ""),
    ],
)
def test_what_is_not_sure_is_told(lang: str, text: str, doubt: str) -> None:
    (figure,) = find_figures(text, lang)
    assert doubt in figure.doubt
    assert bool(doubt) == bool(figure.doubt)


def test_a_part_of_a_figure_is_marked() -> None:
    text = (
        "Among the dead were sailors, including 3 people; 15 more people drowned; 9 out of 61 dead are named."
    )
    assert [one.is_part for one in find_figures(text, "en")] == [True, True, True, False]


def test_a_noun_of_no_list_is_kept_in_its_own_words() -> None:
    (figure,) = find_figures("Sie fanden 28 Rettungsringe im Wasser", "de")
    assert (figure.what, figure.words, figure.doubt) == ("", "Rettungsringe", "")


@given(
    st.text(alphabet="0123456789.,-: 人日月年至ermт$%№", max_size=60),
    st.sampled_from(["en", "zh", "ru", "xx"]),
)
def test_figures_lie_in_the_text_and_apart(text: str, lang: str) -> None:
    figures = find_figures(text, lang)
    for one in figures:
        assert 0 <= one.start < one.end <= len(text)
    dates = [one for one in figures if one.kind == "date"]
    assert all(one.end <= other.start for one, other in pairwise(dates))
