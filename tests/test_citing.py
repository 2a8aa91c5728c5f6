from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.citation_rules import load_citation_rules
from crosslingual.language.citing import find_cited_outlets
from crosslingual.language.national_media import national_media_label
from crosslingual.language.outlets import CITATION_LANGUAGES, OutletFinder, load_outlets
from crosslingual.sources.shipped import load_sources
from crosslingual.types import Source

FINDER = OutletFinder(load_sources().values())


def cited(text: str, lang: str, finder: OutletFinder = FINDER) -> list[tuple[str, str, bool]]:
    """Outlet, cue and doubt of each citation in a text."""
    return [
        (one.outlet or text[one.start : one.end], text[one.cue_start : one.cue_end], one.is_doubtful)
        for one in find_cited_outlets(text, lang, finder)
    ]


@pytest.mark.parametrize(
    ("lang", "text", "outlet", "cue"),
    [
        ("en", "The ferry sank within an hour, according to Kyodo.", "kyodo", "according to"),
        ("en", "Anadolu reported late on Sunday that the bridge had reopened.", "anadolu", "reported"),
        ("en", "Two engineers told the Associated Press the pump was old.", "ap", "told"),
        ("en", "The dam is safe, said the Straits Times.", "straits-times", "said"),
        ("en", "HARBOURTOWN, June 2 (Reuters) - The ferry sank.", "reuters", ") -"),
        ("en", "Iran's semi-official Tasnim, citing a fisherman, named the ship.", "tasnim", "citing"),
        ("ru", "Паром затонул за час, передаёт РИА Новости.", "ria", "передаёт"),
        ("ru", "По данным Укринформа, мост снова открыт.", "ukrinform", "По данным"),
        ("ru", "Инженер пояснил «Ведомостям», что насос старый.", "vedomosti", "пояснил"),
        ("ru", "Об этом со ссылкой на рыбака пишет газета «Известия».", "izvestia", "пишет"),
        ("ru", "Мост открыт, сообщает корреспондент ТАСС с берега.", "tass", "сообщает"),
        ("ru", "Накануне Reuters сообщал о тумане.", "reuters", "сообщал"),
        ("ru", "Паром старый (цитата по РИА Новости).", "ria", "цитата по"),
        ("ru", "Источники Bloomberg считают паром старым.", "bloomberg", "Источники"),
        ("ru", "Паром затонул,пишетБи-би-си со ссылкой на рыбака.", "bbc", "пишет"),
        ("ru", "КаксообщаетБи-би-си, паром затонул.", "bbc", "сообщает"),
        ("ru", "Паром затонул,сообщаетreuters.com.", "reuters", "сообщает"),
        ("ru", "О тумане написалоагентство Reuters.", "reuters", "написало"),
        ("en", "Earlier Reuters reported thick fog.", "reuters", "reported"),
        ("zh", "据美联社统计，已有三艘渡轮停航。", "ap", "据"),
        ("uk", "За даними Укрінформу, пором затонув.", "ukrinform", "За даними"),
        ("uk", "Міст відкрито, повідомляє «Українська правда».", "ukrainska-pravda", "повідомляє"),
        ("uk", "Інженер розповів Радіо Свобода про насос.", "radio-svoboda", "розповів"),
        ("de", "Laut dpa sank die Fähre binnen einer Stunde.", "dpa", "Laut"),
        ("de", "Das meldet am Abend die Nachrichtenagentur AFP.", "afp", "meldet"),
        ("de", "Der „Spiegel“ berichtet von einer alten Pumpe.", "spiegel", "berichtet"),
        ("de", "Reuters zufolge ist die Brücke wieder offen.", "reuters", "zufolge"),
        ("fr", "Selon l’AFP, le bac a coulé en une heure.", "afp", "Selon"),
        ("fr", "L’ingénieur a confié au Figaro que la pompe était vieille.", "lefigaro", "confié au"),
        ("fr", "Le pont est rouvert, rapporte l’agence Xinhua.", "xinhua", "rapporte"),
        ("zh", "据俄新社2日报道，渡轮一小时内沉没。", "ria", "据"),
        ("zh", "新华社援引工程师的话说，水泵已经老旧。", "xinhua", "援引"),
        ("zh", "渔民告诉美联社记者，他看见了那艘船。", "ap", "告诉"),
        ("zh", "德国《世界报》刊文说，大桥已重新开放。", "welt", "刊文"),
        ("zh", "据NHK报道，大桥已重新开放。", "nhk", "据"),
    ],
)
def test_a_cited_outlet_is_found_with_the_words_that_cite_it(
    lang: str, text: str, outlet: str, cue: str
) -> None:
    assert cited(text, lang) == [(outlet, cue, False)]


