"""``crosslingual compact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.options import library_option
from crosslingual.errors import LibraryError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.library.removed import RemovedContent

_MAX_NAMED = 5
"""Files that a message names."""


@click.command("compact")
@library_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
def compact_library(library: Path | None, yes: bool) -> None:  # noqa: FBT001  # a click flag
    """Forget for good what was removed.

    What is removed or undone stays in the history, so that it can be taken back; its vectors, translations and
    comparisons stay too. This forgets all of that, and all that can be undone, which makes the
    library smaller. What is derived, such as the search index, is made again when it is needed. The app may be
    open meanwhile.

    Example: crosslingual compact --yes
    """
    from crosslingual.library import Library
    from crosslingual.library.database import DATABASE_FILE
    from crosslingual.library.folder import list_strangers, remove_derived_files
    from crosslingual.search.folder import remove_indexes
    from crosslingual.search.opening import forget_removed_words

    with Library(Settings.load(library=library).library, create=False) as store:
        folder = store.path
        removed = store.count_removed()
        click.echo(_describe_removed(removed, folder))
        if removed.memory_entries:
            click.echo(
                f"kept: {removed.memory_entries:,} of imported translation memories that no article has; to forget them"
                " too, first undo their import: crosslingual history"
            )
        if not yes:
            click.confirm("Forget it?", abort=True)
        before = _measure_size(folder / DATABASE_FILE)
        if others := forget_removed_words(store):
            click.echo(
                f"not touched, since you may not change them, and may hold removed words: {_join_names(others)};"
                " ask whoever made these indexes to run crosslingual compact"
            )
        store.forget_removed()
        left = [*remove_indexes(folder), *remove_derived_files(folder)]
    if left:
        raise LibraryError(
            f"{left[0]}: cannot be removed, and may hold removed text; close what has it open, and run the same again"
        )
    if not before:  # the database is elsewhere
        click.echo(
            "forgotten; the server uses the room again, and its backups and logs may still hold it. What other"
            " computers derived from it goes when crosslingual compact is run there"
        )
        return
    after = _measure_size(folder / DATABASE_FILE)
    click.echo(f"forgotten; {DATABASE_FILE} has {after / 1e6:.1f} MB, it had {before / 1e6:.1f} MB")
    if strangers := list_strangers(folder, DATABASE_FILE):
        click.echo(f"not touched, since not the library's: {_join_names(strangers)}")


def _measure_size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _describe_removed(removed: RemovedContent, folder: Path) -> str:
    from crosslingual.formatting import format_count
    from crosslingual.library.folder import FORMER_FILE

    parts = [
        f"{format_count(removed.operations, 'step')} of the history, none of which can be undone then",
        f"{format_count(removed.texts, 'text')} of removed articles",
        format_count(removed.translations, "translation"),
        format_count(removed.corrections, "correction"),
        format_count(removed.originals, "original"),
    ]
    if (folder / FORMER_FILE).exists():
        parts.append("the library as it was before the last restore")
    return f"to be forgotten for good: {'; '.join(parts)}"


def _join_names(names: list[str]) -> str:
    shown = ", ".join(names[:_MAX_NAMED])
    return shown if len(names) <= _MAX_NAMED else f"{shown} and {len(names) - _MAX_NAMED:,} more"
