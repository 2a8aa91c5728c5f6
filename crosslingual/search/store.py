"""The search index of a library: derived, kept beside it, brought up to date before every search."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.index import VectorIndex
from crosslingual.library import Entry, Library, Mark
from crosslingual.search.catalogue import Catalogue, Contents
from crosslingual.search.upkeep import (
    DamagedError,
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
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from filelock import FileLock

_CURRENT = "current"  # names the folder of the index that is read
_CATALOGUE = "catalogue.db"
_TRIES = 4
_NOBODYS = 10_000
"""Numbers of removed sentences, beyond as many as there are, that do not yet call for a new index."""
BACKGROUND = 2_000
"""Sentences of a language that tell what is near to anything."""
_FEW = 200
_WAIT = 600  # seconds for another process that is bringing it up to date

Numbers = NDArray[np.int64]


class View:
    """A search index as it was at one moment. Sentences go by numbers, which a later view may not know."""

    def __init__(self, contents: Contents, parts: Sequence[VectorIndex], catalogue: Catalogue) -> None:
        self.version = contents.state.version
        self.entries = tuple(entry for entry, _ in contents.articles)
        self._firsts = np.array([first for _, first in contents.articles], dtype=np.int64)
        self._sizes = np.array([entry.sentences for entry in self.entries], dtype=np.int64)
        self._places = {entry.article: place for place, entry in enumerate(self.entries)}
        self._parts = parts
        self._catalogue = catalogue
        owner = np.full(contents.state.next, -1, dtype=np.int32)
        total = int(self._sizes.sum())
        within = np.arange(total) - np.repeat(np.cumsum(self._sizes) - self._sizes, self._sizes)
        owner[np.repeat(self._firsts, self._sizes) + within] = np.repeat(
            np.arange(len(self.entries), dtype=np.int32), self._sizes
        )
        self._owner = owner
        self._langs = np.array([entry.lang for entry in self.entries] + [""])
        self._backgrounds: dict[str, FloatArray] = {}
        self.live: NDArray[np.bool_] = owner >= 0
        self.whole = total == len(owner)

    @property
    def sentences(self) -> int:
        """How many there are."""
        return int(self._sizes.sum())

    def among(self, wanted: Callable[[Entry], bool] | None) -> NDArray[np.bool_] | None:
        """(n,) whether each number is a sentence of an article that is ``wanted``; None if all are."""
        if wanted is None:
            return None if self.whole else self.live
        chosen = np.fromiter(map(wanted, self.entries), dtype=np.bool_, count=len(self.entries))
        return np.append(chosen, False)[self._owner]

    def in_languages(self, langs: Collection[str], among: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """(n,) whether each number is a sentence in one of ``langs``, of those ``among``."""
        spoken = np.isin(self._langs, list(langs))[self._owner]
        return spoken if among is None else spoken & among

    def hubs(self, vectors: FloatArray, lang: str, k: int) -> FloatArray:
        """(n,) how near ``vectors`` (n, d) are to what the library holds in ``lang``, whatever they say.

        The mean cosine with the ``k`` nearest of some of those sentences; of sentences in all languages
        where there are few in that one.
        """
        if not len(vectors):
            return np.zeros(0, np.float32)
        if lang not in self._backgrounds:
            own = np.flatnonzero(self.in_languages([lang], None))
            if len(own) < _FEW:
                own = np.flatnonzero(self.live)
            chosen = own[np.linspace(0, len(own) - 1, min(len(own), BACKGROUND)).astype(np.intp)]
            self._backgrounds[lang] = self.vectors(chosen.tolist())
        cosines = vectors @ self._backgrounds[lang].T
        nearest = -np.partition(-cosines, min(k, cosines.shape[1]) - 1, axis=1)[:, :k]
        return np.asarray(nearest.mean(axis=1), np.float32)

    def nearest(
        self, query: FloatArray, k: int, among: NDArray[np.bool_] | None
    ) -> tuple[Numbers, FloatArray]:
        """Numbers and cosines of the sentences whose vectors are nearest to ``query`` (d,), best first."""
        found = [part.search(query[None], k, among) for part in self._parts]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = np.concatenate([one.ids[0] for one in found])
        cosines = np.concatenate([one.cosines[0] for one in found])
        best = np.argsort(-cosines, kind="stable")
        best = best[ids[best] >= 0][:k]
        return ids[best], cosines[best]

    def vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The centred vectors (n, d) of sentences by their numbers, all of which are held."""
        wanted = np.array(numbers, dtype=np.int64)
        rows: FloatArray | None = None
        for part in self._parts:
            order = np.argsort(part.ids)
            at = np.minimum(np.searchsorted(part.ids, wanted, sorter=order), len(order) - 1)
            places = order[at]
            here = part.ids[places] == wanted
            if here.any():
                own = part.rows(places[here])
                rows = np.zeros((len(wanted), own.shape[1]), np.float32) if rows is None else rows
                rows[here] = own
        return np.zeros((0, 0), np.float32) if rows is None else rows

    def matching(self, query: str, limit: int, among: NDArray[np.bool_] | None) -> list[int]:
        """Numbers of the sentences that fit a query of FTS5, best first."""
        held = self.live if among is None else among
        size = len(held)
        return self._catalogue.matching(query, limit, lambda number: number < size and bool(held[number]))

    def documents(self, column: str, term: str) -> int:
        """In how many sentences a term stands."""
        return self._catalogue.documents(column, term)

    def terms(self, column: str, prefix: str) -> list[str]:
        """All terms of a column that begin so."""
        return self._catalogue.terms(column, prefix)

    def owner(self, number: int) -> int:
        """The place among ``entries`` of a sentence's article."""
        return int(self._owner[number])

    def entry(self, number: int) -> Entry:
        """The article of a sentence."""
        return self.entries[self._owner[number]]

    def mark(self, number: int) -> Mark:
        """Where a sentence stands."""
        place = self._owner[number]
        return self.entries[place].article, int(number - self._firsts[place])

    def number(self, mark: Mark) -> int | None:
        """The number of the sentence at ``mark``; None where there is none."""
        place = self._places.get(mark[0])
        if place is None or not 0 <= mark[1] < self._sizes[place]:
            return None
        return int(self._firsts[place]) + mark[1]


