"""One page at a time: robots.txt heeded, hosts not hurried, redirects, size and time bounded.

Robots: RFC 9309. Conditional requests: RFC 9110, section 13.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crosslingual import __version__
from crosslingual.errors import InputError, one_line
from crosslingual.sources import web_link
from crosslingual.web.headers import kept_headers, parse_content_type, retry_after_seconds
from crosslingual.web.transfer import REDIRECT_STATUSES, TransferError, read_chunks, send_request

if TYPE_CHECKING:
    from protego import Protego
    from urllib3 import BaseHTTPResponse, PoolManager

USER_AGENT = f"crosslingual/{__version__} (one reader's own request)"
MAX_PAGE_BYTES = 20 * 10**6
"""Of a page, unpacked."""
MAX_ROBOTS_BYTES = 500 * 2**10
MAX_PAGE_SECONDS = 30.0
"""For a page with its redirects, from the first byte of its headers; waiting for a host's turn is not in it."""
CONNECT_SECONDS = 10.0
MAX_REDIRECTS = 5
MIN_WAIT_SECONDS = 1.0
"""Seconds between two requests to a host, ..."""
MAX_WAIT_SECONDS = 30.0
"""... at most, whatever it asks for."""

_PAUSE_SECONDS = 0.1  # of a pause that may be cancelled
_BUSY_STATUSES = frozenset({429, 503})


class FetchError(InputError):
    """Why a page cannot be had, and what to do."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What a server said to tell one state of a page from another."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What lies at ``url``, where the redirects ended; ``media_type`` is its media type, in small letters.

    ``headers`` are those of the answer that say something of ``content``, which is unpacked.
    """

    url: str
    content: bytes
    media_type: str
    charset: str
    state: PageState
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _TimeBudget:
    """The seconds that are left for a page."""

    seconds_left: float


