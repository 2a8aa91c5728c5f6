from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.tokenize import fold_text, word_forms


def forms(text: str, lang: str) -> set[str]:
    return {form for word in word_forms(text, lang) for form in word}


@pytest.mark.parametrize(
    ("lang", "said", "looked_for"),
    [
        ("ru", "о переговорах", "переговоры"),
        ("uk", "переговорів", "переговори"),
        ("de", "in den Verhandlungen", "Verhandlung"),
        ("fr", "les négociations", "négociation"),
        ("en", "sanctions", "sanction"),
    ],
)
def test_other_forms_of_a_word_share_one(lang: str, said: str, looked_for: str) -> None:
    assert forms(said, lang) & forms(looked_for, lang)


def test_chinese_is_cut_into_words_and_pairs() -> None:
    found = forms("两国领导人签署联合声明", "zh")
    assert {"领导人", "签署", "联合", "声明"} <= found
    assert {"国领", "导人"} <= found, "a word that the cutter does not know is found by its characters"


def test_a_language_without_a_dictionary_has_its_words_as_they_stand() -> None:
    assert list(word_forms("Başkanlar görüştü", "tr")) == [("başkanlar",), ("görüştü",)]


def test_folding_evens_out_what_a_reader_does_not_see() -> None:
    assert fold_text("ＸＩ\u00a0 Jinping’s  ёлка") == "xi jinping's елка"
    assert fold_text("Bundes\u00adregierung") == fold_text("Bundesregierung")
    assert fold_text("harbour\u200bmaster") == fold_text("harbourmaster")
    assert fold_text("губерна\u0301тор") == fold_text("губернатор")
    assert fold_text("مُحَمَّد") == fold_text("محمد"), "vowels that are written for learners"
    assert fold_text("שָׁלוֹם") == fold_text("שלום")
    assert fold_text("cap\u2060ital\u200e") == fold_text("capital")
    assert fold_text("ма\u0439") == fold_text("маи\u0306") != fold_text("маи"), (
        "й is a letter, not и with a mark"
    )


@given(st.text(max_size=200), st.sampled_from(["zh", "ru", "uk", "de", "fr", "en", "tr", ""]))
def test_no_form_is_empty_or_has_a_space(text: str, lang: str) -> None:
    for form in forms(text, lang):
        assert form
        assert not any(char.isspace() for char in form)


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
