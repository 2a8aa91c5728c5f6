"""Vectors of an encoder for articles that were added with another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from crosslingual.bar import Bar
from crosslingual.errors import VectorsMissingError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.library import Library

_T = TypeVar("_T")


def completing(
    settings: Settings, library: Library, do: Callable[[], _T], ids: Iterable[str] | None = None
) -> _T:
    """What ``do`` gives; what was added with another encoder is first encoded with that of ``settings``.

    ``ids`` are the articles that it needs, by default all.
    """
    try:
        return do()
    except VectorsMissingError:
        from crosslingual.align.space import load_reader
        from crosslingual.reader import complete

        with Bar() as bar:
            reader = load_reader(settings.encoder, settings.home)
            wanted = library.ids() if ids is None else ids
            complete(library, reader, wanted, progress=partial(bar.show, "encoding"))
        return do()
