"""Groups of articles are measured as people grouped them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosslingual.errors import InputError
from crosslingual.evaluate.events import (
    average_precision,
    build_profiles,
    group_stream,
    read_ratings,
    read_stream,
    score_b_cubed,
    score_ratings,
    score_stream,
    select_near,
)
from crosslingual.library import Library
from crosslingual.types import FloatArray
from tests.helpers.doubles import flat_space

SPACE = flat_space("topics@1", 4)


def encode_topics(texts: Sequence[str]) -> FloatArray:
    """What a text is about is told by its first letter."""
    rows: FloatArray = np.eye(4, dtype=np.float32)[["abcd".index(text[0].lower()) for text in texts]]
    return rows


def write_lines(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def record(text: str, source: str = "paper", date: str = "2024-05-16", **more: Any) -> dict[str, Any]:
    return {"source": source, "lang": "en", "text": f"{text} it was {source}", "date": date, **more}


def test_b_cubed_of_groups_by_hand() -> None:
    gold = np.array(list("aaab"))
    assert score_b_cubed(gold, gold) == {"precision": 1, "recall": 1, "f1": 1}
    whole = score_b_cubed(np.zeros(4), gold)
    assert (whole["precision"], whole["recall"]) == (pytest.approx((3 * 3 / 4 + 1 / 4) / 4), 1)
    alone = score_b_cubed(np.arange(4), gold)
    assert (alone["precision"], alone["recall"]) == (1, pytest.approx((3 * 1 / 3 + 1) / 4))


def test_average_precision_takes_no_credit_for_equal_scores() -> None:
    right = np.array([True, False, True])
    assert average_precision(right, np.array([3.0, 1.0, 2.0])) == 1
    assert average_precision(right, np.array([1.0, 1.0, 1.0])) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert average_precision(~right & right, np.ones(3)) is None


def test_a_stream_has_its_labels_by_file_or_by_line(tmp_path: Path) -> None:
    one = write_lines(
        tmp_path / "flood.jsonl",
        record("A", "first"),
        record("A", "second", "2024-05-15"),
        record("A", "third", headline_only=True),
        record("A", "fourth", digest=True),
        record("A", "both"),
    )
    other = write_lines(tmp_path / "more.jsonl", record("B", "fifth", event="fire"), record("A", "both"))
    far = write_lines(
        tmp_path / "far.jsonl", record("C", "x"), record("C", "y", "2019-01-01"), record("C", "z", "")
    )
    stream = read_stream([one, other], [far])
    assert {item.article.source: item.event for item in stream} == {
        "z": "",
        "y": "",
        "second": "flood",
        "first": "flood",
        "fifth": "fire",
        "both": "",
        "x": "",
    }
    assert [item.article.source for item in stream][:3] == ["z", "y", "second"]
    assert "y" not in {item.article.source for item in select_near(stream)}
    assert "z" in {item.article.source for item in select_near(stream)}


def test_a_stream_is_grouped_and_scored(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "events.jsonl",
        *(record("A", f"a{day}", f"2024-05-{16 + day}", event="one") for day in range(3)),
        *(record("B", f"b{day}", f"2024-05-{16 + day}", event="two") for day in range(3)),
        record("A", "later", "2024-07-01", event="three"),
    )
    stream = read_stream([path])
    with Library(tmp_path / "cache") as cache:
        profiles = build_profiles([item.article for item in stream], encode_topics, SPACE, cache)
        assert not cache.texts_without_vectors(SPACE.model, [stream[0].article.text])
    found = score_stream(stream, profiles, group_stream(profiles))
    assert found["b_cubed"] == {"precision": 1, "recall": 1, "f1": 1}
    assert (found["articles"], found["events"]) == (7, 3)
    assert found["languages"]["en-en"]["recall"] == 1


def test_ratings_are_held_against_those_of_people(tmp_path: Path) -> None:
    rated = [("A", "A", 1), ("A", "B", 4), ("B", "B", 1.5), ("C", "D", 3.5)]
    path = write_lines(
        tmp_path / "rated.jsonl",
        *(
            {"a": a, "b": b, "lang_a": "en", "lang_b": "en", "label": label, "pair_id": f"10000{n}_20000{n}"}
            for n, (a, b, label) in enumerate(rated)
        ),
    )
    table = tmp_path / "rated.csv"
    table.write_text("pair_id,lang1,lang2,text1,text2,Overall\n300000_300001,en,en,D,D,1\n", encoding="utf-8")
    seen = write_lines(tmp_path / "seen.jsonl", {"event": "pair-200003_999999+a"})
    pairs = read_ratings([path, table, path], [seen])
    assert [pair.rating for pair in pairs] == [1, 4, 1.5, 1]
    with Library(tmp_path / "cache") as cache:
        sides = [*(pair.left for pair in pairs), *(pair.right for pair in pairs)]
        found = score_ratings(pairs, build_profiles(sides, encode_topics, SPACE, cache))
    assert found["pairs"] == 4
    assert found["spearman"] > 0.7


@pytest.mark.parametrize("content", ["{", "[]", '{"source": "a"}', "\x00"])
def test_what_is_no_stream_is_said_in_one_line(content: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.jsonl:1"):
        read_stream([path])
    with pytest.raises(InputError, match="cannot be read"):
        read_stream([tmp_path / "nowhere.jsonl"])
    with pytest.raises(InputError, match=r"bad\.jsonl:1"):
        read_ratings([path])
