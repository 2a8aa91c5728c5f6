from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.known_names import (
    find_known_names,
    find_listed_names,
    known_label,
    load_known_names,
)
from crosslingual.language.name_stems import name_words, word_key
from crosslingual.language.names import NAME_LANGUAGES


def found(text: str, lang: str) -> list[tuple[str, str]]:
    return [(one.key, text[one.start : one.end]) for one in find_known_names(text, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "written"),
    [
        ("The Kremlin gave no answer.", "en", "Kremlin"),
        ("克里姆林宫没有回应。", "zh", "克里姆林宫"),
        ("В Кремле не ответили.", "ru", "Кремле"),
        ("Речник Кремля мовчав.", "uk", "Кремля"),
        ("Der Kreml schwieg.", "de", "Kreml"),
        ("Le Kremlin se taisait.", "fr", "Kremlin"),
    ],
)
def test_one_institution_has_one_key_in_six_languages(text: str, lang: str, written: str) -> None:
    assert found(text, lang) == [("organisation:Kremlin", written)]


@pytest.mark.parametrize("form", ["Лавров", "Лаврова", "Лаврову", "Лавровым", "Лаврове", "Сергея Лаврова"])
def test_a_name_is_found_in_every_case(form: str) -> None:
    assert found(f"Вчера говорили о {form} дважды.", "ru") == [("person:Sergei Lavrov", form)]


@pytest.mark.parametrize(
    ("one", "other"), [("Сергей", "Сергея"), ("Евгений", "Евгением"), ("Мария", "Марии")]
)
def test_cases_of_a_given_name_have_one_key(one: str, other: str) -> None:
    assert word_key(one, "ru") == word_key(other, "ru")


def test_the_longest_name_counts_and_a_country_in_it_does_not() -> None:
    assert found("俄罗斯国防部昨晚发布视频", "zh") == [
        ("organisation:Russian Defense Ministry", "俄罗斯国防部")
    ]
    assert [key for key, _ in found("俄罗斯昨晚发布视频", "zh")] == ["c:RU"]


def test_a_country_of_the_list_has_the_key_that_it_has_elsewhere() -> None:
    assert {found(text, lang)[0][0] for text, lang in (("В ЮАР жара", "ru"), ("南非高温", "zh"))} == {"c:ZA"}


@pytest.mark.parametrize(
    "text", ["who asked the un-invited guests", "it was an axe, an opec of sorts", "a hamas"]
)
def test_an_acronym_written_small_is_no_name(text: str) -> None:
    assert not [key for key, _ in found(text, "en") if key.startswith("organisation:")]


def test_words_of_a_name_apart_are_no_name() -> None:
    assert found("Angela, said Merkel's friend", "en") == [("person:Angela Merkel", "Merkel")]
    assert found("Xi, Jinping said", "en") == [("person:Xi Jinping", "Xi")]


def test_a_quotation_mark_within_a_name_is_closed() -> None:
    assert found("бойцы ЧВК «Вагнер» ушли", "ru") == [("organisation:Wagner Group", "ЧВК «Вагнер»")]


def test_surnames_that_many_have_need_the_whole_name() -> None:
    assert found("Johnson left.", "en") == []
    assert found("Boris Johnson left.", "en") == [("person:Boris Johnson", "Boris Johnson")]


def test_labels_are_in_the_language_asked_for() -> None:
    assert known_label("organisation:NATO", "zh") == "北约"
    assert known_label("c:FR", "de") == "Frankreich"
    assert known_label("nobody", "en") == ""


def test_every_name_of_the_list_is_found_by_its_whole_form() -> None:
    lost = [
        (known.key, lang)
        for known in load_known_names().values()
        for lang, forms in known.forms.items()
        if known.key not in {one.key for one in find_listed_names(forms[0], lang)}
    ]
    assert lost == []


@given(st.text(max_size=80), st.sampled_from([*NAME_LANGUAGES, "ja", ""]))
def test_names_lie_in_the_text_and_apart(text: str, lang: str) -> None:
    end = 0
    for one in find_known_names(text, lang):
        assert end <= one.start < one.end <= len(text)
        end = one.end
    assert all(text[word.start : word.end] for word in name_words(text, lang))


def test_a_stem_without_its_ending_is_another_word() -> None:
    assert find_listed_names("Газ идёт через границу.", "ru") == []
    for text in ("В Газе тихо.", "Он уехал из Газы.", "Газу обстреляли."):
        assert [one.key for one in find_listed_names(text, "ru")] == ["place:Gaza Strip"], text
    assert [one.kind for one in find_listed_names("Слово взял Лавров.", "ru")] == ["person"]
