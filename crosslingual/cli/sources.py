"""``crosslingual sources``, ``list_history`` and ``undo_operation``."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.options import library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError, NotFoundError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crosslingual.ingest.summary import AddSummary
    from crosslingual.types import Operation

_SOURCE_OPTIONS = (
    click.option("--name", metavar="TEXT", help="Its name in English."),
    click.option("--native-name", metavar="TEXT", help="Its name in its own language."),
    click.option("--language", "languages", multiple=True, metavar="CODE", help="What it publishes in."),
    click.option("--country", metavar="CODE", help="ISO 3166-1 alpha-2, such as CN."),
    click.option("--ownership", metavar="WORD", help="state, public or private."),
    click.option("--kind", metavar="WORD", help="Such as newspaper; see docs/sources.md."),
    click.option("--owner", metavar="TEXT", help="Who owns it."),
    click.option("--domain", "domains", multiple=True, metavar="NAME", help="A web domain of it."),
    click.option("--feed", "feeds", multiple=True, metavar="URL", help="An RSS or Atom feed of it."),
)


def _add_source_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that give a source's fields."""
    for option in reversed(_SOURCE_OPTIONS):
        command = option(command)
    return command


@click.group("sources", cls=CommandGroup, default_command="list")
def sources_group() -> None:
    """Sources: the outlets, and what is known of them.

    Example: crosslingual sources list
    """


@sources_group.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that no article here is of.")
@output_options
@library_option
def list_sources(every: bool, form: str, library: Path | None) -> None:  # noqa: FBT001  # a click flag
    """List the sources of the library.

    Example: crosslingual sources list --json
    """
    from crosslingual.library import Library
    from crosslingual.report.terminal import sources_table
    from crosslingual.report.to_json import source_object

    with Library(Settings.load(library=library).library, create=False) as store:
        counts = store.article_counts()
        sources = list(store.known_sources().values()) if every else store.stored_sources()
    if form != "table":
        print_objects(form, [source_object(source, counts.get(source.id, 0)) for source in sources])
        return
    print_view(sources_table(sources, counts), width=140)
    if incomplete := [source.id for source in sources if not source.is_complete]:
        click.echo(_completion_hint(incomplete[:1]))


@sources_group.command("add")
@click.argument("source")
@_add_source_options
@library_option
def add_source(source: str, library: Path | None, **fields: Any) -> None:
    """Add a source under the id SOURCE.

    Example: crosslingual sources add village-echo --name "The Village Echo" --country GB --ownership private
    --language en --domain village-echo.org
    """
    from crosslingual.library import Library
    from crosslingual.types import Source

    with Library(Settings.load(library=library).library) as store:
        if source in store.known_sources():
            raise InputError(
                f"source {source!r}: there already; change it: crosslingual sources edit {source}"
            )
        operation = store.edit_source(Source(source, **({"name": source} | _non_empty_fields(fields))))
    click.echo(f"{source} added; {_undo_hint(operation)}")


@sources_group.command("edit")
@click.argument("source")
@_add_source_options
@library_option
def edit_source(source: str, library: Path | None, **fields: Any) -> None:
    """Change what is known of SOURCE.

    SOURCE is its id. What you give goes before the shipped list.

    Example: crosslingual sources edit village-echo-org --country GB --ownership private --language en
    """
    from crosslingual.library import Library

    new_fields = _non_empty_fields(fields)
    if not new_fields:
        raise InputError("nothing to change; give a field, such as --country GB")
    with Library(Settings.load(library=library).library) as store:
        known = store.known_sources()
        if source not in known:
            raise NotFoundError(
                f"source {source!r}: not known; list them with: crosslingual sources list --all, or add it"
                f" with: crosslingual sources add {source}"
            )
        changed = replace(known[source], **new_fields)
        if changed == known[source]:
            click.echo(f"{source} is so already")
            return
        operation = store.edit_source(changed)
    click.echo(f"{source} changed; {_undo_hint(operation)}")


