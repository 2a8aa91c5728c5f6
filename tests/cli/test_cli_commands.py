"""What holds for all commands: their names, their headings, and the one switch for their output."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import HEADINGS, cli
from crosslingual.cli.options import OUTPUT_FORMATS
from crosslingual.cli.printing import flatten_scores, print_scores
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError, LibraryError, MissingExtraError, NotFoundError
from crosslingual.library import Library
from crosslingual.library.folder import list_strangers
from crosslingual.model_store import translators
from crosslingual.settings import data_home
from tests.helpers.click_tree import walk_commands
from tests.helpers.own_axis import OWN_AXIS

COMMANDS = {words: command for words, command in walk_commands(cli) if not isinstance(command, click.Group)}
ACTIONS = {
    *("add", "app", "index rebuild", "models install", "models remove", "models update", "report"),
    *("sources add", "sources edit", "sources merge", "sources remove", "sources undo", "tm export"),
    *("tm import", "translate", "undo", "backup", "restore", "compact"),
    *("check answer", "check apply", "check reset", "check undo", "check export"),
    *("code add", "code edit", "code remove", "code offer", "code apply", "code withdraw"),
    "code withdraw-offer",
    *("code adjudicate", "code export", "code import"),
    *("events merge", "events split", "events move", "events rename", "stories join", "stories leave"),
    *("serve", "mcp"),
    *(
        "watch add",
        "watch remove",
        "watch pause",
        "watch resume",
        "watch run",
        "watch import",
        "watch export",
    ),
}
"""Commands that do something and say so in a line. All others answer a question, in the form that is asked for."""
ANSWERS = sorted(words for words in COMMANDS if " ".join(words) not in ACTIONS)
COMMANDS_PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
QUERY = "The presidents signed a joint statement"
GERMAN = ("Der Zug entgleiste bei Lyon.", "Niemand wurde verletzt.", "Morgen fahren 12 Busse.")
ENGLISH = ("The train derailed near Lyon.", "Nobody was hurt.", "Tomorrow 12 buses will run.")

Run = Callable[..., Result]


@pytest.fixture
def run(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run a command on a copy of the demo library."""
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(demo_copy))
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="module")
def answered_demo(demo_library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo library that all questions are asked of: what one has worked out another finds."""
    folder = tmp_path_factory.mktemp("answered")
    for file in demo_library.path.glob("library.db*"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture
def ask(
    loaded_encoder: SentenceEncoder, demo_space: Space, answered_demo: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run a command that changes nothing on the demo library."""
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(answered_demo))
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def printed_objects(run: Run, *args: object) -> Any:
    """What a command prints as JSON."""
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# One output switch


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_acts_or_prints_in_the_form_that_is_asked_for(words: tuple[str, ...]) -> None:
    options = {
        name: option for option in COMMANDS[words].params for name in option.opts if name.startswith("--")
    }
    switch = {"--format", "--json", "--csv"} & options.keys()
    if " ".join(words) in ACTIONS:
        assert not switch
        return
    assert switch == {"--format", "--json", "--csv"}
    kinds = options["--format"].type
    assert isinstance(kinds, click.Choice)
    assert tuple(kinds.choices) == OUTPUT_FORMATS


def test_every_action_is_a_command() -> None:
    assert {" ".join(words) for words in COMMANDS} >= ACTIONS


