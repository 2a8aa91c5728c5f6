from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.embeddings.encoder import EncodedTexts
from crosslingual.errors import InputError
from crosslingual.evaluate.gold_events import (
    GoldEvent,
    StatementIndexes,
    read_events,
    statement_links,
    write_predictions,
)
from crosslingual.evaluate.scores import Scores
from crosslingual.evaluate.statements import (
    RowScores,
    count_value_links,
    find_omissions,
    predict_events,
    score_by_languages,
    score_rows,
    score_statements,
    statements_at_threshold,
)
from crosslingual.types import FloatArray
from tests.helpers.doubles import flat_space

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

    def encode_with_tokens(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> EncodedTexts:
        vectors = self.encode(texts)
        return EncodedTexts(
            vectors, tuple(row[None] for row in vectors), (np.ones(1, np.float32),) * len(vectors)
        )


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
    assert statement_links(gold.statements) == {(0, 0, 1, 0), (0, 0, 1, 1), (1, 2, 2, 0)}
    assert find_omissions(gold.links, gold.sentence_counts) == {
        *((0, 0, 2), (0, 1, 1), (0, 1, 2)),
        *((1, 0, 2), (1, 1, 2), (1, 2, 0)),
        (2, 0, 0),
    }


def test_scores_by_hand(gold: GoldEvent) -> None:
    # One of three links found and one false: 1 hit of 2 predicted and 3 gold. Omissions: all 12 triples
    # but the four told; (0,0,1), (1,0,0), (1,0,2), (2,0,1)… are told by what was predicted.
    found = score_statements([gold], [[{0: (0,), 1: (0,)}, {0: (1,), 2: (0,)}]])
    assert found["links"] == Scores(precision=1 / 2, recall=1 / 3, f1=2 / 5)
    predicted = {(0, 0, 2), (0, 1, 1), (1, 0, 2), (1, 1, 0), (1, 1, 2), (1, 2, 0), (1, 2, 2), (2, 0, 1)}
    hits = len(predicted & find_omissions(gold.links, gold.sentence_counts))
    assert hits == 5
    assert found["omissions"] == Scores(precision=5 / 8, recall=5 / 7, f1=2 * 5 / (8 + 7))


def test_gold_against_itself_is_perfect_and_nothing_against_it_is_not(gold: GoldEvent) -> None:
    perfect = Scores(1.0, 1.0, 1.0)
    assert score_statements([gold], [gold.statements]) == {"links": perfect, "omissions": perfect}
    nothing = score_statements([gold], [[]])
    assert nothing["links"] == Scores(0.0, 0.0, 0.0)
    assert nothing["omissions"].recall == 1
    assert nothing["omissions"].precision == 7 / 12


def test_events_are_averaged_by_their_counts(gold: GoldEvent) -> None:
    both = score_statements([gold, gold], [gold.statements, []])
    assert both["links"] == Scores(precision=1.0, recall=3 / 6, f1=2 * 3 / 9)


def test_predictions_are_written_in_the_format_of_the_gold(gold: GoldEvent, tmp_path: Path) -> None:
    (found,) = predict_events([gold], LetterEncoder(), SPACE)
    predicted = [statements_at_threshold(gold, found.merge_edges, LIKELY_PROBABILITY)]
    assert predicted == [[{0: (0,), 1: (0,)}, {0: (1,), 1: (1,)}]]
    path = tmp_path / "predicted.jsonl"
    write_predictions(path, [gold], predicted)
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"event": "summit", "statements": [{"0": [0], "1": [0]}, {"0": [1], "1": [1]}]}
    ]
    with pytest.raises(InputError, match="cannot be written"):
        write_predictions(tmp_path / "nowhere" / "predicted.jsonl", [gold], predicted)


def test_an_article_without_sentences_is_no_obstacle() -> None:
    event = GoldEvent("e", ("en", "ru"), (("a",), ()), sources=("x", "y"))
    (found,) = predict_events([event], LetterEncoder(), SPACE)
    assert found.merge_edges == []
    assert predict_events([], LetterEncoder(), SPACE) == []


LABELLED = {
    "event": "fire",
    "articles": [
        {"lang": "en", "sentences": ["a", "b"]},
        {"lang": "de", "sentences": ["A", "B", "C"]},
        {"lang": "en", "sentences": ["c"]},
    ],
    "links": [[0, 0, 1, 0, "s"], [1, 1, 0, 1, "v"], [0, 1, 1, 2, "?"], [1, 2, 2, 0, "p"]],
    "claims": [{"claim": "it burnt", "members": ["0.0", "1.0"], "values": ["0.1"]}],
}


@pytest.fixture
def labelled(tmp_path: Path) -> GoldEvent:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps(LABELLED) + "\n", encoding="utf-8")
    (event,) = read_events(path)
    return event


def test_labelled_links_read_as_they_are_marked(labelled: GoldEvent) -> None:
    assert labelled.links == {(0, 0, 1, 0), (0, 1, 1, 1), (1, 2, 2, 0)}
    assert labelled.unsure_links == {(0, 1, 1, 2)}
    assert labelled.value_links == {(0, 1, 1, 1)}
    assert labelled.claims == (frozenset({(0, 0), (1, 0), (0, 1)}),)


def test_what_readers_differ_on_counts_neither_way(labelled: GoldEvent) -> None:
    found: list[list[StatementIndexes]] = [[{0: (0,), 1: (0,)}, {0: (1,), 1: (2,)}]]
    assert score_statements([labelled], found)["links"] == Scores(precision=1.0, recall=1 / 3, f1=1 / 2)
    # Silent: 0.0 and 0.1 in 2; 1.0 and 1.1 in 2; 2.0 in 0. Of 1.2 in 0 nobody knows, and it does not count.
    assert score_statements([labelled], [[]])["omissions"] == Scores.from_counts(5, 11, 5)
    assert count_value_links([labelled], found) == (0, 1)
    assert count_value_links([labelled], [[{0: (1,), 1: (1,)}]]) == (1, 1)
    assert score_by_languages([labelled], found) == {
        "de-en": Scores(precision=1.0, recall=1 / 3, f1=1 / 2),
    }


def test_rows_are_measured_against_claims(labelled: GoldEvent) -> None:
    mixed: list[StatementIndexes] = [{0: (0, 1), 1: (1,)}, {0: (0,), 1: (0,)}]
    # Three members, two of which say the claim, and two that do; the claim stands in two rows.
    assert score_rows([labelled], [mixed]) == RowScores(purity=4 / 5, spread=2.0)
    assert score_rows([labelled], [[]]) == RowScores(purity=None, spread=None)


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(LABELLED | {"links": [[0, 0, 0, 1, "s"]]}),
        json.dumps(LABELLED | {"links": [[0, 0, 1, 0, "x"]]}),
        json.dumps(LABELLED | {"links": [[0, 0, 1]]}),
        json.dumps(LABELLED | {"links": [[0, 0, 1, 7, "s"]]}),
        json.dumps(LABELLED | {"links": [[0, 0, 9, 0, "s"]]}),
        json.dumps(LABELLED | {"claims": [{"members": ["0"]}]}),
        json.dumps(LABELLED | {"claims": [{"members": ["0.7"]}]}),
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
