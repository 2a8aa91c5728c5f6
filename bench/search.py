"""Search among many sentences: time, memory and recall by the size of the library.

    python bench/search.py [SIZE …] [--vectors FILE]

Sizes are 100000, 300000 and 1000000 when none is given. Sentences are grown from real ones, those of the
demo corpus or, with --vectors, those of an .npy file (n, d), mapped as search compares them: each new
vector is one of them, moved towards another and by the difference of two more, so that they lie in crowds
and directions as sentences do. They are written into the files of a library and its index; then everything
is as in use: the index is compressed by ``compact``, opened in a process of its own, searched by
``IndexSnapshot.find_nearest`` with and without filters, and 1,000 sentences are added. Recall is against all vectors
compared one by one. Beside it the bare call of FAISS on the same part of the index, with the same ids
chosen. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from crosslingual.align.space import DEMO_FOLDER, Space, load_space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.index import CompressedIndex
from crosslingual.index.compressed import EXTRA_CANDIDATES
from crosslingual.library import ArticleEntry, Library
from crosslingual.model_store import load_encoder
from crosslingual.search import (
    Filters,
    SearchIndex,
    maintenance,
)
from crosslingual.search.article_words import join_word_forms
from crosslingual.search.index_db import IndexDatabase
from crosslingual.settings import Settings
from crosslingual.tmx import read_tmx
from crosslingual.types import Article, FloatArray, Sentence, Source

SIZES = (100_000, 300_000, 1_000_000)
ARTICLE, PIECE = 20, 50_000
LANGS, SOURCES = ("zh", "ru", "en", "de", "fr", "uk"), 40
QUERIES, TOP = 300, 10


def real(space: Space, settings: Settings) -> FloatArray:
    """Vectors of the demo corpus, as search compares them."""
    entries = [entry for path in sorted(DEMO_FOLDER.glob("*/memory.tmx")) for entry in read_tmx(path)]
    encoder = load_encoder(settings.encoder, settings.home)
    rows = encoder.encode([entry.src for entry in entries])
    return np.concatenate(
        [space.project_vectors(row[None], entry.src_lang) for row, entry in zip(rows, entries, strict=True)]
    )


def grown(seeds: FloatArray, count: int, chance: np.random.Generator) -> Iterator[FloatArray]:
    for start in range(0, count, PIECE):
        size = min(PIECE, count - start)
        one, other, third, fourth = seeds[chance.integers(len(seeds), size=(4, size))]
        near = chance.uniform(0, 0.8, (size, 1)).astype(np.float32)
        yield normalize_rows(one + near * other + np.float32(0.4) * (third - fourth))


def write(library: Library, space: Space, count: int, seeds: FloatArray) -> SearchIndex:
    """A library of ``count`` made-up sentences, and its index with nothing compressed yet."""
    library.put_sources(Source(f"s{number}", f"S{number}") for number in range(SOURCES))
    entries = [
        ArticleEntry(
            f"{number:016x}",
            f"s{number % SOURCES}",
            LANGS[number % len(LANGS)],
            f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}",
            "",
            "",
            ARTICLE,
        )
        for number in range(count // ARTICLE)
    ]
    texts = [f"Sentence {place} of many." for place in range(ARTICLE)]
    spans = [(place, sum(len(text) + 1 for text in texts[:place])) for place in range(ARTICLE)]
    db = sqlite3.connect(library.path / "library.db")  # by hand: real articles would take hours to encode
    db.executemany(
        "INSERT INTO articles (id, source_id, lang, text, title, date, url) VALUES (?, ?, ?, ?, '', ?, '')",
        ((one.article, one.source, one.lang, "\n".join(texts), one.date) for one in entries),
    )
    db.execute(
        """INSERT INTO sentences (article_number, sentence_index, start, "end")
        SELECT number, json_extract(value, '$[0]'), json_extract(value, '$[1]'),
        json_extract(value, '$[1]') + 20 FROM articles, json_each(?)""",
        (json.dumps(spans),),
    )
    db.execute(
        """UPDATE state SET revision = revision + 1,
        last_article_number = (SELECT max(number) FROM articles)"""
    )
    db.commit()
    db.close()
    index = SearchIndex(library, space)
    generation = index.folder / "bench"
    generation.mkdir(parents=True)
    catalogue = IndexDatabase(generation / "catalogue.db", recipe=maintenance.index_recipe(space))
    words = [(join_word_forms(text, "en"), "") for text in texts]
    numbers = iter(range(0, count, PIECE))
    with catalogue.begin_change() as change:
        for entry in entries:
            change.add_article(entry, words)
        for start, rows in zip(numbers, grown(seeds, count, np.random.default_rng(1)), strict=True):
            ids = np.arange(start, start + len(rows), dtype=np.int64)
            change.add_part(maintenance.save_flat_part(generation, ids, rows))
        change.set_revision(library.revision)
    catalogue.close()
    (index.folder / "current").write_text("bench")
    return index


def percentile(run: Callable[[int], object], warm: int = 30) -> dict[str, float]:
    """Milliseconds of ``run`` for each query."""
    for number in range(warm):
        run(number)
    took = []
    for number in range(QUERIES):
        start = time.perf_counter()
        run(number)
        took.append(1000 * (time.perf_counter() - start))
    return {"p50": round(float(np.median(took)), 2), "p95": round(float(np.percentile(took, 95)), 2)}


def memory(kind: str) -> float:
    """Megabytes of this process: VmRSS, or RssAnon without what is only mapped."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(kind):
            return round(int(line.split()[1]) / 1000, 1)
    return 0.0


