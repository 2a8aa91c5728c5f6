"""Feeds and folders that an open library follows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.api.opened import OneOrMany, list_values

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.library.followed import Followed, Poll
    from crosslingual.watch.polling import PollReport


class LibraryWatch:
    """What :attr:`Library.watch` gives: feeds and folders, polled when they are due.

    They are named by their address or their id. What comes is added as one operation a poll, which
    ``library.undo`` takes back; what was taken back does not come again.
    """

    def __init__(self, library: Library) -> None:
        """Of an open library."""
        self._library = library

    def followed(self) -> list[Followed]:
        """What is followed, in the order in which it was added."""
        return self._library.store.load_followed()

    def follow(
        self,
        address: str | Path,
        *,
        title: str = "",
        source: str = "",
        lang: str = "",
        minutes: int = 60,
        is_private: bool = False,
    ) -> Followed:
        """Follow the feed or the folder at ``address``; it is due at once.

        Args:
            address: a link, or the path of a folder.
            title: what to call it.
            source: the outlet of articles that name none.
            lang: the language of articles that name none, ISO 639-1.
            minutes: how often it is polled, from 5 on.
            is_private: whether the feed may lie on this machine or its network.

        Raises:
            InputError: it is neither, is followed already, or a value is none.
        """
        from crosslingual.watch.following import make_followed

        one = make_followed(
            str(address), title=title, source=source, lang=lang, minutes=minutes, is_private=is_private
        )
        self._library.store.add_followed(one)
        return one

    def unfollow(self, name: str) -> Followed:
        """Follow it no longer; its articles stay.

        Raises:
            NotFoundError: it is not followed.
        """
        one = self._library.store.find_followed(name)
        self._library.store.remove_followed(one.id)
        return one

    def pause(self, name: str) -> None:
        """Poll it no longer, until :meth:`resume`.

        Raises:
            NotFoundError: it is not followed.
        """
        self._library.store.pause_followed(self._library.store.find_followed(name).id, is_paused=True)

    def resume(self, name: str) -> None:
        """Poll it again; it is due at once.

        Raises:
            NotFoundError: it is not followed.
        """
        self._library.store.pause_followed(self._library.store.find_followed(name).id, is_paused=False)

    def log(self, name: str = "", limit: int = 100) -> list[Poll]:
        """The latest ``limit`` polls, the latest first; with ``name`` (an address or id) those of one."""
        from contextlib import suppress

        from crosslingual.errors import NotFoundError

        with suppress(NotFoundError):  # perhaps no longer; its lines stay
            name = name and self._library.store.find_followed(name).address
        return self._library.store.load_polls(name, limit)

    def poll(self, names: OneOrMany = (), stop: threading.Event | None = None) -> Iterator[PollReport]:
        """Poll what is due, or what is named, due or not; once ``stop`` is set it ends as soon as it can.

        Raises:
            NotFoundError: one is not followed.
            LibraryError: the library cannot be written.
            ModelError: the encoder is not installed.
        """
        from crosslingual.watch.schedule import PollRunner

        runner = PollRunner(
            self._library.store, lambda: self._library.article_encoder, stop or threading.Event()
        )
        named = [self._library.store.find_followed(name) for name in list_values(names)]
        return self._update_after(runner.poll_now(named) if named else runner.poll_due())

    def run(self, stop: threading.Event) -> Iterator[PollReport]:
        """Poll what is due whenever something is, until ``stop`` is set. Errors as of :meth:`poll`."""
        from crosslingual.watch.schedule import PollRunner

        runner = PollRunner(self._library.store, lambda: self._library.article_encoder, stop)
        return self._update_after(runner.poll_until_stopped())

    def import_opml(self, path: str | Path, *, minutes: int = 60) -> tuple[list[Followed], int, int]:
        """Follow the feeds of a list in OPML.

        Returns:
            What is followed from now on, how many feeds were followed already, how many are no address of the web.

        Raises:
            InputError: it cannot be read, is too large, or no OPML.
        """
        from crosslingual.watch.following import make_followed
        from crosslingual.watch.opml import read_opml

        feeds, n_bad = read_opml(Path(path).expanduser())
        known = {one.address for one in self.followed()}
        new = [
            make_followed(feed.url, title=feed.title, minutes=minutes)
            for feed in feeds
            if feed.url not in known
        ]
        for one in new:
            self._library.store.add_followed(one)
        return new, len(feeds) - len(new), n_bad

    def export_opml(self, path: str | Path) -> int:
        """Write the feeds to a file in OPML, which is there whole or not at all; how many they are.

        Raises:
            InputError: it cannot be written.
        """
        from crosslingual.errors import InputError
        from crosslingual.files import atomic_write
        from crosslingual.watch.opml import write_opml

        followed = self.followed()
        target = Path(path).expanduser()
        try:
            with atomic_write(target) as draft:
                draft.write_bytes(write_opml(followed))
        except OSError as error:
            raise InputError(
                f"{target}: cannot be written ({error.strerror}); choose another place"
            ) from None
        return sum(one.kind == "feed" for one in followed)

    def _update_after(self, reports: Iterator[PollReport]) -> Iterator[PollReport]:
        for report in reports:
            if report.result.n_added:
                self._library.update_derived()
            yield report
