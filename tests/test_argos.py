from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.errors import ModelError
from crosslingual.model_store import install_package_file, package_folders
from crosslingual.model_store.translators import load_engines
from crosslingual.tmx import read_tmx
from crosslingual.translation.argos import ArgosEngine, load_package, needed_packages, probe_package
from crosslingual.translation.engine import choose_engine
from crosslingual.translation.seq2seq import MAX_PIECE_TOKENS, _split_tokens

pytestmark = pytest.mark.model

PACKAGES = Path(__file__).parent / "data" / "translate"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the two fixture packages."""
    home = tmp_path_factory.mktemp("argos")
    for name in ("zh-en", "ru-en"):
        install_package_file(PACKAGES / f"{name}.argosmodel", home)
    return home


@pytest.fixture(scope="module")
def engine(installed: Path) -> ArgosEngine:
    return ArgosEngine(package_folders(installed))


def entries(lang: str) -> dict[str, str]:
    return {
        entry.src: entry.tgt
        for path in sorted(DEMO_FOLDER.glob("*/memory.tmx"))
        for entry in read_tmx(path, "en")
        if entry.src_lang == lang
    }


@pytest.mark.parametrize("lang", ["zh", "ru"])
def test_what_the_fixture_learnt_comes_back_whatever_the_batch(engine: ArgosEngine, lang: str) -> None:
    known = entries(lang)
    texts = list(known)
    made = engine.translate(texts, lang, "en")
    right = sum(one == known[text] for text, one in zip(texts, made, strict=True))
    assert right > 0.6 * len(texts)
    few = texts[:5]
    assert [engine.translate([text], lang, "en")[0] for text in few] == made[:5]


def test_progress_ends_with_all_and_stops_the_work_when_it_raises(engine: ArgosEngine) -> None:
    texts = list(entries("zh"))[:20]
    seen: list[tuple[int, int]] = []
    engine.translate(texts, "zh", "en", lambda done, total: seen.append((done, total)))
    assert seen[-1] == (20, 20)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.translate(texts, "zh", "en", stop)


def test_nothing_and_white_space_stay_nothing(engine: ArgosEngine) -> None:
    assert engine.translate([], "zh", "en") == []
    assert engine.translate(["", " \n\u3000", "。"], "zh", "en")[:2] == ["", ""]


def test_ways_name_packages_and_versions_and_the_shortest_is_taken(installed: Path, tmp_path: Path) -> None:
    held = package_folders(installed)
    zh, ru = held["zh", "en"], held["ru", "en"]
    assert ArgosEngine(held).route("zh", "en") == "zh-en 0.1"
    assert ArgosEngine(held).route("zh", "ru") == ArgosEngine(held).route("en", "en") == ""
    pivot = ArgosEngine({("zh", "de"): zh, ("de", "uk"): ru, ("zh", "en"): zh, ("en", "uk"): ru})
    assert pivot.route("zh", "uk") == "zh-en 0.1, en-uk 0.1", "through English where that works"
    direct = ArgosEngine({("zh", "en"): zh, ("en", "uk"): ru, ("zh", "uk"): zh})
    assert direct.route("zh", "uk") == "zh-uk 0.1"
    assert choose_engine([ArgosEngine({}), direct], "zh", "uk") is direct
    assert choose_engine([direct], "fr", "uk") is None


def test_a_pivot_translates_what_the_first_package_made(installed: Path) -> None:
    held = package_folders(installed)
    first, second = (
        ArgosEngine({("zh", "en"): held["zh", "en"]}),
        ArgosEngine({("en", "fr"): held["ru", "en"]}),
    )
    both = ArgosEngine({("zh", "en"): held["zh", "en"], ("en", "fr"): held["ru", "en"]})
    texts = list(entries("zh"))[:3]
    seen: list[tuple[int, int]] = []
    made = both.translate(texts, "zh", "fr", lambda done, total: seen.append((done, total)))
    assert made == second.translate(first.translate(texts, "zh", "en"), "en", "fr")
    assert seen[-1] == (3, 3)


def test_a_way_that_is_none_says_what_to_install(engine: ArgosEngine) -> None:
    with pytest.raises(ModelError, match="crosslingual models install fr-en"):
        engine.translate(["Oui."], "fr", "en")


@pytest.mark.parametrize(
    ("langs", "tgt", "packages"),
    [
        (["zh", "ru"], "en", ["zh-en", "ru-en"]),
        (["en", "ru", "uk"], "zh", ["en-zh", "ru-en", "uk-en"]),
    ],
)
def test_packages_between_other_languages_lead_through_english(
    langs: list[str], tgt: str, packages: list[str]
) -> None:
    assert needed_packages(langs, tgt) == packages


def test_a_long_sentence_is_translated_in_pieces_and_loses_none() -> None:
    tokens = [str(number) for number in range(3 * MAX_PIECE_TOKENS + 7)]
    pieces = _split_tokens(tokens)
    assert [token for piece in pieces for token in piece] == tokens
    assert len(pieces) == 4
    assert max(map(len, pieces)) <= MAX_PIECE_TOKENS
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1
    assert _split_tokens([]) == []


def test_a_package_speaks_for_itself_and_a_damaged_one_in_one_line(installed: Path, tmp_path: Path) -> None:
    path = package_folders(installed)["zh", "en"]
    assert load_package(path).from_code == "zh"
    assert probe_package(path)
    broken = tmp_path / "broken"
    (broken / "model").mkdir(parents=True)
    (broken / "metadata.json").write_text(json.dumps({"from_code": "zh", "to_code": "en"}), encoding="utf-8")
    for problem in ("no tokenizer", "cannot be loaded"):
        with pytest.raises(ModelError, match=problem) as caught:
            probe_package(broken)
        assert "\n" not in str(caught.value)
        (broken / "sentencepiece.model").write_bytes((path / "sentencepiece.model").read_bytes())
    with pytest.raises(ModelError, match="no package"):
        load_package(tmp_path)


def test_importing_argostranslate_leaves_no_trace(installed: Path, tmp_path: Path) -> None:
    code = (
        "import os\n"
        "from pathlib import Path\n"
        "from crosslingual.translation.argos import probe_package\n"
        "before = dict(os.environ)\n"
        f"probe_package(Path({str(package_folders(installed)['ru', 'en'])!r}))\n"
        "assert dict(os.environ) == before\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ARGOS_"))
    }
    subprocess.run([sys.executable, "-c", code], env=environment | {"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []


def test_engines_come_in_the_order_that_is_asked_for_and_only_those_that_are_there(installed: Path) -> None:
    order = ["qwen2.5-coder-1.5b-instruct", "argostranslate"]
    assert [engine.name for engine in load_engines(order, installed)] == ["argostranslate"]
    for name, reason in (
        ("unknown", "no translator has this name"),
        ("~nobody-here/x", "no translation model"),
    ):
        with pytest.raises(ModelError, match=reason):
            load_engines([name], installed)
