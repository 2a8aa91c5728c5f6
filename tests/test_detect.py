from __future__ import annotations

import pytest

from crosslingual.language.detect import detect_language, detect_sentence_languages, resolve_language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("国家主席习近平16日在北京同俄罗斯总统普京（Vladimir Putin）会谈。", "zh"),
        ("習近平主席與普京總統舉行會談。", "zh"),
        ("プーチン大統領は北京で習近平国家主席と会談した。", "ja"),
        ("Президент России прибыл в Пекин, где его встретил председатель КНР. Это его первый визит.", "ru"),
        ("Президент України зустрівся у Києві з міністрами.", "uk"),
        ("Прэзідэнт Беларусі сустрэўся ў Мінску з міністрамі і паслом.", "be"),
        ("Президентът на България се срещна в София с министрите и каза, че няма да подпише.", "bg"),
        ("Қазақстан президенті Астанада министрлермен кездесті.", "kk"),
        ("Chinas Staatschef hat in Peking den russischen Präsidenten empfangen.", "de"),
        ("Le président chinois a reçu à Pékin son homologue russe.", "fr"),
        ("China's president received his Russian counterpart in Beijing.", "en"),
        ("In 2012 China's president Xi (习近平) met with the Russian leader, officials said.", "en"),
        ("El presidente chino recibió en Pekín a su homólogo ruso.", "es"),
        ("NATO", None),
        ("NATO и ЕС", None),
        ("東京", None),  # in Japanese, too
        ("BREAKING: 北京", None),
        ("Zelensky Зеленський 泽连斯基", None),
        ("我们今天去了 the White House and met with the President", None),
        ("Москва, 16 мая.", None),
        ("16.05.2024", None),
        ("", None),
    ],
)
def test_languages_are_told_apart_or_left_open(text: str, lang: str | None) -> None:
    assert detect_language(text) == lang


def test_what_a_page_says_of_its_language_counts_where_its_text_does_not() -> None:
    assert resolve_language("国家主席习近平16日在北京同俄罗斯总统普京会谈。", "en-US") == "zh"
    assert resolve_language("NATO", "de-DE") == "de"
    assert resolve_language("NATO", "template") == ""


QUOTED = {
    "zh": "国家主席习近平16日在北京同俄罗斯总统普京会谈。",
    "ru": "Президент прибыл в столицу, где его встретили министры, и он сказал, что всё было хорошо.",
    "uk": "Президент прибув до столиці, де його зустріли міністри, і він сказав, що все було добре.",
    "en": "The president arrived in the capital, where he was received by the ministers of both states.",
    "de": "Der Präsident traf in der Hauptstadt ein, wo ihn die Minister beider Staaten empfingen.",
    "fr": "Le président est arrivé dans la capitale, où il a été reçu par les ministres des deux États.",
}


@pytest.mark.parametrize("article", QUOTED)
def test_a_quotation_in_another_language_is_told(article: str) -> None:
    own = QUOTED[article]
    for lang, sentence in QUOTED.items():
        assert detect_sentence_languages(article, [own, sentence, own]) == [article, lang, article]


@pytest.mark.parametrize(
    ("article", "sentence"),
    [
        ("ru", "NATO"),
        ("ru", "Apple, Google, Microsoft, Amazon."),
        ("ru", "– Да!"),
        ("zh", "iPhone 15 Pro Max"),
        ("zh", "Angela Merkel (CDU), Emmanuel Macron (LREM)."),
        ("zh", "BBC News, 16 May 2024"),
        ("en", "Xi (习近平) met Putin (Путин)."),
        ("en", "“Wir schaffen das.”"),
        ("de", "Make America Great Again!"),
        ("uk", "Слава!"),
        ("uk", "Москва, 16 мая."),
        ("no", "Presidenten ankom til hovedstaden, hvor han ble mottatt av ministrene fra begge land."),
        ("en", "https://www.example.org/das-ist-eine-lange-adresse-von-einem-artikel-ueber-etwas"),
        ("en", "16.05.2024, 12:30"),
        ("en", ""),
    ],
)
def test_a_sentence_that_says_too_little_is_in_its_articles_language(article: str, sentence: str) -> None:
    assert detect_sentence_languages(article, [sentence]) == [article]
