"""``crosslingual index``: looks after the search index."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects
from crosslingual.settings import Settings


@click.group("index", cls=CommandGroup)
def index_group() -> None:
    """Check the search index, or make it anew.

    The index is made from the library, and brings itself up to date: nothing is lost with it.

    Example: crosslingual index check
    """


@index_group.command("check")
@library_option
@encoder_option
@output_options
def check_index(library: Path | None, encoder: str | None, form: str) -> None:
    """Check the search index, and mend it if need be.

    The index is to hold what the library holds; where it does not, it is made anew.

    Example: crosslingual index check --json
    """
    from crosslingual.search.check import find_problems, repair_index

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        problems = find_problems(opened.store, opened.index, opened.space)
        if form == "table":
            for problem in problems:
                click.echo(f"search index: {problem}")
        opened.retry_with_vectors(lambda: repair_index(opened.index, problems))
        remaining = find_problems(opened.store, opened.index, opened.space)
    if form != "table":
        rows = [{"problem": problem, "mended": not remaining} for problem in problems]
        document = {"problems": problems, "remaining": remaining}
        print_objects(form, rows, document=document)
    elif not remaining:
        click.echo("search index: mended" if problems else "search index: holds what the library holds")
    for problem in remaining:
        click.echo(f"search index: still {problem}", err=True)
    if remaining:
        sys.exit(1)


@index_group.command("rebuild")
@library_option
@encoder_option
def rebuild_index(library: Path | None, encoder: str | None) -> None:
    """Make the search index anew, whatever state it is in.

    Example: crosslingual index rebuild
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        opened.retry_with_vectors(opened.index.rebuild)
        opened.index.compact()
        with opened.index.open_snapshot() as snapshot:
            click.echo(f"search index: made anew of {format_count(snapshot.n_sentences, 'sentence')}")
