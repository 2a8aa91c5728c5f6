"""``crosslingual duplicates``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("duplicates")
@library_option
@encoder_option
@output_options
def list_duplicates(library: Path | None, encoder: str | None, form: str) -> None:
    """List articles that are one text, in part or whole.

    They are reprints, updates, translated wire copy.

    Example: crosslingual duplicates --json
    """
    from crosslingual.report.terminal import duplicates_table
    from crosslingual.report.to_json import article_object, duplicate_object

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        duplicates = opened.duplicates()
        ids = dict.fromkeys(id_ for duplicate in duplicates for id_ in (duplicate.left, duplicate.right))
        articles = dict(zip(ids, opened.store.load_articles(ids), strict=True))
    if form != "table":
        objects = [
            duplicate_object(duplicate)
            | {
                "left": article_object(articles[duplicate.left]),
                "right": article_object(articles[duplicate.right]),
            }
            for duplicate in duplicates
        ]
        print_objects(form, objects, rows=[duplicate_object(duplicate) for duplicate in duplicates])
    elif duplicates:
        print_view(duplicates_table(duplicates, articles), width=160)
    else:
        click.echo("no two articles here are one text")
