"""Numbers come out the same wherever they are read: alignment, differences, translations, search."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from crosslingual.align.anchors import find_anchors
from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair, find_unmatched
from crosslingual.framing.word_vectors import SentenceWords
from crosslingual.language.number_words import find_loose_numbers, find_word_numbers, possible_values
from crosslingual.language.numbers import find_numbers, number_keys
from crosslingual.search.reranker import Candidates, compute_features
from crosslingual.translation.quality.values import missing_numbers
from tests.helpers.library_samples import asked

LANGUAGES = ("en", "de", "fr", "ru", "uk")

SAME = [
    ("quatre-vingts morts", "fr", 80),
    ("quatre-vingt-dix-sept morts", "fr", 97),
    ("soixante-dix-sept morts", "fr", 77),
    ("soixante et onze morts", "fr", 71),
    ("un million et demi de morts", "fr", 1_500_000),
    ("un demi-million de morts", "fr", 500_000),
    ("полтора миллиона человек", "ru", 1_500_000),
    ("около полутора миллионов человек", "ru", 1_500_000),
    ("полмиллиона человек", "ru", 500_000),
    ("два с половиной миллиона человек", "ru", 2_500_000),
    ("двухсот тридцати пяти человек", "ru", 235),
    ("2,3 млн человек", "ru", 2_300_000),
    ("пів мільйона людей", "uk", 500_000),
    ("півмільйона людей", "uk", 500_000),
    ("півтора мільйона людей", "uk", 1_500_000),
    ("двісті п’ятдесят людей", "uk", 250),
    ("廿一人", "zh", 21),
    ("三百二十万人", "zh", 3_200_000),
    ("三万五千人", "zh", 35_000),
    ("一亿两千万人", "zh", 120_000_000),
    ("一点五亿人", "zh", 150_000_000),
    ("12万人", "zh", 120_000),
    ("dreihundert Tote", "de", 300),
    ("einundzwanzig Tote", "de", 21),
    ("anderthalb Millionen Menschen", "de", 1_500_000),
    ("eine halbe Million Menschen", "de", 500_000),
    ("1,5 Mio. Menschen", "de", 1_500_000),
    ("half a million people", "en", 500_000),
    ("one and a half million people", "en", 1_500_000),
    ("a million and a half people", "en", 1_500_000),
    ("two hundred and fifty thousand people", "en", 250_000),
    ("a hundred people", "en", 100),
]


def sentence(text: str, lang: str) -> AnalyzedSentence:
    nothing = np.zeros((0, 2), dtype=np.float32)
    return AnalyzedSentence(
        text, lang, SentenceWords(np.zeros((0, 2), dtype=np.int64), nothing, nothing[:, 0])
    )


@pytest.mark.parametrize(("text", "lang", "value"), SAME)
def test_alignment_and_search_see_the_value(text: str, lang: str, value: int) -> None:
    assert [key for key, _, _ in find_numbers(text, lang)] == [f"n:{value}"]
    assert f"n:{value}" in {anchor.key for anchor in find_anchors(text, lang)}
    assert number_keys(text, lang) == {str(value)} == number_keys(f"{value:,} dead", "en")


@pytest.mark.parametrize(("text", "lang", "value"), SAME)
def test_differences_and_translations_see_no_other_number(text: str, lang: str, value: int) -> None:
    digits = f"{value:,} dead"
    one, other = sentence(text, lang), sentence(digits, "en")
    for here, there in ((one, other), (other, one)):
        assert find_unmatched(SentencePair(here, there, np.zeros((0, 0), dtype=np.float32)), "number") == []
    assert missing_numbers(digits, text, "en", lang) == ()
    assert missing_numbers(text, digits, lang, "en") == ()


def test_search_ranks_by_the_value() -> None:
    query = asked("quatre-vingts morts", "fr").encoded_text
    said = [asked(text, "en").encoded_text for text in ("80 dead", "84 dead", "nobody died")]
    nothing = np.zeros(3, np.float32)
    found = Candidates([one.text for one in said], ["en"] * 3, [one.tokens for one in said], nothing, nothing)
    assert compute_features(query, found)[:, 4].tolist() == [1, -1, -0.5], (
        "shared less half of what one has alone"
    )


@pytest.mark.parametrize(
    ("text", "lang", "digits"),
    [
        ("quatre-vingts morts", "fr", "84 dead"),
        ("полтора миллиона", "ru", "2.5 million"),
        ("三百二十万人", "zh", "320,000 dead"),
        ("einundzwanzig Tote", "de", "27 dead"),
        ("пів мільйона", "uk", "3 million"),
    ],
)
def test_another_number_stays_another(text: str, lang: str, digits: str) -> None:
    pair = SentencePair(sentence(text, lang), sentence(digits, "en"), np.zeros((0, 0), dtype=np.float32))
    assert find_unmatched(pair, "number")
    assert missing_numbers(digits, text, "en", lang)
    assert number_keys(text, lang).isdisjoint(number_keys(digits, "en"))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("One of them, a pair of hundreds of thousands", "en"),
        ("the third of May, the second half", "en"),
        ("Hunderte; ein Mann, eine Frau", "de"),
        ("des milliers, une centaine", "fr"),
        ("десятки тысяч, миллионы", "ru"),
        ("сотні тисяч", "uk"),
        ("四川三峡，万一，十分，两三个，十四五规划，第三，五月，周二", "zh"),
    ],
)
def test_what_may_be_no_number_is_not_taken_for_one(text: str, lang: str) -> None:
    assert [one for one in find_word_numbers(text, lang) if one.exact] == []


@pytest.mark.parametrize(
    ("text", "lang", "keys"),
    [
        ("thirty percent", "en", ["%:30"]),
        ("百分之三十", "zh", ["%:30"]),
        ("百分之三点五", "zh", ["%:3.5"]),
        ("тридцать процентов", "ru", ["%:30"]),
        ("nineteen eighty-four", "en", ["n:1984"]),
        ("二〇二四年", "zh", ["n:2024"]),
        ("five to seven million", "en", ["n:7000000"]),
        ("three, four", "en", ["n:3", "n:4"]),
        ("2 万, 3 月", "zh", ["n:20000", "m:3"]),
    ],
)
def test_kinds_years_and_ranges_in_words(text: str, lang: str, keys: list[str]) -> None:
    assert [key for key, _, _ in find_numbers(text, lang)] == keys


def test_what_is_no_value_counts_as_it_is_written() -> None:
    assert number_keys("1,200 of 3.5, at 10:30 in an F-16", "en") == {"1200", "3.5", "10", "30", "16"}
    assert number_keys("1,5", "xx") == {"1,5"}


def test_a_third_is_three_everywhere() -> None:
    said = [("a third", "en"), ("un tiers", "fr"), ("ein Drittel", "de"), ("треть", "ru"), ("третина", "uk")]
    for text, lang in [*said, ("三分之一", "zh")]:
        assert Decimal(3) in {one.value for one in find_word_numbers(text, lang)}, text


@given(st.integers(2, 10**12 - 1), st.sampled_from(LANGUAGES))
def test_any_number_in_words_is_read_as_one(value: int, lang: str) -> None:
    text = num2words(value, lang=lang).replace(",", "")
    (found,) = find_word_numbers(text, lang)
    assert found.value == value
    assert (found.start, found.end, found.exact) == (0, len(text), True)
    assert value in possible_values(text, lang)


def chinese(value: int) -> str:
    """A number in Chinese numerals, as people write it."""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            times, rest = divmod(value, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return f"{chinese(times)}{name}{gap}{chinese(rest) if rest else ''}"
    return "零一二三四五六七八九"[value]


@given(st.integers(11, 10**11))
def test_any_number_in_chinese_numerals_is_read_as_one(value: int) -> None:
    (found,) = find_word_numbers(f"{chinese(value)}人", "zh")
    assert found.value == value
    assert found.exact


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES, "zh", "ja", "xx"]))
def test_numbers_lie_in_the_text_in_order(text: str, lang: str) -> None:
    found = find_word_numbers(text, lang)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.value >= 0 for one in found)


_HEAP = """two and a half hundred million et demi vingt quatre mille cent un полтора с половиной тысяча пів
eine halbe Million drei einundzwanzig одна сто dozen"""
WORDS = st.lists(st.sampled_from(_HEAP.split()), max_size=8)


@given(WORDS, st.sampled_from(LANGUAGES))
def test_any_heap_of_number_words_is_read(words: list[str], lang: str) -> None:
    text = " ".join(words)
    spans = [(one.start, one.end) for one in find_word_numbers(text, lang)]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_letters_that_grow_when_small_move_nothing() -> None:
    text = "İİİ twenty-five decades"
    assert [text[one.start : one.end] for one in find_word_numbers(text, "en")] == ["twenty-five"]
    assert [text[one.start : one.end] for one in find_loose_numbers(text, "en")] == [
        "twenty",
        "five",
        "decades",
    ]
