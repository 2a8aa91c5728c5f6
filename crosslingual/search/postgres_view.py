"""A search index in PostgreSQL as one transaction sees it: pgvector finds what is near, tsvector what has words."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from crosslingual.library import ArticleEntry
from crosslingual.library.postgres_session import PostgresSession
from crosslingual.search.expressions import Column, WordExpression, Words, iterate_words
from crosslingual.search.postgres_values import make_term, pack_vector, unpack_vectors, write_query
from crosslingual.search.protocol import SearchScope, SentenceNumbers, SentencePlace, load_background
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray, Source

MAX_EXACT_SENTENCES = 5_000
"""Sentences of a language up to which all vectors are compared; of more, a graph may be walked."""
_MIN_VISITED, _MAX_VISITED = 200, 1_000
"""Sentences that a walk keeps in sight, at least and at most (pgvector's ``ef_search``)."""
_VISITED_PER_RESULT = 4
_COMPARED_PER_VISITED = 8
"""Sentences that are compared in the time in which a walk visits one."""
_MAX_GROWN_SHARE = 0.01
"""Share of new sentences from which those that tell what is near to anything are chosen anew."""
_GRAPH_LANG = re.compile(r"[A-Za-z][A-Za-z-]{1,11}")
_BM25_SATURATION, _BM25_LENGTH_WEIGHT = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), as SQLite's FTS5 has them."""

Condition = tuple[str, tuple[Any, ...]]
"""SQL over the columns that articles and sentences of an index share, with its values."""


@dataclass(frozen=True, slots=True)
class SqlScope:
    """Some of the sentences: what has to hold of them, and how many there are of each language."""

    conditions: tuple[Condition, ...]
    lang_sizes: Mapping[str, int]


@dataclass(slots=True)
class ViewCache:
    """What views of an index share: of one version, but for the backgrounds, which few new sentences do not change."""

    version: tuple[int, int] = (0, -1)
    """The tables' own number, which a rebuilt index has anew, and how often they were changed."""
    whole: SearchScope | None = None
    backgrounds: dict[str, tuple[int, FloatArray]] = field(default_factory=dict)
    """By language, with how many sentences the index held then."""


