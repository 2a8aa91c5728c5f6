"""The report's tables as an Excel workbook: a sheet each, texts as texts."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crosslingual.extras import needs_extra

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MAX_CELL_CHARS = 32_767
"""Characters that a cell can hold."""
_MAX_COLUMN_CHARS = 60
_CREATED = datetime(1980, 1, 1)  # a workbook has no zone, and a report no time of its own


def make_workbook(files: Mapping[str, bytes]) -> bytes:
    """A sheet for each table that has rows; always the same bytes for the same tables.

    Raises:
        MissingExtraError: the extra ``documents`` is not installed.
    """
    with needs_extra("documents"):
        import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        bold = book.add_format({"bold": True})
        for path in sorted(files):
            name = path.removeprefix("tables/").removesuffix(".jsonl")
            if path != f"tables/{name}.jsonl":
                continue
            if rows := [
                json.loads(line) for line in files[path].decode(errors="replace").splitlines() if line
            ]:
                _fill_sheet(book.add_worksheet(name[:31]), rows, bold)
        if not book.worksheets():
            book.add_worksheet("statements")
    return out.getvalue()


def _fill_sheet(sheet: Worksheet, rows: list[dict[str, Any]], bold: Any) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, bold)
        widest = max(len(str(row.get(name, ""))) for row in rows)
        sheet.set_column(place, place, min(max(widest, len(name)) + 2, _MAX_COLUMN_CHARS))
    for number, row in enumerate(rows, 1):
        for place, name in enumerate(columns):
            value = row.get(name)
            if isinstance(value, bool):
                sheet.write_boolean(number, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            elif value not in (None, "", []):
                text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
                sheet.write_string(number, place, text[:MAX_CELL_CHARS])  # never a formula or a link
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
