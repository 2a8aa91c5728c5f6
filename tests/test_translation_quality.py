from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosslingual.language.number_words import possible_values
from crosslingual.translation.quality import ISSUE_LABELS, find_issues, format_issue, translation_cosines
from crosslingual.translation.quality.limits import find_limits, fit_limits, length_deviation
from crosslingual.translation.quality.repetition import find_repetition, find_untranslated_span
from crosslingual.translation.quality.values import missing_numbers


def one(src: str, tgt: str, langs: str, cosine: float = 0.9) -> tuple[str, ...]:
    src_lang, tgt_lang = langs.split("-")
    return find_issues([src], [tgt], src_lang, tgt_lang, np.asarray([cosine], np.float32))[0]


RU = "Президент Трамп заявил в Женеве, что Китай купит 1,5 млн тонн пшеницы до 2025 года."
EN = "President Trump said in Geneva that China would buy 1.5 million tonnes of wheat by 2025."
ZH = "特朗普总统在日内瓦表示，中国将在2025年之前购买150万吨小麦。"


@pytest.mark.parametrize(
    ("src", "tgt", "langs"),
    [(RU, EN, "ru-en"), (ZH, EN, "zh-en"), (EN, ZH, "en-zh"), (EN, RU, "en-ru"), (ZH, RU, "zh-ru")],
)
def test_a_good_translation_raises_no_doubt(src: str, tgt: str, langs: str) -> None:
    assert one(src, tgt, langs) == ()


@pytest.mark.parametrize(
    ("src", "tgt", "langs", "doubt"),
    [
        (RU, EN.replace("1.5 million", "15 million"), "ru-en", "numbers:1,5 млн missing; 15 million added"),
        (RU, EN.replace(" by 2025", ""), "ru-en", "numbers:2025 missing"),
        (ZH, EN.replace("2025", "2035"), "zh-en", "numbers:2025 missing; 2035 added"),
        (EN, ZH.replace("150万", "150亿"), "en-zh", "numbers:1.5 million missing; 150亿 added"),
        (RU, EN.replace("Trump", "Johnson"), "ru-en", "names:Трамп"),
        (RU, EN.replace("China", "Japan"), "ru-en", "names:Китай"),
        (ZH, EN.replace("China", "Japan"), "zh-en", "names:中国"),
        (ZH, EN.replace("Trump", "特朗普"), "zh-en", "copied:特朗普"),
        (RU, EN.replace("wheat", "пшеницы"), "ru-en", "copied:пшеницы"),
        (RU, EN[:-1] + " of wheat by 2025" * 3, "ru-en", "repetition:of wheat by 2025"),
    ],
)
def test_a_fault_is_named_and_nothing_else(src: str, tgt: str, langs: str, doubt: str) -> None:
    assert [found for found in one(src, tgt, langs) if not found.startswith("length")] == [doubt]


def test_a_cut_or_a_long_translation_is_doubted_by_its_length() -> None:
    assert "length:too short" in one(RU, "President Trump.", "ru-en")
    assert "length:too long" in one("Трамп в Пекине.", EN, "ru-en")
    assert one(RU, " \n", "ru-en") == ("length:empty",)


def test_chinese_news_may_grow_more_than_chinese_that_is_a_translation() -> None:
    src = "谈话还说，日方由此把自己推上国际被告席，势必长期遭到国际社会谴责。"
    tgt = (
        "The remarks also said that the Japanese side has thereby put itself in the international dock and "
        "is bound to be condemned by the international community for a long time to come."
    )
    assert one(src, tgt, "zh-en") == ()
    assert one(tgt, src, "en-zh") == ("length:too short",)


def test_a_low_cosine_is_doubted_and_none_is_not() -> None:
    assert one(RU, EN, "ru-en", 0.1) == ("meaning",)
    assert one(RU, EN, "ru-en", math.nan) == ("meaning",)
    assert find_issues([RU], [EN], "ru", "en", None) == [()]
    assert find_limits("zh", "en").min_cosine < find_limits("de", "en").min_cosine, "Chinese lies further off"


