"""Collocations, key words and n-grams as JSON, as rows and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType

from crosslingual.corpus.collocations import Collocation, Collocations
from crosslingual.corpus.keyness import CorpusSize, Keyness, KeyWord
from crosslingual.corpus.ngrams import Ngram
from crosslingual.formatting import format_count
from crosslingual.language.codes import language_name
from crosslingual.report.corpus import make_table
from crosslingual.report.framing import round_numbers
from crosslingual.report.terminal import plain_text


def collocation_row(one: Collocation) -> dict[str, Any]:
    """A collocation as one row."""
    row: dict[str, Any] = round_numbers(asdict(one))
    return row


def collocations_object(found: Collocations) -> dict[str, Any]:
    """Collocations with what they were counted in."""
    return {
        "query": found.query.text,
        "window": found.window,
        "ordered_by": found.association,
        "langs": {lang: asdict(counts) for lang, counts in found.counts.items()},
        "collocations": [collocation_row(one) for one in found.collocations],
    }


def collocations_view(found: Collocations) -> RenderableType:
    """For a terminal: the words of each language."""
    parts: list[RenderableType] = []
    for lang, counts in sorted(found.counts.items(), key=lambda item: -item[1].n_nodes):
        parts.append(
            plain_text(
                f"\n{language_name(lang, 'en')}: {format_count(counts.n_nodes, 'hit')} in {counts.n_words:,} other"
                f" words; {counts.n_window_words:,} of them within {found.window} words"
            )
        )
        table = make_table("word", "beside", "of", "by chance", "articles", "logDice", "G²")
        for one in found.collocations:
            if one.lang == lang:
                table.add_row(
                    plain_text(one.word),
                    f"{one.n_beside:,}",
                    f"{one.n_total:,}",
                    f"{one.n_expected:,.1f}",
                    f"{one.n_articles:,}",
                    f"{one.log_dice:.2f}",
                    f"{one.log_likelihood:,.1f}",
                )
        parts.append(table)
    return Group(*parts)


def key_word_row(word: KeyWord) -> dict[str, Any]:
    """A key word as one row."""
    row: dict[str, Any] = round_numbers(asdict(word))
    return row


def keyness_object(found: Keyness) -> dict[str, Any]:
    """Key words with the sizes of what was compared."""
    return {
        "langs": {lang: asdict(size) for lang, size in found.sizes.items()},
        "words": [key_word_row(word) for word in found.words],
    }


def keyness_view(found: Keyness) -> RenderableType:
    """For a terminal: of each language what is more frequent, then what is rarer."""
    parts: list[RenderableType] = []
    for lang, size in sorted(found.sizes.items(), key=lambda item: -item[1].target_words):
        parts.append(plain_text(f"\n{format_sizes(lang, size)}"))
        own = [word for word in found.words if word.lang == lang]
        if not own:
            continue
        table = make_table("word", "here", "reference", "articles", "G²", "log ratio", "%DIFF")
        for word in own:
            table.add_row(plain_text(word.word), *key_word_cells(word))
        parts.append(table)
    return Group(*parts)


def key_word_cells(word: KeyWord) -> list[str]:
    """What a table says of a word: here, in the reference, articles, G², log ratio, %DIFF."""
    return [
        f"{word.n_target:,}",
        f"{word.n_reference:,}",
        f"{word.target_articles:,} / {word.reference_articles:,}",
        f"{word.log_likelihood:,.1f}",
        f"{word.log_ratio:+.2f}",
        "only here" if word.percent_difference is None else f"{word.percent_difference:+,.0f}",
    ]


def format_sizes(lang: str, size: CorpusSize) -> str:
    """``Russian: 2,000 words here, 5,000 in the reference``."""
    name = language_name(lang, "en")
    if not size.is_comparable:
        side = "the reference" if size.target_words else "the target"
        return f"{name}: no words in {side}, nothing to compare with"
    return (
        f"{name}: {size.target_words:,} words in {format_count(size.target_articles, 'article')},"
        f" {size.reference_words:,} in {format_count(size.reference_articles, 'article')} of the reference"
    )


def ngram_row(one: Ngram) -> dict[str, Any]:
    """An n-gram as one row."""
    return asdict(one)


def ngrams_view(ngrams: Sequence[Ngram]) -> RenderableType:
    """For a terminal: the n-grams of each language."""
    parts: list[RenderableType] = []
    for lang in dict.fromkeys(one.lang for one in ngrams):
        parts.append(plain_text(f"\n{language_name(lang, 'en')}"))
        table = make_table("words", "occurrences", "articles")
        for one in ngrams:
            if one.lang == lang:
                table.add_row(plain_text(one.text), f"{one.n_occurrences:,}", f"{one.n_articles:,}")
        parts.append(table)
    return Group(*parts)
