"""``crosslingual search saved``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects
from crosslingual.cli.search import print_results
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("search saved")
@click.argument("name", required=False)
@library_option
@encoder_option
@click.option("--remove", is_flag=True, help="Forget the search NAME.")
@output_options
def list_saved_searches(
    name: str | None,
    library: Path | None,
    encoder: str | None,
    remove: bool,  # noqa: FBT001  # a click flag
    form: str,
) -> None:
    """List the saved searches and how much is new.

    Of the search NAME it prints what is new, which then counts as seen. To search for the word saved, put --
    before it: crosslingual search -- saved.

    Example: crosslingual search saved joint-statement
    """
    from crosslingual.report.listing import select_hits
    from crosslingual.report.search import hit_object, search_rows
    from crosslingual.search.saved import (
        find_new_hits,
        find_saved_search,
        load_saved_searches,
        mark_as_viewed,
        remove_search,
        save_search,
    )

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        if remove:
            if not name:
                raise InputError("--remove: give the NAME of the search to forget")
            remove_search(opened.store.documents, name)
            return
        searches = (
            [find_saved_search(opened.store.documents, name)]
            if name
            else load_saved_searches(opened.store.documents)
        )
        sources = {source.id: source for source in opened.store.stored_sources()}
        rerun = []
        for search in searches:
            results = opened.search_filtered(
                search.query, search.filters, event=search.event, limit=1000, strict=False
            )
            rerun.append((search, replace(results, hits=find_new_hits(search, results))))
            if name:
                save_search(opened.store.documents, mark_as_viewed(search, results))
    objects: list[dict[str, Any]] = [
        {"name": search.name, "query": search.query, "looked": search.viewed_at, "new": len(fresh.hits)}
        for search, fresh in rerun
    ]
    if form != "table" and name:
        ((_, fresh),) = rerun
        hits = [hit_object(hit, sources) for hit in fresh.hits]
        document = objects[0] | {"results": hits}
        print_objects(form, hits, document=document, rows=search_rows(fresh.hits, sources))
        return
    if form != "table":
        print_objects(form, objects)
        return
    if not rerun:
        click.echo("no saved searches; keep one with: crosslingual search QUERY --save NAME")
    for search, fresh in rerun:
        click.echo(f"{search.name}: {search.query}: {len(fresh.hits)} new since {search.viewed_at[:10]}")
        if name and fresh.hits:
            print_results(select_hits(fresh), fresh, sources)
