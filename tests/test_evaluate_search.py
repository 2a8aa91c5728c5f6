from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.embeddings.encoder import EncodedTexts
from crosslingual.errors import InputError
from crosslingual.evaluate.search import (
    is_held_out,
    make_queries,
    make_short_queries,
    measure_recall,
    store_lines,
)
from crosslingual.library import Library
from crosslingual.search import SearchIndex
from tests.helpers.library_samples import toy_space, vector


class Toy:
    """An encoder by which a text is like itself and nothing else."""

    name = "toy"
    dimensions = 16

    def encode_with_tokens(self, texts: list[str], **_: object) -> EncodedTexts:
        rows = np.stack([vector(text) for text in texts])
        ones = tuple(np.ones(1, np.float32) for _ in texts)
        return EncodedTexts(rows, tuple(row[None] for row in rows), ones)


def test_lines_that_find_themselves_give_full_recall_and_others_none(tmp_path: Path) -> None:
    reader = ArticleEncoder(Toy(), toy_space().tokens)  # type: ignore[arg-type]  # all that is asked of it
    lines = [f"This is line number {number}, and it says so." for number in range(45)]
    with Library(tmp_path) as library:
        ids = store_lines(library, reader, [*lines, ""], "en")
        assert len(ids) == 3
        index = SearchIndex(library, toy_space())

        def run(pairs: list[tuple[str, str]]) -> tuple[float, float]:
            asked = [(query, {"en": line}) for query, line in pairs]
            found = measure_recall(library, index, toy_space(), reader.encoder, asked)["en"]
            return found.recall_at_1, found.recall_at_10

        assert run([(line, line) for line in lines[:5]]) == (1, 1)
        assert run([(line, "never said") for line in lines[:5]]) == (0, 0)
        with pytest.raises(InputError, match="no queries"):
            run([])
        index.close()


def test_short_queries_are_taken_by_rule() -> None:
    english = ["The extraordinary parliamentary session was postponed again.", "Oh no.", ""]
    (place, query) = next(make_short_queries(english, "en"))
    assert (place, query) == (0, "extraordinary parliamentary")
    chinese = dict(make_short_queries(["两国元首，共同签署并发表联合声明。", "好。"], "zh"))
    assert chinese == {0: "共同签署"}


def test_all_queries_are_asked_at_once_or_words_of_each_language() -> None:
    told = {"en": ["Wonderful things happen", "", "x"], "de": ["Wunderbare Dinge geschehen", "", ""]}
    first = (0, "a", {"en": "Wonderful things happen", "de": "Wunderbare Dinge geschehen"})
    assert make_queries(["a", "b", ""], told, short=False) == [[first]]
    english, german = make_queries(["a", "b", ""], told, short=True)
    assert english == [(0, "Wonderful things", {"en": "Wonderful things happen"})]
    assert german == [(0, "Wunderbare Dinge", {"de": "Wunderbare Dinge geschehen"})]


def test_half_of_the_lines_are_held_out() -> None:
    assert sum(map(is_held_out, range(200))) == 100
