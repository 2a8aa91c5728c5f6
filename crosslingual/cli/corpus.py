"""``crosslingual collocations``, ``keyness``, ``ngrams`` and ``dictionary``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.corpus_options import reference_options, scope_options
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api.corpus import CorpusScope
    from crosslingual.corpus.collocations import Association

_limit_option = click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="Words of a language at most.",
)
_min_count_option = click.option(
    "--min-count", type=click.IntRange(1), default=3, show_default=True, help="Least occurrences of a word."
)


@click.command("collocations")
@click.argument("query")
@library_option
@encoder_option
@scope_options
@click.option(
    "--window", type=click.IntRange(1, 20), default=5, show_default=True, help="Words on either side."
)
@click.option(
    "--sort",
    "association",
    type=click.Choice(["log_dice", "log_likelihood"]),
    default="log_dice",
    show_default=True,
    help="What the words are ordered by.",
)
@_min_count_option
@_limit_option
@output_options
def list_collocations(
    query: str,
    library: Path | None,
    encoder: str | None,
    scope: CorpusScope,
    window: int,
    association: Association,
    min_count: int,
    limit: int,
    form: str,
) -> None:
    """List words that stand beside QUERY more often than by chance.

    QUERY is as in concordance. Each language is counted by itself, in dictionary forms; Chinese is cut into words by
    the dictionary of jieba.

    Example: crosslingual collocations 乌克兰 --lang zh --window 5 --csv
    """
    from crosslingual.report import word_lists

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.corpus.collocations(
            query, scope, window=window, min_count=min_count, association=association, limit=limit
        )
    if form != "table":
        rows = [word_lists.collocation_row(one) for one in found.collocations]
        print_objects(form, rows, document=word_lists.collocations_object(found))
    elif found.counts:
        print_view(word_lists.collocations_view(found), width=100)
    else:
        click.echo("not found: no sentence has it; see what there is with: crosslingual concordance QUERY")


@click.command("keyness")
@library_option
@encoder_option
@scope_options
@reference_options
@_min_count_option
@_limit_option
@output_options
def list_key_words(
    library: Path | None,
    encoder: str | None,
    scope: CorpusScope,
    reference: CorpusScope | None,
    min_count: int,
    limit: int,
    form: str,
) -> None:
    """List words that mark some articles against others.

    Options choose the articles in question; those that begin with --against choose the reference, by default all
    other articles. Each language is compared with itself; with --read all are, as far as translated.

    Example: crosslingual keyness --source tass --against-source meduza --json
    """
    from crosslingual.report import word_lists

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.corpus.keyness(scope, reference, min_count=min_count, limit=limit)
    if form != "table":
        rows = [word_lists.key_word_row(word) for word in found.words]
        print_objects(form, rows, document=word_lists.keyness_object(found))
    else:
        print_view(word_lists.keyness_view(found), width=100)


@click.command("ngrams")
@library_option
@encoder_option
@scope_options
@click.option(
    "--words", "length", type=click.IntRange(1, 6), default=3, show_default=True, help="Words of each."
)
@_min_count_option
@_limit_option
@output_options
def list_ngrams(
    library: Path | None,
    encoder: str | None,
    scope: CorpusScope,
    length: int,
    min_count: int,
    limit: int,
    form: str,
) -> None:
    """List the most frequent sequences of words.

    They stand within a sentence, without punctuation between them; each language by itself.

    Example: crosslingual ngrams --words 4 --lang ru --event 2024-05-16-1f0c2a
    """
    from crosslingual.report import word_lists

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        ngrams = opened.corpus.ngrams(scope, length=length, min_count=min_count, limit=limit)
    if form != "table":
        print_objects(form, [word_lists.ngram_row(one) for one in ngrams])
    elif ngrams:
        print_view(word_lists.ngrams_view(ngrams), width=100)
    else:
        click.echo(f"no {length} words follow one another {min_count} times; lower --min-count or --words")


@click.command("dictionary")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@library_option
@encoder_option
@scope_options
@output_options
def count_own_words(
    file: Path, library: Path | None, encoder: str | None, scope: CorpusScope, form: str
) -> None:
    """Count the words of an own dictionary by category and source.

    FILE is a CSV file with the columns category and word, a row a word. Words are found as in concordance: in all
    their forms, with * for any letters; several words follow one another.

    Example: crosslingual dictionary frames.csv --lang ru --csv
    """
    from crosslingual.corpus.dictionary import read_dictionary
    from crosslingual.report import corpus

    dictionary = read_dictionary(file)
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        counted = opened.corpus.count_dictionary(dictionary, scope)
    if form != "table":
        print_objects(form, corpus.dictionary_rows(counted))
    else:
        print_view(corpus.dictionary_table(counted), width=110)