@pytest.mark.parametrize(
    ("lang", "text", "outlet"),
    [
        ("zh", "据挪威媒体5日报道，渡轮已经沉没。", "media:NO"),
        ("zh", "秘鲁媒体援引渔民的话报道了此事。", "media:PE"),
        ("en", "The ferry was old, Norwegian media reported.", "media:NO"),
        ("ru", "По данным норвежских СМИ, паром старый.", "media:NO"),
        ("uk", "За даними норвезьких ЗМІ, пором старий.", "media:NO"),
        ("de", "Norwegische Medien berichten von Nebel.", "media:NO"),
    ],
)
def test_the_media_of_a_country_are_cited_as_one_that_is_doubtful(lang: str, text: str, outlet: str) -> None:
    assert [(one, doubtful) for one, _, doubtful in cited(text, lang)] == [(outlet, True)]
    assert national_media_label(outlet).startswith("media of ")
    assert national_media_label("ap") == ""


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "После аварии в Норвегии СМИ не сообщали о ней."),
        ("en", "The Norwegian press conference was reported late."),
        ("zh", "挪威媒体人参加了渡轮首航。"),
        ("ru", "Позже Джон Рейтер сообщил о тумане."),
        ("en", "Crowds filled The Times Square until dawn, the mayor said."),
        ("en", "The sun said farewell to the harbour; time told its story."),
        ("en", "Thomson Reuters reported higher profits."),
        ("en", "Lawyers for Fox News asked for a later date."),
        ("en", "Mayor Michael Bloomberg said the ferry was old."),
        ("en", "He spoke about Reuters after he told the crew."),
        ("ru", "Правда говорит сама за себя."),
        ("ru", "Правда, сообщает порт, паром был старый."),
        ("ru", "Ведомости с оценками сообщают ученикам в июне."),
        ("ru", "Суд закрыл редакцию газеты «Известия»."),
        ("ru", "Он сообщил о закрытии телеканала RT."),
        ("uk", "Це правда, каже капітан."),
        ("de", "Das Bild berichtet nichts von der Fähre, sagte sie."),
        ("de", "Der Stern leuchtet, und die Zeit vergeht."),
        ("fr", "Le monde entier a dit sa peine."),
        ("fr", "Le point a été précisé par le maire."),
        ("zh", "两国发表联合报告，称渡轮老旧。"),
        ("zh", "据每日报告，雨下了三天。"),
        ("zh", "公司的共同社会责任报道很多。"),
        ("zh", "人民网友称大桥很美。"),
        ("zh", "据当地媒体报道，渡轮沉没。"),
    ],
)
def test_a_name_in_other_words_or_without_a_cue_cites_nobody(lang: str, text: str) -> None:
    assert cited(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "According to the Harbourtown Courier newspaper, the ferry was old.", "Harbourtown Courier"),
        ("ru", "Паром затонул, сообщает портал «Вести гавани».", "Вести гавани"),
        ("ru", "Мост открыт, пишет gavan-vesti.ru.", "gavan-vesti.ru"),
        ("de", "Laut der Zeitung „Hafenbote“ war die Fähre alt.", "Hafenbote"),
        ("fr", "Selon le quotidien « Le Courrier du port », le bac était vieux.", "Le Courrier du port"),
        ("zh", "据《海港晨报》报道，渡轮沉没。", "海港晨报"),
    ],
)
def test_an_outlet_in_no_list_is_doubtful(lang: str, text: str, name: str) -> None:
    assert [(outlet.strip(), doubt) for outlet, _, doubt in cited(text, lang)] == [(name, True)]


def test_who_speaks_for_an_outlet_is_doubtful_and_its_reporter_is_not() -> None:
    assert cited("Об этом сказал владелец телеканала РЕН ТВ.", "ru") == [("ren-tv", "сказал", True)]
    assert cited("Об этом сказал корреспонденту РЕН ТВ капитан.", "ru") == [("ren-tv", "сказал", False)]


