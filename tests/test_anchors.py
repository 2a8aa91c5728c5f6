from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.anchors import collect_names, find_anchors
from crosslingual.language.names import NAME_LANGUAGES
from crosslingual.language.phonetics import sound_skeleton


def keys(text: str, lang: str, *kinds: str) -> list[str]:
    return [
        anchor.key for anchor in find_anchors(text, lang) if not kinds or anchor.key.split(":")[0] in kinds
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "1,200 people"),
        ("en", "1.2 thousand people"),
        ("de", "1.200 Menschen"),
        ("de", "1,2 Tsd. Menschen"),
        ("fr", "1 200 personnes"),
        ("ru", "1 200 человек"),
        ("ru", "1,2 тыс. человек"),
        ("uk", "1,2 тисячі осіб"),
        ("zh", "约1200人"),
        ("zh", "约1,200人"),
        ("zh", "1.2千人"),
    ],
)
def test_twelve_hundred_is_one_value_in_every_language(lang: str, text: str) -> None:
    assert keys(text, lang, "n") == ["n:1200"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "120 million"),
        ("en", "0.12bn"),
        ("de", "120 Millionen"),
        ("de", "0,12 Mrd. Euro"),
        ("fr", "120 millions"),
        ("ru", "120 млн долларов"),
        ("ru", "120 миллионов"),
        ("uk", "0,12 млрд"),
        ("zh", "1.2亿元"),
        ("zh", "1亿2000万"),
        ("zh", "12000多万"),
    ],
)
def test_words_of_size_are_counted(lang: str, text: str) -> None:
    assert keys(text, lang, "n") == ["n:120000000"]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "up 5% to 7", ["%:5", "n:7"]),
        ("de", "um 5,5 Prozent", ["%:5.5"]),
        ("ru", "на 5 процентов", ["%:5"]),
        ("ru", "на 5 процентных пунктов", ["pp:5"]),
        ("en", "5 percentage points", ["pp:5"]),
        ("zh", "增长百分之5", ["%:5"]),
        ("zh", "上升5个百分点", ["pp:5"]),
        ("en", "in 2024", ["n:2024"]),
        ("zh", "2024年", ["n:2024"]),
        ("ru", "2 млн 300 тыс.", ["n:2300000"]),
        ("en", "-5 degrees", ["n:-5"]),
        ("en", "on the 16th", ["n:16"]),
        ("zh", "5公里", ["n:5"]),
        ("zh", "5千米", ["n:5"]),
    ],
)
def test_percents_points_years_and_signs_are_kept_apart(lang: str, text: str, found: list[str]) -> None:
    assert keys(text, lang) == found


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "an F-16, a G7 summit, COVID-19"),
        ("en", "at 10:30, by 3/4"),
        ("en", "in the 1990s"),
        ("ru", "в 1990-х"),
        ("ru", "1.200 или 1,200"),
        ("xx", "1,5"),
    ],
)
def test_what_is_part_of_something_else_or_ambiguous_is_left_out(lang: str, text: str) -> None:
    assert keys(text, lang, "n", "%", "pp") == []


@pytest.mark.parametrize("text", ["5 to 7 million", "5–7 million", "between 5 and 7 million"])
def test_the_lower_end_of_a_range_is_not_taken_without_its_size(text: str) -> None:
    assert keys(text, "en") == ["n:7000000"]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "16 May 2024", ["m:5", "n:16", "n:2024"]),
        ("ru", "16 мая 2024 года", ["m:5", "n:16", "n:2024"]),
        ("ru", "16.05.2024", ["m:5", "n:16", "n:2024"]),
        ("uk", "16 травня", ["m:5", "n:16"]),
        ("de", "am 16. Mai", ["m:5", "n:16"]),
        ("fr", "le 16 mai", ["m:5", "n:16"]),
        ("zh", "5月16日", ["m:5", "n:16"]),
        ("zh", "十二月", ["m:12"]),
        ("en", "It may happen; they march on", []),
        ("fr", "la planète mars", []),
        ("en", "on Tuesday", ["d:2"]),
        ("ru", "во вторник", ["d:2"]),
        ("uk", "у п'ятницю", ["d:5"]),
        ("de", "am Samstag", ["d:6"]),
        ("fr", "mardi", ["d:2"]),
        ("zh", "本周二", ["d:2"]),
        ("zh", "一周一次", []),
        ("ru", "в окружающую среду", []),
    ],
)
def test_dates_and_days_of_the_week(lang: str, text: str, found: list[str]) -> None:
    assert sorted(keys(text, lang, "n", "m", "d")) == found


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "China and the United States", ["c:CN", "c:US"]),
        ("ru", "между Китаем и США", ["c:CN", "c:US"]),
        ("ru", "в Саудовской Аравии и Украине", ["c:SA", "c:UA"]),
        ("uk", "з Китаєм та в Україні", ["c:CN", "c:UA"]),
        ("de", "Chinas Chef in den Vereinigten Staaten", ["c:CN", "c:US"]),
        ("fr", "la Chine et l'Ukraine", ["c:CN", "c:UA"]),
        ("zh", "美国和印度尼西亚", ["c:US", "c:ID"]),
        ("ru", "российский, китайский", []),
        ("ru", "поймали кита", []),
        ("zh", "马里乌波尔", []),
        ("en", "Chinatown", []),
        ("en", "he told us", []),
    ],
)
def test_countries_in_every_case_and_no_adjectives(lang: str, text: str, found: list[str]) -> None:
    assert keys(text, lang, "c") == found


