"""Options and output that commands of coding share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from crosslingual.cli.printing import print_objects, print_view


def parse_coder(_: click.Context, __: click.Parameter, value: str) -> str:
    """A coder's name as it is kept, for click to call."""
    from crosslingual.library.coding_values import check_coder

    return check_coder(value)


coder_option = click.option("--coder", required=True, metavar="NAME", callback=parse_coder, help="Who codes.")
memo_option = click.option("--memo", default="", metavar="TEXT", help="What is to be remembered with it.")


def print_rows(
    form: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    without: str,
    *,
    flat: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """In ``form``; for people ``columns`` with their headings, or ``without`` where there are none.

    CSV and people have the ``flat`` rows, where the others are not.
    """
    from crosslingual.report.coding import rows_view

    if form != "table":
        print_objects(form, rows, rows=flat)
    elif rows:
        print_view(rows_view(rows if flat is None else flat, columns), width=120)
    else:
        click.echo(without)
