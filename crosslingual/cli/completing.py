"""Vectors of an encoder for articles that were added with another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from crosslingual.bar import Bar
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.library import Library


def complete(settings: Settings, library: Library, ids: Iterable[str]) -> None:
    """Encode with the encoder of ``settings`` what lacks its vectors."""
    from crosslingual.align.space import load_reader
    from crosslingual.reader import complete as complete_with

    with Bar() as bar:
        reader = load_reader(settings.encoder, settings.home)
        complete_with(library, reader, ids, progress=partial(bar.show, "encoding"))
