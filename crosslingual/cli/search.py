"""``crosslingual search``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import (
    check_probability,
    choose_format,
    encoder_option,
    format_option,
    json_option,
    library_option,
    parse_day,
)
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.library import SentenceKey
    from crosslingual.report.listing import HitListing
    from crosslingual.search import Results
    from crosslingual.types import Source

_MAX_JUDGED_SENTENCES = 1_000
"""Sentences that are judged at most."""
_STDOUT = "-"
"""Instead of a file's name: standard output."""
_OUTPUT_FILE = click.Path(dir_okay=False, path_type=Path)


def _parse_sentence_key(_: click.Context, __: click.Parameter, value: str | None) -> SentenceKey | None:
    if value is None:
        return None
    article, _colon, index = value.rpartition(":")
    if not article or not index.isdigit() or len(index) > 9:
        raise click.BadParameter(f"{value!r} is no sentence; give ARTICLE:SENTENCE, as --json prints them")
    return article, int(index)


@click.command("search")
@click.argument("query", required=False)
@library_option
@encoder_option
@click.option("--lang", "langs", multiple=True, metavar="CODE", help="Only articles in this language.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only articles of this source.")
@click.option(
    "--country", "countries", multiple=True, metavar="CODE", help="Only sources of this country (ISO 3166)."
)
@click.option(
    "--ownership",
    "ownerships",
    multiple=True,
    type=click.Choice(["state", "public", "private", "unknown"]),
    help="Only sources so owned.",
)
@click.option(
    "--from", "since", callback=parse_day, metavar="DATE", help="Only articles of this day or later."
)
@click.option(
    "--to", "until", callback=parse_day, metavar="DATE", help="Only articles of this day or earlier."
)
@click.option("--event", metavar="ID", help="Only articles of this event.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Results at most.")
@click.option(
    "--like", callback=_parse_sentence_key, metavar="ARTICLE:SENTENCE", help="What is like a stored sentence."
)
@click.option("--phrase", default="", metavar="TEXT", help="Only sentences with these very words.")
@click.option(
    "--threshold",
    "least",
    type=float,
    callback=check_probability,
    metavar="FLOAT",
    help="Least probability, from 0 to 1, of saying the same; 0 shows all that was judged (default: what says"
    " it at .5 or more, has the words or, of a few words, comes near).",
)
@format_option
@json_option
@click.option(
    "--csv",
    "csv_out",
    is_flag=False,
    flag_value=_STDOUT,
    metavar="[FILE]",
    help="Short for --format csv; with FILE, also write the results there, for spreadsheets.",
)
@click.option(
    "--jsonl", "jsonl_out", type=_OUTPUT_FILE, metavar="FILE", help="Also write the results as JSON Lines."
)
@click.option(
    "--words",
    "by_words",
    is_flag=True,
    help='QUERY is words with AND, OR, NOT, brackets, "phrases" and *; all sentences are read (as in concordance).',
)
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A query a line instead of QUERY: how many sentences of each source answer it.",
)
@click.option("--save", metavar="NAME", help="Keep this search; crosslingual search saved lists what is new.")
def search_library(
    query: str | None,
    library: Path | None,
    encoder: str | None,
    langs: tuple[str, ...],
    sources: tuple[str, ...],
    countries: tuple[str, ...],
    ownerships: tuple[str, ...],
    since: str,
    until: str,
    event: str | None,
    limit: int,
    like: SentenceKey | None,
    phrase: str,
    least: float | None,
    form: str | None,
    as_json: bool,  # noqa: FBT001  # a click flag
    csv_out: str | None,
    jsonl_out: Path | None,
    by_words: bool,  # noqa: FBT001  # as above
    batch: Path | None,
    save: str | None,
) -> None:
    """Find who said QUERY, a sentence or a few words, and when.

    QUERY is in any language. One that is a quotation as a whole has to occur as it is; so has --phrase. All
    filters must hold; of one given more than once, any. After -- everything is the QUERY, also what begins
    with a dash, or the word saved.

    With --words the QUERY is words with operators, as in concordance; --batch asks many queries at once.

    Example: crosslingual search "The two presidents signed a joint statement" --lang zh --limit 5
    """
    from crosslingual.api.corpus import CorpusScope
    from crosslingual.cli.concordance import count_search
    from crosslingual.formatting import format_count
    from crosslingual.report.listing import select_hits
    from crosslingual.report.search import hit_object, search_object, search_rows
    from crosslingual.search import Filters
    from crosslingual.search.saved import SavedSearch, mark_as_viewed, save_search

    if query is None and like is None and csv_out not in (None, _STDOUT):
        query, csv_out = csv_out, _STDOUT  # search --csv QUERY
    if query == "saved":
        click.echo("searching for the word saved; saved searches: crosslingual search saved", err=True)
    form = choose_format(form, as_json=as_json, as_csv=csv_out == _STDOUT)
    filters = Filters(
        frozenset(lang.lower() for lang in langs),
        frozenset(sources),
        frozenset(country.upper() for country in countries),
        frozenset(ownerships),
        since,
        until,
        phrase=phrase,
    )
    if by_words or batch:
        writes_file = jsonl_out or csv_out not in (None, _STDOUT)
        _refuse_together(like, phrase, save, writes_file, least is not None)
        settings = Settings.load(library=library, encoder=encoder)
        count_search(
            settings, query, batch, CorpusScope(filters, event or ""), form, limit, by_words=by_words
        )
        return
    if (query is None) == (like is None):
        raise InputError("give a QUERY, or --like ARTICLE:SENTENCE, and not both")
    if save and query is None:
        raise InputError("--save keeps what was typed; give a QUERY with it")
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        results = opened.search_filtered(
            like or query or "", filters, event=event, limit=_MAX_JUDGED_SENTENCES
        )
        warning = opened.index.warning
        _print_warning(warning)
        listing = select_hits(results, least)
        first_page = replace(listing, hits=listing.hits[:limit])
        hits = () if first_page.is_nearest_only else first_page.hits
        if save:
            saved = SavedSearch(save, query or "", filters, event or "")
            save_search(opened.store.documents, mark_as_viewed(saved, results))
    sources_by_id = dict(results.sources)
    rows = search_rows(hits, sources_by_id)
    _write_files(csv_out, jsonl_out, rows)
    if form == "table":
        print_results(first_page, results, sources_by_id)
        if len(listing.hits) > limit:
            click.echo(
                f"\nshown are {limit:,} of {format_count(len(listing.hits), 'sentence')}; --limit shows more"
            )
    else:
        print_objects(
            form,
            [hit_object(hit, sources_by_id) for hit in hits],
            document=search_object(replace(results, hits=hits), sources_by_id, results.encoder, warning),
            rows=rows,
        )


def _refuse_together(*options: object) -> None:
    if any(options):
        raise InputError(
            "--words and --batch count; --like, --phrase, --threshold, --save and files to write do not fit"
        )


def _write_files(csv_out: str | None, jsonl_out: Path | None, rows: list[dict[str, Any]]) -> None:
    from crosslingual.report.tables import csv_bytes, jsonl_bytes

    if csv_out and csv_out != _STDOUT:
        _write_file(Path(csv_out), csv_bytes(rows))
    if jsonl_out:
        _write_file(jsonl_out, jsonl_bytes(rows))


def _print_warning(warning: str) -> None:
    if warning:
        click.echo(warning, err=True)


def _write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another file") from None


def print_results(listed: HitListing, results: Results, sources_by_id: dict[str, Source]) -> None:
    """Print a list for people."""
    from crosslingual.report.search import format_no_results, search_view

    print_view(search_view(listed, results, sources_by_id), width=140)
    if listed.is_nearest_only or not listed.hits:
        click.echo(format_no_results(results))
