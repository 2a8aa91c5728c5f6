"""Words of a library that are written with what nobody sees are found by the words as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

TEXTS = {
    "shy": ("de", "Der Leucht\u00adturm\u00adwärter zündete in Wolgast die Lampen an. Danach schlief er."),
    "split": ("de", "Das Ruderboot fuhr unter der Zug\u00ad\nbrücke hindurch. Es regnete stark."),
    "spaced": ("en", "The har\u200bbour\u2060master of Lubmin sold his lantern on Friday. Nobody objected."),
    "stressed": ("ru", "Капита\u0301н встретил смотри\u0301теля маяка\u0301 у причала. Потом они уехали."),
    "decomposed": ("fr", "Le phare e\u0301tait e\u0301teint depuis la tempe\u0302te. Personne ne le savait."),
    "vowels": ("ar", "زار مُحَمَّد المنارة القديمة صباح الجمعة. ثم عاد إلى بيته مساء."),
}
ASKED = [
    ("shy", "Leuchtturmwärter"),
    ("shy", "Leucht\u00adturmwärter"),
    ("split", "Zugbrücke"),
    ("spaced", "harbourmaster"),
    ("spaced", "harbour\u200bmaster"),
    ("stressed", "смотрителя"),
    ("stressed", "смотри\u0301теля"),
    ("decomposed", "éteint"),
    ("decomposed", "tempe\u0302te"),
    ("vowels", "محمد"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words") / "library"


@pytest.fixture
def run_filled(run: Callable[..., Result], library: Path) -> Callable[..., Result]:
    """Run a command on a library of one article an outlet, each of which writes a word in its own way."""
    if not library.exists():
        path = library.with_name("articles.jsonl")
        lines = [
            {"source": name, "lang": lang, "date": "2024-05-16", "text": text}
            for name, (lang, text) in TEXTS.items()
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        assert f"{len(TEXTS)} articles added" in run("add", path, "--library", library).stdout
    return lambda *args: run(*args, "--library", library)


@pytest.mark.parametrize(("name", "word"), ASKED)
def test_a_word_is_found_however_it_is_written(
    run_filled: Callable[..., Result], name: str, word: str
) -> None:
    for query in (word, f'"{word}"'):
        told = json.loads(run_filled("search", query, "--json").stdout)
        assert [one["source"] for one in told["results"]][:1] == [name]
        assert told["sources"]["n_sources"] == 1
