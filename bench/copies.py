"""What it costs to find the copies among 1,000 new articles, in libraries of growing size.

    python -m bench.copies [--sizes 10000 100000 1000000] [--new 1000] [--per-day 1000] [--library DIR]

Articles, vectors and what they are about are made up as in bench/events.py, with four sentences each: nothing is
encoded. What stands has been looked at before, and is put down as such. Of the new ones, of the last day, one in ten is
a copy of an older article, one in fifty of one of any day. Printed is processor time, by size, how many of these copies
were found, and the most memory that the process took so far.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.events import DIMENSIONS, LAST_DAY, MODEL, iterate_articles, make_profile, make_space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.events.duplicate_finder import MAX_COMPARED, DuplicateFinder
from crosslingual.events.duplicate_store import DuplicateStore
from crosslingual.events.duplicates import _store_path, find_duplicates
from crosslingual.events.profiles import profile_key
from crosslingual.library import Library
from crosslingual.types import Article, Sentence, Source

BATCH, SENTENCES = 5_000, 4


def make_article(plain: Article, number: int) -> Article:
    lines = [
        f"What was said as number {place} of article {number} is told here." for place in range(SENTENCES)
    ]
    return replace(plain, text="\n".join(lines))


def add_articles(
    library: Library,
    chosen: Sequence[tuple[int, Article]],
    random: np.random.Generator,
    *,
    with_vectors: bool,
) -> None:
    """Store articles by their events with made-up profiles."""
    with library._db.read_transaction() as db:
        before = db.last_article_number()
    batch, texts = [], []
    for _, article in chosen:
        start, own = 0, []
        for place, line in enumerate(article.text.split("\n")):
            own.append(Sentence(article.id, place, start, start + len(line), line))
            start += len(line) + 1
        batch.append((article, own))
        texts += [one.text for one in own]
    if with_vectors:
        texts = list(dict.fromkeys(texts))
        vectors = random.standard_normal((len(texts), DIMENSIONS)).astype(np.float32)
        library.add_articles(batch, MODEL, texts, normalize_rows(vectors))
    else:
        library.add_articles([(one, ()) for one, _ in batch], MODEL, [], np.zeros((0, 1), np.float32))
        with library._db.write_transaction() as db:  # by hand: nobody asks for their vectors
            db.executemany(
                'INSERT INTO sentences (article_number, sentence_index, start, "end") VALUES (?, ?, ?, ?)',
                (
                    (before + 1 + place, one.index, one.start, one.end)
                    for place, (_, own) in enumerate(batch)
                    for one in own
                ),
            )
    library.put_profiles(
        profile_key(MODEL),
        {before + 1 + place: make_profile(event, random) for place, (event, _) in enumerate(chosen)},
    )


def fill_library(library: Library, size: int, per_day: int) -> None:
    """Store ``size`` articles that were looked at; no copies are among them."""
    random = np.random.default_rng(1)
    library.put_sources([Source("paper", "Paper"), Source("other", "Other")])
    store = DuplicateStore(_store_path(library, make_space()))
    finder = DuplicateFinder(library, make_space(), store)
    for first in range(0, size, BATCH):
        plain = iterate_articles(first, min(BATCH, size - first), size, per_day)
        chosen = [(event, make_article(one, first + place)) for place, (event, one) in enumerate(plain)]
        # Only what the new ones are held against is compared sentence by sentence.
        add_articles(library, chosen, random, with_vectors=first + BATCH > size - 2 * MAX_COMPARED)
        entries = library.lookup.article_entries([one.id for _, one in chosen])
        keys = finder._read_keys(entries)
        store.add_keys(keys, {entry.article: entry.source for entry in entries})
        store.add_looked_at({id_: len(own) for id_, own in keys.items()}, [])
    store.close()


def measure_size(folder: Path, size: int, n_new: int, per_day: int) -> dict[str, float]:
    with Library(folder) as library:
        fill_library(library, size, per_day)
        new: list[tuple[int, Article]] = []
        copies: set[str] = set()  # of one article twice it is one article
        chance = np.random.default_rng(3)
        for number in range(n_new):
            plain = Article("other", "en", "", "", LAST_DAY.isoformat())
            if number % 10 == 0:
                back = size if number % 50 == 0 else min(size, MAX_COMPARED)
                original = size - 1 - int(chance.integers(back))
                new.append((original // 5, make_article(plain, original)))
                copies.add(new[-1][1].id)
            else:
                new.append(((size + number) // 5, make_article(plain, size + number)))
        add_articles(library, new, np.random.default_rng(2), with_vectors=True)
        texts = list({line for _, article in new for line in article.text.split("\n")})
        library.put_vectors(MODEL, texts, np.full((len(texts), DIMENSIONS), 0.05, np.float32))
        used = time.process_time()
        found = find_duplicates(library, make_space())
        processor = time.process_time() - used
        kept = sum(path.stat().st_size for path in (folder / "copies").iterdir())
    return {
        "articles": size,
        "new": n_new,
        "processor_s": round(processor, 2),
        "copies_found": len(found),
        "copies_there": len(copies),
        "kept_mb": round(kept / 1e6),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }


def main() -> None:
    """Measure each size, and print JSON on the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--per-day", type=int, default=1_000)
    parser.add_argument("--library", type=Path, help="where the libraries are made; removed afterwards")
    given = parser.parse_args()
    found = []
    for size in given.sizes:
        with TemporaryDirectory(dir=given.library) as folder:
            found.append(measure_size(Path(folder), size, given.new, given.per_day))
        print(found[-1], flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
