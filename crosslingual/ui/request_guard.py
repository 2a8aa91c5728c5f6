"""What may ask the app: pages that it served itself, under a name of this machine.

A page from elsewhere can have its own name resolve to this machine (DNS rebinding), or open a connection to
it from another port. The browser says both: in ``Host`` and in ``Origin``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

_CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit's own page has a script in it, and scripts of components come as blobs.
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' blob:{sockets}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
_REFUSAL = (
    b"crosslingual: refused. Open the app under the address that it was started with,"
    b" such as http://localhost:8501; pages from elsewhere may not ask it.\n"
)
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # told apart, not listened on


class RequestGuard:
    """ASGI middleware that answers only what was asked under an allowed host, by a page of that very host."""

    def __init__(self, app: AsgiApp, hosts: Iterable[str] | None = None) -> None:
        """Guard ``app``; ``hosts`` are names and addresses beside those of this machine, as configured if None."""
        configured = _configured_hosts() if hosts is None else hosts
        given = {host.strip("[]").lower() for host in configured}
        self._app = app
        self._hosts = _LOCAL_NAMES | (given - _WILDCARDS)
        self._any_address = bool(given & _WILDCARDS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = _only_header(scope, b"host")
        allowed = host is not None and self._is_allowed(host, _list_headers(scope, b"origin"))
        if scope["type"] == "websocket":
            if allowed:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = _response_headers(host or "")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in headers}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *headers]}
            await send(message)

        if allowed:
            await self._app(scope, receive, send_guarded)
            return
        plain = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(_REFUSAL))]
        await send_guarded({"type": "http.response.start", "status": 403, "headers": plain})
        await send({"type": "http.response.body", "body": _REFUSAL})

    def _is_allowed(self, host: str, origins: list[str]) -> bool:
        """Whether ``host`` is one of the app's, and each origin is that host with that port."""
        return self._is_own_host(host) and all(_origin_host(origin) == host.lower() for origin in origins)

    def _is_own_host(self, host: str) -> bool:
        name = _host_name(host)
        if name in self._hosts:
            return True
        # Served to a network on purpose: an address cannot be made to lead elsewhere, a name can.
        return self._any_address and _is_ip_address(name)


def _configured_hosts() -> list[str]:
    """The address that the app was told to listen on, and the one that it was told browsers use."""
    addresses = [
        str(st.get_option("server.address") or ""),
        str(st.get_option("browser.serverAddress") or ""),
    ]
    return [addresses[0], *filter(None, addresses[1:])]


def _list_headers(scope: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key.lower() == name]


def _only_header(scope: Message, name: bytes) -> str | None:
    """The value of a header that must be there once; None where it is not."""
    found = _list_headers(scope, name)
    return found[0] if len(found) == 1 else None


def _origin_host(origin: str) -> str:
    """Host and port of an origin of the web; empty where it is none, such as ``null``."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _host_name(host: str) -> str:
    """A ``Host`` without its port, in small letters; empty where it is not a name or address and a port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.netloc == host and "@" not in host else ""


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _response_headers(host: str) -> list[tuple[bytes, bytes]]:
    """What each answer says to the browser: who may frame it, and what it may load and connect to."""
    # Some browsers do not count the WebSocket of a page's own host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _host_name(host) and host.isascii() else ""
    policy = _CONTENT_POLICY.format(sockets=sockets)
    found = {**_HEADERS, "Content-Security-Policy": policy}
    return [(name.lower().encode(), value.encode()) for name, value in found.items()]
