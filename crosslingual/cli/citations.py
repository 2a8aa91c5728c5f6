"""``crosslingual citations``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("citations")
@click.argument("event", required=False)
@library_option
@encoder_option
@output_options
def list_citations(event: str | None, library: Path | None, encoder: str | None, form: str) -> None:
    """List which outlets cite or copy which.

    With EVENT, an event's id or the id of an article in it, only its articles are read, and JSON has who was first with
    each cited statement. A question mark stands behind what is doubtful. JSON has the whole graph with its sentences.
    CSV has a row, and JSON lines an object, for each sentence that cites and each copied article.

    Example: crosslingual citations 2024-05-16-1f0c2a --csv
    """
    from crosslingual.report.citation_rows import citation_rows, graph_object
    from crosslingual.report.citations import edges_table

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        graph = opened.citations(event)
    if form != "table":
        print_objects(form, list(citation_rows(graph)), document=graph_object(graph))
    elif graph.edges:
        print_view(edges_table(graph), width=140)
    else:
        click.echo(f"no outlet cites another in {graph.n_articles} articles")
