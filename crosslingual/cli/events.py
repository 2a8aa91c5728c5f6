"""``crosslingual events``: what happened, and corrections of it by hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
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
@output_options
def list_events(library: Path | None, encoder: str | None, form: str) -> None:
    """List events: articles on one happening, newest first.

    Example: crosslingual events list --json
    """
    from crosslingual.report.terminal import events_table
    from crosslingual.report.to_json import event_object

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        events = opened.events()
    if form != "table":
        print_objects(form, [event_object(event) for event in events])
    elif events:
        print_view(events_table(events), width=140)
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
        _print_done(opened.merge_events(event, other))


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
        _print_done(opened.move_article(article, event))


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
        _print_done(opened.rename_event(event, title))


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


def _print_done(operation: Operation) -> None:
    click.echo(f"{operation.description}; to undo: crosslingual undo {operation.id}")
