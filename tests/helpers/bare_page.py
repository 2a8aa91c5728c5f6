"""The component of the Compare page on a page of its own, without the app: events of any size."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crosslingual.types import Article, Cell, Comparison, Event, Link, MergeEdge, Source, SourceSummary
from crosslingual.ui.compare import SCRIPTS
from crosslingual.ui.components import ASSET_FOLDER, join_scripts
from crosslingual.ui.serialize import serialize_comparison

if TYPE_CHECKING:
    from playwright.sync_api import Page

LANGS = ("en", "zh", "ru", "de", "fr", "uk")


def made(sources: int, statements: int, seed: int = 1) -> Comparison:
    """An event of one article a source; a statement is told by a quarter of them, and perhaps by a tenth."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    told: list[list[int]] = [[] for _ in range(sources)]
    bonds, links = [], []
    for statement in range(statements):
        tellers = [number for number in range(sources) if chance.random() < 0.25] or [0]
        places = []
        for number in tellers if len(tellers) > 1 else [0, sources - 1]:
            places.append((number, len(told[number])))
            told[number].append(statement)
        bonds += [MergeEdge(places[0], place, chance.uniform(0.72, 0.99)) for place in places[1:]]
        links += [Link(places[0], place, 0.9, 1.2) for place in places[1:]]
    for number, own in enumerate(told):
        for index in range(len(own)):
            other = chance.randrange(sources)
            if told[other] and other != number and chance.random() < 0.4:
                there = (other, chance.randrange(len(told[other])))
                one, another = sorted(((number, index), there))
                links.append(Link(one, another, chance.uniform(0.06, 0.4), 1.0))
    articles, cells, columns = [], {}, []
    for number, own in enumerate(told):
        lang = LANGS[number % len(LANGS)]
        texts = [f"Source {number} tells statement {one}, of 23 June and {one * 7} people." for one in own]
        article = Article(f"s{number}", lang, " ".join(texts), f"Article {number}", "2024-05-16")
        articles.append(article)
        columns.append(
            SourceSummary(
                Source(f"s{number}", f"The Daily Source {number}", languages=(lang,)),
                1,
                len(own),
                len(own),
                0,
            )
        )
        start = 0
        for index, text in enumerate(texts):
            cells[number, index] = Cell(
                article.source, article.id, index, start, start + len(text), lang, text
            )
            start += len(text) + 1
    event = Event(
        "made",
        "A made event",
        "2024-05-16",
        "2024-05-16",
        tuple(one.id for one in articles),
        tuple(one.source for one in articles),
        LANGS,
    )
    return Comparison(
        event,
        tuple(columns),
        tuple(articles),
        (),
        tuple(cells.values()),
        "model@1",
        0.7,
        tuple(sorted(bonds, key=lambda bond: -bond.probability)),
        tuple(links),
        (),
        (),
    )


def mount(page: Page, comparison: Comparison, address: str = "http://localhost/") -> float:
    """Draw the component for ``comparison``; how many milliseconds that took the browser."""
    data = serialize_comparison(comparison, "en") | {"key": "1", "said": None, "lacking": {}}
    return mount_component(page, "compare", ("compare.css", "matrix.css"), SCRIPTS, data, address)


def mount_component(
    page: Page,
    name: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: object,
    address: str = "http://localhost/",
) -> float:
    """Draw a component of ours into a page that has nothing else; how many milliseconds that took the browser."""
    css = "\n".join((ASSET_FOLDER / file).read_text("utf-8") for file in styles)
    head = f"<!doctype html><html lang='en'><title>made</title><style>body {{ margin: 28px }}{css}</style>"
    html = f"{head}<main><div class='compare {name}'></div></main>"
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(address)
    source = join_scripts(scripts).replace("export default function", "window.mount = function")
    page.add_script_tag(content=source, type="module")
    page.wait_for_function("() => Boolean(window.mount)")
    return float(
        page.evaluate(
            "(text) => { const data = JSON.parse(text); const start = performance.now();"
            " window.mount({ data, parentElement: document.body, setTriggerValue: () => {} });"
            " document.body.getBoundingClientRect(); return performance.now() - start; }",
            json.dumps(data),
        )
    )
