"""What a command found, on a terminal or for another program."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import RenderableType


def print_view(view: RenderableType, width: int) -> None:
    """To a terminal in its own width, elsewhere in the width that the view asks for."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(width, 80)
    console.print(view)


def print_objects(
    form: str,
    objects: Sequence[Mapping[str, Any]],
    *,
    document: object = None,
    rows: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """As JSON, an object a line, or CSV: ``form`` says which.

    Args:
        form: "json", "jsonl" or "csv".
        objects: what was found.
        document: what JSON has instead, if it has more than the list of them.
        rows: flat ones for the table, where the objects are not.
    """
    if form == "json":
        click.echo(json.dumps(objects if document is None else document, ensure_ascii=False, indent=2))
    elif form == "jsonl":
        for item in objects:
            click.echo(json.dumps(item, ensure_ascii=False))
    else:
        from crosslingual.report.tables import csv_bytes

        table = csv_bytes([dict(row) for row in (objects if rows is None else rows)])
        click.echo(table.decode("utf-8-sig").replace("\r\n", "\n"), nl=False)


def print_scores(form: str, lines: Sequence[str], scores: Mapping[str, Any]) -> None:
    """What was measured: for people ``lines``, the last line being JSON; or ``scores`` alone.

    CSV has a row for each figure, which the keys that lead to it name, as in "links.f1".
    """
    if form == "table":
        for line in lines:
            click.echo(line)
        click.echo(json.dumps(scores, ensure_ascii=False))
    else:
        rows = [{"figure": name, "value": value} for name, value in flatten_scores(scores)]
        print_objects(form, [scores], document=scores, rows=rows)


def flatten_scores(scores: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The figures in nested ``scores``, each with the keys that lead to it, joined by dots."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield from flatten_scores(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
