"""Make a small library with this version's code and write it down as SQL, for the tests of migrations.

    python scripts/dump_library.py tests/data/library/version_N.sql

Run it before the schema changes: the file is what a library of this version looks like. Its texts were
written for this purpose.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from crosslingual.language.sentences import split_sentences
from crosslingual.library import MEMORY_ENGINE, Library, OperationDraft, encodable_texts
from crosslingual.library.events import NewEvent
from crosslingual.types import Article, Correction, Source, Translation

ENCODER = "sample encoder"
TOKENS = "sample tokens"
SOURCES = [
    Source("north", "North Daily", country="NO", domains=("north.example",)),
    Source("south", "South Post", domains=("south.example",)),
    Source("east", "Восточная газета"),
]
ARTICLES = [
    Article(
        "north", "en", "The bridge opened. Nobody paid.", "A bridge", "2024-05-16", "https://north.example/1"
    ),
    Article("south", "en", "The bridge has opened. It cost 3 million.", "Bridge opens", "2024-05-17"),
    Article("east", "ru", "Мост открыт. Никто не платил.", "Мост", "2024-05-16", "", "А. Автор"),
    Article("south", "en", "The bridge opened.\n\nNobody paid.", "", "2024-05-18"),
    Article("east", "ru", "Паром отменён. Мост открыт.", "", "2024-05-19"),
]


def add_articles(library: Library, articles: list[Article], description: str) -> OperationDraft:
    """Store articles as one operation, with vectors and tokens that are made up."""
    operation = OperationDraft("add", description)
    wanted = {article.source for article in articles}
    library.put_sources([source for source in SOURCES if source.id in wanted], operation)
    batch = [(article, split_sentences(article)) for article in articles]
    texts = list(dict.fromkeys(text for article, own in batch for text in encodable_texts(article, own)))
    vectors = np.array([[len(text), 1, 2, 3] for text in texts], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tokens = {TOKENS: [text.encode()[:8] for text in texts]}
    library.add_articles(batch, ENCODER, texts, vectors, tokens, operation)
    return operation


def fill_library(library: Library) -> None:
    """One of everything that a library holds, and operations of every kind."""
    first = add_articles(library, ARTICLES[:3], "first.jsonl")
    entries = [
        ("Мост открыт.", "ru", Translation("The bridge is open.", "en", MEMORY_ENGINE, "", ("number",)))
    ]
    library.memory.put_translations(entries, first)
    library.memory.put_translations(
        [("Никто не платил.", "ru", Translation("Nobody paid.", "en", "argostranslate", "1.9"))]
    )
    library.memory.put_manual("Мост открыт.", "ru", "The bridge was opened.", "en")
    add_articles(library, ARTICLES[3:], "second.jsonl")
    north, south, east = (article.id for article in ARTICLES[:3])
    library.add_corrections(
        [
            Correction("c1", "together", ((north, 0),), ((south, 0), (east, 0)), "2024-05-20T10:00:00+00:00"),
            Correction("c2", "apart", ((north, 19),), ((south, 23),), "2024-05-20T11:00:00+00:00"),
        ]
    )
    library.edit_source(Source("east", "Eastern Paper", country="RU", aliases=("Восточная газета",)))
    library.undo_operation()
    library.remove_articles([ARTICLES[4].id])
    library.merge_sources("south", "north")
    numbers = {entry.article: entry.number for entry in library.ungrouped_entries()}
    library.store_grouping(
        {numbers[north]: -1, numbers[east]: -1}, {-1: NewEvent("2024-05-16-north", "")}, {}
    )


def main() -> None:
    """Write the dump to the path that is given."""
    with TemporaryDirectory() as folder:
        with Library(Path(folder)) as library:
            fill_library(library)
        db = sqlite3.connect(Path(folder) / "library.db")
        pragmas = [
            f"PRAGMA {name} = {db.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        lines = [*db.iterdump(), *pragmas]
        db.close()
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
