from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.margin import margin_scores
from crosslingual.errors import InputError
from crosslingual.evaluate.mining import MinedPairs, mine_pairs, read_pairs, score_mining
from crosslingual.evaluate.retrieval import retrieval_scores
from crosslingual.types import FloatArray


def unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def bitext(pairs: int, distractors: int, noise: float) -> tuple[FloatArray, FloatArray]:
    """Sides whose first ``pairs`` rows are translations of one another; the rest have none."""
    chance = np.random.default_rng(3)
    src, tgt = (chance.normal(size=(pairs + distractors, 48)) for _ in "ab")
    tgt[:pairs] = src[:pairs] + noise * chance.normal(size=(pairs, 48))
    return unit(np.asarray(src, np.float32)), unit(np.asarray(tgt, np.float32))


def test_pairs_are_found_among_distractors_and_thresholds_tell_them() -> None:
    src, tgt = bitext(40, 60, 0.4)
    gold = {(i, i) for i in range(40)}
    scores = score_mining(mine_pairs(src, tgt), gold)
    assert scores.best.f1 == 1.0
    assert scores.best.f1 >= scores.shipped.f1
    assert len(mine_pairs(src, tgt).pairs_above(scores.best_threshold)) == 40
    with_rubbish = score_mining(mine_pairs(src, tgt), gold, threshold=0.0).shipped
    assert with_rubbish.recall == 1.0
    assert with_rubbish.precision < 0.6


def test_margins_are_those_of_the_margin_score() -> None:
    src, tgt = bitext(20, 10, 0.8)
    mined = mine_pairs(src, tgt)
    dense = margin_scores(np.asarray(src @ tgt.T))
    np.testing.assert_allclose(mined.margins, dense[mined.src, mined.tgt], rtol=1e-5)
    assert (np.diff(mined.margins) <= 0).all()
    assert len(set(mined.src.tolist())) == len(set(mined.tgt.tolist())) == len(mined.src)


def test_few_or_no_sentences_are_no_trouble() -> None:
    src, tgt = bitext(2, 0, 0.1)
    assert mine_pairs(src, tgt).pairs_above(0.0) == {(0, 0), (1, 1)}
    assert mine_pairs(src[:0], tgt).pairs_above(0.0) == set()
    assert score_mining(mine_pairs(src[:0], tgt), {(0, 0)}).best.f1 == 0.0
    assert score_mining(mine_pairs(src, tgt[:0]), set()).shipped.f1 == 1.0


def test_pairs_of_equal_margin_stand_or_fall_together() -> None:
    mined = MinedPairs(np.arange(3), np.arange(3), np.asarray([1.5, 1.2, 1.2], np.float32))
    scores = score_mining(mined, {(0, 0), (1, 1)})
    assert scores.best.f1 == pytest.approx(0.8)
    assert len(mined.pairs_above(scores.best_threshold)) == 3


def test_gold_is_read_as_line_numbers_or_refused(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.write_text("1\t2\n\n3\t1\n")
    assert read_pairs(gold, 3, 2) == {(0, 1), (2, 0)}
    for wrong in ("0\t1\n", "1\t3\n", "1 2\n", "a\tb\n"):
        gold.write_text(wrong)
        with pytest.raises(InputError, match="gold:1: not two line numbers"):
            read_pairs(gold, 3, 2)


def test_the_margin_tells_a_hub_from_a_translation() -> None:
    tgt = unit(np.asarray([[1, 0, 0.7], [0, 1, 0.7], [0, 0, 1]], np.float32))  # the last is near to all
    src = unit(np.asarray([[0.4, -0.1, 1], [-0.1, 0.4, 1], [-0.4, -0.4, 1]], np.float32))
    scores = retrieval_scores(src, tgt)
    assert scores.sentences == 3
    assert scores.margin.forward > scores.cosine.forward
    with pytest.raises(InputError, match="not line-parallel"):
        retrieval_scores(src, tgt[:2])
