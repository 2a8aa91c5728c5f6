"""Ports on which tests serve something."""

from __future__ import annotations

import socket


def find_free_port() -> int:
    """A port of this machine that nothing uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