def library_arguments(run: Run, words: tuple[str, ...]) -> Sequence[object]:
    """What a command is asked about the demo."""
    if words in (
        *(("compare",), ("timeline",), ("figures",), ("naming",)),
        *(("events", "show"), ("code", "counts")),
    ):
        return (printed_objects(run, "events")[0]["id"],)
    if words[0] == "stories":
        ids = [event["id"] for event in printed_objects(run, "events")]
        if not printed_objects(run, "stories", "list"):
            assert run("stories", "join", *ids[:2]).exit_code == 0
        return ids[:1] if words[1] == "show" else ()
    if words == ("align",):
        return printed_objects(run, "events")[0]["articles"][:2]  # type: ignore[no-any-return]
    if words == ("dictionary",):
        path = data_home() / "dictionary.csv"
        path.write_text(
            "category,word\nagreement,statement\nagreement,声明\nplace,Beijing\n", encoding="utf-8"
        )
        return (path,)
    if words == ("axes",):
        path = data_home() / "axes.toml"
        path.write_text(OWN_AXIS, encoding="utf-8")
        return (path,)
    if words == ("search", "saved"):
        run("search", QUERY, "--save", "statement")
    return FIXED_ARGUMENTS.get(words, ())


FIXED_ARGUMENTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("entities", "show"): ("Xi",),
    ("concordance",): ("statement",),
    ("collocations",): ("statement",),
    ("keyness",): ("--lang", "en", "--source", "reuters-demo"),
    ("search",): (QUERY,),
}
"""What some commands are asked, whatever the library holds."""


@pytest.mark.parametrize("words", [words for words in ANSWERS if words[0] != "evaluate"], ids=" ".join)
def test_an_answer_is_the_same_in_every_form(ask: Run, words: tuple[str, ...]) -> None:
    args = (*words, *library_arguments(ask, words))
    table = ask(*args)
    assert (table.exit_code, ask(*args, "--json", "--csv").exit_code) == (0, 2)
    assert table.stdout.strip()
    json.loads(ask(*args, "--format", "json").stdout)
    lines = [json.loads(line) for line in ask(*args, "--format", "jsonl").stdout.splitlines()]
    rows = list(csv.reader(io.StringIO(ask(*args, "--csv").stdout)))
    assert len(lines) == max(len(rows) - 1, 0)
    assert all(len(row) == len(rows[0]) for row in rows)


def evaluation_arguments(folder: Path) -> dict[str, Sequence[object]]:
    """Small gold data for every measure."""

    def write(name: str, lines: Sequence[str]) -> Path:
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return folder / name

    german, english = write("a.de", GERMAN * 4), write("a.en", ENGLISH * 4)
    short = write("b.de", GERMAN), write("b.en", ENGLISH)
    documents = write("a.docids", [str(number % 3) for number in range(12)])
    pair = {"src_lang": "de", "src": GERMAN[0], "tgt_lang": "en"}
    planted = (
        {"tgt": ENGLISH[0], "kind": "none", "span": None},
        {"tgt": "The plane landed in Nice.", "kind": "words", "span": [4, 9]},
    )
    articles = [{"lang": "de", "sentences": GERMAN}, {"lang": "en", "sentences": ENGLISH}]
    gold = {"event": "train", "articles": articles, "statements": [{"0": [0], "1": [0]}]}
    told = {"source": "paper", "lang": "de", "date": "2024-05-16"}
    named = (
        {"lang": "de", "text": GERMAN[0], "mentions": [[23, 27, "place", "lyon"]]},
        {"lang": "en", "text": ENGLISH[0], "mentions": [[24, 28, "place", "lyon"]]},
    )
    sides = ("--src", short[0], "--tgt", short[1], "--src-lang", "de", "--tgt-lang", "en")
    pairs = ("--src", german, "--ref", english, "--src-lang", "de", "--tgt-lang", "en")
    attributed = {
        "lang": "en",
        "text": "The mayor said it rained.",
        "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 24]]}],
    }
    return {
        "alignment": (*sides, "--gold", write("a.align", ["[0]:[0]", "[1]:[1]", "[2]:[2]"])),
        "axes": (german, english, "--documents", documents),
        "divergence": (write("planted.jsonl", [json.dumps(pair | other) for other in planted]),),
        "duplicates": pairs,
        "events": (write("train.jsonl", [json.dumps(told | {"text": text}) for text in GERMAN]),),
        "attribution": (write("attributed.jsonl", [json.dumps(attributed)]),),
        "entities": (write("names.jsonl", [json.dumps(row) for row in named]),),
        "frames": (german, english),
        "language": (german, english),
        "mining": (*sides, "--gold", write("a.gold", ["1\t1", "2\t2"])),
        "quality": pairs,
        "retrieval": sides,
        "search": ("--queries", short[0], "--lines", short[1]),
        "segmentation": (english, "--lang", "en"),
        "statements": (write("gold.jsonl", [json.dumps(gold)]),),
        "translation": (*pairs, "--limit", "3"),
    }


