"""Attributions found against labelled ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosslingual.attribution.values import Attribution
from crosslingual.errors import InputError
from crosslingual.evaluate.attribution import LabelledText, read_labelled, score_attributions

TEXT = "The mayor said the old bridge is safe."
GOLD = Attribution(((0, 9),), ((10, 14),), ((15, 37),))


def test_partial_credit_is_by_span_and_by_token() -> None:
    half = Attribution(((4, 9),), ((10, 14),), ((15, 22),))  # two of the five words
    scores = score_attributions([LabelledText("en", TEXT, (GOLD,))], lambda *_: [half])["en"]
    content = scores["content"]
    assert (content.n_labelled, content.n_found, content.exact.f1) == (1, 1, 0.0)
    assert content.overlap.precision == 1.0
    assert content.overlap.recall == pytest.approx(0.4)
    assert content.tokens.precision == 1.0
    assert content.tokens.recall == pytest.approx(0.4)
    assert scores["cue"].exact.f1 == 1.0
    assert scores["source"].overlap.recall == pytest.approx(0.5)


def test_long_spans_count_for_more_by_token_only() -> None:
    long, short = GOLD, Attribution(((0, 9),), ((10, 14),), ((4, 9),))
    scores = score_attributions([LabelledText("en", TEXT, (long, short))], lambda *_: [long])["en"]["content"]
    assert scores.overlap.recall == pytest.approx(0.5)
    assert scores.tokens.recall == pytest.approx(5 / 6)


def test_an_overlong_find_costs_precision() -> None:
    whole = Attribution((), (), ((0, len(TEXT)),))
    content = score_attributions([LabelledText("en", TEXT, (GOLD,))], lambda *_: [whole])["en"]["content"]
    assert content.overlap.recall == 1.0
    assert content.overlap.precision == pytest.approx(5 / 8)


def test_chinese_counts_signs() -> None:
    gold = Attribution(((0, 2),), ((2, 4),), ((5, 9),))
    found = Attribution(((0, 2),), ((2, 4),), ((5, 7),))
    scores = score_attributions([LabelledText("zh", "市长表示，大桥安全。", (gold,))], lambda *_: [found])
    assert scores["zh"]["content"].tokens.recall == pytest.approx(0.5)


def test_lines_and_polnear_are_read_alike(tmp_path: Path) -> None:
    line = {
        "lang": "en",
        "text": TEXT,
        "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 37]]}],
    }
    lines = tmp_path / "own.jsonl"
    lines.write_text(json.dumps(line) + "\n", encoding="utf-8")
    for name in ("attributions", "text"):
        (tmp_path / "polnear" / name).mkdir(parents=True)
    (tmp_path / "polnear/text/harbour.txt").write_text(TEXT, encoding="utf-8")
    labels = (
        "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 22;23 37\t…\nT4\tAttribution 10 14\tsaid\n"
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\nT5\tDiscuss 0 3\tThe\n"
    )
    for annotator in ("a1", "b2"):  # the same text by two
        (tmp_path / f"polnear/attributions/harbour_{annotator}.ann").write_text(labels, encoding="utf-8")
    assert read_labelled(lines) == [LabelledText("en", TEXT, (GOLD,))]
    (text,) = read_labelled(tmp_path / "polnear")
    assert text.attributions == (Attribution(((0, 9),), ((10, 14),), ((15, 22), (23, 37))),)


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        '{"lang": "en", "text": "a", "attributions": [{"source": [[0, 9]], "cue": [], "content": []}]}',
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_labelled(path)


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="PolNeAR"):
        read_labelled(tmp_path)
