"""Articles that are one text: reprints and updates in one language, translated wire copy across languages."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from crosslingual.align.space import Space
from crosslingual.events import duplicate_finder as rules
from crosslingual.events.duplicate_store import (
    MAX_ARTICLES_PER_SENTENCE,
    MAX_REPEATS_PER_SOURCE,
    DuplicateStore,
)
from crosslingual.events.edited_sentences import MIN_SHINGLE_OVERLAP
from crosslingual.files import remove_path
from crosslingual.library import Library
from crosslingual.library.database import is_no_damage
from crosslingual.library.folder import DUPLICATES_FOLDER
from crosslingual.types import Article, Duplicate

STORE_VERSION = (
    f"3 {rules.MIN_SHARE} {rules.MIN_SHARED_SENTENCES} {rules.MIN_LONGER_SHARE} {rules.MIN_ORDER}"
    f" {MIN_SHINGLE_OVERLAP} {MAX_REPEATS_PER_SOURCE} {MAX_ARTICLES_PER_SENTENCE}"
)
"""How copies are told; its number grows with every change, so that nothing earlier is read."""


def find_duplicates(
    library: Library, space: Space, progress: Callable[[int, int], None] | None = None
) -> list[Duplicate]:
    """All pairs of the library's articles that are one text, in the order of their articles' ids.

    What was found is kept beside the library: only what is new is looked at, against what may be a copy of it, and
    nothing where nothing changed. ``progress`` is told how many of how many new articles are done.

    Raises:
        LibraryError: an article lacks vectors or tokens of the space's model.
    """
    path = _store_path(library, space)
    try:
        return _update_copies(library, space, DuplicateStore(path), progress)
    except sqlite3.Error as error:  # damaged, or the disk is full: it is derived
        is_damaged = not is_no_damage(error)
    if is_damaged:
        remove_path(path)
    try:
        return _update_copies(library, space, DuplicateStore(path, in_memory=not is_damaged), progress)
    except sqlite3.Error:
        return _update_copies(library, space, DuplicateStore(None), progress)


def _update_copies(
    library: Library, space: Space, store: DuplicateStore, progress: Callable[[int, int], None] | None
) -> list[Duplicate]:
    revision = library.revision  # before: what comes later is seen next time
    with closing(store):
        if store.revision != revision:
            rules.DuplicateFinder(library, space, store).update(progress)
            store.set_revision(revision)
        return store.load_copies()


def _store_path(library: Library, space: Space) -> Path:
    key = hashlib.sha256(f"{space.model}\0{space.tokens.key}\0{STORE_VERSION}".encode()).hexdigest()
    return library.path / DUPLICATES_FOLDER / f"{key[:12]}.db"


def group_duplicates(duplicates: Iterable[Duplicate]) -> list[tuple[str, ...]]:
    """The articles that hang together as copies, by their ids, each group sorted."""
    homes: dict[str, set[str]] = {}
    for copy in duplicates:
        group = homes.get(copy.left, {copy.left}) | homes.get(copy.right, {copy.right})
        homes.update(dict.fromkeys(group, group))
    return sorted({tuple(sorted(group)) for group in homes.values()})


def independent_voices(articles: Sequence[Article], duplicates: Iterable[Duplicate]) -> dict[str, str]:
    """Whose word each article is, by its id: its source's, of copies that of the first to appear."""
    voices = {article.id: article.source for article in articles}
    by_id = {article.id: article for article in articles}
    for group in group_duplicates(duplicates):
        first = min(group, key=lambda id_: (not by_id[id_].date, by_id[id_].date, id_))
        voices.update(dict.fromkeys(group, by_id[first].source))
    return voices
