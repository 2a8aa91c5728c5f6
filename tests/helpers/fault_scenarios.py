"""What changes files, each with what must hold of them wherever it was killed or the disk was full."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np

from crosslingual import errors
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.embeddings.encoder import EncodedTexts
from crosslingual.errors import CrosslingualError
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.library.backup import back_up_library, restore_library
from crosslingual.library.database import Database
from crosslingual.library.documents import FolderDocuments
from crosslingual.library.folder import SEARCHES_FILE, remove_derived_files
from crosslingual.model_store import install_package_file, installed_models, remove_model
from crosslingual.report.folder import MANIFEST_NAME, write_folder
from crosslingual.search import SearchIndex, search_sentences
from crosslingual.search.check import find_problems
from crosslingual.search.folder import remove_indexes
from crosslingual.search.saved import SavedSearch, load_saved_searches, save_search
from crosslingual.types import Article
from tests.helpers.kill_points import Ending, run_traced
from tests.helpers.library_samples import DIMENSIONS, MODEL, article, asked, put, toy_space, vector
from tests.test_library_schema import assert_version_4_whole, version_4

HARBOUR, BRIDGE, MARKET = (
    article([f"The {place} was closed on Monday.", "Nobody was hurt."], title=place, source=place)
    for place in ("harbour", "bridge", "market")
)
MADE_UP = "Quvaltimor"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that changes files in a folder.

    ``check`` is what holds of the folder at any moment, ``check_done`` what holds when ``run`` has ended, at once or
    as a second try. Where ``must_answer``, not even a full disk stops it.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    check: Callable[[Path], None]
    check_done: Callable[[Path], None]
    must_answer: bool = False


class ToyEncoder:
    """Vectors that hang on nothing but the text."""

    name = MODEL

    def encode_with_tokens(self, texts: Sequence[str], **_: object) -> EncodedTexts:
        rows = [vector(text) for text in texts]
        return EncodedTexts(
            np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32),
            tuple(row[None] for row in rows),
            tuple(np.ones(1, np.float32) for _ in rows),
        )


def load_toy_encoder() -> ArticleEncoder:
    return ArticleEncoder(ToyEncoder(), toy_space().tokens)  # type: ignore[arg-type]  # all that is asked of it here


def titles(folder: Path) -> list[str]:
    """What the library holds; it is whole."""
    with Library(folder, create=False) as library:
        assert library.find_damage() == []
        articles = library.load_articles()
        told = library.load_sentences([one.id for one in articles])
        texts = [sentence.text for sentences in told.values() for sentence in sentences]
        assert len(library.load_vectors(MODEL, texts)) == len(texts) if texts else True
        assert all(told.values()), "an article has its sentences"
    with closing(sqlite3.connect(folder / "library.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return sorted(one.title for one in articles)


def fill(folder: Path, *articles: Article) -> None:
    with Library(folder) as library:
        for one in articles:
            put(library, one)


@contextmanager
def opened_index(folder: Path) -> Iterator[tuple[Library, SearchIndex]]:
    with Library(folder, create=False) as library:
        index = SearchIndex(library, toy_space())
        try:
            yield library, index
        finally:
            index.close()


def found_titles(library: Library, index: SearchIndex) -> set[str]:
    results = search_sentences(library, index, toy_space(), asked("closed on Monday"))
    return {hit.entry.title for hit in results.hits}


def check_index(folder: Path) -> None:
    """A search brings it up to date, and nothing of a killed process is left in it."""
    with opened_index(folder) as (library, index):
        assert found_titles(library, index) == {*titles(folder)}
        assert find_problems(library, index, toy_space()) == []
        index.compact()
        with index.open_snapshot() as view:
            n_parts = len(view.parts)
        generations = [path for path in index.folder.iterdir() if path.is_dir()]
        assert len(generations) == 1
        parts = [path for path in generations[0].iterdir() if not path.name.startswith("catalogue.db")]
        assert len(parts) == n_parts


# Adding, undoing, searching


def prepare_add(folder: Path) -> None:
    fill(folder / "library", HARBOUR)
    records = [
        {"source": one.source, "title": one.title, "text": one.text, "lang": "en"} for one in (BRIDGE, MARKET)
    ]
    (folder / "new.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")


def run_add(folder: Path) -> None:
    with (
        mock.patch("crosslingual.ingest.pipeline.SENTENCES_PER_CHUNK", 1),
        mock.patch("crosslingual.ingest.pipeline._ARTICLES_PER_LOOKUP", 1),
        opened_index(folder / "library") as (library, index),
    ):
        assert not add_files([folder / "new.jsonl"], library, load_toy_encoder).problems
        with suppress(CrosslingualError, OSError):  # as the command does
            with index.open_snapshot():
                pass
            index.compact()


def check_add(folder: Path) -> None:
    found = titles(folder / "library")
    assert found in (["harbour"], ["bridge", "harbour"], ["bridge", "harbour", "market"])


def check_added(folder: Path) -> None:
    assert titles(folder / "library") == ["bridge", "harbour", "market"]
    check_index(folder / "library")


def prepare_undo(folder: Path) -> None:
    fill(folder, HARBOUR, BRIDGE)
    with Library(folder) as library:
        library.remove_articles([BRIDGE.id])


def run_undo(folder: Path) -> None:
    with Library(folder, create=False) as library:
        latest = library.load_operations()[0]
        if latest.kind != "undo":  # who reads what was done undoes nothing twice
            library.undo_operation()


def check_undo(folder: Path) -> None:
    with Library(folder, create=False) as library:
        kinds = [one.kind for one in library.load_operations()]
    assert titles(folder) == (["bridge", "harbour"] if kinds[0] == "undo" else ["harbour"])


def check_undone(folder: Path) -> None:
    assert titles(folder) == ["bridge", "harbour"]


def prepare_search(folder: Path) -> None:
    fill(folder, HARBOUR)
    with opened_index(folder) as (library, index):
        found_titles(library, index)
    fill(folder, BRIDGE)


def run_search(folder: Path) -> None:
    with opened_index(folder) as (library, index):
        assert found_titles(library, index) in ({"harbour"}, {"harbour", "bridge"})


def check_search(folder: Path) -> None:
    assert titles(folder) == ["bridge", "harbour"]


def check_compressed(folder: Path) -> None:
    check_search(folder)
    check_index(folder)


def prepare_compression(folder: Path) -> None:
    prepare_search(folder)
    fill(folder, article([f"Line {number} was read." for number in range(60)], title="lines"))


def check_many(folder: Path) -> None:
    assert titles(folder) == ["bridge", "harbour", "lines"]


def check_many_compressed(folder: Path) -> None:
    check_many(folder)
    check_index(folder)


def run_compression(folder: Path) -> None:
    with (
        mock.patch("crosslingual.search.maintenance.MAX_EXACT_SENTENCES", 1),
        opened_index(folder) as (_, index),
    ):
        index.compact()


# Migration, backup, restore, compact


def prepare_migration(folder: Path) -> None:
    version_4(folder / "library")


def run_migration(folder: Path) -> None:
    Database(folder / "library", create=False).close()


def check_migration(folder: Path) -> None:
    with Library(folder / "library", create=False) as library:
        assert_version_4_whole(library)


def prepare_backup(folder: Path) -> None:
    fill(folder / "library", HARBOUR)
    back_up_library(folder / "library", folder / "kept.db")
    fill(folder / "library", BRIDGE)
    save_search(FolderDocuments(folder / "library"), SavedSearch("mine", "harbour"))


def run_backup(folder: Path) -> None:
    back_up_library(folder / "library", folder / "kept.db")


def restored(folder: Path) -> list[str]:
    """What the backup gives back."""
    target = folder / "restored"
    shutil.rmtree(target, ignore_errors=True)
    restore_library(folder / "kept.db", target)
    return titles(target)


def check_backup(folder: Path) -> None:
    assert titles(folder / "library") == ["bridge", "harbour"]
    assert restored(folder) in (["harbour"], ["bridge", "harbour"])


def check_backed_up(folder: Path) -> None:
    assert restored(folder) == ["bridge", "harbour"]
    assert [one.name for one in load_saved_searches(FolderDocuments(folder / "restored"))] == ["mine"]


def prepare_restore(folder: Path) -> None:
    prepare_backup(folder)
    back_up_library(folder / "library", folder / "kept.db")
    fill(folder / "library", MARKET)
    with Library(folder / "library") as library:
        library.remove_articles([HARBOUR.id])
    (folder / "library" / SEARCHES_FILE).unlink()


def run_restore(folder: Path) -> None:
    restore_library(folder / "kept.db", folder / "library")


def check_restore(folder: Path) -> None:
    assert titles(folder / "library") in (["bridge", "market"], ["bridge", "harbour"])
    assert not [*(folder / "library").glob(".*restore*")]
    assert restored(folder) == ["bridge", "harbour"]


def check_restored(folder: Path) -> None:
    assert titles(folder / "library") == ["bridge", "harbour"]
    assert [one.name for one in load_saved_searches(FolderDocuments(folder / "library"))] == ["mine"]


def prepare_new_restore(folder: Path) -> None:
    prepare_restore(folder)
    shutil.rmtree(folder / "library")


def check_new_restore(folder: Path) -> None:
    if (folder / "library" / "library.db").exists():
        assert titles(folder / "library") == ["bridge", "harbour"]


def prepare_compact(folder: Path) -> None:
    gone = article([f"{MADE_UP} paid.", "Nobody was hurt."], title=MADE_UP)
    fill(folder, HARBOUR, gone)
    with opened_index(folder) as (library, index):
        found_titles(library, index)
        library.remove_articles([gone.id])


def run_compact(folder: Path) -> None:
    with Library(folder, create=False) as library:
        library.forget_removed()
        assert not [*remove_indexes(folder), *remove_derived_files(folder)]


def check_compact(folder: Path) -> None:
    assert titles(folder) == ["harbour"]


def check_compacted(folder: Path) -> None:
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        assert MADE_UP.lower().encode() not in content, path.name
    check_compact(folder)
    check_index(folder)


# Reports and models

_OLD, _NEW = {"report.html": b"old", "tables/a.csv": b"old"}, {"report.html": b"new", "tables/b.csv": b"new"}


def prepare_report(folder: Path) -> None:
    write_folder(folder / "report", _OLD, {})
    (folder / "report" / "tables" / "mine.txt").write_text("mine", encoding="utf-8")


def run_report(folder: Path) -> None:
    write_folder(folder / "report", _NEW, {})


def check_report(folder: Path) -> None:
    mine = [path.read_text(encoding="utf-8") for path in folder.rglob("mine.txt")]
    assert mine == ["mine"], "what is not the report's is there, if in the folder that is put back next time"
    for report in folder.rglob(MANIFEST_NAME):
        named = (
            json.loads(report.read_text(encoding="utf-8"))["files"] if report.parent.name == "report" else {}
        )
        assert all((report.parent / name).is_file() for name in named), "what has the report's name is whole"


def check_reported(folder: Path) -> None:
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    found.pop(f"report/{MANIFEST_NAME}")
    assert found == {f"report/{name}": content for name, content in _NEW.items()} | {
        "report/tables/mine.txt": b"mine"
    }


def package_file(folder: Path, version: str) -> Path:
    return folder / f"{version}.argosmodel"


def install(folder: Path, version: str) -> None:
    """As from a file; that the package translates is not looked at, since no network is in it."""
    with mock.patch("crosslingual.model_store.packages._check_package"):
        install_package_file(package_file(folder, version), folder)


def installed_names(folder: Path) -> list[str]:
    return [path.name for path in (folder / "models").iterdir() if path.is_dir()]


def prepare_install(folder: Path) -> None:
    for version in ("1.0", "2.0", "3.0"):
        about = {"package_version": version, "from_code": "zh", "to_code": "en"}
        with zipfile.ZipFile(package_file(folder, version), "w") as package:
            package.writestr("zh_en/metadata.json", json.dumps(about))
            for name in ("model/model.bin", "model/vocabulary.txt", "sentencepiece.model"):
                package.writestr(f"zh_en/{name}", f"{name} of {version}")
    install(folder, "1.0")


def run_install(folder: Path) -> None:
    install(folder, "2.0")


def check_install(folder: Path) -> None:
    (model,) = installed_models(folder)  # the former one stays until the new one is there
    assert model.version in ("1.0", "2.0")
    for name in ("model/model.bin", "model/vocabulary.txt", "sentencepiece.model"):
        assert (model.path / name).read_text(encoding="utf-8") == f"{name} of {model.version}"


def check_installed(folder: Path) -> None:
    check_install(folder)
    assert installed_models(folder)[0].version == "2.0"
    assert installed_names(folder) == ["zh-en"]


def run_removal(folder: Path) -> None:
    if installed_models(folder):
        remove_model("zh-en", folder)


def check_removal(folder: Path) -> None:
    if installed_models(folder):
        check_install(folder)


def check_removed(folder: Path) -> None:
    assert installed_models(folder) == []
    install(folder, "3.0")
    assert installed_names(folder) == ["zh-en"]


SCENARIOS = {
    "add": Scenario(prepare_add, run_add, check_add, check_added),
    "undo": Scenario(prepare_undo, run_undo, check_undo, check_undone),
    "search": Scenario(prepare_search, run_search, check_search, check_compressed, must_answer=True),
    "compression": Scenario(prepare_compression, run_compression, check_many, check_many_compressed),
    "migration": Scenario(prepare_migration, run_migration, check_migration, check_migration),
    "backup": Scenario(prepare_backup, run_backup, check_backup, check_backed_up),
    "restore": Scenario(prepare_restore, run_restore, check_restore, check_restored),
    "restore to a new folder": Scenario(prepare_new_restore, run_restore, check_new_restore, check_restored),
    "compact": Scenario(prepare_compact, run_compact, check_compact, check_compacted),
    "report": Scenario(prepare_report, run_report, check_report, check_reported),
    "models install": Scenario(prepare_install, run_install, check_install, check_installed),
    "models remove": Scenario(prepare_install, run_removal, check_removal, check_removed),
}


class FaultTrial:
    """A scenario, prepared once in ``work``, tried with a fault at any of its calls."""

    def __init__(self, scenario: Scenario, work: Path) -> None:
        self._scenario = scenario
        self._template, self._root = work / "template", work / "trial"
        self._template.mkdir(parents=True)
        scenario.prepare(self._template)
        self.calls = self._run().calls
        """Those that change files, in a run without a fault."""
        scenario.check_done(self._root)

    def kill_before(self, call: int) -> None:
        """Kill it before this call, from 1 on; see that all is whole, and that a second run completes it."""
        ending = self._run(kill_at=call)
        assert ending.code is None, f"was not killed: {ending}"
        self._check_after()

    def fill_disk_from(self, call: int) -> None:
        """The disk is full from this call on: one line says so, all is whole, with room a second run completes it."""
        ending = self._run(full_from=call)
        if ending.code:
            kind = getattr(errors, ending.told.partition(":")[0], None)
            assert kind, f"no clear line: {ending.told}"
            assert issubclass(kind, CrosslingualError), ending.told
            assert not self._scenario.must_answer, ending.told
            assert "permissions" not in ending.told or "room" in ending.told, f"not the reason: {ending.told}"
        self._check_after()

    def _check_after(self) -> None:
        self._scenario.check(self._root)
        self._scenario.run(self._root)
        self._scenario.check_done(self._root)

    def _run(self, **fault: int) -> Ending:
        shutil.rmtree(self._root, ignore_errors=True)
        shutil.copytree(self._template, self._root)
        return run_traced(lambda: self._scenario.run(self._root), self._root, **fault)
