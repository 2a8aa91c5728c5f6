"""What went wrong, as RFC 9457 has it: ``application/problem+json`` with one clear line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from crosslingual.errors import (
    CrosslingualError,
    InputError,
    LibraryError,
    MissingExtraError,
    NotFoundError,
    UnwritableLibraryError,
)

PROBLEM_TYPE = "application/problem+json"
_MAX_DETAIL_CHARS = 500
_STATUS_BY_ERROR: dict[type[CrosslingualError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    MissingExtraError: HTTPStatus.NOT_IMPLEMENTED,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnwritableLibraryError: HTTPStatus.INSUFFICIENT_STORAGE,
    LibraryError: HTTPStatus.SERVICE_UNAVAILABLE,
    CrosslingualError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The first class that an error is of counts."""


class BusyError(CrosslingualError):
    """Something else is at work in the library."""


def problem_bytes(status: int, detail: str) -> bytes:
    """The body that says what is wrong."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": " ".join(detail.split())[:_MAX_DETAIL_CHARS],
    }
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def problem_response(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """An answer that says what is wrong."""
    return Response(problem_bytes(status, detail), status, headers, PROBLEM_TYPE)


def error_status(error: CrosslingualError) -> int:
    """The status that ``error`` is answered with."""
    if isinstance(error, BusyError):
        return HTTPStatus.CONFLICT
    return next(status for kind, status in _STATUS_BY_ERROR.items() if isinstance(error, kind))


def describe_invalid(errors: Sequence[Any]) -> str:
    """The first thing that is wrong with a request, as pydantic tells it, in a line."""
    first = errors[0]
    place = ".".join(str(part) for part in first.get("loc", ())[1:]) or "the request"
    more = f" (and {len(errors) - 1} more)" if errors[1:] else ""
    return f"{place}: {first.get('msg', 'cannot be read')}{more}"
