"""``crosslingual versions``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("versions")
@click.argument("article", required=False, metavar="[ARTICLE_OR_URL]")
@click.option("--rows", "with_rows", is_flag=True, help="Also what it did to the rows of the comparison.")
@library_option
@encoder_option
@output_options
def list_versions(
    article: str | None,
    with_rows: bool,  # noqa: FBT001  # a click flag
    library: Path | None,
    encoder: str | None,
    form: str,
) -> None:
    """List what changed in articles since they were added.

    ARTICLE_OR_URL is the id of an article, or its address. Each version is held against the one before: sentences that
    were added (+), removed (-) or changed (~). CSV and JSON lines have one row or object a sentence.

    Example: crosslingual versions https://www.example.org/story --rows
    """
    from crosslingual.compare.article_changes import diff_versions
    from crosslingual.report.versions import (
        change_rows,
        changed_rows,
        changed_table,
        versions_object,
        versions_view,
    )

    if with_rows and not article:
        raise click.UsageError("--rows is about one article; name it")
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        if not article:
            changed = opened.versions.list_changed()
            if form != "table":
                print_objects(form, changed_rows(changed))
            elif changed:
                print_view(changed_table(changed), width=140)
            else:
                click.echo("no article has changed at its address since it was added")
            return
        versions = opened.versions.load(article)
        newest = versions[-1].article
        steps = diff_versions(versions)
        rows = opened.versions.row_changes(newest) if with_rows else None
    if form != "table":
        print_objects(form, change_rows(steps), document=versions_object(versions, steps, rows))
    elif steps:
        print_view(versions_view(versions, steps, rows), width=140)
    else:
        click.echo(f"article {newest.id}: one version; no other text was added from its address")
