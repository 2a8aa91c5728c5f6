"""Counts of own dictionaries and of silences as rows and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from crosslingual.corpus.dictionary import CategoryCounts
from crosslingual.corpus.measures import share_interval
from crosslingual.corpus.silences import MonthTable
from crosslingual.report.framing import round_numbers
from crosslingual.report.terminal import plain_text


def dictionary_rows(counted: Sequence[CategoryCounts]) -> list[dict[str, Any]]:
    """A row for each category and source: hits, and the share of its sentences that have any, with the interval."""
    rows = []
    for one in counted:
        for source, own in one.sources.items():
            low, high = share_interval(own.n_sentences, own.of_sentences)
            row = {
                "category": one.category,
                "words": one.n_words,
                "source": source,
                "hits": own.n_hits,
                "sentences": own.n_sentences,
                "of_sentences": own.of_sentences,
                "share": own.n_sentences / own.of_sentences if own.of_sentences else 0.0,
                "share_low": low,
                "share_high": high,
                "articles": own.n_articles,
                "of_articles": own.of_articles,
            }
            rows.append(round_numbers(row))
    return rows


def dictionary_table(counted: Sequence[CategoryCounts]) -> Table:
    """For a terminal: the same."""
    table = make_table("category", "source", "hits", "sentences", "share (95 %)", "articles")
    for row in dictionary_rows(counted):
        table.add_row(
            plain_text(row["category"]),
            plain_text(row["source"]),
            f"{row['hits']:,}",
            f"{row['sentences']:,} of {row['of_sentences']:,}",
            format_share(row["share"], row["share_low"], row["share_high"]),
            f"{row['articles']:,} of {row['of_articles']:,}",
        )
    return table


def silence_rows(table: MonthTable) -> list[dict[str, Any]]:
    """A row for each month and source: events told, and statements of others left out, with intervals."""
    rows = []
    for month, sources in table.items():
        for source, own in sources.items():
            told, left = (
                share_interval(own.n_told, own.n_events),
                share_interval(own.n_left_out, own.n_statements),
            )
            row = {
                "month": month,
                "source": source,
                "events_told": own.n_told,
                "of_events": own.n_events,
                "told_low": told[0],
                "told_high": told[1],
                "events_compared": own.n_compared,
                "statements_left_out": own.n_left_out,
                "of_statements": own.n_statements,
                "left_out_low": left[0],
                "left_out_high": left[1],
                "perhaps": own.n_perhaps,
            }
            rows.append(round_numbers(row))
    return rows


def format_share(share: float, low: float, high: float) -> str:
    """``25 % (10–50)``."""
    return f"{100 * share:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def make_table(first: str, *numbers: str) -> Table:
    """An empty table: what a row is about, and numbers to the right."""
    table = Table(box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