class SearchIndex:
    """The search index of ``library`` in ``space``; threads may share it, and processes the same library."""

    def __init__(self, library: Library, space: Space) -> None:
        """Nothing is opened before it is needed."""
        self._library, self._space = library, space
        self._recipe = recipe(space)
        key = hashlib.sha256(self._recipe.encode()).hexdigest()[:12]
        self.folder = library.path / "index" / f"search-{key}"
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
    def reading(self) -> Iterator[View]:
        """The index as it is now, up to date with the library; other threads wait.

        Raises:
            VectorsMissingError: sentences have no vectors of this encoder.
            LibraryError: the index can be neither read nor made anew.
        """
        with self._mutex:
            yield self._up_to_date()

    def _up_to_date(self) -> View:
        problem = ""
        for _ in range(_TRIES):
            try:
                catalogue = self._opened()
                if catalogue.state().revision != self._library.revision:
                    self._update(catalogue)
                return self._viewed(catalogue)
            except OSError as error:
                raise LibraryError(
                    f"{self.folder}: the search index cannot be written"
                    f" ({error.strerror or error}); check the permissions of the folder and the room on the disk"
                ) from None
            except (sqlite3.Error, DamagedError) as error:
                problem, seen = str(error), self._generation
                self.close()
                self._renew(seen)
        raise LibraryError(
            f"{self.folder}: the search index cannot be kept ({problem}); delete the folder, and search again"
        )

    def _opened(self, *, make: bool = True) -> Catalogue:
        generation = self._current()
        if self._catalogue is None or generation is None or generation != self._generation:
            self.close()
            if make and (generation is None or not (generation / _CATALOGUE).is_file()):
                self._renew(generation)
                generation = self._current()
            if generation is None:
                raise DamagedError("there is none")
            catalogue = Catalogue(generation / _CATALOGUE)
            self._catalogue, self._generation = catalogue, generation
            state = catalogue.state()
            if state.recipe != self._recipe or state.next != catalogue.worded():
                raise DamagedError("its words are not those of this library")
        return self._catalogue

    def _current(self) -> Path | None:
        try:
            name = (self.folder / _CURRENT).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return self.folder / name if name.isalnum() and (self.folder / name).is_dir() else None

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

    def _update(self, catalogue: Catalogue) -> None:
        with self._writing():
            if self._current() != self._generation:
                raise DamagedError("it was made anew by another process")
            if catalogue.state().revision == self._library.revision:
                return  # another process did it while this one waited
            assert self._generation  # noqa: S101  # set with the catalogue
            bring_up_to_date(self._library, self._space, catalogue, self._generation)
            with self._building() as alone:
                if alone:
                    join_pieces(catalogue, self._generation, self._viewed(catalogue).live)

    def _renew(self, seen: Path | None) -> None:
        """Make the index anew beside the one that there was, ``seen``, unless another process has done it."""
        with self._writing():
            if (now := self._current()) and now != seen:
                return
            generation = self.folder / uuid.uuid4().hex[:12]
            generation.mkdir()
            try:
                catalogue = Catalogue(generation / _CATALOGUE, recipe=self._recipe)
                try:
                    bring_up_to_date(self._library, self._space, catalogue, generation)
                finally:
                    catalogue.close()
                draft = self.folder / f".{_CURRENT}"
                draft.write_text(generation.name, encoding="ascii")
                draft.replace(self.folder / _CURRENT)
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
            if self._current() is None:
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
            self._renew(self._current())
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
                if self._current() != generation:
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
            with self._lock(".writing", _WAIT):
                yield
        except Timeout:
            raise LibraryError(
                f"{self.folder}: another process has been writing to it for {_WAIT} s; end that, and search again"
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


def _check(view: View, contents: Contents, space: Space) -> None:
    """Refuse an index that lacks vectors, or has another's."""
    covered = np.zeros(len(view.live), dtype=np.bool_)
    for part in view._parts:
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
