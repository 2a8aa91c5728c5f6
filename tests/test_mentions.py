from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.framing.mentions import find_mentions
from crosslingual.language.phonetics import find_transcriptions, loose_consonants, sounds_alike


def keys(text: str, lang: str, kind: str) -> list[str]:
    return [mark.key for mark in find_mentions(text, lang) if mark.kind == kind and mark.is_firm]


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("2.4万人", "zh", "24000"),
        ("1100 万英镑", "zh", "11000000"),
        ("三百二十名", "zh", "320"),
        ("一千二百万", "zh", "12000000"),
        ("20世纪30年代", "zh", "1930"),
        ("2,5 тыс. человек", "ru", "2500"),
        ("3 млрд рублей", "ru", "3000000000"),
        ("двадцать пять человек", "ru", "25"),
        ("двісті п'ятдесят осіб", "uk", "250"),
        ("two hundred and fifty", "en", "250"),
        ("twenty-five thousand", "en", "25000"),
        ("in the 1930s", "en", "1930"),
        ("$1.2bn", "en", "1200000000"),
        ("fünfzehn Tote", "de", "15"),
        ("quinze morts", "fr", "15"),
        ("5 %", "fr", "5"),
    ],
)
def test_numbers_by_value(text: str, lang: str, value: str) -> None:
    assert keys(text, lang, "number") == [value]


@pytest.mark.parametrize(
    ("text", "lang", "key"),
    [
        ("in mid-October", "en", "m:10"),
        ("в октябре", "ru", "m:10"),
        ("10月", "zh", "m:10"),
        ("в среду", "ru", "d:3"),
        ("am Mittwoch", "de", "d:3"),
        ("周三", "zh", "d:3"),
    ],
)
def test_dates_in_words(text: str, lang: str, key: str) -> None:
    assert keys(text, lang, "date") == [key]


@pytest.mark.parametrize(
    ("text", "lang", "stance"),
    [
        ("he claimed", "en", "doubting"),
        ("外交部强调", "zh", "emphatic"),
        ("外交部声称", "zh", "doubting"),
        ("外交部指出", "zh", "neutral"),
        ("министр подчеркнул", "ru", "emphatic"),
        ("министр утверждает", "ru", "doubting"),
        ("міністр визнав", "uk", "admitting"),
        ("der Minister bestritt", "de", "denying"),
        ("le ministre a menacé", "fr", "threatening"),
    ],
)
def test_stances_of_verbs(text: str, lang: str, stance: str) -> None:
    assert keys(text, lang, "attribution") == [stance]


@pytest.mark.parametrize(
    ("text", "lang", "count"),
    [
        ("They aren't here", "en", 1),
        ("never without", "en", 2),
        ("他并没有来", "zh", 1),
        ("不仅如此，不来梅不断发展", "zh", 0),
        ("Никто не пришёл", "ru", 1),
        ("Il n'est pas venu", "fr", 1),
        ("Kein Zweifel", "de", 1),
    ],
)
def test_negations_are_counted_once(text: str, lang: str, count: int) -> None:
    assert len(keys(text, lang, "negation")) == count


def test_a_people_answers_its_country() -> None:
    for text, lang in (("китайские власти", "ru"), ("中方", "zh"), ("chinesische Behörden", "de")):
        assert "c:CN" in {mark.key for mark in find_mentions(text, lang)}


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Trump", "特朗普", True),
        ("Clinton", "克林顿", True),
        ("Obama", "奥巴马", True),
        ("Trump", "克林顿", False),
        ("Biden", "特朗普", False),
    ],
)
def test_names_sound_alike_in_chinese(name: str, other: str, same: bool) -> None:
    ((_, _, run),) = find_transcriptions(other)
    assert sounds_alike(loose_consonants(name), run, inside=True) is same


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [("Kavanaugh", "Кавано", True), ("Trump", "Трампа", True), ("Biden", "Дональд", False)],
)
def test_names_sound_alike_in_cyrillic(name: str, other: str, same: bool) -> None:
    assert sounds_alike(loose_consonants(name), loose_consonants(other)) is same


@given(st.text(max_size=200), st.sampled_from(["zh", "ru", "uk", "en", "de", "fr", "ja", "xx"]))
def test_marks_lie_in_the_text(text: str, lang: str) -> None:
    assert all(0 <= mark.start < mark.end <= len(text) for mark in find_mentions(text, lang))
