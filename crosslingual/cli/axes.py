"""``crosslingual axes``: where the sources stand on axes of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.corpus_options import scope_options
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api.corpus import CorpusScope


@click.command("axes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@library_option
@encoder_option
@scope_options
@output_options
def score_own_axes(
    file: Path, library: Path | None, encoder: str | None, scope: CorpusScope, form: str
) -> None:
    """Score where sources stand between two poles of your own.

    FILE is a TOML file: for each axis a table [[axis]] with id, high and low, the names of the poles, and under
    [axis.en] and other languages the lists high and low, with three texts or more each. It is told how many of these
    texts fall on their own side when they are held out. Sentences are scored as they were written.

    Example: crosslingual axes peace.toml --lang ru --csv
    """
    from crosslingual.formatting import strip_control_chars
    from crosslingual.framing.own_axes import read_own_axes
    from crosslingual.report import axes

    given = read_own_axes(file)
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.corpus.score_axes(given, scope)
    if form != "table":
        rows = axes.position_rows(found.positions)
        print_objects(form, rows, document=axes.axes_object(found.axes, found.positions))
        return
    print_view(axes.poles_table(found.axes), width=110)
    for row in axes.poles_rows(found.axes):
        click.echo(f"{strip_control_chars(row['axis'])}: {axes.describe_separation(row)}")
    click.echo()
    print_view(axes.positions_table(found.positions), width=110)
