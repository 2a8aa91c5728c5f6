"""What the list of events costs, in libraries of few and of long texts.

    python bench/event_list.py [--events 10000] [--chars 100 8000] [--library DIR]

Printed is processor time: listing the events with their titles (once after each change of the library), narrowing them
by words, and what the Events page gives the browser; and how much the memory of the process grew meanwhile.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from crosslingual.events.clustering import summarize_events
from crosslingual.events.listing import EventFilters, select_events
from crosslingual.library import Library
from crosslingual.library.event_visits import EventVisit
from crosslingual.types import Article
from crosslingual.ui.events.page import PAGE_SIZE
from crosslingual.ui.events.rows import current_time, serialize_opened, serialize_row
from tests.helpers.library_samples import toy_space
from tests.helpers.many_events import add_events, event_articles

_BATCH = 500
_T = TypeVar("_T")


def measure_list(folder: Path, n_events: int, chars: int) -> dict[str, float]:
    """Processor seconds of each step with ``n_events`` whose articles have ``chars`` characters and more."""
    with Library(folder) as library:
        for first in range(0, n_events, _BATCH):
            numbers = range(first, min(first + _BATCH, n_events))
            add_events(library, {number: _make_long(number, chars) for number in numbers})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Library(folder) as library:
        found, listing = _time_call(lambda: summarize_events(library, toy_space()))
        chosen, narrowing = _time_call(
            lambda: select_events(found, EventFilters(title="flood town"), "added")
        )
        visit, now = EventVisit(current_time(), library.last_article_number // 2), current_time()
        _, drawing = _time_call(
            lambda: json.dumps(
                [
                    [serialize_row(one, {}, "en", visit, now) for one in chosen[:PAGE_SIZE]],
                    serialize_opened(chosen[0], found, {}, "en", visit),
                ]
            )
        )
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "events": len(found),
        "chars": chars,
        "list_s": listing,
        "narrow_s": narrowing,
        "page_s": drawing,
        "grown_mib": grown // 1024,
    }


def _make_long(number: int, chars: int) -> list[Article]:
    return [replace(one, text=one.text + "x" * chars) for one in event_articles(number)]


def _time_call(action: Callable[[], _T]) -> tuple[_T, float]:
    used = time.process_time()
    found = action()
    return found, round(time.process_time() - used, 3)


def main() -> None:
    """Measure, and print JSON on the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--chars", type=int, nargs="+", default=[100, 8_000])
    parser.add_argument("--library", type=Path, help="where the libraries are made; removed afterwards")
    given = parser.parse_args()
    found = []
    for chars in given.chars:
        with TemporaryDirectory(dir=given.library) as folder:
            found.append(measure_list(Path(folder) / "library", given.events, chars))
        print(found[-1], flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
