"""Tables whose figures open to sentences: what a section says, and the values the browser draws it from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crosslingual.report.sentences import Told
from crosslingual.ui import scene
from crosslingual.ui.framing.telling import Telling

if TYPE_CHECKING:
    import altair as alt

SCRIPTS = ("dom.js", "marks.js", "translation.js", "framing.js")
STYLES = ("compare.css", "framing.css")


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, with what it is shown for."""

    told: Told
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences under one heading; ``beside``: two that are held against each other."""

    title: str
    items: tuple[Item, ...]
    note: tuple[str, ...] = ()
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with what it rests on. ``share`` draws a bar, ``shade`` the ground, both from 0 to 1.

    ``look`` is "hole", "own" or nothing.
    """

    text: str
    groups: tuple[Group, ...] = ()
    sub: str = ""
    share: float | None = None
    shade: float | None = None
    look: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: ``text`` in ``lang`` names it, ``id`` tells it from the others."""

    id: str
    text: str
    cells: tuple[Cell, ...]
    lang: str = ""
    sub: str = ""
    chip: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures. ``look`` is "wide" where sentences name the rows, "heat" where columns are narrow.

    ``marks``: it opens to sentences with marks, whose legend it has.
    """

    name: str
    title: str
    note: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    look: str = ""
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart, of what stands in the table below it."""

    name: str
    title: str
    note: str
    chart: alt.ConcatChart


@dataclass(frozen=True, slots=True)
class Note:
    """A word to the reader; ``weak``: a warning of how little a figure tells."""

    text: str
    weak: bool = False


Part = Grid | Plot | Note


NARROW = 9
"""Columns from which they are narrow and their heads turned, so that a table fits its page."""


def look_of(columns: int, look: str = "") -> str:
    """The look of a table with so many columns of sources."""
    return f"{look} heat".strip() if columns >= NARROW else look


def grid_object(grid: Grid, telling: Telling) -> dict[str, Any]:
    """``grid`` in values that JSON has, each sentence and group once."""
    groups: dict[Group, int] = {}
    rows = [
        {
            "id": row.id,
            "text": row.text,
            "lang": row.lang,
            "sub": row.sub,
            "chip": row.chip,
            "cells": [
                {
                    "text": cell.text,
                    "sub": cell.sub,
                    "share": cell.share,
                    "shade": cell.shade,
                    "look": cell.look,
                    "lang": cell.lang,
                    "groups": [groups.setdefault(group, len(groups)) for group in cell.groups],
                }
                for cell in row.cells
            ],
        }
        for row in grid.rows
    ]
    told = {item.told.at: item.told for group in groups for item in group.items}
    whole: dict[str, Any] = {
        "title": grid.title,
        "note": grid.note,
        "corner": grid.corner,
        "columns": [*grid.columns],
        "look": grid.look,
        "marks": grid.marks,
        "rows": rows,
        "groups": [_group(group) for group in groups],
        "sentences": {at: telling.sentence(one) for at, one in told.items()},
        "articles": telling.articles,
        "reader": telling.reader,
    }
    return whole | {"key": hashlib.sha256(json.dumps(whole).encode()).hexdigest()}


def _group(group: Group) -> dict[str, Any]:
    return {
        "title": group.title,
        "note": [*group.note],
        "beside": group.beside,
        "items": [
            {
                "at": item.told.at,
                "note": item.note,
                "parts": [{"text": text, "kind": kind} for text, kind in item.told.pieces]
                if any(kind for _, kind in item.told.pieces)
                else None,
            }
            for item in group.items
        ],
    }


def draw_grid(name: str, data: dict[str, Any]) -> None:
    """Draw what ``grid_object`` gave."""
    scene.component("framing", STYLES, SCRIPTS)(data=data, key=f"framing.{name}")
