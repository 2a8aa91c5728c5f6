"""The tables of a search index in PostgreSQL: made, filled, emptied of what is gone; a set for each recipe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosslingual.library.postgres_session import PostgresSession
from crosslingual.search.article_words import ArticleWords
from crosslingual.search.postgres_values import count_terms, list_terms, pack_terms, pack_vector
from crosslingual.search.postgres_view import has_graph

PREFIX = re.compile(r"search_[0-9a-f]{12}")
_PARTS = ("state", "articles", "sentences", "terms")
_TEXT = 'text COLLATE "C" NOT NULL'
_NEIGHBORS_PER_SENTENCE, _BUILD_VISITED = 16, 64
"""pgvector's ``m`` and ``ef_construction``, as it has them by default."""
_GRAPH_BYTES_PER_SENTENCE = 700
"""What a graph takes of memory while it is made, beside the vectors."""


@dataclass(frozen=True, slots=True)
class TableState:
    """``revision`` is that of the library when the two were last the same, ``recipe`` how the index was made.

    ``table`` is the server's number of these tables, which an index that is made anew has anew.
    """

    recipe: str
    revision: str
    table: int


def create_tables(session: PostgresSession, prefix: str, recipe: str, schema: str, dimensions: int) -> None:
    """Make an empty index, unless it is there; pgvector lies in ``schema``, a quoted name."""
    for statement in (
        f"""CREATE TABLE IF NOT EXISTS {prefix}_state (
            recipe {_TEXT}, revision {_TEXT}, version bigint NOT NULL, next_number bigint NOT NULL,
            n_terms bigint NOT NULL)""",
        f"""CREATE TABLE IF NOT EXISTS {prefix}_articles (
            article_number bigint PRIMARY KEY, article_id {_TEXT}, source_id {_TEXT}, lang {_TEXT}, day {_TEXT},
            n_sentences integer NOT NULL, first_number bigint NOT NULL)""",
        f"CREATE INDEX IF NOT EXISTS {prefix}_article_id ON {prefix}_articles (article_id)",
        # Each row as short as can be: a thousand of them are read for an answer.
        f"""CREATE TABLE IF NOT EXISTS {prefix}_sentences (
            number bigint PRIMARY KEY, article_number bigint NOT NULL, lang {_TEXT}, source_id {_TEXT}, day {_TEXT},
            vector {schema}.halfvec({dimensions}) NOT NULL, words tsvector NOT NULL)""",
        f"CREATE INDEX IF NOT EXISTS {prefix}_article ON {prefix}_sentences (article_number)",
        f"CREATE INDEX IF NOT EXISTS {prefix}_lang ON {prefix}_sentences (lang, number)",
        f"CREATE INDEX IF NOT EXISTS {prefix}_words ON {prefix}_sentences USING gin (words)",
        f"CREATE TABLE IF NOT EXISTS {prefix}_terms (term {_TEXT} PRIMARY KEY, n_sentences bigint NOT NULL)",
    ):
        session.execute(statement)
    session.execute(
        f"""INSERT INTO {prefix}_state SELECT ?, '', 0, 0, 0
        WHERE NOT EXISTS (SELECT 1 FROM {prefix}_state)""",  # noqa: S608  # own names, here and below
        (recipe,),
    )


def read_state(session: PostgresSession, prefix: str) -> TableState | None:
    """How the index stands; None where there is none, or this user may not read it."""
    (may_read,) = session.execute(
        """SELECT coalesce(bool_and(has_table_privilege(oid, 'SELECT')) AND count(*) = 4, false) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname IN (?texts)""",
        ([f"{prefix}_{part}" for part in _PARTS],),
    ).fetchone()
    if not may_read:
        return None
    row = session.execute(f"SELECT recipe, revision, tableoid::bigint FROM {prefix}_state").fetchone()  # noqa: S608
    return TableState(*row) if row else None


def may_write(session: PostgresSession, prefix: str) -> bool:
    """Whether this user may change the index, or make it where there is none."""
    found = session.execute(
        """SELECT has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE')
        AND has_table_privilege(oid, 'DELETE') FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname IN (?texts)""",
        ([f"{prefix}_{part}" for part in _PARTS],),
    ).fetchall()
    if len(found) == len(_PARTS):
        return all(may for (may,) in found)
    return bool(session.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()[0])


def list_prefixes(session: PostgresSession) -> list[str]:
    """Those of all indexes of the library."""
    rows = session.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    )
    names = (str(name).removesuffix("_state") for (name,) in rows if str(name).endswith("_state"))
    return [name for name in names if PREFIX.fullmatch(name)]


def is_owner(session: PostgresSession, prefix: str) -> bool:
    """Whether this user may make graphs of an index, and remove it."""
    (is_own,) = session.execute(
        """SELECT coalesce(bool_and(pg_has_role(relowner, 'USAGE')), false) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname IN (?texts)""",
        ([f"{prefix}_{part}" for part in _PARTS],),
    ).fetchone()
    return bool(is_own)


def drop_tables(session: PostgresSession, prefix: str) -> None:
    """Remove an index."""
    for part in _PARTS:
        session.execute(f"DROP TABLE IF EXISTS {prefix}_{part}")


