"""Search in files and in PostgreSQL, side by side: recall and time, with and without filters.

    python -m bench.many [SIZE] [--vectors FILE] [--queries 200]

SIZE sentences, 100000 when not given, are grown from real ones as in bench/search.py, in six languages of unequal
size, by 40 sources over 15 years, with words as often as in texts. Both indexes are made of the same vectors, through
the code that is in use; a PostgreSQL server is started for it (make test-cluster installs what that needs).
Recall is against all vectors compared one by one. Each query is asked of both in turn. Time is that of
processors, of this process and of the server's that answers, since other programmes disturb it less; the server
uses one process for a query here. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.search import LANGS, grown, real
from crosslingual.align.space import Space, load_space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.library import ArticleEntry, Library
from crosslingual.search import Filters, SearchIndex, maintenance, open_index
from crosslingual.search import postgres_tables as tables
from crosslingual.search.article_words import SENTENCES_PER_CHUNK, ArticleWords
from crosslingual.search.expressions import any_word
from crosslingual.search.index_db import IndexDatabase
from crosslingual.search.postgres_index import PostgresIndex
from crosslingual.search.protocol import SearchView
from crosslingual.settings import Settings
from crosslingual.types import FloatArray, Source
from tests.helpers.postgres_server import PostgresServer

SHARES = (0.4, 0.2, 0.25, 0.05, 0.05, 0.05)
"""Of the languages of bench/search.py."""
ARTICLE, SOURCES, VOCABULARY, WORDS, TOP = 20, 40, 50_000, 12, 10
SOURCE_LIST = {f"s{number}": Source(f"s{number}", f"S{number}") for number in range(SOURCES)}


def make_entries(count: int) -> list[ArticleEntry]:
    chance = np.random.default_rng(7)
    langs = chance.choice(len(LANGS), count // ARTICLE, p=SHARES)
    return [
        ArticleEntry(
            f"{number:016x}", f"s{chance.integers(SOURCES)}", LANGS[lang],
            f"{chance.integers(2010, 2025)}-{chance.integers(1, 13):02}-{chance.integers(1, 29):02}", "", "", ARTICLE,
        )
        for number, lang in enumerate(langs)
    ]  # fmt: skip


def iterate_articles(entries: Sequence[ArticleEntry], vectors: FloatArray) -> Iterator[list[ArticleWords]]:
    """Portions of 10,000 sentences; words are as frequent as Zipf has them."""
    step = SENTENCES_PER_CHUNK // ARTICLE
    chance = np.random.default_rng(8)
    for start in range(0, len(entries), step):
        portion = []
        for place, entry in enumerate(entries[start : start + step], start):
            drawn = np.minimum(chance.zipf(1.2, (ARTICLE, WORDS)), VOCABULARY)
            rows = [(" ".join(f"w{word}" for word in row), "") for row in drawn.tolist()]
            own = vectors[place * ARTICLE : (place + 1) * ARTICLE].astype(np.float32)
            portion.append(ArticleWords(entry, own, rows))
        yield portion


def fill_files(
    index: SearchIndex, recipe: str, revision: str, portions: Iterator[list[ArticleWords]]
) -> None:
    generation = index.folder / "bench"
    generation.mkdir(parents=True)
    catalogue = IndexDatabase(generation / "catalogue.db", recipe=recipe)
    for portion in portions:
        with catalogue.begin_change() as change:
            (first, *_) = [change.add_article(one.entry, one.word_rows) for one in portion]
            rows = np.concatenate([one.vectors for one in portion])
            ids = np.arange(first, first + len(rows), dtype=np.int64)
            change.add_part(maintenance.save_flat_part(generation, ids, rows))
    with catalogue.begin_change() as change:
        change.set_revision(revision)
    catalogue.close()
    (index.folder / "current").write_text("bench")


def fill_server(index: PostgresIndex, library: Library, portions: Iterator[list[ArticleWords]]) -> None:
    for portion in portions:
        add_to_server(index, portion)
    with index._change() as session:
        tables.mark_changed(session, index._prefix, library.revision)


def add_to_server(index: PostgresIndex, portion: list[ArticleWords]) -> None:
    with index._change() as session:
        if tables.read_state(session, index._prefix) is None:
            tables.create_tables(session, index._prefix, index._recipe, index._schema, index._dimensions)
            session.executemany(
                "INSERT INTO sources (id, record) VALUES (?, '{}')", [(source,) for source in SOURCE_LIST]
            )
        session.executemany(  # by hand: real articles would take hours to encode
            """INSERT INTO articles (number, id, source_id, lang, text, title, date, url)
            VALUES (nextval('article_numbers'), ?, ?, ?, '', '', ?, '')""",
            [(one.entry.article, one.entry.source, one.entry.lang, one.entry.date) for one in portion],
        )
        tables.insert_articles(session, index._prefix, portion)


def choose_filters(kind: str, number: int) -> Filters | None:
    year = 2010 + number % 12
    return {
        "everything": None,
        "a language": Filters(frozenset([LANGS[number % 6]])),
        "eight sources": Filters(sources=frozenset(f"s{(number + step) % SOURCES}" for step in range(8))),
        "three years": Filters(since=f"{year}-01-01", until=f"{year + 2}-12-31"),
        "a language, a month": Filters(
            frozenset([LANGS[number % 6]]), since=f"{year}-03-01", until=f"{year}-03-31"
        ),
    }[kind]


KINDS = ("everything", "a language", "eight sources", "three years", "a language, a month")


def find_filtered(view: SearchView, query: FloatArray, filters: Filters | None) -> list[int]:
    scope = view.select_scope(filters, SOURCE_LIST) if filters else None
    return view.find_nearest(query, TOP, scope.chosen if scope else None)[0].tolist()  # type: ignore[no-any-return]  # numpy


def ask_filtered(queries: FloatArray, kind: str, view: SearchView, number: int) -> object:
    return find_filtered(view, queries[number], choose_filters(kind, number))


def ask_each_language(queries: FloatArray, view: SearchView, number: int) -> object:
    return [view.find_nearest(queries[number], 50, view.narrow_scope([lang], None)) for lang in LANGS]


def ask_words(drawn: list[list[int]], view: SearchView, number: int) -> object:
    words = [f"w{word}" for word in drawn[number]]
    view.document_frequencies("said", words)
    asked = any_word("said", words)
    return view.match_words(asked, 200, None) if asked else []


def admitted_rows(entries: Sequence[ArticleEntry], filters: Filters | None) -> Any:
    if filters is None:
        return slice(None)
    held = [
        filters.admits_lang(one.lang)
        and filters.admits_source(SOURCE_LIST[one.source])
        and filters.admits_day(one.date)
        for one in entries
    ]
    return np.flatnonzero(np.repeat(held, ARTICLE))


def find_exactly(vectors: FloatArray, rows: Any, query: FloatArray) -> set[int]:
    numbers = np.arange(len(vectors)) if isinstance(rows, slice) else rows
    cosines = np.concatenate([
        vectors[numbers[start : start + 50_000]].astype(np.float32) @ query
        for start in range(0, max(len(numbers), 1), 50_000)
    ])  # fmt: skip
    return set(numbers[np.argsort(-cosines, kind="stable")[:TOP]].tolist())


class Clock:
    """Processor time of this process and of the one that answers it, in milliseconds; and the time that passed."""

    def __init__(self, server_process: int) -> None:
        self._server = Path(f"/proc/{server_process}/schedstat")

    def _now(self) -> tuple[float, float, float]:
        server = int(self._server.read_text().split()[0]) / 1e6
        return 1000 * time.process_time(), server, 1000 * time.perf_counter()

    def measure(self, run: Callable[[], object]) -> tuple[float, float]:
        before = self._now()
        run()
        own, server, passed = (now - then for now, then in zip(self._now(), before, strict=True))
        return own + server, passed


def compare(
    clock: Clock, views: dict[str, SearchView], ask: Callable[[SearchView, int], object], n_queries: int
) -> dict[str, dict[str, float]]:
    """Both stores in turn for each query: median and 95th percentile of each, and the ratio of the two."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in views}
    for number in range(-20, n_queries):
        for name, view in views.items():
            spent = clock.measure(partial(ask, view, abs(number)))
            if number >= 0:
                took[name].append(spent)
    told: dict[str, dict[str, float]] = {}
    for name, times in took.items():
        processor, passed = np.array(times).T
        told[name] = {
            "p50_ms": round(float(np.percentile(processor, 50)), 1),
            "p95_ms": round(float(np.percentile(processor, 95)), 1),
            "passed_p95_ms": round(float(np.percentile(passed, 95)), 1),
        }
    files, server = told["files"], told["postgres"]
    told["ratio"] = {key: round(server[key] / max(files[key], 0.05), 2) for key in files}
    return told


