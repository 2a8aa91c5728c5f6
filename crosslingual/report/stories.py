"""Stories as JSON, rows of a table and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.table import Table

from crosslingual.report.terminal import format_dates, plain_text
from crosslingual.report.to_json import event_object
from crosslingual.types import Story


def story_object(story: Story) -> dict[str, Any]:
    """``story`` as JSON-ready values."""
    return {
        "id": story.id,
        "title": story.title,
        "start": story.start,
        "end": story.end,
        "languages": list(dict.fromkeys(lang for event in story.events for lang in event.languages)),
        "sources": list(dict.fromkeys(source for event in story.events for source in event.sources)),
        "events": [event_object(event) for event in story.events],
    }


def story_row(story: Story) -> dict[str, Any]:
    """``story`` as a row of a table, its events by their ids."""
    return story_object(story) | {"events": [event.id for event in story.events]}


def story_events(story: Story) -> list[dict[str, Any]]:
    """A row for each event of ``story``."""
    return [{"story": story.id} | event_object(event) for event in story.events]


def stories_table(stories: Iterable[Story]) -> Table:
    """A story a row, its title first, with the id that ``crosslingual stories show`` takes."""
    table = Table(box=None, pad_edge=False)
    table.add_column("title", overflow="fold", ratio=1)
    table.add_column("dates", no_wrap=True)
    for heading in ("events", "articles", "sources"):
        table.add_column(heading, no_wrap=True, justify="right")
    for heading in ("languages", "story"):
        table.add_column(heading, no_wrap=True)
    for story in stories:
        row = story_object(story)
        table.add_row(
            plain_text(story.title or "untitled"),
            plain_text(format_dates(story)),
            str(len(story.events)),
            str(sum(len(event.articles) for event in story.events)),
            str(len(row["sources"])),
            plain_text(" ".join(row["languages"])),
            plain_text(story.id),
        )
    return table
