"""How a table of text is written: what parts its cells, and how quotation marks in a cell are."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosslingual.readers.columns import SAMPLE_ROWS, guess_columns

DELIMITERS = (",", "\t", ";", "|")

_SAMPLE_CHARS = 262_144
_SEPARATOR_LINE = re.compile(r'\A\ufeff?"?sep=(.)"?[ \t;,]*\r?\n', re.IGNORECASE)
"""What Excel puts first."""


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """``escape`` stands before a quotation mark inside a cell; empty where that is doubled."""

    delimiter: str
    quote: str = '"'
    escape: str = ""

    def read_rows(self, text: str) -> Iterator[list[str]]:
        """The rows of ``text``; raises ``csv.Error``."""
        return csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape or None,
            doublequote=not self.escape,
            skipinitialspace=self.delimiter != "\t",
        )


def split_separator_line(text: str) -> tuple[str, str]:
    """The delimiter that a first line ``sep=;`` names, or empty, and the table below it."""
    match = _SEPARATOR_LINE.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def detect_dialect(text: str, delimiters: Sequence[str] = DELIMITERS) -> CsvDialect:
    """The dialect in which the header names most known columns, and most rows are as wide as the header.

    Args:
        text: the table.
        delimiters: what may part cells, the likeliest first.
    """
    sample = text[:_SAMPLE_CHARS]
    if len(text) > _SAMPLE_CHARS:
        sample = sample[: sample.rfind("\n") + 1] or sample
    quotes = ("'", '"') if sample.lstrip().startswith("'") else ('"',)
    escapes = ("", "\\") if '\\"' in sample else ("",)
    dialects = [CsvDialect(*one) for one in itertools.product(delimiters, quotes, escapes)]
    return max(dialects, key=lambda dialect: _rate_dialect(dialect, sample))


def _rate_dialect(dialect: CsvDialect, sample: str) -> tuple[int, float, int]:
    """Known columns that the header names, share of rows as wide as it, and its width."""
    try:
        rows = [
            row
            for row in itertools.islice(dialect.read_rows(sample), 4 * SAMPLE_ROWS)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        return 0, 0.0, 0
    if not rows:
        return 0, 0.0, 0
    header = list(dict.fromkeys(cell.strip().lstrip("\ufeff") for cell in rows[0]))
    known = len(guess_columns(header, []).column_pairs())
    body = rows[1:] or rows
    return known, sum(len(row) == len(rows[0]) for row in body) / len(body), len(rows[0])
