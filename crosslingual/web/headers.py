"""What the headers of an answer say, read with care: a server may send anything."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse


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
