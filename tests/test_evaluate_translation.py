from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosslingual.align.space import Space
from crosslingual.cli.evaluate import evaluate_group as commands
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError, ModelError
from crosslingual.evaluate.translation import evaluate_translation
from crosslingual.model_store import translators
from crosslingual.translation.engine import Progress

RU = ["Президент прибыл в Пекин.", "Переговоры длились 3 часа.", "Вчера в городе прошёл дождь."]
EN = ["The president arrived in Beijing.", "The talks lasted 3 hours.", "It rained in the city yesterday."]


class Phrases:
    """A stand-in for an engine, from a table: what is measured here is the measuring."""

    name = "phrases"
    batch_size = 10
    is_fast = True

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table

    def route(self, src: str, tgt: str) -> str:
        return f"{src}-{tgt} 1" if src == "ru" else ""

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        return [self._table.get(text, "") for text in texts]


def test_what_people_wrote_scores_full_marks_and_no_doubt(
    encoder: SentenceEncoder, demo_space: Space
) -> None:
    engine = Phrases(dict(zip(RU, EN, strict=True)))
    scores = evaluate_translation(engine, RU, EN, ("ru", "en"), encoder, demo_space)
    assert scores.chrf == pytest.approx(100)
    assert scores.bleu == pytest.approx(100)
    assert (scores.engine, scores.version, scores.sentences) == ("phrases", "ru-en 1", 3)
    assert (scores.issue_share, scores.issues) == (0, {})
    assert scores.per_second > 0


def test_faults_cost_points_and_are_doubted(encoder: SentenceEncoder, demo_space: Space) -> None:
    engine = Phrases({RU[0]: EN[0], RU[1]: "The talks lasted 5 hours.", RU[2]: ""})
    scores = evaluate_translation(engine, RU, EN, ("ru", "en"), encoder, demo_space)
    assert scores.chrf < 80
    assert scores.issue_share == pytest.approx(2 / 3)
    assert scores.issues == {"length": 1, "numbers": 1}


def test_signatures_say_how_it_was_counted(encoder: SentenceEncoder, demo_space: Space) -> None:
    engine = Phrases({RU[0]: "总统抵达北京。"})
    scores = evaluate_translation(engine, RU[:1], ["总统抵达了北京。"], ("ru", "zh"), encoder, demo_space)
    assert "tok:zh" in scores.bleu_signature
    assert "version:" in scores.chrf_signature
    assert scores.bleu > 20, "words in Chinese are not parted by spaces"


def test_an_engine_that_cannot_is_refused(encoder: SentenceEncoder, demo_space: Space) -> None:
    with pytest.raises(InputError, match="phrases: does not translate de to en"):
        evaluate_translation(Phrases({}), RU, EN, ("de", "en"), encoder, demo_space)


def test_the_command_ends_with_json_or_says_what_is_missing(
    tmp_path: Path, encoder: SentenceEncoder, demo_space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, side in (("ru", RU), ("en", EN)):
        (tmp_path / name).write_text("\n".join(side) + "\n", encoding="utf-8")
    files = ["--src", str(tmp_path / "ru"), "--ref", str(tmp_path / "en"), "--tgt-lang", "en"]
    engines = [Phrases(dict(zip(RU, EN, strict=True)))]
    monkeypatch.setattr(translators, "load_engines", lambda order, home: engines)
    result = CliRunner().invoke(commands, ["translation", *files, "--src-lang", "ru", "--limit", "2"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["sentences"] == 2
    result = CliRunner().invoke(commands, ["translation", *files, "--src-lang", "zh"])
    assert isinstance(result.exception, ModelError)
    assert "run: crosslingual models install zh-en" in str(result.exception)
