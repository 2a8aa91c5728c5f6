"""``crosslingual evaluate search``."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    limit_option,
    require_language,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("search")
@click.option("--queries", required=True, type=FILE_TYPE, help="Sentences, one a line.")
@click.option(
    "--lines",
    multiple=True,
    required=True,
    type=FILE_TYPE,
    help="The same in another language, line by line.",
)
@click.option("--distractors", type=FILE_TYPE, help="A folder of articles that the library holds as well.")
@click.option("--held-out", is_flag=True, help="Of NTREX and FLORES: only lines that nothing was fitted to.")
@click.option("--short", is_flag=True, help="Ask with two to four words of each line of --lines instead.")
@click.option("--keep", type=FILE_TYPE, help="A library with the distractors, made if need be and kept.")
@limit_option
@encoder_option
def measure_search(
    queries: Path,
    lines: tuple[Path, ...],
    distractors: Path | None,
    held_out: bool,  # noqa: FBT001  # a click flag
    short: bool,  # noqa: FBT001  # a click flag
    keep: Path | None,
    limit: int | None,
    encoder: str | None,
) -> None:
    """Whether a sentence finds its translations among all lines of other languages and real articles.

    The library holds all files of --lines at once. Of each language it is measured what comes first among
    what is found in it. Short queries are taken from the line that they should find, and ask in its language:
    many other sentences may have their words, so that no recall of 1 can be had.

    Example: crosslingual evaluate search --queries news.zh --lines news.en --lines news.ru --distractors DIR
    """
    from crosslingual.align.space import load_space
    from crosslingual.embeddings.article_encoder import ArticleEncoder
    from crosslingual.evaluate import search as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.library import Library
    from crosslingual.model_store import load_encoder
    from crosslingual.search import SearchIndex

    settings = Settings.load(encoder=encoder)
    asked = read_lines(queries)
    told: dict[str, list[str]] = {}
    for path in lines:
        own = read_lines(path)
        if len(own) != len(asked):
            raise InputError(f"{path}: {len(own)} lines for {len(asked)} of {queries}; give parallel files")
        if (lang := require_language([path], own)) in told:
            raise InputError(f"{path}: there are lines in {lang} already; give one file of each language")
        told[lang] = own
    space = load_space(settings.encoder, settings.home)
    reader = ArticleEncoder(load_encoder(settings.encoder, settings.home), space.tokens, space.judge)
    kinds = measure.make_queries(asked, told, short=short)
    chosen = [
        [(query, lines) for place, query, lines in kind if not held_out or measure.is_held_out(place)][:limit]
        for kind in kinds
    ]
    scores: dict[str, measure.RecallScores] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Library(keep or Path(folder)) as library,
        ProgressBar() as bar,
    ):
        if distractors:
            measure.store_distractors(library, reader, distractors)
        index = SearchIndex(library, space)
        ids = [one for lang, own in told.items() for one in measure.store_lines(library, reader, own, lang)]
        try:
            for one in chosen:
                show = partial(bar.update, "searching")
                scores |= measure.measure_recall(library, index, space, reader.encoder, one, show)
        finally:  # a library that is kept is for other lines, too
            library.remove_articles(ids)
    for lang, found in scores.items():
        click.echo(f"{lang}: {found}")
    click.echo(json.dumps({lang: asdict(found) for lang, found in scores.items()}))
