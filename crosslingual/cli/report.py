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
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Folder to write to, or a .pdf, .docx or .xlsx file; a report that is there is replaced.",
)
@click.option(
    "--dictionary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Count an own dictionary too: a CSV file with the columns category and word.",
)
@click.option(
    "--axes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Score own axes too: a TOML file, as for crosslingual axes.",
)
@click.option("--originals", is_flag=True, help="With the pages and files that its articles were read from.")
@library_option
@encoder_option
@threshold_option
def create_report(
    event: str,
    out: Path,
    dictionary: Path | None,
    axes: Path | None,
    originals: bool,  # noqa: FBT001  # a click flag
    library: Path | None,
    encoder: str | None,
    threshold: float | None,
) -> None:
    """Write a report of EVENT, with its evidence as data.

    EVENT is an event's id, or the id of an article in it. The report is a page that needs nothing else.
    Beside the page stand tables (CSV, JSON Lines),
    the aligned sentences (TMX) and a manifest with the digest of each file. The same library gives the same
    files. As one file it is the page on paper (PDF, printed by an installed browser) or in Word, or the
    tables in Excel.

    Example: crosslingual report 2024-05-16-1f0c2a --out summit
    """
    from crosslingual.report.documents.printed_page import find_browser

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        if out.suffix.lower() == ".pdf":
            find_browser()  # before the event is compared
        written = opened.report(
            event, out, threshold=threshold, dictionary=dictionary, axes=axes, originals=originals
        )
    for path in written.other_paths:
        click.echo(f"{path}: not of the report; left alone", err=True)
    click.echo(f"report of {written.event.id} written: {written.page}")
