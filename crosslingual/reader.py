"""What reads sentences: an encoder, and what packs the states of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from crosslingual.encode import Encoder
from crosslingual.errors import VectorsMissingError
from crosslingual.library import Library, encodable
from crosslingual.types import FloatArray

CHUNK = 500
"""Sentences encoded and stored at once: enough to batch by length, few enough to lose."""

_LOOKUP = 100  # articles looked up at once

_T = TypeVar("_T")


class TokenPacker(Protocol):
    """What makes the token states of an encoder small enough to be kept."""

    @property
    def key(self) -> str:
        """The name under which they are stored."""

    def pack(self, states: FloatArray, weights: FloatArray) -> bytes:
        """States (k, h) and weights (k,) of one sentence's tokens, packed."""


class StatePacker(Protocol):
    """What makes the states of an encoder's tuned layers small enough to be kept."""

    @property
    def key(self) -> str:
        """The name under which they are stored."""

    def pack(self, states: FloatArray) -> bytes:
        """States (1 + k, h) of one sentence, packed."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads the articles that are added: an encoder, and what packs its tokens.

    ``judge`` packs what its tuned layers make of them, if it has such.
    """

    encoder: Encoder
    packer: TokenPacker
    judge: StatePacker | None = None

    @property
    def keys(self) -> list[str]:
        """The names under which what is read of a sentence is stored beside its vector."""
        return [self.packer.key, *([self.judge.key] if self.judge else ())]

    def read(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> tuple[FloatArray, dict[str, list[bytes]]]:
        """Vectors (n, d) and, under each key, packed tokens of n ``texts``."""
        found = self.encoder.read(texts, progress=progress)
        packed = {
            self.packer.key: [self.packer.pack(*one) for one in zip(found.states, found.weights, strict=True)]
        }
        if self.judge:
            packed[self.judge.key] = [self.judge.pack(states) for states in found.tuned]
        return found.vectors, packed


def complete(
    library: Library,
    reader: Reader,
    ids: Iterable[str],
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Give articles that another encoder or version added their vectors and tokens of this one.

    Args:
        library: holds the articles.
        reader: makes what is missing.
        ids: the articles'.
        progress: told how many of how many sentences are done.

    Returns:
        How many sentences and titles were read.
    """
    wanted = list(ids)
    missing: dict[str, None] = {}
    for start in range(0, len(wanted), _LOOKUP):
        articles = library.articles(wanted[start : start + _LOOKUP])
        told = library.sentences([article.id for article in articles])
        texts = [text for article in articles for text in encodable(article, told[article.id])]
        missing.update(dict.fromkeys(library.missing(reader.encoder.name, texts)))
        for key in reader.keys:
            missing.update(dict.fromkeys(library.without_tokens(key, texts)))
    texts = list(missing)
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        vectors, packed = reader.read(chunk, shifted(progress, start, len(texts)))
        library.put_vectors(reader.encoder.name, chunk, vectors)
        for key, own in packed.items():
            library.put_tokens(key, chunk, own)
    return len(texts)


def completed(
    library: Library,
    load: Callable[[], Reader],
    do: Callable[[], _T],
    ids: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> _T:
    """What ``do`` gives; where it lacks vectors or tokens they are made first, and it is done again.

    ``load`` gives the reader, and is called only then. ``ids`` are the articles that ``do`` needs, by default
    all. ``progress`` is told how many of how many sentences are read.
    """
    try:
        return do()
    except VectorsMissingError:
        complete(library, load(), library.ids() if ids is None else ids, progress)
    return do()


def shifted(
    progress: Callable[[int, int], None] | None, start: int, total: int
) -> Callable[[int, int], None] | None:
    """``progress`` of a part that begins at ``start``, told as that of the whole."""
    return (lambda done, _: progress(start + done, total)) if progress else None
