"""``crosslingual entities`` and ``crosslingual entities show``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.types import Event


@click.command("entities")
@click.argument("event", required=False)
@click.option("--all", "whole_library", is_flag=True, help="Of the whole library (as without EVENT).")
@library_option
@encoder_option
@output_options
def list_entities(
    event: str | None,
    whole_library: bool,  # noqa: FBT001  # a click flag
    library: Path | None,
    encoder: str | None,
    form: str,
) -> None:
    """List persons, places and organisations that are named.

    They are one in all scripts. With EVENT, an event's id or the id of an article in it, only those of its articles. A
    question mark stands behind what may be no name, or several.

    Example: crosslingual entities 2024-05-16-1f0c2a --csv
    """
    from crosslingual.report.entities import entities_table, entity_object, entity_row

    if event and whole_library:
        raise InputError("give EVENT or --all, and not both")
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.event(event) if event else None
        entities = opened.entities(found)
        n_sources = _count_sources(opened, found)
        _warn_list_only(opened)
    if form != "table":
        print_objects(
            form,
            [entity_object(entity, n_sources) for entity in entities],
            rows=[entity_row(entity, n_sources) for entity in entities],
        )
    elif entities:
        print_view(entities_table(entities, n_sources), width=160)
    else:
        click.echo("no names: add articles with: crosslingual add PATH")


@click.command("entities show")
@click.argument("name")
@click.option("--event", metavar="EVENT", help="Only in the articles of EVENT.")
@library_option
@encoder_option
@output_options
def show_entity(name: str, event: str | None, library: Path | None, encoder: str | None, form: str) -> None:
    """Show where NAME is named, by whom and by whom not.

    NAME is typed in any script. JSON has all: each source with its articles that name it and of how many, sources that
    do not, words that stand beside it, and each sentence. CSV has a row a mention, JSON lines an object a mention.

    Example: crosslingual entities show 克里姆林宫 --event 2024-05-16-1f0c2a
    """
    from crosslingual.report.entities import mention_rows, overview_object, overview_view

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        _warn_list_only(opened)
        overview = opened.entity(name, event)
        sentences = opened.store.load_sentences({mention.article for mention in overview.entity.mentions})
    texts = {(one.article, one.index): one.text for own in sentences.values() for one in own}
    if form != "table":
        print_objects(form, list(mention_rows(overview, texts)), document=overview_object(overview, texts))
    else:
        print_view(overview_view(overview, texts), width=140)


def _warn_list_only(opened: Library) -> None:
    """Say where no tagger is shipped for the encoder; not into what is piped on."""
    from crosslingual.entities.tagger import find_tagger
    from crosslingual.report.entities import LIST_ONLY_WARNING

    if not find_tagger(opened.space.model):
        click.echo(LIST_ONLY_WARNING, err=True)


def _count_sources(opened: Library, event: Event | None) -> int:
    return len(event.sources) if event else len(opened.sources())
