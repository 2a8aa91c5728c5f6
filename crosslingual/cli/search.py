"""``crosslingual search``."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.bar import Bar
from crosslingual.cli.completing import completing
from crosslingual.cli.options import encoder_option, library_option
from crosslingual.errors import CrosslingualError, InputError, NotFoundError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from crosslingual.align.space import Space
    from crosslingual.library import Library, Mark
    from crosslingual.search import Asked, Filters, Results, SearchIndex
    from crosslingual.types import Source

_NAMED = 8
"""Values of a filter that an error names."""

_OUT = click.Path(dir_okay=False, path_type=Path)


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day; give it as 2024-05-16") from None


def _mark(_: click.Context, __: click.Parameter, value: str | None) -> Mark | None:
    if value is None:
        return None
    article, _colon, index = value.rpartition(":")
    if not article or not index.isdigit() or len(index) > 9:
        raise click.BadParameter(f"{value!r} is no sentence; give ARTICLE:SENTENCE, as --json prints them")
    return article, int(index)


@click.command()
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
@click.option("--from", "since", callback=_day, metavar="DATE", help="Only articles of this day or later.")
@click.option("--to", "until", callback=_day, metavar="DATE", help="Only articles of this day or earlier.")
@click.option("--event", metavar="ID", help="Only articles of this event.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Results at most.")
@click.option("--like", callback=_mark, metavar="ARTICLE:SENTENCE", help="What is like a stored sentence.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object (docs/search.schema.json).")
@click.option("--csv", "csv_out", type=_OUT, metavar="FILE", help="Also write the results as CSV.")
@click.option("--jsonl", "jsonl_out", type=_OUT, metavar="FILE", help="Also write the results as JSON Lines.")
@click.option("--save", metavar="NAME", help="Keep this search; crosslingual searches tells what is new.")
def search(
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
    like: Mark | None,
    as_json: bool,  # noqa: FBT001  # a click flag
    csv_out: Path | None,
    jsonl_out: Path | None,
    save: str | None,
) -> None:
    """Find who said QUERY, a sentence or a few words in any language, when and in which words.

    What stands in quotation marks has to occur as it is. All filters must hold; of one given more than once,
    any.

    Example: crosslingual search "The two presidents signed a joint statement" --lang zh --limit 5
    """
    from crosslingual.library import Library
    from crosslingual.report.search import search_object, search_rows
    from crosslingual.report.tables import csv_bytes, jsonl_bytes
    from crosslingual.search import Filters, ask_like
    from crosslingual.search.saved import SavedSearch, looked_at, save_search

    if (query is None) == (like is None):
        raise InputError("give a QUERY, or --like ARTICLE:SENTENCE, and not both")
    if save and query is None:
        raise InputError("--save keeps what was typed; give a QUERY with it")
    if since and until and since > until:
        raise InputError(f"--from {since} is after --to {until}; give them the other way round")
    filters = Filters(
        frozenset(lang.lower() for lang in langs),
        frozenset(sources),
        frozenset(country.upper() for country in countries),
        frozenset(ownerships),
        since,
        until,
    )
    settings = Settings.load(library=library, encoder=encoder)
    with Library(settings.library, create=False) as store, searching(settings, store) as (space, index):
        _held(store, filters)
        asked = completing(
            settings,
            store,
            lambda: ask_like(store, space, like) if like else asked_for(settings, space, query or ""),
        )
        chosen = in_event(settings, store, space, filters, event)
        results = found(settings, store, index, space, asked, chosen, limit)
        known = {source.id: source for source in store.sources()}
        rows = search_rows(results.hits, known) if csv_out or jsonl_out else []
        for path, write in ((csv_out, csv_bytes), (jsonl_out, jsonl_bytes)):
            if path:
                _write(path, write(rows))
        if save:
            kept = SavedSearch(save, query or "", filters, event or "")
            save_search(store.path, looked_at(kept, results))
        if as_json:
            click.echo(json.dumps(search_object(results, known, space.model), ensure_ascii=False, indent=2))
        else:
            show(results, known)


@contextmanager
def searching(settings: Settings, store: Library) -> Iterator[tuple[Space, SearchIndex]]:
    """The space of the encoder, and the library's index in it, closed when this ends."""
    from crosslingual.align.space import load_space
    from crosslingual.search import SearchIndex

    space = load_space(settings.encoder, settings.home)
    index = SearchIndex(store, space)
    try:
        yield space, index
    finally:
        index.close()


def settle(settings: Settings, store: Library) -> None:
    """Bring the library's search index up to date and compress what has grown; if not now, another time."""
    with suppress(CrosslingualError), searching(settings, store) as (_, index):
        index.settle()


def _held(store: Library, filters: Filters) -> None:
    """Whether the library has articles of each language, source and country that is asked for.

    Raises:
        NotFoundError: it has none of one of them.
    """
    if not filters.langs | filters.sources | filters.countries:
        return
    entries = store.places.entries()
    sources = {entry.source for entry in entries}
    countries = {source.country for source in store.sources() if source.id in sources} - {""}
    _among("lang", filters.langs, {entry.lang for entry in entries})
    _among("source", filters.sources, sources)
    _among("country", filters.countries, countries)


def _among(name: str, wanted: Set[str], held: Set[str]) -> None:
    for value in sorted(wanted - held):
        some = ", ".join(sorted(held)[:_NAMED]) or "none"
        more = f" and {len(held) - _NAMED:,} more" if len(held) > _NAMED else ""
        raise NotFoundError(f"{name} {value!r}: not in this library; there are: {some}{more}")


def asked_for(settings: Settings, space: Space, query: str) -> Asked:
    """What was typed, read by the encoder."""
    from crosslingual.models import load_encoder
    from crosslingual.search import ask, parse

    return ask(parse(query), load_encoder(settings.encoder, settings.home), space)


def in_event(
    settings: Settings, store: Library, space: Space, filters: Filters, event: str | None
) -> Filters:
    """The filters, limited to the articles of ``event`` if one is named."""
    from dataclasses import replace

    from crosslingual.events import event_named, find_events

    if not event:
        return filters
    found = completing(settings, store, lambda: find_events(store, space, reader=settings.reader))
    return replace(filters, articles=frozenset(event_named(event, found).articles))


def found(
    settings: Settings,
    store: Library,
    index: SearchIndex,
    space: Space,
    asked: Asked,
    filters: Filters,
    limit: int,
) -> Results:
    """What is found; sentences without vectors get them first."""
    from crosslingual.search import find

    def run() -> Results:
        with Bar() as bar, index.reading(partial(bar.show, "bringing the search index up to date")):
            pass
        return find(
            store,
            index,
            space,
            asked,
            filters=filters,
            limit=limit,
            reader=settings.reader,
            engines=settings.preferred,
        )

    return completing(settings, store, run)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None


def show(results: Results, known: dict[str, Source]) -> None:
    """Print results for people."""
    from rich.console import Console

    from crosslingual.report.search import search_view, summary

    if results.hits:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = 140
        console.print(search_view(results, known))
    else:
        click.echo(summary(results, known))
        click.echo("nothing found: ask with fewer filters, or without quotation marks")