def chosen(number: int) -> Filters:
    """Another filter for each query: a language and years, some sources, or a span of years."""
    year = 2010 + number % 12
    return (
        Filters(frozenset([LANGS[number % 6]]), since=f"{year}-01-01"),
        Filters(sources=frozenset(f"s{(number + step) % SOURCES}" for step in range(8))),
        Filters(since=f"{year}-01-01", until=f"{year + 2}-12-31"),
    )[number % 3]


def measure(folder: Path) -> dict[str, object]:
    """In a process that did not make the index."""
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    queries = np.load(folder / "queries.npy")
    before = memory("VmRSS"), memory("RssAnon")
    start = time.perf_counter()
    library = Library(folder / "library", create=False)
    index = SearchIndex(library, space)
    with index.open_snapshot() as view:
        opened = time.perf_counter() - start
        sources = {source.id: source for source in library.stored_sources()}

        def plain(number: int) -> object:
            return view.find_nearest(queries[number], TOP, None)

        def filtered(number: int) -> object:
            return view.find_nearest(queries[number], TOP, view.select_scope(chosen(number), sources).chosen)

        told: dict[str, object] = {"opened_s": round(opened, 2), "plain_ms": percentile(plain)}
        told["filtered_ms"] = percentile(filtered)
        told["each_language_ms"] = percentile(
            lambda number: [
                view.find_nearest(queries[number], 50, view.narrow_scope([lang], None)) for lang in LANGS
            ]
        )
        told["memory_mb"] = round(memory("VmRSS") - before[0], 1)
        told["memory_not_mapped_mb"] = round(memory("RssAnon") - before[1], 1)
        parts = [part for part in view.parts if isinstance(part, CompressedIndex)]
        told["kinds"] = sorted({type(part).__name__ for part in view.parts})
        if parts and len(view.parts) == len(parts):
            cut = parts[0].reduce_dimensions(queries)
            bare = percentile(
                lambda number: [
                    part.search_coarse(cut[number][None], TOP + EXTRA_CANDIDATES, None) for part in parts
                ]
            )
            told["bare_ms"] = bare
            told["overhead"] = round(told["plain_ms"]["p50"] / bare["p50"], 2)  # type: ignore[index]  # ours
        found = {
            "plain": [view.find_nearest(query, TOP, None)[0] for query in queries[:100]],
            "filtered": [
                view.find_nearest(query, TOP, view.select_scope(chosen(number), sources).chosen)[0]
                for number, query in enumerate(queries[:100])
            ],
        }
        masks = [view.select_scope(chosen(number), sources).chosen for number in range(100)]
        told["recall@10"] = recall(view.parts, queries[:100], found, masks)
    told["add_1000_s"] = added(library, index, space)
    library.close()
    return told


