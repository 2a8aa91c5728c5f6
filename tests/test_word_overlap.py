"""Words that two sentences share, by how rare they are."""

import math

import numpy as np
import pytest

from crosslingual.align.word_overlap import UNKNOWN_OVERLAP, measure_word_overlap

TEXTS = ["The bridge fell.", "The bridges fell at dawn", "The mayor slept", "Мост рухнул", "..."]
LANGS = ["en", "en", "en", "ru", "en"]


def overlap_of(one: int, other: int) -> dict[str, float]:
    found = measure_word_overlap(TEXTS, LANGS, np.array([one]), np.array([other]))
    return {name: float(values[0]) for name, values in found.items()}


def test_words_weigh_more_the_fewer_sentences_have_them_in_whatever_form() -> None:
    the, bridge = math.log(1 + 5 / 3), math.log(1 + 5 / 2)  # "fell" is as rare as "bridge"
    alone = math.log(1 + 5)
    found = overlap_of(0, 1)
    assert found["words shared"] == pytest.approx(the + 2 * bridge, rel=1e-5)
    assert found["words of less"] == pytest.approx(1)
    assert found["words of more"] == pytest.approx(
        (the + 2 * bridge) / (the + 2 * bridge + 2 * alone), rel=1e-5
    )
    assert found["rarest word"] == pytest.approx(bridge, rel=1e-5)
    assert found == overlap_of(1, 0)


def test_a_common_word_alone_is_little() -> None:
    found = overlap_of(0, 2)
    assert 0 < found["words of more"] < 0.25
    assert found["rarest word"] == pytest.approx(math.log(1 + 5 / 3), rel=1e-5)


def test_two_languages_have_no_overlap_to_speak_of_and_a_sentence_without_words_has_none() -> None:
    assert set(overlap_of(0, 3).values()) == {UNKNOWN_OVERLAP}
    assert set(overlap_of(0, 4).values()) == {0.0}
