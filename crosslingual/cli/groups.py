"""Groups of commands: by what people do, with former names that still work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click


class CommandGroup(click.Group):
    """A group whose commands may have names of two words, former names, and headings in its help.

    A name of two words, such as "search saved", is asked for by these two words, one after the other.
    """

    def __init__(
        self,
        *args: Any,
        former_names: Mapping[str, str] | None = None,
        headings: Mapping[str, Sequence[str]] | None = None,
        default_command: str = "",
        **attrs: Any,
    ) -> None:
        """A group of commands.

        Args:
            args: those of :class:`click.Group`.
            former_names: of each former name the present one.
            headings: headings for the help, each with its commands in order.
            default_command: the command that runs where none is named.
            attrs: those of :class:`click.Group`.
        """
        super().__init__(*args, **attrs)
        self.former_names = former_names or {}
        self.headings = headings or {}
        self.default_command = default_command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the default command where they name none."""
        first = args[0] if args else ""
        if (
            self.default_command
            and (not first or first.startswith("-"))
            and first not in ctx.help_option_names
        ):
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with, by two words if there is one of this name."""
        two_words = " ".join(args[:2])
        if len(args) > 1 and two_words in self.commands:
            return two_words, self.commands[two_words], args[2:]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, and a line on standard error where it was asked for by its former name."""
        if cmd_name not in self.former_names:
            return super().get_command(ctx, cmd_name)
        name = self.former_names[cmd_name]
        click.echo(f"{cmd_name} is called {name} now", err=True)
        _, command, rest = self.resolve_command(ctx, name.split())
        return command.get_command(ctx, *rest) if rest and isinstance(command, click.Group) else command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings, if there are any."""
        if not self.headings:
            super().format_commands(ctx, formatter)
            return
        width = max(map(len, self.commands))
        for heading, names in self.headings.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (
                            name.ljust(width),
                            self.commands[name].get_short_help_str(formatter.width - 6 - width),
                        )
                        for name in names
                    ]
                )
