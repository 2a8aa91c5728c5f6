from __future__ import annotations

import pytest

from crosslingual.entities.linking import link_names
from crosslingual.entities.mentions import find_names
from crosslingual.entities.overview import choose_entity, find_by_name, make_overview
from crosslingual.entities.tagger import TaggedSpan
from crosslingual.entities.values import ArticleNames, Entity
from crosslingual.errors import NotFoundError
from crosslingual.language.known_names import EntityKind


def article(
    source: str, lang: str, *sentences: str, names: dict[str, EntityKind] | None = None
) -> ArticleNames:
    """An article whose ``names`` the tagger would tell, beside those of the list."""
    told = []
    for index, text in enumerate(sentences):
        free = text
        tagged = []
        for name, kind in (names or {}).items():  # whole names first
            if (start := free.find(name)) >= 0:
                tagged.append(TaggedSpan(start, start + len(name), kind, 0.99))
                free = free.replace(name, " " * len(name), 1)
        told += [(index, one, text[one.start : one.end]) for one in find_names(text, lang, tagged)]
    return ArticleNames(f"{source}-{lang}", source, lang, tuple(told))


def by_name(entities: list[Entity]) -> dict[str, Entity]:
    return {entity.name: entity for entity in entities}


def test_one_person_of_the_list_in_three_scripts() -> None:
    (entity,) = link_names(
        [
            article("a", "zh", "习近平出席会议。"),
            article("b", "ru", "Встреча с Си Цзиньпином прошла днём."),
            article("c", "en", "It was Xi who spoke first."),
        ]
    )
    assert (entity.name, entity.kind, entity.is_doubtful) == ("Xi Jinping", "person", False)
    assert entity.sources == {"a": 1, "b": 1, "c": 1}
    assert entity.forms == {"en": {"Xi": 1}, "ru": {"Си Цзиньпином": 1}, "zh": {"习近平": 1}}


def test_a_surname_is_the_whole_name_of_its_article() -> None:
    names: dict[str, EntityKind] = {"Mara Quellin": "person", "Quellin": "person"}
    (entity,) = link_names([article("a", "en", "Mara Quellin resigned.", "Why did Quellin go?", names=names)])
    assert len(entity.mentions) == 2
    assert not entity.is_doubtful


def test_a_surname_that_two_of_an_article_have_is_doubtful() -> None:
    names: dict[str, EntityKind] = {"Mara Quellin": "person", "Otto Quellin": "person", "Quellin": "person"}
    entities = link_names(
        [article("a", "en", "Mara Quellin met Otto Quellin.", "But Quellin said nothing.", names=names)]
    )
    assert {entity.name: entity.is_doubtful for entity in entities} == {
        "Mara Quellin": False,
        "Otto Quellin": False,
        "Quellin": True,
    }


def test_another_bearer_of_a_known_surname_is_not_the_known_one() -> None:
    text = "Yesterday the lawyer Cedric Vance joined."
    (entity,) = link_names([article("a", "en", text, names={"Cedric Vance": "person"})])
    assert (entity.name, entity.key.startswith("name:")) == ("Cedric Vance", True)
    (alone,) = link_names([article("a", "en", text)])
    assert alone.is_doubtful


def test_a_person_in_no_list_is_one_across_scripts_and_told_as_doubtful() -> None:
    entities = link_names(
        [
            article("a", "en", "Mayor Gregor Valdimar spoke.", names={"Gregor Valdimar": "person"}),
            article("b", "ru", "Выступил мэр Грегор Вальдимар.", names={"Грегор Вальдимар": "person"}),
            article("c", "zh", "市长格雷戈尔·瓦尔迪马尔讲话。", names={"格雷戈尔·瓦尔迪马尔": "person"}),
            article("d", "en", "A certain Gregor Sandoval left.", names={"Gregor Sandoval": "person"}),
        ]
    )
    found = by_name(entities)
    assert found["Gregor Valdimar"].sources.keys() == {"a", "b", "c"}
    assert found["Gregor Valdimar"].is_doubtful
    assert found["Gregor Sandoval"].sources.keys() == {"d"}


def test_a_chinese_person_in_no_list_is_told_by_syllables() -> None:
    (entity,) = link_names(
        [
            article("a", "zh", "画家陈若澜获奖。", names={"陈若澜": "person"}),
            article("b", "en", "The painter Chen Ruolan won.", names={"Chen Ruolan": "person"}),
        ]
    )
    assert entity.sources.keys() == {"a", "b"}


def test_two_places_that_stand_together_in_chinese_are_two() -> None:
    text = "示威发生在法国巴黎市中心"
    start = text.index("法国")
    names = find_names(text, "zh", [TaggedSpan(start, start + 4, "place", 0.95)])
    assert [text[one.start : one.end] for one in names] == ["法国", "巴黎"]


