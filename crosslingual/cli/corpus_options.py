"""The options by which articles are chosen that are counted, and those of a reference."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.options import parse_day

if TYPE_CHECKING:
    from crosslingual.api.corpus import CorpusScope

_SCOPE_OPTIONS = (
    click.option("--lang", "langs", multiple=True, metavar="CODE", help="Only articles in this language."),
    click.option("--source", "sources", multiple=True, metavar="ID", help="Only articles of this source."),
    click.option("--from", "since", callback=parse_day, metavar="DATE", help="Only of this day or later."),
    click.option("--to", "until", callback=parse_day, metavar="DATE", help="Only of this day or earlier."),
    click.option("--event", default="", metavar="ID", help="Only articles of this event."),
)
_READ_OPTION = click.option(
    "--read",
    "read_lang",
    default="",
    metavar="CODE",
    help="Count what sentences are in this language, as they are or by known translations.",
)
_REFERENCE_OPTIONS = (
    click.option("--against-lang", multiple=True, metavar="CODE", help="Reference: articles in it."),
    click.option("--against-source", multiple=True, metavar="ID", help="Reference: articles of it."),
    click.option(
        "--against-from", callback=parse_day, metavar="DATE", help="Reference: of this day or later."
    ),
    click.option(
        "--against-to", callback=parse_day, metavar="DATE", help="Reference: of this day or earlier."
    ),
    click.option("--against-event", default="", metavar="ID", help="Reference: articles of this event."),
)


def scope_options(command: Callable[..., None]) -> Callable[..., None]:
    """The filters of what is counted; the command is given ``scope``."""

    @wraps(command)
    def run_with_scope(
        *args: Any,
        langs: tuple[str, ...],
        sources: tuple[str, ...],
        since: str,
        until: str,
        event: str,
        read_lang: str,
        **options: Any,
    ) -> None:
        scope = make_scope(langs, sources, since, until, event, read_lang)
        command(*args, scope=scope, **options)

    for option in (*_SCOPE_OPTIONS, _READ_OPTION)[::-1]:
        run_with_scope = option(run_with_scope)
    return run_with_scope


def make_scope(
    langs: tuple[str, ...], sources: tuple[str, ...], since: str, until: str, event: str, read_lang: str = ""
) -> CorpusScope:
    """The articles that the options name."""
    from crosslingual.api.corpus import CorpusScope
    from crosslingual.search.query import Filters

    filters = Filters(
        langs=frozenset(lang.lower() for lang in langs),
        sources=frozenset(sources),
        since=since,
        until=until,
    )
    return CorpusScope(filters, event, read_lang.lower())


def reference_options(command: Callable[..., None]) -> Callable[..., None]:
    """The filters of the reference; the command is given ``reference``, None where none is named."""

    @wraps(command)
    def run_with_reference(
        *args: Any,
        against_lang: tuple[str, ...],
        against_source: tuple[str, ...],
        against_from: str,
        against_to: str,
        against_event: str,
        **options: Any,
    ) -> None:
        given = (against_lang, against_source, against_from, against_to, against_event)
        reference = make_scope(*given) if any(given) else None
        command(*args, reference=reference, **options)

    for option in _REFERENCE_OPTIONS[::-1]:
        run_with_reference = option(run_with_reference)
    return run_with_reference
