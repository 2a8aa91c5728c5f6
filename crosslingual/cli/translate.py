"""``crosslingual translate`` and ``crosslingual tm``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, former_option, library_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.cli.sources import print_add_hints
from crosslingual.errors import InputError
from crosslingual.files import atomic_write
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crosslingual.api import Library
    from crosslingual.ingest.translation import TranslationOutcome, TranslationPlan
    from crosslingual.library import Library as Store
    from crosslingual.tmx import MemoryEntry


@click.command("translate")
@click.argument("articles", nargs=-1, metavar="[EVENT]...")
@library_option
@encoder_option
@click.option(
    "--target-lang", metavar="CODE", help="Language to translate into (default: that of the settings)."
)
@former_option("--to", "--target-lang", "target_lang")
def translate_articles(
    articles: tuple[str, ...], library: Path | None, encoder: str | None, target_lang: str | None
) -> None:
    """Translate what is not in the target language.

    EVENT is an event's id, or the id of an article; without one the whole library is translated. What a
    person translated, or the same version of the translator before, is left as it is. Ctrl-C keeps what is
    done.

    Example: crosslingual translate 2024-05-16-08bda4 --target-lang zh
    """
    from crosslingual.formatting import format_count
    from crosslingual.ingest.translation import plan_translations
    from crosslingual.language.codes import language_code
    from crosslingual.model_store.translators import load_engines

    settings = Settings.load(library=library, encoder=encoder, target_lang=target_lang)
    if language_code(settings.target_lang) != settings.target_lang:
        raise InputError(f"language {settings.target_lang[:20]!r}: give an ISO 639-1 code such as en, zh, ru")
    with open_library(settings) as opened:
        ids = _find_article_ids(opened, articles) if articles else None
        plans = plan_translations(
            opened.store, load_engines(settings.engine_names, settings.home), settings.target_lang, ids
        )
        if not plans:
            click.echo(
                f"nothing to translate: all of it is in {settings.target_lang}, or was translated before"
            )
            return
        for plan in plans:
            if plan.engine:
                sentences = format_count(len(plan.texts), "sentence")
                click.echo(
                    f"{plan.src_lang}: {sentences} by {plan.engine.name} ({plan.route})",
                    err=True,
                )
        outcome = _run_plans(opened, plans)
    if outcome.routes:
        click.echo(str(outcome))
    if outcome.n_without_engine:
        click.echo(_describe_missing(dict(outcome.n_without_engine), settings.target_lang), err=True)
    if not outcome.n_translated:
        sys.exit(1)


def translate_added(library: Library, article_ids: Sequence[str]) -> None:
    """Translate what these articles lack by engines that keep up, and say what is left and what to do."""
    from crosslingual.formatting import format_count
    from crosslingual.ingest.translation import plan_translations
    from crosslingual.model_store.translators import load_engines

    settings = library.settings
    plans = plan_translations(
        library.store, load_engines(settings.engine_names, settings.home), settings.target_lang, article_ids
    )
    fast_plans = [plan for plan in plans if plan.engine and plan.engine.is_fast]
    if fast_plans:
        click.echo(str(_run_plans(library, fast_plans)))
    if missing_counts := {plan.src_lang: len(plan.texts) for plan in plans if plan.engine is None}:
        click.echo(_describe_missing(missing_counts, settings.target_lang), err=True)
    for plan in plans:
        if plan.engine and not plan.engine.is_fast:
            click.echo(
                f"{plan.src_lang}: {format_count(len(plan.texts), 'sentence')} not translated yet;"
                f" {plan.engine.name} takes its time: crosslingual translate EVENT",
                err=True,
            )


def _run_plans(library: Library, plans: Sequence[TranslationPlan]) -> TranslationOutcome:
    """Translate as planned, with a bar; Ctrl-C ends the programme with what is done stored."""
    from crosslingual.ingest.translation import MeaningChecker, translate_plans

    try:
        with ProgressBar() as bar:
            return translate_plans(
                library.store,
                plans,
                library.settings.target_lang,
                lambda: MeaningChecker(library.encoder, library.space),
                progress=partial(bar.update, "translating"),
            )
    except KeyboardInterrupt:
        click.echo("stopped; what was translated is stored: crosslingual translate does the rest", err=True)
        sys.exit(130)


def _describe_missing(sentence_counts: Mapping[str, int], target_lang: str) -> str:
    """One line for all languages, of which so many sentences have no translator, and what to do."""
    from crosslingual.formatting import format_count
    from crosslingual.model_store.translators import can_model_translate
    from crosslingual.translation.argos import needed_packages

    parts = ", ".join(
        f"{format_count(number, 'sentence')} in {src}" for src, number in sentence_counts.items()
    )
    message = (
        f"{parts} not translated: no translator into {target_lang} is installed; run:"
        f" crosslingual models install {' '.join(dict.fromkeys(needed_packages(list(sentence_counts), target_lang)))}"
    )
    if any(can_model_translate(src, target_lang) for src in sentence_counts):
        message += ", or where the Argos index cannot be reached: crosslingual models install translator"
    return message


def _find_article_ids(library: Library, ids: Iterable[str]) -> list[str]:
    """The ids of the articles of the events that are named, or of the articles themselves."""
    known = library.store.existing_ids(ids)
    article_ids = dict.fromkeys(known)
    for name in ids:
        if name not in known:
            article_ids.update(dict.fromkeys(library.event(name).articles))
    return list(article_ids)


@click.group("tm")
def memory_group() -> None:
    """Translation memories: translations by people.

    They come before those of any machine.

    Example: crosslingual tm import reuters.tmx
    """


@memory_group.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@library_option
def import_memory(paths: tuple[Path, ...], library: Path | None) -> None:
    """Take in the translations of TMX files.

    Example: crosslingual tm import reuters.tmx
    """
    from crosslingual.errors import ModelError
    from crosslingual.ingest.pipeline import add_files
    from crosslingual.library import Library

    def refuse_encoder() -> object:
        raise ModelError("only translation memories are taken in here; use: crosslingual add")

    for path in paths:
        if path.is_file() and path.suffix.lower() != ".tmx":
            raise InputError(f"{path}: not a .tmx file; articles are added with: crosslingual add {path}")
    settings = Settings.load(library=library)
    with Library(settings.library) as store, ProgressBar() as bar:
        summary = add_files(
            paths,
            store,
            refuse_encoder,  # type: ignore[arg-type]  # never called: a memory is not encoded
            progress=lambda now: bar.update("importing", now.bytes_done, now.total_bytes),
        )
    for problem in summary.problems:
        click.echo(str(problem), err=True)
    click.echo(f"{summary.n_translations:,} translations imported ({settings.library})")
    print_add_hints(summary)
    if summary.has_failed:
        sys.exit(1)


@memory_group.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@library_option
def export_memory(path: Path, library: Path | None) -> None:
    """Write translations by people as TMX 1.4b.

    Your corrections are among them.

    Example: crosslingual tm export mine.tmx
    """
    from crosslingual.formatting import engine_label
    from crosslingual.library import HUMAN_ENGINES, Library
    from crosslingual.tmx import MemoryEntry, write_tmx

    settings = Settings.load(library=library)
    count = 0

    def iterate_entries(store: Store) -> Iterator[MemoryEntry]:
        nonlocal count
        for src, src_lang, translation in store.memory.iterate_translations(HUMAN_ENGINES):
            count += 1
            yield MemoryEntry(src_lang, translation.lang, src, translation.text, engine_label(translation))

    try:
        with Library(settings.library, create=False) as store, atomic_write(path) as unfinished:
            write_tmx(iterate_entries(store), unfinished)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); nothing was: choose another file"
        ) from None
    click.echo(f"{count:,} translations by people written to {path}")
