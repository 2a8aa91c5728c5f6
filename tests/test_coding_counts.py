"""Who carries which code, counted on made-up comparisons, and what is offered of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crosslingual.coding.prevalence import ALONE, SHARED, TOO_FEW, CodePrevalence, count_codes
from crosslingual.coding.units import draw_units, list_event_units, read_places
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingDecision, CodingTask, CodingUnit
from crosslingual.report.coding import coding_rows, prevalence_object, share_rows
from crosslingual.report.tables import csv_bytes
from crosslingual.types import Article, Comparison
from tests.helpers.library_samples import put
from tests.helpers.timeline_samples import made_article, made_comparison

BLAME, CALM = Code("Blame", color="#0072b2"), Code("Calm", color="#d55e00")
LINES = [f"Line {number} of many." for number in range(40)]


def two_sources() -> tuple[list[Article], Comparison]:
    """Of 40 sentences each, the first ten are said by both."""
    articles = [
        made_article("north", "en", "2024-05-16", *(f"{line} North." for line in LINES)),
        made_article("south", "ru", "2024-05-16", *(f"{line} South." for line in LINES)),
    ]
    return articles, made_comparison(articles, *(((0, n), (1, n)) for n in range(10)))


def offered(comparison: Comparison, tmp_path: Path, kind: str) -> list[CodingUnit]:
    with Library(tmp_path / kind) as library:
        put(library, *comparison.articles)
        units = list_event_units(comparison, library, kind)
    task = CodingTask("Ann", "offer", "now", 1)
    return [replace(unit, tasks=(task,)) for unit in units]


def give(units: Sequence[CodingUnit], comparison: Comparison, source: str, count: int) -> list[CodingUnit]:
    """``BLAME`` for the first ``count`` units of ``source``."""
    own = {one.id for one in comparison.articles if one.source == source}
    left, made = count, []
    for unit in units:
        is_own = left > 0 and unit.passages[0].article in own
        left -= is_own
        made.append(replace(unit, codings=(Coding(BLAME.id, "Ann"),)) if is_own else unit)
    return made


def shares(counted: CodePrevalence, code: str) -> dict[tuple[str, str], tuple[int, int]]:
    return {(one.source, one.state): (one.n_coded, one.n_units) for one in counted.shares if one.code == code}


def test_units_of_an_event_are_rows_cells_or_sentences(tmp_path: Path) -> None:
    _, comparison = two_sources()
    rows = offered(comparison, tmp_path, "statement")
    assert [len(unit.passages) for unit in rows] == [2] * 10 + [1] * 60
    cells = offered(comparison, tmp_path, "cell")
    assert len(cells) == len({unit.key for unit in cells}) == 80
    sentences = offered(comparison, tmp_path, "sentence")
    assert {unit.passages for unit in sentences} == {unit.passages for unit in cells}
    with pytest.raises(InputError, match="statements, cells or sentences"):
        offered(comparison, tmp_path, "word")
    drawn = draw_units(cells, 7, 3)
    assert drawn == draw_units(cells, 7, 3) != draw_units(cells, 7, 4)
    assert [cells.index(unit) for unit in drawn] == sorted(cells.index(unit) for unit in drawn)
    assert draw_units(cells, 500, 3) == cells
    for units, size, told in (([], None, "nothing to offer"), (cells, 0, "a sample of 0")):
        with pytest.raises(InputError, match=told):
            draw_units(units, size, 0)


def test_codes_are_counted_by_source_in_shared_statements_and_alone(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = give(offered(comparison, tmp_path, "sentence"), comparison, "south", 15)
    counted = count_codes(comparison, units, [BLAME, CALM])
    assert shares(counted, BLAME.id) == {
        ("north", SHARED): (0, 10),
        ("north", ALONE): (0, 30),
        ("south", SHARED): (10, 10),
        ("south", ALONE): (5, 30),
    }
    assert (counted.n_units, counted.n_open, counted.n_gone) == (80, 0, 0)
    tests = {(one.code, one.by): one for one in counted.tests}
    by_source = tests[BLAME.id, "source"]
    # χ² of (40, 0; 25, 15): 80·(40·15)²/(40·40·65·15) = 18.4615.
    assert by_source.method == "chi2"
    assert by_source.p_value == pytest.approx(1.7322e-05, rel=1e-3)
    # Three p-values: those by source and by language are alike and the least, that by state is beyond 3/2 of them.
    by_state = tests[BLAME.id, "state"]
    assert by_state.p_value is not None
    assert by_source.p_value is not None
    assert by_state.adjusted == pytest.approx(by_state.p_value)
    assert by_source.adjusted == tests[BLAME.id, "lang"].adjusted == pytest.approx(3 * by_source.p_value / 2)
    assert tests[CALM.id, "source"].p_value is None
    assert tests[CALM.id, "source"].reason == "no unit has it, or all have"


def test_few_units_carry_an_exact_test_or_none(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = give(offered(comparison, tmp_path, "sentence"), comparison, "south", 3)
    few = [*units[:6], *units[40:46]]
    tests = {one.by: one for one in count_codes(comparison, few, [BLAME]).tests}
    # Fisher's exact test of (6, 0; 3, 3): two tails of 20/220 each.
    assert tests["source"].method == "fisher"
    assert tests["source"].p_value == pytest.approx(2 * 20 / 220)
    assert tests["state"].reason == "one group only"
    third = made_article("west", "de", "2024-05-16", "Wort eins.", "Wort zwei.")
    wider = made_comparison([*comparison.articles, third])
    more = [
        *few,
        *(one for one in offered(wider, tmp_path / "w", "sentence") if one.passages[0].article == third.id),
    ]
    assert {one.by: one.reason for one in count_codes(wider, more, [BLAME]).tests}["source"] == TOO_FEW


def test_rows_count_once_for_each_source_and_are_not_tested(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = offered(comparison, tmp_path, "statement")
    units[0] = replace(units[0], codings=(Coding(BLAME.id, "Ann"),))
    counted = count_codes(comparison, units, [BLAME])
    assert shares(counted, BLAME.id)["north", SHARED] == shares(counted, BLAME.id)["south", SHARED] == (1, 10)
    assert counted.tests == ()


def test_words_of_one_source_in_a_row_count_for_that_source_alone(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = offered(comparison, tmp_path, "statement")
    words = replace(units[0].passages[1], end=units[0].passages[1].start + 4)
    units[0] = replace(units[0], codings=(Coding(BLAME.id, "Ann", passage=words),))
    counted = shares(count_codes(comparison, units, [BLAME]), BLAME.id)
    assert (counted["north", SHARED], counted["south", SHARED]) == ((0, 10), (1, 10))
    fewer = made_comparison([comparison.articles[0]])
    assert count_codes(fewer, units, [BLAME]).n_gone == 10  # the other article left the event


def test_a_decision_leaves_words_with_their_source(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = offered(comparison, tmp_path, "statement")
    words = replace(units[0].passages[1], end=units[0].passages[1].start + 4)
    decided = CodingDecision("Ben", frozenset({BLAME.id, CALM.id}))
    units[0] = replace(units[0], codings=(Coding(BLAME.id, "Ann", passage=words),), decision=decided)
    counted = count_codes(comparison, units, [BLAME, CALM])
    blamed, calm = shares(counted, BLAME.id), shares(counted, CALM.id)
    assert (blamed["north", SHARED], blamed["south", SHARED]) == ((0, 10), (1, 10))
    assert calm["north", SHARED] == calm["south", SHARED] == (1, 10)  # nobody gave it, so it is the whole's


def test_units_settled_before_there_was_a_code_do_not_count_for_it(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = offered(comparison, tmp_path, "sentence")[:4]
    late = replace(CALM, created_at="2026-01-02")
    days = ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01")
    units = [
        replace(one, tasks=(replace(one.tasks[0], done_at=day),))
        for one, day in zip(units, days, strict=True)
    ]
    decided = CodingDecision("Ann", frozenset({late.id}), created_at="2026-01-04")
    units[3] = replace(units[3], decision=decided)
    counted = count_codes(comparison, units, [BLAME, late])
    assert shares(counted, BLAME.id)["north", SHARED] == (0, 4)
    assert shares(counted, late.id)["north", SHARED] == (1, 3)
    assert share_rows(count_codes(comparison, units[:1], [late]), [late]) == []


def test_what_is_open_not_offered_or_gone_is_told_and_not_counted(tmp_path: Path) -> None:
    _, comparison = two_sources()
    units = offered(comparison, tmp_path, "sentence")[:4]
    ann, ben = CodingTask("Ann", "o", "now", 1), CodingTask("Ben", "o", "now", 2)
    units[0] = replace(units[0], tasks=(ann, ben), codings=(Coding(BLAME.id, "Ann"),))
    units[1] = replace(units[1], tasks=(ann, replace(ben, done_order=0)))
    units[2] = replace(units[2], tasks=(), codings=(Coding(BLAME.id, "Ann"),))
    (passage,) = units[3].passages
    units[3] = replace(units[3], passages=(replace(passage, text_hash="other words"),))
    counted = count_codes(comparison, units, [BLAME])
    assert (counted.n_units, counted.n_open, counted.n_gone) == (0, 2, 1)
    assert not counted.shares
    assert not counted.tests
    document = prevalence_object(counted, [BLAME])
    assert (document["n_open"], document["shares"]) == (2, [])


def test_a_coding_is_a_line_and_so_is_a_unit_without_a_code(tmp_path: Path) -> None:
    _, comparison = two_sources()
    first, second, third = offered(comparison, tmp_path, "statement")[:3]
    first = replace(first, codings=(Coding(BLAME.id, "Ann", "=1+1; two\nlines"), Coding(CALM.id, "Ben")))
    articles = {one.id: one for one in comparison.articles}
    rows = list(coding_rows([first, second, replace(third, tasks=())], [BLAME, CALM], articles))
    assert [(row["coder"], row["code"]) for row in rows] == [("Ann", "Blame"), ("Ben", "Calm"), ("Ann", "")]
    assert (rows[0]["source"], rows[0]["lang"]) == (["north", "south"], ["en", "ru"])
    lines = csv_bytes(rows).decode("utf-8-sig")
    assert "north; south,en; ru" in lines
    assert '"\'=1+1; two\nlines"' in lines
    gone = next(coding_rows([first], [BLAME], {}))
    assert (gone["is_there"], gone["source"]) == (False, ["", ""])


def test_a_list_of_passages_is_bounded_and_may_have_remarks(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\ufeff# mine\n\na:1\r\n b:2-3 \n", encoding="utf-8")
    assert read_places(file) == ["a:1", "b:2-3"]
    file.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_places(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_places(tmp_path)
