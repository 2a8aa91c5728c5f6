"""One page at a time: robots.txt heeded, hosts not hurried, redirects, size and time bounded.

Robots: RFC 9309. Conditional requests: RFC 9110, section 13.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crosslingual import __version__
from crosslingual.errors import InputError, one_line
from crosslingual.sources import web_link
from crosslingual.web.transfer import REDIRECT_STATUSES, TransferError, read_chunks, send_request

if TYPE_CHECKING:
    from protego import Protego
    from urllib3 import BaseHTTPResponse, PoolManager

USER_AGENT = f"crosslingual/{__version__} (one reader's own request)"
MAX_PAGE_BYTES = 20 * 10**6
"""Of a page, unpacked."""
MAX_ROBOTS_BYTES = 500 * 2**10
MAX_PAGE_SECONDS = 30.0
"""For a page with its redirects."""
CONNECT_SECONDS = 10.0
MAX_REDIRECTS = 5
MIN_WAIT_SECONDS = 1.0
"""Seconds between two requests to a host, ..."""
MAX_WAIT_SECONDS = 30.0
"""... at most, whatever it asks for."""

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
    """What lies at ``url``, where the redirects ended; ``media_type`` is its media type, in small letters."""

    url: str
    content: bytes
    media_type: str
    charset: str
    state: PageState


class Fetcher:
    """Fetches for one run; it remembers each host's robots.txt and when it was last asked."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take pages from public addresses only.

        Where ``allow_private``, a link that a person named may lead to a server of their own, and so may others
        to the same host and port. No redirect and no feed leads to another one.
        """
        self._allow_private = allow_private
        self._pause = pause
        self._robots: dict[str, Protego | None] = {}
        self._last_request: dict[str, float] = {}
        self._private_hosts: set[str] = set()
        self._pool_managers: dict[bool, PoolManager] = {}

    def get(self, url: str, state: PageState | None = None, *, requested: bool = True) -> FetchedPage | None:
        """The page at ``url``; None where it is still in ``state``. ``requested``: a person named this link.

        Raises:
            FetchError: it cannot be had.
        """
        if self._allow_private and requested and web_link(url):
            self._private_hosts.add(_host_url(url))
        due = time.monotonic() + MAX_PAGE_SECONDS
        for _ in range(MAX_REDIRECTS + 1):
            if not web_link(url):
                raise FetchError(f"{one_line(url)}: not an address of the web; give one with https://")
            if not self._is_allowed(url):
                raise FetchError(
                    f"{one_line(url)}: its robots.txt asks not to fetch it; save the page by hand"
                )
            with self._open_response(url, _conditional_headers(state)) as response:
                if response.status not in REDIRECT_STATUSES:
                    return self._build_page(url, response, due)
                url = urljoin(url, response.headers.get("Location", ""))
        raise FetchError(
            f"{one_line(url)}: more than {MAX_REDIRECTS} redirects; give the address where they end"
        )

    def _build_page(self, url: str, response: BaseHTTPResponse, deadline: float) -> FetchedPage | None:
        if response.status == 304:
            return None
        if response.status != 200:
            said = one_line(f"{response.status} {response.reason or ''}")
            raise FetchError(f"{one_line(url)}: the server says {said}; look at it in a browser")
        codings = response.headers.get("Content-Encoding", "").lower().replace(" ", "").split(",")
        if unread := {*codings} - {*response.CONTENT_DECODERS, "identity", ""}:
            said = one_line(", ".join(sorted(unread)))[:40]
            raise FetchError(f"{one_line(url)}: packed as {said!r}, which is not read; save the page by hand")
        content = _read_body(url, response, MAX_PAGE_BYTES, deadline)
        kind, charset = _parse_content_type(response.headers.get("Content-Type", ""))
        state = PageState(
            response.headers.get("ETag", "")[:500], response.headers.get("Last-Modified", "")[:100]
        )
        return FetchedPage(url, content, kind, charset, state)

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
        due = time.monotonic() + MAX_PAGE_SECONDS
        for _ in range(MAX_REDIRECTS + 1):
            with self._open_response(url, {}) as response:
                if response.status in REDIRECT_STATUSES:
                    url = urljoin(url, response.headers.get("Location", ""))
                    if not web_link(url):
                        break
                elif response.status == 200:
                    text = _read_body(url, response, MAX_ROBOTS_BYTES, due, truncate=True).decode(
                        "utf-8", "replace"
                    )
                    return Protego.parse(text)
                elif response.status >= 500:
                    return None
                else:
                    break
        return Protego.parse("")

    @contextmanager
    def _open_response(self, url: str, headers: dict[str, str]) -> Iterator[BaseHTTPResponse]:
        """The answer, after such a wait as the host asks for; a host that is busy is asked once more."""
        response = self._send_request(url, headers)
        if response.status in _BUSY_STATUSES:
            wait = _retry_after_seconds(response)
            response.close()
            if wait is None or wait > MAX_WAIT_SECONDS:
                raise FetchError(f"{one_line(url)}: the server is busy; try again later")
            self._pause(wait)
            response = self._send_request(url, headers)
        # Whoever sends a byte every few seconds would keep us for ever.
        watch = Timer(MAX_PAGE_SECONDS, _hang_up, [response])
        watch.daemon = True
        watch.start()
        try:
            yield response
        finally:
            watch.cancel()
            response.close()

    def _send_request(self, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        from crosslingual.web.connect import PrivateAddressError, build_pool_manager

        self._wait_for_host(url)
        private = _host_url(url) in self._private_hosts
        if private not in self._pool_managers:
            self._pool_managers[private] = build_pool_manager(allow_private=private)
        try:
            return send_request(
                self._pool_managers[private],
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


def _hang_up(response: BaseHTTPResponse) -> None:
    with suppress(RuntimeError, ValueError, OSError):  # it has just ended by itself
        response.shutdown()


def _host_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _conditional_headers(state: PageState | None) -> dict[str, str]:
    named = {"If-None-Match": state.etag, "If-Modified-Since": state.modified} if state else {}
    return {name: value for name, value in named.items() if value}


def _read_body(
    url: str, response: BaseHTTPResponse, max_bytes: int, deadline: float, *, truncate: bool = False
) -> bytes:
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
            if time.monotonic() > deadline:
                break
    except TransferError as error:
        raise FetchError(f"{one_line(url)}: {error}; try again later") from None
    if time.monotonic() > deadline:  # perhaps cut off in the middle
        raise FetchError(f"{one_line(url)}: not whole after {MAX_PAGE_SECONDS:.0f} seconds; try again later")
    return bytes(content[:max_bytes])


def _parse_content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type."""
    kind, *parameters = header.lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    charset = named.get("charset", "").strip("\"' ")
    return kind.strip(), charset if re.fullmatch(r"[a-z0-9._:-]{1,40}", charset) else ""


def _retry_after_seconds(response: BaseHTTPResponse) -> float | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3); None where it does not say."""
    given = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", given):
        return float(given)
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