@pytest.mark.parametrize(
    "names",
    [
        ("Trump", "Трамп"),
        ("Putin", "Poutine", "Путин"),
        ("Zelenskyy", "Selenskyj", "Zelensky", "Зеленский", "Зеленський"),
        ("Merz", "Мерц"),
        ("Scholz", "Шольц"),
        ("Macron", "Макрон"),
        ("Blinken", "Блинкен"),
        ("Berlin", "Берлин", "Берлін"),
        ("Kharkiv", "Харьков", "Харків"),
        ("Washington", "Вашингтон"),
    ],
)
def test_a_name_sounds_the_same_in_both_scripts(names: tuple[str, ...]) -> None:
    assert len({sound_skeleton(name) for name in names}) == 1
    assert sound_skeleton(names[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paris", "Preis"),
        ("Paris", "Press"),
        ("Putin", "Patten"),
        ("Merkel", "Маркс"),
        ("London", "Land"),
        ("Berlin", "Barley"),
    ],
)
def test_words_that_are_only_alike_are_not_the_same(one: str, other: str) -> None:
    assert sound_skeleton(one) != sound_skeleton(other)


@pytest.mark.parametrize("word", ["President", "Präsident", "Президент", "Xi", "May", "Rat"])
def test_titles_and_short_words_have_no_sound_to_go_by(word: str) -> None:
    assert sound_skeleton(word) == ""


def test_case_endings_do_not_hide_a_name() -> None:
    english = set(keys("They met Trump and Putin.", "en"))
    assert english <= set(keys("Встреча с Трампом и Путиным.", "ru"))
    assert english <= set(keys("Er traf Trump und Putins Stab.", "de"))


def test_the_first_word_of_a_sentence_is_a_name_only_where_it_is_known_as_one() -> None:
    assert keys("Several people came.", "en") == []
    assert keys("Trump came.", "en") == []
    names = collect_names(["Then Trump came."], "en")
    assert [anchor.text for anchor in find_anchors("Trump came.", "en", names)] == ["Trump"]
    assert [anchor.text for anchor in find_anchors("Several people came.", "en", names)] == []


def test_german_nouns_are_weak() -> None:
    assert [(anchor.text, anchor.is_weak) for anchor in find_anchors("Er sah die Weiche.", "de")] == []
    assert all(anchor.is_weak for anchor in find_anchors("Er sah die Behörden.", "de"))


TEXT = st.text(alphabet=st.sampled_from("0123456789.,:-–% 年月日万亿млнтысTrumpТрампMay美国中国周二FА/'“ "))


@given(TEXT, st.sampled_from([*NAME_LANGUAGES, "ja", "xx"]))
def test_what_is_found_stands_in_the_text_and_each_key_once(text: str, lang: str) -> None:
    found = find_anchors(text, lang)
    assert all(anchor.text in text and anchor.text for anchor in found)
    assert len({anchor.key for anchor in found}) == len(found)


@given(st.integers(0, 10**9), st.sampled_from(["en", "de", "fr", "ru", "uk", "zh"]))
def test_a_grouped_number_has_its_value(value: int, lang: str) -> None:
    separator = {"en": ",", "zh": ",", "de": "."}.get(lang, "\u202f")
    written = f"{value:,}".replace(",", separator)
    (found,) = keys(f"({written})", lang)
    assert Decimal(found.removeprefix("n:")) == value
