"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from crosslingual.address import DatabaseAddress, parse_library
from crosslingual.errors import InputError

_Command = TypeVar("_Command", bound=Callable[..., None])


def former_option(former: str, present: str, parameter: str, **attrs: Any) -> Callable[[_Command], _Command]:
    """An option's former name: hidden, it still gives ``parameter`` its value, with a hint at ``present``."""

    def take_value(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None and value != ():
            click.echo(f"{former} is called {present} now; it counts where {present} is not given", err=True)
            context.default_map = {**(context.default_map or {}), parameter: value}

    return click.option(
        former,
        f"former_{parameter}",
        hidden=True,
        expose_value=False,
        is_eager=True,  # before ``parameter``, which may be required
        callback=take_value,
        **attrs,
    )


def check_probability(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    """``value`` if it is one, for click to call."""
    if value is not None and not 0 <= value <= 1:  # nor is nan
        raise click.BadParameter(f"{value} is not in the range from 0 to 1")
    return value


def parse_day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """``value`` if it is a day, ISO 8601, for click to call; empty without one."""
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day; give it as 2024-05-16") from None


class _LibraryType(click.Path):
    """A folder, or the address of a shared library without a password: arguments are read by every user."""

    def convert(
        self,
        value: str | os.PathLike[str] | DatabaseAddress,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        try:
            address = value if isinstance(value, DatabaseAddress) else parse_library(os.fspath(value))
        except InputError as error:
            self.fail(str(error), param, ctx)
        if isinstance(address, Path):
            return super().convert(str(value), param, ctx)
        if address.has_password:
            self.fail(
                "every user of this computer can read arguments; put the password into the file that PGPASSFILE"
                " names (by default ~/.pgpass), or the address into CROSSLINGUAL_LIBRARY",
                param,
                ctx,
            )
        return address


library_option = click.option(
    "--library",
    type=_LibraryType(file_okay=False, path_type=Path),
    help="The library's folder (default: the one in your data folder), or postgresql://… of a shared one.",
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
format_option = click.option(
    "--format", "form", type=click.Choice(OUTPUT_FORMATS), help="How to print it (default: table)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Short for --format csv.")


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--format``, with ``--json`` and ``--csv`` for two of its values; the command is given ``form``."""

    @format_option
    @json_option
    @csv_option
    @wraps(command)
    def run_with_format(
        *args: Any,
        form: str | None,
        as_json: bool,
        as_csv: bool,
        **options: Any,
    ) -> None:
        command(*args, form=choose_format(form, as_json=as_json, as_csv=as_csv), **options)

    return run_with_format


def choose_format(form: str | None, *, as_json: bool, as_csv: bool) -> str:
    """The one form that was asked for."""
    requested = {form or ""} | ({"json"} if as_json else set()) | ({"csv"} if as_csv else set())
    requested -= {""}
    if len(requested) > 1:
        raise click.UsageError(f"asked for {' and '.join(sorted(requested))}; choose one form")
    return requested.pop() if requested else OUTPUT_FORMATS[0]