class TableEngine:
    """A stand-in for an engine: it has these translations and no others."""

    name = "table"
    batch_size = 10
    is_fast = True

    def route(self, src: str, tgt: str) -> str:
        return f"{src}-{tgt} 1"

    def translate(self, texts: Sequence[str], *_: object, **__: object) -> list[str]:
        return [dict(zip(GERMAN, ENGLISH, strict=True)).get(text, "") for text in texts]


@pytest.mark.parametrize("words", [words for words in ANSWERS if words[0] == "evaluate"], ids=" ".join)
def test_a_measure_is_the_same_in_every_form(
    run: Run, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translators, "load_engines", lambda names, home: [TableEngine()])
    args = (*words, *evaluation_arguments(tmp_path)[words[1]])
    table = run(*args)
    assert table.exit_code == 0, table.output
    *lines, last = table.stdout.splitlines()
    names = [name for name, _ in flatten_scores(json.loads(last))]
    assert lines
    assert names
    rows = list(csv.DictReader(io.StringIO(run(*args, "--csv").stdout)))
    assert [row["figure"] for row in rows] == names


def test_scores_are_printed_as_one_document_or_a_row_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    scores = {"links": {"f1": 0.5, "of": {"zh": 2}}, "events": 3}

    def printed(form: str) -> str:
        print_scores(form, ["links: middling"], scores)
        return capsys.readouterr().out

    assert printed("table").splitlines() == ["links: middling", json.dumps(scores)]
    assert json.loads(printed("json")) == scores
    assert [json.loads(line) for line in printed("jsonl").splitlines()] == [scores]
    assert printed("csv").splitlines() == ["figure,value", "links.f1,0.5", "links.of.zh,2", "events,3"]


def test_lists_need_not_be_asked_for_by_name(ask: Run) -> None:
    assert printed_objects(ask, "models") == printed_objects(ask, "models", "list")
    assert printed_objects(ask, "sources") == printed_objects(ask, "sources", "list")
    assert printed_objects(ask, "events") == printed_objects(ask, "events", "list")
    assert ask("models", "--help").stdout.startswith("Usage: cli models [OPTIONS] COMMAND")


# Names


def test_the_help_has_every_command_once_under_what_it_is_for() -> None:
    assert sorted(name for names in HEADINGS.values() for name in names) == sorted(cli.commands)
    listed = CliRunner().invoke(cli, ["--help"]).stdout
    places = [listed.index(f"\n{heading}:\n") for heading in HEADINGS]
    assert places == sorted(places)
    for heading, names in HEADINGS.items():
        section = listed.split(f"\n{heading}:\n")[1].split("\n\n")[0]
        assert [line[2:].split("  ")[0] for line in section.splitlines()] == list(names)


@pytest.mark.parametrize(
    "words",
    [(), *(words for words, command in walk_commands(cli) if isinstance(command, click.Group))],
    ids=" ".join,
)
def test_what_a_command_does_fits_in_a_line_of_the_help(words: tuple[str, ...]) -> None:
    _, *lines = CliRunner().invoke(cli, [*words, "--help"]).stdout.splitlines()
    assert [line for line in lines if line.endswith("...")] == []


def test_every_command_is_in_the_docs() -> None:
    documented = re.findall(r"`([a-z -]+)`", COMMANDS_PAGE.read_text(encoding="utf-8").split("\n## ")[0])
    assert {" ".join(words) for words in COMMANDS} <= set(documented)


