"""``crosslingual stories``: events that go on from one another, and corrections of them by hand."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.events import print_done
from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.group("stories", cls=CommandGroup, default_command="list")
def stories_group() -> None:
    """List stories; put an event into one, take it out.

    Without a command it lists them. A correction can be undone, and is heeded by what is added later.

    Example: crosslingual stories --json
    """


@stories_group.command("list")
@library_option
@encoder_option
@output_options
def list_stories(library: Path | None, encoder: str | None, form: str) -> None:
    """List stories: events that go on over weeks, newest first.

    Example: crosslingual stories list --json
    """
    from crosslingual.report.stories import stories_table, story_object, story_row

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        stories = opened.stories()
    if form != "table":
        print_objects(
            form, [story_object(story) for story in stories], rows=[story_row(story) for story in stories]
        )
    elif stories:
        print_view(stories_table(stories), width=140)
    else:
        click.echo(
            "no stories yet: no two events go on from one another; to say that two do:"
            " crosslingual stories join EVENT OTHER"
        )


@stories_group.command("show")
@click.argument("story")
@library_option
@encoder_option
@output_options
def show_story(story: str, library: Path | None, encoder: str | None, form: str) -> None:
    """List the events of STORY, oldest first.

    STORY is a story's id, or the id of an event or an article in it.

    Example: crosslingual stories show 2024-05-16-1f0c2a
    """
    from crosslingual.report.stories import story_events, story_object
    from crosslingual.report.terminal import events_table

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.story(story)
    if form != "table":
        print_objects(form, story_events(found), document=story_object(found))
    else:
        print_view(events_table(found.events), width=140)


@stories_group.command("join")
@click.argument("event")
@click.argument("other")
@library_option
@encoder_option
def join_story(event: str, other: str, library: Path | None, encoder: str | None) -> None:
    """Put EVENT into the story of OTHER.

    Where OTHER has none, the two are a story from now on.

    Example: crosslingual stories join 2024-05-20-08bda4 2024-05-16-1f0c2a
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        print_done(opened.join_story(event, other))


@stories_group.command("leave")
@click.argument("event")
@library_option
@encoder_option
def leave_story(event: str, library: Path | None, encoder: str | None) -> None:
    """Take EVENT out of its story.

    What is added later puts it into none.

    Example: crosslingual stories leave 2024-05-20-08bda4
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        print_done(opened.leave_story(event))
