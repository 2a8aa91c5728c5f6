"""An open library with what its answers are made with, each part loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from crosslingual.library import Library as Store
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.embeddings.article_encoder import ArticleEncoder
    from crosslingual.embeddings.encoder import Encoder, SentenceEncoder
    from crosslingual.search import LibraryIndex

ProgressCallback = Callable[[str, int, int], None]
"""Called with a step, and how much of how much of it is done."""

OneOrMany = str | Iterable[str]
"""One word or several."""

_T = TypeVar("_T")


class OpenLibrary:
    """The library's database, the space of its encoder, the encoder, the search index.

    Close it when you are done, or use it in a ``with`` statement.
    """

    def __init__(
        self, settings: Settings, *, create: bool = True, progress: ProgressCallback | None = None
    ) -> None:
        """Open the library that ``settings`` name; arguments and errors as of :func:`open`."""
        self.settings = settings
        self.store = Store(settings.library, create=create)
        """The database below, for what is not here."""
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Library({self.store.name!r})"

    def close(self) -> None:
        """Let go of the files."""
        if "index" in self.__dict__:
            self.index.close()
        self.store.close()

    @property
    def path(self) -> Path:
        """The library's folder; of a shared one, that of what is derived from it on this computer."""
        return self.store.path

    @cached_property
    def space(self) -> Space:
        """The space that sentences are compared in.

        Raises:
            ModelError: the encoder is not installed.
        """
        from crosslingual.align.space import load_space

        return load_space(self.settings.encoder, self.settings.home)

    @cached_property
    def encoder(self) -> SentenceEncoder:
        """The encoder for many sentences.

        Raises:
            ModelError: it is not installed, or cannot be loaded.
        """
        from crosslingual.model_store import load_encoder

        return load_encoder(self.settings.encoder, self.settings.home)

    @cached_property
    def query_encoder(self) -> Encoder:
        """The encoder for a few sentences: the same vectors, there sooner where that can be.

        Raises:
            ModelError: it is not installed, or cannot be loaded.
        """
        from crosslingual.model_store import load_query_encoder

        if "encoder" in self.__dict__:  # it is there already
            return self.encoder
        return load_query_encoder(self.settings.encoder, self.settings.home)

    @cached_property
    def article_encoder(self) -> ArticleEncoder:
        """The encoder with all that is stored of a sentence.

        Raises:
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        from crosslingual.embeddings.article_encoder import ArticleEncoder

        return ArticleEncoder(self.encoder, self.space.tokens, self.space.judge)

    @cached_property
    def index(self) -> LibraryIndex:
        """The search index; it brings itself up to date."""
        from crosslingual.search import open_index

        return open_index(self.store, self.space)

    def _update_index(self) -> None:
        with self.index.open_snapshot(partial(self._report_progress, "bringing the search index up to date")):
            pass

    def retry_with_vectors(self, action: Callable[[], _T], article_ids: Iterable[str] | None = None) -> _T:
        """What ``action`` gives; sentences of ``article_ids``, by default of all articles, get the vectors it lacks."""
        from crosslingual.embeddings.article_encoder import retry_with_vectors

        return retry_with_vectors(
            self.store,
            lambda: self.article_encoder,
            action,
            article_ids,
            progress=partial(self._report_progress, "encoding"),
        )

    def _report_progress(self, step: str, done: int, total: int) -> None:
        if self._progress:
            self._progress(step, done, total)


def list_values(values: OneOrMany) -> list[str]:
    """``values`` as a list, one of them too."""
    return [values] if isinstance(values, str) else list(values)
