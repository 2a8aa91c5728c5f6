"""The figures of an event, as JSON, rows of a table and for a terminal."""

from __future__ import annotations

import re
from calendar import month_name
from decimal import Decimal
from typing import Any

from rich.table import Table

from crosslingual.language.figures import Figure
from crosslingual.report.terminal import plain_text
from crosslingual.report.timeline import moment_columns
from crosslingual.report.to_json import event_object
from crosslingual.timeline.figure_ledger import FigureGroup, FigureLedger, FigureMention

_DATE = re.compile(r"(?:(\d{4})|-)(?:-(\d\d)|-)?(?:-(\d\d))?", re.ASCII)
_BOUND_SIGNS = {"least": "≥ ", "most": "≤ ", "about": "≈ ", "": ""}


def figures_object(ledger: FigureLedger) -> dict[str, Any]:
    """``ledger`` as JSON-ready values."""
    return {
        "event": event_object(ledger.event),
        "figures": [_group_object(group) for group in ledger.groups],
    }


def _group_object(group: FigureGroup) -> dict[str, Any]:
    """One figure, as its sources tell it, as JSON-ready values."""
    return {
        "id": group.id,
        "kind": group.kind,
        "what": group.what,
        "countries": list(group.countries),
        "sources": list(group.sources),
        "doubt": group.doubt,
        "revisions": [
            {"value": one.figure.value, "published": one.published.written, "source": one.cell.source}
            for one in group.revisions
        ],
        "conflicts": [
            [{"value": one.figure.value, "source": one.cell.source} for one in (pair.left, pair.right)]
            for pair in group.conflicts
        ],
        "mentions": [_mention_object(mention) for mention in group.mentions],
    }


def figure_rows(ledger: FigureLedger) -> list[dict[str, Any]]:
    """A row for each mention of each figure."""
    return [
        {"figure": group.id}
        | _mention_object(mention)
        | {
            "is_revision": mention in group.revisions,
            "in_conflict": any(mention in (pair.left, pair.right) for pair in group.conflicts),
        }
        for group in ledger.groups
        for mention in group.mentions
    ]


def figures_table(ledger: FigureLedger) -> Table:
    """A figure a row, for a terminal."""
    table = Table(box=None, pad_edge=False)
    for heading in ("figure", "of what", "values", "sources", "revised", "conflicts"):
        table.add_column(heading, overflow="fold")
    for group in ledger.groups:
        table.add_row(
            group.id,
            plain_text(describe_what(group)),
            plain_text(", ".join(dict.fromkeys(map(format_value, group.mentions)))),
            plain_text(", ".join(group.sources)),
            plain_text(describe_revisions(group)),
            plain_text(describe_conflicts(group)),
        )
    return table


def describe_what(group: FigureGroup) -> str:
    """What a figure counts: ``dead (RU)``, the words of the original, ``date``."""
    words = dict.fromkeys(one.figure.words for one in group.mentions if one.figure.words)
    what = group.what or next(iter(words), "date" if group.kind == "date" else "not said")
    return f"{what} ({', '.join(group.countries)})" if group.countries else what


def format_value(mention: FigureMention) -> str:
    """``≥ 40``, ``137``; as it is written, with a question mark, where it is doubtful."""
    if mention.figure.doubt:
        return f"{mention.text}?"
    return f"{_BOUND_SIGNS[mention.figure.bound]}{_plain_value(mention.figure)}"


def _plain_value(figure: Figure) -> str:
    """``9,300``; of a date ``22 March 2024``, ``22 March``, ``March 2024`` or, of a day alone, ``day 22``."""
    if figure.kind != "date":
        return f"{Decimal(figure.value):,f}" if figure.value else ""
    said = _DATE.fullmatch(figure.value)
    year, month, day = said.groups("") if said else ("", "", "")
    if not month and day:
        return f"day {int(day)}"
    return " ".join(part for part in (day.lstrip("0"), month and month_name[int(month)], year) if part)


def describe_revisions(group: FigureGroup) -> str:
    """``40 → 115 → 137``, with a question mark where these may be several figures; or nothing."""
    return " → ".join(_plain_value(one.figure) for one in group.revisions) + "?" * bool(group.doubt)


def describe_conflicts(group: FigureGroup) -> str:
    """``40 (tass) against 60 (bbc)``, or nothing."""
    return "; ".join(
        f"{_plain_value(pair.left.figure)} ({pair.left.cell.source}) against"
        f" {_plain_value(pair.right.figure)} ({pair.right.cell.source})"
        for pair in group.conflicts
    )


def _mention_object(mention: FigureMention) -> dict[str, Any]:
    figure, cell = mention.figure, mention.cell
    return {
        "kind": figure.kind,
        "value": figure.value,
        "bound": figure.bound,
        "what": figure.what,
        "words": figure.words,
        "is_part": figure.is_part,
        "doubt": figure.doubt,
        "written": mention.text,
        "countries": list(mention.countries),
        "according_to": mention.according_to,
        "source": cell.source,
        "lang": cell.lang,
        **moment_columns(mention.published),
        "article": cell.article,
        "sentence": cell.sentence,
        "start": figure.start,
        "end": figure.end,
        "statements": list(mention.statements),
        "text": cell.text,
    }
