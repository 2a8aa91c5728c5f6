"""The first answer: seconds of each command that asks one question, in a process of its own.

    python bench/start.py [--articles N | --library DIR] [--repeat N] [--former]

The library is the demo corpus, grown to N articles (1,000 by default, 0 leaves it) from its own sentences, or
the one in DIR.
``cold`` is the first run after the files were made, ``warm`` the quickest of those that follow, and ``cpu``
the processor time of that one: what counts on a machine that does other things as well. With --former a
search is also timed with the encoder as sentence-transformers loads it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import crosslingual as cl
from crosslingual.align.space import DEMO_FOLDER
from crosslingual.types import Article, Sentence

QUERY = "signed a joint statement"
LENGTH = 18
RUN = "from crosslingual.cli import main; main()"
FORMER = "import crosslingual.model_store as m; m.load_query_encoder = m.load_encoder; " + RUN


def grow(library: cl.Library, count: int) -> None:
    """Articles of sentences that the library has, on days of their own; nothing is encoded."""
    chance, store, space = random.Random(3), library.store, library.space  # noqa: S311  # for a benchmark
    articles = store.load_articles()
    told = store.load_sentences([article.id for article in articles])
    texts = list(dict.fromkeys(one.text for own in told.values() for one in own))
    texts += [article.title for article in articles if article.title not in texts]
    batch: list[tuple[Article, list[Sentence]]] = []
    for number in range(count - len(articles)):
        model = chance.choice(articles)
        picked = [chance.choice(told[model.id]).text for _ in range(LENGTH)]
        day = date(2020, 1, 1) + timedelta(days=number)
        made = replace(model, text=" ".join(picked), date=day.isoformat(), url="")
        own, start = [], 0
        for index, text in enumerate(picked):
            own.append(Sentence(made.id, index, start, start + len(text), text))
            start += len(text) + 1
        batch.append((made, own))
    keys = [space.tokens.key, *([space.judge.key] if space.judge else ())]
    tokens = {key: store.load_tokens(key, texts) for key in keys}
    store.add_articles(batch, space.model, texts, store.load_vectors(space.model, texts), tokens)
    library.update_derived()


def spent(code: str, arguments: list[str]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor, of one command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=1000)
    asked.add_argument("--library", type=Path)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--former", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.library or Path(folder) / "library"
        with cl.open(path, create=given.library is None) as library:
            if given.library is None:
                library.add(DEMO_FOLDER)
                grow(library, given.articles)
            event = max(library.events(), key=lambda one: len(one.sources)).id
            articles = len(library.articles())
        commands = {
            "--help": (RUN, ["--help"]),
            "events": (RUN, ["events"]),
            "compare": (RUN, ["compare", event]),
            "search": (RUN, ["search", QUERY]),
            "report": (RUN, ["report", event, "--out", str(Path(folder) / "out")]),
        }
        if given.former:
            commands["search, former"] = (FORMER, ["search", QUERY])
        print(f"{articles:,} articles, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        print(f"{'command':16}{'cold':>8}{'warm':>8}{'cpu':>8}")
        for name, (code, arguments) in commands.items():
            own = [] if name == "--help" else ["--library", str(path)]
            cold, _ = spent(code, [*arguments, *own])
            warm, processor = min(spent(code, [*arguments, *own]) for _ in range(given.repeat))
            print(f"{name:16}{cold:8.2f}{warm:8.2f}{processor:8.2f}")


if __name__ == "__main__":
    main()
