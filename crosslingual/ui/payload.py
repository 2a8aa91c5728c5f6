"""What the browser is given of a comparison: plain values, every text once, links checked."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crosslingual.library import MEMORY
from crosslingual.sources import country_name, language_name
from crosslingual.types import Article, Cell, Column, Comparison, Source


def payload(comparison: Comparison, reader: str) -> dict[str, Any]:
    """The comparison for ``assets/*.js``, in values that JSON has.

    Sentences stand in their articles; statements and exclusives point at them as ``[article, sentence]``,
    both counted from 0. ``order`` of the columns, statements and exclusives is the comparison's.
    """
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in (*comparison.exclusives, *(c for s in comparison.statements for c in s.cells)):
        cells[cell.article].append(cell)
    place: dict[tuple[str, int], tuple[int, int]] = {}
    articles = []
    columns = {column.source.id: number for number, column in enumerate(comparison.columns)}
    for number, article in enumerate(comparison.articles):
        told = sorted(cells[article.id], key=lambda cell: cell.start)
        place |= {(article.id, cell.sentence): (number, index) for index, cell in enumerate(told)}
        articles.append(_article(article, told, columns[article.source], reader))
    return {
        "reader": reader,
        "readerName": language_name(reader, reader),
        "encoder": comparison.encoder.partition("@")[0],
        "columns": [_column(column, reader) for column in comparison.columns],
        "articles": articles,
        "statements": [
            {
                "id": statement.id,
                "coverage": statement.coverage,
                "of": statement.of,
                "score": round(statement.score, 3),
                "probability": round(statement.probability, 3),
                "cells": [place[cell.article, cell.sentence] for cell in statement.cells],
            }
            for statement in comparison.statements
        ],
        "exclusives": [place[cell.article, cell.sentence] for cell in comparison.exclusives],
    }


def _column(column: Column, reader: str) -> dict[str, Any]:
    source = column.source
    name, native = _unmarked(source.name, source), _unmarked(source.native_name, source)
    languages = ", ".join(language_name(code, reader) for code in source.languages)
    return {
        "id": source.id,
        "name": name,
        "native": native if native != name else "",
        "lang": source.languages[0] if source.languages else "",
        "languages": languages,
        "country": source.country.upper(),
        "countryName": country_name(source.country, reader) if source.country else "",
        "owner": _ownership(source),
        "demo": source.demo,
        "articles": column.articles,
        "sentences": column.sentences,
        "shared": column.shared,
        "exclusive": column.exclusive,
    }


def _article(article: Article, told: list[Cell], column: int, reader: str) -> dict[str, Any]:
    ends = [0, *(cell.end for cell in told)]
    return {
        "column": column,
        "lang": article.lang,
        "title": article.title,
        "date": date_text(article.date),
        "url": safe_link(article.url),
        "sentences": [
            _sentence(cell, article.text[end : cell.start], reader)
            for end, cell in zip(ends, told, strict=False)
        ],
    }


def _sentence(cell: Cell, gap: str, reader: str) -> dict[str, Any]:
    made = cell.translation if cell.translation and cell.translation.lang == reader != cell.lang else None
    return {
        "text": cell.text,
        "translation": made.text if made else None,
        "engine": ("translation memory, by hand" if made.engine == MEMORY else made.engine) if made else None,
        "score": round(cell.score, 3),
        "probability": round(cell.probability, 3),
        "paragraph": "\n" in gap,
    }


def _ownership(source: Source) -> str:
    """Ownership and kind in one phrase: ``state news agency``, ``private``."""
    owned = "" if source.ownership == "unknown" else source.ownership
    kind = source.kind.removeprefix(f"{owned} ") if owned else source.kind
    return " ".join(part for part in (owned, kind) if part)


def _unmarked(name: str, source: Source) -> str:
    """The name without the mark of a demo source, which is shown as a chip beside it."""
    return re.sub(r"\s*[(（][^()（）]*[)）]$", "", name) if source.demo else name


def safe_link(url: str) -> str:
    """The URL if a browser may open it in a new tab (http, https), else nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def date_text(text: str) -> str:
    """An ISO date as ``16 May 2024``; what is no date is given back as it came."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def span_text(start: str, end: str) -> str:
    """Two ISO dates as one span: ``15–17 May 2024``, ``30 April – 2 May 2024``."""
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return date_text(start or end)
    if first == last:
        return date_text(start)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_text(end)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {date_text(end)}"
    return f"{date_text(start)} – {date_text(end)}"
