"""Articles that changed at their address: their versions, what changed, and what that did to a comparison."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crosslingual.types import Article, Event

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.compare.article_changes import RowChange, VersionStep
    from crosslingual.library.versions import ArticleVersion, ChangedArticle


class LibraryVersions:
    """Versions of articles, of an open library."""

    def __init__(self, library: Library) -> None:
        """Of an open ``library``."""
        self._library = library

    def list_changed(self) -> list[ChangedArticle]:
        """The articles that have former versions, those that changed last first."""
        return self._library.store.list_changed()

    def load(self, name: Article | str) -> list[ArticleVersion]:
        """All versions of an article, the newest last; of one that never changed, that alone.

        Args:
            name: the article, the id of any of its versions, or its address.

        Raises:
            NotFoundError: there is no such article, or several have that address.
        """
        from crosslingual.errors import NotFoundError
        from crosslingual.sources import web_link

        store = self._library.store
        if not isinstance(name, str):
            return store.load_versions(name.id)
        if not (link := web_link(name)):
            return store.load_versions(name)
        found = store.articles_at(link)
        if len(found) != 1:
            several = f"is the address of {len(found)} articles; name one by its id: {', '.join(found[:5])}"
            raise NotFoundError(
                f"{name[:200]}: {several if found else 'no article has that address; see: crosslingual versions'}"
            )
        return store.load_versions(found[0])

    def diff(self, name: Article | str) -> list[VersionStep]:
        """What changed from each version of an article to the next; see :meth:`load`."""
        from crosslingual.compare.article_changes import diff_versions

        return diff_versions(self.load(name))

    def row_changes(
        self, name: Article | str, event: Event | str | None = None, *, threshold: float | None = None
    ) -> tuple[RowChange, ...]:
        """The statements of its event that an article told before it last changed and tells no more, or tells now.

        Both versions are compared with the other articles, as a comparison does.

        Args:
            name: as for :meth:`load`.
            event: another event than the one that the article is in.
            threshold: as for a comparison.

        Raises:
            NotFoundError: there is no such article, or it is in no event.
            InputError: ``threshold`` is no probability.
        """
        from crosslingual.compare.article_changes import diff_rows
        from crosslingual.compare.comparison import compare_event
        from crosslingual.compare.statements import DEFAULT_THRESHOLD
        from crosslingual.embeddings.article_encoder import store_vectors
        from crosslingual.errors import VectorsMissingError
        from crosslingual.library import encodable_texts

        library = self._library
        *former, newest = self.load(name)
        if not former:
            return ()
        version = former[-1]
        found = library.event(event if event is not None else newest.article.id)
        after = library.compare(found, threshold=threshold)
        compare_former = partial(
            compare_event,
            library.store,
            library.space,
            found,
            target_lang=library.settings.target_lang,
            engines=library.settings.engine_priority,
            threshold=DEFAULT_THRESHOLD if threshold is None else threshold,
            former={newest.article.id: version},
        )
        try:
            before = compare_former()
        except VectorsMissingError:
            texts = dict.fromkeys(encodable_texts(version.article, version.sentences))
            store_vectors(library.store, library.article_encoder, list(texts))
            before = compare_former()
        return diff_rows(before, version.article.id, after, newest.article.id)
