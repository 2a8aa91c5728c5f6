"""The most memory that an ``add`` of many pages takes: this process and its workers, sampled ten times a second.

    python bench/memory.py [--pages 5000] [--sentences 12] [--cores N]

The pages are made of our own words, no sentence twice, each with some 50 kB of links and scripts around its text, and
are added to a new library in a temporary folder with the encoder of the settings. ``--cores`` starts as many workers as
a machine of N cores does. Told are bytes resident in MB (``rss``: what libraries share counts in each process), those
with every process's part of what is shared (``pss``), and those of this process alone; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

from crosslingual.align.space import load_article_encoder
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.readers import pool
from crosslingual.settings import Settings

_NOUNS = [
    "harbour",
    "ferry",
    "council",
    "pier",
    "storm",
    "winter",
    "market",
    "bridge",
    "toll",
    "lantern",
    "pilot",
    "island",
    "minister",
    "budget",
    "school",
    "river",
    "railway",
    "doctor",
    "strike",
    "village",
    "orchard",
    "bakery",
    "museum",
    "election",
    "valley",
    "teacher",
    "factory",
    "border",
    "summit",
    "glacier",
]
_VERBS = [
    "reopens",
    "delays",
    "counts",
    "repairs",
    "praises",
    "refuses",
    "measures",
    "sells",
    "visits",
    "forgets",
]
_AROUND = "".join(
    f'<div class="teaser"><a href="/news/{n}"><h3>Headline {n}</h3></a></div>'
    f'<script>var a{n} = {{"key": {n}}};</script>'
    for n in range(400)
)


class PeakMemory:
    """The most that this process and those that it started hold at once, in bytes."""

    def __enter__(self) -> PeakMemory:
        self.rss = self.pss = self.own = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            held = {number: read_memory(number) for number in list_processes()}
            self.rss = max(self.rss, sum(rss for rss, _ in held.values()))
            self.pss = max(self.pss, sum(pss for _, pss in held.values()))
            self.own = max(self.own, held.get(os.getpid(), (0, 0))[0])


def list_processes() -> list[int]:
    """This process and its children."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [os.getpid(), *map(int, children)]


def read_memory(number: int) -> tuple[int, int]:
    """Resident bytes of a process, and those with its part of what it shares; none of one that has ended."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0, 0
    sizes = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return sizes["Rss:"], sizes["Pss:"]


def write_pages(folder: Path, pages: int, sentences: int) -> None:
    chance = random.Random(1)  # noqa: S311
    for number in range(pages):
        lines = [make_sentence(chance, f"{number}.{place}") for place in range(sentences)]
        text = "".join(f"<p>{line}</p>" for line in lines)
        (folder / f"{number:05}.html").write_text(
            f'<html lang="en"><head><title>{lines[0]}</title></head><body><nav>{_AROUND}</nav><article>'
            f"<h1>{lines[0]}</h1>{text}</article></body></html>",
            encoding="utf-8",
        )


def make_sentence(chance: random.Random, number: str) -> str:
    one, two, three, four = chance.sample(_NOUNS, 4)
    return f"On day {number} the {one} of the {two} {chance.choice(_VERBS)} the {three} near the old {four}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--sentences", type=int, default=12)
    parser.add_argument("--cores", type=int, default=0)
    asked = parser.parse_args()
    if asked.cores:
        pool._count_cores = lambda: asked.cores  # the machine that is asked about
    settings = Settings.load()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pages"
        folder.mkdir()
        write_pages(folder, asked.pages, asked.sentences)
        begun = time.perf_counter()
        with PeakMemory() as peak, Library(Path(place) / "library") as library:
            summary = add_files(
                [folder],
                library,
                lambda: load_article_encoder(settings.encoder, settings.home),
                source="bench",
            )
        seconds = time.perf_counter() - begun
    told = {"rss_mb": peak.rss >> 20, "pss_mb": peak.pss >> 20, "own_mb": peak.own >> 20}
    print(f"{summary} in {seconds:.0f} s")
    print(json.dumps({"pages": asked.pages, "added": summary.n_added, **told}))
    sys.exit(summary.n_added != asked.pages)


if __name__ == "__main__":
    main()
