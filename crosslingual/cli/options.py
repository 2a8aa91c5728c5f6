"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

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
json_option = click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