@pytest.mark.parametrize(
    ("src", "tgt", "langs"),
    [
        ("三名学生，25岁", "Three students aged twenty-five", "zh-en"),
        ("12 человек", "A dozen people", "ru-en"),
        ("20 человек", "二十人", "ru-zh"),
        ("In the 19th century", "В XIX веке", "en-ru"),
        ("In the 1960s", "在20世纪60年代", "en-zh"),
        ("25 Menschen", "Twenty-five people", "de-en"),
        ("Fünfundzwanzig Menschen", "25 people", "de-en"),
        ("5 to 7 million", "500万至700万", "en-zh"),
        ("1.25 亿英镑", "£125m", "zh-en"),
        ("в 19:30", "at 7:30 p.m.", "ru-en"),
        ("5月16日", "on May 16", "zh-en"),
        ("二〇二四年", "2024", "zh-en"),
        ("增长近1.7倍", "grew by nearly 170 per cent", "zh-en"),
        ("50 %", "половина", "en-ru"),
        ("about 1.5 million", "около полутора миллионов", "en-ru"),
        ("В 10.30 утра", "at 10:30 a.m.", "ru-en"),
        ("20 Billionen Yuan", "20 trillion yuan", "de-en"),
        ("涨幅达两成", "rose by 20 percent", "zh-en"),
        ("三成五的船停航", "35 % судов", "zh-ru"),
        ("降了3成", "um 30 Prozent gesunken", "zh-de"),
        ("两成员国共有12艘船", "two member states with 12 ships", "zh-en"),
        ("150 судов", "полтораста судов", "ru-ru"),
        ("at 10:30", "十点半", "en-zh"),
        ("um 9.05 Uhr", "at 9:05 a.m.", "de-en"),
    ],
)
def test_a_number_may_be_written_in_any_way(src: str, tgt: str, langs: str) -> None:
    src_lang, tgt_lang = langs.split("-")
    assert missing_numbers(src, tgt, src_lang, tgt_lang) == ()
    assert missing_numbers(tgt, src, tgt_lang, src_lang) == ()


@pytest.mark.parametrize(
    ("src", "tgt", "langs", "gone"),
    [
        ("20 Billionen Yuan", "20 billion yuan", "de-en", "20 Billionen"),
        ("rose by 30 percent", "涨幅达两成", "en-zh", "30 percent"),
        ("涨幅达两成", "rose by 30 percent", "zh-en", "两成"),
        ("um 9.05 Uhr", "at 9:15 a.m.", "de-en", "9.05"),
        ("80 dead", "quatre-vingt-dix morts", "en-fr", "80"),
        ("1.5 million", "полмиллиона", "en-ru", "1.5 million"),
        ("В 10.30 утра", "at 10:45 a.m.", "ru-en", "10.30"),
    ],
)
def test_another_number_is_lost(src: str, tgt: str, langs: str, gone: str) -> None:
    assert missing_numbers(src, tgt, *langs.split("-")) == (gone,)


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("三十五", "zh", 35),
        ("一百五十万", "zh", 1_500_000),
        ("廿一", "zh", 21),
        ("dreihundert", "de", 300),
        ("двести тридцать пять", "ru", 235),
        ("п'ятдесят", "uk", 50),
        ("XIV", "en", 14),
        ("two hundred and five", "en", 205),
        ("vingt-deux", "fr", 22),
    ],
)
def test_numbers_in_words_have_their_value(text: str, lang: str, value: int) -> None:
    assert value in possible_values(text, lang)


def test_repetition_is_told_from_emphasis() -> None:
    assert find_repetition("It is very, very, very good, again and again and again.") == ""
    assert find_repetition("no no no no") == "no"
    assert find_repetition("他说他说他说他说他说他说他说") != ""
    assert one("Нет, нет, нет, нет!", "No, no, no, no!", "ru-en") == ()