class PostgresView:
    """A ``SearchView`` whose filters are ``SqlScope``."""

    def __init__(
        self, session: PostgresSession, prefix: str, vector_schema: str, dimensions: int, cache: ViewCache
    ) -> None:
        """Of the tables that begin with ``prefix``; pgvector lies in ``vector_schema``, a quoted name."""
        self._session, self._prefix, self._dimensions, self._cache = session, prefix, dimensions, cache
        self._distance = f"OPERATOR({vector_schema}.<#>)"
        self._vector_type = f"{vector_schema}.halfvec"
        table, version, self._n_terms = self._row(
            f"SELECT tableoid::bigint, version, n_terms FROM {prefix}_state"  # noqa: S608  # own names, here and below
        )
        if cache.version[0] != table:
            cache.backgrounds.clear()
        if cache.version != (table, version):
            cache.version, cache.whole = (table, version), None
        if cache.whole is None:
            cache.whole = self._count_scope(())
        self._whole: SqlScope = cache.whole.chosen
        self.n_sentences = cache.whole.n_sentences

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._session.execute(statement, values).fetchall())

    def _row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        return self._session.execute(statement, values).fetchone()

    def article_entries(self) -> list[ArticleEntry]:
        """All articles that it holds; of one that is in the library no longer, what is known."""
        rows = self._rows(
            f"""SELECT own.article_id, own.source_id, own.lang, coalesce(articles.date, own.day),
            coalesce(title, ''), coalesce(url, ''), own.n_sentences FROM {self._prefix}_articles AS own
            LEFT JOIN articles ON number = article_number AND id = article_id ORDER BY article_number"""  # noqa: S608
        )
        return [ArticleEntry(*row) for row in rows]

    def select_scope(self, filters: Filters, sources: Mapping[str, Source]) -> SearchScope:
        """What the filters let through; ``sources`` are the library's, by id."""
        conditions: list[Condition] = []
        if filters.langs:
            conditions.append(("lang IN (?texts)", (sorted(filters.langs),)))
        if filters.sources or filters.countries or filters.ownerships:
            admitted = sorted(id_ for id_, source in sources.items() if filters.admits_source(source))
            conditions.append(("source_id IN (?texts)", (admitted,)))
        if filters.since:
            conditions.append(("day >= ?", (filters.since,)))
        if filters.until:
            conditions.append(("day <> '' AND day <= ?", (filters.until,)))
        if filters.articles is not None:
            statement = f"SELECT article_number FROM {self._prefix}_articles WHERE article_id IN (?texts)"  # noqa: S608
            numbers = [number for (number,) in self._rows(statement, (sorted(filters.articles),))]
            conditions.append(("article_number IN (?numbers)", (numbers,)))
        if not conditions and self._cache.whole:
            return self._cache.whole
        return self._count_scope(tuple(conditions))

    def _count_scope(self, conditions: tuple[Condition, ...]) -> SearchScope:
        where, values = _join_conditions(conditions)
        rows = self._rows(
            f"""SELECT lang, source_id, count(*), sum(n_sentences)::bigint FROM {self._prefix}_articles
            WHERE {where} GROUP BY lang, source_id""",  # noqa: S608
            values,
        )
        sizes: dict[str, int] = defaultdict(int)
        for lang, _, _, n_sentences in rows:
            sizes[lang] += n_sentences
        langs = sorted((lang for lang in sizes if sizes[lang]), key=lambda lang: (-sizes[lang], lang))
        return SearchScope(
            SqlScope(conditions, {lang: sizes[lang] for lang in langs}),
            tuple(langs),
            len({source for _, source, *_ in rows}),
            sum(n_articles for *_, n_articles, _ in rows),
            sum(sizes.values()),
        )

    def narrow_scope(self, langs: Collection[str], chosen: SqlScope | None) -> SqlScope:
        """Those of the ``chosen`` sentences that stand in articles in one of ``langs``."""
        scope = chosen or self._whole
        sizes = {lang: size for lang, size in scope.lang_sizes.items() if lang in langs}
        return SqlScope((*scope.conditions, ("lang IN (?texts)", (list(sizes),))), sizes)

    def find_nearest(
        self, query: FloatArray, k: int, chosen: SqlScope | None
    ) -> tuple[SentenceNumbers, FloatArray]:
        """Numbers and cosines of the sentences nearest to ``query`` (d,), best first; nearly always these."""
        scope = chosen or self._whole
        walked = [lang for lang in scope.lang_sizes if self._is_walked(lang, k, scope)]
        rest = [lang for lang in scope.lang_sizes if lang not in walked]
        rows = []
        for lang in walked:
            found = self._walk_graph(query, k, scope, lang)
            if len(found) < min(k, scope.lang_sizes[lang]):  # what the filter lets through lies far away
                found = self._compare_all(query, k, self.narrow_scope([lang], scope))
            rows += found
        if rest:
            rows += self._compare_all(query, k, self.narrow_scope(rest, scope))
        rows.sort(key=lambda row: (row[1], row[0]))
        numbers, distances = [row[0] for row in rows[:k]], [row[1] for row in rows[:k]]
        return np.array(numbers, np.int64), -np.array(distances, np.float32)

    def _is_walked(self, lang: str, k: int, scope: SqlScope) -> bool:
        size, whole = scope.lang_sizes[lang], self._whole.lang_sizes[lang]
        n_visited = max(_VISITED_PER_RESULT * k, _MIN_VISITED) * whole / size
        return has_graph(lang, whole) and size > _COMPARED_PER_VISITED * n_visited

    def _walk_graph(self, query: FloatArray, k: int, scope: SqlScope, lang: str) -> list[tuple[int, float]]:
        share = scope.lang_sizes[lang] / self._whole.lang_sizes[lang]
        visited = min(max(_VISITED_PER_RESULT * k, _MIN_VISITED), _MAX_VISITED)
        self._session.execute("SELECT set_config('hnsw.ef_search', ?, true)", (str(visited),))
        self._session.execute("SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true)")
        self._session.execute(
            "SELECT set_config('hnsw.max_scan_tuples', ?, true)",
            (str(math.ceil(2 * _VISITED_PER_RESULT * k / share) + _MAX_VISITED),),
        )
        self._session.execute("SELECT set_config('enable_sort', 'off', true)")  # its costs are guessed
        where, values = _join_conditions(scope.conditions)
        found = self._rows(
            f"""SELECT number, vector {self._distance} ?::{self._vector_type} FROM {self._prefix}_sentences
            WHERE lang = '{lang}' AND {where}
            ORDER BY vector {self._distance} ?::{self._vector_type} LIMIT ?""",  # noqa: S608  # has_graph saw lang
            (pack_vector(query), *values, pack_vector(query), k),
        )
        self._session.execute("SELECT set_config('enable_sort', 'on', true)")
        return found

    def _compare_all(self, query: FloatArray, k: int, scope: SqlScope) -> list[tuple[int, float]]:
        where, values = _join_conditions(scope.conditions)
        return self._rows(
            f"""WITH chosen AS MATERIALIZED (SELECT article_number FROM {self._prefix}_articles WHERE {where})
            SELECT number, vector {self._distance} ?::{self._vector_type} AS distance
            FROM chosen JOIN {self._prefix}_sentences USING (article_number)
            ORDER BY distance, number LIMIT ?""",  # noqa: S608
            (*values, pack_vector(query), k),
        )

    def match_words(self, expression: WordExpression, limit: int, chosen: SqlScope | None) -> list[int]:
        """Numbers of the sentences that fit, by BM25 the best first; for a limit of 0 all, in no order.

        Each word counts once a sentence, and its length is its different words.
        """
        where, values = _join_conditions((chosen or self._whole).conditions)
        fitting = f"FROM {self._prefix}_sentences WHERE words @@ ?::tsquery AND {where}"
        if not limit:
            rows = self._rows(f"SELECT number {fitting}", (write_query(expression), *values))
            return [number for (number,) in rows]
        words = list(dict.fromkeys(iterate_words(expression)))
        mean_length = self._n_terms / max(self.n_sentences, 1)
        base, per_term = 1 - _BM25_LENGTH_WEIGHT, _BM25_LENGTH_WEIGHT / max(mean_length, 1)
        rows = self._rows(
            f"""SELECT number {fitting} ORDER BY
            (SELECT sum(weight) FROM unnest(?::text[]::tsquery[], ?::float8[]) AS asked (word, weight)
            WHERE words @@ word)
            / (1 + {_BM25_SATURATION} * ({base} + {per_term} * length(words))) DESC NULLS LAST, number LIMIT ?""",  # noqa: S608
            (write_query(expression), *values, [*map(write_query, words)], self._weigh_words(words), limit),
        )
        return [number for (number,) in rows]

    def _weigh_words(self, words: Iterable[Words]) -> list[float]:
        """The inverse document frequency of each; of words side by side, that of the rarest."""
        terms = [[make_term(one.column, form) for form in one.forms] for one in words]
        counts = self._count_terms({term for own in terms for term in own})
        rarest = (min((counts.get(term, 0) for term in own), default=0) for own in terms)
        return [
            max(math.log((self.n_sentences - count + 0.5) / (count + 0.5)), 1e-6)
            if count < self.n_sentences
            else 1e-6
            for count in rarest
        ]

    def _count_terms(self, terms: Collection[str]) -> dict[str, int]:
        statement = f"SELECT term, n_sentences FROM {self._prefix}_terms WHERE term IN (?texts)"  # noqa: S608
        return dict(self._rows(statement, (sorted(terms),)))

    def document_frequencies(self, column: Column, forms: Collection[str]) -> dict[str, int]:
        """In how many sentences each of ``forms`` stands."""
        terms = {form: make_term(column, form) for form in forms}
        counts = self._count_terms(set(terms.values()))
        return {form: counts.get(term, 0) for form, term in terms.items()}

    def terms_with_prefix(self, column: Column, prefix: str) -> list[str]:
        """All terms of a column that begin with ``prefix``, which ends in an ASCII character."""
        first = make_term(column, prefix)
        rows = self._rows(
            f"SELECT term FROM {self._prefix}_terms WHERE term >= ? AND term < ? ORDER BY term",  # noqa: S608
            (first, first[:-1] + chr(ord(first[-1]) + 1)),
        )
        return [term[1:] for (term,) in rows]

    def load_vectors(self, numbers: Sequence[int]) -> FloatArray:
        """The mapped vectors (n, d) of sentences by their numbers, all of which are held."""
        statement = f"SELECT number, vector FROM {self._prefix}_sentences WHERE number IN (?numbers)"  # noqa: S608
        found = dict(self._rows(statement, (list(numbers),)))
        return unpack_vectors([found[number] for number in numbers], self._dimensions)

    def locate_sentences(self, numbers: Sequence[int]) -> dict[int, SentencePlace]:
        """Where sentences stand, by their numbers, of articles that are still in the library."""
        rows = self._rows(
            f"""SELECT number, article_number, number - first_number FROM {self._prefix}_sentences
            JOIN {self._prefix}_articles USING (article_number) WHERE number IN (?numbers)""",  # noqa: S608
            (list(numbers),),
        )
        places = {number: (article, int(index)) for number, article, index in rows}
        entries = {
            row[0]: ArticleEntry(*row[1:])
            for row in self._rows(
                f"""SELECT number, id, articles.source_id, articles.lang, date, title, url, n_sentences
                FROM articles JOIN {self._prefix}_articles ON article_number = number AND article_id = id
                WHERE number IN (?numbers)""",  # noqa: S608
                (list({article for article, _ in places.values()}),),
            )
        }
        return {
            number: (entries[places[number][0]], places[number][1])
            for number in numbers
            if number in places and places[number][0] in entries
        }

    def sample_numbers(self, count: int, lang: str = "") -> list[int]:
        """Numbers of ``count`` sentences at even distances, or of all; of those in ``lang`` alone where it is given."""
        size = self._whole.lang_sizes.get(lang, 0) if lang else self.n_sentences
        places = np.linspace(0, max(size - 1, 0), min(size, count)).astype(np.intp).tolist()
        rows = self._rows(
            f"""SELECT number FROM (SELECT number, row_number() OVER (ORDER BY number) - 1 AS place
            FROM {self._prefix}_sentences {"WHERE lang = ?" if lang else ""}) AS numbered
            WHERE place IN (?numbers) ORDER BY number""",  # noqa: S608
            (*([lang] if lang else []), places),
        )
        return [number for (number,) in rows]

    def background_vectors(self, lang: str) -> FloatArray:
        """(n, d) of some sentences in ``lang``, or in all languages where there are few in that one."""
        size, kept = self._cache.backgrounds.get(lang, (-1, None))
        if kept is None or abs(self.n_sentences - size) > _MAX_GROWN_SHARE * size:
            kept = load_background(self, lang)
            self._cache.backgrounds[lang] = self.n_sentences, kept
        return kept


def has_graph(lang: str, n_sentences: int) -> bool:
    """Whether a language with so many sentences gets a graph; where its code is none, it is compared in full."""
    return n_sentences > MAX_EXACT_SENTENCES and bool(_GRAPH_LANG.fullmatch(lang))


def _join_conditions(conditions: Sequence[Condition]) -> Condition:
    return (
        " AND ".join(["true", *(f"({text})" for text, _ in conditions)]),
        tuple(value for _, values in conditions for value in values),
    )
