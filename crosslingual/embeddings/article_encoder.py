"""What reads sentences: an encoder, and what packs the states of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import VectorsMissingError
from crosslingual.library import Library, encodable_texts
from crosslingual.types import FloatArray

SENTENCES_PER_CHUNK = 500
"""Sentences encoded and stored at once: enough to batch by length, few enough to lose."""

_ARTICLES_PER_LOOKUP = 100  # articles looked up at once

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
class ArticleEncoder:
    """What reads the articles that are added: an encoder, and what packs its tokens.

    ``state_packer`` packs what its tuned layers make of them, if it has such.
    """

    encoder: Encoder
    token_packer: TokenPacker
    state_packer: StatePacker | None = None

    @property
    def storage_keys(self) -> list[str]:
        """The names under which what is read of a sentence is stored beside its vector."""
        return [self.token_packer.key, *([self.state_packer.key] if self.state_packer else ())]

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> tuple[FloatArray, dict[str, list[bytes]]]:
        """Vectors (n, d) and, under each key, packed tokens of n ``texts``."""
        found = self.encoder.encode_with_tokens(texts, progress=progress)
        packed = {
            self.token_packer.key: [
                self.token_packer.pack(*one) for one in zip(found.states, found.weights, strict=True)
            ]
        }
        if self.state_packer:
            packed[self.state_packer.key] = [self.state_packer.pack(states) for states in found.tuned_states]
        return found.vectors, packed


def complete_vectors(
    library: Library,
    article_encoder: ArticleEncoder,
    article_ids: Iterable[str],
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Give articles that another encoder or version added their vectors and tokens of this one.

    Args:
        library: holds the articles.
        article_encoder: makes what is missing.
        article_ids: the articles'.
        progress: told how many of how many sentences are done.

    Returns:
        How many sentences and titles were read.
    """
    wanted = list(article_ids)
    missing: dict[str, None] = {}
    for start in range(0, len(wanted), _ARTICLES_PER_LOOKUP):
        articles = library.load_articles(wanted[start : start + _ARTICLES_PER_LOOKUP])
        told = library.load_sentences([article.id for article in articles])
        texts = [text for article in articles for text in encodable_texts(article, told[article.id])]
        missing.update(dict.fromkeys(library.texts_without_vectors(article_encoder.encoder.name, texts)))
        for key in article_encoder.storage_keys:
            missing.update(dict.fromkeys(library.texts_without_tokens(key, texts)))
    store_vectors(library, article_encoder, list(missing), progress)
    return len(missing)


def store_vectors(
    library: Library,
    article_encoder: ArticleEncoder,
    texts: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Store vectors and tokens of ``texts``; ``progress`` is told how many of how many are done."""
    for start in range(0, len(texts), SENTENCES_PER_CHUNK):
        chunk = texts[start : start + SENTENCES_PER_CHUNK]
        vectors, packed = article_encoder.encode(chunk, offset_progress(progress, start, len(texts)))
        library.put_vectors(article_encoder.encoder.name, chunk, vectors)
        for key, own in packed.items():
            library.put_tokens(key, chunk, own)


def retry_with_vectors(
    library: Library,
    load_encoder: Callable[[], ArticleEncoder],
    action: Callable[[], _T],
    article_ids: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> _T:
    """What ``action`` gives; where it lacks vectors or tokens they are made first, and it is done again.

    ``load_encoder`` gives the encoder, and is called only then. ``article_ids`` are the articles that
    ``action`` needs, by default all. ``progress`` is told how many of how many sentences are read.
    """
    try:
        return action()
    except VectorsMissingError:
        complete_vectors(
            library, load_encoder(), library.article_ids() if article_ids is None else article_ids, progress
        )
    return action()


def offset_progress(
    progress: Callable[[int, int], None] | None, offset: int, total: int
) -> Callable[[int, int], None] | None:
    """``progress`` of a part that begins at ``offset``, told as that of the whole."""
    return (lambda done, _: progress(offset + done, total)) if progress else None
