from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.library import Library
from crosslingual.settings import Settings
from tests.helpers.http_server import HttpServer, run_server


@pytest.fixture
def fresh_server(loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path) -> Iterator[HttpServer]:
    """A server for a copy of the demo library, which may be changed."""
    with run_server(Settings.load(library=demo_copy)) as server:
        yield server


@pytest.fixture(scope="module")  # no longer: what it puts in the place of loading would hold for all tests
def demo_server(
    encoder: SentenceEncoder,
    demo_space: Space,
    demo_library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[HttpServer]:
    """A server for a copy of the demo library, for reading only."""
    folder = tmp_path_factory.mktemp("served")
    for file in demo_library.path.glob("library.db*"):
        shutil.copy(file, folder)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("model_store", "align.space"):
            patch.setattr(f"crosslingual.{module}.load_encoder", lambda name, home: encoder)
        with run_server(Settings.load(library=folder)) as server:
            yield server
