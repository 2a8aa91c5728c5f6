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
from crosslingual.readers.encoding import read_lines
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, Record, build_record

_MAX_CACHED_MAPPINGS = 100  # sets of keys whose mapping is kept


def read_jsonl(file: File) -> Iterator[Record | Problem]:
    """The records of the file; empty lines are none. Objects with other keys are mapped as a table's are."""
    path = file.path
    mappings: dict[tuple[str, ...], columns.ColumnMapping] = {}
    for line in read_lines(file):
        if isinstance(line.text, Problem):
            yield line.text
            continue
        if not line.text.strip():
            continue
        try:
            fields = json.loads(line.text)
        except json.JSONDecodeError as error:
            yield Problem(
                path, line.number, f"not valid JSON ({error.msg}, column {error.colno}); mend the line"
            )
            continue
        except (ValueError, RecursionError):  # numbers of thousands of digits, nesting without end
            yield Problem(path, line.number, "JSON that is too deep or has too long numbers; mend the line")
            continue
        if not isinstance(fields, dict):
            yield Problem(path, line.number, 'not a JSON object; write {"source": …, "text": …}')
            continue
        for item in _read_object(fields, file, line.number, mappings):
            yield replace(item, end=line.end_offset) if isinstance(item, Record) else item


def _read_object(
    fields: dict[str, Any], file: File, number: int, mappings: dict[tuple[str, ...], columns.ColumnMapping]
) -> Iterator[Record | Problem]:
    if "text" not in fields or file.columns:
        cells = json_docs.flatten_object(fields)
        keys = tuple(cells)
        if keys not in mappings:
            if len(mappings) >= _MAX_CACHED_MAPPINGS:
                mappings.clear()
            mappings[keys] = json_docs.guess_mapping(
                [cells], [pair for pair in file.columns if pair[1] in cells]
            )
        if mappings[keys].text:
            yield from columns.build_row_record(file.path, number, cells, mappings[keys])
            return
    yield from build_record(fields, file.path, number, keyed=True)
