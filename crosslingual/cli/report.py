"""``crosslingual report``: an event's comparison and its measures, to hand round."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from crosslingual.bar import Bar
from crosslingual.cli.options import encoder_option, library_option, threshold_option
from crosslingual.settings import Settings


@click.command()
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
def report(event: str, out: Path, library: Path | None, encoder: str | None, threshold: float | None) -> None:
    """Write a report of EVENT: a page that needs nothing else, and its evidence as data.

    EVENT is an event's id, or the id of an article in it. Beside the page stand tables (CSV, JSON Lines),
    the aligned sentences (TMX) and a manifest with the digest of each file. The same library gives the same
    files.

    Example: crosslingual report 2024-05-16-1f0c2a --out summit
    """
    from crosslingual.cli import compared
    from crosslingual.frame import framing_of
    from crosslingual.library import Library
    from crosslingual.report.build import PAGE, event_beads, write_report

    settings = Settings.load(library=library, encoder=encoder)
    with Library(settings.library, create=False) as store:
        space, comparison = compared(settings, store, event, threshold)
        with Bar() as bar:
            framing = framing_of(store, space, comparison, settings, progress=partial(bar.show, "reading"))
        beads = event_beads(store, space, comparison)
    for name in write_report(comparison, framing, beads, settings, out):
        click.echo(f"{out / name}: not of the report; left alone", err=True)
    click.echo(f"report of {comparison.event.id} written: {out / PAGE}")
