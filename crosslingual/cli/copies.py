"""``crosslingual copies``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import opened
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command()
@library_option
@encoder_option
@output_options
def copies(library: Path | None, encoder: str | None, form: str) -> None:
    """List articles that are one text: reprints, updates, translated wire copy.

    Example: crosslingual copies --json
    """
    from crosslingual.report.objects import article_object, copy_object
    from crosslingual.report.terminal import copies_table

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        found = held.duplicates()
        ids = dict.fromkeys(id_ for copy in found for id_ in (copy.one, copy.other))
        articles = dict(zip(ids, held.store.articles(ids), strict=True))
    if form != "table":
        named = [
            copy_object(copy)
            | {"one": article_object(articles[copy.one]), "other": article_object(articles[copy.other])}
            for copy in found
        ]
        print_objects(form, named, rows=[copy_object(copy) for copy in found])
    elif found:
        print_view(copies_table(found, articles), width=160)
    else:
        click.echo("no two articles here are one text")
