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
    """Check library and search index, or make the index anew.

    The index is made from the library, and brings itself up to date: nothing is lost with it.

    Example: crosslingual index check
    """


@index_group.command("check")
@library_option
@encoder_option
@output_options
def check_index(library: Path | None, encoder: str | None, form: str) -> None:
    """Check the library and its search index; mend the index if need be.

    All of the library is read: its pages, and its texts against the ids they were stored under. The index is
    to hold what the library holds; where it does not, it is made anew.

    Example: crosslingual index check --json
    """
    from crosslingual.search.check import find_problems, repair_index

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        if damage := [f"library: {problem}" for problem in opened.store.find_damage()]:
            _print_check(form, damage, damage)
            click.echo("put a backup back with: crosslingual restore FILE", err=True)
            sys.exit(1)
        problems = [f"search index: {one}" for one in find_problems(opened.store, opened.index, opened.space)]
        opened.retry_with_vectors(lambda: repair_index(opened.index, problems))
        remaining = [
            f"search index: {one}" for one in find_problems(opened.store, opened.index, opened.space)
        ]
    _print_check(form, problems, remaining)
    if remaining:
        sys.exit(1)


def _print_check(form: str, problems: list[str], remaining: list[str]) -> None:
    if form != "table":
        rows = [{"problem": problem, "mended": not remaining} for problem in problems]
        print_objects(form, rows, document={"problems": problems, "remaining": remaining})
        return
    for problem in problems:
        click.echo(problem)
    if not remaining:
        click.echo("search index: mended" if problems else "search index: holds what the library holds")
    for problem in remaining:
        click.echo(f"still: {problem}", err=True)


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
