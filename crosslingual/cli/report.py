"""``crosslingual report``: an event's comparison and its measures, to hand round."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, threshold_option
from crosslingual.settings import Settings


@click.command("report")
@click.argument("event")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write to; a report that is there is replaced.",
)
@library_option
@encoder_option
@threshold_option
def create_report(
    event: str, out: Path, library: Path | None, encoder: str | None, threshold: float | None
) -> None:
    """Write a report of EVENT, with its evidence as data.

    EVENT is an event's id, or the id of an article in it. The report is a page that needs nothing else.
    Beside the page stand tables (CSV, JSON Lines),
    the aligned sentences (TMX) and a manifest with the digest of each file. The same library gives the same
    files.

    Example: crosslingual report 2024-05-16-1f0c2a --out summit
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        written = opened.report(event, out, threshold=threshold)
    for path in written.other_paths:
        click.echo(f"{path}: not of the report; left alone", err=True)
    click.echo(f"report of {written.event.id} written: {written.page}")