def measure(
    size: int, vectors: FloatArray, space: Space, queries: FloatArray, folder: Path
) -> dict[str, Any]:
    """Make both indexes, and compare them."""
    entries = make_entries(size)
    told: dict[str, Any] = {"sentences": size}
    server = PostgresServer()
    try:
        with Library(folder / "library") as library, Library(server.make_address()) as shared:
            files = SearchIndex(library, space)
            index = open_index(shared, space)
            if not isinstance(index, PostgresIndex):
                raise SystemExit("the server has no pgvector")
            steps: list[tuple[str, Callable[[], object]]] = [
                ("fill_files", lambda: fill_files(
                    files, maintenance.index_recipe(space), library.revision, iterate_articles(entries, vectors))),
                ("compact_files", files.compact),
                ("fill_postgres", lambda: fill_server(index, shared, iterate_articles(entries, vectors))),
                ("graphs_postgres", index.compact),
            ]  # fmt: skip
            for name, step in steps:
                started = time.perf_counter()
                step()
                told[f"{name}_s"] = round(time.perf_counter() - started, 1)
                print(name, told[f"{name}_s"], flush=True)
            index._database.run_alone("VACUUM ANALYZE")
            index._database.run_alone("SET max_parallel_workers_per_gather = 0")
            told |= compare_stores(files, index, entries, vectors, queries)
            started = time.perf_counter()
            add_to_server(index, more_articles(space))
            told["add_1000_postgres_s"] = round(time.perf_counter() - started, 2)
            files.close()
            index.close()
    finally:
        server.close()
    return told


