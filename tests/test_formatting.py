from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair
from crosslingual.framing.word_vectors import MAX_WORDS, WordEncoder
from tests.helpers.doubles import Letters, flat_space

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def aligner(encoder: SentenceEncoder, demo_space: Space) -> WordEncoder:
    return WordEncoder(encoder, demo_space.tokens)


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
    aligner: WordEncoder, one: tuple[str, str], other: tuple[str, str], same: dict[str, str]
) -> None:
    left, right = (
        AnalyzedSentence(*cell, words)
        for cell, words in zip((one, other), aligner.encode_words([one, other]), strict=True)
    )
    cosines = SentencePair.from_sentences(right, left).cosines
    for word, wanted in same.items():
        start = right.text.index(word)
        row = int(right.words.indices_in_span(start, start + len(word))[0])
        begin, end = left.words.spans[int(cosines[row].argmax())]
        assert left.text[begin:end] in wanted  # Chinese words may be cut


def test_words_have_no_marks_and_keep_their_apostrophes(aligner: WordEncoder) -> None:
    text = "«It isn't 2,400!», 说外交部 3%"
    (words,) = aligner.encode_words([(text, "en")])
    found = [text[start:end] for start, end in words.spans]
    assert found[:3] == ["It", "isn't", "2,400"]
    assert found[-1] == "3"
    assert "".join(found[3:-1]) == "说外交部"


def test_common_words_weigh_nothing(aligner: WordEncoder) -> None:
    (words,) = aligner.encode_words([("the plutonium", "en")])
    assert words.weights[0] == 0
    assert words.weights[1] > 1


@given(st.text(max_size=80))
def test_words_are_apart_in_order_and_of_length_one(text: str) -> None:
    (words,) = WordEncoder(Letters(), flat_space("m", 64).tokens).encode_words([(text, "en")])
    edges = words.spans.ravel().tolist()
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in words.spans)
    np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1, rtol=1e-5)


def test_a_sentence_without_end_is_cut() -> None:
    (words,) = WordEncoder(Letters(), flat_space("m", 64).tokens).encode_words(
        [("ab " * 2 * MAX_WORDS, "en")]
    )
    assert len(words.spans) == MAX_WORDS


def test_any_tokenizer_that_tells_places_will_do(tiny_model: Path) -> None:
    (spelling,) = SentenceEncoder(tiny_model, "tiny").token_states(["abc de"])
    assert spelling.spans.tolist() == [[0, 1], [1, 2], [2, 3], [4, 5], [5, 6]]
