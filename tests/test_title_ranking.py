"""Which title an event goes by: what most sources tell, as no one's claim."""

from __future__ import annotations

import pytest

from crosslingual.events.title_ranking import _MARKED_WORDS, rank_titles
from crosslingual.library.events import EventEntry


def _entry(
    number: int, title: str, source: str = "", lang: str = "en", centrality: float = 1.0
) -> EventEntry:
    return EventEntry(number, f"a{number}", source or f"s{number}", lang, title, "2031-04-02", 1, centrality)


@pytest.mark.parametrize(
    ("lang", "claim", "told"),
    [
        ("en", "Ferry sunk by pirates off Malta – captain", "Ferry sinks off Malta with 40 aboard"),
        ("en", "Malta says pirates sank the ferry", "Ferry sinks off Malta with 40 aboard"),
        ("en", "Ferry off Malta sunk in ‘act of piracy’", "Ferry sinks off Malta with 40 aboard"),
        ("en", "Why did the ferry off Malta sink?", "Ferry sinks off Malta with 40 aboard"),
        ("ru", "Капитан: паром у Мальты потопили пираты", "Паром затонул у берегов Мальты"),
        ("ru", "Мальта обвинила пиратов в гибели парома", "Паром затонул у берегов Мальты"),
        ("zh", "马耳他称海盗击沉一艘渡轮", "一艘渡轮在马耳他附近海域沉没"),
    ],
)
def test_a_claim_of_one_names_no_event(lang: str, claim: str, told: str) -> None:
    entries = [_entry(1, claim, lang=lang, centrality=1.0), _entry(2, told, lang=lang, centrality=0.9)]
    assert rank_titles(entries)[0].title == told


def test_a_name_in_quotation_marks_is_no_claim() -> None:
    named, apart = "Паром «Северная звезда» затонул у Мальты", "Погода над Мальтой наладилась к вечеру"
    entries = [_entry(1, named, lang="ru", centrality=1.0), _entry(2, apart, lang="ru", centrality=0.95)]
    assert rank_titles(entries)[0].title == named


@pytest.mark.parametrize(
    "title",
    [
        "Malta's ferry sinks off Sicily's coast in a storm",
        "П'ять осіб загинули на об'єкті поблизу Мальти",
        "L'équipage quitte le ferry coulé près d'Otrante",
        "L’équipage quitte le ferry coulé près d’Otrante",
    ],
)
def test_apostrophes_are_no_quotation_marks(title: str) -> None:
    assert not _MARKED_WORDS.search(title)


@pytest.mark.parametrize(
    "quoted", ["'act of piracy'", "‘an officer’s act’", '"act of piracy"', "«un acte d'État»"]
)
def test_words_in_quotation_marks_are_marked(quoted: str) -> None:
    assert _MARKED_WORDS.search(f"Ferry sunk in {quoted} off Malta")


def test_a_title_that_most_sources_support_goes_before_a_more_central_one() -> None:
    entries = [
        _entry(1, "Crew of the lost ship had asked for new boats", centrality=1.0),
        _entry(2, "Ferry sinks off Malta in a storm", centrality=0.95),
        _entry(3, "Ferry with 40 aboard sinks off Malta", centrality=0.9),
        _entry(4, "У Мальты затонул паром", lang="ru", centrality=0.9),
    ]
    assert rank_titles(entries)[0].number in (2, 3)


def test_all_titles_stay_and_one_alone_is_first() -> None:
    entries = [_entry(number, f"Ferry news {number}", centrality=number) for number in range(30)]
    assert {one.number for one in rank_titles(entries)} == set(range(30))
    assert rank_titles(entries[:1]) == entries[:1]
    assert rank_titles([]) == []
