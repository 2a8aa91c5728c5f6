"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click


def probability(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    """``value`` if it is one, for click to call."""
    if value is not None and not 0 <= value <= 1:  # nor is nan
        raise click.BadParameter(f"{value} is not in the range from 0 to 1")
    return value


library_option = click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    help="The library's folder (default: the one in your data folder).",
)
encoder_option = click.option(
    "--encoder", metavar="NAME", help="Encoder, by name or path (default: multilingual-e5-small)."
)
threshold_option = click.option(
    "--threshold",
    metavar="FLOAT",
    type=float,
    callback=probability,
    help="How likely, from 0 to 1, sentences of a statement must say the same (default: as in the app).",
)
FORMS = ("table", "json", "jsonl", "csv")
"""How a command prints what it found: for people, as JSON, an object a line, or as a table of values."""


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--format``, with ``--json`` and ``--csv`` for two of its values; the command is given ``form``."""

    @click.option("--format", "form", type=click.Choice(FORMS), help="How to print it (default: table).")
    @click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
    @click.option("--csv", "as_csv", is_flag=True, help="Short for --format csv.")
    @wraps(command)
    def printing(
        *given: Any,
        form: str | None,
        as_json: bool,
        as_csv: bool,
        **options: Any,  # click flags
    ) -> None:
        command(*given, form=chosen_form(form, as_json=as_json, as_csv=as_csv), **options)

    return printing


def chosen_form(form: str | None, *, as_json: bool, as_csv: bool) -> str:
    """The one form that was asked for."""
    asked = {form or ""} | ({"json"} if as_json else set()) | ({"csv"} if as_csv else set())
    asked -= {""}
    if len(asked) > 1:
        raise click.UsageError(f"asked for {' and '.join(sorted(asked))}; choose one form")
    return asked.pop() if asked else FORMS[0]
