"""``crosslingual translate`` and ``crosslingual memory``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.bar import Bar
from crosslingual.cli.opening import opened
from crosslingual.cli.options import encoder_option, library_option
from crosslingual.cli.sources import told_of
from crosslingual.disk import draft
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crosslingual.api import Library
    from crosslingual.library import Library as Store
    from crosslingual.translate.memory import MemoryEntry
    from crosslingual.translating import Outcome, Plan


@click.command()
@click.argument("articles", nargs=-1, metavar="[EVENT]...")
@library_option
@encoder_option
@click.option("--to", "tgt", metavar="CODE", help="Language to translate into (default: the reader's).")
def translate(articles: tuple[str, ...], library: Path | None, encoder: str | None, tgt: str | None) -> None:
    """Translate what is not in the reader's language: of these events or articles, else of the library.

    What a person translated, or the same version of the translator before, is left as it is. Ctrl-C keeps
    what is done.

    Example: crosslingual translate 2024-05-16-08bda4 --to zh
    """
    from crosslingual.language.codes import language_code
    from crosslingual.models.translators import load_engines
    from crosslingual.report.words import count
    from crosslingual.translating import plan

    settings = Settings.load(library=library, encoder=encoder, reader=tgt)
    if language_code(settings.reader) != settings.reader:
        raise InputError(f"language {settings.reader[:20]!r}: give an ISO 639-1 code such as en, zh, ru")
    with opened(settings) as held:
        ids = _articles(held, articles) if articles else None
        plans = plan(held.store, load_engines(settings.engines, settings.home), settings.reader, ids)
        if not plans:
            click.echo(f"nothing to translate: all of it is in {settings.reader}, or was translated before")
            return
        for one in plans:
            if one.engine:
                click.echo(
                    f"{one.src}: {count(len(one.texts), 'sentence')} by {one.engine.name} ({one.way})",
                    err=True,
                )
        outcome = _carry_out(held, plans)
    if outcome.ways:
        click.echo(_told(outcome))
    if outcome.without:
        click.echo(_lacking(dict(outcome.without), settings.reader), err=True)
    if not outcome.translated:
        sys.exit(1)


def translate_added(held: Library, ids: Sequence[str]) -> None:
    """Translate what these articles lack by engines that keep up, and say what is left and what to do."""
    from crosslingual.models.translators import load_engines
    from crosslingual.report.words import count
    from crosslingual.translating import plan

    settings = held.settings
    plans = plan(held.store, load_engines(settings.engines, settings.home), settings.reader, ids)
    quick = [one for one in plans if one.engine and one.engine.quick]
    if quick:
        click.echo(_told(_carry_out(held, quick)))
    if lacking := {one.src: len(one.texts) for one in plans if one.engine is None}:
        click.echo(_lacking(lacking, settings.reader), err=True)
    for one in plans:
        if one.engine and not one.engine.quick:
            click.echo(
                f"{one.src}: {count(len(one.texts), 'sentence')} not translated yet;"
                f" {one.engine.name} takes its time: crosslingual translate EVENT",
                err=True,
            )


def _carry_out(held: Library, plans: Sequence[Plan]) -> Outcome:
    """Translate as planned, with a bar; Ctrl-C ends the programme with what is done stored."""
    from crosslingual.translating import Meaning
    from crosslingual.translating import translate as translate_plans

    try:
        with Bar() as bar:
            return translate_plans(
                held.store,
                plans,
                held.settings.reader,
                lambda: Meaning(held.encoder, held.space),
                progress=partial(bar.show, "translating"),
            )
    except KeyboardInterrupt:
        click.echo("stopped; what was translated is stored: crosslingual translate does the rest", err=True)
        sys.exit(130)


def _told(outcome: Outcome) -> str:
    """What came of it, in one line."""
    from crosslingual.report.words import count

    parts = [f"{count(outcome.translated, 'sentence')} translated by {'; '.join(outcome.ways)}"]
    parts += [f"{outcome.doubted:,} of them doubtful"] if outcome.doubted else []
    parts += [f"{outcome.failed:,} gave nothing"] if outcome.failed else []
    return ", ".join(parts)


def _lacking(numbers: Mapping[str, int], tgt: str) -> str:
    """One line for all languages, of which so many sentences have no translator, and what to do."""
    from crosslingual.models.translators import model_translates
    from crosslingual.report.words import count
    from crosslingual.translate.argos import needed

    parts = ", ".join(f"{count(number, 'sentence')} in {src}" for src, number in numbers.items())
    told = (
        f"{parts} not translated: no translator into {tgt} is installed; run:"
        f" crosslingual models install {' '.join(dict.fromkeys(needed(list(numbers), tgt)))}"
    )
    if any(model_translates(src, tgt) for src in numbers):
        told += ", or where the Argos index cannot be reached: crosslingual models install translator"
    return told


def _articles(held: Library, names: Iterable[str]) -> list[str]:
    """The ids of the articles of the events that are named, or of the articles themselves."""
    from crosslingual.events import event_named

    known = held.store.known(names)
    found = dict.fromkeys(known)
    if left := [name for name in names if name not in known]:
        events = held.events()
        for name in left:
            found.update(dict.fromkeys(event_named(name, events).articles))
    return list(found)


@click.group()
def memory() -> None:
    """Translation memories: hand-made translations that come before any machine's.

    Example: crosslingual memory import reuters.tmx
    """


@memory.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@library_option
def import_(paths: tuple[Path, ...], library: Path | None) -> None:
    """Take in the translations of TMX files.

    Example: crosslingual memory import reuters.tmx
    """
    from crosslingual.add import add
    from crosslingual.errors import ModelError
    from crosslingual.library import Library

    def none() -> object:
        raise ModelError("only translation memories are taken in here; use: crosslingual add")

    for path in paths:
        if path.is_file() and path.suffix.lower() != ".tmx":
            raise InputError(f"{path}: not a .tmx file; articles are added with: crosslingual add {path}")
    settings = Settings.load(library=library)
    with Library(settings.library) as store, Bar() as bar:
        summary = add(
            paths,
            store,
            none,  # type: ignore[arg-type]  # never called: a memory is not encoded
            progress=lambda now: bar.show("importing", now.done, now.total),
        )
    for problem in summary.problems:
        click.echo(str(problem), err=True)
    click.echo(f"{summary.translations:,} translations imported ({settings.library})")
    told_of(summary)
    if summary.failed:
        sys.exit(1)


@memory.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@library_option
def export(path: Path, library: Path | None) -> None:
    """Write the translations by people, readers' corrections included, as TMX 1.4b.

    Example: crosslingual memory export mine.tmx
    """
    from crosslingual.library import HUMAN, Library
    from crosslingual.report.words import made_by
    from crosslingual.translate.memory import MemoryEntry, write_tmx

    settings = Settings.load(library=library)
    count = 0

    def entries(store: Store) -> Iterator[MemoryEntry]:
        nonlocal count
        for src, src_lang, made in store.memory.entries(HUMAN):
            count += 1
            yield MemoryEntry(src_lang, made.lang, src, made.text, made_by(made))

    try:
        with Library(settings.library, create=False) as store, draft(path) as unfinished:
            write_tmx(entries(store), unfinished)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); nothing was: choose another place"
        ) from None
    click.echo(f"{count:,} translations by people written to {path}")
