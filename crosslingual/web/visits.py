"""Remembers pages that were fetched, to fetch them again only if they changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from crosslingual.files import atomic_write
from crosslingual.web.fetch import PageState

MAX_VISITS = 20_000
"""Pages that are remembered, the latest."""


class Visits:
    """Pages by address: the state in which each was fetched, and the link under which its article stands.

    Derived: what is lost or damaged costs one more request for each page.
    """

    def __init__(self, path: Path) -> None:
        """Read the file ``path``, if it is there."""
        self._path = path
        self._known: dict[str, tuple[PageState, str]] = {}
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            self._known = {
                str(url): (PageState(str(one["etag"]), str(one["modified"])), str(one["link"]))
                for url, one in held.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._known = {}

    def get(self, url: str) -> tuple[PageState, str] | None:
        """State and link of the page at ``url``, if it was fetched before."""
        return self._known.get(url)

    def put(self, url: str, state: PageState, link: str) -> None:
        """Remember the page at ``url``."""
        self._known.pop(url, None)
        self._known[url] = (state, link)

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        kept = dict([*self._known.items()][-MAX_VISITS:])
        content = {url: {**asdict(state), "link": link} for url, (state, link) in kept.items()}
        with atomic_write(self._path) as new:
            new.write_text(json.dumps(content, ensure_ascii=False, indent=0), encoding="utf-8")
