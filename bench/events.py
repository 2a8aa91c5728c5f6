"""What it costs to find the events of new articles, and their stories, in libraries of growing size.

    python bench/events.py [--sizes 10000 100000 1000000] [--new 100] [--per-day 1000] [--library DIR]

Vectors and names are made up: nothing is encoded. A library of a size holds as many articles at the same
number a day, so that a larger one goes further back; the new ones are of its last day. Printed is processor
time, which other programmes disturb less, and wall time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import TokenSpace
from crosslingual.events.grouping import group_new_articles
from crosslingual.events.profiles import profile_key
from crosslingual.events.stories import find_new_stories
from crosslingual.library import Library
from crosslingual.library.events import STORY_NOT_FOUND
from crosslingual.types import Article, FloatArray, Source

DIMENSIONS, ARTICLES_PER_EVENT, NAMES_PER_ARTICLE, BATCH = 384, 5, 20, 5000
MODEL = "made-up@1"
LAST_DAY = date(2026, 11, 30)


def make_space() -> Space:
    """A space that moves nothing."""
    nowhere = np.zeros(DIMENSIONS, np.float32)
    tokens = TokenSpace(MODEL, nowhere, np.eye(DIMENSIONS, 2, dtype=np.float32), {}, nowhere[:2])
    return Space(MODEL, {}, nowhere, tokens)


def make_profile(event: int, random: np.random.Generator) -> tuple[FloatArray, frozenset[str]]:
    """An article near the others of its event, which names much of what they name."""
    own = np.random.default_rng(event)
    vector = own.standard_normal(DIMENSIONS) + 0.7 * random.standard_normal(DIMENSIONS)
    names = [f"s:name{number}" for number in own.integers(0, 50_000, NAMES_PER_ARTICLE)]
    common = [f"c:{number}" for number in random.integers(0, 200, 3)]
    return (vector / np.linalg.norm(vector)).astype(np.float32), frozenset([*names, *common])


def iterate_articles(first: int, count: int, total: int, per_day: int) -> Iterator[tuple[int, Article]]:
    """Articles by their event, the last of ``total`` on the last day."""
    for number in range(first, first + count):
        day = LAST_DAY - timedelta(days=max(0, total - 1 - number) // per_day)
        yield number // ARTICLES_PER_EVENT, Article("paper", "en", f"Article {number}.", "", day.isoformat())


def fill_library(library: Library, size: int, per_day: int) -> None:
    """Store ``size`` articles that stand on their events."""
    random = np.random.default_rng(1)
    library.put_sources([Source("paper", "Paper")])
    for first in range(0, size, BATCH):
        chosen = list(iterate_articles(first, min(BATCH, size - first), size, per_day))
        add_articles(library, chosen, random)
        with library._db.write_transaction() as db:  # as grouping would, in a fraction of the time
            db.executemany(
                "INSERT OR IGNORE INTO events (number, id, story_number) VALUES (?, ?, ?)",
                ((event + 1, f"event-{event}", STORY_NOT_FOUND) for event, _ in chosen),
            )
            db.executemany(
                "UPDATE event_articles SET event_number = ? WHERE article_number = ?",
                ((event + 1, first + place + 1) for place, (event, _) in enumerate(chosen)),
            )


def add_articles(library: Library, chosen: list[tuple[int, Article]], random: np.random.Generator) -> None:
    """Store articles with made-up profiles."""
    with library._db.read_transaction() as db:
        before = db.last_article_number()
    library.add_articles([(article, ()) for _, article in chosen], MODEL, [], np.zeros((0, 1), np.float32))
    library.put_profiles(
        profile_key(MODEL),
        {before + 1 + place: make_profile(event, random) for place, (event, _) in enumerate(chosen)},
    )


def measure_size(folder: Path, size: int, n_new: int, per_day: int) -> dict[str, float]:
    """Seconds that finding the events of ``n_new`` articles, then their stories, takes in a library of ``size``."""
    last = LAST_DAY.isoformat()
    with Library(folder) as library:
        fill_library(library, size, per_day)
        n_events = size // ARTICLES_PER_EVENT
        new = [  # every second one joins an event that stands, the others are three to an event
            (n_events - 1 - k if k % 2 else n_events + k // 6, Article("paper", "en", f"New {k}.", "", last))
            for k in range(n_new)
        ]
        add_articles(library, new, np.random.default_rng(2))
        started, used = time.perf_counter(), time.process_time()
        grouped = group_new_articles(library, make_space())
        wall, processor = time.perf_counter() - started, time.process_time() - used
        used = time.process_time()
        find_new_stories(library, make_space())
        stories = time.process_time() - used
    return {
        "articles": size,
        "new": grouped,
        "processor_s": round(processor, 3),
        "wall_s": round(wall, 3),
        "stories_processor_s": round(stories, 3),
    }


def main() -> None:
    """Measure each size, and print JSON on the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=100)
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
