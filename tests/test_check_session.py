"""A library checked from the first question to the gold that others measure on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import crosslingual
from crosslingual.address import LibraryAddress, format_setting
from crosslingual.align.space import Space
from crosslingual.api import Library
from crosslingual.check import gold_export, session
from crosslingual.check.gold_export import export_gold
from crosslingual.check.item_view import ItemView
from crosslingual.check.session import MAX_SAMPLE_SIZE
from crosslingual.cli import cli
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError
from crosslingual.evaluate.gold_events import read_events
from crosslingual.formatting import describe_probabilities
from crosslingual.library import Library as Store
from crosslingual.library.transfer import restore_library

pytestmark = pytest.mark.model
Run = Callable[..., Result]


@pytest.fixture
def demo_address(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, library_address: LibraryAddress
) -> LibraryAddress:
    """The demo in a folder, and on a server."""
    restore_library(demo_copy, library_address)
    return library_address


@pytest.fixture
def opened(demo_address: LibraryAddress) -> Iterator[Library]:
    with crosslingual.open(format_setting(demo_address)) as opened:
        yield opened


@pytest.fixture
def run(demo_address: LibraryAddress) -> Run:
    def invoke(*args: object, keys: str = "") -> Result:
        # By the environment: an address with a password is no argument.
        known = {"CROSSLINGUAL_LIBRARY": format_setting(demo_address)}
        return CliRunner().invoke(cli, [*map(str, args)], input=keys, env=known, catch_exceptions=False)

    return invoke


def next_view(opened: Library) -> ItemView:
    view = next(opened.check.open_items(), None)
    assert view
    return view


def test_a_question_shows_both_sentences_and_nothing_of_how_likely_they_are(run: Run) -> None:
    shown = run("check", "--sample", 4, "--seed", 3, keys="q").stdout
    assert "1 of 4" in shown
    assert shown.count("▶") == 2
    assert "%" not in shown
    assert "0." not in shown


def test_answers_are_kept_at_once_taken_back_and_gone_on_with(run: Run) -> None:
    assert "2 of 6" in run("check", "--sample", 6, "--seed", 1, keys="1q").stdout
    again = run("check", keys="4u2aq").stdout
    assert again.count("2 of 6") == 2  # asked, and again when the answer was taken back
    assert again.count("3 of 6") == 3  # asked, asked, and once more with all of the other source
    judged = json.loads(run("check", "judgements", "--json").stdout)
    assert [row["answer"] for row in judged] == ["same", "part"]
    assert "taken back: one tells a part of the other" in run("check", "undo").stdout
    assert "taken back: the same" in run("check", "undo").stdout
    assert run("check", "judgements").stdout.startswith("no answers yet")


def test_results_come_as_json_and_csv(run: Run) -> None:
    run("check", "--sample", 30, "--seed", 1, keys="1" * 30)
    found = json.loads(run("check", "results", "--json").stdout)
    assert found["precision"]["share"] == found["recall"]["n"] / found["n_judged"] == 1
    assert found["precision"]["low"] < 1
    assert found["silence_precision"]["share"] == 0
    rows = run("check", "results", "--csv").stdout.splitlines()
    assert rows[0] == "measure,of,share,low,high,n,n_more"
    assert rows[1].startswith("precision,,1.0,")
    assert "more for ±5" in run("check", "results").stdout


def test_a_calibration_is_told_wherever_probabilities_stand_and_taken_off_again(
    run: Run, opened: Library, tmp_path: Path
) -> None:
    event = opened.events()[0]
    shipped = opened.compare(event)
    assert describe_probabilities(shipped) == ""
    opened.check.draw(size=60, seed=2)
    while view := next(opened.check.open_items(), None):
        opened.check.answer(view.item, "different")
    made = opened.check.apply()
    mapped = opened.compare(event)
    assert mapped.calibration == made
    assert made.intercept < 0
    note = f"calibrated on {made.n_judgements} judgements of your own"
    assert note in describe_probabilities(mapped)
    assert max(link.probability for link in mapped.links) < max(link.probability for link in shipped.links)
    assert note in " ".join(run("compare", event.id).stdout.split())
    document = json.loads(run("compare", event.id, "--json").stdout)
    assert document["calibration"]["n_judgements"] == made.n_judgements
    assert {row["probability"] for row in document["statements"]} == {
        round(statement.probability, 4) for statement in mapped.statements
    }
    written = opened.report(event, tmp_path / "report")
    page = written.page.read_text(encoding="utf-8")
    assert note in page
    assert re.search(
        r"Checked by a reader, \d+ judgements on the library: of what stands in one row, 0 % \(0–\d+ %\)",
        page,
    )
    assert opened.check.results().sampled_calibration == ""
    run("check", "reset")
    assert opened.compare(event) == shipped
    assert opened.check.results().n_judged > 0
    assert "forgotten" in run("check", "reset", "--answers").stdout
    assert opened.check.results().n_judged == 0


def test_too_few_answers_are_no_calibration(run: Run, opened: Library) -> None:
    opened.check.draw(size=3, seed=1)
    opened.check.answer(next_view(opened).item, "same")
    with pytest.raises(InputError, match="that a calibration needs at least"):
        opened.check.apply()


def test_exported_answers_are_gold_of_the_same_sentences(run: Run, opened: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no answers to export"):
        opened.check.export(tmp_path / "none.jsonl")
    event = opened.events()[0]
    opened.check.draw(event, size=40, seed=5)
    asked: dict[str, list[frozenset[str]]] = {"same": [], "different": []}
    silences = []
    while view := next(opened.check.open_items(), None):
        answer = "same" if view.item.kind == "pair" and view.item.probability > 0.5 else "different"
        opened.check.answer(view.item, answer)
        texts = [next(one.text for one in side.sentences if one.is_asked) for side in (view.left, view.right)]
        if view.item.kind == "pair":
            asked[answer].append(frozenset(texts))
        else:
            silences.append((texts[0], [one.text for own in view.right_articles for one in own.sentences]))
    file = tmp_path / "mine.jsonl"
    assert f"of 1 event in {file}" in run("check", "export", file).stdout
    (gold,) = read_events(file)
    said = {
        frozenset((gold.sentences[a][i], gold.sentences[b][j])): mark
        for (a, i, b, j), mark in gold.link_labels.items()
    }
    assert {pair for pair, mark in said.items() if mark == "s"} == set(asked["same"])
    assert not {pair for pair in asked["different"] if pair in said}
    assert silences
    for text, others in silences:
        assert not {frozenset((text, other)) for other in others} & said.keys() - set(asked["same"])
    n_pairs = sum(
        len(one) * len(other) for n, one in enumerate(gold.sentences) for other in gold.sentences[n + 1 :]
    )
    assert n_pairs * 0.5 < sum(mark == "?" for mark in gold.link_labels.values()) < n_pairs
    measured = CliRunner().invoke(
        cli, ["evaluate", "statements", str(file), "--json"], catch_exceptions=False
    )
    links = json.loads(measured.stdout)["links"]
    assert links["recall"] > 0.8  # what was called the same is what the program found


def test_a_question_whose_article_is_gone_is_passed_over_and_samples_stay_in_a_backup(
    opened: Library, tmp_path: Path
) -> None:
    opened.check.draw(size=20, seed=1)
    first = next_view(opened)
    opened.check.answer(first.item, "unsure")
    second = next_view(opened)
    opened.store.remove_articles([second.item.article])
    after = next_view(opened)
    assert second.item.article not in (after.item.article, after.item.other_article)
    backup = opened.backup(tmp_path / "copy.db")
    crosslingual.restore(backup, tmp_path / "restored")
    with Store(tmp_path / "restored") as restored:
        assert restored.load_check_samples() == opened.store.load_check_samples()


def test_what_is_asked_the_other_way_round_is_answered_too(opened: Library) -> None:
    event = opened.events()[0]
    sample = opened.check.draw(event, size=MAX_SAMPLE_SIZE, seed=1)
    assert len(sample.items) == sum(sample.stratum_sizes.values())
    while view := next(opened.check.open_items(), None):
        if view.item.kind == "pair":
            break
        opened.check.answer(view.item, "different")
    assert view
    opened.check.answer(view.item, "values")
    ends = {view.item.article, view.item.other_article}
    answered = [item for one in opened.check.samples() for item in one.items if item.answer == "values"]
    assert {frozenset((item.article, item.other_article)) for item in answered} == {frozenset(ends)}
    assert len(answered) == len({(item.article, item.start) for item in answered})
    taken = opened.check.undo()
    assert taken
    assert not [item for one in opened.check.samples() for item in one.items if item.answer == "values"]
    with pytest.raises(InputError, match="nothing to ask"):
        opened.check.draw(event, size=1)
    assert sample.n_events == sample.n_all_events == 1


@pytest.mark.parametrize(("size", "seed", "told"), [(0, 1, "a sample of 0"), (5, -1, "seed -1")])
def test_a_draw_that_makes_no_sense_is_refused(opened: Library, size: int, seed: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        opened.check.draw(size=size, seed=seed)


def test_an_answer_that_is_none_and_a_question_that_is_gone_are_told(opened: Library) -> None:
    opened.check.draw(size=2, seed=1)
    item = next_view(opened).item
    with pytest.raises(InputError, match="answer one of same, part"):
        opened.check.answer(item, "maybe")
    opened.check.reset(answers=True)
    with pytest.raises(InputError, match="that question is gone"):
        opened.check.answer(item, "same")
    with pytest.raises(InputError, match="that question is gone"):
        opened.check.answer(replace(item, number=10**9), "same")
    assert opened.check.undo() is None


def test_more_is_drawn_from_the_events_of_the_first_sample_and_added_to_it(
    opened: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MAX_EVENTS", 1)
    assert len(opened.events()) > 1
    first = opened.check.draw(size=8, seed=1)
    events = {opened.store.find_event_id(item.article) for item in first.items}
    for seed in range(2, 6):
        more = opened.check.draw(size=3, seed=seed)
        assert {opened.store.find_event_id(item.article) for item in more.items} == events
        assert more.stratum_sizes == first.stratum_sizes
    drawn = [(i.article, i.start, i.source) for one in opened.check.samples() for i in one.items]
    assert len(drawn) == len(set(drawn)) == 8 + 4 * 3


def test_what_is_drawn_from_other_cells_begins_anew(opened: Library) -> None:
    first = opened.check.draw(size=8, seed=1)
    opened.store.remove_articles([opened.events()[0].articles[0]])
    anew = opened.check.draw(size=8, seed=2)
    assert anew.stratum_sizes != first.stratum_sizes
    assert opened.check.samples() == [anew]


def test_a_large_event_is_exported_in_parts_that_are_bounded(
    opened: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = opened.events()[0]
    opened.check.draw(event, size=40, seed=5)
    while view := next(opened.check.open_items(), None):
        answer = "same" if view.item.kind == "pair" and view.item.probability > 0.5 else "different"
        opened.check.answer(view.item, answer)
    counts = [len(own) for own in opened.store.load_sentences(event.articles).values()]
    largest = max(one * other for n, one in enumerate(counts) for other in counts[n + 1 :])
    samples = opened.store.load_check_samples()
    said = {}
    for most in (10**6, largest):
        monkeypatch.setattr(gold_export, "MAX_PAIRS", most)
        file = tmp_path / f"{most}.jsonl"
        assert export_gold(opened.store, samples, file)[0] == 1
        parts = read_events(file)
        assert {part.event for part in parts} == {event.id}
        said[most] = {
            frozenset((part.sentences[a][i], part.sentences[b][j]))
            for part in parts
            for (a, i, b, j), mark in part.link_labels.items()
            if mark == "s"
        }
        for part in parts:
            sizes = part.sentence_counts
            assert sum(one * other for n, one in enumerate(sizes) for other in sizes[n + 1 :]) <= most
    assert len(parts) > 1
    assert said[largest] == said[10**6]


def test_an_export_without_an_article_leaves_the_file_that_was_there(opened: Library, tmp_path: Path) -> None:
    opened.check.draw(size=2, seed=1)
    opened.check.answer(next_view(opened).item, "same")
    opened.store.remove_articles([id_ for event in opened.events() for id_ in event.articles])
    file = tmp_path / "mine.jsonl"
    file.write_text("former", encoding="utf-8")
    with pytest.raises(InputError, match="no answers to export"):
        opened.check.export(file)
    assert file.read_text(encoding="utf-8") == "former"
