"""``crosslingual backup`` and ``crosslingual restore``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.options import library_option
from crosslingual.settings import Settings


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@library_option
def back_up_library(target: Path, library: Path | None) -> None:
    """Write all of the library to one file.

    TARGET is the file, or a folder, in which it is named by the time. Articles may be added meanwhile: the
    file holds the library as it was at one moment. Models and what is derived are not in it.

    Example: crosslingual backup ~/backups
    """
    from crosslingual.library.transfer import back_up_library as write_backup

    address = Settings.load(library=library).library
    written = write_backup(address, target)
    click.echo(f"backup: {written}; to put it back: crosslingual restore {written}")


@click.command("restore")
@click.argument("backup", type=click.Path(path_type=Path))
@library_option
def restore_library(backup: Path, library: Path | None) -> None:
    """Put a backup in the place of the library.

    BACKUP is a file that crosslingual backup wrote, a folder with some, of which the latest is taken, or the
    folder of a library. What was there is kept until the next restore.

    Example: crosslingual restore ~/backups
    """
    from crosslingual.formatting import format_count
    from crosslingual.library import Library
    from crosslingual.library.transfer import restore_library as put_back

    address = Settings.load(library=library).library
    former = put_back(backup, address)
    with Library(address, create=False) as store:
        n_articles = len(store.article_ids())
    click.echo(f"restored: {address} has {format_count(n_articles, 'article')}")
    if former:
        click.echo(f"what was there before is kept: {former}")
