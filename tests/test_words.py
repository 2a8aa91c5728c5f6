from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from doubles import Letters, flat_space  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.space import Space
from crosslingual.encode import SentenceEncoder
from crosslingual.framing.counterparts import Pair, Sentence
from crosslingual.framing.words import MOST, Aligner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def aligner(encoder: SentenceEncoder, demo_space: Space) -> Aligner:
    return Aligner(encoder, demo_space.tokens)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("中国谴责了这次袭击。", "zh"),
            ("China condemned the attack.", "en"),
            {"condemned": "谴责", "China": "中国", "attack": "袭击"},
        ),
        (
            ("Президент посетил завод в четверг.", "ru"),
            ("Am Donnerstag besuchte der Präsident die Fabrik.", "de"),
            {"Präsident": "Президент", "besuchte": "посетил", "Fabrik": "завод"},
        ),
    ],
)
def test_words_of_one_meaning_are_nearest(
    aligner: Aligner, one: tuple[str, str], other: tuple[str, str], same: dict[str, str]
) -> None:
    left, right = (
        Sentence(*cell, words) for cell, words in zip((one, other), aligner.words([one, other]), strict=True)
    )
    cosines = Pair.of(right, left).cosines
    for word, wanted in same.items():
        start = right.text.index(word)
        row = int(right.words.within(start, start + len(word))[0])
        begin, end = left.words.spans[int(cosines[row].argmax())]
        assert left.text[begin:end] in wanted  # Chinese words may be cut


def test_words_have_no_marks_and_keep_their_apostrophes(aligner: Aligner) -> None:
    text = "«It isn't 2,400!», 说外交部 3%"
    (words,) = aligner.words([(text, "en")])
    found = [text[start:end] for start, end in words.spans]
    assert found[:3] == ["It", "isn't", "2,400"]
    assert found[-1] == "3"
    assert "".join(found[3:-1]) == "说外交部"


def test_common_words_weigh_nothing(aligner: Aligner) -> None:
    (words,) = aligner.words([("the plutonium", "en")])
    assert words.weights[0] == 0
    assert words.weights[1] > 1


@given(st.text(max_size=80))
def test_words_are_apart_in_order_and_of_length_one(text: str) -> None:
    (words,) = Aligner(Letters(), flat_space("m", 64).tokens).words([(text, "en")])
    edges = words.spans.ravel().tolist()
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in words.spans)
    np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1, rtol=1e-5)


def test_a_sentence_without_end_is_cut() -> None:
    (words,) = Aligner(Letters(), flat_space("m", 64).tokens).words([("ab " * 2 * MOST, "en")])
    assert len(words.spans) == MOST


def test_any_tokenizer_that_tells_places_will_do(tiny_model: Path) -> None:
    (spelling,) = SentenceEncoder(tiny_model, "tiny").spell(["abc de"])
    assert spelling.spans.tolist() == [[0, 1], [1, 2], [2, 3], [4, 5], [5, 6]]