def test_saved_searches_and_the_word_saved_are_told_apart(run: Run) -> None:
    assert "no saved searches" in run("search", "saved").stdout
    assert run("search", "saved").stderr == ""
    with pytest.raises(NotFoundError, match="crosslingual search saved"):
        run("search", "saved", "lives")
    for args in (("search", "--", "saved"), ("search", "--limit", "3", "saved")):
        asked = run(*args, "--json") if "--" not in args else run("search", "--json", "--", "saved")
        assert json.loads(asked.stdout)["query"]["text"] == "saved"
        assert "crosslingual search saved" in asked.stderr
    assert json.loads(run("search", "--json", "--", "-5 degrees").stdout)["query"]["text"] == "-5 degrees"
    assert json.loads(run("search", "saved lives", "--json").stdout)["query"]["text"] == "saved lives"


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("copies", "duplicates"),
        ("memory", "tm"),
        ("bitext", "align"),
        ("searches", "search saved"),
        ("doctor", "index check"),
        ("evaluate doubts", "quality"),
        ("evaluate copies", "duplicates"),
    ],
)
def test_a_command_answers_to_its_former_name_with_a_hint(former: str, present: str) -> None:
    words = former.split()
    now = CliRunner().invoke(cli, [*words[:-1], *present.split(), "--help"])
    before = CliRunner().invoke(cli, [*words, "--help"])
    assert (now.exit_code, before.exit_code, now.stderr) == (0, 0, "")
    assert before.stderr == f"{words[-1]} is called {present} now\n"
    assert before.stdout.split("\n\n", 1)[1] == now.stdout.split("\n\n", 1)[1]
    listed = CliRunner().invoke(cli, [*words[:-1], "--help"]).stdout
    assert f"\n  {words[-1]} " not in listed


@pytest.mark.parametrize(
    ("args", "former", "present"),
    [
        (("models", "install"), "--from", "--file"),
        (("translate",), "--to", "--target-lang"),
        (("evaluate", "quality"), "--from", "--src-lang"),
        (("evaluate", "translation"), "--to", "--tgt-lang"),
    ],
)
def test_an_option_answers_to_its_former_name_with_a_hint(
    run: Run, tmp_path: Path, args: tuple[str, ...], former: str, present: str
) -> None:
    assert former not in run(*args, "--help").stdout
    if args[0] == "evaluate":
        files = [path for name in ("src", "ref") for path in (f"--{name}", tmp_path / name)]
        other = {"--src-lang": ("--tgt-lang", "en"), "--tgt-lang": ("--src-lang", "ru")}[present]
        args = (*args, *map(str, files), *other)
    told: list[str] = []
    for option in (present, former):
        result = CliRunner().invoke(cli, [*args, option, "no/such"])
        told.append(f"{result.stdout}{result.exception}{result.stderr.splitlines()[-1:]}")
        assert result.exit_code == 1
        assert (f"{former} is called {present} now" in result.stderr) == (option == former)
    assert "no/such" in told[0] or args[0] == "evaluate"


def test_dates_alone_are_from_and_to() -> None:
    named = {
        (words, option.name)
        for words, command in COMMANDS.items()
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and {"--from", "--to"} & set(option.opts)
    }
    counting = ("concordance", "collocations", "keyness", "ngrams", "dictionary", "axes")
    asking = (("search",), ("events", "list"), *((name,) for name in counting))
    assert named == {(words, name) for words in asking for name in ("since", "until")}


@pytest.mark.parametrize("days", [("2024-05-02", "2024-05-01"), ("2024-12-31", "2024-01-01")], ids=" ".join)
def test_days_in_the_wrong_order_are_refused(run: Run, days: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=f"{days[0]} is after the last day {days[1]}"):
        run("search", QUERY, "--from", days[0], "--to", days[1])


# The index


