from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from crosslingual.cli import cli
from crosslingual.evaluate.language import DetectionScores, score_detection, score_quotations

RU = ["Президент прибыл в столицу, где его встретили министры.", "Москва.", "Он сказал, что всё было хорошо."]
EN = ["The president arrived in the capital and was received by the ministers of both states.", "Beijing."]


def test_what_is_told_and_what_is_asked_are_counted_apart() -> None:
    found = score_detection(RU, "ru")
    assert found == DetectionScores(3, 2, 0)
    assert (found.accuracy, found.undecided_share) == (1, 1 / 3)
    assert score_detection(RU, "uk") == DetectionScores(3, 0, 2)
    assert score_detection(RU, "ru", 3) == DetectionScores(1, 1, 0)
    assert score_detection([], "ru").accuracy == 0


def test_quotations_are_found_and_own_sentences_left() -> None:
    found = score_quotations({"ru": RU, "en": EN}, "ru")
    assert (found.foreign, found.detected, found.right, found.own, found.mistaken) == (2, 1, 1, 3, 0)
    assert found.recall == 0.5


def test_the_command_prints_a_line_for_each_language_and_json_at_the_end(tmp_path: Path) -> None:
    for lang, lines in (("ru", RU), ("en", EN)):
        (tmp_path / f"a.{lang}").write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(cli, ["evaluate", "language", *map(str, sorted(tmp_path.iterdir()))])
    assert result.exit_code == 0
    told = json.loads(result.output.splitlines()[-1])
    assert told["ru"]["sentences"]["asked"] == 1 / 3
    assert told["en"]["quotations"]["own"] == 2
    wrong = CliRunner().invoke(cli, ["evaluate", "language", str(tmp_path / "a.text")])
    assert wrong.exit_code != 0
