"""Which search index a library has: one in files, or where it is shared, one in its database."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.library import Library
from crosslingual.library.postgres import PostgresDatabase
from crosslingual.search import postgres_tables as tables
from crosslingual.search.index import SearchIndex
from crosslingual.search.postgres_index import PostgresIndex, find_vector_schema
from crosslingual.search.protocol import LibraryIndex


def open_index(library: Library, space: Space) -> LibraryIndex:
    """The search index of ``library`` in ``space``; close it when you are done.

    A shared library has it in its database where that has pgvector, and where this user may make or read it;
    otherwise in files on this computer, as a library in a folder has it.

    Raises:
        LibraryError: the server does not answer.
    """
    database = library.connect_again()
    if database is None:
        return SearchIndex(library, space)
    with ExitStack() as stack:
        stack.callback(database.close)
        if schema := _prepare_vectors(database):
            index = PostgresIndex(library, space, database, schema)
            if index.is_usable():
                stack.pop_all()
                return index
    return SearchIndex(library, space)


def forget_removed_words(library: Library) -> list[str]:
    """Have the indexes in the database of a shared library forget the words and vectors of removed articles.

    Returns what those are called that this user may not change.

    Raises:
        LibraryError: the database cannot be written.
    """
    database = library.connect_again()
    left: list[str] = []
    if database is None:
        return left
    with closing(database), database.write_transaction(is_derived=True) as session:
        for prefix in tables.list_prefixes(session):
            if not (tables.read_state(session, prefix) and tables.may_write(session, prefix)):
                left.append(prefix)
                continue
            gone, _ = tables.find_differences(session, prefix)
            tables.remove_articles(session, prefix, gone)
            tables.mark_changed(session, prefix)
    return left


def _prepare_vectors(database: PostgresDatabase) -> str:
    """Where pgvector lies, which is put into the database if it may; empty where it cannot be used."""
    with database.read_transaction() as session:
        schema = find_vector_schema(session)
        if schema or database.is_read_only:
            return schema
    # The schema of all users, so that other libraries of the database find it too.
    with suppress(LibraryError):
        database.run_alone("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    with database.read_transaction() as session:
        return find_vector_schema(session)
