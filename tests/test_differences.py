from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.align.space import Space
from crosslingual.framing.differences import TextWithLang, find_differences
from crosslingual.framing.word_vectors import WordEncoder
from tests.helpers.doubles import Letters, flat_space

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

ZH = ("外交部发言人周三表示，2.4万人已经离开该地区。", "zh")
RU = ("В среду представитель МИД заявил, что 24 тыс. человек уже покинули регион.", "ru")
EN = ("On Wednesday a foreign ministry spokesman said 24,000 people had already left the region.", "en")
DE = (
    "Am Mittwoch sagte ein Sprecher des Außenministeriums, 24.000 Menschen hätten die Region verlassen.",
    "de",
)
CHANGED = {
    "number": ("24,000", "2,400", "2,400 against 2.4万 (24,000)"),
    "date": ("Wednesday", "Friday", "Friday against 周三 (Wednesday)"),
    "negation": ("had already left", "had not left", "not: negated only here"),
    "attribution": ("said", "claimed", "claimed (doubting) against 表示 (neutral)"),
}


@pytest.fixture(scope="module")
def aligner(encoder: SentenceEncoder, demo_space: Space) -> WordEncoder:
    return WordEncoder(encoder, demo_space.tokens)


@pytest.mark.parametrize("kind", CHANGED)
def test_a_difference_is_named_and_shown(aligner: WordEncoder, kind: str) -> None:
    before, after, about = CHANGED[kind]
    changed = (EN[0].replace(before, after), "en")
    same, other = find_differences([(ZH, EN), (ZH, changed)], aligner)
    assert other.score > 0.5 > same.score
    assert max(other.kinds, key=other.kinds.__getitem__) == kind
    (span,) = (span for span in other.spans if span.kind == kind and span.side == 1)
    assert span.description == about
    assert changed[0][span.start : span.end] in after
    assert kind not in {span.kind for span in same.spans}


@pytest.mark.parametrize("pair", [(ZH, RU), (RU, EN), (DE, RU), (DE, ZH)])
def test_translations_have_no_named_difference(
    aligner: WordEncoder, pair: tuple[TextWithLang, TextWithLang]
) -> None:
    (found,) = find_differences([pair], aligner)
    assert found.score < 0.5
    assert {span.kind for span in found.spans} <= {"words"}


def test_another_name_stands_against_the_one_opposite(aligner: WordEncoder) -> None:
    there = ("Президент Трамп посетил Харьков в октябре.", "ru")
    (found,) = find_differences([(("President Biden visited Kharkiv in October.", "en"), there)], aligner)
    assert "Biden against Трамп" in {span.description for span in found.spans}
    (found,) = find_differences([(("President Larsen visited Kharkiv in October.", "en"), there)], aligner)
    assert "name" not in {span.kind for span in found.spans}, "nobody known in both scripts: not told"
    (found,) = find_differences(
        [(("President Clinton visited Kharkiv.", "en"), ("President Obama visited Kharkiv.", "en"))], aligner
    )
    assert "Clinton against Obama" in {span.description for span in found.spans}
    (found,) = find_differences([(("President Trump visited Berlin in October.", "en"), there)], aligner)
    assert "Berlin against Харьков" in {span.description for span in found.spans}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("В четверг Си встретился с Путиным.", "ru"), ("On Thursday Xi met with Putin.", "en")),
        (
            ("Переговоры с Владимиром Медведевым шли весь день.", "ru"),
            ("Talks with Vladimir Medvedev.", "en"),
        ),
        (("В Минске говорили с Лукашенко.", "ru"), ("У Мінську говорили з Лукашенком.", "uk")),
    ],
)
def test_a_name_in_another_script_or_case_is_no_other_name(
    aligner: WordEncoder, one: TextWithLang, other: TextWithLang
) -> None:
    for pair in ((one, other), (other, one)):
        (found,) = find_differences([pair], aligner)
        assert "name" not in {span.kind for span in found.spans}, found.spans


