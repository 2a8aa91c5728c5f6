"""The JSON form of events and comparisons; ``docs/comparison.schema.json`` describes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from crosslingual.compare.corrections import manual_statements
from crosslingual.types import (
    Article,
    Bead,
    Cell,
    Comparison,
    Duplicate,
    Event,
    Link,
    Sentence,
    SentenceIndex,
    Source,
    Statement,
)

SCHEMA = "crosslingual/comparison/4"
LinksBySentence = dict[SentenceIndex, list[tuple[SentenceIndex, Link]]]
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


def duplicate_object(duplicate: Duplicate) -> dict[str, Any]:
    """``duplicate`` as JSON-ready values."""
    return asdict(duplicate) | {"share": round(duplicate.share, 4)}


def source_object(source: Source, n_articles: int) -> dict[str, Any]:
    """``source`` as JSON-ready values, with how many articles of it there are."""
    return asdict(source) | {"complete": source.is_complete, "articles": n_articles}


def bead_object(bead: Bead) -> dict[str, Any]:
    """``bead`` as JSON-ready values: the sentences of either side with their offsets in their articles."""

    def sentence_objects(sentences: tuple[Sentence, ...]) -> list[dict[str, Any]]:
        return [
            {"sentence": sentence.index, "start": sentence.start, "end": sentence.end, "text": sentence.text}
            for sentence in sentences
        ]

    return {
        "src": sentence_objects(bead.src),
        "tgt": sentence_objects(bead.tgt),
        "score": round(bead.score, 4),
    }


def bead_row(bead: Bead) -> dict[str, Any]:
    """``bead`` as a row of a table."""

    def side_columns(name: str, sentences: tuple[Sentence, ...]) -> dict[str, Any]:
        return {
            f"{name}_sentences": [sentence.index for sentence in sentences],
            f"{name}_text": " ".join(sentence.text for sentence in sentences),
        }

    return side_columns("src", bead.src) | side_columns("tgt", bead.tgt) | {"score": round(bead.score, 4)}


def comparison_object(comparison: Comparison) -> dict[str, Any]:
    """The whole of ``comparison`` but the articles' full texts, as JSON-ready values."""
    return _ComparisonWriter(comparison).build_object()


class _ComparisonWriter:
    """A comparison with what its parts need to name one another."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._article_numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._links_by_sentence: LinksBySentence = defaultdict(list)
        for link in sorted(comparison.links, key=lambda link: -link.probability):
            self._links_by_sentence[link.left].append((link.right, link))
            self._links_by_sentence[link.right].append((link.left, link))
        self._manual_statements = manual_statements(comparison)
        self._statements_by_sentence: dict[SentenceIndex, list[str]] = defaultdict(list)
        for statement in comparison.statements:
            for cell in statement.cells:
                self._statements_by_sentence[self._sentence_index(cell)].append(statement.id)

    def build_object(self) -> dict[str, Any]:
        comparison = self._comparison
        return {
            "schema": SCHEMA,
            "event": event_object(comparison.event),
            "encoder": comparison.encoder,
            "threshold": comparison.threshold,
            "calibration": comparison.calibration and asdict(comparison.calibration),
            "sources": [
                asdict(column.source)
                | {
                    "articles": column.n_articles,
                    "sentences": column.n_sentences,
                    "shared": column.n_shared,
                    "exclusive": column.n_exclusive,
                }
                for column in comparison.source_summaries
            ],
            "articles": [article_object(article) for article in comparison.articles],
            "statements": [self._statement_object(statement) for statement in comparison.statements],
            "exclusives": {
                column.source.id: [
                    self._cell_object(cell)
                    for cell in comparison.exclusives
                    if cell.source == column.source.id
                ]
                for column in comparison.source_summaries
            },
            "merge_edges": [
                {
                    "left": self._sentence_object(edge.left),
                    "right": self._sentence_object(edge.right),
                    "probability": edge.probability,  # not rounded: it is compared with a threshold
                    "correction": edge.correction or None,
                    "is_secondary": edge.is_secondary,
                }
                for edge in comparison.merge_edges
            ],
            "corrections": [asdict(correction) for correction in comparison.corrections],
            "translations": comparison.translation_pairs,
            "duplicates": [duplicate_object(copy) for copy in comparison.duplicates],
        }

    def _statement_object(self, statement: Statement) -> dict[str, Any]:
        carriers = {cell.source for cell in (*statement.cells, *statement.perhaps)}
        return {
            "id": statement.id,
            "coverage": statement.coverage,
            "n_sources": statement.n_sources,
            "score": round(statement.score, 4),
            "probability": round(statement.probability, 4),
            "manual": statement.id in self._manual_statements,
            "cells": [self._cell_object(cell) for cell in statement.cells],
            "perhaps": [self._cell_object(cell) for cell in statement.perhaps],
            "not_found": [
                {"source": column.source.id, "articles": column.n_articles, "sentences": column.n_sentences}
                for column in self._comparison.source_summaries
                if column.source.id not in carriers
            ],
        }

    def _cell_object(self, cell: Cell) -> dict[str, Any]:
        """With its evidence: each candidate, and the statement that has it."""
        return asdict(cell) | {
            "score": round(cell.score, 4),
            "probability": round(cell.probability, 4),
            "candidates": [
                self._sentence_object(other)
                | {
                    "probability": round(link.probability, 4),
                    "score": round(link.score, 4),
                    "statements": self._statements_by_sentence.get(other, []),
                }
                for other, link in self._links_by_sentence.get(self._sentence_index(cell), ())
            ],
        }

    def _sentence_index(self, cell: Cell) -> SentenceIndex:
        return self._article_numbers.get(cell.article, -1), cell.sentence

    def _sentence_object(self, sentence_index: SentenceIndex) -> dict[str, Any]:
        return {"article": self._comparison.articles[sentence_index[0]].id, "sentence": sentence_index[1]}
