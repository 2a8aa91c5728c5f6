"""Which questions are drawn, and how the answers are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.matching import PairProbabilities
from crosslingual.check.results import list_judged_pairs, measure_samples
from crosslingual.check.sampling import STRATA, CellTable, choose_events, draw_items, list_cells
from crosslingual.library.judgements import ANSWERS, CheckItem, CheckSample
from crosslingual.report.check import describe_measures, describe_results
from crosslingual.types import Article, Comparison, Event, ProbabilityCalibration, Sentence


def table(strata: list[int], langs: list[str] | None = None, article: str = "a") -> CellTable:
    """A cell for each of ``strata``: sentence n of one article, and the same one of another source."""
    count = len(strata)
    sentences = [Sentence(side, n, 10 * n, 10 * n + 9, "x") for side in (article, "b") for n in range(count)]
    own = np.arange(count)
    probabilities = np.array([0.02 if STRATA[n].startswith("silent") else 0.8 for n in strata], np.float32)
    return CellTable(
        (),
        sentences,
        ("north", "south"),
        own,
        np.ones(count, np.intp),
        own + count,
        probabilities,
        np.array(strata, np.intp),
        langs or ["ru-zh"] * count,
    )


CELLS = st.lists(st.integers(0, len(STRATA) - 1), max_size=80)


@given(CELLS, CELLS, st.integers(1, 90), st.integers(0, 9))
def test_a_sample_has_each_cell_once_and_is_as_large_as_it_can_be(
    one: list[int], other: list[int], size: int, seed: int
) -> None:
    tables = [table(one), table(other, article="c")]
    items, sizes = draw_items(tables, size, seed)
    assert (items, sizes) == draw_items(tables, size, seed)
    assert sizes == {name: (one + other).count(number) for number, name in enumerate(STRATA)}
    keys = [(item.article, item.start) for item in items]
    assert len(keys) == len(set(keys)) == min(size, len(one + other))
    assert all(
        (item.kind == "silence") == item.stratum.startswith("silent") and item.source == "south"
        for item in items
    )
    rest, _ = draw_items(tables, 200, seed, [(*key, "south") for key in keys])
    assert {(item.article, item.start) for item in rest}.isdisjoint(keys)
    assert len(rest) + len(keys) == len(one + other)


def test_every_cell_of_a_stratum_is_as_likely_to_be_drawn_and_languages_get_their_part() -> None:
    langs = ["en-zh"] * 10 + ["ru-zh"] * 20
    cells = [table([3] * 30, langs)]
    drawn: Counter[int] = Counter()
    for seed in range(600):
        items, _ = draw_items(cells, 6, seed)
        assert [item.langs for item in items].count("en-zh") in (1, 2, 3)
        drawn.update(item.start for item in items)
    # 600 · 6/30 = 120 times each, with a standard deviation of 10.
    assert len(drawn) == 30
    assert min(drawn.values()) > 75
    assert max(drawn.values()) < 165


def test_who_stops_early_has_judged_all_strata_in_their_proportion() -> None:
    items, _ = draw_items([table([3] * 300 + [4] * 100 + [7] * 2_000)], 80, 1)
    parts = [Counter(item.stratum for item in items[:n]) for n in (40, 80)]
    for name, count in parts[1].items():
        assert parts[0][name] == pytest.approx(count / 2, abs=2), name


def test_events_are_chosen_at_random_and_all_where_they_are_few() -> None:
    assert choose_events([1, 2, 3], 5, 0) == [1, 2, 3]
    chosen = choose_events(range(100), 10, 4)
    assert len(set(chosen)) == 10
    assert chosen == sorted(chosen)
    assert chosen != choose_events(range(100), 10, 5)


def item(number: int, stratum: str, answer: str, probability: float = 0.8, order: int = 0) -> CheckItem:
    kind = "silence" if stratum.startswith("silent") else "pair"
    return CheckItem(
        *(number, kind, stratum, probability, "ru-zh", "a", number, "south", "b", number),
        answer=answer,
        answer_order=order or (number if answer else 0),
    )


def sample(items: list[CheckItem], sizes: dict[str, int], **fields: str) -> CheckSample:
    made = CheckSample("s", "", "e", 1, "k", "", 1, 1, sizes, tuple(items))
    return replace(made, **fields)  # type: ignore[arg-type]  # texts alone


def test_measures_weigh_strata_by_their_sizes() -> None:
    items = [
        *(item(n, "found 0.70", "same" if n < 8 else "different") for n in range(1, 11)),
        *(item(n, "found 0.95", "part") for n in range(11, 16)),
        *(item(n, "silent 0.00", "different" if n < 24 else "values", 0.01) for n in range(20, 25)),
        item(30, "found 0.70", "unsure"),
        item(31, "found 0.70", ""),
    ]
    sizes = {"found 0.70": 100, "found 0.95": 300, "silent 0.00": 50}
    found = measure_samples([sample(items, sizes)], "k", None)
    assert found.precision
    assert found.recall
    assert found.silence_precision
    assert found.precision.share == pytest.approx((100 * 0.7 + 300) / 400)
    assert found.recall.share == pytest.approx(370 / (370 + 10))
    assert found.silence_precision.share == pytest.approx(0.8)
    assert (found.n_judged, found.n_asked, found.precision.n) == (20, 22, 15)
    assert sum(found.answers.values()) == 21
    assert found.answers.keys() <= ANSWERS.keys()
    assert found.precision_by_langs["ru-zh"].share == pytest.approx(found.precision.share)
    assert [one.measured.n for one in found.reliability] == [15]


def test_only_answers_of_one_kind_are_counted_together_but_all_calibrate() -> None:
    sizes = {"found 0.70": 100}
    of_library = sample([item(n, "found 0.70", "same") for n in range(1, 13)], sizes, event="")
    of_event = sample([item(n, "found 0.70", "different") for n in range(20, 24)], sizes)
    former = sample([item(n, "found 0.70", "same") for n in range(30, 33)], sizes, scoring_key="before")
    found = measure_samples([former, of_library, of_event], "k", None)
    assert (found.event, found.n_judged, found.n_ignored) == ("e", 4, 3)
    assert found.calibration
    assert found.calibration.n_judgements == 16
    assert measure_samples([former, of_library, of_event], "k", None, "").n_judged == 12
    assert measure_samples([former], "k", None).precision is None


def test_of_two_answers_to_the_same_pair_the_last_counts() -> None:
    asked = item(1, "found 0.70", "same", order=1)
    back = replace(
        item(2, "found 0.70", "different", order=2), article="b", other_article="a", start=1, other_start=1
    )
    (counted,) = list_judged_pairs([sample([asked, back], {})], "k")
    assert counted.answer == "different"


def test_a_pair_that_was_drawn_from_both_sides_is_one_judgement() -> None:
    items = []
    for n in range(1, 11):
        asked = item(n, "found 0.70", "same" if n < 8 else "different")
        back = replace(asked, number=n + 50, article="b", other_article="a", source="north", answer_order=n)
        items += [asked, back]
    found = measure_samples([sample(items, {"found 0.70": 2_000})], "k", None)
    alone = measure_samples([sample(items[::2], {"found 0.70": 1_000})], "k", None)
    assert (found.n_judged, found.n_asked, found.answers) == (10, 10, alone.answers)
    for measures in zip(
        (found.precision, found.precision_by_langs["ru-zh"], found.reliability[0].measured),
        (alone.precision, alone.precision_by_langs["ru-zh"], alone.reliability[0].measured),
        strict=True,
    ):
        one, other = measures
        assert one
        assert other
        assert (one.n, one.share) == (other.n, other.share)
        assert one.n_effective == pytest.approx(other.n_effective)


def test_silences_of_the_same_two_sentences_are_two_questions() -> None:
    asked = item(1, "silent 0.00", "different", 0.01)
    back = replace(asked, number=2, article="b", other_article="a", source="north", answer_order=2)
    found = measure_samples([sample([asked, back], {"silent 0.00": 90})], "k", None)
    assert found.silence_precision
    assert (found.n_judged, found.silence_precision.n) == (2, 2)


def test_only_samples_of_the_same_cells_are_counted_together() -> None:
    first = sample([item(n, "found 0.70", "same") for n in range(1, 5)], {"found 0.70": 100})
    alike = replace(first, id="t", items=tuple(item(n, "found 0.70", "same") for n in range(5, 8)))
    assert measure_samples([first, alike], "k", None).n_judged == 7
    for changed in ({"stratum_sizes": {"found 0.70": 101}}, {"n_events": 2}, {"n_all_events": 3}):
        assert measure_samples([first, replace(alike, **changed)], "k", None).n_judged == 3


def test_what_recall_waits_for_is_told() -> None:
    items = [item(n, "found 0.70", "same") for n in range(1, 5)] + [item(9, "silent 0.00", "", 0.01)]
    sizes = {"found 0.70": 100, "silent 0.00": 5_000}
    found = measure_samples([sample(items, sizes)], "k", None)
    assert (found.recall, found.unjudged_states) == (None, ("silent",))
    assert "judge some silences first" in describe_results(found)[-1]
    items[-1] = item(9, "silent 0.00", "different", 0.01)
    answered = measure_samples([sample(items, sizes)], "k", None)
    assert answered.recall
    assert "first" not in " ".join(describe_results(answered))


@pytest.mark.parametrize(
    ("sampled", "active", "told"),
    [
        ("", "", ""),
        ("one", "one", ""),
        ("", "one", "before the calibration in use"),
        ("one", "two", "before the calibration in use"),
        ("one", "", "a calibration that is no longer in use"),
    ],
)
def test_it_is_told_when_rows_were_made_under_another_calibration(
    sampled: str, active: str, told: str
) -> None:
    in_use = ProbabilityCalibration(active, "", "k", 0.1, 1, 20) if active else None
    judged = sample([item(1, "found 0.70", "same")], {"found 0.70": 9}, calibration_id=sampled)
    found = measure_samples([judged], "k", in_use)
    for text in (" ".join(describe_results(found)), describe_measures(found)):
        assert ("What was measured" in text) == bool(told)
        assert told in text


def test_what_is_perhaps_said_is_so_by_the_calibration_in_use() -> None:
    articles = tuple(Article(source, "ru", "x") for source in ("north", "south"))
    sentences = [[Sentence(one.id, 0, 0, 1, "x")] for one in articles]
    event = Event("e", "", "", "", tuple(one.id for one in articles), (), ())
    comparison = Comparison(event, (), articles, (), (), "toy", 0.7, (), (), (), ())
    table = np.array([[0, 0.2], [0.2, 0]], np.float32)
    shipped = PairProbabilities(np.array([0, 1]), np.array([0, 0]), table, table)
    strict, mild = (ProbabilityCalibration("c", "", "k", shift, 1, 20) for shift in (-3, 3))
    for calibration, state in ((None, "perhaps"), (strict, "silent"), (mild, "perhaps")):
        cells = list_cells(replace(comparison, calibration=calibration), shipped, sentences)
        items = [cells.make_item(cell) for cell in range(2)]
        assert [one.stratum.split()[0] for one in items] == [state] * 2
        assert [one.probability for one in items] == pytest.approx([0.2, 0.2])
