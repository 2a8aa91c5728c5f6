"""Agreement, against numbers that were worked out by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.coding.adjudication import code_articles, find_disagreements, settle_codes
from crosslingual.coding.agreement import (
    MIXED_LANGS,
    Values,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    measure_agreement,
    percent_agreement,
)
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingDecision, CodingTask, CodingUnit, Passage
from crosslingual.types import Article

ENGLISH = Article("north", "en", "Rain fell. Nobody came.")
RUSSIAN = Article("south", "ru", "Шёл дождь.")
B, C = Code("Blame", id="b"), Code("Calm", id="c")
ARTICLES = {one.id: one for one in (ENGLISH, RUSSIAN)}


def table(*rows: str) -> Counter[Values]:
    """A unit a row, a coder a letter; a dot is nothing said."""
    return Counter(tuple(None if value == "." else value for value in row) for row in rows)


def test_two_coders_of_ten_units_by_hand() -> None:
    # Both yes 4, both no 3, one yes 2, other yes 1: 7 of 10 agree.
    values = table(*["yy"] * 4, *["nn"] * 3, *["yn"] * 2, "ny")
    assert percent_agreement(values) == pytest.approx(0.7)
    # Cohen: yes .6 and .5, no .4 and .5; expected .30 + .20 = .50; (.7 - .5)/.5.
    assert cohen_kappa(values) == pytest.approx(0.4)
    # Fleiss: of 20 values 11 yes, 9 no; expected (121 + 81)/400 = .505; (.7 - .505)/.495.
    assert fleiss_kappa(values) == pytest.approx(0.195 / 0.495)
    # Krippendorff: Do = .3; De = 2·11·9/(20·19) = .521053; 1 - .3/.521053.
    assert krippendorff_alpha(values) == pytest.approx(1 - 0.3 / (198 / 380))


def test_three_coders_with_gaps_by_hand() -> None:
    values = table("aab", "bb.", "a.a", "cbc", "..a")
    # Pairs within units: 1/3, 1, 1, 1/3; the fifth has none.
    assert percent_agreement(values) == pytest.approx((1 / 3 + 1 + 1 + 1 / 3) / 4)
    # n = 10 pairable values: a 4, b 4, c 2. Of units: (2·1 + 1·2)/2 = 2 twice, else 0; Do = 4/10.
    # De = (4·6 + 4·6 + 2·8)/(10·9) = 64/90.
    assert krippendorff_alpha(values) == pytest.approx(1 - 0.4 / (64 / 90))
    # Complete are aab and cbc: a 2, b 2, c 2 of 6, expected 1/3; agreed 1/3.
    assert fleiss_kappa(values) == pytest.approx(0)


def test_agreement_by_chance_alone_is_nothing() -> None:
    values = table("yy", "yn", "ny", "nn")
    assert cohen_kappa(values) == pytest.approx(0)
    assert fleiss_kappa(values) == pytest.approx(0)
    assert cohen_kappa(table("yn", "ny")) == pytest.approx(-1)


def test_one_value_alone_has_no_kappa_and_no_alpha() -> None:
    values = table("yy", "yy")
    assert percent_agreement(values) == 1
    assert cohen_kappa(values) is fleiss_kappa(values) is krippendorff_alpha(values) is None
    assert percent_agreement(table("y.", ".n")) is krippendorff_alpha(table("y.", ".n")) is None
    assert cohen_kappa({}) is None


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=3, max_size=3), min_size=2, max_size=20))
def test_who_is_who_changes_nothing_and_all_alike_is_all(rows: list[list[str]]) -> None:
    values = table(*map("".join, rows))
    turned = table(*("".join(reversed(row)) for row in rows))
    for measure in (percent_agreement, fleiss_kappa, krippendorff_alpha):
        assert measure(values) == pytest.approx(measure(turned))
    alike = table(*(row[0] * 3 for row in rows))
    assert krippendorff_alpha(alike) in (1, None)
    assert fleiss_kappa(alike) in (None, pytest.approx(1))


def unit(start: int, given: dict[str, str | None], of: Article = ENGLISH, **more: Any) -> CodingUnit:
    """What coders gave, a code a letter; None is not finished."""
    tasks = tuple(
        CodingTask(name, "offer", "now", order if codes is not None else 0)
        for order, (name, codes) in enumerate(given.items(), 1)
    )
    codings = tuple(Coding(code, name) for name, codes in given.items() for code in codes or "")
    return CodingUnit("sentence", (Passage(of.id, start, start + 1),), f"u{start}", tasks, codings, **more)


def test_what_nobody_was_offered_or_has_not_finished_does_not_count() -> None:
    units = [
        unit(0, {"Ann": "b", "Ben": "b"}),
        unit(1, {"Ann": "", "Ben": "b"}),
        unit(2, {"Ann": "", "Ben": ""}),
        unit(3, {"Ann": "b", "Ben": None}),
        CodingUnit("sentence", (Passage(ENGLISH.id, 5, 6),), "free", (), (Coding("b", "Ann"),)),
    ]
    measured = {one.code: one for one in measure_agreement(units, [B], ARTICLES)}
    assert measured["b"].n_units == 3
    assert measured["b"].n_given == 3
    assert measured["b"].percent == pytest.approx(2 / 3)
    assert measured["b"].cohen == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))  # (1·2 + 2·1)/9 expected
    assert measured[""].percent == pytest.approx(2 / 3)
    assert measure_agreement(units[3:], [B], ARTICLES) == []


def test_agreement_is_told_by_code_language_and_pair() -> None:
    both = CodingUnit(
        "statement",
        (Passage(ENGLISH.id, 0, 4), Passage(RUSSIAN.id, 0, 3)),
        "row",
        tuple(CodingTask(name, "offer", "now", 1) for name in ("Ann", "Ben")),
    )
    units = [
        replace(unit(0, {"Ann": "b", "Ben": "b", "Cid": "c"}), kind="statement"),
        replace(unit(1, {"Ann": "b", "Ben": "bc"}, RUSSIAN), kind="statement"),
        both,
    ]
    measured = {(one.code, one.lang, one.coders): one for one in measure_agreement(units, [B, C], ARTICLES)}
    everyone = ("Ann", "Ben", "Cid")
    assert {key[1] for key in measured} == {"", "en", "ru", MIXED_LANGS}
    assert {key[2] for key in measured if len(key[2]) == 2} == {
        ("Ann", "Ben"),
        ("Ann", "Cid"),
        ("Ben", "Cid"),
    }
    two = ("Ann", "Ben")  # Cid has finished nothing in Russian
    assert measured["", "ru", two].percent == 0  # not the same set
    assert measured["b", "ru", two].percent == 1
    assert measured["c", "", two].n_units == 3
    assert measured["b", "", everyone].n_complete == 1
    assert measured["b", "en", everyone].percent == pytest.approx(1 / 3)


def test_a_language_has_the_kappas_of_those_who_coded_it() -> None:
    units = [unit(start, {"Ann": "b" * (start % 2), "Ben": "b" * (start % 2)}) for start in range(4)]
    units += [unit(9, {"Cid": "b", "Dan": ""}, RUSSIAN)]
    measured = {(one.code, one.lang): one for one in measure_agreement(units, [B], ARTICLES) if one.lang}
    assert measured["b", "en"].coders == ("Ann", "Ben")
    assert measured["b", "en"].cohen == measured["b", "en"].fleiss == 1
    assert measured["b", "en"].n_complete == 4


def test_kinds_of_units_are_measured_apart() -> None:
    row = CodingUnit(
        "statement",
        (Passage(ENGLISH.id, 0, 4), Passage(RUSSIAN.id, 0, 3)),
        "row",
        tuple(CodingTask(name, "offer", "now", 1) for name in ("Ann", "Ben")),
        (Coding("b", "Ann"),),
    )
    measured = measure_agreement([unit(0, {"Ann": "b", "Ben": "b"}), row], [B], ARTICLES)
    assert {(one.code, one.kind): one.percent for one in measured} == {
        ("", "sentence"): 1,
        ("", "statement"): 0,
        ("b", "sentence"): 1,
        ("b", "statement"): 0,
    }


def test_what_was_finished_before_there_was_the_code_says_nothing_of_it() -> None:
    late = replace(C, created_at="2026-01-02T00:00:00+00:00")

    def done(start: int, day: int, given: str) -> CodingUnit:
        made = unit(start, {"Ann": given, "Ben": given})
        when = f"2026-01-0{day}T00:00:00+00:00"
        return replace(made, tasks=tuple(replace(task, done_at=when) for task in made.tasks))

    units = [done(0, 1, "b"), done(1, 2, "c"), done(2, 3, "")]
    (ann, ben) = units[0].tasks
    units.append(replace(units[2], id="half", tasks=(ann, replace(ben, done_at=units[2].tasks[1].done_at))))
    units[-1] = replace(units[-1], codings=(Coding("c", "Ben"),))
    measured = {one.code: one for one in measure_agreement(units, [B, late], ARTICLES)}
    assert (measured["b"].n_units, measured["c"].n_units) == (4, 2)
    assert measured["c"].percent == measured[""].percent == 1  # Ann could not give it to the last


def test_coders_who_name_other_sources_words_differ() -> None:
    passages = (Passage(ENGLISH.id, 0, 4), Passage(RUSSIAN.id, 0, 3))
    tasks = tuple(CodingTask(name, "offer", "now", 1) for name in ("Ann", "Ben"))
    left, right = (
        Coding("b", name, passage=part) for name, part in zip(("Ann", "Ben"), passages, strict=True)
    )
    apart = CodingUnit("statement", passages, "row", tasks, (left, right))
    (found,) = find_disagreements([apart])
    assert found.disputed == {"b"}
    assert settle_codes(apart) is None
    whole = replace(apart, codings=(left, replace(right, passage=None)))
    assert settle_codes(whole) is None
    alike = replace(apart, codings=(left, replace(right, passage=replace(passages[0], end=2))))
    assert settle_codes(alike) == frozenset("b")
    assert code_articles(alike, "b") == {ENGLISH.id}
    never_offered = replace(alike, codings=(*alike.codings, Coding("b", "Cid")))
    assert code_articles(never_offered, "b") == {ENGLISH.id}
    decision = CodingDecision("Ann", frozenset("bc"))
    assert code_articles(replace(alike, decision=decision), "b") == {ENGLISH.id}
    assert code_articles(replace(whole, decision=decision), "b") == {ENGLISH.id, RUSSIAN.id}
    assert code_articles(replace(whole, decision=decision), "c") == {ENGLISH.id, RUSSIAN.id}


def test_coders_differ_once_all_have_finished_and_a_decision_settles_it() -> None:
    waiting = unit(0, {"Ann": "b", "Ben": "c", "Cid": None})
    same = unit(1, {"Ann": "b", "Ben": "b"})
    alone = unit(2, {"Ann": "b"})
    apart = unit(3, {"Ann": "bd", "Ben": "cd"})
    decided = unit(4, {"Ann": "b", "Ben": ""}, decision=CodingDecision("Cid", frozenset("c")))
    found = find_disagreements([waiting, same, alone, apart, decided])
    assert [(one.unit.id, set(one.disputed), one.is_decided) for one in found] == [
        ("u3", {"b", "c"}, False),
        ("u4", {"b"}, True),
    ]
    settled = [settle_codes(one) for one in (waiting, same, alone, apart, decided)]
    assert settled == [None, frozenset("b"), frozenset("b"), None, frozenset("c")]
    free = CodingUnit("span", (Passage(ENGLISH.id, 0, 1),), codings=(Coding("b", "Ann"), Coding("c", "Ben")))
    assert settle_codes(free) == frozenset("bc")
