"""Bringing a search index up to date with its library: what is new, what is gone, and parts put together."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.index import CompressedIndex, FlatIndex, VectorIndex
from crosslingual.language.tokenize import words
from crosslingual.library import Entry, Library
from crosslingual.search.catalogue import Catalogue, Part
from crosslingual.search.sounds import heard
from crosslingual.types import FloatArray

EXACT = 100_000
"""Sentences up to which every vector is compared; beyond, they are compressed."""
RECIPE = 2
"""How words are cut and what the files hold; raised with every change, so that nothing older is read."""
FLAT, COMPRESSED = "flat", "compressed"
_PIECES = 8
"""Small parts that may lie side by side."""
_CHUNK = 10_000
"""Sentences taken in at once."""
_SAMPLE = 250_000
Progress = Callable[[int, int], None]
"""Told how many of how many sentences are done, between changes; it must not use the index."""


def recipe(space: Space) -> str:
    """What an index of ``space`` is made by: one made by anything else is not read."""
    digest = hashlib.sha256(space.elsewhere.tobytes())
    for lang in sorted(space.means):
        digest.update(lang.encode() + space.means[lang].tobytes())
    if space.maps.vectors is not None:
        digest.update(space.maps.vectors.tobytes())
    return f"{RECIPE} {space.model} {digest.hexdigest()[:16]}"


def load_part(folder: Path, part: Part) -> VectorIndex | None:
    """The vector index of ``part``; None where it is damaged or another than was put there."""
    if part.kind == COMPRESSED:
        return CompressedIndex.load(folder / part.name)
    index = FlatIndex.load(folder / part.name)
    return index if index is not None and flat_digest(folder / part.name) == part.digest else None


def flat_digest(path: Path) -> str:
    """The digest that stands at the end of a saved flat index."""
    with path.open("rb") as file:
        file.seek(-32, 2)
        return file.read().hex()


def part_digest(folder: Path, part: Part) -> str:
    """The digest of the bytes of a compressed part as they are now, or of a flat one's as it states it."""
    if part.kind == FLAT:
        return flat_digest(folder / part.name)
    digest = hashlib.sha256()
    for path in sorted((folder / part.name).iterdir()):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def bring_up_to_date(
    library: Library, space: Space, catalogue: Catalogue, folder: Path, progress: Progress | None = None
) -> None:
    """Make the catalogue and its parts in ``folder`` hold what the library holds.

    Only one process may do so at a time; others may read meanwhile. ``progress`` is told how many of how many
    new sentences are taken in.

    Raises:
        VectorsMissingError: sentences have no vectors of the space's encoder.
        OSError: the disk is full or cannot be written.
    """
    revision = library.revision  # before what it stands for is read: what comes later is seen next time
    held = {entry.article: (entry, first) for entry, first in catalogue.contents().articles}
    now = {entry.article: entry for entry in library.places.entries()}
    gone, moved = _differences(held, now)
    if gone or moved:
        with catalogue.changing() as change:
            change.remove(gone)
            for entry, first in moved:
                change.describe(entry, first)
    new = [entry for entry in now.values() if entry.article not in held or entry.article in gone]
    done, total = 0, sum(entry.sentences for entry in new)
    if progress:
        progress(done, total)
    for chunk in _chunks(new):
        _take_in(library, space, catalogue, folder, chunk)
        done += sum(entry.sentences for entry in chunk)
        if progress:
            progress(done, total)
    with catalogue.changing() as change:
        change.same_as(revision)


def _differences(
    held: Mapping[str, tuple[Entry, int]], now: Mapping[str, Entry]
) -> tuple[set[str], list[tuple[Entry, int]]]:
    """Articles that are there no longer, or whose sentences are others; and those only described anew."""
    gone, moved = set(), []
    for article, (entry, first) in held.items():
        other = now.get(article)
        if other is None or (other.lang, other.sentences) != (entry.lang, entry.sentences):
            gone.add(article)
        elif other != entry:
            moved.append((other, first))
    return gone, moved


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        chunk.append(entry)
        size += entry.sentences
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _take_in(
    library: Library, space: Space, catalogue: Catalogue, folder: Path, entries: Sequence[Entry]
) -> None:
    told = library.sentences([entry.article for entry in entries])
    texts = [sentence.text for sentences in told.values() for sentence in sentences]
    vectors = (
        library.vectors(space.model, texts) if texts else np.zeros((0, len(space.elsewhere)), np.float32)
    )
    start, numbers = 0, [np.zeros(0, np.int64)]
    with catalogue.changing() as change:
        for entry in entries:
            sentences = told.get(entry.article)
            if sentences is None:  # removed while this was under way
                continue
            here = slice(start, start + len(sentences))
            langs = [sentence.lang or entry.lang for sentence in sentences]
            first = change.put(
                replace(entry, sentences=len(sentences)),
                [
                    (said(sentence.text, lang), heard(sentence.text, lang))
                    for sentence, lang in zip(sentences, langs, strict=True)
                ],
            )
            vectors[here] = space.mapped_each(vectors[here], langs)
            numbers.append(np.arange(first, first + len(sentences), dtype=np.int64))
            start = here.stop
        if start:
            change.put_part(save_flat(folder, np.concatenate(numbers), vectors))


