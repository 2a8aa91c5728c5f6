"""JSON Lines: one article a line, an object with the record's fields. The project's exchange format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crosslingual.readers import (
    columns,
    json_docs,
)
from crosslingual.readers.dates import DateReader, OutletDate
from crosslingual.readers.encoding import read_lines
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, Record

_MAX_CACHED_MAPPINGS = 100  # sets of keys whose mapping is kept


def read_jsonl(file: File) -> Iterator[Record | Problem]:
    """The records of the file; empty lines are none. Each set of keys is mapped to fields as a table's are."""
    mappings: dict[tuple[str, ...], columns.ColumnMapping] = {}
    dates = DateReader(lambda: _list_dates(file))
    for number, end, fields in _read_objects(file):
        if isinstance(fields, Problem):
            yield fields
            continue
        cells = json_docs.flatten_object(fields)
        for item in columns.build_row_record(
            file.path, number, cells, _find_mapping(cells, file, mappings), dates
        ):
            yield replace(item, end=end) if isinstance(item, Record) else item


def _list_dates(file: File) -> Iterator[OutletDate]:
    mappings: dict[tuple[str, ...], columns.ColumnMapping] = {}
    for _, _, fields in _read_objects(file):
        if isinstance(fields, dict):
            cells = json_docs.flatten_object(fields)
            yield from columns.list_row_dates([cells], _find_mapping(cells, file, mappings))


def _read_objects(file: File) -> Iterator[tuple[int, int, dict[str, Any] | Problem]]:
    """The object of each line, after its number and the offset in bytes behind it, or what is wrong with it."""
    for line in read_lines(file):
        found = _parse_line(line.text, file, line.number) if isinstance(line.text, str) else line.text
        if found is not None:
            yield line.number, line.end_offset, found


def _parse_line(text: str, file: File, number: int) -> dict[str, Any] | Problem | None:
    if not text.strip():
        return None
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        return Problem(
            file.path, number, f"not valid JSON ({error.msg}, column {error.colno}); mend the line"
        )
    except (ValueError, RecursionError):  # numbers of thousands of digits, nesting without end
        return Problem(file.path, number, "JSON that is too deep or has too long numbers; mend the line")
    if not isinstance(fields, dict):
        return Problem(file.path, number, 'not a JSON object; write {"source": …, "text": …}')
    return fields


def _find_mapping(
    cells: dict[str, str], file: File, mappings: dict[tuple[str, ...], columns.ColumnMapping]
) -> columns.ColumnMapping:
    keys = tuple(cells)
    if keys not in mappings:
        if len(mappings) >= _MAX_CACHED_MAPPINGS:
            mappings.clear()
        mappings[keys] = json_docs.guess_mapping([cells], [pair for pair in file.columns if pair[1] in cells])
    return mappings[keys]
