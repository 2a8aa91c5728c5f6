"""The commands of a command line, found by walking its groups."""

from __future__ import annotations

from collections.abc import Iterator

import click


def walk_commands(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below ``group``, groups too, with the words that it is asked for by."""
    for name, command in group.commands.items():
        words = (*names, *name.split())
        yield words, command
        if isinstance(command, click.Group):
            yield from walk_commands(command, *words)
