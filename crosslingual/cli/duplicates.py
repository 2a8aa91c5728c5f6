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

    with open_library(Settings.load(library=library, encoder=encoder)) as held:
        found = held.duplicates()
        ids = dict.fromkeys(id_ for copy in found for id_ in (copy.left, copy.right))
        articles = dict(zip(ids, held.store.load_articles(ids), strict=True))
    if form != "table":
        named = [
            duplicate_object(copy)
            | {"left": article_object(articles[copy.left]), "right": article_object(articles[copy.right])}
            for copy in found
        ]
        print_objects(form, named, rows=[duplicate_object(copy) for copy in found])
    elif found:
        print_view(duplicates_table(found, articles), width=160)
    else:
        click.echo("no two articles here are one text")
