"""``crosslingual copies``."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.bar import Bar
from crosslingual.cli.completing import completing
from crosslingual.cli.options import encoder_option, json_option, library_option
from crosslingual.cli.printing import print_view
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.library import Library
    from crosslingual.types import Copy


@click.command()
@library_option
@encoder_option
@json_option
def copies(library: Path | None, encoder: str | None, as_json: bool) -> None:  # noqa: FBT001  # a click flag
    """List articles that are one text: reprints, updates, translated wire copy.

    Example: crosslingual copies --json
    """
    from crosslingual.align.space import load_space
    from crosslingual.library import Library
    from crosslingual.report.objects import article_object, copy_object
    from crosslingual.report.terminal import copies_table

    settings = Settings.load(library=library, encoder=encoder)
    with Library(settings.library, create=False) as store:
        found = found_copies(settings, store, load_space(settings.encoder, settings.home))
        ids = dict.fromkeys(id_ for copy in found for id_ in (copy.one, copy.other))
        articles = dict(zip(ids, store.articles(ids), strict=True))
    if as_json:
        named = [
            copy_object(copy)
            | {"one": article_object(articles[copy.one]), "other": article_object(articles[copy.other])}
            for copy in found
        ]
        click.echo(json.dumps(named, ensure_ascii=False, indent=2))
    elif found:
        print_view(copies_table(found, articles), width=160)
    else:
        click.echo("no two articles here are one text")


def found_copies(settings: Settings, library: Library, space: Space) -> list[Copy]:
    """The library's copies; what was added with another encoder is first encoded with this one."""
    from crosslingual.copies import find_copies

    def find() -> list[Copy]:
        with Bar() as bar:
            return find_copies(library, space, progress=partial(bar.show, "looking for copies"))

    return completing(settings, library, find)
