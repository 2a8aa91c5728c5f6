"""``crosslingual concordance``, and what ``search`` counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.corpus_options import scope_options
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api.corpus import CorpusScope
    from crosslingual.corpus.concordance import LineOrder

MAX_BATCH_QUERIES, _MAX_BATCH_BYTES = 1_000, 1_000_000
"""Queries of a file, and its size, at most."""


@click.command("concordance")
@click.argument("query")
@library_option
@encoder_option
@scope_options
@click.option(
    "--sort",
    "order",
    type=click.Choice(["date", "source", "left", "right"]),
    default="date",
    show_default=True,
    help="Order of the lines: by day, by source, by the words to the left or to the right.",
)
@click.option(
    "--beside",
    default="",
    metavar="ID|CODE",
    help="Beside each line what this source, or a source in this language, says of it (where compared).",
)
@click.option(
    "--limit", type=click.IntRange(0, 100_000), default=50, show_default=True, help="Lines at most."
)
@output_options
def find_concordance(
    query: str,
    library: Path | None,
    encoder: str | None,
    scope: CorpusScope,
    order: LineOrder,
    beside: str,
    limit: int,
    form: str,
) -> None:
    """Show where QUERY stands, with what is left and right of it.

    QUERY is words that follow one another, in all their forms; "in quotation marks" as written. A * stands for any
    letters, /…/ is a regular expression, AND, OR, NOT and brackets join them. All sentences are read: counts are
    complete. Beside a line stands the sentence of another source, where its event was compared, or a translation.

    Example: crosslingual concordance '"special operation" OR спецоперация' --sort right
    """
    settings = Settings.load(library=library, encoder=encoder)
    print_concordance(settings, query, scope, form, order=order, limit=limit, beside=beside)


def print_concordance(
    settings: Settings,
    query: str,
    scope: CorpusScope,
    form: str,
    *,
    order: LineOrder = "date",
    limit: int,
    beside: str = "",
) -> None:
    """A concordance in the form that is asked for."""
    from crosslingual.report import concordance

    with open_library(settings) as opened:
        answer = opened.corpus.concordance(query, scope, order=order, limit=limit, beside=beside)
    found = answer.concordance
    if form == "table":
        print_view(concordance.concordance_view(found, answer.beside), width=170)
        print_view(concordance.source_hits_table(found.sources), width=100)
        return
    document = concordance.concordance_object(found, answer.beside)
    rows = list(concordance.concordance_rows(found, answer.beside))
    print_objects(form, document["lines"], document=document, rows=rows)


def count_search(
    settings: Settings,
    query: str | None,
    batch: Path | None,
    scope: CorpusScope,
    form: str,
    limit: int,
    *,
    by_words: bool,
) -> None:
    """What ``crosslingual search`` prints with ``--words`` or ``--batch``.

    Raises:
        InputError: there are both a query and a file, or neither; a line cannot be read.
    """
    if (query is None) == (batch is None):
        raise InputError("give a QUERY, or --batch FILE, and not both")
    if query is not None:
        print_concordance(settings, query, scope, form, limit=limit)
        return
    from crosslingual.report import concordance

    queries = read_queries(batch or Path(), by_words=by_words)
    with open_library(settings) as opened:
        count = opened.corpus.count_words if by_words else opened.corpus.count_meanings
        counted = count(queries, scope)
    if form == "table":
        print_view(concordance.batch_table(counted), width=150)
    elif form == "json":
        print_objects(form, concordance.batch_objects(counted))
    else:
        print_objects(form, concordance.batch_rows(counted))


def read_queries(path: Path, *, by_words: bool) -> list[str]:
    """The queries of a file, one a line; empty lines do not count.

    Raises:
        InputError: it is no text in UTF-8, too large, empty, or a line cannot be read; it names the line.
    """
    from crosslingual.corpus.word_query import parse_word_query
    from crosslingual.search import parse_query

    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BATCH_BYTES + 1)
        if len(content) > _MAX_BATCH_BYTES:
            raise InputError(f"{path}: larger than {_MAX_BATCH_BYTES:,} bytes; give it in parts")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not in UTF-8; save it so") from None
    lines = {number: line.strip() for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    if not lines or len(lines) > MAX_BATCH_QUERIES:
        raise InputError(f"{path}: {len(lines):,} queries; give 1 to {MAX_BATCH_QUERIES:,}, one a line")
    for number, line in lines.items():
        try:
            parse_word_query(line) if by_words else parse_query(line)
        except InputError as error:
            raise InputError(f"{path}:{number}: {error}") from None
    return list(lines.values())
