from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual import model_store
from crosslingual.align.space import load_space
from crosslingual.errors import NotFoundError
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import MANUAL_ENGINE, Library
from crosslingual.model_store import DEFAULT_ENCODER, InstalledModel
from crosslingual.settings import Settings
from crosslingual.types import Correction, Translation
from tests.helpers.browser import launched
from tests.helpers.library_folders import library_folder
from tests.helpers.shared_files import SharedFiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from crosslingual.embeddings.article_encoder import ArticleEncoder

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> [x](javascript:window.pwned=1)'
TRAIN = {
    "reuters": (
        "en",
        "A train left the rails near Lyon on Tuesday morning. Nobody was hurt. "
        "The operator said a broken switch was the cause. Traffic will resume on Wednesday. " + HOSTILE + ".",
    ),
    "lemonde": (
        "fr",
        "Un train a déraillé près de Lyon mardi matin. Personne n'a été blessé. "
        "Les syndicats demandent plus de moyens pour l'entretien des voies.",
    ),
    "dw": (
        "de",
        "Bei Lyon ist am Dienstagmorgen ein Zug entgleist. Niemand wurde verletzt. "
        "Laut Betreiber war eine defekte Weiche die Ursache.",
    ),
    "xinhua": ("zh", "周二上午，一列火车在里昂附近脱轨。无人受伤。中国驻里昂总领馆正在核实有无中国公民。"),
}
ELECTION = {
    "bbc": ("en", "Voters in Iceland chose a new president on Saturday. Turnout was the highest in decades."),
    "lemonde": (
        "fr",
        "Les Islandais ont élu samedi une nouvelle présidente. La participation a atteint un record.",
    ),
}


@dataclass(frozen=True)
class Shelf:
    """Makes libraries of hand-written articles with the real encoder, each once for all workers, who get copies."""

    folder: Path
    home: Path
    reader: ArticleEncoder
    shared_files: SharedFiles

    def __call__(self, name: str, *records: dict[str, str]) -> Settings:
        path = self.folder / name
        lines = "\n".join(json.dumps(record) for record in records)
        if records and not path.exists():
            digest = hashlib.sha256(lines.encode()).hexdigest()[:12]
            made = self.shared_files.make_folder(
                f"articles-{digest}", lambda folder: self._add(name, lines, folder)
            )
            shutil.copytree(made, path)
        else:
            self._add(name, lines, path)
        return replace(Settings.load(), home=self.home, library=path)

    def _add(self, name: str, lines: str, path: Path) -> None:
        file = self.folder / f"{name}.jsonl"
        file.write_text(lines, encoding="utf-8")
        with Library(path) as library:
            if lines:
                add_files([file], library, lambda: self.reader)


def records(told: dict[str, tuple[str, str]], date: str, **more: str) -> list[dict[str, str]]:
    return [
        {"source": source, "lang": lang, "date": date, "title": text[:30], "text": text} | more
        for source, (lang, text) in told.items()
    ]


@pytest.fixture(scope="session")
def untranslating(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """A home with the encoder and no translator, whatever else is installed on this machine."""
    bare = tmp_path_factory.mktemp("untranslating")
    (bare / "models").mkdir()
    (bare / "models" / DEFAULT_ENCODER).symlink_to(home / "models" / DEFAULT_ENCODER)
    (bare / "spaces").symlink_to(home / "spaces")
    return bare


@pytest.fixture(scope="session")
def shelf(
    tmp_path_factory: pytest.TempPathFactory,
    untranslating: Path,
    article_encoder: ArticleEncoder,
    shared_files: SharedFiles,
) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("libraries"), untranslating, article_encoder, shared_files)


@pytest.fixture(scope="session")
def two_events(shelf: Shelf) -> Settings:
    """Two events; one translation, and outside text that tries to be markup or code, in every field."""
    train = records(TRAIN, "2024-03-05", url="https://example.org/train")
    train[0] |= {"title": HOSTILE, "url": "javascript:window.pwned=1"}
    settings = shelf("two-events", *train, *records(ELECTION, "2024-06-02"))
    load_space(settings.encoder, settings.home)  # fitted once here, not while a page is waited for
    made = Translation("Nobody was injured. " + HOSTILE, "en", "memory")
    runaway = "\u202edehsur " + HOSTILE + " again" * 2_000
    doubted = Translation(
        runaway, "en", "argostranslate", "fr-es 1.0, es-en 1.9", ("repetition", f"names:{HOSTILE}")
    )
    with Library(settings.library) as library:
        library.memory.put_translations(
            [("Niemand wurde verletzt.", "de", made), ("Personne n'a été blessé.", "fr", doubted)]
        )
        (source,) = (source for source in library.stored_sources() if source.id == "dw")
        library.put_sources([replace(source, native_name=HOSTILE, owner=HOSTILE)])
    return settings


@pytest.fixture(scope="session")
def _correctable(shelf: Shelf) -> Settings:
    return shelf("correctable", *records(ELECTION, "2024-06-02"))


@pytest.fixture
def correctable(_correctable: Settings) -> Iterator[Settings]:
    """One event of two sources that a test may correct."""
    yield _correctable
    uncorrect(_correctable)


@pytest.fixture
def corrections(correctable: Settings) -> Callable[[], list[Correction]]:
    """What is stored at present."""

    def stored() -> list[Correction]:
        with Library(correctable.library) as library:
            return library.load_corrections()

    return stored


@pytest.fixture
def uncorrected(two_events: Settings) -> Iterator[None]:
    """The two events without what a test has corrected."""
    yield
    uncorrect(two_events)


@pytest.fixture
def added_again(shelf: Shelf, correctable: Settings) -> Callable[[], None]:
    """Takes the event's articles out of the library and adds them once more."""

    def again() -> None:
        with Library(correctable.library) as library:
            library.remove_articles(library.article_ids())
        shelf(library_folder(correctable).name, *records(ELECTION, "2024-06-02"))

    return again


def uncorrect(settings: Settings) -> None:
    with Library(settings.library) as library:
        for text, lang, made in list(library.memory.iterate_translations((MANUAL_ENGINE,))):
            with suppress(NotFoundError):
                while True:
                    library.memory.undo_manual(text, lang, made.lang)
        for correction in library.load_corrections():
            library.remove_corrections([correction.id])


@pytest.fixture
def chinese(untranslating: Path, argos_package: Path) -> Iterator[Callable[[], None]]:
    """Installs a translator from Chinese, a real one that says nothing but t, until the test is over."""
    made: list[InstalledModel] = []
    yield lambda: made.append(model_store.install_package_file(argos_package, untranslating))
    for model in made:
        model_store.remove_model(model.name, untranslating)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], None]]:
    """Settings for the app in this process, and caches as at its start."""
    import streamlit as st

    from crosslingual.ui.launch import app_environment

    def point(settings: Settings) -> None:
        for name, value in app_environment(settings).items():
            monkeypatch.setenv(name, value)

    yield point
    st.cache_data.clear()
    st.cache_resource.clear()
