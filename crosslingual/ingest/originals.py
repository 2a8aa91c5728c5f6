"""Keeps what articles were read from beside them; whatever goes wrong with that, the articles are there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosslingual.errors import CrosslingualError
from crosslingual.library import Library
from crosslingual.readers import File
from crosslingual.readers.record import Problem


@dataclass(slots=True)
class _Origin:
    file: File
    articles: set[str] = field(default_factory=set)


class OriginalKeeper:
    """Of one add; ``problems`` says what could not be kept, and why."""

    def __init__(self, library: Library, max_bytes: int) -> None:
        """Keep what has ``max_bytes`` bytes or less in the ``library``; with 0 nothing, and nothing is told."""
        self._library = library
        self._max_bytes = max_bytes
        self._open: dict[int, _Origin] = {}  # by the identity of files, which they hold
        self.problems: list[Problem] = []

    def note_article(self, file: File | None, article_id: str) -> None:
        """Remember that the article was read from ``file``."""
        if file is not None and self._max_bytes:
            self._open.setdefault(id(file), _Origin(file)).articles.add(article_id)

    def rename_article(self, article_id: str, known_id: str) -> None:
        """The library has the article under ``known_id``."""
        for origin in self._open.values():
            if article_id in origin.articles:
                origin.articles.add(known_id)

    def keep_finished(self, waiting: Collection[str]) -> None:
        """Keep what is read to its end and of which no article is ``waiting`` to be stored."""
        for key in [*self._open][:-1]:
            if self._open[key].articles.isdisjoint(waiting):
                self._keep(self._open.pop(key))

    def keep_all(self) -> None:
        """Keep what is left: all that was read is stored."""
        while self._open:
            self._keep(self._open.pop(next(iter(self._open))))

    def _keep(self, origin: _Origin) -> None:
        file = origin.file
        try:
            articles = self._library.articles_without_original(origin.articles)
            if not articles:
                return
            with file.open() as stream:
                content = stream.read(self._max_bytes + 1)
            if len(content) > self._max_bytes:
                self._tell(
                    file,
                    f"has more than {self._max_bytes / 1e6:g} MB; raise the setting originals to keep it",
                )
                return
            self._library.put_original(
                content,
                articles,
                name=file.path.name,
                url=file.url,
                fetched_at=file.fetched_at or datetime.now(UTC).isoformat(timespec="seconds"),
                headers=file.headers,
            )
        except CrosslingualError as error:
            self._tell(file, str(error))
        except OSError as error:
            self._tell(file, str(error.strerror or error))

    def _tell(self, file: File, reason: str) -> None:
        self.problems.append(Problem(file.path, 0, f"original not kept: {reason}", is_warning=True))
