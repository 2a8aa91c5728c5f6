"""Tables whose figures open to sentences: what a section says, and the values the browser draws it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from crosslingual.report.sentences import PageSentence
from crosslingual.ui import components

if TYPE_CHECKING:
    import altair as alt

SCRIPTS = ("dom.js", "copy.js", "marks.js", "translation.js", "table_picture.js", "framing.js")
STYLES = ("compare.css", "framing.css")


@dataclass(frozen=True, slots=True)
class SentenceItem:
    """A sentence, with what it is shown for."""

    sentence: PageSentence
    note: str = ""


@dataclass(frozen=True, slots=True)
class SentenceGroup:
    """Sentences under one heading; ``side_by_side``: two that are held against each other."""

    title: str
    items: tuple[SentenceItem, ...]
    note: tuple[str, ...] = ()
    side_by_side: bool = False


@dataclass(frozen=True, slots=True)
class GridCell:
    """A figure with what it rests on. ``share`` draws a bar, ``shade`` the ground, both from 0 to 1.

    ``style`` is "hole", "own" or nothing.
    """

    text: str
    groups: tuple[SentenceGroup, ...] = ()
    subtext: str = ""
    share: float | None = None
    shade: float | None = None
    style: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: ``text`` in ``lang`` names it, ``id`` tells it from the others."""

    id: str
    text: str
    cells: tuple[GridCell, ...]
    lang: str = ""
    subtext: str = ""
    chip: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures. ``style`` is "wide" where sentences name the rows, "heat" where columns are narrow.

    ``has_marks``: it opens to sentences with marks, whose legend it has.
    """

    name: str
    title: str
    note: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    style: str = ""
    has_marks: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart, of what stands in the table below it."""

    name: str
    title: str
    note: str
    chart: alt.ConcatChart


@dataclass(frozen=True, slots=True)
class Note:
    """A word to the reader; ``is_warning``: a warning of how little a figure tells."""

    text: str
    is_warning: bool = False


SectionPart = Grid | Plot | Note


MIN_NARROW_COLUMNS = 9
"""Columns from which they are narrow and their heads turned, so that a table fits its page."""


def grid_style(n_columns: int, style: str = "") -> str:
    """The look of a table with so many columns of sources."""
    return f"{style} heat".strip() if n_columns >= MIN_NARROW_COLUMNS else style


class GridContext(Protocol):
    """What a table's sentences are shown with: their ``articles`` by id, the reader's language."""

    articles: dict[str, dict[str, Any]]
    target_lang: str


def serialize_grid(grid: Grid, context: GridContext) -> dict[str, Any]:
    """``grid`` in values that JSON has, each sentence and group once."""
    groups: dict[SentenceGroup, int] = {}
    rows = [
        {
            "id": row.id,
            "text": row.text,
            "lang": row.lang,
            "sub": row.subtext,
            "chip": row.chip,
            "cells": [
                {
                    "text": cell.text,
                    "sub": cell.subtext,
                    "share": cell.share,
                    "shade": cell.shade,
                    "look": cell.style,
                    "lang": cell.lang,
                    "groups": [groups.setdefault(group, len(groups)) for group in cell.groups],
                }
                for cell in row.cells
            ],
        }
        for row in grid.rows
    ]
    told = {item.sentence.anchor: item.sentence for group in groups for item in group.items}
    whole: dict[str, Any] = {
        "title": grid.title,
        "note": grid.note,
        "corner": grid.corner,
        "columns": [*grid.columns],
        "look": grid.style,
        "marks": grid.has_marks,
        "rows": rows,
        "groups": [_serialize_group(group) for group in groups],
        "sentences": {at: _serialize_sentence(one) for at, one in told.items()},
        "articles": context.articles,
        "reader": context.target_lang,
    }
    return components.with_data_key(whole)


def _serialize_sentence(sentence: PageSentence) -> dict[str, Any]:
    return {
        "article": sentence.article,
        "text": sentence.text,
        "translation": sentence.translation,
        "made": sentence.engine_label,
        "doubts": sentence.issues,
    }


def _serialize_group(group: SentenceGroup) -> dict[str, Any]:
    return {
        "title": group.title,
        "note": [*group.note],
        "beside": group.side_by_side,
        "items": [
            {
                "at": item.sentence.anchor,
                "note": item.note,
                "parts": [{"text": text, "kind": kind} for text, kind in item.sentence.segments]
                if any(kind for _, kind in item.sentence.segments)
                else None,
            }
            for item in group.items
        ],
    }


def render_grid(name: str, data: dict[str, Any]) -> None:
    """Draw what ``serialize_grid`` gave."""
    components.build_component("framing", STYLES, SCRIPTS)(data=data, key=f"framing.{name}")