def recall(parts: object, queries: FloatArray, found: dict[str, list], masks: list) -> dict[str, float]:  # type: ignore[type-arg]  # plain lists
    best = {kind: [(np.zeros(0), np.zeros(0, np.int64))] * len(queries) for kind in found}
    for part in parts:  # type: ignore[attr-defined]  # the view's
        for start in range(0, len(part.ids), PIECE):
            places = np.arange(start, min(start + PIECE, len(part.ids)))
            cosines, ids = queries @ part.vectors_at(places).T, part.ids[places]
            for kind in found:
                for number, row in enumerate(cosines):
                    here = np.where(masks[number][ids], row, -2) if kind == "filtered" else row
                    top = np.argpartition(-here, TOP)[:TOP]
                    scores = np.concatenate([best[kind][number][0], here[top]])
                    names = np.concatenate([best[kind][number][1], ids[top]])
                    order = np.argsort(-scores)[:TOP]
                    best[kind][number] = scores[order], names[order]
    return {
        kind: round(
            float(np.mean([len(set(own.tolist()) & set(true.tolist())) / TOP for own, (_, true) in
                           zip(found[kind], best[kind], strict=True)])), 4)
        for kind in found
    }  # fmt: skip


def added(library: Library, index: SearchIndex, space: Space) -> float:
    """Seconds until 1,000 sentences that the library has taken in can be found."""
    with index.open_snapshot():
        pass
    lines = [f"The minister told reporters on day {number} that talks would go on." for number in range(1000)]
    batch = []
    for start in range(0, 1000, ARTICLE):
        own = lines[start : start + ARTICLE]
        article = Article("s0", "en", "\n".join(own))
        offsets = np.cumsum([0, *(len(line) + 1 for line in own)]).tolist()
        batch.append(
            (
                article,
                [
                    Sentence(article.id, i, offsets[i], offsets[i] + len(line), line)
                    for i, line in enumerate(own)
                ],
            )
        )
    rows = normalize_rows(
        np.random.default_rng(5).normal(size=(1000, len(space.default_mean))).astype(np.float32)
    )
    library.add_articles(batch, space.model, lines, rows)
    start_at = time.perf_counter()
    with index.open_snapshot() as view:
        if batch[-1][0].id not in {entry.article for entry in view.article_entries()}:
            raise SystemExit("what was added is not found")
    return round(time.perf_counter() - start_at, 2)


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--measure"]:
        print(json.dumps(measure(Path(arguments[1]))))
        return
    vectors = arguments.pop(arguments.index("--vectors") + 1) if "--vectors" in arguments else None
    sizes = [int(one) for one in arguments if one != "--vectors"] or SIZES
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    seeds = normalize_rows(np.load(vectors).astype(np.float32)) if vectors else real(space, settings)
    told = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with Library(folder / "library") as library:
                index = write(library, space, size, seeds)
                start = time.perf_counter()
                changed = index.compact()
                built = round(time.perf_counter() - start, 1)
                index.close()
            np.save(folder / "queries.npy", next(grown(seeds, 2 * QUERIES, np.random.default_rng(2))))
            done = subprocess.run(
                [sys.executable, __file__, "--measure", str(folder)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            disk = sum(
                path.stat().st_size for path in (folder / "library" / "index").rglob("*") if path.is_file()
            )
            told[size] = json.loads(done.stdout.splitlines()[-1]) | {
                "compressed": changed,
                "built_s": built,
                "disk_mb": round(disk / 1e6),
                "peak_building_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
            }
            print(size, json.dumps(told[size]), flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
