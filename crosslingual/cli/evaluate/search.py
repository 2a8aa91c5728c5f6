"""``crosslingual evaluate search``."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    limit_option,
    measure_options,
    require_language,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
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
@measure_options
def measure_search(
    queries: Path,
    lines: tuple[Path, ...],
    distractors: Path | None,
    held_out: bool,  # noqa: FBT001  # a click flag
    short: bool,  # noqa: FBT001  # a click flag
    keep: Path | None,
    limit: int | None,
    encoder: str | None,
    form: str,
) -> None:
    """Whether a search finds the translations of a sentence.

    It is to find them among all lines of other languages and real articles. The library holds all files of
    --lines at once. Of each language it is measured what comes first among what is found in it. Short queries
    are taken from the line that they should find, and ask in its language: many other sentences may have
    their words, so that no recall of 1 can be had.

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
    query_lines = read_lines(queries)
    lines_by_lang: dict[str, list[str]] = {}
    for path in lines:
        texts = read_lines(path)
        if len(texts) != len(query_lines):
            raise InputError(
                f"{path}: {len(texts)} lines for {len(query_lines)} of {queries}; give parallel files"
            )
        if (lang := require_language([path], texts)) in lines_by_lang:
            raise InputError(f"{path}: there are lines in {lang} already; give one file of each language")
        lines_by_lang[lang] = texts
    space = load_space(settings.encoder, settings.home)
    article_encoder = ArticleEncoder(load_encoder(settings.encoder, settings.home), space.tokens, space.judge)
    query_kinds = [
        [(query, targets) for number, query, targets in kind if not held_out or measure.is_held_out(number)][
            :limit
        ]
        for kind in measure.make_queries(query_lines, lines_by_lang, short=short)
    ]
    scores: dict[str, measure.RecallScores] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Library(keep or Path(folder)) as library,
        ProgressBar() as bar,
    ):
        if distractors:
            measure.store_distractors(library, article_encoder, distractors)
        index = SearchIndex(library, space)
        ids = [
            id_
            for lang, texts in lines_by_lang.items()
            for id_ in measure.store_lines(library, article_encoder, texts, lang)
        ]
        try:
            for kind_queries in query_kinds:
                show = partial(bar.update, "searching")
                scores |= measure.measure_recall(
                    library, index, space, article_encoder.encoder, kind_queries, show
                )
        finally:  # a library that is kept is for other lines, too
            library.remove_articles(ids)
    print_scores(
        form,
        [f"{lang}: {score}" for lang, score in scores.items()],
        {lang: asdict(score) for lang, score in scores.items()},
    )
