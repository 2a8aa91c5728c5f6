from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.cli import cli
from crosslingual.errors import CrosslingualError
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER, install_package_file
from crosslingual.tmx import read_tmx

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

PACKAGES = Path(__file__).parents[1] / "data" / "translate"
MEMORY = DEMO_FOLDER / "beijing-summit" / "memory.tmx"
ARTICLES = [DEMO_FOLDER / "beijing-summit" / f"{name}-demo.md" for name in ("ria", "xinhua", "reuters")]

Run = Callable[..., Result]


@pytest.fixture
def own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the encoder and no translator, and a library of its own."""
    own = tmp_path / "home"
    (own / "models").mkdir(parents=True)
    (own / "models" / DEFAULT_ENCODER).symlink_to(home / "models" / DEFAULT_ENCODER)
    (own / "spaces").symlink_to(home / "spaces")
    monkeypatch.setenv("CROSSLINGUAL_HOME", str(own))
    return own


@pytest.fixture
def run(own: Path, loaded_encoder: SentenceEncoder, demo_space: Space) -> Run:
    """Run a command in this process; the real encoder, loaded before, is not loaded again."""
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def test_without_a_translator_articles_are_added_and_each_language_says_what_to_do(run: Run) -> None:
    result = run("add", *ARTICLES)
    assert result.exit_code == 0
    assert "3 articles added" in result.stdout
    (lacking,) = (line for line in result.stderr.splitlines() if "not translated" in line)
    assert "sentences in ru, " in lacking
    assert "crosslingual models install ru-en zh-en" in lacking
    assert "crosslingual models install translator" in result.stderr
    again = run("translate")
    assert again.exit_code == 1
    assert result.stderr.endswith(again.stderr)


def test_what_is_added_is_translated_by_what_is_installed(run: Run, own: Path) -> None:
    for name in ("zh-en", "ru-en"):
        install_package_file(PACKAGES / f"{name}.argosmodel", own)
    result = run("add", *ARTICLES)
    assert "sentences translated by argostranslate: ru-en 0.1; argostranslate: zh-en 0.1" in result.stdout
    assert "not translated" not in result.stderr
    event = json.loads(run("events", "--json").stdout)[0]["id"]
    compared = json.loads(run("compare", event, "--format", "json").stdout)
    cells = [cell for statement in compared["statements"] for cell in statement["cells"]]
    made = {cell["lang"]: cell["translation"] for cell in cells}
    assert made["en"] is None
    assert made["zh"].items() >= {"engine": "argostranslate", "version": "zh-en 0.1", "lang": "en"}.items()
    assert "argostranslate (zh-en 0.1)" in run("compare", event).stdout
    assert "nothing to translate" in run("translate").stdout


def test_an_event_is_translated_by_name_into_another_language(run: Run, own: Path) -> None:
    run("add", *ARTICLES)
    install_package_file(PACKAGES / "zh-en.argosmodel", own)
    event = json.loads(run("events", "--json").stdout)[0]["id"]
    result = run("translate", event)
    assert result.exit_code == 0
    assert "translated by argostranslate: zh-en 0.1" in result.stdout
    (lacking,) = (line for line in result.stderr.splitlines() if "not translated" in line)
    assert "sentences in ru not translated" in lacking
    other = run("translate", event, "--target-lang", "fr")
    assert other.exit_code == 1
    (lacking,) = (line for line in other.stderr.splitlines() if "not translated" in line)
    assert "sentences in zh" in lacking
    names = lacking.split("crosslingual models install ")[1].split()
    assert set(names) >= {"en-fr", "zh-en"}, "no package joins the two"
    assert len(names) == len(set(names)), "the language model writes no French, and each is named once"


def test_what_gives_nothing_is_told(run: Run, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_package_file(PACKAGES / "zh-en.argosmodel", own)
    monkeypatch.setattr(
        "crosslingual.translation.argos.ArgosEngine.translate", lambda self, texts, *_: [""] * len(texts)
    )
    result = run("add", ARTICLES[1])
    told = result.stdout.splitlines()[-1]
    assert told.startswith("0 sentences translated by argostranslate: zh-en 0.1, ")
    assert told.endswith(" gave nothing")
    assert "nothing to translate" in run("translate").stdout, "it is not tried again"
    again = run("translate", "--target-lang", "de")
    assert again.exit_code == 1, "nothing translates from Chinese to German"


def test_a_language_that_is_none_is_refused(run: Run) -> None:
    run("add", ARTICLES[0])
    with pytest.raises(CrosslingualError, match="ISO 639-1"):
        run("translate", "--target-lang", "russian")


def test_a_memory_is_imported_and_what_people_made_exported(run: Run, tmp_path: Path) -> None:
    result = run("tm", "import", MEMORY)
    entries = list(read_tmx(MEMORY))
    assert result.stdout.startswith(f"{len(entries):,} translations imported")
    assert "not translated" not in run("add", *ARTICLES).stderr, "the memory serves"
    with Library(tmp_path / "home" / "library") as library:
        library.memory.put_manual(entries[0].src, entries[0].src_lang, "My own words.", "en")
    path = tmp_path / "mine.tmx"
    exported = run("tm", "export", path)
    assert f"written to {path}" in exported.stdout
    found = [(entry.src, entry.tgt) for entry in read_tmx(path)]
    assert set(found) == {(entry.src, entry.tgt) for entry in entries} | {(entries[0].src, "My own words.")}
    assert found[-1] == (entries[0].src, "My own words."), "what is read last counts: the correction"


def test_an_export_that_fails_leaves_what_was_there(run: Run, tmp_path: Path) -> None:
    run("tm", "import", MEMORY)
    (tmp_path / "a file").touch()
    for place in ("no such folder", "a file"):
        with pytest.raises(CrosslingualError, match="nothing was"):
            run("tm", "export", tmp_path / place / "mine.tmx")


def test_only_memories_are_imported(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CrosslingualError, match="crosslingual add"):
        run("tm", "import", ARTICLES[0])
    broken = tmp_path / "broken.tmx"
    broken.write_text("<tmx><body><tu>", encoding="utf-8")
    result = run("tm", "import", broken)
    assert result.exit_code == 1
    assert str(broken) in result.stderr


def test_the_whole_path_runs_without_a_connection_and_writes_nothing_elsewhere(
    own: Path, demo_space: Space, tmp_path: Path
) -> None:
    """In processes of their own, sockets blocked before anything is imported: add, translate, compare."""
    install_package_file(PACKAGES / "zh-en.argosmodel", own)
    away = tmp_path / "away"
    away.mkdir()
    blocked = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from crosslingual.cli import main\n"
        "sys.argv = ['crosslingual', *sys.argv[1:]]\n"
        "main()\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ARGOS_"))
    }
    environment |= {"HOME": str(away), "CROSSLINGUAL_HOME": str(own)}

    def told(*args: object) -> str:
        done = subprocess.run(
            [sys.executable, "-c", blocked, *map(str, args)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "translated by argostranslate: zh-en 0.1" in told("add", *ARTICLES)
    (event,) = json.loads(told("events", "--json"))
    assert "argostranslate" in told("compare", event["id"])
    assert sorted(away.rglob("*")) == []
