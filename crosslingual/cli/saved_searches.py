"""``crosslingual searches``, which were saved, and ``check_index``, which looks after the index."""

from __future__ import annotations

import sys
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


@click.command("searches")
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
    """List the saved searches and how much is new; of NAME, what is new, which then counts as seen.

    Example: crosslingual searches joint-statement
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

    with open_library(Settings.load(library=library, encoder=encoder)) as held:
        if remove:
            if not name:
                raise InputError("--remove: give the NAME of the search to forget")
            remove_search(held.path, name)
            return
        wanted = [find_saved_search(held.path, name)] if name else load_saved_searches(held.path)
        known = {source.id: source for source in held.store.stored_sources()}
        told = []
        for one in wanted:
            results = held.search_filtered(one.query, one.filters, event=one.event, limit=1000, strict=False)
            fresh = find_new_hits(one, results)
            told.append((one, results, fresh))
            if name:
                save_search(held.path, mark_as_viewed(one, results))
    if form != "table":
        objects: list[dict[str, Any]] = [
            {"name": one.name, "query": one.query, "looked": one.viewed_at, "new": len(fresh)}
            for one, _, fresh in told
        ]
        if name:
            hits = [hit_object(hit, known) for hit in told[0][2]]
            print_objects(
                form, hits, document=objects[0] | {"results": hits}, rows=search_rows(told[0][2], known)
            )
        else:
            print_objects(form, objects)
        return
    if not told:
        click.echo("no saved searches; keep one with: crosslingual search QUERY --save NAME")
    for one, results, fresh in told:
        click.echo(f"{one.name}: {one.query}: {len(fresh)} new since {one.viewed_at[:10]}")
        if name and fresh:
            fresh_only = replace(results, hits=fresh)
            print_results(select_hits(fresh_only), fresh_only, known)


@click.command("doctor")
@library_option
@encoder_option
def check_index(library: Path | None, encoder: str | None) -> None:
    """Check that the search index holds what the library holds, and mend it where it does not.

    Example: crosslingual doctor
    """
    from crosslingual.search.check import find_problems, repair_index

    with open_library(Settings.load(library=library, encoder=encoder)) as held:
        problems = find_problems(held.store, held.index, held.space)
        for problem in problems:
            click.echo(f"search index: {problem}")
        held.retry_with_vectors(lambda: repair_index(held.index, problems))
        if left := find_problems(held.store, held.index, held.space):
            for problem in left:
                click.echo(f"search index: still {problem}", err=True)
            sys.exit(1)
    click.echo("search index: mended" if problems else "search index: holds what the library holds")
