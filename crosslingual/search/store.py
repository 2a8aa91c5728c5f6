"""The search index of a library: derived, kept beside it, brought up to date before every search."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from crosslingual.align.space import Space
from crosslingual.disk import draft
from crosslingual.errors import LibraryError
from crosslingual.index import VectorIndex
from crosslingual.library import Library
from crosslingual.search.catalogue import Catalogue, Contents
from crosslingual.search.folder import CATALOGUE, CURRENT, WRITING, current, folder_of, remove_former
from crosslingual.search.upkeep import (
    DamagedError,
    Progress,
    bring_up_to_date,
    compress,
    discard,
    join_pieces,
    load_all,
    load_part,
    part_digest,
    recipe,
    to_be_compressed,
)
from crosslingual.search.view import View

if TYPE_CHECKING:
    from filelock import FileLock

_TRIES = 4
_NOBODYS = 10_000
"""Numbers of removed sentences, beyond as many as there are, that do not yet call for a new index."""
_WAIT = 600  # seconds for another process that is bringing it up to date


class SearchIndex:
    """The search index of ``library`` in ``space``; threads may share it, and processes the same library."""

    def __init__(self, library: Library, space: Space) -> None:
        """Nothing is opened before it is needed."""
        self._library, self._space = library, space
        self._recipe = recipe(space)
        self.folder = folder_of(library.path, self._recipe)
        self._mutex = RLock()
        self._catalogue: Catalogue | None = None
        self._generation: Path | None = None
        self._view: View | None = None
        self._parts: dict[str, VectorIndex] = {}

    def close(self) -> None:
        """Let go of the files."""
        with self._mutex:
            if self._catalogue:
                self._catalogue.close()
            self._catalogue = self._generation = self._view = None
            self._parts = {}

    @contextmanager
    def reading(self, progress: Progress | None = None) -> Iterator[View]:
        """The index as it is now, up to date with the library; other threads wait.

        ``progress`` is told how many of how many new sentences are taken in.

        Raises:
            VectorsMissingError: sentences have no vectors of this encoder.
            LibraryError: the index can be neither read nor made anew.
        """
        with self._mutex:
            view = self._up_to_date(progress)
            try:
                yield view
            except sqlite3.Error as error:  # damage where nothing had been read before
                seen = self._generation
                self.close()
                self._renew(seen)
                raise LibraryError(
                    f"{self.folder}: the search index was damaged ({error}) and was made anew; search again"
                ) from None

    def _up_to_date(self, progress: Progress | None) -> View:
        problem, told = "", _Told(progress)
        for _ in range(_TRIES):
            try:
                catalogue = self._opened(progress=told)
                if catalogue.state().revision != self._library.revision:
                    self._update(catalogue, told)
                return self._viewed(catalogue)
            except OSError as error:
                if error is told.failure:
                    raise
                raise LibraryError(
                    f"{self.folder}: the search index cannot be written"
                    f" ({error.strerror or error}); check the folder's permissions and the room on the disk"
                ) from None
            except (sqlite3.Error, DamagedError) as error:
                problem, seen = str(error), self._generation
                self.close()
                self._renew(seen, told)
        raise LibraryError(
            f"{self.folder}: the search index cannot be kept ({problem}); delete the folder, and search again"
        )

    def _opened(self, *, make: bool = True, progress: Progress | None = None) -> Catalogue:
        generation = current(self.folder)
        if self._catalogue is None or generation is None or generation != self._generation:
            self.close()
            if make and (generation is None or not (generation / CATALOGUE).is_file()):
                self._renew(generation, progress)
                generation = current(self.folder)
            if generation is None:
                raise DamagedError("there is none")
            self._generation = generation  # before anything can fail: what is damaged has to be known
            catalogue = self._catalogue = Catalogue(generation / CATALOGUE)
            state = catalogue.state()
            if state.recipe != self._recipe or state.next != catalogue.worded():
                raise DamagedError("its words are not those of this library")
            if make:
                remove_former(self.folder, self._recipe)
        return self._catalogue

    def _viewed(self, catalogue: Catalogue) -> View:
        if self._view is None or self._view.version != catalogue.state().version:
            contents = catalogue.contents()
            assert self._generation  # noqa: S101  # set with the catalogue
            loaded = {}
            for part in contents.parts:
                index = self._parts.get(part.name) or load_part(self._generation, part)
                if index is None:
                    # Another process may have put it together with others after the catalogue was read.
                    if catalogue.state().version != contents.state.version:
                        return self._viewed(catalogue)
                    raise DamagedError(f"{part.name} is damaged or missing")
                loaded[part.name] = index
            self._parts = loaded
            view = View(contents, list(loaded.values()), catalogue)
            _check(view, contents, self._space)
            self._view = view
        return self._view

    def _update(self, catalogue: Catalogue, progress: Progress | None) -> None:
        with self._writing():
            if current(self.folder) != self._generation:
                raise DamagedError("it was made anew by another process")
            if catalogue.state().revision == self._library.revision:
                return  # another process did it while this one waited
            assert self._generation  # noqa: S101  # set with the catalogue
            bring_up_to_date(self._library, self._space, catalogue, self._generation, progress)
            with self._building() as alone:
                if alone:
                    join_pieces(catalogue, self._generation, self._viewed(catalogue).live)

    def _renew(self, seen: Path | None, progress: Progress | None = None) -> None:
        """Make the index anew beside the one that there was, ``seen``, unless another process has done it."""
        with self._writing():
            if (now := current(self.folder)) and now != seen:
                return
            generation = self.folder / uuid.uuid4().hex[:12]
            generation.mkdir()
            try:
                catalogue = Catalogue(generation / CATALOGUE, recipe=self._recipe)
                try:
                    bring_up_to_date(self._library, self._space, catalogue, generation, progress)
                finally:
                    catalogue.close()
                with draft(self.folder / CURRENT) as new:
                    new.write_text(generation.name, encoding="ascii")
            except BaseException:
                shutil.rmtree(generation, ignore_errors=True)
                raise
            for old in self.folder.iterdir():
                if old.is_dir() and old != generation:
                    shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def as_it_is(self) -> Iterator[View]:
        """The index as it lies there, whether or not it is up to date.

        Raises:
            LibraryError: there is none, or it is damaged.
        """
        with self._mutex:
            try:
                yield self._viewed(self._opened(make=False))
            except (sqlite3.Error, DamagedError) as error:
                self.close()
                raise LibraryError(f"{self.folder}: {error}") from None

    def damage(self) -> list[str]:
        """What is wrong with the files, in words; all of them are read."""
        with self._mutex:
            self.close()
            if current(self.folder) is None:
                return ["is not there yet"]
            try:
                catalogue = self._opened(make=False)
                assert self._generation  # noqa: S101  # set with the catalogue
                problems = [found] if (found := catalogue.damage()) else []
                for part in catalogue.contents().parts:
                    if load_part(self._generation, part) is None:
                        problems.append(f"{part.name} is damaged or missing")
                    elif part_digest(self._generation, part) != part.digest:
                        problems.append(f"{part.name} is not what was written")
                if not problems:
                    self._viewed(catalogue)
            except (OSError, sqlite3.Error, DamagedError) as error:
                problems = [str(error)]
            self.close()
            return problems

    def renew(self) -> None:
        """Make it anew from the library; what is there is read until the new one stands."""
        with self._mutex:
            self._renew(current(self.folder))
            self.close()

    def settle(self) -> bool:
        """Compress what has grown beyond exact search, and drop what is nobody's; whether there was need.

        Takes minutes for a million sentences, in which others search and add.
        """
        with self._building() as alone:
            with self.reading() as view:
                live, size, generation = view.live, view.sentences, self._generation
                contents = self._opened().contents()
            if not alone or generation is None:
                return False
            if len(live) > 2 * size + _NOBODYS:
                self.renew()
                return True
            parts = to_be_compressed(load_all(generation, contents.parts, live))
            if not parts:
                return False
            # Other threads and processes search and add meanwhile; parts are put together by nobody else.
            made = compress(generation, parts)
            with self._mutex, self._writing():
                if current(self.folder) != generation:
                    return False
                with self._opened().changing() as change:
                    change.put_part(made, [one.part.name for one in parts])
            discard(generation, [one.part for one in parts])
            return True

    def _lock(self, name: str, timeout: float) -> FileLock:
        from filelock import FileLock

        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / name, timeout=timeout)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One process at a time brings it up to date."""
        from filelock import Timeout

        try:
            with self._lock(WRITING, _WAIT):
                yield
        except Timeout:
            raise LibraryError(
                f"{self.folder}: another process has been writing to it for {_WAIT} s; end that, and"
                " search again"
            ) from None

    @contextmanager
    def _building(self) -> Iterator[bool]:
        """Whether this process alone may put parts together as long as this lasts."""
        from filelock import Timeout

        lock = self._lock(".building", 0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            with suppress(OSError):
                lock.release()


class _Told:
    """Whoever is told of the progress; where that fails, the index is not to blame."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.failure: OSError | None = None

    def __call__(self, done: int, total: int) -> None:
        try:
            if self._progress:
                self._progress(done, total)
        except OSError as error:
            self.failure = error
            raise


def _check(view: View, contents: Contents, space: Space) -> None:
    """Refuse an index that lacks vectors, or has another's."""
    covered = np.zeros(len(view.live), dtype=np.bool_)
    for part in view.parts:
        ids = part.ids
        if len(ids) and (ids.min() < 0 or ids.max() >= len(covered)):
            raise DamagedError("it holds vectors of sentences that it does not know")
        if len(ids) and part.dimensions != len(space.elsewhere):
            raise DamagedError("it holds vectors of another encoder")
        if covered[ids].any():
            raise DamagedError("it holds vectors twice")
        covered[ids] = True
    if (view.live & ~covered).any():
        raise DamagedError("it lacks vectors")
    if len(contents.articles) != len({entry.article for entry, _ in contents.articles}):
        raise DamagedError("it holds articles twice")
