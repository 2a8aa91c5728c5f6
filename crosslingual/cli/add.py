"""``crosslingual add``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.cli.sources import print_add_hints
from crosslingual.cli.translate import translate_added
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crosslingual.library import Library

_URL_SCHEMES = ("http://", "https://")


@click.command("add")
@click.argument("paths_or_urls", nargs=-1, metavar="PATH_OR_URL...")
@library_option
@click.option("--source", metavar="ID", help="The outlet of records that name none.")
@click.option("--lang", metavar="CODE", help="The language of records that name none (else it is detected).")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help="The column or key that holds a field, as in text=body (else it is guessed).",
)
@click.option("--feeds", is_flag=True, help="PATH_OR_URL are ids of sources: fetch the feeds that they name.")
@click.option("--demo", is_flag=True, help="Add the demo: three events, in texts written for this project.")
@click.option("--private", is_flag=True, help="Fetch from this machine and its network too.")
@encoder_option
def add_articles(
    paths_or_urls: tuple[str, ...],
    library: Path | None,
    source: str | None,
    lang: str | None,
    columns: tuple[str, ...],
    feeds: bool,  # noqa: FBT001  # a click flag
    demo: bool,  # noqa: FBT001  # as above
    private: bool,  # noqa: FBT001  # as above
    encoder: str | None,
) -> None:
    """Add articles from files, folders, archives and the web.

    PATH_OR_URL is a file of any known format, a folder, an archive, or the address of a page or a feed.

    Example: crosslingual add articles.jsonl pages/ https://www.example.org/story --source xinhua
    """
    from crosslingual.align.space import DEMO_FOLDER
    from crosslingual.ingest.inputs import make_item_reader, make_web_reader
    from crosslingual.ingest.pipeline import add_items
    from crosslingual.readers import File
    from crosslingual.readers.columns import parse_column_pairs
    from crosslingual.sources import web_link

    if not (paths_or_urls or demo):
        raise click.UsageError("name what to add: PATH_OR_URL..., or --demo")
    column_pairs = parse_column_pairs(columns)
    settings = Settings.load(library=library, encoder=encoder)
    with open_library(settings, create=True) as opened:
        store = opened.store
        addresses = (
            _feed_urls(store, paths_or_urls)
            if feeds
            else [web_link(item) or item for item in paths_or_urls if item.startswith(_URL_SCHEMES)]
        )
        paths = [] if feeds else [Path(item) for item in paths_or_urls if not item.startswith(_URL_SCHEMES)]
        paths += [DEMO_FOLDER] if demo else []
        web_reader = make_web_reader(store, allow_private=private) if addresses else None
        files = [File(path, columns=column_pairs) for path in paths]
        try:
            with ProgressBar() as progress_bar:
                summary = add_items(
                    make_item_reader(files, web_reader, addresses),
                    [*paths, *map(Path, addresses)],
                    store,
                    lambda: opened.article_encoder,
                    source=source or (paths_or_urls[0] if feeds and len(paths_or_urls) == 1 else None),
                    lang=lang,
                    max_original_bytes=settings.max_original_bytes,
                    progress=lambda step: progress_bar.update(
                        _progress_label(step.n_added), step.bytes_done, step.total_bytes
                    ),
                )
        except KeyboardInterrupt:
            click.echo(
                "stopped; what was finished is stored: the same command adds the rest, and crosslingual undo"
                " takes it out",
                err=True,
            )
            sys.exit(130)
        for problem in summary.problems:
            click.echo(str(problem), err=True)
        unchanged = (
            f", {web_reader.unchanged:,} pages held already" if web_reader and web_reader.unchanged else ""
        )
        click.echo(f"{summary}{unchanged} ({settings.library})")
        print_add_hints(summary)
        if summary.n_added:
            opened.update_derived()  # before what may be stopped: it takes seconds, and translating minutes
        translate_added(opened, summary.article_ids)
    if summary.has_failed:
        sys.exit(1)


def _progress_label(n_stored: int) -> str:
    """What the bar says: articles are stored in portions, and until the first there is nothing to count."""
    from crosslingual.formatting import format_count

    return f"adding ({format_count(n_stored, 'article')} stored)" if n_stored else "adding"


def _feed_urls(store: Library, source_ids: Sequence[str]) -> list[str]:
    """The feeds of the sources with these ids.

    Raises:
        InputError: a source is not known, or names no feed.
    """
    known = store.known_sources()
    urls: list[str] = []
    for id_ in source_ids:
        if id_ not in known:
            raise InputError(f"source {id_!r}: not known; list them with: crosslingual sources list --all")
        if not known[id_].feeds:
            raise InputError(
                f"source {id_!r}: names no feed; add one: crosslingual sources edit {id_} --feed URL"
            )
        urls += known[id_].feeds
    return urls
