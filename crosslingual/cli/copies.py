"""``crosslingual copies``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from crosslingual.cli.opening import opened
from crosslingual.cli.options import encoder_option, json_option, library_option
from crosslingual.cli.printing import print_view
from crosslingual.settings import Settings


@click.command()
@library_option
@encoder_option
@json_option
def copies(library: Path | None, encoder: str | None, as_json: bool) -> None:  # noqa: FBT001  # a click flag
    """List articles that are one text: reprints, updates, translated wire copy.

    Example: crosslingual copies --json
    """
    from crosslingual.report.objects import article_object, copy_object
    from crosslingual.report.terminal import copies_table

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        found = held.duplicates()
        ids = dict.fromkeys(id_ for copy in found for id_ in (copy.one, copy.other))
        articles = dict(zip(ids, held.store.articles(ids), strict=True))
    if as_json:
        named = [
            copy_object(copy)
            | {"one": article_object(articles[copy.one]), "other": article_object(articles[copy.other])}
            for copy in found
        ]
        click.echo(json.dumps(named, ensure_ascii=False, indent=2))
    elif found:
        print_view(copies_table(found, articles), width=160)
    else:
        click.echo("no two articles here are one text")
