"""Which column of a table, or key of an object, holds which field: guessed, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale

from crosslingual.errors import InputError
from crosslingual.language.codes import language_code
from crosslingual.language.dates import read_date
from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.readers.column_names import COLUMN_NAMES, columns_by_field, names_other_date
from crosslingual.readers.dates import DateReader, OutletDate, is_date
from crosslingual.readers.page_tree import html_to_text
from crosslingual.readers.record import (
    MAX_TEXT_CHARS,
    RECORD_FIELDS,
    Problem,
    Record,
    build_record,
    outlet_key,
)
from crosslingual.sources import web_link

SAMPLE_ROWS = 50
"""Rows that a guess is made from."""

_URL = re.compile(r"https?://\S+")
_TAGS = re.compile(r"<(p|br|div|span|a|h[1-6]|strong|em|ul|li)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The column of each field, empty where there is none.

    ``unsure`` are fields whose column was guessed from what it holds: a person should look at them. ``others``
    are fields with further columns, for rows where the first is empty.
    """

    text: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""
    url: str = ""
    lang: str = ""
    unsure: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    def cells_of(self, field: str, cells: Mapping[str, str]) -> list[str]:
        """What a row has in the columns of a field, the surest first; empty cells are left out."""
        columns = [getattr(self, field), *(column for name, column in self.others if name == field)]
        return [said for column in columns if (said := cells.get(column, "").strip())]

    def column_pairs(self) -> tuple[tuple[str, str], ...]:
        """Fields with their columns, as ``File.columns`` takes them."""
        return tuple((name, column) for name in RECORD_FIELDS if (column := getattr(self, name)))


def guess_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ColumnMapping:
    """The most likely mapping of a table's columns, by their names in several languages, then by content.

    Args:
        header: the columns' names, each once.
        rows: some rows, with as many cells as the header has, or fewer.
    """
    named = columns_by_field(header)
    found = {field: columns[0] for field, columns in named.items()}
    others = tuple((field, column) for field, columns in named.items() for column in columns[1:])
    taken = {column for columns in named.values() for column in columns}
    free = [name for name in header if name not in taken]
    cells = {
        name: [row[place] for row in rows[:SAMPLE_ROWS] if place < len(row) and row[place].strip()]
        for place, name in enumerate(header)
    }
    unsure: list[str] = []
    for field, fits in (("text", _is_text), ("url", _is_url), ("date", _is_date), ("title", _is_title)):
        if field in found:
            continue
        fitting = [
            name
            for name in free
            if cells[name] and fits(cells[name]) and not (field == "date" and names_other_date(name))
        ]
        if fitting:
            found[field] = max(fitting, key=lambda name: _mean_length(cells[name]))
            free.remove(found[field])
            unsure.append(field)
    return ColumnMapping(**found, unsure=tuple(unsure), others=others)


def override_columns(
    pairs: Sequence[tuple[str, str]], header: Sequence[str], guessed: ColumnMapping
) -> ColumnMapping:
    """``guessed`` with what the user has said about columns put in its place.

    Raises:
        InputError: a field or a column that there is not.
    """
    for field, column in pairs:
        if field not in COLUMN_NAMES:
            raise InputError(f"no field {field!r}; fields are {', '.join(COLUMN_NAMES)}")
        if column not in header:
            raise InputError(f"no column {column[:60]!r}; there are {', '.join(header)[:300]}")
    said = {column for _, column in pairs}
    fields = {
        field: "" if getattr(guessed, field) in said else getattr(guessed, field) for field in COLUMN_NAMES
    }
    unsure = tuple(field for field in guessed.unsure if field not in dict(pairs))
    others = tuple(
        (field, column)
        for field, column in guessed.others
        if getattr(guessed, field) and field not in dict(pairs) and column not in said
    )
    return replace(guessed, **(fields | dict(pairs)), unsure=unsure, others=others)


def parse_column_pairs(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the user says about columns, ``text=body``, as ``File.columns`` takes it.

    Raises:
        InputError: a word that says nothing of the kind.
    """
    pairs = []
    for word in words:
        field, sign, column = word.partition("=")
        if not sign or field not in COLUMN_NAMES or not column:
            raise InputError(
                f"column {word[:60]!r}: write FIELD=NAME, where FIELD is one of {', '.join(COLUMN_NAMES)}"
            )
        pairs.append((field, column))
    return tuple(pairs)


def build_row_record(
    path: Path, line: int, cells: Mapping[str, str], mapping: ColumnMapping, dates: DateReader
) -> Iterator[Record | Problem]:
    """The record in a row or object; HTML becomes lines, and a list of texts what its field is."""
    fields = {name: _pick_value(name, cells, mapping) for name in RECORD_FIELDS}
    if not fields["url"]:
        links = (link for cell in mapping.cells_of("source", cells) if (link := web_link(cell)))
        fields["url"] = next((link for link in links if urlsplit(link).path.strip("/")), "")
    for name in ("text", "title", "author"):
        if _TAGS.search(fields[name][:MAX_TEXT_CHARS]):
            fields[name] = html_to_text(fields[name])
    fields["author"] = ", ".join(fields["author"].split("\n"))
    if said := fields["lang"]:
        fields["lang"] = language_code(said) or language_code_by_name(said) or said
    yield from build_record(fields, path, line, keyed=True, dates=dates)


def list_row_dates(rows: Iterable[Mapping[str, str]], mapping: ColumnMapping) -> Iterator[OutletDate]:
    """The dates of a table with their outlets, for :class:`DateReader`."""
    for cells in rows:
        outlet = outlet_key(_pick_value("source", cells, mapping), _pick_value("url", cells, mapping))
        yield outlet, _pick_value("date", cells, mapping)


def _pick_value(field: str, cells: Mapping[str, str], mapping: ColumnMapping) -> str:
    """What a row says of a field: the first of its columns with something in it that can be used."""
    said = mapping.cells_of(field, cells)
    if field in ("source", "url", "lang"):  # of a list of texts the first
        said = [cell.split("\n")[0] for cell in said]
    fitting: Iterator[str] = iter(said)
    if field == "date" and len(said) > 1:
        fitting = (cell for cell in said if read_date(cell).candidates)
    elif field == "source":
        fitting = (cell for cell in said if not web_link(cell))
    return next(fitting, "") or next(iter(said), "")


def language_code_by_name(name: str) -> str:
    """The ISO 639-1 code of a language called by its name in English, or in itself; else empty."""
    return _language_codes_by_name().get(name.strip().casefold(), "")


@cache
def _language_codes_by_name() -> dict[str, str]:
    english = Locale("en").languages
    found: dict[str, str] = {}
    for code in sorted(NEWS_LANGUAGES):
        found[english[code].casefold()] = code
        found[str(Locale.parse(code).display_name).casefold()] = code
    return found


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells)


def _is_text(cells: Sequence[str]) -> bool:
    return _mean_length(cells) >= 80 and not _is_url(cells)


def _is_title(cells: Sequence[str]) -> bool:
    letters = sum(char.isalpha() for cell in cells for char in cell)
    return 8 <= _mean_length(cells) < 200 and letters > 0.6 * sum(map(len, cells)) and not _is_url(cells)


def _is_url(cells: Sequence[str]) -> bool:
    return sum(bool(_URL.fullmatch(cell.strip())) for cell in cells) > 0.8 * len(cells)


def _is_date(cells: Sequence[str]) -> bool:
    return sum(map(is_date, cells)) > 0.8 * len(cells)
