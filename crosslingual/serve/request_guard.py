"""What may ask a server of this machine: its own pages, and programmes that name it.

A page from elsewhere can have its own name resolve to this machine (DNS rebinding), or open a connection to
it from another port. The browser says both: in ``Host`` and in ``Origin``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # told apart, not listened on


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered, with ``status``, to what is not let through."""

    body: bytes
    content_type: str = "text/plain"
    status: int = 403
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def send(self, send: Send) -> None:
        """Answer with it."""
        length = b"%d" % len(self.body)
        about = [(b"content-type", self.content_type.encode()), (b"content-length", length), *self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": about})
        await send({"type": "http.response.body", "body": self.body})


class HostGuard:
    """ASGI middleware that answers only what was asked under an allowed host, by a page of that very host."""

    def __init__(self, app: AsgiApp, hosts: Iterable[str], refusal: Refusal, content_policy: str) -> None:
        """Guard ``app``.

        Args:
            app: what answers the rest.
            hosts: names and addresses beside those of this machine.
            refusal: what others are told.
            content_policy: ``Content-Security-Policy`` of all answers; ``{sockets}`` stands for the WebSockets of
                the host.
        """
        given = {host.strip("[]").lower() for host in hosts}
        self._app = app
        self._refusal, self._content_policy = refusal, content_policy
        self._hosts = _LOCAL_NAMES | (given - _WILDCARDS)
        self._any_address = bool(given & _WILDCARDS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = only_header(scope, b"host")
        allowed = host is not None and self._is_allowed(host, _list_headers(scope, b"origin"))
        if scope["type"] == "websocket":
            if allowed:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = self._response_headers(host or "")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in headers}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *headers]}
            await send(message)

        if allowed:
            await self._app(scope, receive, send_guarded)
        else:
            await self._refusal.send(send_guarded)

    def _is_allowed(self, host: str, origins: list[str]) -> bool:
        """Whether ``host`` is one of the server's, and each origin is that host with that port."""
        return self._is_own_host(host) and all(_origin_host(origin) == host.lower() for origin in origins)

    def _is_own_host(self, host: str) -> bool:
        name = _host_name(host)
        if name in self._hosts:
            return True
        # Served to a network on purpose: an address cannot be made to lead elsewhere, a name can.
        return self._any_address and _is_ip_address(name)

    def _response_headers(self, host: str) -> list[tuple[bytes, bytes]]:
        """What each answer says to the browser: who may frame it, and what it may load and connect to."""
        # Some browsers do not count the WebSocket of a page's own host as 'self'.
        sockets = f" ws://{host} wss://{host}" if _host_name(host) and host.isascii() else ""
        found = {**_HEADERS, "Content-Security-Policy": self._content_policy.format(sockets=sockets)}
        return [(name.lower().encode(), value.encode()) for name, value in found.items()]


def only_header(scope: Message, name: bytes) -> str | None:
    """The value of a header that must be there once; None where it is not."""
    found = _list_headers(scope, name)
    return found[0] if len(found) == 1 else None


def _list_headers(scope: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key.lower() == name]


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