def said(text: str, lang: str) -> str:
    """The words of a sentence as the catalogue takes them: all forms, with spaces between."""
    return " ".join(form for forms in words(text, lang) for form in forms)


def save_flat(folder: Path, ids: NDArray[np.int64], vectors: FloatArray) -> Part:
    """Write a part of a few vectors (n, d) under ``ids`` (n,) into ``folder``."""
    index = FlatIndex(vectors.shape[1])
    index.add(ids, vectors)
    name = f"{uuid.uuid4().hex[:12]}.flat"
    index.save(folder / name)
    return Part(name, FLAT, flat_digest(folder / name))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A part with its index, and which of its vectors are of sentences that are still there."""

    part: Part
    index: VectorIndex
    kept: NDArray[np.intp]


def join_pieces(catalogue: Catalogue, folder: Path, live: NDArray[np.bool_]) -> bool:
    """Make one part of many small ones, if there are; whether there were.

    ``live`` (n,) says which numbers are sentences' that are there.
    """
    pieces = [part for part in catalogue.contents().parts if part.kind == FLAT]
    if len(pieces) <= _PIECES:
        return False
    loaded = load_all(folder, pieces, live)
    ids = np.concatenate([one.index.ids[one.kept] for one in loaded])
    vectors = np.concatenate([one.index.rows(one.kept) for one in loaded])
    with catalogue.changing() as change:
        change.put_part(save_flat(folder, ids, vectors), [part.name for part in pieces])
    discard(folder, pieces)
    return True


def load_all(folder: Path, parts: Iterable[Part], live: NDArray[np.bool_]) -> list[Loaded]:
    """The indexes of ``parts``.

    Raises:
        DamagedError: one of them is damaged.
    """
    loaded = []
    for part in parts:
        index = load_part(folder, part)
        if index is None:
            raise DamagedError(f"{part.name} is damaged or missing")
        loaded.append(Loaded(part, index, np.flatnonzero(live[index.ids])))
    return loaded


class DamagedError(Exception):
    """An index that does not hold what it says; it is made anew."""


def to_be_compressed(loaded: Sequence[Loaded]) -> list[Loaded]:
    """The parts that should become one compressed one; none as long as few are not compressed.

    With the small ones go the compressed ones that are not much larger than what is put together, so that
    there are few, and each vector is moved few times.
    """
    together = [one for one in loaded if one.part.kind == FLAT]
    size = sum(len(one.kept) for one in together)
    if size <= EXACT:
        return []
    rest = sorted((one for one in loaded if one.part.kind != FLAT), key=lambda one: len(one.kept))
    for one in rest:
        if len(one.kept) > 2 * size:
            break
        together.append(one)
        size += len(one.kept)
    return together


def compress(folder: Path, parts: Sequence[Loaded]) -> Part:
    """Write one compressed part of ``parts``, which stay where they are."""
    ids = np.concatenate([one.index.ids[one.kept] for one in parts])
    share = min(1.0, _SAMPLE / len(ids))
    chance = np.random.default_rng(0)
    sample = np.concatenate(
        [
            one.index.rows(np.sort(chance.permutation(one.kept)[: round(share * len(one.kept)) + 1]))
            for one in parts
        ]
    )
    name = f"{uuid.uuid4().hex[:12]}.cells"
    draft = folder / f".{name}"
    draft.mkdir()
    try:
        CompressedIndex.build(draft, ids, _rows(parts), sample)
        draft.rename(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    part = Part(name, COMPRESSED, "")
    return replace(part, digest=part_digest(folder, part))


def _rows(parts: Iterable[Loaded]) -> Iterator[FloatArray]:
    for one in parts:
        for start in range(0, len(one.kept), _CHUNK):
            yield one.index.rows(one.kept[start : start + _CHUNK])


def discard(folder: Path, parts: Iterable[Part]) -> None:
    """Delete the files of parts that no catalogue names; whoever has them open keeps them."""
    for part in parts:
        path = folder / part.name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
