"""What the headers of an answer say, read with care: a server may send anything."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse


_MAX_HEADERS, _MAX_HEADER_CHARS = 60, 2_000
_DROPPED_HEADERS = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "set-cookie",
        "set-cookie2",
        "transfer-encoding",
    }
)
"""What is no longer true of a page that is unpacked, or says something of the reader."""


def kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers of an answer that say something of its page, bounded, each on one line."""
    kept = []
    for name, value in headers:
        if re.fullmatch(r"[A-Za-z0-9-]{1,80}", name) and name.lower() not in _DROPPED_HEADERS:
            shown = "".join(char if " " <= char <= "~" else " " for char in value[:_MAX_HEADER_CHARS])
            kept.append((name, shown.strip()))
    return tuple(kept[:_MAX_HEADERS])


def parse_content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type."""
    kind, *parameters = header.lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    charset = named.get("charset", "").strip("\"' ")
    return kind.strip(), charset if re.fullmatch(r"[a-z0-9._:-]{1,40}", charset) else ""


def retry_after_seconds(response: BaseHTTPResponse) -> float | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3); None where it does not say."""
    given = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", given):
        return float(given)
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
