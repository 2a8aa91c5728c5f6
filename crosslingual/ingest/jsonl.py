"""JSON Lines: one article a line, an object with the record's fields. The project's exchange format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crosslingual.ingest.encoding import read_lines
from crosslingual.ingest.record import Problem, Record, read_record


def read(path: Path) -> Iterator[Record | Problem]:
    """The records of the file; empty lines are none."""
    for line in read_lines(path):
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
        for item in read_record(fields, path, line.number):
            yield replace(item, end=line.end) if isinstance(item, Record) else item