def test_names_and_quotations_are_not_copies() -> None:
    assert find_untranslated_span("Die Band Guns N Roses", "The band Guns N Roses", "de", "en") == ""
    assert find_untranslated_span("Donald Trump", "Donald Trump", "de", "en") == ""
    assert find_untranslated_span("он сказал, что БМВ", "he said that BMW", "ru", "en") == ""
    assert find_untranslated_span("он на пути в Киев", "він на шляху в Київ", "ru", "uk") == ""
    assert find_untranslated_span("Der Hund schläft heute", "The dog schläft heute nicht", "de", "en") == ""
    assert (
        find_untranslated_span(
            "Sie sind nicht wirklich blind.", "They sind nicht wirklich blind.", "de", "en"
        )
        != ""
    )
    assert find_untranslated_span("Sehr schlimm.", "Sehr schlimm.", "de", "en") == "Sehr schlimm"


def test_a_name_by_its_adjective_or_case_is_kept() -> None:
    for tgt in ("The Spanish minister met Zelensky.", "Spain's minister met Volodymyr Zelenskyy."):
        assert one("Министр Испании встретился с Зеленским.", tgt, "ru-en") == ()


def test_texts_of_one_language_and_unknown_languages_are_no_trouble() -> None:
    assert one("same", "same", "en-en", -1.0) == ()
    assert one("Habari za asubuhi, watu 25", "Good morning, 25 people", "sw-en") == ()
    assert one("Bula, 25", "Fiji and Japan, 25", "fj-en") == (), "Unicode's locale data lack it"
    assert one("", "", "zh-en", 0.0) == ()


def test_words_say_each_code_and_keep_the_detail() -> None:
    assert format_issue("numbers:1,500 missing") == "numbers differ: 1,500 missing"
    assert format_issue("meaning") == "may say something else"
    assert all(format_issue(code) != code for code in ISSUE_LABELS)
    assert format_issue("of a later version") == "of a later version"


@given(
    st.text(max_size=80), st.text(max_size=80), st.sampled_from(["zh-en", "ru-en", "en-zh", "de-ru", "xx-fr"])
)
@example("0", "\x1fA", "zh-en")
def test_whatever_the_texts_doubts_are_short_and_known(src: str, tgt: str, langs: str) -> None:
    for doubt in one(src, tgt, langs):
        assert doubt.partition(":")[0] in ISSUE_LABELS
        assert len(doubt) <= 60
        assert "\n" not in doubt


@pytest.mark.parametrize(
    "text", ["a " * 200_000, "1" * 300_000, "一" * 300_000, "1 " * 100_000, "Abc " * 90_000]
)
def test_very_long_texts_take_no_longer(text: str) -> None:
    one(text, text + "x", "zh-en")
    one(text, text + "x", "de-en")


def test_limits_are_those_of_the_translations_they_are_fitted_to() -> None:
    src = [f"слово {'и ' * n}" for n in range(1, 101)]
    tgt = [text * 2 for text in src]
    found = fit_limits(src, tgt, np.linspace(0, 1, 100, dtype=np.float32))
    assert found.log_ratio == pytest.approx(math.log(2), abs=0.01)
    assert found.max_deviation < 0.1
    assert found.min_cosine == pytest.approx(0.005, abs=0.006)
    assert length_deviation("a" * 50, "b" * 100, found.log_ratio) == pytest.approx(0, abs=0.05)
    assert find_limits("en", "ru").log_ratio == -find_limits("ru", "en").log_ratio


def test_cosines_are_of_each_pair() -> None:
    one_side, other = np.eye(3, dtype=np.float32), np.roll(np.eye(3, dtype=np.float32), 1, axis=0)
    assert translation_cosines(one_side, one_side).tolist() == [1, 1, 1]
    assert translation_cosines(one_side, other).tolist() == [0, 0, 0]
