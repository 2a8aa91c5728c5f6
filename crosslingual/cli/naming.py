"""``crosslingual naming``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options, threshold_option
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("naming")
@click.argument("event")
@library_option
@encoder_option
@threshold_option
@output_options
def show_naming(
    event: str, library: Path | None, encoder: str | None, threshold: float | None, form: str
) -> None:
    """Show what each source of EVENT calls one thing.

    EVENT is an event's id, or the id of an article in it. A war or a special operation, treated or contaminated water,
    Moldova or Moldavia: each has a table, with how often a source calls it so. A question mark stands behind what only
    the sentences opposite tell. CSV and JSON lines have one row or object a mention.

    Example: crosslingual naming 2023-08-24-7b21aa --csv
    """
    from crosslingual.report.naming import naming_object, naming_view
    from crosslingual.report.tables import naming_rows

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        comparison = opened.compare(event, threshold=threshold)
        naming = opened.framing(comparison).naming
    if form != "table":
        print_objects(form, list(naming_rows(naming)), document=naming_object(naming, comparison.event.id))
    elif naming:
        print_view(naming_view(naming), width=140)
    else:
        click.echo("nothing that these sources call by several names of the list")