class Fetcher:
    """Fetches for one run; it remembers each host's robots.txt and when it was last asked."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        """Take pages from public addresses only.

        Where ``allow_private``, a link that a person named may lead to a server of their own, and so may others
        to the same host and port. No redirect and no feed leads to another one. ``pause`` waits so many seconds.
        """
        self._allow_private = allow_private
        self._pause = pause or self._sleep
        self._is_cancelled: Callable[[], bool] = lambda: False
        self._robots: dict[str, Protego | None] = {}
        self._last_request: dict[str, float] = {}
        self._private_hosts: set[str] = set()
        self._pool_managers: dict[bool, PoolManager] = {}

    def get(
        self,
        url: str,
        state: PageState | None = None,
        *,
        requested: bool = True,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> FetchedPage | None:
        """The page at ``url``; None where it is still in ``state``.

        Args:
            url: its address.
            state: what it was in when it was fetched before.
            requested: whether a person named this link.
            cancelled: asked all the while; once it is true the request is ended.

        Raises:
            FetchError: it cannot be had, or is ``cancelled``.
        """
        self._is_cancelled = cancelled
        if self._allow_private and requested and web_link(url):
            self._private_hosts.add(_host_url(url))
        budget = _TimeBudget(MAX_PAGE_SECONDS)
        for _ in range(MAX_REDIRECTS + 1):
            if not web_link(url):
                raise FetchError(f"{one_line(url)}: not an address of the web; give one with https://")
            if not self._is_allowed(url):
                raise FetchError(
                    f"{one_line(url)}: its robots.txt asks not to fetch it; save the page by hand"
                )
            with self._open_response(url, _conditional_headers(state), budget) as response:
                if response.status not in REDIRECT_STATUSES:
                    return self._build_page(url, response)
                url = urljoin(url, response.headers.get("Location", ""))
        raise FetchError(
            f"{one_line(url)}: more than {MAX_REDIRECTS} redirects; give the address where they end"
        )

    def _build_page(self, url: str, response: BaseHTTPResponse) -> FetchedPage | None:
        if response.status == 304:
            return None
        if response.status != 200:
            said = one_line(f"{response.status} {response.reason or ''}")
            raise FetchError(f"{one_line(url)}: the server says {said}; look at it in a browser")
        codings = response.headers.get("Content-Encoding", "").lower().replace(" ", "").split(",")
        if unread := {*codings} - {*response.CONTENT_DECODERS, "identity", ""}:
            said = one_line(", ".join(sorted(unread)))[:40]
            raise FetchError(f"{one_line(url)}: packed as {said!r}, which is not read; save the page by hand")
        content = _read_body(url, response, MAX_PAGE_BYTES)
        kind, charset = parse_content_type(response.headers.get("Content-Type", ""))
        state = PageState(
            response.headers.get("ETag", "")[:500], response.headers.get("Last-Modified", "")[:100]
        )
        return FetchedPage(url, content, kind, charset, state, kept_headers(response.headers.items()))

    def _is_allowed(self, url: str) -> bool:
        host = _host_url(url)
        if host not in self._robots:
            self._robots[host] = self._fetch_robots(host)
        rules = self._robots[host]
        return rules is not None and rules.can_fetch(url, USER_AGENT)

    def _fetch_robots(self, host: str) -> Protego | None:
        """What the host's robots.txt says; None where it cannot be known, which forbids (RFC 9309, 2.3.1)."""
        from protego import Protego

        url = f"{host}/robots.txt"
        budget = _TimeBudget(MAX_PAGE_SECONDS)
        for _ in range(MAX_REDIRECTS + 1):
            with self._open_response(url, {}, budget) as response:
                if response.status in REDIRECT_STATUSES:
                    url = urljoin(url, response.headers.get("Location", ""))
                    if not web_link(url):
                        break
                elif response.status == 200:
                    content = _read_body(url, response, MAX_ROBOTS_BYTES, truncate=True)
                    return Protego.parse(content.decode("utf-8", "replace"))
                elif response.status >= 500:
                    return None
                else:
                    break
        return Protego.parse("")

    @contextmanager
    def _open_response(
        self, url: str, headers: dict[str, str], budget: _TimeBudget
    ) -> Iterator[BaseHTTPResponse]:
        """The answer, after such a wait as the host asks for; a host that is busy is asked once more."""
        manager = self._find_manager(url)
        for is_last in (False, True):
            self._wait_for_host(url)
            with self._limit_time(url, budget):
                response = self._send_request(manager, url, headers)
                try:
                    if is_last or response.status not in _BUSY_STATUSES:
                        yield response
                        return
                    wait = retry_after_seconds(response)
                finally:
                    response.close()
            if wait is None or wait > MAX_WAIT_SECONDS:
                raise FetchError(f"{one_line(url)}: the server is busy; try again later")
            self._pause(wait)

    @contextmanager
    def _limit_time(self, url: str, budget: _TimeBudget) -> Iterator[None]:
        """Within, what is asked for ends when ``budget`` is used up or all is cancelled, which then is raised."""
        from crosslingual.web.connect import RequestWatch

        if self._is_cancelled():
            raise FetchError(f"{one_line(url)}: cancelled")
        start = time.monotonic()
        watch = RequestWatch(start + budget.seconds_left, self._is_cancelled)
        try:
            with watch:
                yield
        except FetchError:
            if not watch.is_over:
                raise
        finally:
            budget.seconds_left -= time.monotonic() - start
        if watch.is_over:  # perhaps cut off in the middle
            told = f"not whole after {MAX_PAGE_SECONDS:.0f} seconds; try again later"
            raise FetchError(f"{one_line(url)}: {told}")

    def _sleep(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        while (left := due - time.monotonic()) > 0 and not self._is_cancelled():
            time.sleep(min(left, _PAUSE_SECONDS))

    def _find_manager(self, url: str) -> PoolManager:
        from crosslingual.web.connect import build_pool_manager

        private = _host_url(url) in self._private_hosts
        if private not in self._pool_managers:
            self._pool_managers[private] = build_pool_manager(allow_private=private)
        return self._pool_managers[private]

    def _send_request(self, manager: PoolManager, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        from crosslingual.web.connect import PrivateAddressError

        try:
            return send_request(
                manager,
                "GET",
                url,
                {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers},
                connect=CONNECT_SECONDS,
                read=CONNECT_SECONDS,
            )
        except PrivateAddressError as error:
            raise FetchError(
                f"{one_line(url)}: {error}; to fetch from your own server name this link and add --private"
            ) from None
        except TransferError as error:
            raise FetchError(f"{one_line(url)}: {error}; check the address and the connection") from None

    def _wait_for_host(self, url: str) -> None:
        host = _host_url(url)
        rules = self._robots.get(host)
        asked = rules.crawl_delay(USER_AGENT) if rules else None
        wait = min(max(MIN_WAIT_SECONDS, asked or 0), MAX_WAIT_SECONDS)
        left = self._last_request.get(host, -MAX_WAIT_SECONDS) + wait - time.monotonic()
        if left > 0:
            self._pause(left)
        self._last_request[host] = time.monotonic()


def _host_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _conditional_headers(state: PageState | None) -> dict[str, str]:
    named = {"If-None-Match": state.etag, "If-Modified-Since": state.modified} if state else {}
    return {name: value for name, value in named.items() if value}


def _read_body(url: str, response: BaseHTTPResponse, max_bytes: int, *, truncate: bool = False) -> bytes:
    content = bytearray()
    try:
        for chunk in read_chunks(response):
            content += chunk
            if len(content) > max_bytes and truncate:
                break
            if len(content) > max_bytes:
                raise FetchError(
                    f"{one_line(url)}: larger than {max_bytes / 1e6:.0f} MB; save a part of it by hand"
                )
    except TransferError as error:
        raise FetchError(f"{one_line(url)}: {error}; try again later") from None
    return bytes(content[:max_bytes])
