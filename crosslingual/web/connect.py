"""Connections to public addresses only: a name is looked up once, and what was checked is connected to."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

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
    if not allow_private:
        manager.pool_classes_by_scheme = {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}
    return manager


def _connect_public(connection: HTTPConnection) -> socket.socket:
    """A connection to an address that was checked: what a name means at a second look does not matter."""
    host = connection.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(host, connection, _as_gaierror(error)) from error
    if refused := [str(place[0]) for *_, place in found if not is_public_address(str(place[0]))]:
        raise PrivateAddressError(f"leads to {refused[0]}, an address of this machine or its network")
    timeout: Any = connection.timeout
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, place in found:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(timeout)
            opened.connect(place)
        except OSError as error:
            opened.close()
            failure = error
        else:
            return opened
    raise NewConnectionError(connection, f"no connection: {failure}") from failure


def _as_gaierror(error: Exception) -> socket.gaierror:
    return error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))


class _GuardedHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect_public(self)


class _GuardedHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect_public(self)


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTPConnection


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPSConnection
