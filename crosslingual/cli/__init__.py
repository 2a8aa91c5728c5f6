"""The command line: parses, calls, prints; no logic of its own."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from crosslingual import __version__
from crosslingual.cli.add import add_articles
from crosslingual.cli.axes import score_own_axes
from crosslingual.cli.backup import back_up_library, restore_library
from crosslingual.cli.check import check_group
from crosslingual.cli.citations import list_citations
from crosslingual.cli.code import code_group
from crosslingual.cli.compact import compact_library
from crosslingual.cli.concordance import find_concordance
from crosslingual.cli.corpus import count_own_words, list_collocations, list_key_words, list_ngrams
from crosslingual.cli.duplicates import list_duplicates
from crosslingual.cli.entities import list_entities, show_entity
from crosslingual.cli.evaluate import evaluate_group
from crosslingual.cli.events import events_group
from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.index import index_group
from crosslingual.cli.models import models_group
from crosslingual.cli.naming import show_naming
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options, threshold_option
from crosslingual.cli.originals import list_originals
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.cli.report import create_report
from crosslingual.cli.saved_searches import list_saved_searches
from crosslingual.cli.search import search_library
from crosslingual.cli.serve import serve_assistants, serve_library
from crosslingual.cli.sources import list_history, sources_group, undo_operation
from crosslingual.cli.stories import stories_group
from crosslingual.cli.timeline import list_figures, show_timeline
from crosslingual.cli.translate import memory_group, translate_articles
from crosslingual.cli.versions import list_versions
from crosslingual.cli.watch import watch_group
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.settings import Settings

MAX_SIDE_BY_SIDE = 6
"""Sources whose sentences fit side by side on a terminal."""
FORMER_NAMES = {
    "copies": "duplicates",
    "memory": "tm",
    "bitext": "align",
    "searches": "search saved",
    "doctor": "index check",
}
HEADINGS = {
    "Read": ("app", "add", "watch", "translate", "tm"),
    "Compare": (
        *("events", "stories", "compare", "timeline", "figures", "align", "duplicates"),
        *("entities", "entities show", "naming", "citations", "versions", "originals", "report"),
    ),
    "Search": ("search", "search saved", "index"),
    "Count": ("concordance", "collocations", "keyness", "ngrams", "dictionary", "axes"),
    "Code": ("code",),
    "Connect": ("serve", "mcp"),
    "Manage": ("sources", "models", "history", "undo", "backup", "restore", "compact"),
    "Measure": ("check", "evaluate"),
}
"""Every command, under what people do with it."""


@click.group(
    cls=CommandGroup,
    former_names=FORMER_NAMES,
    headings=HEADINGS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__)
def cli() -> None:
    """How one event is told in different countries, sentence by sentence, offline."""


@cli.command("compare")
@click.argument("event")
@library_option
@encoder_option
@threshold_option
@click.option("--copies-once", is_flag=True, help="Count articles that are one text as one voice.")
@click.option(
    "--matrix", is_flag=True, help="A row a statement, a sign a source: says it, perhaps, not found."
)
@click.option("--sources", metavar="ID,ID", help="Only these sources as columns, in this order.")
@output_options
def compare_event(
    event: str,
    library: Path | None,
    encoder: str | None,
    threshold: float | None,
    copies_once: bool,  # noqa: FBT001  # a click flag
    matrix: bool,  # noqa: FBT001  # as above
    sources: str | None,
    form: str,
) -> None:
    """Print who says what of EVENT.

    EVENT is an event's id, or the id of an article in it. Up to six sources stand side by side, with what
    each says. More are a list: each statement with how many tell it ("10 + 4? of 17": four perhaps) and who,
    by language. CSV has a row a statement and a column a
    source; JSON is as docs/comparison.schema.json describes it.

    Example: crosslingual compare 2024-05-16-1f0c2a --sources xinhua,reuters
    """
    from crosslingual.report.source_selection import select_sources
    from crosslingual.report.statement_list import list_view, matrix_rows, matrix_view
    from crosslingual.report.terminal import comparison_view
    from crosslingual.report.to_json import comparison_object

    if sources and form in ("json", "jsonl"):
        raise InputError("--sources chooses columns of a table; --json has all sources")
    settings = Settings.load(library=library, encoder=encoder)
    with open_library(settings) as opened:
        comparison = opened.compare(event, threshold=threshold, duplicates_once=copies_once)
    selected = select_sources(comparison, sources.split(",")) if sources else comparison
    if form == "csv":
        print_objects(form, matrix_rows(selected, settings.target_lang))
    elif form != "table":
        document = comparison_object(comparison)
        print_objects(form, document["statements"], document=document)
    elif matrix:
        print_view(
            matrix_view(selected, settings.target_lang), width=100 + 3 * len(selected.source_summaries)
        )
    elif len(selected.source_summaries) > MAX_SIDE_BY_SIDE:
        print_view(list_view(selected, settings.target_lang), width=140)
    else:
        print_view(comparison_view(selected), width=20 + 30 * len(selected.source_summaries))


@cli.command("align")
@click.argument("article")
@click.argument("other")
@library_option
@encoder_option
@output_options
def align_bitext(article: str, other: str, library: Path | None, encoder: str | None, form: str) -> None:
    """Align two articles in order, as translations of one text.

    ARTICLE and OTHER are their ids. Compare does so by itself where two articles of an event look like
    translations; this forces it for any two.

    Example: crosslingual align 08bda4c1f0e2a3b5 3a3546d2c1b0a9f8 --format jsonl
    """
    from crosslingual.report.terminal import bitext_table
    from crosslingual.report.to_json import bead_object, bead_row

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        beads = opened.align(article, other)
        articles = opened.store.load_articles((article, other))
    src_name, tgt_name = (f"{named.source}: {named.title}" for named in articles)
    if form != "table":
        print_objects(form, [bead_object(bead) for bead in beads], rows=[bead_row(bead) for bead in beads])
    else:
        print_view(bitext_table(src_name, tgt_name, beads), width=160)


@cli.command("app")
@library_option
@encoder_option
@click.option("--port", type=int, default=8501, show_default=True, help="Port on localhost.")
def start_app(library: Path | None, encoder: str | None, port: int) -> None:
    """Start the app in the browser, on this machine only.

    Example: crosslingual app --port 8600
    """
    from crosslingual.ui.launch import launch_app

    launch_app(Settings.load(library=library, encoder=encoder), port)


cli.add_command(serve_library)
cli.add_command(serve_assistants)
cli.add_command(models_group)
cli.add_command(add_articles)
cli.add_command(events_group)
cli.add_command(stories_group)
cli.add_command(show_timeline)
cli.add_command(list_figures)
cli.add_command(list_entities)
cli.add_command(show_entity)
cli.add_command(show_naming)
cli.add_command(list_citations)
cli.add_command(list_versions)
cli.add_command(list_originals)
cli.add_command(check_group)
cli.add_command(code_group)
cli.add_command(watch_group)
cli.add_command(find_concordance)
cli.add_command(list_collocations)
cli.add_command(list_key_words)
cli.add_command(list_ngrams)
cli.add_command(count_own_words)
cli.add_command(score_own_axes)
cli.add_command(evaluate_group)
cli.add_command(create_report)
cli.add_command(search_library)
cli.add_command(list_saved_searches)
cli.add_command(index_group)
cli.add_command(translate_articles)
cli.add_command(memory_group)
cli.add_command(list_duplicates)
cli.add_command(sources_group)
cli.add_command(list_history)
cli.add_command(undo_operation)
cli.add_command(back_up_library)
cli.add_command(restore_library)
cli.add_command(compact_library)


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
