"""Connections that can be ended at any moment, by default to public addresses only.

A name is looked up once, and what was checked is connected to.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from crosslingual.errors import InputError
from crosslingual.web.transfer import load_certificates

_EMBEDDING_NETWORKS = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "64:ff9b::/96",  # RFC 6052, translated
            "::/96",  # RFC 4291, IPv4-compatible, deprecated
            "::ffff:0:0:0/96",  # RFC 2765, IPv4-translated
        ),
    )
)
"""Networks whose addresses have one of IPv4 in their last four bytes."""
_PRIVATE_NETWORKS = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "64:ff9b:1::/48",  # RFC 8215, translated inside one's own network
            "fec0::/10",  # RFC 3879, site-local, deprecated
        ),
    )
)
_MAX_ADDRESSES = 6  # of a name, which are tried
_WATCH_SECONDS = 0.1  # between two looks at a request
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)  # RFC 5214: before an IPv4 address, in any network


class PrivateAddressError(InputError):
    """A name or address that leads to this machine or into its network."""


def is_public_address(address: str) -> bool:
    """Whether an IP ``address`` is anybody's to reach: not loopback, private, link-local or reserved.

    An IPv4 address inside an IPv6 one (mapped, compatible, translated, 6to4, Teredo, ISATAP) counts as itself.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in _PRIVATE_NETWORKS):
            return False
        inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        is_isatap = int(found) >> 32 & 0xFFFFFFFF in _ISATAP_MARKS
        if is_isatap or any(found in network for network in _EMBEDDING_NETWORKS):
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if not all(is_public_address(str(each)) for each in inner if each):
            return False
        if any(inner):
            return True
    return found.is_global and not found.is_multicast


def build_pool_manager(*, allow_private: bool) -> urllib3.PoolManager:
    """What opens connections; to any address where ``allow_private``, else to public ones only."""
    manager = urllib3.PoolManager(num_pools=50, retries=False, ssl_context=load_certificates())
    manager.pool_classes_by_scheme = (
        {"http": _WatchedHTTPPool, "https": _WatchedHTTPSPool}
        if allow_private
        else {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}
    )
    return manager


class RequestWatch:
    """Ends the requests made in its ``with`` statement when their time is over or they are cancelled.

    A server that sends a byte now and then, of its greeting, its headers or the body, would keep us for ever.
    """

    def __init__(self, due: float, is_cancelled: Callable[[], bool]) -> None:
        """End them at ``due``, of the monotonic clock, or once ``is_cancelled``."""
        self.is_over = False
        """Whether it has ended them."""
        self._due = due
        self._is_cancelled = is_cancelled
        self._wires: list[socket.socket] = []
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._token = _CURRENT_WATCH.set(self)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _CURRENT_WATCH.reset(self._token)
        self._done.set()
        self._thread.join()
        for wire in self._wires:
            wire.close()

    def add_wire(self, opened: socket.socket) -> None:
        """Have it end the connection of ``opened``, whatever becomes of this object."""
        with self._lock:
            self._wires.append(opened.dup())

    def _look_on(self) -> None:
        while not self._done.wait(_WATCH_SECONDS):
            if self.is_over or self._is_cancelled() or time.monotonic() > self._due:
                self.is_over = True
                with self._lock:
                    for wire in self._wires:
                        with suppress(OSError):
                            wire.shutdown(socket.SHUT_RDWR)


_CURRENT_WATCH: ContextVar[RequestWatch | None] = ContextVar("current_watch", default=None)


def _watch_socket(opened: socket.socket | None) -> None:
    if opened is not None and (watch := _CURRENT_WATCH.get()):
        watch.add_wire(opened)


def _connect(connection: HTTPConnection, *, public_only: bool) -> socket.socket:
    """A connection to an address that was checked: what a name means at a second look does not matter."""
    host = connection.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(host, connection, _as_gaierror(error)) from error
    refused = [str(place[0]) for *_, place in found if not is_public_address(str(place[0]))]
    if public_only and refused:
        raise PrivateAddressError(f"leads to {refused[0]}, an address of this machine or its network")
    timeout: Any = connection.timeout
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, place in found[:_MAX_ADDRESSES]:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(timeout)
            _watch_socket(opened)
            opened.connect(place)
        except OSError as error:
            opened.close()
            failure = error
        else:
            return opened
    raise NewConnectionError(connection, f"no connection: {failure}") from failure


def _as_gaierror(error: Exception) -> socket.gaierror:
    return error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))


class _WatchedHTTPConnection(HTTPConnection):
    """One whose socket the current watch may end, be it new or used again."""

    _public_only = False

    def _new_conn(self) -> socket.socket:
        return _connect(self, public_only=self._public_only)

    def request(self, *given: Any, **options: Any) -> None:
        _watch_socket(self.sock)
        super().request(*given, **options)


class _WatchedHTTPSConnection(_WatchedHTTPConnection, HTTPSConnection):
    pass


class _GuardedHTTPConnection(_WatchedHTTPConnection):
    _public_only = True


class _GuardedHTTPSConnection(_GuardedHTTPConnection, HTTPSConnection):
    pass


class _WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTPConnection


class _WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPSConnection


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTPConnection


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPSConnection
