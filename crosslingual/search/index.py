"""The search index of a library in files: derived, kept beside it, brought up to date before every search."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.files import atomic_write, remove_path
from crosslingual.index import DamagedIndexError, VectorIndex
from crosslingual.library import Library
from crosslingual.library.database import error_reason, is_no_damage
from crosslingual.search.folder import (
    CURRENT_FILE,
    DATABASE_FILE,
    current_generation,
    index_folder,
    remove_outdated,
)
from crosslingual.search.index_db import IndexDatabase
from crosslingual.search.index_errors import ProgressForwarder, unwritable_message, words_for_errors
from crosslingual.search.locks import hold_write_lock, try_build_lock
from crosslingual.search.maintenance import (
    Progress,
    compress_parts,
    compute_part_digest,
    delete_parts,
    index_recipe,
    load_part,
    load_parts,
    merge_flat_parts,
    remove_leftovers,
    select_for_compression,
    update_index,
)
from crosslingual.search.snapshot import IndexSnapshot, check_snapshot

_MAX_ATTEMPTS = 4
_MAX_UNUSED_NUMBERS = 10_000
"""Numbers of removed sentences, beyond as many as there are, that do not yet call for a new index."""


class SearchIndex:
    """The search index of ``library`` in ``space``; threads may share it, and processes the same library."""

    def __init__(self, library: Library, space: Space) -> None:
        """Nothing is opened before it is needed."""
        self._library, self._space = library, space
        self._recipe = index_recipe(space)
        self.folder = index_folder(library.path, self._recipe)
        self._mutex = RLock()
        self._database: IndexDatabase | None = None
        self._generation: Path | None = None
        self._snapshot: IndexSnapshot | None = None
        self._parts: dict[str, VectorIndex] = {}
        self._scratch: TemporaryDirectory[str] | None = None
        self.warning = ""
        """What the last snapshot lacks, and why; empty where it is up to date."""

    @property
    def name(self) -> str:
        """Its folder."""
        return str(self.folder)

    def close(self) -> None:
        """Let go of the files."""
        with self._mutex:
            self._close_files()
            if self._scratch:
                self._scratch.cleanup()
                self._scratch = None
                self.folder = index_folder(self._library.path, self._recipe)

    def _close_files(self) -> None:
        if self._database:
            self._database.close()
        self._database = self._generation = self._snapshot = None
        self._parts = {}

    @contextmanager
    def open_snapshot(self, progress: Progress | None = None) -> Iterator[IndexSnapshot]:
        """The index as it is now, up to date with the library; other threads wait.

        ``progress`` is told how many of how many new sentences are taken in.

        Raises:
            VectorsMissingError: sentences have no vectors of this encoder.
            LibraryError: the index can be neither read nor made anew.
        """
        with self._mutex:
            view = self._current_snapshot(progress)
            try:
                yield view
            except (sqlite3.Error, DamagedIndexError) as error:  # damage where nothing had been read before
                if isinstance(error, sqlite3.Error) and is_no_damage(error):
                    raise LibraryError(f"{self.folder}: {error_reason(error)}") from None
                seen = self._generation
                self._close_files()
                self._rebuild_generation(seen)
                raise LibraryError(
                    f"{self.folder}: the search index was damaged ({error}) and was made anew; search again"
                ) from None

    def _current_snapshot(self, progress: Progress | None) -> IndexSnapshot:
        problem, told = "", ProgressForwarder(progress)
        seen: Path | None = None
        self.warning = ""
        for _ in range(_MAX_ATTEMPTS):
            try:
                if problem:
                    self._rebuild_generation(seen, told)
                catalogue = self._open_database(progress=told)
                if catalogue.load_state().revision != self._library.revision:
                    self._update_if_outdated(catalogue, told)
                return self._load_snapshot(catalogue)
            except OSError as error:
                if error is told.callback_error:
                    raise
                return self._unwritten_snapshot(error.strerror or str(error), told)
            except (sqlite3.Error, DamagedIndexError) as error:
                if isinstance(error, sqlite3.Error) and is_no_damage(error):
                    return self._unwritten_snapshot(error_reason(error), told)
                problem, seen = str(error), self._generation
                self._close_files()
        raise LibraryError(
            f"{self.folder}: the search index cannot be kept ({problem}); delete the folder, and search again"
        )

    def _unwritten_snapshot(self, reason: str, progress: Progress) -> IndexSnapshot:
        """Where nothing can be written: the index as it lies there, or one that is kept as long as this is open.

        Raises:
            LibraryError: neither can be.
        """
        self._close_files()
        try:
            database = self._open_database(create=False)
            if database.load_state().revision != self._library.revision:
                self.warning = (
                    f"{self.folder}: the search index cannot be brought up to date ({reason}); what was added"
                    " since is not searched"
                )
            return self._load_snapshot(database)
        except (OSError, sqlite3.Error, DamagedIndexError, LibraryError):
            self._close_files()
        former, self.warning = self.folder, ""
        try:
            self._scratch = TemporaryDirectory(prefix="crosslingual-index-")
            self.folder = Path(self._scratch.name)
            self._rebuild_generation(None, progress)
            return self._load_snapshot(self._open_database())
        except (OSError, sqlite3.Error, DamagedIndexError):
            self.close()
            raise LibraryError(unwritable_message(former, reason)) from None

    def _open_database(self, *, create: bool = True, progress: Progress | None = None) -> IndexDatabase:
        generation = current_generation(self.folder)
        if self._database is None or generation is None or generation != self._generation:
            self._close_files()
            if create and (generation is None or not (generation / DATABASE_FILE).is_file()):
                self._rebuild_generation(generation, progress)
                generation = current_generation(self.folder)
            if generation is None:
                raise DamagedIndexError("there is none")
            self._generation = generation  # before anything can fail: what is damaged has to be known
            catalogue = self._database = IndexDatabase(generation / DATABASE_FILE)
            state = catalogue.load_state()
            if state.recipe != self._recipe or state.next_number != catalogue.count_word_rows():
                raise DamagedIndexError("its words are not those of this library")
            if create:
                remove_outdated(self.folder, self._recipe)
        return self._database

    def _load_snapshot(self, database: IndexDatabase) -> IndexSnapshot:
        if self._snapshot is None or self._snapshot.version != database.load_state().version:
            contents = database.load_contents()
            assert self._generation  # noqa: S101  # set with the catalogue
            loaded = {}
            for part in contents.parts:
                index = self._parts.get(part.name) or load_part(self._generation, part)
                if index is None:
                    # Another process may have put it together with others after the catalogue was read.
                    if database.load_state().version != contents.state.version:
                        return self._load_snapshot(database)
                    raise DamagedIndexError(f"{part.name} is damaged or missing")
                loaded[part.name] = index
            self._parts = loaded
            view = IndexSnapshot(contents, list(loaded.values()), database)
            check_snapshot(view, contents, len(self._space.default_mean))
            self._snapshot = view
        return self._snapshot

    def _update_if_outdated(self, database: IndexDatabase, progress: Progress | None) -> None:
        with hold_write_lock(self.folder):
            if current_generation(self.folder) != self._generation:
                raise DamagedIndexError("it was made anew by another process")
            if database.load_state().revision == self._library.revision:
                return  # another process did it while this one waited
            assert self._generation  # noqa: S101  # set with the catalogue
            update_index(self._library, self._space, database, self._generation, progress)
            with try_build_lock(self.folder) as alone:
                if alone:
                    merge_flat_parts(database, self._generation, self._load_snapshot(database).live_mask)
                    self._remove_leftovers(database)

    def _rebuild_generation(self, old_generation: Path | None, progress: Progress | None = None) -> None:
        """Make the index anew beside the one that there was, ``old_generation``, unless another process has done it."""
        with hold_write_lock(self.folder):
            if (now := current_generation(self.folder)) and now != old_generation:
                return
            generation = self.folder / uuid.uuid4().hex[:12]
            generation.mkdir()
            try:
                catalogue = IndexDatabase(generation / DATABASE_FILE, recipe=self._recipe)
                try:
                    update_index(self._library, self._space, catalogue, generation, progress)
                finally:
                    catalogue.close()
                with atomic_write(self.folder / CURRENT_FILE) as new:
                    new.write_text(generation.name, encoding="ascii")
            except BaseException:
                remove_path(generation)
                raise
            self._remove_other_generations(generation)

    def _remove_other_generations(self, generation: Path) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and path != generation:
                remove_path(path)

    def _remove_leftovers(self, database: IndexDatabase) -> None:
        """What killed processes left; both locks are held."""
        assert self._generation  # noqa: S101  # set with the catalogue
        remove_leftovers(self._generation, database)
        self._remove_other_generations(self._generation)

    @contextmanager
    def open_without_update(self) -> Iterator[IndexSnapshot]:
        """The index as it lies there, whether or not it is up to date.

        Raises:
            LibraryError: there is none, or it is damaged.
        """
        with self._mutex:
            try:
                yield self._load_snapshot(self._open_database(create=False))
            except (sqlite3.Error, DamagedIndexError) as error:
                self._close_files()
                raise LibraryError(f"{self.folder}: {error}") from None

    def find_damage(self) -> list[str]:
        """What is wrong with the files, in words; all of them are read."""
        with self._mutex:
            self._close_files()
            if current_generation(self.folder) is None:
                return ["is not there yet"]
            try:
                catalogue = self._open_database(create=False)
                assert self._generation  # noqa: S101  # set with the catalogue
                problems = [found] if (found := catalogue.find_damage()) else []
                for part in catalogue.load_contents().parts:
                    if load_part(self._generation, part) is None:
                        problems.append(f"{part.name} is damaged or missing")
                    elif compute_part_digest(self._generation, part) != part.digest:
                        problems.append(f"{part.name} is not what was written")
                if not problems:
                    self._load_snapshot(catalogue)
            except (OSError, sqlite3.Error, DamagedIndexError) as error:
                problems = [str(error)]
            self._close_files()
            return problems

    def rebuild(self) -> None:
        """Make it anew from the library; what is there is read until the new one stands."""
        with self._mutex:
            try:
                with words_for_errors(self.folder):
                    self._rebuild_generation(current_generation(self.folder))
            except DamagedIndexError as error:
                raise LibraryError(unwritable_message(self.folder, str(error))) from None
            self._close_files()

    def compact(self) -> bool:
        """Compress what has grown beyond exact search, and drop what is nobody's; whether there was need.

        Takes minutes for a million sentences, in which others search and add.
        """
        try:
            with words_for_errors(self.folder):
                return self._compress_grown()
        except DamagedIndexError:
            self.rebuild()
            return True

    def _compress_grown(self) -> bool:
        with try_build_lock(self.folder) as alone:
            with self.open_snapshot() as view:
                live, size, generation = view.live_mask, view.n_sentences, self._generation
                contents = self._open_database().load_contents()
            if not alone or generation is None:
                return False
            if len(live) > 2 * size + _MAX_UNUSED_NUMBERS:
                self.rebuild()
                return True
            parts = select_for_compression(load_parts(generation, contents.parts, live))
            if not parts:
                with self._mutex, hold_write_lock(self.folder):
                    if current_generation(self.folder) == generation:
                        self._remove_leftovers(self._open_database())
                return False
            # Other threads and processes search and add meanwhile; parts are put together by nobody else.
            made = compress_parts(generation, parts)
            with self._mutex, hold_write_lock(self.folder):
                if current_generation(self.folder) != generation:
                    return False
                with self._open_database().begin_change() as change:
                    change.add_part(made, [one.part.name for one in parts])
            delete_parts(generation, [one.part for one in parts])
            return True
