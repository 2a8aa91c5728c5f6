"""``crosslingual searches``, which were saved, and ``doctor``, which looks after the index."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from crosslingual.cli.opening import opened
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects
from crosslingual.cli.search import show
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command()
@click.argument("name", required=False)
@library_option
@encoder_option
@click.option("--remove", is_flag=True, help="Forget the search NAME.")
@output_options
def searches(
    name: str | None,
    library: Path | None,
    encoder: str | None,
    remove: bool,  # noqa: FBT001  # a click flag
    form: str,
) -> None:
    """List the saved searches and how much is new; of NAME, what is new, which then counts as seen.

    Example: crosslingual searches joint-statement
    """
    from crosslingual.report.listing import listing
    from crosslingual.report.search import hit_object, search_rows
    from crosslingual.search.saved import (
        looked_at,
        new_since,
        remove_search,
        save_search,
        saved_search,
        saved_searches,
    )

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        if remove:
            if not name:
                raise InputError("--remove: give the NAME of the search to forget")
            remove_search(held.path, name)
            return
        wanted = [saved_search(held.path, name)] if name else saved_searches(held.path)
        known = {source.id: source for source in held.store.sources()}
        told = []
        for one in wanted:
            results = held.find(one.query, one.filters, event=one.event, limit=1000, strict=False)
            fresh = new_since(one, results)
            told.append((one, results, fresh))
            if name:
                save_search(held.path, looked_at(one, results))
    if form != "table":
        objects: list[dict[str, Any]] = [
            {"name": one.name, "query": one.query, "looked": one.looked, "new": len(fresh)}
            for one, _, fresh in told
        ]
        if name:
            hits = [hit_object(hit, known) for hit in told[0][2]]
            print_objects(
                form, hits, whole=objects[0] | {"results": hits}, rows=search_rows(told[0][2], known)
            )
        else:
            print_objects(form, objects)
        return
    if not told:
        click.echo("no saved searches; keep one with: crosslingual search QUERY --save NAME")
    for one, results, fresh in told:
        click.echo(f"{one.name}: {one.query}: {len(fresh)} new since {one.looked[:10]}")
        if name and fresh:
            fresh_only = replace(results, hits=fresh)
            show(listing(fresh_only), fresh_only, known)


@click.command()
@library_option
@encoder_option
def doctor(library: Path | None, encoder: str | None) -> None:
    """Check that the search index holds what the library holds, and mend it where it does not.

    Example: crosslingual doctor
    """
    from crosslingual.search.doctor import examine, mend

    with opened(Settings.load(library=library, encoder=encoder)) as held:
        problems = examine(held.store, held.index, held.space)
        for problem in problems:
            click.echo(f"search index: {problem}")
        held.completed(lambda: mend(held.index, problems))
        if left := examine(held.store, held.index, held.space):
            for problem in left:
                click.echo(f"search index: still {problem}", err=True)
            sys.exit(1)
    click.echo("search index: mended" if problems else "search index: holds what the library holds")
