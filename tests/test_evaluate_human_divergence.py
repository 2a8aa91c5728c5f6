"""Differences that people marked: how files of them are read, and what is scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from crosslingual.errors import InputError
from crosslingual.evaluate.human_divergence import (
    _best_threshold,
    _compare_pairs,
    _compare_tokens,
    _cross_thresholds,
)
from crosslingual.evaluate.labelled_divergence import (
    LabelledPair,
    is_labelled,
    read_labelled_pairs,
    token_spans,
)

REFRESD = (
    "#binary_label\t#3_labels\t#english_sentence\t#french_sentence\t#english_rational\t#french_rationale\n"
    "divergent\tsome_meaning_difference\tThe red ferry .\tLe bac .\t0 3 0 0\t0 0 1\n"
    "equivalent\tno_meaning_difference\tThe ferry .\tLe bac .\t0 0 0\t0 0 0\n"
)
SWISSGOV = {
    "subset": "admin_de",
    "text_a": "The ferry",
    "text_b": "Die Fähre",
    "labels_a": [0, 0.4],
    "labels_b": [-1, 1],
}


def test_refresd_is_read_with_shares_of_its_annotators(tmp_path: Path) -> None:
    path = tmp_path / "REFreSD_rationale"
    path.write_text(REFRESD, encoding="utf-8")
    assert is_labelled(path)
    first, second = read_labelled_pairs(path)
    assert first.left == ("The red ferry .", "en")
    assert first.right == ("Le bac .", "fr")
    assert first.left_labels == (0, 1, 0, 0)
    assert first.right_labels == pytest.approx((0, 0, 1 / 3))
    assert (first.kind, first.is_divergent) == ("some_meaning_difference", True)
    assert not second.is_divergent


def test_swissgov_is_read_with_its_language(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(SWISSGOV), encoding="utf-8")
    assert is_labelled(path)
    assert read_labelled_pairs(path) == [
        LabelledPair(("The ferry", "en"), ("Die Fähre", "de"), (0, 0.4), (-1, 1))
    ]


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(SWISSGOV | {"labels_a": [0]}),
        json.dumps(SWISSGOV | {"text_b": "a"}),
        json.dumps(SWISSGOV | {"text_a": "", "labels_a": []}),
        json.dumps(SWISSGOV | {"labels_a": [0, float("nan")]}),
        json.dumps(SWISSGOV | {"labels_a": [0, 7]}),
        json.dumps(SWISSGOV | {"labels_a": [0, -0.5]}),
        json.dumps({"labels_a": []}),
        '{"labels_a": 3',
        "[" * 10_000,
    ],
)
def test_a_line_without_a_label_for_each_token_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(SWISSGOV)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:2: "):
        read_labelled_pairs(path)


def test_another_file_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "planted.jsonl"
    path.write_text('{"src": "a"}', encoding="utf-8")
    assert not is_labelled(path)
    path.write_text("#binary_label\n", encoding="utf-8")
    with pytest.raises(InputError, match="no pairs"):
        read_labelled_pairs(path)


def test_a_file_of_one_class_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(SWISSGOV | {"labels_a": [0, 0], "labels_b": [-1, 0]}), encoding="utf-8")
    with pytest.raises(InputError, match="its tokens all differ, or none does"):
        read_labelled_pairs(path)
    path.write_text("".join(REFRESD.splitlines(keepends=True)[:2]), encoding="utf-8")
    with pytest.raises(InputError, match="its pairs all differ, or none does"):
        read_labelled_pairs(path)


def test_tokens_keep_their_places() -> None:
    text = " a  bb a"
    assert [text[start:end] for start, end in token_spans(text)] == ["a", "bb", "a"]


def test_a_threshold_is_the_other_halfs() -> None:
    scores = np.array([0.1, 0.2, 0.8, 0.9], np.float32)
    truth = np.array([False, False, True, True])
    assert _best_threshold(scores, truth) == pytest.approx(0.8)
    groups = np.arange(400)
    told = _cross_thresholds(np.tile(scores, 100), np.tile(truth, 100), groups)
    assert told.tolist() == np.tile(truth, 100).tolist()


def test_a_threshold_does_not_cut_within_equal_scores() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0.1], np.float32)
    truth = np.array([True, True, False, False, False, False])
    assert _best_threshold(scores, truth) == pytest.approx(0.9)


def test_what_tells_better_than_the_cosine_is_ahead_of_it() -> None:
    rng = np.random.default_rng(2)
    truth = rng.random(300) < 0.5
    good = (truth + rng.normal(0, 0.3, 300)).astype(np.float32)
    poor = (truth + rng.normal(0, 2.0, 300)).astype(np.float32)
    scores = _compare_pairs(truth, {"unmatched": good, "cosine": poor})
    lead = scores["unmatched"].ahead
    assert lead is not None
    assert 0 < lead[1] < lead[0] < lead[2]
    assert lead[0] == pytest.approx(scores["unmatched"].auc - scores["cosine"].auc)
    assert scores["cosine"].ahead is None
    assert scores["unmatched"].f1_weighted > 0.9


def test_tokens_that_nobody_judged_do_not_count() -> None:
    pairs = [LabelledPair(("a b", "en"), ("c d", "de"), (0, 1), (-1, 1)) for _ in range(20)]
    right = [np.array([0.1, 0.9, 5.0, 0.8], np.float32) for _ in pairs]
    wrong = [np.array([0.9, 0.1, 5.0, 0.2], np.float32) for _ in pairs]
    scores = _compare_tokens(pairs, {"passage": right, "cosine": wrong})
    assert scores["passage"].spearman > 0.8 > 0 > scores["cosine"].spearman
    assert scores["passage"].f1_product == pytest.approx(1.0)
