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

if TYPE_CHECKING:
    from protego import Protego
    from urllib3 import BaseHTTPResponse, PoolManager

AGENT = f"crosslingual/{__version__} (one reader's own request)"
MAX_BYTES = 20 * 10**6
"""Of a page, unpacked."""
MAX_ROBOTS = 500 * 2**10
SECONDS = 30.0
"""For a page with its redirects."""
CONNECT = 10.0
REDIRECTS = 5
WAIT = 1.0
"""Seconds between two requests to a host, ..."""
MAX_WAIT = 30.0
"""... at most, whatever it asks for."""

_REDIRECT = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_CHUNK = 2**16


class FetchError(InputError):
    """Why a page cannot be had, and what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """What a server said to tell one state of a page from another."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What lies at ``url``, where the redirects ended; ``kind`` is its media type, in small letters."""

    url: str
    content: bytes
    kind: str
    charset: str
    state: State


class Fetcher:
    """Fetches for one run; it remembers each host's robots.txt and when it was last asked."""

    def __init__(
        self,
        *,
        private: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take pages from public addresses only, or where ``private`` from one's own servers too."""
        self._private = private
        self._pause = pause
        self._robots: dict[str, Protego | None] = {}
        self._asked: dict[str, float] = {}
        self._pools: PoolManager | None = None

    def get(self, url: str, state: State | None = None) -> Page | None:
        """The page at ``url``; None where it is still in ``state``.

        Raises:
            FetchError: it cannot be had.
        """
        due = time.monotonic() + SECONDS
        for _ in range(REDIRECTS + 1):
            if not web_link(url):
                raise FetchError(f"{one_line(url)}: not an address of the web; give one with https://")
            if not self._allowed(url):
                raise FetchError(
                    f"{one_line(url)}: its robots.txt asks not to fetch it; save the page by hand"
                )
            with self._asking(url, _conditions(state)) as response:
                if response.status not in _REDIRECT:
                    return self._page(url, response, due)
                url = urljoin(url, response.headers.get("Location", ""))
        raise FetchError(f"{one_line(url)}: more than {REDIRECTS} redirects; give the address where they end")

    def _page(self, url: str, response: BaseHTTPResponse, due: float) -> Page | None:
        if response.status == 304:
            return None
        if response.status != 200:
            said = one_line(f"{response.status} {response.reason or ''}")
            raise FetchError(f"{one_line(url)}: the server says {said}; look at it in a browser")
        content = _body(url, response, MAX_BYTES, due)
        kind, charset = _media(response.headers.get("Content-Type", ""))
        state = State(response.headers.get("ETag", "")[:500], response.headers.get("Last-Modified", "")[:100])
        return Page(url, content, kind, charset, state)

    def _allowed(self, url: str) -> bool:
        host = _host(url)
        if host not in self._robots:
            self._robots[host] = self._rules(host)
        rules = self._robots[host]
        return rules is not None and rules.can_fetch(url, AGENT)

    def _rules(self, host: str) -> Protego | None:
        """What the host's robots.txt says; None where it cannot be known, which forbids (RFC 9309, 2.3.1)."""
        from protego import Protego

        url = f"{host}/robots.txt"
        due = time.monotonic() + SECONDS
        for _ in range(REDIRECTS + 1):
            with self._asking(url, {}) as response:
                if response.status in _REDIRECT:
                    url = urljoin(url, response.headers.get("Location", ""))
                    if not web_link(url):
                        break
                elif response.status == 200:
                    text = _body(url, response, MAX_ROBOTS, due, cut=True).decode("utf-8", "replace")
                    return Protego.parse(text)
                elif response.status >= 500:
                    return None
                else:
                    break
        return Protego.parse("")

    @contextmanager
    def _asking(self, url: str, headers: dict[str, str]) -> Iterator[BaseHTTPResponse]:
        """The answer, after such a wait as the host asks for; a host that is busy is asked once more."""
        response = self._ask(url, headers)
        if response.status in _BUSY:
            wait = _retry_after(response)
            response.close()
            if wait is None or wait > MAX_WAIT:
                raise FetchError(f"{one_line(url)}: the server is busy; try again later")
            self._pause(wait)
            response = self._ask(url, headers)
        # Whoever sends a byte every few seconds would keep us for ever.
        watch = Timer(SECONDS, _hang_up, [response])
        watch.daemon = True
        watch.start()
        try:
            yield response
        finally:
            watch.cancel()
            response.close()

    def _ask(self, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        import urllib3

        from crosslingual.web.connect import PrivateAddressError, pool_manager

        self._wait(url)
        self._pools = self._pools or pool_manager(private=self._private)
        try:
            return self._pools.request(
                "GET",
                url,
                headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", **headers},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT, read=CONNECT),
            )
        except PrivateAddressError as error:
            raise FetchError(
                f"{one_line(url)}: {error}; to fetch from your own server add --private"
            ) from None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise FetchError(
                f"{one_line(url)}: {_reason(error)}; check the address and the connection"
            ) from None

    def _wait(self, url: str) -> None:
        host = _host(url)
        rules = self._robots.get(host)
        asked = rules.crawl_delay(AGENT) if rules else None
        wait = min(max(WAIT, asked or 0), MAX_WAIT)
        left = self._asked.get(host, -MAX_WAIT) + wait - time.monotonic()
        if left > 0:
            self._pause(left)
        self._asked[host] = time.monotonic()


def _hang_up(response: BaseHTTPResponse) -> None:
    with suppress(RuntimeError, ValueError, OSError):  # it has just ended by itself
        response.shutdown()


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _conditions(state: State | None) -> dict[str, str]:
    named = {"If-None-Match": state.etag, "If-Modified-Since": state.modified} if state else {}
    return {name: value for name, value in named.items() if value}


def _body(url: str, response: BaseHTTPResponse, limit: int, due: float, *, cut: bool = False) -> bytes:
    import urllib3

    content = bytearray()
    try:
        # Piece by piece as it comes: to fill a buffer would wait for the slowest.
        while piece := response.read1(_CHUNK, decode_content=True):
            content += piece
            if len(content) > limit and cut:
                break
            if len(content) > limit:
                raise FetchError(
                    f"{one_line(url)}: larger than {limit / 1e6:.0f} MB; save a part of it by hand"
                )
            if time.monotonic() > due:
                break
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise FetchError(f"{one_line(url)}: {_reason(error)}; try again later") from None
    if time.monotonic() > due:  # perhaps cut off in the middle
        raise FetchError(f"{one_line(url)}: not whole after {SECONDS:.0f} seconds; try again later")
    return bytes(content[:limit])


def _media(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type."""
    kind, *parameters = header.lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    charset = named.get("charset", "").strip("\"' ")
    return kind.strip(), charset if re.fullmatch(r"[a-z0-9._:-]{1,40}", charset) else ""


def _retry_after(response: BaseHTTPResponse) -> float | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3); None where it does not say."""
    given = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", given):
        return float(given)
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    import urllib3

    match error:
        case urllib3.exceptions.SSLError():
            return "its certificate is not valid"
        case urllib3.exceptions.TimeoutError():
            return "no answer in time"
        case urllib3.exceptions.NameResolutionError():
            return "no such name"
        case urllib3.exceptions.NewConnectionError():
            return "no connection"
        case urllib3.exceptions.DecodeError():
            return "it cannot be unpacked"
        case _:
            return "the connection broke"
