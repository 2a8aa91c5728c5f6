from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.transliteration import name_syllables
from crosslingual.search.name_keys import (
    ALPHABET_PREFIX,
    CHINESE_PREFIX,
    consonant_keys,
    join_keys,
    place_keys,
    sound_keys,
)

XI = ("xi", "jin", "ping")


def run(text: str, lang: str) -> tuple[str, ...]:
    return tuple(syllable for word in name_syllables(text, lang) for syllable in word)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("习近平", "zh"),
        ("習近平", "zh"),
        ("Xi Jinping", "en"),
        ("Си Цзиньпин", "ru"),
        ("Си Цзиньпином", "ru"),
        ("Сі Цзіньпін", "uk"),
    ],
)
def test_one_name_has_the_same_syllables_in_every_script(text: str, lang: str) -> None:
    assert run(text, lang) == XI


@pytest.mark.parametrize(
    ("chinese", "russian"),
    [
        ("王毅", "Ван И"),
        ("李强", "Ли Цян"),
        ("毛泽东", "Мао Цзэдун"),
        ("邓小平", "Дэн Сяопин"),
        ("周恩来", "Чжоу Эньлай"),
        ("胡锦涛", "Ху Цзиньтао"),
        ("赵乐际", "Чжао Лэцзи"),
        ("秦刚", "Цинь Ган"),
        ("外交", "Вайцзяо"),
        ("上海", "Шанхай"),
        ("韩正", "Хань Чжэн"),
        ("学诗", "Сюэши"),
        ("徐州", "Сюйчжоу"),
        ("云南", "Юньнань"),
    ],
)
def test_russian_follows_palladius(chinese: str, russian: str) -> None:
    assert run(chinese, "zh") == run(russian, "ru")


def test_a_name_in_a_case_begins_as_it_does_in_the_dictionary() -> None:
    assert run("Си Цзиньпина", "ru")[:3] == XI
    assert next(name_syllables("Цзиньпина", "ru", declined=True)) == XI[1:]
    assert next(name_syllables("Лихуа", "ru")) == ("li", "hua")


@pytest.mark.parametrize("word", ["meeting", "Strong", "Встреча", "Größe", "İstanbul", "Ω"])
def test_other_words_have_none(word: str) -> None:
    assert run(word, "en") == ()


def test_names_in_alphabets_and_countries_have_common_keys() -> None:
    assert set(sound_keys("the Kremlin and Putin", "en")) & set(sound_keys("в Кремле Путин", "ru"))
    assert (
        set(place_keys("France", "en")) == set(place_keys("法国", "zh")) == set(place_keys("Франции", "ru"))
    )


def test_consonants_are_told_by_script() -> None:
    assert [key[:2] for key in consonant_keys("特朗普 met Putin")] == [CHINESE_PREFIX, ALPHABET_PREFIX]


@given(st.text(max_size=150), st.sampled_from(["zh", "ru", "uk", "en", "de", "fr", ""]))
def test_any_text_gives_keys_without_spaces_inside(text: str, lang: str) -> None:
    assert all(key and not key.isspace() for key in join_keys(text, lang).split(" ") if key)


def test_a_place_in_a_query_is_not_the_query() -> None:
    assert set(place_keys("Китай", "ru", whole_text=True)) == {"c:cn"}
    assert set(place_keys("Китай молчит", "ru", whole_text=True)) == set()
    assert set(place_keys("Китай молчит", "ru")) == {"c:cn"}


@pytest.mark.parametrize(
    ("text", "lang"),
    [("北约", "zh"), ("НАТО", "ru"), ("NATO", "en"), ("OTAN", "fr"), ("Організація НАТО", "uk")],
)
def test_an_organisation_of_the_list_has_one_key_in_every_script(text: str, lang: str) -> None:
    assert "organisation:nato" in set(place_keys(text, lang))
