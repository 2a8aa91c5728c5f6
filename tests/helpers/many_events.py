"""A library of made-up events, grouped already: nothing is encoded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.events.profiles import profile_key
from crosslingual.library import Library
from crosslingual.types import Article, Source
from tests.helpers.library_samples import toy_space

LAST_DAY = date(2026, 11, 30)
WORDS = ("flood", "strike", "summit", "vote")
TITLES = {
    "en": "{word} in town {number}, paper {paper}",
    "ru": "Город {number}: {word}, газета {paper}",
    "zh": "第{number}城 {word} 报纸{paper}",
}
PAPERS = 30


def event_articles(number: int) -> Iterator[Article]:
    """Two to four articles of several papers, in one, two or three languages, on event ``number``."""
    day = (LAST_DAY - timedelta(days=number)).isoformat()
    for place in range(2 + number % 3):
        lang = list(TITLES)[(number + place * (number % 2)) % 3]
        paper = (number + 7 * place) % PAPERS
        title = TITLES[lang].format(word=WORDS[number % 4], number=number, paper=paper)
        yield Article(f"paper{paper}", lang, f"Text {number}.{place}.", title, day)


def add_event(library: Library, number: int, *articles: Article, space: Space | None = None) -> None:
    """Store ``articles``, by default those made for it, as of the event ``event-number``."""
    add_events(library, {number: articles or tuple(event_articles(number))}, space)


def add_events(library: Library, events: Mapping[int, Sequence[Article]], space: Space | None = None) -> None:
    """Store new articles as of events by their numbers, with what ``space`` knows of them."""
    space = space or toy_space()
    chosen = [one for own in events.values() for one in own]
    library.put_sources({one.source: Source(one.source, one.source.title()) for one in chosen}.values())
    first = library.last_article_number + 1
    titles = list(dict.fromkeys(one.title for one in chosen if one.title))
    library.add_articles(
        [(one, ()) for one in chosen],
        space.model,
        titles,
        np.ones((len(titles), len(space.default_mean)), np.float32),
    )
    profile = np.ones_like(space.default_mean), frozenset[str]()
    library.put_profiles(profile_key(space.model), dict.fromkeys(range(first, first + len(chosen)), profile))
    homes = [number + 1 for number, own in events.items() for _ in own]
    with library._db.write_transaction() as db:  # as grouping would
        db.executemany(
            "INSERT OR IGNORE INTO events (number, id) VALUES (?, ?)",
            ((number + 1, f"event-{number:05d}") for number in events),
        )
        db.executemany(
            "UPDATE event_articles SET event_number = ? WHERE article_number = ?",
            zip(homes, range(first, first + len(homes)), strict=True),
        )


def make_library(folder: Path, n_events: int, space: Space | None = None) -> Path:
    """A library of ``n_events``, the first the newest."""
    with Library(folder) as library:
        add_events(library, {number: tuple(event_articles(number)) for number in range(n_events)}, space)
    return folder
