"""The search index of a shared library inside its PostgreSQL database: one for all who use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError, UnwritableLibraryError
from crosslingual.library import Library
from crosslingual.library.postgres import PostgresDatabase
from crosslingual.library.postgres_session import PostgresSession
from crosslingual.search import postgres_tables as tables
from crosslingual.search.article_words import chunk_entries, read_articles
from crosslingual.search.folder import encoder_name
from crosslingual.search.maintenance import Progress, index_recipe
from crosslingual.search.postgres_view import PostgresView, ViewCache

_MIN_VECTOR_VERSION = (0, 8)
"""That of pgvector from which a walk goes on until a filter is satisfied."""

_MAX_BUILD_MEGABYTES = 2_000
"""Memory of the server that making a graph takes at most."""


class PostgresIndex:
    """A ``LibraryIndex`` in tables beside the library's; threads may share it, and processes the same library."""

    def __init__(self, library: Library, space: Space, database: PostgresDatabase, schema: str) -> None:
        """On a connection of its own, ``database``; pgvector lies in ``schema``, a quoted name."""
        self._library, self._space, self._database, self._schema = library, space, database, schema
        self._recipe = index_recipe(space)
        self._prefix = f"search_{hashlib.sha256(self._recipe.encode()).hexdigest()[:12]}"
        self._dimensions = len(space.default_mean)
        self._mutex = RLock()
        self._cache = ViewCache()
        self.warning = ""
        """What the last view lacks, and why; empty where it is up to date."""

    @property
    def name(self) -> str:
        """The library's address, and what its tables are called."""
        return f"{self._database.name}: {self._prefix}"

    def close(self) -> None:
        """Let go of the connection."""
        self._database.close()

    def is_usable(self) -> bool:
        """Whether this user may read the index, or make it and bring it up to date."""
        return self.is_readable() or self._may_write()

    def _may_write(self) -> bool:
        if self._database.is_read_only:
            return False
        with self._database.read_transaction() as session:
            return tables.may_write(session, self._prefix)

    def is_readable(self) -> bool:
        """Whether the index is there, and this user may read it."""
        with self._database.read_transaction() as session:
            return tables.read_state(session, self._prefix) is not None

    @contextmanager
    def open_snapshot(self, progress: Progress | None = None) -> Iterator[PostgresView]:
        """The index as it is now, up to date with the library; other threads wait.

        ``progress`` is told how many of how many new sentences are taken in.

        Raises:
            VectorsMissingError: sentences have no vectors of this encoder.
            LibraryError: the server does not answer, or the index can be neither read nor made.
        """
        with self._mutex:
            self.warning = ""
            try:
                self._update(progress)
            except UnwritableLibraryError as error:
                if not self.is_readable():
                    raise
                self.warning = (
                    f"the search index cannot be brought up to date ({error}); what was added since is"
                    " not searched"
                )
            with self.open_without_update() as view:
                yield view

    @contextmanager
    def open_without_update(self) -> Iterator[PostgresView]:
        """The index as it lies there, whether or not it is up to date.

        Raises:
            LibraryError: there is none, or the server does not answer.
        """
        with self._mutex, self._database.read_transaction() as session:
            if tables.read_state(session, self._prefix) is None:
                raise LibraryError(
                    f"{self.name}: there is no search index; make it with: crosslingual index check"
                )
            yield PostgresView(session, self._prefix, self._schema, self._dimensions, self._cache)

    def _update(self, progress: Progress | None) -> None:
        revision = (
            self._library.revision
        )  # before what it stands for is read: what comes later is seen next time
        with self._database.read_transaction() as session:
            state = tables.read_state(session, self._prefix)
            if state and state.revision == revision:
                return
        if not self._may_write():
            raise UnwritableLibraryError("this user may not change it")
        if state is None:
            with self._change() as session:
                self._create_tables(session)
                state = tables.read_state(session, self._prefix)
        with self._change() as session:
            gone, new = tables.find_differences(session, self._prefix)
            tables.remove_articles(session, self._prefix, gone)
        entries = self._library.lookup.article_entries(new) if new else []
        done, total = 0, sum(entry.n_sentences for entry in entries)
        if progress:
            progress(done, total)
        for chunk in chunk_entries(entries):
            articles = read_articles(self._library, self._space, chunk)
            with self._change() as session:
                tables.insert_articles(session, self._prefix, articles)
            done += sum(entry.n_sentences for entry in chunk)
            if progress:
                progress(done, total)
        with self._change() as session:
            now = tables.read_state(session, self._prefix)
            is_same = bool(state and now and state.table == now.table)
            if is_same:
                tables.mark_changed(session, self._prefix, revision)
        if not is_same:  # another made it anew meanwhile, and may not have come to its end
            self._update(progress)

    def _create_tables(self, session: PostgresSession) -> None:
        tables.create_tables(session, self._prefix, self._recipe, self._schema, self._dimensions)

    @contextmanager
    def _change(self) -> Iterator[PostgresSession]:
        """One process at a time changes the index, a portion each; all of a portion or nothing."""
        with self._database.write_transaction(is_derived=True, is_shared=True) as session:
            session.execute(
                "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(?))", (self._prefix,)
            )
            yield session
            if tables.read_state(session, self._prefix):
                tables.mark_changed(session, self._prefix)

    def _drop_outdated(self, session: PostgresSession) -> None:
        """Remove what former recipes for this encoder made and this user owns; other encoders' stay, as in a folder."""
        for prefix in tables.list_prefixes(session):
            if prefix == self._prefix or not tables.is_owner(session, prefix):
                continue
            state = tables.read_state(session, prefix)
            if state and encoder_name(state.recipe) == encoder_name(self._recipe):
                tables.drop_tables(session, prefix)

    def find_damage(self) -> list[str]:
        """That it is not there, where that is so: the server looks after the rest."""
        return [] if self.is_readable() else ["is not there yet"]

    def rebuild(self) -> None:
        """Make it anew from the library; what is not taken in yet is not found meanwhile."""
        with self._mutex:
            with self._change() as session:
                tables.drop_tables(session, self._prefix)
                self._create_tables(session)
                self._drop_outdated(session)
            self._update(None)

    def compact(self) -> bool:
        """Make the graphs that are missing of languages that have grown; whether there was need.

        Takes minutes for a million sentences, in which others search and add; whoever asks for the same meanwhile
        does nothing.
        """
        with self.open_snapshot():
            pass
        if not self._may_write():
            return False
        with self._mutex, self._hold_graphs() as is_alone:
            return is_alone and self._make_graphs()

    @contextmanager
    def _hold_graphs(self) -> Iterator[bool]:
        """Keep others from making graphs of this index; whether nobody else was about to."""
        key = f"{self._prefix} graphs"
        with self._database.read_transaction() as session:
            (is_alone,) = session.execute(
                "SELECT pg_try_advisory_lock(hashtext(current_schema()), hashtext(?))", (key,)
            ).fetchone()
        try:
            yield bool(is_alone)
        finally:
            if is_alone:
                with self._database.read_transaction() as session:
                    session.execute(
                        "SELECT pg_advisory_unlock(hashtext(current_schema()), hashtext(?))", (key,)
                    )

    def _make_graphs(self) -> bool:
        with self._change() as session:
            self._drop_outdated(session)
        with self._database.read_transaction() as session:
            missing = tables.missing_graphs(session, self._prefix, self._schema, self._dimensions)
        if not missing:
            return False
        try:
            for graph in missing:
                # What a killed process left; "CONCURRENTLY" waits for those who search, and has nobody wait.
                self._database.run_alone(f"DROP INDEX CONCURRENTLY IF EXISTS {graph.name}")
                megabytes = min(graph.megabytes, _MAX_BUILD_MEGABYTES)  # what does not fit is made far slower
                self._database.run_alone(f"SET maintenance_work_mem = '{megabytes}MB'")
                self._database.run_alone(graph.statement)
        finally:
            with suppress(LibraryError):  # the connection is gone, and what was set with it
                self._database.run_alone("RESET maintenance_work_mem")
        self._database.run_alone(f"ANALYZE {self._prefix}_sentences, {self._prefix}_articles")
        return True


def find_vector_schema(session: PostgresSession) -> str:
    """Where pgvector lies in the database, as a quoted name; empty where it is not, or is too old."""
    row = session.execute(
        """SELECT quote_ident(nspname), extversion FROM pg_extension
        JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = 'vector' AND has_schema_privilege(extnamespace, 'USAGE')"""
    ).fetchone()
    if row is None:
        return ""
    version = tuple(int(part) for part in row[1].split(".")[:2] if part.isdigit())
    return str(row[0]) if version >= _MIN_VECTOR_VERSION else ""
