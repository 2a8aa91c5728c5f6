"""Own dictionaries: words in categories, counted by source."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosslingual.corpus.concordance import SourceHits, count_queries
from crosslingual.corpus.patterns import TextPattern, WordSet, make_sequence
from crosslingual.corpus.scope import CountedArticle
from crosslingual.corpus.word_query import WordQuery, join_patterns, split_phrases
from crosslingual.errors import InputError
from crosslingual.language.scripts import HAN_RUN
from crosslingual.language.tokenize import word_spans

MAX_ENTRIES, MAX_CATEGORIES, MAX_BYTES = 10_000, 100, 2_000_000
"""Words, categories and bytes of a dictionary at most."""
_CATEGORY, _WORD = "category", "word"
_MAX_CATEGORY_CHARS = 100


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """A ``category`` of ``n_words`` words, and what each source has of them."""

    category: str
    n_words: int
    sources: Mapping[str, SourceHits]


Dictionary = Mapping[str, tuple[str, ...]]
"""The words of each category, as they are looked for."""


def read_dictionary(path: Path) -> Dictionary:
    """The dictionary in a CSV file: see :func:`parse_dictionary`.

    Raises:
        InputError: it cannot be read, or is no dictionary.
    """
    try:
        with path.open("rb") as file:
            return parse_dictionary(file.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def parse_dictionary(content: bytes, name: str) -> Dictionary:
    """A dictionary from CSV with the columns ``category`` and ``word``; others are left out.

    A word is found in all its forms, as in a concordance: it may have wildcards, be several words, or stand in
    quotation marks, which in CSV are doubled. Commas, semicolons or tabs part the columns.

    Args:
        content: of the file.
        name: what errors call it.

    Raises:
        InputError: there are no such columns, a word cannot be read, or there are too many; it names the line.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES:,} bytes; give a smaller dictionary")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not in UTF-8; save it as CSV in UTF-8") from None
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    found: dict[str, dict[str, None]] = {}
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        names = {column.strip().casefold(): column for column in rows.fieldnames or ()}
        if not {_CATEGORY, _WORD} <= names.keys():
            raise InputError(f"{name}: has no columns {_CATEGORY} and {_WORD}; name them in its first line")
        for row in rows:
            category, word = ((row[names[column]] or "").strip() for column in (_CATEGORY, _WORD))
            if category and word:
                _add_entry(found, category, word, f"{name}:{rows.line_num}")
    except csv.Error as error:
        raise InputError(f"{name}: no CSV ({error})") from None
    n_entries = sum(map(len, found.values()))
    if not found or n_entries > MAX_ENTRIES or len(found) > MAX_CATEGORIES:
        raise InputError(
            f"{name}: {n_entries:,} words in {len(found):,} categories; give 1 to {MAX_ENTRIES:,} words in at most"
            f" {MAX_CATEGORIES} categories"
        )
    return {category: tuple(words) for category, words in found.items()}


def _add_entry(found: dict[str, dict[str, None]], category: str, word: str, place: str) -> None:
    if len(category) > _MAX_CATEGORY_CHARS:
        raise InputError(f"{place}: the category has more than {_MAX_CATEGORY_CHARS} characters")
    try:
        make_sequence(split_phrases(word))
    except InputError as error:
        raise InputError(f"{place}: {error}") from None
    found.setdefault(category, {})[word] = None


def count_dictionary(dictionary: Dictionary, articles: Iterator[CountedArticle]) -> list[CategoryCounts]:
    """How often the words of each category stand in each source; a place counts once in a category."""
    queries = [make_category_query(category, words) for category, words in dictionary.items()]
    counted = count_queries(queries, articles)
    return [
        CategoryCounts(category, len(words), sources)
        for (category, words), sources in zip(dictionary.items(), counted, strict=True)
    ]


def make_category_query(category: str, words: tuple[str, ...]) -> WordQuery:
    """What finds any of the words of a category."""
    single = [word for word in words if _is_single(word)]
    patterns: list[TextPattern] = [WordSet(single)] if single else []
    patterns += [make_sequence(split_phrases(word)) for word in words if not _is_single(word)]
    return join_patterns(category, patterns)


def _is_single(word: str) -> bool:
    """Whether it is one word of an alphabet, without wildcards or marks."""
    return list(word_spans(word, "")) == [(0, len(word))] and not HAN_RUN.search(word)
