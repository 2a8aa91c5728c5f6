"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click


def group_with_former_names(**former_names: str) -> type[click.Group]:
    """A group of commands that still answers to former names, each with a hint at the present one."""

    class RenamedGroup(click.Group):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            """The command, and a line on standard error where it was asked for by its former name."""
            name = former_names.get(cmd_name, cmd_name)
            if name != cmd_name:
                click.echo(f"{cmd_name} is called {name} now", err=True)
            return super().get_command(ctx, name)

    return RenamedGroup


def check_probability(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
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
    callback=check_probability,
    help="How likely, from 0 to 1, sentences of a statement must say the same (default: as in the app).",
)
OUTPUT_FORMATS = ("table", "json", "jsonl", "csv")
"""How a command prints what it found: for people, as JSON, an object a line, or as a table of values."""


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--format``, with ``--json`` and ``--csv`` for two of its values; the command is given ``form``."""

    @click.option(
        "--format", "form", type=click.Choice(OUTPUT_FORMATS), help="How to print it (default: table)."
    )
    @click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
    @click.option("--csv", "as_csv", is_flag=True, help="Short for --format csv.")
    @wraps(command)
    def run_with_format(
        *given: Any,
        form: str | None,
        as_json: bool,
        as_csv: bool,
        **options: Any,  # click flags
    ) -> None:
        command(*given, form=choose_format(form, as_json=as_json, as_csv=as_csv), **options)

    return run_with_format


def choose_format(form: str | None, *, as_json: bool, as_csv: bool) -> str:
    """The one form that was asked for."""
    asked = {form or ""} | ({"json"} if as_json else set()) | ({"csv"} if as_csv else set())
    asked -= {""}
    if len(asked) > 1:
        raise click.UsageError(f"asked for {' and '.join(sorted(asked))}; choose one form")
    return asked.pop() if asked else OUTPUT_FORMATS[0]