def _named(aligner: WordEncoder, one: TextWithLang, other: TextWithLang) -> dict[str, bool]:
    """What is said of two sentences by kind and in words, from either side, with whether it is sure."""
    (found,) = find_differences([(one, other)], aligner)
    return {f"{span.kind}: {span.description}": span.is_sure for span in found.spans if span.kind != "words"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Kyiv turned down the offer on talks.", "en"), ("Ukraine turned down the offer on talks.", "en")),
        (("Пекин отклонил это предложение.", "ru"), ("China rejected this proposal.", "en")),
        (("Дамаск отклонил это предложение.", "ru"), ("Syria rejected this proposal.", "en")),
        (("大马士革拒绝了这一提议。", "zh"), ("Damascus rejected this proposal.", "en")),
        (("Брюссель отклонил предложение.", "ru"), ("The EU rejected the proposal.", "en")),
        (("Бои шли в секторе Газа.", "ru"), ("В Газе шли бои.", "ru")),
    ],
)
def test_a_country_and_its_city_are_no_different_names(
    aligner: WordEncoder, one: TextWithLang, other: TextWithLang
) -> None:
    assert not [about for about in _named(aligner, one, other) if about.startswith("name")]


def test_two_cities_of_one_country_are_different_names(aligner: WordEncoder) -> None:
    found = _named(aligner, ("Trains to Munich were late.", "en"), ("Trains to Berlin were late.", "en"))
    assert found["name: Munich against Berlin"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Четверть жителей уехала.", "ru"), ("25% of the residents left.", "en")),
        (("Drei Viertel der Bewohner gingen.", "de"), ("Ушли 75% жителей.", "ru")),
    ],
)
def test_a_share_in_words_is_no_count_of_its_parts(
    aligner: WordEncoder, one: TextWithLang, other: TextWithLang
) -> None:
    assert not [about for about in _named(aligner, one, other) if about.startswith("number")]


def test_numbers_stand_against_each_other_only_if_they_count_the_same(aligner: WordEncoder) -> None:
    same = _named(
        aligner,
        ("The blast at the mill killed 14 people.", "en"),
        ("При взрыве на мельнице погибли 17 человек.", "ru"),
    )
    assert same["number: 14 against 17"]
    for other in (
        "При взрыве на мельнице пострадали 17 человек.",
        "Взрыв на мельнице был слышен за 17 км.",
        "Мельница, где был взрыв, работала 17 лет.",
    ):
        apart = _named(aligner, ("The blast at the mill killed 14 people.", "en"), (other, "ru"))
        assert {"number: 14: only here", "number: 17: only here"} <= apart.keys(), other
        assert not any(apart.values())


def test_values_that_can_both_hold_do_not_stand_against_each_other(aligner: WordEncoder) -> None:
    found = _named(
        aligner, ("The storm killed more than 40 people.", "en"), ("The storm killed 43 people.", "en")
    )
    assert not any(" against " in about for about in found)


def test_a_date_is_one_thing_and_says_the_same_with_or_without_its_year(aligner: WordEncoder) -> None:
    short, long = ("Мост открыли 5 мая.", "ru"), ("Мост открыли 05.05.2021.", "ru")
    assert not _named(aligner, short, long)
    found = _named(aligner, short, ("Мост открыли 6 мая.", "ru"))
    assert found == {"date: 5 мая against 6 мая": True, "date: 6 мая against 5 мая": True}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a first name where the surname stands opposite, a word that begins a sentence, a title
        ("Отчёт составил министр Олег Кравец.", "Отчёт, по словам Кравца, готов."),
        ("Между тем отчёт готов, сказал Кравец.", "Напомним, отчёт готов, сказал Кравец."),
        ("Отчёт отверг Президент.", "Отчёт отверг Кравец."),
        # someone more, whom nobody stands for
        (
            "The report praised Trump for the new bridge over the river.",
            "A bridge that Biden had planned was praised.",
        ),
    ],
)
def test_a_name_more_is_no_name_against_another(aligner: WordEncoder, one: str, other: str) -> None:
    lang = "en" if one.isascii() else "ru"
    found = _named(aligner, (one, lang), (other, lang))
    assert not [about for about in found if about.startswith("name") and " against " in about], found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "5 people were killed at the station and 3 people were killed at the market.",
            "5 people were killed at the station and 7 people were killed at the harbour.",
        ),
        (
            "14 barns burned in the valley and 19 barns burned on the hill.",
            "14 barns burned in the valley and 25 barns burned by the lake.",
        ),
    ],
)
def test_a_value_beside_another_of_its_kind_is_not_sure(aligner: WordEncoder, one: str, other: str) -> None:
    assert not any(_named(aligner, (one, "en"), (other, "en")).values())


