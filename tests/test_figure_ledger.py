"""The ledger of figures: which are one, how they were revised, which cannot both hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.language.figure_values import dates_agree, values_agree
from crosslingual.language.figures import Figure
from crosslingual.language.outlets import OutletFinder
from crosslingual.timeline.attribution import find_attribution
from crosslingual.timeline.figure_ledger import FigureGroup, build_ledger
from crosslingual.types import Comparison
from tests.helpers.timeline_samples import made_article, made_comparison


def find_group(comparison: Comparison, what: str, **more: object) -> FigureGroup:
    (group,) = [
        one
        for one in build_ledger(comparison).groups
        if one.what == what and all(getattr(one, name) == value for name, value in more.items())
    ]
    return group


def test_a_toll_is_followed_over_days_and_languages() -> None:
    articles = [
        made_article("a", "ru", "2031-04-02", "Погибли 40 человек."),
        made_article("b", "zh", "2031-04-03", "火灾已造成115人遇难。"),
        made_article("c", "en", "2031-04-04", "137 people were killed in the fire."),
        made_article("d", "en", "2031-04-04", "The death toll reached 137."),
    ]
    group = find_group(made_comparison(articles), "dead")
    assert [one.figure.value for one in group.revisions] == ["40", "115", "137"]
    assert group.sources == ("a", "b", "c", "d")
    assert group.conflicts == ()


def test_two_values_at_one_time_are_a_conflict_once() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "Police said 40 people died.", "So 40 people died."),
        made_article("b", "en", "2031-04-02T18:00:00Z", "Doctors said 61 people died."),
    ]
    (conflict,) = find_group(made_comparison(articles), "dead").conflicts
    assert {one.figure.value for one in (conflict.left, conflict.right)} == {"40", "61"}
    assert find_group(made_comparison(articles), "dead").revisions == ()


def test_values_in_the_order_of_the_clock_are_a_revision_and_no_conflict() -> None:
    articles = [
        made_article("a", "en", "2031-04-02T17:00:00Z", "Police said 40 people died."),
        made_article("b", "en", "2031-04-02T18:00:00Z", "Doctors said 61 people died."),
    ]
    group = find_group(made_comparison(articles), "dead")
    assert ([one.figure.value for one in group.revisions], group.conflicts) == (["40", "61"], ())


def test_tolls_of_two_countries_are_two_figures() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "In Norway 40 people died, in Iceland 9 people died."),
        made_article("b", "ru", "2031-04-02", "В Норвегии погибли 40 человек."),
        made_article("c", "en", "2031-04-02", "In all 49 people died."),
    ]
    comparison = made_comparison(articles)
    assert find_group(comparison, "dead", countries=("NO",)).sources == ("a", "b")
    assert find_group(comparison, "dead", countries=("IS",)).sources == ("a",)
    assert find_group(comparison, "dead", countries=()).sources == ("c",)


def test_a_toll_without_a_country_is_that_of_the_clause_before_it() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "North of Iceland, in Norway 40 people died, 90 were injured."),
    ]
    assert find_group(made_comparison(articles), "injured").countries == ("NO",)


def test_a_lower_bound_takes_nothing_back() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "Police said 40 people died."),
        made_article("b", "en", "2031-04-03", "Police said 61 people died."),
        made_article("c", "en", "2031-04-04", "More than 50 people died."),
    ]
    group = find_group(made_comparison(articles), "dead")
    assert ([one.figure.value for one in group.revisions], group.doubt) == (["40", "61"], "")


def test_two_numbers_of_one_sentence_are_no_conflict_where_both_sources_have_them() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "It burned from 6 to 8 hours."),
        made_article("b", "ru", "2031-04-02", "Горело от 6 до 8 часов."),
    ]
    groups = build_ledger(made_comparison(articles, [(0, 0), (1, 0)])).groups
    assert [one.sources for one in groups] == [("a", "b")]
    assert not groups[0].conflicts


def test_a_toll_that_falls_may_be_several() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "Police said 40 people died."),
        made_article("b", "en", "2031-04-03", "In the second fire 9 people died."),
        made_article("c", "en", "2031-04-04", "Police said 41 people died."),
    ]
    comparison = made_comparison([articles[0], articles[2]])
    assert find_group(comparison, "dead").doubt == ""
    assert "several happenings" in find_group(made_comparison(articles), "dead").doubt


def test_a_part_of_the_toll_is_no_other_value_of_it() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "The fire killed many, 40 people died."),
        made_article("b", "en", "2031-04-02", "Among them 3 people died at sea."),
    ]
    groups = [one for one in build_ledger(made_comparison(articles)).groups if one.what == "dead"]
    assert len(groups) == 2
    assert not any(one.conflicts for one in groups)


def test_other_figures_are_one_within_a_statement_only() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "The ferry sailed 14 km.", "A boat sailed 3 km."),
        made_article("b", "ru", "2031-04-02", "Паром прошёл 15 км."),
    ]
    group = find_group(made_comparison(articles, [(0, 0), (1, 0)]), "km", sources=("a", "b"))
    assert len(group.conflicts) == 1
    apart = [one for one in build_ledger(made_comparison(articles)).groups if one.what == "km"]
    assert len(apart) == 3


def test_one_number_in_one_statement_is_one_figure_whatever_its_noun() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "The crew used 28 lifeboats."),
        made_article("b", "de", "2031-04-03", "Die Besatzung nutzte 28 Rettungsboote."),
    ]
    (group,) = build_ledger(made_comparison(articles, [(0, 0), (1, 0)])).groups
    assert (group.sources, group.mentions[0].statements) == (("a", "b"), ("s1",))


def test_a_doubtful_figure_stands_by_itself() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", "The number stood at 61."),
        made_article("b", "en", "2031-04-02", "The number stood at 61."),
    ]
    groups = build_ledger(made_comparison(articles, [(0, 0), (1, 0)])).groups
    assert [one.sources for one in groups] == [("a",), ("b",)]
    assert all(one.mentions[0].figure.doubt for one in groups)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The fire burned 14 square km of wood.", "The fire burned 15 km from the wood."),
        ("The fire burned 14 cars in the wood.", "The fire burned 15 barns in the wood."),
        ("On 3 May 14 people died in the fire.", "On 4 May 15 people died in the fire."),
        ("The fire moved 14 km on a front of 3 km.", "The fire moved 15 km on a front of 2 km."),
        ("The fire killed 14 people.", "After the fire 15 people were arrested."),
    ],
)
def test_unlike_things_are_no_conflict(left: str, right: str) -> None:
    articles = [
        made_article("a", "en", "2031-05-04", left, "It burned for 7 days."),
        made_article("b", "en", "2031-05-04", right, "It burned for 7 days."),
    ]
    # In one statement, with a value that both have: whatever joins them, these two are not one thing.
    joined = made_comparison(articles, [(0, 0), (1, 0)])
    assert not any(group.conflicts for group in build_ledger(joined).groups)


def test_a_month_is_no_day() -> None:
    articles = [
        made_article("a", "en", "2031-05-04", "Since April 2031 the storm has killed 14 people."),
        made_article("b", "en", "2031-05-04", "The storm has killed 19 people."),
    ]
    groups = build_ledger(made_comparison(articles, [(0, 0), (1, 0)])).groups
    # Neither names a day: both are of the day of their publication.
    assert sum(len(group.conflicts) for group in groups) == 1


def test_the_same_noun_in_one_language_makes_a_conflict() -> None:
    articles = [
        made_article("a", "en", "2031-05-04", "The fire burned 14 barns."),
        made_article("b", "en", "2031-05-04", "The fire burned 19 barns."),
    ]
    groups = build_ledger(made_comparison(articles, [(0, 0), (1, 0)])).groups
    assert sum(len(group.conflicts) for group in groups) == 1


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("2031-05-04", "--05-04", True),
        ("2031-05", "---04", True),
        ("--05-04", "--05-05", False),
        ("2030", "2031-05-04", False),
    ],
)
def test_dates_agree_in_what_both_say(left: str, right: str, agree: bool) -> None:
    assert dates_agree(left, right) == dates_agree(right, left) == agree


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        (("500", "least"), ("534", ""), True),
        (("534", "least"), ("500", ""), False),
        (("30", "most"), ("28", ""), True),
        (("100", "about"), ("98", ""), True),
        (("100", "about"), ("61", ""), False),
        (("40", ""), ("40", ""), True),
        (("40", ""), ("61", ""), False),
        (("", ""), ("61", ""), True),
    ],
)
def test_bounds_say_whether_two_values_can_both_hold(
    left: tuple[str, str], right: tuple[str, str], agree: bool
) -> None:
    one, other = (Figure("count", value, 0, 1, bound=bound) for value, bound in (left, right))  # type: ignore[arg-type]
    assert values_agree(one, other) == values_agree(other, one) == agree


@pytest.mark.parametrize(
    ("lang", "text", "figure", "who"),
    [
        ("en", "The ministry said 12 people were killed.", "12", "ministry"),
        ("en", "Reuters reported that 12 people were killed.", "12", "Reuters"),
        ("en", "He said 12 people were killed.", "12", ""),
        ("en", "12 people were killed.", "12", ""),
        ("ru", "Портовые власти сообщили о 12 погибших.", "12", "Портовые власти"),
        ("ru", "Российские военные сообщили о 12 погибших.", "12", "Российские военные"),
        ("ru", "Следственный комитет сообщил о 12 погибших.", "12", "Следственный комитет"),
        ("ru", "Вишневский заявил, что погибли 12 человек.", "12", "Вишневский"),
        ("ru", "Вишневский вчера заявил, что погибли 12 человек.", "12", "Вишневский"),
        ("ru", "О 12 погибших сообщил Вишневский журналистам.", "12", "Вишневский"),
        ("ru", "По словам Вишневского, погибли 12 человек.", "12", "Вишневского"),
        ("ru", "Заречная заявила, что погибли 12 человек.", "12", "Заречная"),
        ("ru", "Городская прокуратура заявила, что погибли 12 человек.", "12", ""),
        ("ru", "По данным Российского агентства, погибли 12 человек.", "12", ""),
        ("ru", "Спасатели сообщили о 12 погибших.", "12", "Спасатели"),
        ("ru", "Речной грузооборот сообщил о росте на 12 тонн.", "12", ""),
        ("ru", "Перевозки сообщили о росте на 12 тонн.", "12", ""),
        ("ru", "Сосед поздравил Байдена и назвал 12 имён.", "12", ""),
        ("en", "Deliveries, analysts said, reached 12 tonnes.", "12", ""),
        ("en", "Coastal freight said to reach 12 tonnes.", "12", ""),
        ("en", "Deliveries declared at the port reached 12 tonnes.", "12", ""),
        ("en", "Doctors said 12 people were killed.", "12", "Doctors"),
        ("en", "Miller later said 12 people were killed.", "12", "Miller"),
        ("uk", "Вишневський заявив, що загинули 12 людей.", "12", "Вишневський"),
        ("zh", "港口管理局局长王明14日晚表示，火灾已造成12人死亡。", "12", "港口管理局局长王明"),
        ("zh", "据当地媒体今天报道称，火灾造成12人死亡。", "12", "当地媒体"),
        ("zh", "火灾造成12人死亡。", "12", ""),
    ],
)
def test_a_figure_is_told_according_to_whom_its_sentence_names(
    lang: str, text: str, figure: str, who: str
) -> None:
    start = text.index(figure)
    assert find_attribution(text, start, start + len(figure), lang, OutletFinder()) == who


@given(st.text(max_size=80), st.sampled_from(["zh", "ru", "uk", "en", "de", "fr", "xx"]), st.data())
def test_whoever_is_named_stands_in_the_sentence(text: str, lang: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    found = find_attribution(text, start, data.draw(st.integers(start, len(text))), lang, _FINDER)
    assert " ".join(found.split()) in " ".join(text.split())


_FINDER = OutletFinder()
