"""Who is said to have said what, by rules for six languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.attribution.finding import find_attributions
from crosslingual.language.attribution_rules import RULES_PATH, load_attribution_rules

LANGUAGES = ("en", "ru", "uk", "de", "fr", "zh")


def told(text: str, lang: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of each attribution, parts joined by a bar."""
    return [
        tuple(
            "|".join(text[start:end] for start, end in spans) for spans in (one.source, one.cue, one.content)
        )  # type: ignore[misc]
        for one in find_attributions(text, lang)
    ]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "The mayor said that the bridge would reopen.",
            ("The mayor", "said", "that the bridge would reopen"),
        ),
        ("en", "The bridge would reopen, the mayor said.", ("the mayor", "said", "The bridge would reopen")),
        (
            "en",
            "The bridge would reopen soon, said Anna Roth.",
            ("Anna Roth", "said", "The bridge would reopen soon"),
        ),
        ("en", "The bridge, she added, would reopen.", ("she", "added", "The bridge|would reopen")),
        (
            "en",
            "According to the harbour office, two ships sank.",
            ("the harbour office", "According to", "two ships sank"),
        ),
        (
            "en",
            "Two ships sank, according to the harbour office.",
            ("the harbour office", "according to", "Two ships sank"),
        ),
        (
            "en",
            "Roth, the head of the port, has warned that a storm is near.",
            ("Roth, the head of the port,", "has warned", "that a storm is near"),
        ),
        ("en", "“We shall rebuild it,” Mr. Roth said.", ("Mr. Roth", "said", "“We shall rebuild it,”")),
        ("en", "As the ministry says, grain is scarce.", ("the ministry", "says", "grain is scarce")),
        ("ru", "Мэр заявил, что мост откроют осенью.", ("Мэр", "заявил", "что мост откроют осенью")),
        ("ru", "По словам Орловой, мост откроют осенью.", ("Орловой", "По словам", "мост откроют осенью")),
        ("ru", "По его данным, паром стоит в порту.", ("его", "По|данным", "паром стоит в порту")),
        ("ru", "«Мы откроем мост», — пообещала Орлова.", ("Орлова", "пообещала", "«Мы откроем мост»")),
        ("ru", "Как сообщает газета, паром стоит в порту.", ("газета", "сообщает", "паром стоит в порту")),
        (
            "ru",
            "«Паром стоит в порту», — уточнили в ведомстве.",
            ("ведомстве", "уточнили", "«Паром стоит в порту»"),
        ),
        ("uk", "Мер заявив, що міст відкриють восени.", ("Мер", "заявив", "що міст відкриють восени")),
        (
            "uk",
            "За словами Орлової, міст відкриють восени.",
            ("Орлової", "За словами", "міст відкриють восени"),
        ),
        (
            "de",
            "Die Bürgermeisterin sagte, dass die Brücke öffnet.",
            ("Die Bürgermeisterin", "sagte", "dass die Brücke öffnet"),
        ),
        (
            "de",
            "Nach Angaben der Polizei sind zwei Schiffe gesunken.",
            ("Polizei", "Nach Angaben der", "sind zwei Schiffe gesunken"),
        ),
        (
            "fr",
            "La maire a déclaré que le pont rouvrirait.",
            ("La maire", "a déclaré", "que le pont rouvrirait"),
        ),
        ("fr", "Selon la police, deux navires ont coulé.", ("la police", "Selon", "deux navires ont coulé")),
        ("zh", "市长张华3日表示，大桥将于秋季开放。", ("市长张华", "表示", "大桥将于秋季开放")),
        ("zh", "据当地媒体5日报道，两艘船沉没。", ("当地媒体", "据|报道", "两艘船沉没")),
        ("zh", "“我们会重建大桥”，市长说。", ("市长", "说", "“我们会重建大桥”")),
    ],
)
def test_frames_of_all_orders_are_read(lang: str, text: str, expected: tuple[str, str, str]) -> None:
    assert told(text, lang) == [expected]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The bridge reopened on Monday."),
        ("en", "The claims were settled, and the report was long."),
        ("en", "Many states lie on the coast."),
        ("ru", "Мост открыли в понедельник."),
        ("ru", "Мэр объявил о закрытии моста."),
        ("zh", "大桥于周一开放。"),
        ("zh", "市长签署了命令，船只离开港口。"),
        ("de", "Die Brücke wurde am Montag geöffnet."),
        ("fr", "Le pont a rouvert lundi."),
        ("uk", "Міст відкрили в понеділок."),
    ],
)
def test_what_a_text_says_itself_is_nobodys(lang: str, text: str) -> None:
    assert told(text, lang) == []


def test_more_that_a_speaker_says_is_an_attribution_of_its_own() -> None:
    assert told("The mayor said the bridge was safe, adding that the ferry would run.", "en") == [
        ("The mayor", "said", "the bridge was safe"),
        ("The mayor", "adding", "that the ferry would run"),
    ]
    assert told("市长表示，大桥安全，并称渡轮将继续运行。", "zh") == [
        ("市长", "表示", "大桥安全"),
        ("市长", "称", "渡轮将继续运行"),
    ]


