"""The JSON form of events and comparisons; ``docs/comparison.schema.json`` describes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from crosslingual.corrections import by_hand
from crosslingual.types import (
    Article,
    Bead,
    Cell,
    Comparison,
    Copy,
    Event,
    Link,
    Place,
    Sentence,
    Source,
    Statement,
)

SCHEMA = "crosslingual/comparison/3"
Near = dict[Place, list[tuple[Place, Link]]]
"""Of each sentence the ends of its links, likeliest first."""


def event_object(event: Event) -> dict[str, Any]:
    """``event`` as JSON-ready values."""
    return asdict(event)


def article_object(article: Article) -> dict[str, Any]:
    """``article`` without its text as JSON-ready values."""
    return {
        "id": article.id,
        "source": article.source,
        "lang": article.lang,
        "title": article.title,
        "date": article.date,
        "url": article.url,
        "author": article.author,
    }


def copy_object(copy: Copy) -> dict[str, Any]:
    """``copy`` as JSON-ready values."""
    return asdict(copy) | {"share": round(copy.share, 4)}


def source_object(source: Source, articles: int) -> dict[str, Any]:
    """``source`` as JSON-ready values, with how many articles of it there are."""
    return asdict(source) | {"complete": source.complete, "articles": articles}


def bead_object(bead: Bead) -> dict[str, Any]:
    """``bead`` as JSON-ready values: the sentences of either side with their places in their articles."""

    def side(sentences: tuple[Sentence, ...]) -> list[dict[str, Any]]:
        return [
            {"sentence": one.index, "start": one.start, "end": one.end, "text": one.text} for one in sentences
        ]

    return {"src": side(bead.src), "tgt": side(bead.tgt), "score": round(bead.score, 4)}


def bead_row(bead: Bead) -> dict[str, Any]:
    """``bead`` as a row of a table."""

    def side(name: str, sentences: tuple[Sentence, ...]) -> dict[str, Any]:
        return {
            f"{name}_sentences": [one.index for one in sentences],
            f"{name}_text": " ".join(one.text for one in sentences),
        }

    return side("src", bead.src) | side("tgt", bead.tgt) | {"score": round(bead.score, 4)}


def comparison_object(comparison: Comparison) -> dict[str, Any]:
    """The whole of ``comparison`` but the articles' full texts, as JSON-ready values."""
    return _Writing(comparison).whole()


class _Writing:
    """A comparison with what its parts need to name one another."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._near: Near = defaultdict(list)
        for link in sorted(comparison.links, key=lambda link: -link.probability):
            self._near[link.one].append((link.other, link))
            self._near[link.other].append((link.one, link))
        self._by_hand = by_hand(comparison)
        self._homes: dict[Place, list[str]] = defaultdict(list)
        for statement in comparison.statements:
            for cell in statement.cells:
                self._homes[self._place(cell)].append(statement.id)

    def whole(self) -> dict[str, Any]:
        comparison = self._comparison
        return {
            "schema": SCHEMA,
            "event": event_object(comparison.event),
            "encoder": comparison.encoder,
            "threshold": comparison.threshold,
            "sources": [
                asdict(column.source)
                | {
                    "articles": column.articles,
                    "sentences": column.sentences,
                    "shared": column.shared,
                    "exclusive": column.exclusive,
                }
                for column in comparison.columns
            ],
            "articles": [article_object(article) for article in comparison.articles],
            "statements": [self._statement(statement) for statement in comparison.statements],
            "exclusives": {
                column.source.id: [
                    self._cell(cell) for cell in comparison.exclusives if cell.source == column.source.id
                ]
                for column in comparison.columns
            },
            "bonds": [
                {
                    "one": self._named(bond.one),
                    "other": self._named(bond.other),
                    "probability": bond.probability,  # not rounded: it is compared with a threshold
                    "correction": bond.correction or None,
                    "beside": bond.beside,
                }
                for bond in comparison.bonds
            ],
            "corrections": [asdict(correction) for correction in comparison.corrections],
            "translations": comparison.translations,
            "copies": [copy_object(copy) for copy in comparison.copies],
        }

    def _statement(self, statement: Statement) -> dict[str, Any]:
        carriers = {cell.source for cell in (*statement.cells, *statement.perhaps)}
        return {
            "id": statement.id,
            "coverage": statement.coverage,
            "of": statement.of,
            "score": round(statement.score, 4),
            "probability": round(statement.probability, 4),
            "by_hand": statement.id in self._by_hand,
            "cells": [self._cell(cell) for cell in statement.cells],
            "perhaps": [self._cell(cell) for cell in statement.perhaps],
            "not_found": [
                {"source": column.source.id, "articles": column.articles, "sentences": column.sentences}
                for column in self._comparison.columns
                if column.source.id not in carriers
            ],
        }

    def _cell(self, cell: Cell) -> dict[str, Any]:
        """With its evidence: each candidate, and the statement that has it."""
        return asdict(cell) | {
            "score": round(cell.score, 4),
            "probability": round(cell.probability, 4),
            "candidates": [
                self._named(other)
                | {
                    "probability": round(link.probability, 4),
                    "score": round(link.score, 4),
                    "statements": self._homes.get(other, []),
                }
                for other, link in self._near.get(self._place(cell), ())
            ],
        }

    def _place(self, cell: Cell) -> Place:
        return self._numbers.get(cell.article, -1), cell.sentence

    def _named(self, place: Place) -> dict[str, Any]:
        return {"article": self._comparison.articles[place[0]].id, "sentence": place[1]}
