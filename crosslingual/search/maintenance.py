"""Bringing a search index up to date with its library: what is new, what is gone, and parts put together."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.files import draft_path, place_folder, remove_path
from crosslingual.index import CompressedIndex, DamagedIndexError, FlatIndex, VectorIndex
from crosslingual.library import ArticleEntry, Library
from crosslingual.search.article_words import SENTENCES_PER_CHUNK, chunk_entries, read_articles
from crosslingual.search.folder import DATABASE_FILE
from crosslingual.search.index_db import IndexDatabase, IndexPart
from crosslingual.types import FloatArray

MAX_EXACT_SENTENCES = 100_000
"""Sentences up to which every vector is compared; beyond, they are compressed."""
INDEX_VERSION = 4
"""How words are cut and what the files hold; raised with every change, so that nothing older is read."""
FLAT, COMPRESSED = "flat", "compressed"
_PART_NAME = re.compile(r"[0-9a-f]{12}\.(?:flat|cells)")
_MAX_FLAT_PARTS = 8
"""Small parts that may lie side by side."""
_TRAINING_SENTENCES = 250_000
Progress = Callable[[int, int], None]
"""Told how many of how many sentences are done, between changes; it must not use the index."""


def index_recipe(space: Space) -> str:
    """What an index of ``space`` is made by: one made by anything else is not read."""
    digest = hashlib.sha256(space.default_mean.tobytes())
    for lang in sorted(space.language_means):
        digest.update(lang.encode() + space.language_means[lang].tobytes())
    if space.projections.vectors is not None:
        digest.update(space.projections.vectors.tobytes())
    return f"{INDEX_VERSION} {space.model} {digest.hexdigest()[:16]}"


def load_part(folder: Path, part: IndexPart) -> VectorIndex | None:
    """The vector index of ``part``; None where it is damaged or another than was put there."""
    path = _part_path(folder, part)
    if part.kind == COMPRESSED:
        return CompressedIndex.load(path)
    index = FlatIndex.load(path)
    return index if index is not None and read_flat_digest(path) == part.digest else None


def _part_path(folder: Path, part: IndexPart) -> Path:
    """Where a part lies: in ``folder``, whatever a damaged catalogue says.

    Raises:
        DamagedIndexError: its name is none that a part has.
    """
    if not _PART_NAME.fullmatch(part.name):
        raise DamagedIndexError("it names a part as none is named")
    return folder / part.name


def read_flat_digest(path: Path) -> str:
    """The digest that stands at the end of a saved flat index."""
    with path.open("rb") as file:
        file.seek(-32, 2)
        return file.read().hex()


def compute_part_digest(folder: Path, part: IndexPart) -> str:
    """The digest of the bytes of a compressed part as they are now, or of a flat one's as it states it."""
    if part.kind == FLAT:
        return read_flat_digest(_part_path(folder, part))
    digest = hashlib.sha256()
    for path in sorted(_part_path(folder, part).iterdir()):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def update_index(
    library: Library, space: Space, database: IndexDatabase, folder: Path, progress: Progress | None = None
) -> None:
    """Make the catalogue and its parts in ``folder`` hold what the library holds.

    Only one process may do so at a time; others may read meanwhile. ``progress`` is told how many of how many
    new sentences are taken in.

    Raises:
        VectorsMissingError: sentences have no vectors of the space's encoder.
        OSError: the disk is full or cannot be written.
    """
    revision = library.revision  # before what it stands for is read: what comes later is seen next time
    held = {entry.article: (entry, first) for entry, first in database.load_contents().articles}
    now = {entry.article: entry for entry in library.lookup.article_entries()}
    gone, moved = _compare_entries(held, now)
    if gone or moved:
        with database.begin_change() as change:
            change.remove_articles(gone)
            for entry, first in moved:
                change.update_article(entry, first)
    new = [entry for entry in now.values() if entry.article not in held or entry.article in gone]
    done, total = 0, sum(entry.n_sentences for entry in new)
    if progress:
        progress(done, total)
    for chunk in chunk_entries(new):
        _index_chunk(library, space, database, folder, chunk)
        done += sum(entry.n_sentences for entry in chunk)
        if progress:
            progress(done, total)
    with database.begin_change() as change:
        change.set_revision(revision)


def _compare_entries(
    indexed_entries: Mapping[str, tuple[ArticleEntry, int]], library_entries: Mapping[str, ArticleEntry]
) -> tuple[set[str], list[tuple[ArticleEntry, int]]]:
    """Articles that are there no longer, or whose sentences are others; and those only described anew."""
    gone, moved = set(), []
    for article, (entry, first) in indexed_entries.items():
        other = library_entries.get(article)
        if other is None or (other.lang, other.n_sentences) != (entry.lang, entry.n_sentences):
            gone.add(article)
        elif other != entry:
            moved.append((other, first))
    return gone, moved


