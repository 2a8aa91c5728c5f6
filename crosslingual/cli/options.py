"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

library_option = click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    help="The library's folder (default: the one in your data folder).",
)
encoder_option = click.option(
    "--encoder", metavar="NAME", help="Encoder, by name or path (default: multilingual-e5-small)."
)
