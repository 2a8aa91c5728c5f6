"""``crosslingual events``: what happened, and corrections of it by hand."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options, parse_day
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.types import Operation


@click.group("events", cls=CommandGroup, default_command="list")
def events_group() -> None:
    """List events; merge, split, rename them.

    Without a command it lists them. A correction can be undone, and is heeded by what is added later.

    Example: crosslingual events --json
    """


@events_group.command("list")
@library_option
@encoder_option
@click.option("--title", default="", metavar="WORDS", help="Only events with these words in one title.")
@click.option("--entity", default="", metavar="NAME", help="Only events that name NAME, in any script.")
@click.option("--lang", "langs", multiple=True, metavar="CODE", help="Only events told in this language.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only events told by this source.")
@click.option("--from", "since", callback=parse_day, metavar="DATE", help="Only events of this day or later.")
@click.option("--to", "until", callback=parse_day, metavar="DATE", help="Only events of this day or earlier.")
@click.option(
    "--since-last",
    is_flag=True,
    help="Only events that have grown since this or the Events page was last used.",
)
@click.option(
    "--sort",
    "order",
    type=click.Choice(["date", "added", "sources", "articles", "languages"]),
    default="date",
    show_default=True,
    help="Latest or most first.",
)
@output_options
def list_events(
    library: Path | None,
    encoder: str | None,
    title: str,
    entity: str,
    langs: tuple[str, ...],
    sources: tuple[str, ...],
    since: str,
    until: str,
    since_last: bool,  # noqa: FBT001  # a click flag
    order: str,
    form: str,
) -> None:
    """List events: articles on one happening, newest first.

    All filters must hold; of one given several times, any. With --since-last JSON and CSV have the new articles.

    Example: crosslingual events list --entity 普京 --lang ru --sort sources --json
    """
    from crosslingual.events.listing import EventFilters
    from crosslingual.library.event_visits import find_last_visit, record_visit
    from crosslingual.report.terminal import events_table
    from crosslingual.report.to_json import event_object

    filters = EventFilters(title, frozenset(map(str.lower, langs)), frozenset(sources), since, until)
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        newest, last = opened.store.newest_article_number(), 0
        if since_last:
            visit = find_last_visit(opened.store)
            last = visit.last_article if visit else 0
            filters = replace(filters, newer_than=last)
        found = opened.list_events(filters, entity=entity, order=order)
        if since_last:
            record_visit(opened.store, last_article=newest)
    if form != "table":
        objects = [event_object(one.event) for one in found]
        if since_last:
            objects = [
                told | {"new_articles": [entry.article for entry in one.new_entries(last)]}
                for told, one in zip(objects, found, strict=True)
            ]
        print_objects(form, objects)
    elif found:
        print_view(events_table(one.event for one in found), width=140)
    elif filters != EventFilters() or entity:
        click.echo("no event is so; ask with fewer filters")
    else:
        click.echo(
            "no events yet: add articles of two or more sources on one happening: crosslingual add PATH"
        )


@events_group.command("show")
@click.argument("event")
@library_option
@encoder_option
@output_options
def show_event(event: str, library: Path | None, encoder: str | None, form: str) -> None:
    """List the articles of EVENT with their ids, oldest first.

    EVENT is an event's id, or the id of an article in it.

    Example: crosslingual events show 2024-05-16-1f0c2a
    """
    from crosslingual.report.terminal import articles_table
    from crosslingual.report.to_json import article_object

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        articles = opened.store.load_articles(opened.event(event).articles)
    if form != "table":
        print_objects(form, [article_object(article) for article in articles])
    else:
        print_view(articles_table(articles), width=140)


@events_group.command("merge")
@click.argument("event")
@click.argument("other")
@library_option
@encoder_option
def merge_events(event: str, other: str, library: Path | None, encoder: str | None) -> None:
    """Put the articles of OTHER into EVENT.

    Its id leads to EVENT from now on. Either is an event's id, or the id of an article.

    Example: crosslingual events merge 2024-05-16-1f0c2a 2024-05-17-08bda4
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        print_done(opened.merge_events(event, other))


@events_group.command("split")
@click.argument("event")
@click.argument("articles", nargs=-1, required=True)
@library_option
@encoder_option
def split_event(event: str, articles: tuple[str, ...], library: Path | None, encoder: str | None) -> None:
    """Make an event of its own of some ARTICLES of EVENT.

    What is added later does not bring the two together again.

    Example: crosslingual events split 2024-05-16-1f0c2a 08bda4c1f0e2a3b5 3a3546d2c1b0a9f8
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        operation, new_id = opened.split_event(event, articles)
    click.echo(f"{operation.description}: event {new_id}; to undo: crosslingual undo {operation.id}")


@events_group.command("move")
@click.argument("article")
@click.argument("event")
@library_option
@encoder_option
def move_article(article: str, event: str, library: Path | None, encoder: str | None) -> None:
    """Put an ARTICLE onto EVENT.

    Example: crosslingual events move 08bda4c1f0e2a3b5 2024-05-16-1f0c2a
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        print_done(opened.move_article(article, event))


@events_group.command("rename")
@click.argument("event")
@click.argument("title")
@library_option
@encoder_option
def rename_event(event: str, title: str, library: Path | None, encoder: str | None) -> None:
    """Call EVENT by a TITLE.

    An empty one takes that of its articles again.

    Example: crosslingual events rename 2024-05-16-1f0c2a "The Beijing summit"
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        print_done(opened.rename_event(event, title))


@events_group.command("corrections")
@library_option
@output_options
def list_corrections(library: Path | None, form: str) -> None:
    """List what was corrected by hand, oldest first.

    Example: crosslingual events corrections --json
    """
    with open_library(Settings.load(library=library)) as opened:
        corrections = opened.event_corrections()
    if form != "table":
        print_objects(form, [asdict(one) for one in corrections])
    for one in corrections if form == "table" else ():
        other = f" {one.other}" if one.other != one.event else ""
        click.echo(
            " ".join((f"{one.created_at[:10]} {one.kind} {one.event}{other}", *one.articles, one.title))
        )
    if form == "table" and not corrections:
        click.echo("nothing was corrected by hand yet: crosslingual events --help")


def print_done(operation: Operation) -> None:
    """What was done by hand, and how to undo it."""
    click.echo(f"{operation.description}; to undo: crosslingual undo {operation.id}")