def more_articles(space: Space) -> list[ArticleWords]:
    """1,000 sentences more."""
    rows = np.random.default_rng(5).normal(size=(1000, len(space.default_mean))).astype(np.float32)
    entries = [
        ArticleEntry(f"more{number}", "s0", "zh", "2025-01-01", "", "", ARTICLE) for number in range(50)
    ]
    words = [("w1 w2 w3", "")] * ARTICLE
    return [
        ArticleWords(one, normalize_rows(rows[number * ARTICLE : (number + 1) * ARTICLE]), words)
        for number, one in enumerate(entries)
    ]


def compare_stores(
    files: SearchIndex,
    index: PostgresIndex,
    entries: Sequence[ArticleEntry],
    vectors: FloatArray,
    queries: FloatArray,
) -> dict[str, Any]:
    """Recall and time by kind of filter; then a whole search's neighbours, and words."""
    told: dict[str, Any] = {"recall": {}, "time": {}}
    with files.open_snapshot() as one, index.open_snapshot() as other:
        views: dict[str, SearchView] = {"files": one, "postgres": other}
        (process,) = other._session.execute("SELECT pg_backend_pid()").fetchone()
        clock = Clock(process)
        for kind in KINDS:
            wanted = [
                find_exactly(vectors, admitted_rows(entries, choose_filters(kind, number)), query)
                for number, query in enumerate(queries[:50])
            ]
            told["recall"][kind] = {
                name: round(
                    float(np.mean([
                        len(true & set(find_filtered(view, queries[number], choose_filters(kind, number))))
                        / len(true)
                        for number, true in enumerate(wanted) if true
                    ])), 4)
                for name, view in views.items()
            }  # fmt: skip
            ask = partial(ask_filtered, queries, kind)
            told["time"][kind] = compare(clock, views, ask, len(queries))
            print(kind, told["recall"][kind], told["time"][kind], flush=True)
        ask = partial(ask_each_language, queries)
        told["time"]["50 of each language"] = compare(clock, views, ask, len(queries))
        drawn = np.random.default_rng(9).integers(50, 5000, (len(queries), 4)).tolist()
        told["time"]["four words"] = compare(clock, views, partial(ask_words, drawn), len(queries))
    return told


def main() -> None:
    """Print a table and JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument(
        "--vectors", type=Path, help="real vectors (n, d) to grow from, instead of the demo corpus"
    )
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    seeds = (
        normalize_rows(np.load(given.vectors).astype(np.float32)) if given.vectors else real(space, settings)
    )
    with tempfile.TemporaryDirectory() as name:
        size = given.size - given.size % ARTICLE
        path = Path(name) / "vectors.f2"
        with path.open("wb") as file:
            for piece in grown(seeds, size, np.random.default_rng(1)):
                file.write(piece.astype("<f2").tobytes())
        vectors = np.memmap(path, "<f2", "r", shape=(size, seeds.shape[1]))
        queries = next(grown(seeds, given.queries + 21, np.random.default_rng(2)))[: given.queries]
        told = measure(size, vectors, space, queries, Path(name))
    print(f"{'':24}{'recall files':>14}{'recall server':>14}{'p50 ms':>16}{'p95 ms':>16}{'p95 ratio':>10}")
    for kind, took in told["time"].items():
        recall = told["recall"].get(kind, {"files": "", "postgres": ""})
        pairs = [f"{took['files'][key]} / {took['postgres'][key]}" for key in ("p50_ms", "p95_ms")]
        print(f"{kind:24}{recall['files']:>14}{recall['postgres']:>14}{pairs[0]:>16}{pairs[1]:>16}"
              f"{took['ratio']['p95_ms']:>10}")  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
