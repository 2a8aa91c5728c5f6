"""The JSON form of events and comparisons; ``docs/comparison.schema.json`` describes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from crosslingual.types import Cell, Comparison, Event, Statement

SCHEMA = "crosslingual/comparison/1"


def event_object(event: Event) -> dict[str, Any]:
    """``event`` as JSON-ready values."""
    return asdict(event)


def comparison_object(comparison: Comparison) -> dict[str, Any]:
    """The whole of ``comparison`` but the articles' full texts, as JSON-ready values."""
    return {
        "schema": SCHEMA,
        "event": event_object(comparison.event),
        "encoder": comparison.encoder,
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
        "articles": [
            {
                "id": article.id,
                "source": article.source,
                "lang": article.lang,
                "title": article.title,
                "date": article.date,
                "url": article.url,
            }
            for article in comparison.articles
        ],
        "statements": [_statement(statement, comparison) for statement in comparison.statements],
        "exclusives": {
            column.source.id: [
                _cell(cell) for cell in comparison.exclusives if cell.source == column.source.id
            ]
            for column in comparison.columns
        },
    }


def _statement(statement: Statement, comparison: Comparison) -> dict[str, Any]:
    carriers = {cell.source for cell in statement.cells}
    return {
        "id": statement.id,
        "coverage": statement.coverage,
        "of": statement.of,
        "score": round(statement.score, 4),
        "probability": round(statement.probability, 4),
        "cells": [_cell(cell) for cell in statement.cells],
        "silent": [
            {"source": column.source.id, "articles": column.articles, "sentences": column.sentences}
            for column in comparison.columns
            if column.source.id not in carriers
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return asdict(cell) | {"score": round(cell.score, 4), "probability": round(cell.probability, 4)}
