"""A page of a list, and where the next one is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.datastructures import URL

from crosslingual.serve.answers import Answer
from crosslingual.serve.service import json_bytes

_T = TypeVar("_T")

MAX_PAGE_ITEMS = 1_000
MAX_OFFSET = 10**9


def make_page(
    items: Sequence[_T], offset: int, limit: int, url: URL, write: Callable[[Sequence[_T]], list[Any]]
) -> Answer:
    """``limit`` of the ``items`` from ``offset`` on, as ``write`` makes them JSON-ready; ``url`` was asked."""
    following = next_page(url, offset, limit, len(items))
    page = {
        "items": write(items[offset : offset + limit]),
        "total": len(items),
        "offset": offset,
        "limit": limit,
        "next": following,
    }
    return Answer(json_bytes(page), link_header(following))


def next_page(url: URL, offset: int, limit: int, total: int) -> str | None:
    """Path and query of the next page; None on the last."""
    if offset + limit >= total:
        return None
    there = url.include_query_params(offset=offset + limit, limit=limit)
    return f"{there.path}?{there.query}"


def link_header(following: str | None) -> tuple[tuple[str, str], ...]:
    """The header that leads on (RFC 8288)."""
    return (("Link", f'<{following}>; rel="next"'),) if following else ()