def test_words_of_two_scripts_that_run_together_are_parted() -> None:
    for text in ("Мост открыт,сообщилоAnadolu.", "Anadoluсообщило, что мост открыт."):
        (found,) = find_cited_outlets(text, "ru", FINDER)
        assert text[found.start : found.end] == "Anadolu"
        assert text[found.cue_start : found.cue_end] == "сообщило"


def test_a_name_that_goes_on_is_doubtful() -> None:
    assert cited("По данным центра CBS-OPROS, паром любят.", "ru") == [("cbs", "По данным", True)]
    assert cited("He told the Reuters Institute of the ferry.", "en") == [("reuters", "told", True)]


def test_a_name_that_several_outlets_have_is_doubtful() -> None:
    for lang, text in (
        ("en", "The Times reported a fire."),
        ("ru", "Паром затонул, сообщает журнал «Экономист»."),
    ):
        assert [doubt for _, _, doubt in cited(text, lang)] == [True]


def test_a_newspaper_may_be_told_at_the_end_of_a_clause() -> None:
    told = (
        "Мост открыли, рассказал глава порта Малые Гавани Пётр Причальный вчера вечером газете «Ведомости»."
    )
    assert cited(told, "ru") == [("vedomosti", "рассказал", True)]


def test_an_unlisted_name_has_all_its_letters() -> None:
    assert cited("Об этом пишет газета România Curioasă.", "ru") == [("România Curioasă", "пишет", True)]


def test_all_outlets_of_a_list_are_cited() -> None:
    assert [one[0] for one in cited("据路透社、法新社和《卫报》报道，渡轮沉没。", "zh")] == [
        "reuters",
        "afp",
        "guardian",
    ]
    assert [one[0] for one in cited("Мост открыт, сообщают ТАСС и «Интерфакс».", "ru")] == [
        "tass",
        "interfax",
    ]


def test_an_outlet_that_a_sentence_names_twice_is_cited_once() -> None:
    assert len(cited("Reuters reported a fire, and two sailors told Reuters of smoke.", "en")) == 1


def test_sources_of_a_library_are_found_by_all_their_names() -> None:
    source = Source("gavan", "Вестник гавани", aliases=("Гавань сегодня",), domains=("gavan.example",))
    finder = OutletFinder([source])
    for name in ("Вестник гавани", "«Гавань сегодня»", "gavan.example"):
        assert cited(f"Мост открыт, сообщает {name}.", "ru", finder) == [("gavan", "сообщает", False)]
    assert cited("Мост открыт, сообщает Вестник гавани.", "ru") == []


def test_a_language_without_rules_has_no_citations() -> None:
    assert cited("Reuters reported a fire.", "sw") == []


def test_a_sure_name_is_that_of_one_outlet() -> None:
    owners: dict[tuple[str, str], str] = {}
    shared = [
        (lang, name.form, outlet)
        for outlet, forms in load_outlets().items()
        for lang, names in forms.items()
        for name in names
        if not name.is_ambiguous and owners.setdefault((lang, name.form), outlet) != outlet
    ]
    assert shared == []


def test_outlets_of_the_list_of_sources_have_their_ids() -> None:
    missing = {source.id for source in load_sources().values() if not source.demo} - load_outlets().keys()
    assert missing == set()


def test_every_language_has_rules() -> None:
    assert set(CITATION_LANGUAGES) == load_citation_rules().keys()


@pytest.mark.parametrize("lang", CITATION_LANGUAGES)
@pytest.mark.parametrize(
    "piece", ["ТАСС, ", "据新华社、", "«", "according to ", "газета «", "The Post ", "a.b."]
)
def test_a_hostile_sentence_is_bounded(lang: str, piece: str) -> None:
    text = piece * 20_000
    assert all(one.end <= 4_000 for one in find_cited_outlets(text, lang, FINDER))


@given(
    st.sampled_from(CITATION_LANGUAGES),
    st.lists(
        st.sampled_from(
            [
                "据",
                "新华社",
                "报道",
                "，",
                " ",
                "ТАСС",
                "сообщает",
                "Reuters",
                "told",
                "«",
                "»",
                ".",
                "(",
                ")",
            ]
        )
        | st.text(max_size=4),
        max_size=12,
    ),
)
def test_spans_are_in_the_sentence_and_apart(lang: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    last = 0
    for one in find_cited_outlets(text, lang, FINDER):
        assert last <= one.start < one.end <= len(text)
        assert 0 <= one.cue_start < one.cue_end <= len(text)
        assert one.cue_end <= one.start or one.cue_start >= one.end
        last = one.end
