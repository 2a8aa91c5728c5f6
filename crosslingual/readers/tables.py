"""Tables: CSV, TSV, Excel (XLSX) and Parquet, one article a row; its columns are guessed or given."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.readers import (
    columns,
    csv_dialect,
    json_docs,
)
from crosslingual.readers.dates import DateReader, OutletDate, is_date
from crosslingual.readers.encoding import decode_text, read_lines
from crosslingual.readers.file import File
from crosslingual.readers.parquet import MAX_COLUMNS, format_cell, read_parquet_rows
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, clean_text
from crosslingual.readers.sheet_span import check_sheet_spans
from crosslingual.zips import open_zip

MAX_ROWS = 1_000_000
MAX_UNPACKED_BYTES = 512 * 2**20
"""Bytes of a workbook when it is unpacked."""
MAX_PREVIEW_CHARS = 200
"""Characters of a cell in a preview."""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """A table's first rows, cells cut, for a person to confirm what its columns are; ``mapping`` is the guess."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: columns.ColumnMapping


def preview_table(file: File) -> TablePreview:
    """The head of a table, or of the objects in a JSON file, whose keys are its columns.

    It parses: what comes from outside is given to ``readers.preview_tables``, whose workers are limited.

    Raises:
        InputError: it is no table that can be read.
        OSError: the file cannot be read.
    """
    if file.suffix in _OBJECT_SUFFIXES:
        found = _first_objects(file)
        header = list(dict.fromkeys(key for item in found for key in item))
        if len(header) > MAX_COLUMNS or any(len(key) > MAX_PREVIEW_CHARS for key in header):
            raise InputError(
                f"more than {MAX_COLUMNS:,} keys, or very long ones; leave only those of the articles"
            )
        first = [[item.get(key, "") for key in header] for item in found]
        mapping = json_docs.guess_mapping(found, file.columns)
    elif file.suffix in _ROW_READERS:
        header, first, _ = _split_header(_ROW_READERS[file.suffix](file))
        mapping = columns.override_columns(file.columns, header, columns.guess_columns(header, first))
    else:
        raise InputError(f"no table; tables are {', '.join((*_ROW_READERS, *_OBJECT_SUFFIXES))}")
    rows = (tuple(cell[:MAX_PREVIEW_CHARS] for cell in row) for row in first)
    return TablePreview(tuple(header), tuple(rows), mapping)


def read_table(file: File) -> Iterator[Record | Problem]:
    """The records of the table; empty rows are none.

    Raises:
        InputError: it is no table that can be read, or none of its columns holds texts.
        OSError: the file cannot be read.
    """
    header, first, rest = _split_header(_ROW_READERS[file.suffix](file))
    mapping = columns.override_columns(file.columns, header, columns.guess_columns(header, first))
    if not mapping.text:
        raise InputError(
            f"no column of texts among {', '.join(header)[:300]}; name it with --column text=NAME"
        )
    dates = DateReader(lambda: _list_dates(file, mapping))
    start = 1 if header[0] == _numbered_column(1) else 2
    for number, row in enumerate(itertools.chain(first, rest), start):
        if number > MAX_ROWS:
            raise InputError(f"more than {MAX_ROWS:,} rows; split it into smaller files")
        if any(cell.strip() for cell in row):
            if any(cell.strip() for cell in row[len(header) :]):
                message = (
                    f"{len(row):,} cells below {len(header):,} columns; a text may be cut: put it in quotes"
                )
                yield Problem(file.path, number, message, is_warning=True)
            yield from columns.build_row_record(
                file.path, number, dict(zip(header, row, strict=False)), mapping, dates
            )


def _list_dates(file: File, mapping: columns.ColumnMapping) -> Iterator[OutletDate]:
    """The dates of all rows, which are read once more for it."""
    header, first, rest = _split_header(_ROW_READERS[file.suffix](file))
    rows = itertools.islice(itertools.chain(first, rest), MAX_ROWS)
    yield from columns.list_row_dates((dict(zip(header, row, strict=False)) for row in rows), mapping)


def _split_header(rows: Iterator[list[str]]) -> tuple[list[str], list[list[str]], Iterator[list[str]]]:
    """The columns' names, some rows, and the rest of them; a table without a header gets numbers."""
    first = list(itertools.islice(rows, columns.SAMPLE_ROWS + 1))
    while first and not any(cell.strip() for cell in first[0]):
        first.pop(0)
    if not first:
        raise InputError("an empty table; add one with a row for each article")
    if len(first[0]) > MAX_COLUMNS:
        raise InputError(f"more than {MAX_COLUMNS:,} columns; leave only those of the articles")
    if any(len(cell) > 100 or is_date(cell) or cell.startswith("http") for cell in first[0]):
        return [_numbered_column(place) for place in range(1, len(first[0]) + 1)], first, rows
    header: list[str] = []
    for place, cell in enumerate(first[0], 1):
        name = " ".join(clean_text(cell).split()) or _numbered_column(place)
        header.append(name if name not in header else f"{name} ({place})")
    return header, first[1:], rows


def _numbered_column(number: int) -> str:
    return f"column {number}"


def _csv_rows(file: File) -> Iterator[list[str]]:
    text = decode_text(file.read(), [file.charset]).replace("\0", "")
    csv.field_size_limit(4 * MAX_TEXT_CHARS)
    named, text = csv_dialect.split_separator_line(text)
    likeliest = "\t" if file.suffix == ".tsv" else ","
    delimiters = (named,) if named else sorted(csv_dialect.DELIMITERS, key=lambda one: one != likeliest)
    return _checked_rows(csv_dialect.detect_dialect(text, delimiters).read_rows(text))


def _checked_rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"row {getattr(reader, 'line_num', 0)}: {error}; mend the row") from None


def _xlsx_rows(file: File) -> Iterator[list[str]]:
    """The rows of the first sheet that has any."""
    with needs_extra("readers"):
        from python_calamine import CalamineError, CalamineWorkbook

    with file.open() as stream:
        if stream.read(4) == b"\xd0\xcf\x11\xe0":
            raise InputError("an old or encrypted workbook; save it as XLSX without a password")
        stream.seek(0)
        with open_zip(stream, MAX_UNPACKED_BYTES, "a damaged workbook; save it anew") as workbook:
            check_sheet_spans(workbook)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((one for one in sheets if one.height), None)
    except CalamineError as error:
        raise InputError(f"no workbook that can be read ({error}); save it anew") from None
    if sheet is not None:
        for row in sheet.iter_rows():
            yield [format_cell(value) for value in row]


def _first_objects(file: File) -> list[dict[str, str]]:
    """The first objects of a JSON file, flat."""
    if file.suffix == ".json":
        found = json_docs.find_objects(json_docs.parse_json_file(file))[: columns.SAMPLE_ROWS]
    else:
        lines = itertools.islice(read_lines(file), columns.SAMPLE_ROWS)
        texts = (line.text for line in lines if isinstance(line.text, str) and line.text.strip())
        found = [one for text in texts for one in json_docs.find_objects(json_docs.parse_json(text))]
    return [json_docs.flatten_object(one) for one in found[: columns.SAMPLE_ROWS]]


_ROW_READERS: dict[str, Callable[[File], Iterator[list[str]]]] = {
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".xlsx": _xlsx_rows,
    ".parquet": read_parquet_rows,
}
"""What gives the rows, the header among them, by suffix."""
_OBJECT_SUFFIXES = (".json", ".jsonl", ".ndjson")