def test_a_quotation_goes_on_behind_its_frame_in_the_same_paragraph_only() -> None:
    text = "“The bridge is safe,” Roth said. “It will stand for years.”\n\n“Nobody believes it,” she wrote."
    assert told(text, "en") == [
        ("Roth", "said", "“The bridge is safe,”|“It will stand for years.”"),
        ("she", "wrote", "“Nobody believes it,”"),
    ]


def test_what_a_medium_tells_of_a_speaker_is_both_ones() -> None:
    assert told("据港口电台报道，市长张华表示，大桥将开放。", "zh") == [
        ("港口电台", "据|报道", "市长张华表示，大桥将开放"),
        ("市长张华", "表示", "大桥将开放"),
    ]


def test_words_that_run_together_are_read_and_keep_their_places() -> None:
    assert told("Паром стоит в порту,сообщаетReuters.", "ru") == [
        ("Reuters", "сообщает", "Паром стоит в порту")
    ]


def test_a_wish_is_no_report() -> None:
    (wish,) = find_attributions("The mayor supports the new bridge.", "en")
    (report,) = find_attributions("The mayor says the bridge is new.", "en")
    assert (wish.is_report, report.is_report) == (False, True)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The ministry denied that the bridge was hit."),
        ("en", "The mayor did not say that the bridge was closed."),
        ("en", "The mayor didn't say that the bridge was closed."),
        ("en", "Nobody said that the bridge was closed."),
        ("en", "No official said that the bridge was closed."),
        ("en", "Roth told nobody that the bridge was closed."),
        ("en", "Russia has said nothing about the old bridge."),
        ("en", "If the mayor said that the bridge was closed, few heard it."),
        ("en", "It is said that the bridge was closed."),
        ("en", "The bridge is said to be closed."),
        ("ru", "Минобороны опровергло, что мост закрыт."),
        ("ru", "Министр отрицает, что мост закрыт."),
        ("ru", "Мэр не говорил, что мост закрыт."),
        ("ru", "Никто не сообщил, что мост закрыт."),
        ("ru", "Если мэр сказал, что мост закрыт, его закрыли."),
        ("ru", "Мэр сказал бы, что мост закрыт."),
        ("uk", "Міністр заперечує, що міст закрито."),
        ("uk", "Мер не сказав, що міст закрито."),
        ("uk", "Ніхто не повідомив, що міст закрито."),
        ("uk", "Якщо мер сказав, що міст закрито, його закрили."),
        ("de", "Das Ministerium bestritt, dass die Brücke geschlossen ist."),
        ("de", "Die Bürgermeisterin sagte nicht, dass die Brücke geschlossen ist."),
        ("de", "Das Amt bestätigte am Montag nicht, dass die Brücke geschlossen ist."),
        ("de", "Niemand sagte, dass die Brücke geschlossen ist."),
        ("de", "Wenn die Bürgermeisterin sagt, dass die Brücke geschlossen ist, stimmt es."),
        ("de", "Es heißt, dass die Brücke geschlossen ist."),
        ("fr", "Le ministère dément que le pont soit fermé."),
        ("fr", "La maire n'a pas dit que le pont était fermé."),
        ("fr", "Personne n'a dit que le pont était fermé."),
        ("fr", "Si la maire dit que le pont est fermé, elle a raison."),
        ("fr", "Il est dit que le pont est fermé."),
        ("zh", "国防部否认大桥被击中。"),
        ("zh", "市长没有表示大桥将关闭。"),
        ("zh", "市长未表示大桥将关闭。"),
        ("zh", "市长并未证实大桥已经关闭。"),
        ("zh", "市长没有向记者透露大桥何时开放。"),
        ("zh", "没有人说大桥将关闭。"),
        ("zh", "市长从未表示大桥将关闭。"),
        ("zh", "市长拒绝证实大桥将关闭。"),
        ("en", "The mayor has not confirmed that the bridge was closed."),
        ("en", "The mayor left without saying that the bridge was closed."),
        ("de", "Die Bürgermeisterin hat nie gesagt, dass die Brücke geschlossen ist."),
        ("fr", "Aucun ministre n'a confirmé que le pont était fermé."),
        ("uk", "Мер сказав би, що міст закрито."),
        ("zh", "如果市长表示大桥将关闭，船只就会离开。"),
    ],
)
def test_what_is_denied_negated_or_supposed_is_no_report(lang: str, text: str) -> None:
    assert [one.is_report for one in find_attributions(text, lang)] == [False]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The mayor not only said that the bridge was closed, he closed it."),
        ("en", "The mayor said not all of the bridge was closed."),
        ("en", "It said that the bridge was closed."),
        ("ru", "Мэр не только сказал, что мост закрыт, он закрыл его."),
        ("de", "Die Bürgermeisterin sagte, dass die Brücke nicht geschlossen ist."),
        ("fr", "Il dit que le pont n'est pas fermé."),
        ("uk", "Мер сказав, що міст не закрито."),
        ("zh", "市长不断表示大桥安全。"),
        ("zh", "市长不得不承认大桥不安全。"),
        ("zh", "市长反驳称，大桥安全。"),
        ("zh", "他说明天大桥将开放。"),
        ("zh", "他说不会关闭大桥。"),
        ("zh", "他说法国人离开了港口。"),
        ("zh", "无人机操作员表示大桥安全。"),
        ("fr", "Le maire s'est dit convaincu que le pont est fermé."),
        ("de", "Es wird schneien, sagte die Bürgermeisterin am Montag."),
    ],
)
def test_a_negation_elsewhere_leaves_a_report(lang: str, text: str) -> None:
    assert [one.is_report for one in find_attributions(text, lang)] == [True]


