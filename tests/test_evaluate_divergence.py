from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.evaluate.divergence import PlantedDifference, read_planted, roc_auc, score_divergence
from crosslingual.framing.differences import DifferenceSpan, Divergence
from crosslingual.framing.word_vectors import SentenceWords

ROW = {
    "src_lang": "zh",
    "src": "他来了。",
    "tgt_lang": "en",
    "tgt": "He did not come.",
    "kind": "negation",
    "span": [3, 10],
}
NONE = ROW | {"tgt": "He came.", "kind": "none", "span": None}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


@given(*[st.lists(st.integers(0, 9), min_size=1, max_size=30)] * 2)
def test_the_area_is_how_often_a_planted_pair_scores_higher(planted: list[int], untouched: list[int]) -> None:
    won = [(one > other) + (one == other) / 2 for one in planted for other in untouched]
    found = roc_auc(np.array(planted, np.float32), np.array(untouched, np.float32))
    assert found == pytest.approx(sum(won) / len(won))


def test_pairs_are_read(tmp_path: Path) -> None:
    planted, untouched = read_planted(write(tmp_path / "a.jsonl", ROW, NONE))
    assert planted == PlantedDifference(("他来了。", "zh"), ("He did not come.", "en"), "negation", (3, 10))
    assert untouched.span is None


@pytest.mark.parametrize(
    "row",
    [{}, [], 3, ROW | {"span": [3]}, ROW | {"span": [3, 99]}, ROW | {"tgt": 5}, ROW | {"tgt": "a" * 20_000}],
)
def test_a_bad_line_is_named(tmp_path: Path, row: object) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl:2: "):
        read_planted(write(tmp_path / "a.jsonl", NONE, row))


@pytest.mark.parametrize("rows", [(ROW,), (NONE,), ()])
def test_both_sorts_of_pairs_are_needed(tmp_path: Path, rows: tuple[object, ...]) -> None:
    with pytest.raises(InputError, match="others to tell from"):
        read_planted(write(tmp_path / "a.jsonl", *rows))


def test_spans_are_hit_on_their_own_side_and_words_counted_once() -> None:
    cell = ("aa bb cc dd", "en")
    words = SentenceWords(
        np.array([[0, 2], [3, 5], [6, 8], [9, 11]]), np.zeros((4, 1), np.float32), np.zeros(4, np.float32)
    )
    pairs = [
        PlantedDifference(cell, cell, "number", (3, 5)),
        PlantedDifference(cell, cell, "number", (3, 5)),
        PlantedDifference(cell, cell, "clause", None),
        PlantedDifference(cell, cell, "none", None),
    ]
    found = [
        Divergence(0.9, {}, (DifferenceSpan(1, 4, 5, "number", ""),)),
        Divergence(0.5, {}, (DifferenceSpan(0, 4, 5, "number", ""), DifferenceSpan(1, 5, 6, "number", ""))),
        Divergence(0.1, {}, ()),
        Divergence(0.5, {}, (DifferenceSpan(0, 0, 5, "words", ""), DifferenceSpan(0, 4, 5, "words", ""))),
    ]
    scores = score_divergence(pairs, found, [(words, words)] * 4)
    assert scores.auc == {"clause": 0.0, "number": 0.75}
    assert scores.macro == 0.375
    assert scores.span_hit == 0.5
    assert scores.marked_untouched == 2 / 8
