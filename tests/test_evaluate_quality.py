from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.cli.evaluate import evaluate_group as commands
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError
from crosslingual.evaluate.quality import (
    FAULT_KINDS,
    FaultPlanter,
    PlantedTranslation,
    evaluate_issues,
    pair_lines,
    score_issues,
)
from crosslingual.tmx import read_tmx
from crosslingual.translation.quality.limits import QualityLimits


def demo(lang: str) -> list[tuple[str, str]]:
    """The demo's sentences in ``lang`` and their translations into English, made by hand."""
    memories = sorted(DEMO_FOLDER.glob("*/memory.tmx"))
    return [
        (entry.src, entry.tgt)
        for path in memories
        for entry in read_tmx(path)
        if (entry.src_lang, entry.tgt_lang) == (lang, "en")
    ]


def test_half_the_pairs_get_one_fault_each_and_the_same_every_time() -> None:
    given = demo("ru")
    pairs = FaultPlanter(given, "en").plant_faults()
    assert [(pair.src, pair.reference) for pair in pairs] == given
    assert sum(bool(pair.fault) for pair in pairs) == len(given) // 2
    assert {pair.fault for pair in pairs} == {"", *FAULT_KINDS}
    assert all((pair.tgt == pair.reference) == (not pair.fault) for pair in pairs)
    assert FaultPlanter(given, "en").plant_faults() == pairs


def test_faults_are_what_they_are_called() -> None:
    given = demo("zh")
    for pair in FaultPlanter(given, "en").plant_faults():
        if pair.fault == "cut":
            assert pair.reference.startswith(pair.tgt)
        elif pair.fault == "swapped":
            assert pair.tgt in [human for _, human in given]
        elif pair.fault == "copied":
            assert pair.src[-3:] in pair.tgt
        elif pair.fault == "number dropped":
            assert sum(map(str.isdigit, pair.tgt)) < sum(map(str.isdigit, pair.reference))


def test_precision_is_over_all_that_is_doubted_and_recall_by_kind() -> None:
    pairs = [
        PlantedTranslation("a", "b", "c", "cut"),
        PlantedTranslation("a", "b", "c", "cut"),
        PlantedTranslation("a", "b", "c", "swapped"),
        PlantedTranslation("a", "b", "b"),
        PlantedTranslation("a", "b", "b"),
    ]
    found = [("length:too short", "meaning"), (), ("length:too long",), ("names:X", "numbers:1 missing"), ()]
    scores = score_issues(pairs, found, QualityLimits(0.0, 1.0, 0.5))
    assert (scores.planted, scores.untouched) == (3, 2)
    assert scores.precision == pytest.approx(2 / 3)
    assert scores.false_alarms == 0.5
    assert scores.alarms == {"names": 1, "numbers": 1}
    assert (scores.recall["cut"].recall, scores.recall["cut"].code_recall) == (0.5, 0.5)
    assert (scores.recall["swapped"].recall, scores.recall["swapped"].code_recall) == (1.0, 0.0)


def test_files_that_are_not_parallel_are_refused() -> None:
    assert pair_lines(["a", " ", "b", "c"], ["x", "y", "z", "w"], 2) == [("a", "x"), ("b", "z")]
    with pytest.raises(InputError, match="not line-parallel"):
        pair_lines(["a"], [])
    with pytest.raises(InputError, match="no line"):
        pair_lines([""], ["x"])


@pytest.mark.parametrize("lang", ["zh", "ru"])
def test_planted_faults_are_found_in_the_demos_translations(
    lang: str, encoder: SentenceEncoder, demo_space: Space
) -> None:
    src, tgt = zip(*demo(lang), strict=True)
    scores = evaluate_issues(src, tgt, (lang, "en"), encoder, demo_space)
    assert scores.precision >= 0.9
    for kind in ("repeated", "copied", "swapped"):
        assert scores.recall[kind].recall >= 0.9


def test_the_command_ends_with_json(tmp_path: Path, encoder: SentenceEncoder, demo_space: Space) -> None:
    for name, side in zip(("ru", "en"), zip(*demo("ru"), strict=True), strict=True):
        (tmp_path / name).write_text("\n".join(side) + "\n", encoding="utf-8")
    files = [
        "--src",
        str(tmp_path / "ru"),
        "--ref",
        str(tmp_path / "en"),
        "--src-lang",
        "ru",
        "--tgt-lang",
        "en",
    ]
    result = CliRunner().invoke(commands, ["quality", *files, "--limit", "40"])
    assert result.exit_code == 0, result.output
    assert "limits: ratio" in result.stdout
    scores = json.loads(result.stdout.splitlines()[-1])
    assert scores["planted"] == scores["untouched"] == 20
    assert {"precision", "recall", "false_alarms"} <= scores.keys()