def find_differences(session: PostgresSession, prefix: str) -> tuple[list[int], list[str]]:
    """Numbers of articles that the index has and the library has not, or not so; ids of those to be taken in."""
    rows = session.execute(
        f"""SELECT article_number, number, id FROM {prefix}_articles AS own
        FULL JOIN articles ON article_number = number
        WHERE article_number IS NULL OR number IS NULL OR article_id <> id OR own.lang <> articles.lang
        OR own.source_id <> articles.source_id OR day <> left(date, 10) ORDER BY number"""  # noqa: S608
    ).fetchall()
    return [own for own, *_ in rows if own is not None], [id_ for _, _, id_ in rows if id_ is not None]


def remove_articles(session: PostgresSession, prefix: str, numbers: Sequence[int]) -> None:
    """Take articles out, with their words."""
    if not numbers:
        return
    session.execute(
        f"""WITH gone AS (DELETE FROM {prefix}_sentences WHERE article_number IN (?numbers) RETURNING words),
        counted AS (SELECT lexeme, count(*) AS n_gone FROM gone, unnest(words) GROUP BY lexeme),
        less AS (UPDATE {prefix}_terms SET n_sentences = n_sentences - n_gone FROM counted WHERE term = lexeme)
        UPDATE {prefix}_state SET n_terms = n_terms - (SELECT coalesce(sum(length(words)), 0) FROM gone)""",  # noqa: S608
        (list(numbers),),
    )
    session.execute(f"DELETE FROM {prefix}_terms WHERE n_sentences <= 0")  # noqa: S608
    session.execute(f"DELETE FROM {prefix}_articles WHERE article_number IN (?numbers)", (list(numbers),))  # noqa: S608


def insert_articles(session: PostgresSession, prefix: str, articles: Sequence[ArticleWords]) -> None:
    """Take articles in that are still in the library, unless others have."""
    numbers = dict(
        session.execute(
            f"""SELECT id, number FROM articles WHERE id IN (?texts)
            AND NOT EXISTS (SELECT 1 FROM {prefix}_articles WHERE article_number = number)""",  # noqa: S608
            ([one.entry.article for one in articles],),
        ).fetchall()
    )
    new = [one for one in articles if one.entry.article in numbers]
    (after,) = session.execute(
        f"UPDATE {prefix}_state SET next_number = next_number + ? RETURNING next_number",  # noqa: S608
        (sum(len(one.word_rows) for one in new),),
    ).fetchone()
    number = after - sum(len(one.word_rows) for one in new)
    article_rows, sentence_rows, all_terms = [], [], []
    for one in new:
        entry = one.entry
        shared = (entry.lang, entry.source, entry.date[:10])
        own = numbers[entry.article]
        article_rows.append((own, entry.article, *shared, len(one.word_rows), number))
        for vector, words in zip(one.vectors, one.word_rows, strict=True):
            terms = list_terms(*words)
            all_terms.append(terms)
            sentence_rows.append((number, own, *shared, pack_vector(vector), pack_terms(terms)))
            number += 1
    session.executemany(
        f"""INSERT INTO {prefix}_articles
        (article_number, article_id, lang, source_id, day, n_sentences, first_number)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",  # noqa: S608
        article_rows,
    )
    session.executemany(
        f"""INSERT INTO {prefix}_sentences (number, article_number, lang, source_id, day, vector, words)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",  # noqa: S608
        sentence_rows,
    )
    counts = count_terms(all_terms)
    session.execute(
        f"""INSERT INTO {prefix}_terms AS own SELECT * FROM unnest(?::text[], ?::bigint[])
        ON CONFLICT (term) DO UPDATE SET n_sentences = own.n_sentences + excluded.n_sentences""",  # noqa: S608
        (list(counts), list(counts.values())),
    )
    session.execute(f"UPDATE {prefix}_state SET n_terms = n_terms + ?", (sum(map(len, all_terms)),))  # noqa: S608


def mark_changed(session: PostgresSession, prefix: str, revision: str | None = None) -> None:
    """Have views see that the index is another; with a ``revision``, the library's at that."""
    session.execute(
        f"UPDATE {prefix}_state SET version = version + 1, revision = coalesce(?::text, revision)",  # noqa: S608
        (revision,),
    )


@dataclass(frozen=True, slots=True)
class MissingGraph:
    """The graph of a language that has grown: its name, the statement that makes it, megabytes that this takes."""

    name: str
    statement: str
    megabytes: int


def missing_graphs(session: PostgresSession, prefix: str, schema: str, dimensions: int) -> list[MissingGraph]:
    """The graphs that languages have grown to need and have not; only the tables' owner may make them."""
    if not is_owner(session, prefix):
        return []
    sizes = session.execute(
        f"SELECT lang, sum(n_sentences)::bigint FROM {prefix}_articles GROUP BY lang"  # noqa: S608
    ).fetchall()
    valid = session.execute(
        """SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid
        WHERE relnamespace = current_schema()::regnamespace AND indisvalid"""
    )
    standing = {name for (name,) in valid}
    bytes_per_sentence = 2 * dimensions + _GRAPH_BYTES_PER_SENTENCE
    return [
        MissingGraph(
            name,
            f"""CREATE INDEX CONCURRENTLY {name} ON {prefix}_sentences USING hnsw
            (vector {schema}.halfvec_ip_ops) WITH (m = {_NEIGHBORS_PER_SENTENCE}, ef_construction = {_BUILD_VISITED})
            WHERE lang = '{lang}'""",
            64 + size * bytes_per_sentence // 10**6,
        )
        for lang, size in sizes
        if has_graph(lang, size)
        for name in [f"{prefix}_near_{lang.lower().replace('-', '_')}"]
        if name not in standing
    ]
