"""The command line: parses, calls, prints; no logic of its own."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from crosslingual import __version__
from crosslingual.cli.add import add
from crosslingual.cli.copies import copies
from crosslingual.cli.evaluate import evaluate
from crosslingual.cli.models import models
from crosslingual.cli.opening import opened
from crosslingual.cli.options import encoder_option, library_option, output_options, threshold_option
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.cli.report import report
from crosslingual.cli.search import search
from crosslingual.cli.searches import doctor, searches
from crosslingual.cli.sources import history, sources, undo
from crosslingual.cli.translate import memory, translate
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.settings import Settings

SIDE_BY_SIDE = 6
"""Sources whose sentences fit side by side on a terminal."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """How one event is told in different countries, sentence by sentence, offline."""


@cli.command()
@library_option
@encoder_option
@output_options
def events(library: Path | None, encoder: str | None, form: str) -> None:
    """List the events: articles of the library on the same happening, newest first.

    Example: crosslingual events --json
    """
    from crosslingual.report.objects import event_object
    from crosslingual.report.terminal import events_table

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        found = held.events()
    if form != "table":
        print_objects(form, [event_object(event) for event in found])
    elif found:
        print_view(events_table(found), width=140)
    else:
        click.echo(
            "no events yet: add articles of two or more sources on one happening: crosslingual add PATH"
        )


@cli.command()
@click.argument("event")
@library_option
@encoder_option
@threshold_option
@click.option("--copies-once", is_flag=True, help="Count articles that are one text as one voice.")
@click.option("--matrix", is_flag=True, help="A row a statement, a sign a source: told, perhaps, not found.")
@click.option("--sources", metavar="ID,ID", help="Only these sources as columns, in this order.")
@output_options
def compare(  # click's
    event: str,
    library: Path | None,
    encoder: str | None,
    threshold: float | None,
    copies_once: bool,  # noqa: FBT001  # a click flag
    matrix: bool,  # noqa: FBT001  # as above
    sources: str | None,
    form: str,
) -> None:
    """Print who says what of EVENT: an event's id, or the id of an article in it.

    Up to six sources stand side by side, with what each says. More are a list: each statement with how many
    tell it ("10 + 4? of 17": four perhaps) and who, by language. CSV has a row a statement and a column a
    source; JSON is as docs/comparison.schema.json describes it.

    Example: crosslingual compare 2024-05-16-1f0c2a --sources xinhua,reuters
    """
    from crosslingual.report.columns import chosen
    from crosslingual.report.objects import comparison_object
    from crosslingual.report.statement_list import list_view, matrix_rows, matrix_view
    from crosslingual.report.terminal import comparison_view

    if sources and form in ("json", "jsonl"):
        raise InputError("--sources chooses columns of a table; --json has all sources")
    settings = Settings.load(library=library, encoder=encoder)
    with opened(settings) as held:
        comparison = held.compare(event, threshold=threshold, duplicates_once=copies_once)
    shown = chosen(comparison, sources.split(",")) if sources else comparison
    if form == "csv":
        print_objects(form, matrix_rows(shown, settings.reader))
    elif form != "table":
        whole = comparison_object(comparison)
        print_objects(form, whole["statements"], whole=whole)
    elif matrix:
        print_view(matrix_view(shown, settings.reader), width=100 + 3 * len(shown.columns))
    elif len(shown.columns) > SIDE_BY_SIDE:
        print_view(list_view(shown, settings.reader), width=140)
    else:
        print_view(comparison_view(shown), width=20 + 30 * len(shown.columns))


@cli.command()
@click.argument("one")
@click.argument("other")
@library_option
@encoder_option
@output_options
def bitext(one: str, other: str, library: Path | None, encoder: str | None, form: str) -> None:
    """Align the articles with ids ONE and OTHER in their order, as translations of one text.

    Compare does so by itself where two articles of an event look like translations; this does it by your
    word, for any two.

    Example: crosslingual bitext 08bda4c1f0e2a3b5 3a3546d2c1b0a9f8 --format jsonl
    """
    from crosslingual.report.objects import bead_object, bead_row
    from crosslingual.report.terminal import bitext_table

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        beads = held.align(one, other)
        articles = held.store.articles((one, other))
        first, second = (f"{article.source}: {article.title}" for article in articles)
    if form != "table":
        print_objects(form, [bead_object(bead) for bead in beads], rows=[bead_row(bead) for bead in beads])
    else:
        print_view(bitext_table(first, second, beads), width=160)


@cli.command()
@library_option
@encoder_option
@click.option("--port", type=int, default=8501, show_default=True, help="Port on localhost.")
def app(library: Path | None, encoder: str | None, port: int) -> None:
    """Start the app in the browser, on this machine only.

    Example: crosslingual app --port 8600
    """
    from crosslingual.ui.launch import launch

    launch(Settings.load(library=library, encoder=encoder), port)


cli.add_command(models)
cli.add_command(add)
cli.add_command(evaluate)
cli.add_command(report)
cli.add_command(search)
cli.add_command(searches)
cli.add_command(doctor)
cli.add_command(translate)
cli.add_command(memory)
cli.add_command(copies)
cli.add_command(sources)
cli.add_command(history)
cli.add_command(undo)


def main() -> None:
    """Run the command line; a failure that the user can mend is one line on stderr and exit code 1."""
    if sys.platform == "win32":  # a file or a pipe would get the system's code page, without Chinese
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8")
    try:
        cli()
    except CrosslingualError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
