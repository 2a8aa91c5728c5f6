"""Processor time of names and citations of a whole library: read for the first time, again, and after an addition.

    python bench/kept.py [ARTICLES [ADDED]]

A library of ARTICLES (10,000) made-up articles of six sentences in three languages, to which ADDED (100) more come.
Names are those of the shipped list: with the default encoder, whose tagger reads each sentence, the first call takes
many times longer, and the others the same. The last line is JSON: seconds of each call, and how many times cheaper the
second is than the first.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from crosslingual.citations.graph import build_citation_graph
from crosslingual.citations.outlet_sources import OutletSources
from crosslingual.citations.reading import read_citations
from crosslingual.entities.linking import link_names
from crosslingual.entities.reading import read_article_names
from crosslingual.library import Library
from crosslingual.types import Article, Sentence, Source

MODEL = "none"
SENTENCES = {
    "en": (
        "The ferry to {place} sank within an hour, according to {outlet}.",
        "{person} said in {place} that the pump was old.",
        "Two engineers of number {number} told {outlet} that nobody had looked.",
        "Nobody was hurt, and {number} cars stayed dry.",
        "The harbour of {place} was closed until noon.",
        "It rained for {number} hours.",
    ),
    "ru": (
        "Паром {number} затонул, сообщает {outlet}.",
        "{person} назвал насос старым.",
        "Об этом {outlet} рассказали два инженера, номер {number}.",
        "Никто не пострадал, {number} машин остались сухими.",
        "Порт был закрыт до полудня.",
        "Дождь шёл {number} часов.",
    ),
    "zh": (
        "据{outlet}报道，{number}号渡轮沉没。",
        "{person}说水泵已经老旧。",
        "两名工程师告诉{outlet}，没有人检查过{number}号。",
        "无人受伤，{number}辆汽车没有进水。",
        "港口关闭到中午。",
        "雨下了{number}个小时。",
    ),
}
OUTLETS = {
    "en": ("Reuters", "Kyodo", "AFP"),
    "ru": ("ТАСС", "РИА Новости", "Reuters"),
    "zh": ("新华社", "美联社", "共同社"),
}
PERSONS = {"en": ("Putin", "Xi Jinping"), "ru": ("Путин", "Зеленский"), "zh": ("普京", "习近平")}
PLACES = ("Paris", "Berlin", "Tokyo")


def add_articles(library: Library, first: int, count: int) -> None:
    """Articles number ``first`` and so on, of forty sources in turn."""
    batch, texts = [], []
    for number in range(first, first + count):
        lang = list(SENTENCES)[number % 3]
        lines = [
            line.format(
                number=number,
                outlet=OUTLETS[lang][number % 3],
                person=PERSONS[lang][number % 2],
                place=PLACES[number % 3],
            )
            for line in SENTENCES[lang]
        ]
        made = Article(f"source{number % 40}", lang, "\n".join(lines), date="2031-03-02")
        start = 0
        sentences = []
        for index, line in enumerate(lines):
            sentences.append(Sentence(made.id, index, start, start + len(line), line))
            start += len(line) + 1
        batch.append((made, sentences))
        texts += lines
    distinct = list(dict.fromkeys(texts))
    library.add_articles(batch, MODEL, distinct, np.ones((len(distinct), 2), dtype=np.float32), {})


def find_entities(library: Library) -> int:
    """How many entities the library names."""
    return len(link_names(read_article_names(library, MODEL, lambda: None, library.article_ids())))  # type: ignore[arg-type,return-value]  # not asked for


def find_citations(library: Library) -> int:
    """How many outlets cite which."""
    entries = library.lookup.article_entries()
    citations = read_citations(library, entries, OutletSources(library.sources_with_articles()))
    return len(build_citation_graph(entries, citations).edges)


def processor_seconds(call: Callable[[], int]) -> float:
    """What a call takes of the processors."""
    start = time.process_time()
    call()
    return round(time.process_time() - start, 2)


def main() -> None:
    """Print each call and the seconds it takes."""
    n_articles = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    n_added = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    told: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library") as library:
        library.put_sources(Source(f"source{number}", f"Harbour Herald {number}") for number in range(40))
        for start in range(0, n_articles, 1000):
            add_articles(library, start, min(1000, n_articles - start))
        for name, find in (("entities", find_entities), ("citations", find_citations)):
            told[name] = {"first": processor_seconds(lambda find=find: find(library))}  # type: ignore[misc]
            told[name]["again"] = processor_seconds(lambda find=find: find(library))  # type: ignore[misc]
        add_articles(library, n_articles, n_added)
        for name, find in (("entities", find_entities), ("citations", find_citations)):
            told[name]["after_adding"] = processor_seconds(lambda find=find: find(library))  # type: ignore[misc]
            told[name]["ratio"] = round(told[name]["first"] / max(told[name]["again"], 0.01), 1)
    for name, seconds in told.items():
        print(f"{name:10} " + "  ".join(f"{step} {value:.2f}" for step, value in seconds.items()))
    print(json.dumps({"articles": n_articles, "added": n_added} | told))


if __name__ == "__main__":
    main()
