"""Addresses and ports of this machine."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys

from crosslingual.errors import InputError

_LAST_PORT = 65_535
_HOST_ERRORS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""What says that the machine does not have such an address."""


def check_free(host: str, port: int, command: str) -> None:
    """Make sure that nobody listens on ``port`` of ``host``; ``command`` is what was to use it.

    Raises:
        InputError: it cannot be used, or ``host`` is no address of this machine.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if sys.platform != "win32":  # there it would let two have one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno in _HOST_ERRORS:
            raise InputError(
                f"host {host}: cannot be used ({error.strerror}); name an address of this machine"
            ) from None
        other = port + 1 if port < _LAST_PORT else port - 1
        raise InputError(
            f"port {port}: cannot be used ({error.strerror}); choose another: "
            f"crosslingual {command} --port {other}"
        ) from None


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is a name or an address that only this machine reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
