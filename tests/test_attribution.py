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
    ("lang", "text", "source"),
    [
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
