"""A library of made-up events, grouped already: nothing is encoded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from crosslingual.library import Library
from crosslingual.types import Article, Source

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


def add_event(library: Library, number: int, *articles: Article) -> list[str]:
    """Store ``articles``, by default those made for it, as of the event ``event-number``; their ids."""
    chosen = articles or tuple(event_articles(number))
    library.put_sources(Source(one.source, one.source.title()) for one in chosen)
    before = library.last_article_number
    titles = list(dict.fromkeys(one.title for one in chosen if one.title))
    library.add_articles(
        [(one, ()) for one in chosen], "made-up@1", titles, np.ones((len(titles), 1), np.float32)
    )
    with library._db.write_transaction() as db:  # as grouping would
        db.execute(
            "INSERT OR IGNORE INTO events (number, id) VALUES (?, ?)", (number + 1, f"event-{number:05d}")
        )
        db.execute(
            "UPDATE event_articles SET event_number = ? WHERE article_number > ?", (number + 1, before)
        )
    return [one.id for one in chosen]


def make_library(folder: Path, n_events: int) -> Path:
    """A library of ``n_events``, the first the newest."""
    with Library(folder) as library:
        for number in range(n_events):
            add_event(library, number)
    return folder