def test_a_subject_that_is_nobody_is_no_source() -> None:
    assert [one[0] for one in told("It is said that the bridge was closed.", "en")] == [""]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The storm claimed 20 lives on Monday."),
        ("en", "Divers found 20 kilograms of grain."),
        ("en", "Footage showed smoke over the port."),
        ("en", "He knows the city very well."),
        ("ru", "Кассир считает деньги в порту."),
        ("ru", "Мэр передал ключи новому владельцу."),
        ("de", "Am Montag teilten die Schüler ihr Brot mit den Kindern."),
        ("uk", "Мер передав ключі новому власнику."),
        ("zh", "他是一位小说家，住在港口。"),
        ("zh", "一般来说，大桥在秋季开放。"),
        ("zh", "总的来说，大桥很重要。"),
        ("zh", "对我来说大桥很重要。"),
        ("zh", "换句话说，大桥已经关闭。"),
        ("zh", "这可以说是最大的桥。"),
        ("zh", "两人称兄道弟，一起离开港口。"),
        ("zh", "这说明大桥很重要。"),
        ("zh", "港口冲突：大桥被毁。"),
        ("zh", "时间：周一上午九点。"),
        ("zh", "责任编辑：张华。"),
        ("zh", "来源：港口日报。"),
        ("zh", "记者：张华。"),
        ("zh", "快讯：大桥被毁。"),
    ],
)
def test_objects_set_phrases_and_topics_are_no_speech(lang: str, text: str) -> None:
    assert told(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "source"),
    [
        ("en", "The mayor claimed on Monday that ships had left.", "The mayor"),
        ("en", "Two ships had left, Roth claimed.", "Roth"),
        ("ru", "Мэр считает, что мост закрыт.", "Мэр"),
        ("de", "Die Polizei teilte am Montag mit, dass die Brücke geschlossen ist.", "Die Polizei"),
        ("de", "Die Brücke ist geschlossen, teilte die Polizei mit.", "die Polizei"),
        ("zh", "普京：大桥将重建。", "普京"),
        ("zh", "国防部：大桥将重建。", "国防部"),
        ("zh", "港口晚报：大桥将重建。", "港口晚报"),
    ],
)
def test_the_same_words_with_a_clause_are_speech(lang: str, text: str, source: str) -> None:
    assert [one[0] for one in told(text, lang)] == [source]


@pytest.mark.parametrize(
    ("lang", "text", "source"),
    [
        ("en", "Old harbour bridge partially destroyed – Kherson", ""),
        ("en", "Old harbour bridge partially destroyed – Kherson mayor", "Kherson mayor"),
        ("en", "Old harbour bridge partially destroyed – Harbour war briefing", ""),
        ("ru", "Мост в порту частично разрушен — Керчь", ""),
        ("en", "Old harbour bridge partially destroyed – mayor", "mayor"),
        ("en", "Old harbour bridge partially destroyed – Roth", "Roth"),
        ("ru", "Мост в порту частично разрушен — СМИ", "СМИ"),
        ("en", "Old harbour bridge partially destroyed – live updates", ""),
        ("en", "The Old Harbour Bridge And The Sea – Photos", ""),
        ("en", "The bridge – the old one – was destroyed.", ""),
    ],
)
def test_a_headline_may_end_with_who_says_so(lang: str, text: str, source: str) -> None:
    assert [one[0] for one in told(text, lang)] == ([source] if source else [])


def test_a_language_without_rules_has_no_attributions() -> None:
    assert find_attributions("El alcalde dijo que el puente abriría.", "es") == []


@given(
    st.sampled_from(LANGUAGES),
    st.text(alphabet="ab ,.:;\"'“”«»—-()\nсказал said что that 据报道称，。他", max_size=300),
)
def test_spans_are_in_order_and_within_the_text(lang: str, text: str) -> None:
    for one in find_attributions(text, lang):
        for spans in (one.source, one.cue, one.content):
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert list(spans) == sorted(spans)


def test_every_word_of_the_rules_may_be_found() -> None:
    assert Path(RULES_PATH).is_file()
    for lang in LANGUAGES[:-1]:
        rules = load_attribution_rules(lang)
        assert rules is not None
        for words in (rules.linkers, rules.pronouns, rules.as_words, rules.openers):
            assert words
            assert all(word == word.lower() for word in words)
        assert rules.firm_linkers <= rules.linkers
