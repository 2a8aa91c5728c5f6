"""Time of all measures of framing of a large event, from a library that holds its vectors and tokens.

    python bench/frame.py [ARTICLES [SENTENCES]]

The articles (50 of 40 sentences when nothing is given) are drawn from the sentences of the demo corpus and
their translations; a number put before each makes them distinct, so that none is read for another.
Told are the seconds, and those of the processors, of each measure, of all of them when nothing is kept, the
encoder's loading with them, and of all of them once more. What is in brackets is not among them: the
statement table, and what is made once for an encoder. The last line is JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from crosslingual.align.space import DEMO_FOLDER, load_article_encoder, load_space
from crosslingual.compare.comparison import compare_event
from crosslingual.framing import pipeline as measures
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.model_store import load_encoder
from crosslingual.settings import Settings
from crosslingual.tmx import read_tmx
from crosslingual.types import Comparison, Event

TIMED = (
    "load_cell_vectors",
    "find_differences",
    "find_quotes",
    "find_quote_reuse",
    "find_omissions",
    "build_lexicon",
    "score_axes",
    "score_frames",
)


def articles(count: int, sentences: int) -> list[dict[str, str]]:
    """Records of made-up articles, each of its own source, in turn in the demo's languages."""
    texts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(DEMO_FOLDER.glob("*/memory.tmx")):
        for entry in read_tmx(path):
            texts[entry.src_lang].append(entry.src)
            texts["en"].append(entry.tgt)
    chance = np.random.default_rng(1)
    langs, made = sorted(texts), []
    for number in range(count):
        own = texts[langs[number % len(langs)]]
        chosen = np.sort(chance.choice(len(own), sentences, replace=len(own) < sentences))
        text = "\n".join(f"{1000 + number * sentences + i} {own[place]}" for i, place in enumerate(chosen))
        made.append({"source": f"outlet {number}", "lang": langs[number % len(langs)], "text": text})
    return made


def compared(library: Library, settings: Settings) -> Comparison:
    """The statement table of all that is in ``library``."""
    known = library.load_articles()
    ids, sources = tuple(one.id for one in known), tuple(one.source for one in known)
    event = Event("bench", "Bench", "", "", ids, sources, tuple(sorted({one.lang for one in known})))
    return compare_event(library, load_space(settings.encoder, settings.home), event)


def timed(spent: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def run(*args: Any, **named: Any) -> Any:
        start, busy = time.perf_counter(), time.process_time()
        try:
            return function(*args, **named)
        finally:
            spent[name] += time.perf_counter() - start
            spent[f"{name}, processor"] += time.process_time() - busy

    return run


def main(count: int = 50, sentences: int = 40) -> None:
    settings = Settings.load()
    spent: dict[str, float] = defaultdict(float)
    for name in TIMED:
        setattr(measures, name, timed(spent, name, getattr(measures, name)))
    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, library=Path(folder) / "library")
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in articles(count, sentences)), "utf-8")
        with Library(own.library) as library:
            add_files([path], library, lambda: load_article_encoder(own.encoder, own.home))
            comparison = timed(spent, "(statement table)", compared)(library, own)
            space = load_space(own.encoder, own.home)
            encoder = load_encoder(own.encoder, own.home)
            timed(spent, "(axes and frames)", measures.load_instruments)(encoder, space, Path(folder))
            framing = timed(spent, "all", measures.cached_framing)(library, space, comparison, own)
            timed(spent, "again", measures.cached_framing)(library, space, comparison, own)
    for name, seconds in spent.items():
        print(f"{name}: {seconds:.2f} s")
    print(
        json.dumps(
            {
                "articles": len(comparison.articles),
                "sentences": sum(column.sentences for column in comparison.columns),
                "statements": len(comparison.statements),
                "pairs": len(framing.differences),
                "left": framing.left,
            }
            | {name: round(seconds, 2) for name, seconds in spent.items()}
        )
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
