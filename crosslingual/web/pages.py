"""Addresses → what their pages hold: a page is an article, a feed is as many pages as it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from crosslingual.errors import InputError
from crosslingual.readers import File, Item, Problem, Record, read_files
from crosslingual.sources import web_link
from crosslingual.web.fetch import FetchedPage, Fetcher, PageState
from crosslingual.web.visits import Visits

BATCH_PAGES = 10
"""Pages fetched before they are read: reading starts processes."""
MAX_FEED_PAGES = 500
"""Pages taken from a feed."""
MAX_FEED_BYTES = 5 * 10**6

_SUFFIX_BY_TYPE = {
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/xml", "text/xml"})
_SUFFIX_BY_BEGINNING = ((b"%PDF-", ".pdf"), (b"<!doctype html", ".html"), (b"<html", ".html"))
_XML_BEGINNINGS = (b"<?xml", b"<rss", b"<feed", b"<rdf:")


@dataclass(frozen=True, slots=True)
class _PageFile:
    """A page that was asked for at ``url``, as a file to be read."""

    url: str
    state: PageState
    file: File


class WebReader:
    """Reads what lies at addresses; ``unchanged`` counts pages that the library holds as they are."""

    def __init__(
        self, fetcher: Fetcher, visits: Visits, find_existing: Callable[[Iterable[str]], set[str]]
    ) -> None:
        """Fetch with ``fetcher``; ``find_existing`` gives those of some links that articles of the library have."""
        self._fetcher = fetcher
        self._visits = visits
        self._find_existing = find_existing
        self.unchanged = 0

    def read(
        self,
        urls: Iterable[str],
        progress: Callable[[int, int, Path], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        requested: bool = True,
    ) -> Iterator[Item]:
        """What the pages and feeds hold; what cannot be fetched is a problem among the items.

        Args:
            urls: addresses of pages and feeds.
            progress: told before each page how many of how many are fetched, and which comes.
            cancelled: asked all the while; once it is true the page that comes is given up, and no other begun.
            requested: whether a person named these addresses; else a feed did, and none of them is taken as a feed.
        """
        waiting = [web_link(url) or url for url in urls]
        fetched = self._fetch_pages(waiting, progress, cancelled, requested=requested)
        while several := [*islice(fetched, BATCH_PAGES)]:
            pages = {one.file.path: one for one in several if isinstance(one, _PageFile)}
            yield from (one for one in several if isinstance(one, Problem))
            files = [one.file for one in several if isinstance(one, _PageFile)]
            for item in read_files(files, cancelled=cancelled):
                if isinstance(item, Record) and (page := pages.get(item.path)):
                    self._visits.put(page.url, page.state, item.url)
                yield item
            with suppress(OSError):  # derived: what cannot be kept is asked for again
                self._visits.save()

    def _fetch_pages(
        self,
        urls: list[str],
        progress: Callable[[int, int, Path], None] | None,
        cancelled: Callable[[], bool],
        *,
        requested: bool,
    ) -> Iterator[_PageFile | Problem]:
        waiting = list(dict.fromkeys(urls))
        named = {*urls} if requested else set()
        number = 0
        while number < len(waiting) and not cancelled():
            url = waiting[number]
            if progress:
                progress(number, len(waiting), page_label(url))
            number += 1
            try:
                page = self._fetch_page(url, cancelled, requested=url in named)
                if page is None:
                    self.unchanged += 1
                elif not _is_feed(page):
                    yield _build_page_file(url, page)
                elif url in named:  # a feed that a feed names is left alone
                    links = islice(read_feed_links(page, cancelled), MAX_FEED_PAGES)
                    waiting += [link for link in links if link not in waiting]
            except InputError as error:
                if cancelled():
                    return
                yield Problem(page_label(url), 0, str(error).removeprefix(f"{url}: "))

    def fetch_feed(
        self, url: str, state: PageState, cancelled: Callable[[], bool] = lambda: False
    ) -> FetchedPage | None:
        """The feed at ``url``, which a person named; None where it is still in ``state``.

        Raises:
            FetchError: it cannot be had.
        """
        return self._fetcher.get(url, state, cancelled=cancelled)

    def _fetch_page(self, url: str, cancelled: Callable[[], bool], *, requested: bool) -> FetchedPage | None:
        """The page, or None where it is known: one that a feed names is not asked for twice."""
        known = self._visits.get(url)
        here = bool(self._find_existing({url, known[1]} if known else {url}))
        state = known[0] if known and here else None
        if here and not requested and not (state and (state.etag or state.modified)):
            return None
        return self._fetcher.get(url, state, requested=requested, cancelled=cancelled)


def page_label(url: str) -> Path:
    """A page's name among those of files; it is only shown, never opened."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return Path(f"{parts.netloc}{parts.path}{query}"[:200].replace("\0", ""))


def _is_feed(page: FetchedPage) -> bool:
    looks_so = page.content.lstrip()[:5].lower().startswith(_XML_BEGINNINGS) and "html" not in page.media_type
    return page.media_type in _FEED_TYPES or looks_so


def read_feed_links(page: FetchedPage, cancelled: Callable[[], bool]) -> Iterator[str]:
    """Addresses of the pages that a feed names, absolute, each once; it is parsed where it can be stopped.

    Raises:
        InputError: it is too large, or no feed.
    """
    if len(page.content) > MAX_FEED_BYTES:
        raise InputError(f"a feed of more than {MAX_FEED_BYTES / 1e6:.0f} MB; give the pages one by one")
    name = page_label(page.url)
    path = name.with_name(f"{name.name}.rss")
    file = File(path, page.content, url=page.url, charset=page.charset, links_only=True)
    for item in read_files([file], cancelled=cancelled):
        if isinstance(item, Problem):
            raise InputError(item.message)
        if isinstance(item, Record):
            yield item.url


def _build_page_file(url: str, page: FetchedPage) -> _PageFile | Problem:
    name = page_label(url)
    beginning = page.content.lstrip()[:20].lower()
    suffix = _SUFFIX_BY_TYPE.get(page.media_type) or next(
        (end for start, end in _SUFFIX_BY_BEGINNING if beginning.startswith(start)), ""
    )
    if not suffix:
        return Problem(
            name,
            0,
            f"is {page.media_type or 'of no kind that the server names'}; save it as a file and add that",
        )
    path = name if name.suffix.lower() == suffix else name.with_name(f"{name.name}{suffix}")
    file = File(
        path,
        page.content,
        url=page.url,
        charset=page.charset,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        headers=page.headers,
    )
    return _PageFile(url, page.state, file)
