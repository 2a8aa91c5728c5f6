"""Polls what is due, again and again until it is stopped.

The standard library is enough: what is due is a number in the library, so nothing has to be scheduled anew after a
restart, and a process that starts finds what was missed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.ingest.inputs import make_web_reader
from crosslingual.library import Library
from crosslingual.library.followed import Followed
from crosslingual.watch.polling import PollReport, poll_followed
from crosslingual.web.pages import WebReader

LOOK_SECONDS = 30.0
"""So often the library is asked what is due: another process may have followed something."""

_KEEP_READERS_SECONDS = 3600.0  # then robots.txt is asked for again


class PollRunner:
    """Polls for one process; between polls it remembers robots.txt and when each host was last asked."""

    def __init__(
        self, library: Library, load_encoder: Callable[[], ArticleEncoder], stop: threading.Event
    ) -> None:
        """For ``library``; once ``stop`` is set a poll ends as soon as it can, and no other begins."""
        self._library = library
        self._load_encoder = load_encoder
        self._stop = stop
        self._readers: dict[bool, WebReader] = {}
        self._readers_since = time.monotonic()

    def poll_due(self) -> Iterator[PollReport]:
        """Poll all that is due, the longest overdue first.

        Raises:
            LibraryError: the library cannot be written.
            ModelError: the encoder cannot be loaded.
        """
        now = time.time()
        due = [one for one in self._library.load_followed() if not one.is_paused and one.next_poll_at <= now]
        yield from self.poll_now(sorted(due, key=lambda one: one.next_poll_at))

    def poll_now(self, followed: Sequence[Followed]) -> Iterator[PollReport]:
        """Poll these, due or not; what another process polls, or is paused, is left out. Errors as above."""
        for one in followed:
            if self._stop.is_set():
                return
            reader = self._find_reader(allow_private=one.is_private)
            report = poll_followed(one, self._library, self._load_encoder, reader, self._stop.is_set)
            if report:
                yield report

    def poll_until_stopped(self) -> Iterator[PollReport]:
        """Poll what is due whenever something is, until ``stop`` is set. Errors as above."""
        while not self._stop.is_set():
            yield from self.poll_due()
            self._stop.wait(self._wait_seconds())

    def _wait_seconds(self) -> float:
        waiting = [one.next_poll_at for one in self._library.load_followed() if not one.is_paused]
        left = min(waiting, default=time.time() + LOOK_SECONDS) - time.time()
        return min(max(left, 1.0), LOOK_SECONDS)

    def _find_reader(self, *, allow_private: bool) -> WebReader:
        if time.monotonic() - self._readers_since > _KEEP_READERS_SECONDS:
            self._readers, self._readers_since = {}, time.monotonic()
        if allow_private not in self._readers:
            self._readers[allow_private] = make_web_reader(self._library, allow_private=allow_private)
        return self._readers[allow_private]
