"""What a command found, on a terminal or for another program."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
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
        document: what JSON has in their place, if it has more than the list of them.
        rows: flat ones for the table, where the objects are not.
    """
    if form == "json":
        click.echo(json.dumps(objects if document is None else document, ensure_ascii=False, indent=2))
    elif form == "jsonl":
        for one in objects:
            click.echo(json.dumps(one, ensure_ascii=False))
    else:
        from crosslingual.report.tables import csv_bytes

        made = csv_bytes([dict(row) for row in (objects if rows is None else rows)])
        click.echo(made.decode("utf-8-sig").replace("\r\n", "\n"), nl=False)