@sources_group.command("merge")
@click.argument("source")
@click.argument("into")
@library_option
def merge_source(source: str, into: str, library: Path | None) -> None:
    """Give all articles of SOURCE to INTO.

    Both are ids. The names, domains and feeds of SOURCE go with them.

    Example: crosslingual sources merge village-echo-org village-echo
    """
    from crosslingual.library import Library

    with Library(Settings.load(library=library).library, create=False) as store:
        operation = store.merge_sources(source, into)
    click.echo(f"{source} merged into {into}: {_article_count(operation)}; {_undo_hint(operation)}")


@sources_group.command("remove")
@click.argument("source")
@library_option
def remove_source(source: str, library: Path | None) -> None:
    """Take SOURCE out of the library with all its articles.

    Example: crosslingual sources remove village-echo
    """
    from crosslingual.library import Library

    with Library(Settings.load(library=library).library, create=False) as store:
        operation = store.remove_source(source)
    click.echo(f"{source} removed with {_article_count(operation)}; {_undo_hint(operation)}")


@sources_group.command(name="undo")
@library_option
def undo_sources(library: Path | None) -> None:
    """Undo the latest editing, merging or removal.

    Example: crosslingual sources undo
    """
    from crosslingual.library import Library

    with Library(Settings.load(library=library).library, create=False) as store:
        done = [
            operation
            for operation in store.load_operations()
            if operation.kind in ("edit", "merge", "remove") and not operation.undone
        ]
        if not done:
            raise NotFoundError("nothing to undo; list what was done with: crosslingual history")
        click.echo(_undo_message(store.undo_operation(done[0].id)))


@click.command("history")
@output_options
@library_option
def list_history(form: str, library: Path | None) -> None:
    """List what was done to the library, the latest first.

    It lists what was added, edited, merged and removed; each can be undone.

    Example: crosslingual history --json
    """
    from crosslingual.library import Library
    from crosslingual.report.terminal import operations_table

    with Library(Settings.load(library=library).library, create=False) as store:
        operations = store.load_operations()
    if form != "table":
        print_objects(form, [asdict(operation) for operation in operations])
    elif operations:
        print_view(operations_table(operations), width=140)
    else:
        click.echo("nothing was done here yet that can be undone")


@click.command("undo")
@click.argument("operation", default="")
@library_option
def undo_operation(operation: str, library: Path | None) -> None:
    """Undo what was done last, or OPERATION.

    OPERATION is an id that crosslingual history lists. All of it is undone, and nothing else. An undo
    can itself be undone until something else is done.

    Example: crosslingual undo 3fa85f64
    """
    from crosslingual.library import Library

    with Library(Settings.load(library=library).library, create=False) as store:
        click.echo(_undo_message(store.undo_operation(operation)))


def print_add_hints(summary: AddSummary) -> None:
    """Say how an add is undone, and which of its sources are to be completed."""
    if summary.operation_id:
        click.echo(f"to undo: crosslingual undo {summary.operation_id}")
    if summary.incomplete_sources:
        click.echo(_completion_hint(summary.incomplete_sources))


def _completion_hint(source_ids: Sequence[str]) -> str:
    source_id = source_ids[0] if len(source_ids) == 1 else "ID"
    return (
        f"not all is known of {', '.join(source_ids)}: crosslingual sources edit {source_id} --country CODE"
        " --ownership WORD --language CODE"
    )


def _non_empty_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, ())}


def _article_count(operation: Operation) -> str:
    from crosslingual.formatting import format_count

    return format_count(operation.articles, "article")


def _undo_hint(operation: Operation) -> str:
    return f"to undo: crosslingual undo {operation.id}"


def _undo_message(operation: Operation) -> str:
    done = operation.description + (f" ({_article_count(operation)})" if operation.articles else "")
    return f"{done}; to take that back: crosslingual undo {operation.id}"
