"""HTTP for pages and models: certificates, proxies, bodies in chunks, errors in words.

Which addresses are allowed, how much and how long is decided by the callers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    from ssl import SSLContext

    from urllib3 import BaseHTTPResponse, PoolManager

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
CHUNK_BYTES = 2**16


class TransferError(Exception):
    """Why a transfer failed or broke off; ``may_recover`` is whether another try may help."""

    def __init__(self, reason: str, *, may_recover: bool) -> None:
        super().__init__(reason)
        self.may_recover = may_recover


def send_request(
    manager: PoolManager, method: str, url: str, headers: dict[str, str], *, connect: float, read: float
) -> BaseHTTPResponse:
    """The answer, with its body not read yet; a redirect is an answer too.

    Args:
        manager: what opens the connection.
        method: of HTTP.
        url: what is asked for.
        headers: sent with it.
        connect: seconds to wait for a connection.
        read: seconds to wait for the next bytes.

    Raises:
        TransferError: no answer came.
    """
    import urllib3

    try:
        return manager.request(
            method,
            url,
            headers=headers,
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=connect, read=read),
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _explain_error(error) from None


def read_chunks(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The body, unpacked, in chunks as they arrive: filling a buffer would wait for slow servers.

    Raises:
        TransferError: it breaks off.
    """
    import urllib3

    while True:
        try:
            chunk = response.read1(CHUNK_BYTES, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _explain_error(error) from None
        if not chunk:
            return
        yield chunk


def load_certificates() -> SSLContext:
    """The known certificates: the system's, certifi's, and those that ``REQUESTS_CA_BUNDLE`` names."""
    return _build_ssl_context(os.environ.get("REQUESTS_CA_BUNDLE", ""))


@lru_cache(maxsize=4)
def _build_ssl_context(ca_bundle: str) -> SSLContext:
    """Made once, since reading the certificates takes longer than a request to a near server."""
    import certifi
    from urllib3.util import create_urllib3_context

    context = create_urllib3_context()
    context.load_default_certs()
    for path in (certifi.where(), ca_bundle):
        if path and Path(path).is_file():
            context.load_verify_locations(path)
    return context


def build_proxied_manager(url: str) -> PoolManager:
    """What opens connections for ``url`` to any address, by the proxy that the environment names for it.

    Raises:
        TransferError: the proxy's address is of an unknown kind.
    """
    import urllib3

    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all", "")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(retries=False, ssl_context=load_certificates())
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    login = urlsplit(proxy)
    headers = (
        urllib3.make_headers(proxy_basic_auth=f"{unquote(login.username)}:{unquote(login.password or '')}")
        if login.username
        else None
    )
    try:
        return urllib3.ProxyManager(
            proxy, proxy_headers=headers, retries=False, ssl_context=load_certificates()
        )
    except (urllib3.exceptions.HTTPError, ValueError):
        raise TransferError(
            "the proxy that the environment names is not one of http or https", may_recover=False
        ) from None


def _explain_error(error: Exception) -> TransferError:
    import urllib3

    match error:
        case urllib3.exceptions.SSLError():
            return TransferError("its certificate is not valid", may_recover=False)
        case urllib3.exceptions.LocationValueError() | UnicodeError():
            return TransferError("not an address of the web", may_recover=False)
        case urllib3.exceptions.ProxyError():
            reason = "the proxy cannot be reached"
        # These two are times run out, too, to urllib3.
        case urllib3.exceptions.NameResolutionError():
            reason = "no such name"
        case urllib3.exceptions.NewConnectionError():
            reason = "no connection"
        case urllib3.exceptions.TimeoutError():
            reason = "no answer in time"
        case urllib3.exceptions.DecodeError():
            return TransferError("it cannot be unpacked", may_recover=False)
        case _:
            reason = "the connection broke"
    return TransferError(reason, may_recover=True)
