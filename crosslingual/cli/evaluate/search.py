"""``crosslingual evaluate search``."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.bar import Bar
from crosslingual.cli.evaluate.given import (
    FILE,
    language_of,
    limit_option,
)
from crosslingual.cli.options import encoder_option
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command()
@click.option("--queries", required=True, type=FILE, help="Sentences, one a line.")
@click.option(
    "--lines", multiple=True, required=True, type=FILE, help="The same in another language, line by line."
)
@click.option("--distractors", type=FILE, help="A folder of articles that the library holds as well.")
@click.option("--held-out", is_flag=True, help="Only lines that nothing was fitted to.")
@click.option("--short", is_flag=True, help="Ask with two to four words of each line of --lines instead.")
@click.option("--keep", type=FILE, help="A library with the distractors, made if need be and kept.")
@limit_option
@encoder_option
def search(
    queries: Path,
    lines: tuple[Path, ...],
    distractors: Path | None,
    held_out: bool,  # noqa: FBT001  # a click flag
    short: bool,  # noqa: FBT001  # a click flag
    keep: Path | None,
    limit: int | None,
    encoder: str | None,
) -> None:
    """Whether a sentence finds its translation among the lines of another language and real articles.

    Each file of --lines is measured by itself. A short query is taken from the line that it should find, and
    asks in its language: many other sentences may have its words, so that no recall of 1 can be had.

    Example: crosslingual evaluate search --queries ntrex.zh --lines ntrex.en --distractors news
    """
    from crosslingual.align.space import load_space
    from crosslingual.evaluate import search as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.library import Library
    from crosslingual.models import load_encoder
    from crosslingual.reader import Reader
    from crosslingual.search import SearchIndex

    settings = Settings.load(encoder=encoder)
    asked = read_lines(queries)
    reader = Reader(
        load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home).tokens
    )
    space = load_space(settings.encoder, settings.home)
    scores = {}
    with tempfile.TemporaryDirectory() as folder, Library(keep or Path(folder)) as library, Bar() as bar:
        if distractors:
            measure.put_distractors(library, reader, distractors)
        index = SearchIndex(library, space)
        for path in lines:
            told = read_lines(path)
            if len(told) != len(asked):
                raise InputError(
                    f"{path}: {len(told)} lines for {len(asked)} of {queries}; give parallel files"
                )
            pairs = list(measure.questions(asked, told, language_of([path], told) if short else ""))
            chosen = [
                (query, told[place]) for place, query in pairs if not held_out or measure.held_out(place)
            ]
            ids = measure.put_lines(library, reader, told, language_of([path], told))
            scores[str(path)] = measure.measure(
                library, index, space, reader.encoder, chosen[:limit], partial(bar.show, f"searching {path}")
            )
            library.remove(ids)
    for name, found in scores.items():
        click.echo(f"{name}: {found.queries} queries: {found}")
    click.echo(json.dumps({name: asdict(found) for name, found in scores.items()}))
