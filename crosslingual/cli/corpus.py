"""``crosslingual concordance``, ``collocations``, ``keyness``, ``ngrams`` and ``dictionary``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options, parse_day
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api.corpus import CorpusScope
    from crosslingual.corpus.collocations import Association
    from crosslingual.corpus.concordance import LineOrder

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


@click.command("concordance")
@click.argument("query")
@library_option
@encoder_option
@scope_options
@click.option(
    "--sort",
    "order",
    type=click.Choice(["date", "source", "left", "right"]),
    default="date",
    show_default=True,
    help="Order of the lines: by day, by source, by the words to the left or to the right.",
)
@click.option(
    "--beside",
    default="",
    metavar="ID|CODE",
    help="Beside each line what this source, or a source in this language, says of it (where compared).",
)
@click.option(
    "--limit", type=click.IntRange(0, 100_000), default=50, show_default=True, help="Lines at most."
)
@output_options
def find_concordance(
    query: str,
    library: Path | None,
    encoder: str | None,
    scope: CorpusScope,
    order: LineOrder,
    beside: str,
    limit: int,
    form: str,
) -> None:
    """Show where QUERY stands, with what is left and right of it.

    QUERY is words that follow one another, in all their forms; "in quotation marks" as written. A * stands for any
    letters, /…/ is a regular expression, AND, OR, NOT and brackets join them. All sentences are read: counts are
    complete. Beside a line stands the sentence of another source, where its event was compared, or a translation.

    Example: crosslingual concordance '"special operation" OR спецоперация' --sort right
    """
    settings = Settings.load(library=library, encoder=encoder)
    print_concordance(settings, query, scope, form, order=order, limit=limit, beside=beside)


def print_concordance(
    settings: Settings,
    query: str,
    scope: CorpusScope,
    form: str,
    *,
    order: LineOrder = "date",
    limit: int,
    beside: str = "",
) -> None:
    """A concordance in the form that is asked for."""
    from crosslingual.report import corpus

    with open_library(settings) as opened:
        answer = opened.corpus.concordance(query, scope, order=order, limit=limit, beside=beside)
    found = answer.concordance
    if form == "table":
        print_view(corpus.concordance_view(found, answer.beside), width=170)
        print_view(corpus.source_hits_table(found.sources), width=100)
        return
    document = corpus.concordance_object(found, answer.beside)
    rows = list(corpus.concordance_rows(found, answer.beside))
    print_objects(form, document["lines"], document=document, rows=rows)


MAX_BATCH_QUERIES, _MAX_BATCH_BYTES = 1_000, 1_000_000
"""Queries of a file, and its size, at most."""


def count_search(
    settings: Settings,
    query: str | None,
    batch: Path | None,
    scope: CorpusScope,
    form: str,
    limit: int,
    *,
    by_words: bool,
) -> None:
    """What ``crosslingual search`` prints with ``--words`` or ``--batch``.

    Raises:
        InputError: there are both a query and a file, or neither; a line cannot be read.
    """
    if (query is None) == (batch is None):
        raise InputError("give a QUERY, or --batch FILE, and not both")
    if query is not None:
        print_concordance(settings, query, scope, form, limit=limit)
        return
    from crosslingual.report import corpus

    queries = read_queries(batch or Path(), by_words=by_words)
    with open_library(settings) as opened:
        count = opened.corpus.count_words if by_words else opened.corpus.count_meanings
        counted = count(queries, scope)
    if form == "table":
        print_view(corpus.batch_table(counted), width=150)
    elif form == "json":
        print_objects(form, corpus.batch_objects(counted))
    else:
        print_objects(form, corpus.batch_rows(counted))


def read_queries(path: Path, *, by_words: bool) -> list[str]:
    """The queries of a file, one a line; empty lines do not count.

    Raises:
        InputError: it is no text in UTF-8, too large, empty, or a line cannot be read; it names the line.
    """
    from crosslingual.corpus.word_query import parse_word_query
    from crosslingual.search import parse_query

    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BATCH_BYTES + 1)
        if len(content) > _MAX_BATCH_BYTES:
            raise InputError(f"{path}: larger than {_MAX_BATCH_BYTES:,} bytes; give it in parts")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not in UTF-8; save it so") from None
    lines = {number: line.strip() for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    if not lines or len(lines) > MAX_BATCH_QUERIES:
        raise InputError(f"{path}: {len(lines):,} queries; give 1 to {MAX_BATCH_QUERIES:,}, one a line")
    for number, line in lines.items():
        try:
            parse_word_query(line) if by_words else parse_query(line)
        except InputError as error:
            raise InputError(f"{path}:{number}: {error}") from None
    return list(lines.values())


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
    from crosslingual.report import corpus

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.corpus.collocations(
            query, scope, window=window, min_count=min_count, association=association, limit=limit
        )
    if form != "table":
        rows = [corpus.collocation_row(one) for one in found.collocations]
        print_objects(form, rows, document=corpus.collocations_object(found))
    elif found.counts:
        print_view(corpus.collocations_view(found), width=100)
    else:
        click.echo("not found: no sentence has it; see what there is with: crosslingual concordance QUERY")


def _reference_options(command: Callable[..., None]) -> Callable[..., None]:
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


@click.command("keyness")
@library_option
@encoder_option
@scope_options
@_reference_options
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
    from crosslingual.report import corpus

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        found = opened.corpus.keyness(scope, reference, min_count=min_count, limit=limit)
    if form != "table":
        rows = [corpus.key_word_row(word) for word in found.words]
        print_objects(form, rows, document=corpus.keyness_object(found))
    else:
        print_view(corpus.keyness_view(found), width=100)


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
    from crosslingual.report import corpus

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        ngrams = opened.corpus.ngrams(scope, length=length, min_count=min_count, limit=limit)
    if form != "table":
        print_objects(form, [corpus.ngram_row(one) for one in ngrams])
    elif ngrams:
        print_view(corpus.ngrams_view(ngrams), width=100)
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
