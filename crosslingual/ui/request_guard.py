"""What may ask the app: pages that it served itself, under a name of this machine."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from crosslingual.serve.request_guard import AsgiApp, HostGuard, Refusal

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
_REFUSAL = (
    b"crosslingual: refused. Open the app under the address that it was started with,"
    b" such as http://localhost:8501; pages from elsewhere may not ask it.\n"
)


class RequestGuard(HostGuard):
    """The guard of the app's requests and connections."""

    def __init__(self, app: AsgiApp, hosts: Iterable[str] | None = None) -> None:
        """Guard ``app``; ``hosts`` are names and addresses beside those of this machine, as configured if None."""
        configured = _configured_hosts() if hosts is None else hosts
        super().__init__(app, configured, Refusal(_REFUSAL), _CONTENT_POLICY)


def _configured_hosts() -> list[str]:
    """The address that the app was told to listen on, and the one that it was told browsers use."""
    addresses = [
        str(st.get_option("server.address") or ""),
        str(st.get_option("browser.serverAddress") or ""),
    ]
    return [addresses[0], *filter(None, addresses[1:])]