def test_nothing_but_one_value_against_another_is_sure(aligner: WordEncoder) -> None:
    for kind, (before, after, _) in CHANGED.items():
        changed = _named(aligner, ZH, (EN[0].replace(before, after), "en"))
        assert any(changed.values()) == (kind == "number"), kind


def test_a_clause_that_was_cut_is_shown_where_it_stands(aligner: WordEncoder) -> None:
    long = (
        EN[0].replace("region.", "region, while hospitals complained about a shortage of medicine."),
        "en",
    )
    (found,) = find_differences([(long, RU)], aligner)
    clauses = [span for span in found.spans if span.kind == "clause"]
    assert [span.side for span in clauses] == [0]
    assert "shortage of medicine" in long[0][clauses[0].start : clauses[0].end]


def test_hedges_are_told(aligner: WordEncoder) -> None:
    hedged = (EN[0].replace("had already", "may have"), "en")
    (found,) = find_differences([(RU, hedged)], aligner)
    assert "may: less sure here" in {span.description for span in found.spans}


def test_what_is_the_same_is_not_marked(aligner: WordEncoder) -> None:
    for found in find_differences([(ZH, ZH), (EN, EN)], aligner):
        assert found.score == 0
        assert found.spans == ()


def test_nothing_to_compare(aligner: WordEncoder) -> None:
    assert find_differences([], aligner) == []
    (found,) = find_differences([(("", "en"), ("…", "zh"))], aligner)
    assert found.spans == ()


_CELLS = st.tuples(
    st.text(max_size=60) | st.sampled_from([ZH[0], RU[0], EN[0], DE[0]]),
    st.sampled_from(["zh", "ru", "uk", "en", "de", "fr", "ja"]),
)


@settings(deadline=None)  # the lists are read when first asked for
@given(_CELLS, _CELLS)
def test_spans_lie_in_their_side_and_the_order_of_the_sides_is_nothing(
    one: TextWithLang, other: TextWithLang
) -> None:
    aligner = WordEncoder(Letters(), flat_space("m", 64).tokens)
    there, back = find_differences([(one, other), (other, one)], aligner)
    assert 0 <= there.score <= 1
    assert there.score == pytest.approx(back.score, abs=1e-5)
    for span in there.spans:
        assert 0 <= span.start < span.end <= len((one, other)[span.side][0])
    assert {(1 - span.side, span.start, span.end, span.kind) for span in there.spans} == {
        (span.side, span.start, span.end, span.kind) for span in back.spans
    }


@pytest.mark.parametrize(
    "text", ["not " * 5000, "1 " * 9000, "特朗普" * 4000, "Trump " * 4000, "a" * 20_000, "said " * 4000]
)
def test_a_sentence_without_end_takes_no_minute(text: str) -> None:
    aligner = WordEncoder(Letters(), flat_space("m", 64).tokens)
    pairs = [((text, "en"), (text + "x", "zh")), ((text, "ru"), ("He never denied it.", "en"))]
    assert len(find_differences(pairs, aligner)) == 2
