from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from doubles import flat_space  # type: ignore[import-not-found]

from crosslingual.align.matching import LIKELY
from crosslingual.encode import Reading
from crosslingual.errors import InputError
from crosslingual.evaluate.scores import Scores
from crosslingual.evaluate.statements import (
    GoldEvent,
    groups_at,
    links,
    omissions,
    predict,
    read_events,
    score,
    write_predictions,
)
from crosslingual.types import FloatArray

GOLD = {
    "event": "summit",
    "articles": [
        {"lang": "zh", "sentences": ["A", "B"]},
        {"lang": "en", "sentences": ["a", "b", "c"]},
        {"lang": "ru", "sentences": ["d"]},
    ],
    "statements": [{"0": [0], "1": [0, 1]}, {"1": [2], "2": [0]}],
}


class LetterEncoder:
    """The same letter, large or small, has the same vector."""

    name = "letters@1"
    dimensions = 26

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        rows = [ord(text.lower()) - ord("a") for text in texts]
        vectors: FloatArray = np.eye(self.dimensions, dtype=np.float32)[np.array(rows, dtype=int)]
        return vectors

    def read(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> Reading:
        vectors = self.encode(texts)
        return Reading(vectors, tuple(row[None] for row in vectors), (np.ones(1, np.float32),) * len(vectors))


SPACE = flat_space(LetterEncoder.name, LetterEncoder.dimensions)


@pytest.fixture
def gold(tmp_path: Path) -> GoldEvent:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD) + "\n\n", encoding="utf-8")
    (event,) = read_events(path)
    return event


def test_a_file_reads_as_it_is_written(gold: GoldEvent) -> None:
    assert gold.languages == ("zh", "en", "ru")
    assert gold.sentences == (("A", "B"), ("a", "b", "c"), ("d",))
    assert gold.statements == ({0: (0,), 1: (0, 1)}, {1: (2,), 2: (0,)})


def test_links_and_omissions_by_hand(gold: GoldEvent) -> None:
    assert links(gold.statements) == {(0, 0, 1, 0), (0, 0, 1, 1), (1, 2, 2, 0)}
    assert omissions(gold.statements, [2, 3, 1]) == {
        *((0, 0, 2), (0, 1, 1), (0, 1, 2)),
        *((1, 0, 2), (1, 1, 2), (1, 2, 0)),
        (2, 0, 0),
    }


def test_scores_by_hand(gold: GoldEvent) -> None:
    # One of three links found and one false: 1 hit of 2 predicted and 3 gold. Omissions: all 12 triples
    # but the four told; (0,0,1), (1,0,0), (1,0,2), (2,0,1)… are told by what was predicted.
    found = score([gold], [[{0: (0,), 1: (0,)}, {0: (1,), 2: (0,)}]])
    assert found["links"] == Scores(precision=1 / 2, recall=1 / 3, f1=2 / 5)
    predicted = {(0, 0, 2), (0, 1, 1), (1, 0, 2), (1, 1, 0), (1, 1, 2), (1, 2, 0), (1, 2, 2), (2, 0, 1)}
    hits = len(predicted & omissions(gold.statements, [2, 3, 1]))
    assert hits == 5
    assert found["omissions"] == Scores(precision=5 / 8, recall=5 / 7, f1=2 * 5 / (8 + 7))


def test_gold_against_itself_is_perfect_and_nothing_against_it_is_not(gold: GoldEvent) -> None:
    perfect = Scores(1.0, 1.0, 1.0)
    assert score([gold], [gold.statements]) == {"links": perfect, "omissions": perfect}
    nothing = score([gold], [[]])
    assert nothing["links"] == Scores(0.0, 0.0, 0.0)
    assert nothing["omissions"].recall == 1
    assert nothing["omissions"].precision == 7 / 12


def test_events_are_averaged_by_their_counts(gold: GoldEvent) -> None:
    both = score([gold, gold], [gold.statements, []])
    assert both["links"] == Scores(precision=1.0, recall=3 / 6, f1=2 * 3 / 9)


def test_predictions_are_written_in_the_format_of_the_gold(gold: GoldEvent, tmp_path: Path) -> None:
    (bonds,) = predict([gold], LetterEncoder(), SPACE)
    predicted = [groups_at(gold, bonds, LIKELY)]
    assert predicted == [[{0: (0,), 1: (0,)}, {0: (1,), 1: (1,)}]]
    path = tmp_path / "predicted.jsonl"
    write_predictions(path, [gold], predicted)
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"event": "summit", "statements": [{"0": [0], "1": [0]}, {"0": [1], "1": [1]}]}
    ]
    with pytest.raises(InputError, match="cannot be written"):
        write_predictions(tmp_path / "nowhere" / "predicted.jsonl", [gold], predicted)


def test_an_article_without_sentences_is_no_obstacle() -> None:
    event = GoldEvent("e", ("en", "ru"), (("a",), ()), ())
    assert predict([event], LetterEncoder(), SPACE) == [[]]
    assert predict([], LetterEncoder(), SPACE) == []


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        "[" * 100_000,
        json.dumps({"event": "x", "articles": []}),
        json.dumps({"event": "x", "articles": "text", "statements": []}),
        json.dumps(GOLD | {"statements": [{"0": 1}]}),
        json.dumps(GOLD | {"statements": [{"first": [1]}]}),
        json.dumps(GOLD | {"statements": [[0, 1]]}),
        json.dumps(GOLD | {"statements": [{"3": [0]}]}),
        json.dumps(GOLD | {"statements": [{"0": [2]}]}),
        json.dumps(GOLD | {"statements": [{"0": [-1]}]}),
    ],
)
def test_a_malformed_line_is_named_by_its_place(line: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(GOLD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_events(path)
    assert str(error.value).startswith(f"{path}:2: ")
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9\n")
    for name in ("nothing", "latin", "."):
        with pytest.raises(InputError, match=str(tmp_path)):
            read_events(tmp_path / name)


def test_scores_of_nothing() -> None:
    assert Scores.from_counts(0, 0, 0) == Scores(1.0, 1.0, 1.0)
    assert Scores.from_counts(0, 0, 3) == Scores.from_counts(0, 3, 0) == Scores(0.0, 0.0, 0.0)