def test_countries_in_one_character_are_no_names() -> None:
    text = "俄军和乌军交火"
    assert find_names(text, "zh", [TaggedSpan(0, 2, "organisation", 0.9)]) == ()


def test_a_longer_name_replaces_the_known_one_within_it() -> None:
    text = "Staff of the Bank of Russia left."
    names = find_names(text, "en", [TaggedSpan(13, 27, "organisation", 0.97)])
    assert [(text[one.start : one.end], one.key) for one in names] == [("Bank of Russia", "")]


ENTITIES = link_names(
    [
        article("a", "ru", "В Кремле знали: Путин уедет."),
        article("b", "en", "Putin left. Mara Quellin stayed.", names={"Mara Quellin": "person"}),
        article("c", "en", "Nobody came."),
    ]
)


@pytest.mark.parametrize(
    "typed", ["普京", "Путин", "путин", "Putin", "Poutine", "Vladimir Putin", "弗拉基米尔·普京"]
)
def test_a_name_typed_in_any_script_finds_it(typed: str) -> None:
    assert [entity.name for entity in find_by_name(typed, ENTITIES)] == ["Vladimir Putin"]


def test_a_name_in_no_list_is_found_as_written_and_by_its_sound() -> None:
    for typed in ("mara quellin", "Quellin", "Куэллин"):
        assert choose_entity(typed, ENTITIES).name == "Mara Quellin"


def test_what_nobody_names_is_an_error_in_words() -> None:
    with pytest.raises(NotFoundError, match="no article names it"):
        choose_entity("Atlantis", ENTITIES)


def test_an_overview_counts_who_names_it_and_who_does_not() -> None:
    putin = by_name(ENTITIES)["Vladimir Putin"]
    sources = {"a-ru": "a", "b-en": "b", "c-en": "c", "c2-en": "c"}
    texts = {"a-ru": {0: "В Кремле знали: Путин уедет."}, "b-en": {0: "Putin left. Mara Quellin stayed."}}
    overview = make_overview(putin, sources, texts)
    assert (overview.n_naming_articles, overview.n_articles, overview.n_sources) == (2, 4, 3)
    assert overview.silent_sources == ("c",)
    assert [(one.source, one.n_naming, one.n_articles) for one in overview.naming] == [
        ("a", 1, 1),
        ("b", 1, 1),
    ]


def test_words_beside_a_name_are_those_that_stand_there_more_than_elsewhere() -> None:
    lines = [
        "The stubborn Putin waited.",
        "Again the stubborn Putin waited long.",
        *["Rain fell on the long road."] * 9,
    ]
    (entity,) = link_names([article("a", "en", *lines)])
    overview = make_overview(entity, {"a-en": "a"}, {"a-en": dict(enumerate(lines))})
    words = {one.word: one for one in overview.near_words}
    assert (words["stubborn"].n_near, words["stubborn"].n_all) == (2, 2)
    assert "rain" not in words


def test_two_spellings_in_one_script_are_one_person_and_two_first_names_are_two() -> None:
    names: dict[str, EntityKind] = dict.fromkeys(
        ("Andrei Tarvelin", "Andriy Tarvelyn", "Anton Tarvelin"), "person"
    )
    sentences = ("Andrei Tarvelin spoke.", "Andriy Tarvelyn spoke.", "Anton Tarvelin spoke.")
    entities = link_names([article("a", "en", *sentences, names=names)])
    assert sorted(len(one.mentions) for one in entities) == [1, 2]


def test_a_short_name_of_an_organisation_is_its_only_longer_one() -> None:
    short, long, other = "Harbour Union", "Harbour Union of Malta", "Harbour Union of Cyprus"
    one = article("a", "en", f"The {long} met.", names={long: "organisation"})
    two = article("b", "en", f"The {short} met.", names={short: "organisation"})
    three = article("c", "en", f"The {other} met.", names={other: "organisation"})
    (joined,) = link_names([one, two])
    assert (joined.name, joined.is_doubtful) == (long, True)
    assert len(link_names([one, two, three])) == 3, "either could be meant"


def test_a_letter_of_an_abbreviation_is_no_name() -> None:
    text = "The U.S.-backed plan failed."
    assert [one.key for one in find_names(text, "en", [TaggedSpan(4, 5, "place", 0.99)])] == ["c:US"]


def test_a_title_behind_a_chinese_name_makes_nobody_else() -> None:
    (name,) = find_names("习近平主席出席会议。", "zh", [TaggedSpan(0, 5, "person", 0.99)])
    assert name.key == "person:Xi Jinping"
