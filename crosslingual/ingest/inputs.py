"""What is to be added, from files and from the web, as one stream of items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from crosslingual.ingest.pipeline import ItemReader
from crosslingual.library import Library
from crosslingual.library.folder import VISITS_FILE
from crosslingual.readers import File, Item, read_files
from crosslingual.web.fetch import Fetcher
from crosslingual.web.pages import WebReader
from crosslingual.web.visits import Visits


def make_item_reader(
    files: Sequence[Path | File], web_reader: WebReader | None, urls: Sequence[str]
) -> ItemReader:
    """Reads ``files``, then with ``web_reader`` the pages and feeds at ``urls``."""

    def read_items(
        report_progress: Callable[[int, int, Path | None], None], is_cancelled: Callable[[], bool]
    ) -> Iterator[Item]:
        pages = web_reader.read(urls, report_progress, is_cancelled) if web_reader else ()
        return chain(read_files(files, report_progress, is_cancelled) if files else (), pages)

    return read_items


def make_web_reader(store: Library, *, allow_private: bool = False) -> WebReader:
    """Reads what lies at addresses for the library ``store``; ``allow_private``, also of this machine's network."""
    return WebReader(
        Fetcher(allow_private=allow_private), Visits(store.path / VISITS_FILE), store.existing_urls
    )