def _index_chunk(
    library: Library, space: Space, database: IndexDatabase, folder: Path, entries: Sequence[ArticleEntry]
) -> None:
    articles = read_articles(library, space, entries)
    numbers = [np.zeros(0, np.int64)]
    with database.begin_change() as change:
        for one in articles:
            first = change.add_article(one.entry, one.word_rows)
            numbers.append(np.arange(first, first + len(one.word_rows), dtype=np.int64))
        if any(len(own) for own in numbers):
            vectors = np.concatenate([one.vectors for one in articles])
            change.add_part(save_flat_part(folder, np.concatenate(numbers), vectors))


def save_flat_part(folder: Path, ids: NDArray[np.int64], vectors: FloatArray) -> IndexPart:
    """Write a part of a few vectors (n, d) under ``ids`` (n,) into ``folder``."""
    index = FlatIndex(vectors.shape[1])
    index.add(ids, vectors)
    name = f"{uuid.uuid4().hex[:12]}.flat"
    index.save(folder / name)
    return IndexPart(name, FLAT, read_flat_digest(folder / name))


@dataclass(frozen=True, slots=True)
class LoadedPart:
    """A part with its index, and which of its vectors are of sentences that are still there."""

    part: IndexPart
    index: VectorIndex
    live_rows: NDArray[np.intp]


def merge_flat_parts(database: IndexDatabase, folder: Path, live_mask: NDArray[np.bool_]) -> bool:
    """Make one part of many small ones, if there are; whether there were.

    ``live_mask`` (n,) says which numbers are sentences' that are there.
    """
    pieces = [part for part in database.load_contents().parts if part.kind == FLAT]
    if len(pieces) <= _MAX_FLAT_PARTS:
        return False
    loaded = load_parts(folder, pieces, live_mask)
    ids = np.concatenate([one.index.ids[one.live_rows] for one in loaded])
    vectors = np.concatenate([one.index.vectors_at(one.live_rows) for one in loaded])
    with database.begin_change() as change:
        change.add_part(save_flat_part(folder, ids, vectors), [part.name for part in pieces])
    delete_parts(folder, pieces)
    return True


def load_parts(folder: Path, parts: Iterable[IndexPart], live_mask: NDArray[np.bool_]) -> list[LoadedPart]:
    """The indexes of ``parts``.

    Raises:
        DamagedIndexError: one of them is damaged.
    """
    loaded = []
    for part in parts:
        index = load_part(folder, part)
        if index is None:
            raise DamagedIndexError(f"{part.name} is damaged or missing")
        loaded.append(LoadedPart(part, index, np.flatnonzero(live_mask[index.ids])))
    return loaded


def select_for_compression(parts: Sequence[LoadedPart]) -> list[LoadedPart]:
    """The parts that should become one compressed one; none as long as few are not compressed.

    With the small ones go the compressed ones that are not much larger than what is put together, so that
    there are few, and each vector is moved few times.
    """
    together = [one for one in parts if one.part.kind == FLAT]
    size = sum(len(one.live_rows) for one in together)
    if size <= MAX_EXACT_SENTENCES:
        return []
    rest = sorted((one for one in parts if one.part.kind != FLAT), key=lambda one: len(one.live_rows))
    for one in rest:
        if len(one.live_rows) > 2 * size:
            break
        together.append(one)
        size += len(one.live_rows)
    return together


def compress_parts(folder: Path, parts: Sequence[LoadedPart]) -> IndexPart:
    """Write one compressed part of ``parts``, which stay where they are."""
    ids = np.concatenate([one.index.ids[one.live_rows] for one in parts])
    share = min(1.0, _TRAINING_SENTENCES / len(ids))
    chance = np.random.default_rng(0)
    sample = np.concatenate(
        [
            one.index.vectors_at(
                np.sort(chance.permutation(one.live_rows)[: round(share * len(one.live_rows)) + 1])
            )
            for one in parts
        ]
    )
    name = f"{uuid.uuid4().hex[:12]}.cells"
    draft = draft_path(folder / name)
    draft.mkdir()
    try:
        CompressedIndex.build(draft, ids, _iterate_vectors(parts), sample)
        place_folder(draft, folder / name)
    finally:
        remove_path(draft)
    part = IndexPart(name, COMPRESSED, "")
    return replace(part, digest=compute_part_digest(folder, part))


def _iterate_vectors(parts: Iterable[LoadedPart]) -> Iterator[FloatArray]:
    for one in parts:
        for start in range(0, len(one.live_rows), SENTENCES_PER_CHUNK):
            yield one.index.vectors_at(one.live_rows[start : start + SENTENCES_PER_CHUNK])


def delete_parts(folder: Path, parts: Iterable[IndexPart]) -> None:
    """Delete the files of parts that no catalogue names; whoever has them open keeps them."""
    for part in parts:
        remove_path(_part_path(folder, part))


def remove_leftovers(folder: Path, database: IndexDatabase) -> None:
    """Remove from ``folder`` what no catalogue names: what a killed process left; nobody else may write meanwhile."""
    named = {part.name for part in database.load_contents().parts}
    for path in folder.iterdir():
        if path.name not in named and not path.name.startswith(DATABASE_FILE):
            remove_path(path)
