"""Differences planted into the demo's hand-made translations are told from untouched ones."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.evaluate.divergence import DivergenceScores, PlantedDifference, evaluate_divergence
from crosslingual.framing.word_vectors import WordEncoder
from crosslingual.tmx import read_tmx
from scripts.planting import Planter

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

KINDS = ("number", "name", "negation", "attribution", "clause")


@pytest.fixture(scope="module")
def scores(encoder: SentenceEncoder, demo_space: Space) -> DivergenceScores:
    entries = [
        entry
        for path in sorted(DEMO_FOLDER.glob("*/memory.tmx"))
        for entry in read_tmx(path, target_lang="en")
    ]
    planter = Planter({"en": [entry.tgt for entry in entries]}, Random(5))  # noqa: S311  # no secret
    pairs = [PlantedDifference((one.src, one.src_lang), (one.tgt, "en"), "none", None) for one in entries]
    pairs += [
        PlantedDifference((one.src, one.src_lang), (changed, "en"), kind, span)
        for one in entries
        for kind in KINDS
        for changed, span in filter(None, [planter.plant(one.tgt, "en", kind)])
    ]
    return evaluate_divergence(pairs, WordEncoder(encoder, demo_space.tokens))


def test_planted_differences_score_above_none(scores: DivergenceScores) -> None:
    assert sorted(scores.auc) == sorted(KINDS)
    assert scores.macro >= 0.9  # measured: .92
    assert min(scores.auc.values()) >= 0.79  # .82 for names


def test_their_places_are_marked_and_little_else_is(scores: DivergenceScores) -> None:
    assert scores.span_hit >= 0.82  # .84
    assert scores.marked_untouched <= 0.08  # .06
