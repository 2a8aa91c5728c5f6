from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import cli

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder


@pytest.fixture
def run(loaded_encoder: SentenceEncoder, demo_space: Space) -> Callable[..., Result]:
    """Run a command in this process."""
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)