def test_the_index_is_checked_and_made_anew(run: Run, tmp_path: Path) -> None:
    assert "made anew of" in run("index", "rebuild").stdout
    assert printed_objects(run, "index", "check") == {"problems": [], "remaining": []}
    for part in (tmp_path / "library" / "index").rglob("*.flat"):
        part.unlink()
    checked = printed_objects(run, "index", "check")
    assert len(checked["problems"]) == 1
    assert checked["remaining"] == []
    for part in (tmp_path / "library" / "index").rglob("*.flat"):
        part.unlink()
    run("index", "rebuild")
    assert "holds what the library holds" in run("index", "check").stdout


# A library that is damaged, and its backup


def test_a_backup_is_what_a_damaged_library_is_told_to_be_mended_with(run: Run, tmp_path: Path) -> None:
    n_events = len(printed_objects(run, "events"))
    told = run("backup", tmp_path / "kept.db").stdout
    file = tmp_path / "library" / "library.db"
    file.write_bytes(b"nothing that is a database" * 999)
    with pytest.raises(LibraryError, match="crosslingual restore"):
        run("events")
    restored = run(*told.split("crosslingual ")[1].split())
    assert (restored.exit_code, len(printed_objects(run, "events"))) == (0, n_events)
    assert str(tmp_path / "library" / "library-before-restore.db") in restored.stdout


def test_a_changed_byte_of_the_library_is_told_and_nothing_is_made_of_it(run: Run, tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Library(library) as store:
        text = store.load_articles()[0].text.encode()
    with closing(sqlite3.connect(library / "library.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = (library / "library.db").read_bytes()
    place = whole.index(text[:20])
    (library / "library.db").write_bytes(whole[:place] + b"X" + whole[place + 1 :])
    checked = run("index", "check", "--json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["remaining"] == ["library: articles: 1 not as stored"]
    assert "crosslingual restore" in checked.stderr
    assert not (library / "index").exists()


def test_an_article_of_a_compared_event_is_in_no_file_once_it_is_removed_and_forgotten(
    run: Run, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    event = printed_objects(run, "events")[0]
    for command in (("compare", event["id"]), ("duplicates",), ("search", QUERY)):
        assert run(*command).exit_code == 0
    run("report", event["id"], "--out", tmp_path / "report")
    with Library(library) as store:
        gone = next(one for one in store.load_articles(event["articles"]) if one.lang == "en")
        others = [one.text for one in store.load_articles() if one.id != gone.id]
        others += [text for text, _, _ in store.memory.iterate_translations(["memory"])]
        told = [one.text for one in store.load_sentences([gone.id])[gone.id]]
    sentence = max((text for text in told if not any(text in one for one in others)), key=len).encode()

    def files_with_it() -> set[str]:
        return {
            path.relative_to(library).parts[0]
            for path in library.rglob("*")
            if path.is_file() and (sentence in (content := path.read_bytes()) or gone.id.encode() in content)
        }

    assert files_with_it() >= {"framing", "index"}
    assert list_strangers(library, "library.db") == [], "what is kept there is known"
    run("sources", "remove", gone.source)
    assert "library.db" in files_with_it()
    forgotten = run("compact", "--yes")
    assert forgotten.exit_code == 0
    assert files_with_it() == set()
    assert printed_objects(run, "index", "check")["remaining"] == []


# The extra


def test_without_its_extra_evaluate_names_it_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ANSWERS:
        if words[0] == "evaluate":
            args = [*map(str, words), *map(str, evaluation_arguments(tmp_path)[words[1]])]
            monkeypatch.setitem(sys.modules, "sacrebleu", None)
            result = CliRunner().invoke(cli, args)
            assert isinstance(result.exception, MissingExtraError), words
            assert 'pip install "crosslingual[evaluate]"' in str(result.exception)
            assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == 0


def test_measures_are_imported_when_one_is_asked_for() -> None:
    code = (
        "import sys\nfrom crosslingual.cli import cli\ncli(['evaluate', '--help'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.startswith('crosslingual.evaluate')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
